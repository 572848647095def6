"""The figures of a camera's sector beside the map while it is changed: each can be typed, and what is wrong stands below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from desktop.map_beside import ListBeside
from desktop.seat import Seat
from desktop.sector_draft import FIGURES, SectorDraft
from desktop.style.as_written import tip_as_written

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

WIDE_PX, LINE_PX, SIDE_PX, APART_PX = 268, 76, 14, 8
KEY = Qt.Key


class SectorForm(ListBeside):
    """To the right on the map, which shows the sector beside it; only says what was wished. Main thread only."""

    typed = Signal(str, object)
    """Name of a figure, and what was typed as a number; None where nothing is said (height only)."""
    save_wanted, undo_wanted, leave_wanted = Signal(), Signal(), Signal()
    to_map = Signal()
    """The map is to have the keys again."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Hidden."""
        super().__init__(seat, panel)
        self._shown: dict[str, str] = {}
        self.bad: dict[str, str] = {}
        """Figures whose text cannot be used, and why."""
        self.setFixedWidth(WIDE_PX)
        self.title, self.moved, self.wrong, self.said, self.keys = (QLabel() for _ in range(5))
        self.title.setProperty("look", "name")
        self.wrong.setProperty("look", "refused")
        for label in (self.moved, self.said, self.keys):
            label.setProperty("look", "dim")
        for label in (self.wrong, self.said, self.keys):
            label.setWordWrap(True)
        self.labels = {name: QLabel() for name in FIGURES}
        self.units = {name: QLabel() for name in FIGURES}
        self.lines = {name: QLineEdit() for name in FIGURES}
        self.save, self.undo, self.leave = QPushButton(), QPushButton(), QPushButton()
        self.save.setProperty("look", "go")
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        for row, name in enumerate(FIGURES):
            self.labels[name].setProperty("look", "field")
            self.lines[name].setFixedWidth(LINE_PX)
            self.lines[name].setMaxLength(12)
            self.lines[name].setAlignment(Qt.AlignmentFlag.AlignRight)
            for column, part in enumerate((self.labels[name], self.lines[name], self.units[name])):
                grid.addWidget(part, row, column)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.save, self.undo, self.leave):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SIDE_PX, 10, SIDE_PX, 10)
        self._column.setSpacing(6)
        for label in (self.title, self.moved):
            self._column.addWidget(label)
        self._column.addLayout(grid)
        for label in (self.wrong, self.said):
            self._column.addWidget(label)
        self._column.addLayout(buttons)
        self._column.addWidget(self.keys)

    def _connect(self) -> None:
        for name, line in self.lines.items():
            line.textEdited.connect(lambda text, name=name: self._read(name, text))
            line.installEventFilter(self)
        self.save.clicked.connect(self.save_wanted)
        self.undo.clicked.connect(self.undo_wanted)
        self.leave.clicked.connect(self.leave_wanted)

    def show_draft(self, draft: SectorDraft) -> None:
        """Show what would be; a text that cannot be used stays until its figure is another."""
        words = self._seat.words
        name = QFontMetrics(self.title.font()).elidedText(
            draft.camera.name, Qt.TextElideMode.ElideRight, WIDE_PX - 2 * SIDE_PX - 8
        )
        self.title.setText(name)
        self.title.setToolTip(tip_as_written(f"{draft.camera.name}\n{draft.camera.id}"))
        by_hand = bool(draft.camera.coverage)
        self.moved.setText(words("sector.moved", metres=f"{draft.moved_m:.1f}") if draft.moved_m else words("sector.in_place"))
        for figure, line in self.lines.items():
            value = getattr(draft.now, figure)
            text = "" if value is None else f"{value:.10g}"
            if text != self._shown.get(figure):
                self.bad.pop(figure, None)
            if figure not in self.bad and not (line.hasFocus() and _number(line.text()) == value):
                line.setText(text)
            self._shown[figure] = text
        self.save.setEnabled(draft.is_changed)
        if by_hand and draft.is_changed and not (self.said.text() or self.wrong.text()):
            self.tell(words("sector.by_hand"))
        self.place()

    def tell(self, text: str, is_wrong: bool = False) -> None:
        """Say what is, or what is wrong; the other goes."""
        self.wrong.setText(text if is_wrong else "")
        self.said.setText("" if is_wrong else text)
        self.place()

    def begin(self) -> None:
        """Come, with nothing said."""
        self._shown, self.bad = {}, {}
        self.retell()
        self.tell("")
        self.show()

    def to_figures(self) -> None:
        """The first figure, or the first that is wrong, has the keys."""
        line = self.lines[next(iter(self.bad), FIGURES[0])]
        line.setFocus(Qt.FocusReason.TabFocusReason)
        line.selectAll()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        for name in FIGURES:
            self.labels[name].setText(words(f"sector.{name}"))
            self.units[name].setText("°" if name.endswith("_deg") else words("sector.metres"))
        self.lines["height_m"].setPlaceholderText(words("sector.unknown"))
        for name, key in (("save", "Enter"), ("undo", "Ctrl+Z"), ("leave", "Esc")):
            button: QPushButton = getattr(self, name)
            button.setText(words(f"sector.{name}"))
            button.setToolTip(words("tip.key", what=words(f"sector.{name}"), key=key))
        self.keys.setText(words("sector.keys"))
        self.place()

    def place(self) -> None:
        """Below the buttons of the map, as high as what it says; on a low map without the keys."""
        for label in (self.wrong, self.said):
            label.setVisible(bool(label.text()))
        top = self._panel.below_strip + APART_PX
        self.keys.show()
        self._column.activate()
        self.keys.setVisible(self._column.heightForWidth(WIDE_PX) <= self._panel.height() - top - APART_PX)
        self._column.activate()
        self.stand(WIDE_PX, top, self._column.heightForWidth(WIDE_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In a figure: Enter saves, Tab goes on and in the end back to the map, Esc goes back to the map."""
        if not isinstance(watched, QLineEdit):
            return super().eventFilter(watched, event)
        if not isinstance(event, QKeyEvent):
            return False
        key = KEY(event.key())
        if event.type() == QEvent.Type.ShortcutOverride and key == KEY.Key_Escape:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if key in (KEY.Key_Return, KEY.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.save_wanted.emit()
        elif key == KEY.Key_Escape:
            self.to_map.emit()
        elif key in (KEY.Key_Tab, KEY.Key_Backtab):
            self._step(watched, 1 if key == KEY.Key_Tab else -1)
        else:
            return False
        return True

    def _step(self, line: QLineEdit, by: int) -> None:
        order = list(self.lines.values())
        at = order.index(line) + by
        if 0 <= at < len(order):
            order[at].setFocus(Qt.FocusReason.TabFocusReason)
            order[at].selectAll()
        else:
            self.to_map.emit()

    def _read(self, name: str, text: str) -> None:
        """What was typed is a number, or it is said that it is none."""
        value = _number(text)
        if value is None and (text.strip() or name != "height_m"):
            words = self._seat.words
            self.refuse(name, words("sector.not_a_number", figure=words(f"sector.{name}")))
            return
        self.bad.pop(name, None)
        self.tell("")
        self.typed.emit(name, value)

    def refuse(self, name: str, why: str) -> None:
        """A figure cannot be what was typed; the text stays."""
        self.bad[name] = why
        self.tell(why, is_wrong=True)


def _number(text: str) -> float | None:
    """A number as it was typed; None where it is none."""
    try:
        value = float(text.strip())
    except ValueError:
        return None
    return value if math.isfinite(value) else None
