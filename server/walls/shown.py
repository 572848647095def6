"""What displays say they truly show: the newest word of each, kept for ten seconds and written nowhere."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from governance.refusal import Refused
from governance.wall import SlotShown
from governance.wall_layouts import MOST_SLOTS
from server.ledger.ledger import Ledger
from wire.wall_requests import DisplayShows, ReportWall

LASTS_S = 10.0
MOST_PIXELS = 100_000
MOST_DISPLAYS = 16
"""Of one wall; more machines than this show it for nobody."""
LONGEST = 40
"""Letters of a camera or a state."""


class Shown:
    """The newest report of each display. Any thread."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody has said anything."""
        self._ledger, self._clock, self._lock = ledger, clock, Lock()
        self._newest: dict[str, dict[str, tuple[float, DisplayShows]]] = {}
        self._names: dict[str, str] = {}

    def said(self, wall: str, key: str, report: ReportWall, now: datetime) -> None:
        """A display, known by the key of its machine, says what it shows; Refused where that is none."""
        if len(report.slots) > MOST_SLOTS or not all(map(_is_sound, report.slots)):
            raise Refused("bad_value", "slots")
        if not (0 < report.width <= MOST_PIXELS and 0 < report.height <= MOST_PIXELS):
            raise Refused("bad_value", "width")
        name = self._names.get(key) or self._name_of(key)
        shows = DisplayShows(name, now, report.rev, report.width, report.height, report.slots)
        with self._lock:
            of_wall = self._newest.setdefault(wall, {})
            of_wall[key] = (self._clock(), shows)
            if len(of_wall) > MOST_DISPLAYS:
                del of_wall[min(of_wall, key=lambda each: of_wall[each][0])]

    def of(self, wall: str) -> tuple[DisplayShows, ...]:
        """What the displays of a wall said within ten seconds, in the order of their machines' names."""
        since_s = self._clock() - LASTS_S
        with self._lock:
            of_wall = self._newest.get(wall, {})
            for key in [key for key, (at_s, _) in of_wall.items() if at_s < since_s]:
                del of_wall[key]
            return tuple(sorted((shows for _, shows in of_wall.values()), key=lambda each: each.machine))

    def _name_of(self, key: str) -> str:
        """What the machine with a key is called; asked of the ledger once."""
        with self._ledger.transaction() as connection:
            row = connection.execute("SELECT name FROM wall_machine WHERE client_key = %s AND is_open", (key,)).fetchone()
        self._names[key] = row[0] if row else key[:8]
        return self._names[key]


def _is_sound(shown: SlotShown) -> bool:
    """Whether a report of one slot can be one."""
    age_fits = shown.age_s is None or (math.isfinite(shown.age_s) and shown.age_s >= 0.0)
    return age_fits and 1 <= shown.slot <= MOST_SLOTS and max(len(shown.camera), len(shown.sight)) <= LONGEST
