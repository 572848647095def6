"""What displays say they truly show: the newest word of each with the moment it was heard; in memory, written nowhere.

A display that fell silent is still told of, so that whoever looks hears since when nobody knows what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from threading import Lock

from governance.refusal import Refused
from governance.wall import SILENT_AFTER, SlotShown
from governance.wall_layouts import MOST_SLOTS
from wire.wall_requests import DisplayShows, ReportWall

MOST_PIXELS = 100_000
MOST_DISPLAYS = 16
"""Of one wall; more machines than this show it for nobody."""
LONGEST = 40
"""Letters of a camera or a state."""
LIVE = "live"
"""The state of a picture that is of now."""


class Shown:
    """The newest report of each display. Any thread."""

    def __init__(self) -> None:
        """Nobody has said anything."""
        self._lock = Lock()
        self._newest: dict[str, dict[str, tuple[datetime, ReportWall]]] = {}

    def said(self, wall: str, key: str, report: ReportWall, now: datetime) -> None:
        """A display, known by the key of its machine, says what it shows; Refused where that is none."""
        if len(report.slots) > MOST_SLOTS or not all(map(_is_sound, report.slots)):
            raise Refused("bad_value", "slots")
        if not (0 < report.width <= MOST_PIXELS and 0 < report.height <= MOST_PIXELS):
            raise Refused("bad_value", "width")
        with self._lock:
            of_wall = self._newest.setdefault(wall, {})
            of_wall[key] = (now, report)
            if len(of_wall) > MOST_DISPLAYS:
                del of_wall[min(of_wall, key=lambda each: of_wall[each][0])]

    def of(self, wall: str, machines: Mapping[str, str]) -> tuple[DisplayShows, ...]:
        """What the displays of a wall said last, in the order of their machines' names.

        `machines`: the names of those that are bound to it, by their keys; of others nothing is told.
        """
        with self._lock:
            newest = dict(self._newest.get(wall, {}))
        told = (
            DisplayShows(machines[key], at, said.rev, said.width, said.height, said.slots)
            for key, (at, said) in newest.items()
            if key in machines
        )
        return tuple(sorted(told, key=lambda each: (each.machine, each.at)))

    def sees_another(self, wall: str, key: str, camera: str, now: datetime) -> bool:
        """Whether a display shows some other camera live: then its own network is not what is down."""
        with self._lock:
            at, said = self._newest.get(wall, {}).get(key, (None, None))
        if at is None or said is None or now - at > SILENT_AFTER:
            return False
        return any(each.sight == LIVE and each.camera not in ("", camera) for each in said.slots)


def _is_sound(shown: SlotShown) -> bool:
    """Whether a report of one slot can be one."""
    age_fits = shown.age_s is None or (math.isfinite(shown.age_s) and shown.age_s >= 0.0)
    return age_fits and 1 <= shown.slot <= MOST_SLOTS and max(len(shown.camera), len(shown.sight)) <= LONGEST
