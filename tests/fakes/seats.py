"""Seats over a made-up situation, for tests that need no screen."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

from desktop.orders import Orders
from desktop.seat import Seat
from desktop.selection import Selection
from desktop.settings import DeskFolder
from desktop.situation.situation import Situation
from desktop.words import Words
from governance.incident import Case
from tests.fakes import situations


def a_seat(language: str = "zh", situation: Situation | None = None) -> Seat:
    """A duty officer's seat; its orders go nowhere."""
    return Seat(
        situation or situations.situation(),
        Orders(lambda _order: None, lambda: situations.NOW),
        Selection(),
        Words(language),
        lambda: situations.NOW,
        DeskFolder(Path(gettempdir())),
        situations.OFFICER,
        area_names=dict(situations.AREA_NAMES),
    )


def first(seat: Seat, state: str) -> Case:
    """A case in a state."""
    return next(case for case in seat.situation.cases.values() if case.incident.state == state)


def tail(case: Case) -> str:
    """The running number of a case."""
    return case.incident.number[-4:]
