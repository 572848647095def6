"""Why cameras are watched: the incident at hand, or what the officer wrote for those that are not opened without a word."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from uuid import UUID

from desktop.selection import Selection
from desktop.situation.situation import Situation
from governance.camera import Camera
from governance.camera_rights import DESK_WORD, words_wanted
from governance.incident import Case

STANDS_S = 1_800.0
"""What was written for a camera stands so long after an address was last asked for with it."""
FAR_M = 1_500.0
"""A camera farther than this from the selected incident, and not seeing its place, is not watched because of it."""


class CameraReasons:
    """The reasons of one officer, from signing on to signing off. Main thread only."""

    def __init__(self, selection: Selection, situation: Situation, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing was written; `clock` tells seconds that only grow."""
        self._selection, self._situation, self._clock = selection, situation, clock
        self._written: dict[str, tuple[str, float]] = {}

    def why(self, camera: str) -> tuple[str, UUID | None] | None:
        """The reason that is logged and the incident it is for; None where the officer has to write one first."""
        known = self._situation.cameras.get(camera)
        case = self._case(known)
        incident = case.incident.id if case is not None else None
        if known is None or words_wanted(known, incident is not None) is None:
            return (case.incident.number if case is not None else DESK_WORD), incident
        text, used_s = self._written.get(camera, ("", 0.0))
        now_s = self._clock()
        if not text or now_s - used_s > STANDS_S:
            self._written.pop(camera, None)
            return None
        self._written[camera] = text, now_s
        return text, incident

    def because(self, camera: str) -> str:
        """Why words are wanted for a camera: sensitive_camera or shared_with_few; empty where none are."""
        known = self._situation.cameras.get(camera)
        return words_wanted(known, self._case(known) is not None) or "" if known is not None else ""

    def write(self, cameras: Iterable[str], text: str) -> None:
        """The officer wrote this for these cameras."""
        now_s = self._clock()
        self._written |= dict.fromkeys(cameras, (text, now_s))

    def _case(self, camera: Camera | None) -> Case | None:
        """The selected incident, where a camera is watched because of it."""
        chosen = self._selection.incident
        case = self._situation.cases.get(chosen) if chosen is not None else None
        place = case.incident.place if case is not None else None
        if camera is None or place is None:
            return case
        return case if camera.sees(place) or camera.place.distance_m(place) <= FAR_M else None
