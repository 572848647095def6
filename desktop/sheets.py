"""The sheets over the panels: indicators, rules, walls; and what an administrator's desk is without."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from desktop.boundaries.boundary_desk import BoundaryDesk
from desktop.indicators.indicator_desk import IndicatorDesk
from desktop.on_wall.wall_desk import WallDesk
from desktop.rules.rules_desk import RulesDesk
from desktop.seat import Seat
from desktop.sheet import Ask
from governance.refusal import Refused
from governance.rules_rights import readable

OF_NO_INCIDENT = frozenset(
    {"rules", "boundaries", "back", "keys", "language", "theme", "sign_off", "send", "command", "card_down", "card_up"}
)
"""What an administrator's desk does: he sees no incident (domain model D.1)."""


class Sheets(QObject):
    """At most one of them lies over the panels. Main thread only."""

    closed = Signal()
    """A sheet was closed: the keys go back."""

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        super().__init__()
        self._seat = seat
        self.indicators, self.rules, self.wall = IndicatorDesk(seat, ask), RulesDesk(seat, ask), WallDesk(seat, ask)
        self.boundaries = BoundaryDesk(seat, ask)
        self._all = (self.indicators, self.rules, self.wall, self.boundaries)
        for each in self._all:
            each.closed.connect(self.closed)

    @property
    def is_home(self) -> bool:
        """Whether a sheet is all there is on this desk."""
        return self.rules.is_home

    def live_in(self, window: QWidget, room: Callable[[], QRect]) -> None:
        """The sheets lie over this window, within the room between its bars."""
        self.setParent(window)
        for each in self._all:
            each.live_in(window, room)

    def settle(self, parts: Iterable[QWidget]) -> None:
        """On an administrator's desk: the rules are there, and what tells of incidents is not."""
        if self.is_home:
            for part in parts:
                part.hide()
            self.rules.come()

    def acts(self) -> dict[str, Callable[[], object]]:
        """What each action of the key table does that is about a sheet."""
        pages = {"card_down": lambda: self.rules.turn_page(1), "card_up": lambda: self.rules.turn_page(-1)}
        own = {"rules": self._switch_rules} | self.boundaries.acts() | (pages if self.is_home else {})
        return self.indicators.acts() | self.wall.acts() | own

    def _switch_rules(self) -> None:
        self.indicators.step_out()
        self.rules.switch()

    def keeps_out(self, name: str) -> Refused | None:
        """Why an action is none of this post's; None where it may be."""
        if self.is_home and name not in OF_NO_INCIDENT:
            return Refused("no_incidents_here")
        if name == "boundaries":
            return self.boundaries.why_not()
        if name == "rules":
            try:
                readable(self._seat.officer)
            except Refused as no:
                return no
        return None

    def free_px(self, wide_px: int) -> int:
        """How much of a window's width lies left of the sheet that stands beside the map; all of it where none does."""
        return self.wall.view.x() if self.wall.view.isVisible() else wide_px

    def leave_for(self, name: str) -> None:
        """Another action is done: what it would work behind is put away."""
        for each in self._all:
            each.leave_for(name)

    def step_out(self) -> bool:
        """One step out of the sheet that is there; whether one was."""
        return any(each.step_out() for each in (self.wall, self.boundaries, self.indicators, self.rules))

    def send(self) -> bool:
        """Ctrl+Enter; whether a sheet took it."""
        return self.indicators.send() or self.rules.send()

    @property
    def sends(self) -> bool:
        """Whether Ctrl+Enter is a sheet's now."""
        return self.rules.view.isVisible() or bool(self.indicators.view.isVisible() and self.indicators.freezing.act)

    def take_keys(self) -> bool:
        """The keys go to the sheet that is all there is; whether there is one."""
        if self.is_home:
            self.rules.take_keys()
        return self.is_home

    def put_away(self) -> None:
        """The desk closes."""
        self.rules.put_away()
        self.wall.put_away()

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        for each in self._all:
            each.retell()
