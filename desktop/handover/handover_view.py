"""F8: the hand-over over map and card: what is handed over, the two signatures, the duty log. The board stays beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.handover.log_panel import LogPanel
from desktop.handover.paper_list import PaperList
from desktop.handover.plan_form import PlanForm
from desktop.handover.signing import Signing
from desktop.handover.standing import lateness
from desktop.phrases import SHANGHAI, key_tip, moment_text
from desktop.seat import Seat
from governance.incident import State
from governance.shifts import UnitShifts
from wire.shift_requests import DutyLogIs, HandoverIs, PastHandover

WIDE_PX, NARROW_PX, RIGHT_SHARE = 1180, 700, 0.42
BESIDE_PX, AROUND_PX, PAST_PX = 304, 4, 220
"""What the board needs beside the sheet, what lies around it, and the width of the choice of past hand-overs."""

ORDER = {state.value: number for number, state in enumerate(State)}
"""States in the order an incident goes through them."""


class HandoverView(QFrame):
    """Hidden until asked for. Wish: `past_wanted` with the hand-over to read (None: the one of now)."""

    past_wanted = Signal(object)
    """UUID | None."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Nothing fetched yet."""
        super().__init__(parent)
        self._seat = seat
        self.room: Callable[[], QRect] = QRect
        """The part of the window that sheets may cover: between the bars."""
        self.standing: UnitShifts | None = None
        self.paper: HandoverIs | None = None
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.about, self.chip, self.hint = QLabel(), QLabel(), QLabel(), QLabel()
        self.flow, self.empty = QLabel(), QLabel()
        self.past, self.list = QComboBox(), PaperList(seat)
        self.signing, self.log = Signing(seat), LogPanel(seat)
        self.plan, self.to_plan = PlanForm(seat, self.shift_name), QPushButton()
        self.plan.hide()
        self._name_plan()
        self._lay_out()
        self.past.activated.connect(lambda _at: self.past_wanted.emit(self.past.currentData()))
        self.hide()

    def _lay_out(self) -> None:
        self.title.setProperty("look", "title")
        for label in (self.hint, self.flow, self.empty):
            label.setProperty("look", "dim")
        for label in (self.flow, self.about):
            label.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.setSpacing(14)
        for part in (self.title, self.about, self.chip):
            head.addWidget(part, 1 if part is self.about else 0)
        self.past.setMaximumWidth(PAST_PX)
        self.to_plan.setCheckable(True)
        self.to_plan.setProperty("look", "choice")
        for part in (self.past, self.to_plan):
            head.addWidget(part)
        head.addWidget(self.hint)
        left, self._right = QVBoxLayout(), QWidget()
        left.setSpacing(6)
        for part, stretch in ((self.plan, 1), (self.flow, 0), (self.list, 1), (self.empty, 1)):
            left.addWidget(part, stretch)
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(10)
        right.addWidget(self.signing)
        right.addWidget(self.log, 1)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addLayout(left, 1)
        body.addWidget(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(body, 1)

    def place(self) -> None:
        """Stand at the right of the window, as wide as map and card allow."""
        room = self.room()
        width = max(min(room.width() - BESIDE_PX, WIDE_PX), min(NARROW_PX, room.width())) - AROUND_PX
        left = room.right() - width - AROUND_PX
        self.setGeometry(left, room.top() + AROUND_PX, width, room.height() - 2 * AROUND_PX)
        self._right.setFixedWidth(int(width * RIGHT_SHARE))

    def begin(self) -> None:
        """Come, with the cursor where something is to be typed."""
        self.place()
        self.retell()
        self.show()
        self.raise_()
        self.signing.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_plan(self) -> None:
        self.to_plan.setText(self._seat.words("action.plan_shift"))
        self.to_plan.setToolTip(key_tip(self._seat.words, "plan_shift"))
        self.to_plan.setChecked(not self.plan.isHidden())

    def show_plan(self, is_shown: bool) -> None:
        """The form of the next shift instead of the paper, with the keys; or the paper again."""
        self.plan.setVisible(is_shown)
        self.retell()
        (self.plan.name if is_shown else self.signing.first_field()).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key that a field of the sheet left alone works behind it."""
        event.accept()

    def tell(self, standing: UnitShifts | None) -> None:
        """How the unit stands now."""
        self.standing = standing
        if self.paper is None or self.paper.handover is None or self.paper.handover.signed_in is None:
            self.signing.tell(standing, self.paper.summary if self.paper else "")
        self.tell_head()

    def show_paper(self, paper: HandoverIs) -> None:
        """Show what is, or was, handed over."""
        self.paper = paper
        is_past = paper.handover is not None and paper.handover.signed_in is not None
        self.standing = paper.standing if self.standing is None else self.standing
        past = paper.handover if is_past else None
        self.signing.tell(self.standing, paper.summary, past, paper.remark)
        self.list.show_items(paper.items)
        self._fill_past(paper.past, past.id if past else None)
        self.retell()

    def show_log(self, log: DutyLogIs) -> None:
        """Show the log of the shift."""
        self.log.show_lines(log.lines)

    def tell_head(self) -> None:
        """Which shifts, and how long the hand-over runs."""
        words, standing, now = self._seat.words, self.standing, self._seat.now()
        unit = self.paper.unit_name if self.paper else ""
        if standing is None or standing.current is None:
            self.about.setText(words("handover.of.none", unit=unit))
        elif standing.handover is not None and standing.coming is not None:
            out, into = (self.shift_name(each.name) for each in (standing.current, standing.coming))
            self.about.setText(words("handover.of", unit=unit, out=out, lead=standing.current.lead_name, into=into))
        else:
            current = standing.current
            since = moment_text(current.opened_at or current.starts_at, now)
            said = words("handover.of.open", unit=unit, out=self.shift_name(current.name), lead=current.lead_name, since=since)
            self.about.setText(said)
        late = lateness(standing, now)
        self.chip.setVisible(late is not None)
        if late is not None:
            key = "bar.handover.missed" if not late.runs else "handover.late" if late.is_late else "handover.minutes"
            self.chip.setText(words(key, minutes=late.minutes))
            self.chip.setProperty("look", "urgent" if late.is_late else "dim")
            self.chip.style().unpolish(self.chip)
            self.chip.style().polish(self.chip)

    def shift_name(self, name: str) -> str:
        """The name of a shift in the officer's language."""
        words = self._seat.words
        return words(f"shift.{name}") if words.has(f"shift.{name}") else name

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, paper = self._seat.words, self.paper
        self.title.setText(words("handover.title"))
        self.hint.setText(words("handover.close"))
        self.empty.setText(words("handover.loading" if paper is None else "handover.nothing"))
        has_items = bool(paper and paper.items)
        is_planning = not self.plan.isHidden()
        self.list.setVisible(has_items and not is_planning)
        self.empty.setVisible(not has_items and not is_planning)
        self.flow.setVisible(not is_planning)
        self.signing.setVisible(not is_planning)  # Ctrl+Enter is for one thing at a time
        self._name_plan()
        self.flow.setText(self._flow_text())
        self.past.setItemText(0, words("handover.now"))
        self.past.setToolTip(words("handover.past"))
        for part in (self.list, self.signing, self.log, self.plan):
            part.retell()
        self.tell_head()

    def _flow_text(self) -> str:
        """How much came in and went out of each state since the last hand-over."""
        words, paper = self._seat.words, self.paper
        if paper is None:
            return ""
        since = (
            words("handover.since", since=moment_text(paper.since, paper.at)) if paper.since else words("handover.since.none")
        )
        counted = [
            words("handover.flow", state=words(f"state.{each.state}"), came=each.came, went=each.went, lie=each.lie)
            for each in sorted(paper.flow, key=lambda each: ORDER.get(each.state, len(ORDER)))
            if words.has(f"state.{each.state}") and (each.came or each.went or each.lie)
        ]
        return words("sep").join((since, *counted))

    def _fill_past(self, past: tuple[PastHandover, ...], chosen: UUID | None) -> None:
        words = self._seat.words
        self.past.clear()
        self.past.addItem(words("handover.now"), None)
        for each in past:
            done, out = each.handover.signed_in, each.handover.signed_out
            if done is None or out is None:
                continue
            row = words(
                "handover.past.row",
                date=_date_text(done.at),
                out=self.shift_name(each.out_name),
                into=self.shift_name(each.in_name),
                out_lead=out.instead_of or out.name,
                in_lead=done.name,
            )
            self.past.addItem(row, each.handover.id)
        rows = [self.past.itemData(number) for number in range(self.past.count())]
        self.past.setCurrentIndex(rows.index(chosen) if chosen in rows else 0)


def _date_text(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
