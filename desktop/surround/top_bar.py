"""The top bar: district, shift, officer, command line, alerts, clock, connection."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.handover.standing import Lateness
from desktop.phrases import SHANGHAI, clock_text, key_tip
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.style.marks import Mark, draw_mark
from desktop.surround.answer_line import AnswerLine
from desktop.surround.command_line import CommandLine
from governance.deadline import has_missed
from governance.incident import State, Urgency

HEIGHT_PX = 44


class LinkMark(QWidget):
    """Full while live, a ring while not: said by shape too."""

    def __init__(self, seat: Seat) -> None:
        """Not connected."""
        super().__init__()
        self._seat = seat
        self.is_live = False
        self.setFixedSize(QSize(14, 14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the mark."""
        palette = self._seat.palette
        painter = QPainter(self)
        if self.is_live:
            draw_mark(painter, Mark.DISC, QPointF(7, 7), 9, palette.live)
        else:
            draw_mark(painter, Mark.RING, QPointF(7, 7), 11, palette.urgent)
        painter.setPen(QColor(palette.text))


class TopBar(QWidget):
    """One line across the window. Wishes: `queue_wanted`, `urgent_wanted`, and `wanted` with an action's name."""

    queue_wanted = Signal(str)
    urgent_wanted = Signal()
    wanted = Signal(str)

    def __init__(self, seat: Seat, district: str, shift: str, parent: QWidget | None = None) -> None:
        """A bar that says who sits here."""
        super().__init__(parent)
        self._seat, self._district, self._shift = seat, district, shift
        self._link: tuple[bool, datetime | None, float] = (False, None, 0.0)
        self._waiting = 0
        self._muted_until: datetime | None = None
        self.setProperty("look", "bar")
        self.setFixedHeight(HEIGHT_PX)
        self.name, self.district = QLabel(), QLabel(district)
        self.name.setProperty("look", "name")
        self.district.setProperty("look", "heading")
        self.command, self.answer = CommandLine(), AnswerLine()
        self.command.setProperty("look", "command")
        self.command.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.who, self.urgent, self.overdue, self.muted = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        self.theme, self.language, self.search, self.keys = QPushButton(), QPushButton(), QPushButton(), QPushButton("?")
        self.muted.setProperty("alert", "urgent")
        self.handover = QPushButton()
        self._late: Lateness | None = None
        alerts = (self.urgent, self.overdue, self.muted)
        for button in (self.who, self.handover, *alerts, self.search, self.theme, self.language, self.keys):
            button.setProperty("look", "bar")
            button.setFocusPolicy(self.focusPolicy())
        self.clock, self.link_mark, self.link = QLabel(), LinkMark(seat), QLabel()
        self.clock.setProperty("look", "clock")
        self.link.setMinimumWidth(72)
        self._lay_out()
        self.urgent.clicked.connect(self.urgent_wanted)
        self.overdue.clicked.connect(lambda: self.queue_wanted.emit("overdue"))
        self.buttons = {
            "sign_off": self.who,
            "find": self.search,
            "theme": self.theme,
            "language": self.language,
            "keys": self.keys,
        }
        self.buttons |= {"mute": self.muted, "handover": self.handover}
        for action, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, wanted=action: self.wanted.emit(wanted))
        self.retell()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(12)
        for label in (self.name, self.district, self.who, self.handover):  # the name is a button: it signs off
            line.addWidget(label)
        line.addStretch(0)  # what is left once the command line is as wide as it may be
        line.addWidget(self._command_column(), 6)
        line.addStretch(0)  # what is left once the command line is as wide as it may be
        right = (self.search, self.theme, self.language, self.keys, self.clock, self.link_mark, self.link)
        for part in (self.urgent, self.overdue, self.muted, *right):
            line.addWidget(part)

    def of_incidents(self) -> tuple[QWidget, ...]:
        """What tells of incidents and shifts: nothing for a post that sees none."""
        return (self.handover, self.urgent, self.overdue, self.muted, self.search)

    def _command_column(self) -> QWidget:
        """The command line, and below it what became of the last one."""
        column = QWidget()
        column.setMaximumWidth(720)
        lines = QVBoxLayout(column)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addStretch(1)
        lines.addWidget(self.command)
        lines.addWidget(self.answer)
        lines.addStretch(1)
        return column

    def tell_district(self, name: str) -> None:
        """Which district this is."""
        self.district.setText(name)

    def tell_shift(self, shift: str) -> None:
        """Which shift this is now."""
        self._shift = shift
        self.retell()

    def tell_standing(self, shift: str, late: Lateness | None) -> None:
        """Which shift is in force, and how long its hand-over runs or is missed; amber where that is too long."""
        if shift and shift != self._shift:
            self.tell_shift(shift)
        self._late, words = late, self._seat.words
        key = "bar.handover"
        if late is not None:
            key += ".late" if late.runs and late.is_late else ".runs" if late.runs else ".missed"
        self.handover.setText(words(key, minutes=late.minutes if late else 0))
        what = words("bar.handover.tip.late" if late is not None and late.is_late else "action.handover")
        self.handover.setToolTip(words("tip.key", what=what, key=key_of("handover")))
        alert = "urgent" if late is not None and late.is_late else ""
        if self.handover.property("alert") != alert:
            self.handover.setProperty("alert", alert)
            self.handover.style().unpolish(self.handover)
            self.handover.style().polish(self.handover)

    def tell_time(self) -> None:
        """The server's time, in Shanghai."""
        self.clock.setText(self._seat.now().astimezone(SHANGHAI).strftime("%H:%M:%S"))

    def tell_alerts(self) -> None:
        """How many urgent reports wait, and how many cases are overdue."""
        cases, words = self._seat.situation.cases.values(), self._seat.words
        urgent = sum(c.incident.state is State.REPORTED and c.incident.urgency is not Urgency.NORMAL for c in cases)
        overdue = sum(has_missed(c) for c in cases)
        self.urgent.setText(words("bar.urgent", count=urgent))
        self.overdue.setText(words("bar.overdue", count=overdue))
        self.urgent.setToolTip(words("bar.urgent.tip", count=urgent))
        self.overdue.setToolTip(words("bar.overdue.tip", count=overdue))
        for button, count, look in ((self.urgent, urgent, "urgent"), (self.overdue, overdue, "immediate")):
            wanted = look if count else ""
            if button.property("alert") != wanted:
                button.setProperty("alert", wanted)
                button.style().unpolish(button)
                button.style().polish(button)

    def tell_muted(self, until: datetime | None) -> None:
        """Until when the alarms are muted; None where they are not."""
        self._muted_until = until
        words, told = self._seat.words, clock_text(until) if until is not None else "-"
        self.muted.setText(words("bar.muted", until=told))
        self.muted.setToolTip(words("tip.key", what=words("bar.muted.tip", until=told), key=key_of("mute")))
        self.muted.setVisible(until is not None)

    @property
    def waiting(self) -> int:
        """How many orders wait for an answer."""
        return max(self._waiting, self._seat.orders.count())

    def tell_waiting(self, orders: int) -> None:
        """How many orders the server has not answered yet."""
        self._waiting = orders
        self.tell_link(*self._link)

    def tell_link(self, is_live: bool, since: datetime | None, lag_s: float) -> None:
        """Whether the feed lives, since when it does or does not, how far it lags."""
        self._link = (is_live, since, lag_s)
        words, orders = self._seat.words, self.waiting
        told = clock_text(since) if since else "-"
        if is_live:
            said, tip = words("bar.live", lag=f"{lag_s:.1f}"), words("bar.live.tip", since=told, lag=f"{lag_s:.1f}")
        elif since is None:
            said, tip = words("bar.connecting"), ""
        else:
            key = "bar.offline" if orders else "bar.offline.idle"
            said, tip = words(key, since=told, orders=orders), words("bar.offline.tip", since=told, orders=orders)
        self.link.setText(said)
        self.link.setToolTip(tip)
        self.link_mark.is_live = is_live
        self.link_mark.update()
        alarm = not is_live and since is not None
        if self.property("alarm") != alarm:
            self.setProperty("alarm", alarm)
            self.style().unpolish(self)
            self.style().polish(self)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, officer = self._seat.words, self._seat.officer
        self.name.setText(words("app.name"))
        post = words(f"role.{officer.role}")
        named = f"shift.{self._shift}"
        shift = words(named) if words.has(named) else self._shift
        who = words("bar.shift", shift=shift, name=officer.name, post=post).removeprefix(" · ").strip()
        self.who.setText(who)
        self.who.setToolTip(key_tip(words, "sign_off"))
        self.command.setPlaceholderText(words("bar.command"))
        self.language.setText(words("bar.language"))
        self.command.setToolTip(key_tip(words, "command"))
        self.language.setToolTip(words("tip.key", what=words("bar.language.tip"), key=key_of("language")))
        self.theme.setText(words("bar.theme.day" if self._seat.palette.name == "night" else "bar.theme.night"))
        self.theme.setToolTip(words("tip.key", what=words("bar.theme.tip"), key=key_of("theme")))
        self.search.setText(words("action.find"))
        self.search.setToolTip(key_tip(words, "find"))
        self.keys.setToolTip(key_tip(words, "keys"))
        self.tell_time()
        self.tell_alerts()
        self.tell_muted(self._muted_until)
        self.tell_standing(self._shift, self._late)
        self.tell_link(*self._link)
