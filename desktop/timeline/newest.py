"""Which entry of a log is the newest of each thing at a moment, found by going on or from a kept frame; no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

FRAME_EVERY = 4_096
"""So many entries lie between two kept frames: a jump backwards goes over no more than these."""


class Newest:
    """A log of entries by time and a hand that stands between two of them. Main thread only."""

    def __init__(self, times_s: Floats, things: Ints, count: int) -> None:
        """`times_s` ascending float64[k], `things` int32[k] says of which of `count` things each entry is."""
        self.times_s, self._things = times_s, things
        self.passed = 0
        """How many entries lie behind the hand."""
        self.rows = np.full(count, -1, np.int32)
        """Of each thing its newest entry behind the hand, -1 where there is none."""
        self._frames = [self.rows.copy()]
        for first in range(0, len(things) - FRAME_EVERY + 1, FRAME_EVERY):
            frame = self._frames[-1].copy()
            frame[things[first : first + FRAME_EVERY]] = np.arange(first, first + FRAME_EVERY, dtype=np.int32)
            self._frames.append(frame)

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._things)

    def move_to(self, moment_s: float) -> bool:
        """Put the hand behind every entry up to a moment; False where it stands there already."""
        return self.move_behind(int(np.searchsorted(self.times_s, moment_s, "right")))

    def move_behind(self, passed: int) -> bool:
        """Put the hand behind so many entries; False where it stands there already."""
        if passed == self.passed:
            return False
        first = self.passed
        if passed < first or passed - first > FRAME_EVERY:
            number = passed // FRAME_EVERY
            first, self.rows = number * FRAME_EVERY, self._frames[number].copy()
        self.rows[self._things[first:passed]] = np.arange(first, passed, dtype=np.int32)  # of several the last one stays
        self.passed = passed
        return True

    def next_s(self, moment_s: float) -> float | None:
        """When the first entry after a moment is; None where none follows."""
        at = int(np.searchsorted(self.times_s, moment_s, "right"))
        return float(self.times_s[at]) if at < len(self.times_s) else None

    def previous_s(self, moment_s: float) -> float | None:
        """When the last entry before a moment is; None where none went before."""
        at = int(np.searchsorted(self.times_s, moment_s, "left"))
        return float(self.times_s[at - 1]) if at > 0 else None
