"""Asks whose track is to be replayed, and why; over the map, hidden until asked for. Wish: `wanted`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from desktop.command.known import Known
from desktop.seat import Seat
from desktop.timeline.typed_line import TypedLine
from governance.people import Worker
from governance.tracks import MOST_LETTERS, may_ask_tracks, why_no_reason

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

WIDE_PX, EDGE_PX = 380, 12
MOST_OFFERED = 4


class TrackForm(QFrame):
    """Two fields and a button. Main thread only."""

    wanted = Signal(object, str)
    """Worker and reason."""
    left = Signal()

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Over the map of a panel."""
        super().__init__(panel)
        self._seat, self._panel, self._period = seat, panel, ""
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.note, self.said = QLabel(), QLabel(), QLabel()
        self.who, self.reason, self.go, self.leave_it = TypedLine(), TypedLine(), QPushButton(), QPushButton()
        self.title.setProperty("look", "name")
        self.note.setProperty("look", "dim")
        self.go.setProperty("look", "go")
        for label in (self.note, self.said):
            label.setWordWrap(True)
        self.who.setMaxLength(40)
        self.reason.setMaxLength(MOST_LETTERS)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.leave_it)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        for part in (self.title, self.note, self.who, self.reason, self.said):
            column.addWidget(part)
        column.addLayout(buttons)
        self.setFixedWidth(WIDE_PX)
        self.who.entered.connect(lambda _text: self.reason.setFocus(Qt.FocusReason.OtherFocusReason))
        self.reason.entered.connect(lambda _text: self.send())
        self.go.clicked.connect(self.send)
        self.leave_it.clicked.connect(self.leave)
        self.hide()

    def begin(self, who: str = "", reason: str = "", period: str = "") -> None:
        """Come, with whom and why as far as that is said."""
        self._period = period
        self.who.setText(who)
        self.reason.setText(reason)
        self.retell()
        self.say("", "dim")
        self.show()
        self.raise_()
        self.place()
        first = self.reason if who else self.who
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Go."""
        self.hide()
        self.left.emit()

    def send(self) -> None:
        """Ask for it, where the fields say whom and why."""
        words, people = self._seat.words, self._people()
        if len(people) != 1:
            names = words("list").join(f"{each.name} #{each.number}" for each in people[:MOST_OFFERED])
            self.refuse(words("past.track.several", names=names) if people else words("past.track.nobody"), self.who)
            return
        is_own = people[0].id == self._seat.officer.staff
        if not is_own and (no := why_no_reason(self.reason.text())) is not None:
            self.refuse(words(f"refused.{no.code}", **no.details), self.reason)
            return
        self.say(words("past.track.reading", name=people[0].name), "dim")
        self.wanted.emit(people[0], self.reason.text())

    def refuse(self, text: str, field: QLineEdit | None = None) -> None:
        """Say what is wrong, beside the field it is about; nothing typed is lost."""
        self.say(text, "refused")
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, text: str, look: str) -> None:
        """Say something below the fields."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.said.setProperty("look", look)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.place()

    def place(self) -> None:
        """In the corner of the map, above the strip."""
        self.adjustSize()
        canvas = self._panel.canvas.geometry()
        self.move(canvas.right() - self.width() - EDGE_PX, canvas.bottom() - self.height() - EDGE_PX)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, no = self._seat.words, may_ask_tracks(self._seat.officer)
        self.title.setText(words("past.track.title", period=self._period))
        self.note.setText(words("past.track.note" if no is None else "past.track.note.own"))
        self.who.setPlaceholderText(words("past.track.who"))
        self.reason.setPlaceholderText(words("past.track.reason"))
        self.go.setText(words("past.track.go"))
        self.leave_it.setText(words("past.track.leave"))

    def _people(self) -> list[Worker]:
        return list(Known(self._seat).workers(self.who.text().strip())) if self.who.text().strip() else []
