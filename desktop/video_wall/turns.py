"""Turns (轮巡): cameras shown page by page, each for some seconds; the next page is opened before it comes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

SHORTEST_S, USUAL_S, LONGEST_S = 5.0, 15.0, 600.0
AHEAD_S = 4.0
"""How long before a page is shown its streams are opened: a first picture takes up to two seconds, a slow camera twice that."""


@dataclass(frozen=True, slots=True)
class Turns:
    """A list of cameras and which part of it is shown. Times are seconds of one monotonic clock."""

    cameras: tuple[str, ...]
    dwell_s: float = USUAL_S
    first: int = 0
    """Position in the list of the first camera that is shown."""
    since_s: float = 0.0
    """When this page came."""
    paused_s: float | None = None
    """Since when it stands still; None while it goes on."""

    def page(self, room: int) -> tuple[str, ...]:
        """The cameras that are shown where there is room for so many, each once."""
        return self._from(self.first, room)

    def coming(self, room: int, now_s: float) -> tuple[str, ...]:
        """Those to be opened now, as they come soon; none while it stands still or where all are shown."""
        if self.paused_s is not None or room <= 0 or len(self.cameras) <= room:
            return ()
        if self.since_s + self.dwell_s - now_s > AHEAD_S:
            return ()
        return self._from(self.first + room, room)

    def at(self, now_s: float, room: int) -> Turns:
        """As it stands now: the next page where this one was shown long enough; one page only, however long a machine slept."""
        if self.paused_s is not None or now_s - self.since_s < self.dwell_s or len(self.cameras) <= room:
            return self
        return self.turned(room, now_s)

    def turned(self, pages: int, now_s: float) -> Turns:
        """So many cameras further, or back where the number is negative."""
        if not self.cameras:
            return self
        paused_s = None if self.paused_s is None else now_s
        return replace(self, first=(self.first + pages) % len(self.cameras), since_s=now_s, paused_s=paused_s)

    def paused(self, now_s: float) -> Turns:
        """Stand still, or go on; the page keeps what was left of its time."""
        if self.paused_s is None:
            return replace(self, paused_s=now_s)
        return replace(self, since_s=now_s - (self.paused_s - self.since_s), paused_s=None)

    def left_s(self, now_s: float) -> float:
        """How long this page is still shown."""
        return max(0.0, self.since_s + self.dwell_s - (now_s if self.paused_s is None else self.paused_s))

    def dwelling(self, dwell_s: float) -> Turns:
        """Each page is shown so long from now on, within what makes sense."""
        return replace(self, dwell_s=min(LONGEST_S, max(SHORTEST_S, dwell_s)))

    def without(self, gone: Sequence[str]) -> Turns:
        """Cameras that are not known any more take no turn."""
        lost = frozenset(gone)
        return replace(self, cameras=tuple(camera for camera in self.cameras if camera not in lost), first=0)

    def _from(self, first: int, room: int) -> tuple[str, ...]:
        count = len(self.cameras)
        return tuple(self.cameras[(first + n) % count] for n in range(min(room, count)))
