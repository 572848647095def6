"""Ctrl+5: the indicators of a month over the panels: choices at the top, figures at the left, four charts at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.indicators.charts import Charts
from desktop.indicators.figure_table import FigureTable
from desktop.indicators.figures import is_empty, rows_of
from desktop.phrases import moment_text
from desktop.seat import Seat
from desktop.sheet import SheetView
from governance.indicators import SEES_WORKERS, Boundaries, Month
from wire.indicator_requests import IndicatorsAre

MONTHS_BACK = 24
AROUND_PX = 0
TABLE_SHARE, TABLE_MOST_PX, TABLE_LEAST_PX = 0.44, 680, 520
FIRST_CODE = "K11"
"""按期结案率: compared between places until another is chosen."""


class IndicatorView(SheetView):
    """Hidden until asked for. Wishes: `wanted` when another month, area, boundaries or list is chosen; `export_wanted`."""

    wanted = Signal()
    export_wanted = Signal()
    retold = Signal()
    """Everything was said again: whoever adds a word adds it again."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Nothing fetched yet."""
        super().__init__(parent)
        self._seat = seat
        self.reply: IndicatorsAre | None = None
        self.code = FIRST_CODE
        self._names: dict[str, str] = {}
        self.title, self.state, self.hint, self.later, self.empty = QLabel(), QLabel(), QLabel(), QLabel(), QLabel()
        self.said = QLabel()
        self.month, self.area, self.boundaries, self.by = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.export, self.freeze = QPushButton(), QPushButton()
        self.freeze.hide()
        self.table, self.charts = FigureTable(seat), Charts(seat)
        self._lay_out()
        for choice in (self.month, self.area, self.boundaries, self.by):
            choice.activated.connect(lambda _at: self.wanted.emit())
        self.export.clicked.connect(self.export_wanted)
        self.table.chosen.connect(self._compare)
        self.hide()

    def _lay_out(self) -> None:
        self.title.setProperty("look", "title")
        for label in (self.state, self.hint, self.empty):
            label.setProperty("look", "dim")
        self.later.setProperty("look", "warn")
        for label in (self.later, self.said, self.empty):
            label.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.setSpacing(10)
        for part in (self.title, self.month, self.area, self.boundaries, self.by, self.state):
            head.addWidget(part)
        head.addStretch(1)
        for button in (self.freeze, self.export):
            button.setAutoDefault(False)
        for part in (self.freeze, self.export, self.hint):
            head.addWidget(part)
        self.body = QWidget()
        body = QHBoxLayout(self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(16)
        body.addWidget(self.table)
        body.addWidget(self.charts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 14)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self.later, self.said):
            column.addWidget(part)
        column.addWidget(self.body, 1)
        column.addWidget(self.empty, 1)

    # ---- what is chosen ------------------------------------------------------------------------------------------

    def chosen_month(self) -> str:
        """2026-10."""
        return str(self.month.currentData())

    def chosen_area(self) -> str:
        """Code of the area; that of the post at first."""
        return str(self.area.currentData() or self._seat.officer.scope)

    def chosen_boundaries(self) -> Boundaries:
        """Which boundaries count."""
        return Boundaries(self.boundaries.currentData())

    def chosen_by(self) -> str:
        """area, unit or worker."""
        return str(self.by.currentData())

    # ---- coming and going ----------------------------------------------------------------------------------------

    def place(self) -> None:
        """Stand over the panels, between the bars."""
        room = self.room().adjusted(AROUND_PX, AROUND_PX, -AROUND_PX, -AROUND_PX)
        self.setGeometry(room)
        self.table.setFixedWidth(max(min(int(room.width() * TABLE_SHARE), TABLE_MOST_PX), TABLE_LEAST_PX))

    def begin(self) -> None:
        """Come, with the keys at the choice of the month."""
        self.place()
        self.retell()
        self.show()
        self.raise_()
        (self.table if self.reply is not None else self.month).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is shown -------------------------------------------------------------------------------------------

    def wait(self) -> None:
        """Another choice is being computed: nothing of the one before is shown as if it were this one."""
        self.reply = None
        self.tell("")
        self.retell()

    def show_month(self, reply: IndicatorsAre) -> None:
        """Show what came."""
        self.reply = reply
        self._names.update(reply.names)
        self.retell()

    def tell(self, sentence: str, look: str = "dim") -> None:
        """One sentence below the choices: what went wrong, or what was written."""
        self.said.setProperty("look", look)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        self.empty.setVisible(not self.body.isVisibleTo(self))

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        words, reply = self._seat.words, self.reply
        self.title.setText(words("indicators.title"))
        self.hint.setText(words("indicators.close"))
        self.export.setText(words("indicators.export"))
        self.export.setToolTip(words("indicators.export.tip"))
        self.export.setEnabled(reply is not None)
        self._fill_choices()
        is_nothing = reply is None or is_empty(reply.figures)
        self.body.setVisible(not is_nothing)
        self.empty.setVisible(is_nothing)
        month = self.chosen_month()
        self.empty.setText(words("indicators.loading" if reply is None else "indicators.nothing", month=month))
        self._tell_state()
        if reply is not None and not is_nothing:
            self.table.show_rows(rows_of(reply, words), self.code)
            self.charts.show_month(reply, self.code)
        self.retold.emit()

    def _tell_state(self) -> None:
        """Whether it is frozen, and what would be another now."""
        words, reply, now = self._seat.words, self.reply, self._seat.now()
        self.state.setText(words(f"indicators.state.{reply.state}", at=moment_text(reply.at, now)) if reply else "")
        signed, told = reply.signed if reply else None, []
        if signed is not None:
            told.append(words("indicators.signed.frozen", at=moment_text(signed.frozen_at, now), name=signed.frozen_by))
            if signed.published_at is not None:
                at = moment_text(signed.published_at, now)
                told.append(words("indicators.signed.published", at=at, name=signed.published_by))
        if told:
            self.state.setText(words("indicators.signed.mark", told=words("sep").join(told)))
        self.state.setToolTip("\n".join(told))
        later = sorted(each.code for each in reply.later) if reply else []
        self.later.setVisible(bool(later))
        if later:
            codes = words("sep").join(later[:8]) + ("…" if len(later) > 8 else "")
            self.later.setText(words("indicators.later", count=len(later), codes=codes))

    def _compare(self, code: str) -> None:
        """Another indicator is compared between places."""
        if code != self.code:
            self.code = code
            if self.reply is not None and self.body.isVisibleTo(self):
                self.charts.show_places(self.reply, code)

    def _fill_choices(self) -> None:
        words = self._seat.words
        months, month = [], Month.at(self._seat.now())
        for _ in range(MONTHS_BACK):
            months.append((str(month), str(month)))
            month = month.previous
        _fill(self.month, months)
        scope = self._seat.officer.scope
        codes = sorted({code for code in self._names if code.isdigit() and code.startswith(scope)} | {scope})
        _fill(self.area, [("　" * max((len(code) - len(scope)) // 3, 0) + self._name(code), code) for code in codes])
        _fill(self.boundaries, [(words(f"indicators.boundaries.{each.value}"), each.value) for each in Boundaries])
        lists = ("area", "unit", "worker") if self._seat.officer.role in SEES_WORKERS else ("area", "unit")
        _fill(self.by, [(words(f"indicators.by.{each}"), each) for each in lists])
        for choice, key in ((self.month, "month"), (self.area, "area")):
            choice.setToolTip(words(f"indicators.{key}"))

    def _name(self, code: str) -> str:
        """What an area is called."""
        town = self._seat.situation.town
        return self._names.get(code) or self._seat.area_names.get(code) or (town.name if code == town.code else code)


def _fill(choice: QComboBox, rows: list[tuple[str, str]]) -> None:
    """These rows, the one that was chosen still chosen."""
    before = choice.currentData()
    choice.clear()
    for text, value in rows:
        choice.addItem(text, value)
    choice.setCurrentIndex(max(choice.findData(before), 0))
