"""Workers' dots gliding between fixes, as structure of arrays; no Qt, no clock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import WorkerMark

GLIDE_S = 0.5
"""How long a dot takes from one fix to the next; at most 0.8 s by the design of the map."""

JUMP_M = 600.0
"""A longer way is no walk but a correction: the dot jumps, so that nobody is seen flying over the town."""

RECORD = np.dtype([("start", "<f4", 2), ("end", "<f4", 2), ("began_s", "<f4"), ("glide_s", "<f4"), ("look", "u1", 8)])
"""What the shader reads for one dot, 32 bytes: look[0] is the mark, look[1] whether it is lit, look[2] the rank."""


class MovingDots:
    """Where every worker's dot is at a moment, and which records changed since they were last uploaded."""

    def __init__(self) -> None:
        """No worker yet."""
        self.numbers: tuple[str, ...] = ()
        self.records = np.zeros(0, RECORD)
        self.end_xy = np.zeros((0, 2))
        self._row_of: dict[str, int] = {}
        self._start_xy = np.zeros((0, 2))
        self._began_s = np.zeros(0)
        self._last_end_s = -np.inf
        self._changed: list[NDArray[np.int32]] = []
        self.all_changed = False

    def __len__(self) -> int:
        """How many workers there are, shown or not."""
        return len(self.numbers)

    def row(self, number: str) -> int | None:
        """The row of a worker, or None where the map does not know the number."""
        return self._row_of.get(number)

    def start_with(self, numbers: Sequence[str], xy: NDArray[np.float64]) -> None:
        """Replace everything: these workers, standing at these places (plane metres)."""
        self.numbers = tuple(numbers)
        self._row_of = {number: row for row, number in enumerate(self.numbers)}
        self.end_xy = np.array(xy, np.float64).reshape(-1, 2)
        self._start_xy = self.end_xy.copy()
        self._began_s = np.full(len(self.numbers), -1e6)
        self.records = np.zeros(len(self.numbers), RECORD)
        self.records["start"] = self.records["end"] = self.end_xy
        self.records["began_s"], self.records["glide_s"] = -1e6, GLIDE_S
        self._changed, self.all_changed = [], True
        self._last_end_s = -np.inf

    def move(self, rows: NDArray[np.int32], xy: NDArray[np.float64], now_s: float) -> None:
        """Let some dots glide from where they are drawn now to new places; a first or wild move is a jump."""
        here = self.at(now_s, rows)
        jumps = ~(np.hypot(*(xy - here).T) <= JUMP_M)
        here[jumps] = xy[jumps]
        here = np.where(np.isfinite(here), here, xy)  # the first place of a worker is no way to glide along
        self._start_xy[rows], self.end_xy[rows], self._began_s[rows] = here, xy, now_s
        changed = self.records[rows]
        changed["start"], changed["end"], changed["began_s"], changed["glide_s"] = here, xy, now_s, GLIDE_S
        self.records[rows] = changed
        self._changed.append(rows)
        self._last_end_s = max(self._last_end_s, now_s + GLIDE_S)

    def at(self, now_s: float, rows: NDArray[np.int32] | slice = slice(None)) -> NDArray[np.float64]:
        """Places float64[n, 2] at a moment, plane metres."""
        share = np.clip((now_s - self._began_s[rows]) / GLIDE_S, 0.0, 1.0)[:, None]
        start = self._start_xy[rows]
        return np.asarray(start + (self.end_xy[rows] - start) * share)

    def is_gliding(self, now_s: float) -> bool:
        """Whether any dot is still under way."""
        return now_s < self._last_end_s

    def mark(self, rows: NDArray[np.int32], marks: NDArray[np.uint8]) -> None:
        """Change how some dots are drawn, see WorkerMark."""
        look = self.records["look"]
        look[rows, 0] = marks
        self._changed.append(np.asarray(rows, np.int32))

    def light(self, everyone: bool, ranked: NDArray[np.int32]) -> None:
        """Draw all dots brighter, or not; those ranked carry their rank 1..9 and are always bright."""
        look = self.records["look"]
        look[:, 1] = everyone
        look[:, 2] = 0
        look[ranked, 2] = np.arange(1, len(ranked) + 1, dtype=np.uint8)
        self.all_changed = True

    def shown(self) -> NDArray[np.bool_]:
        """Which workers have a dot at all: those off duty have none."""
        hidden = self.records["look"][:, 0] == WorkerMark.OFF
        return np.asarray(~hidden & np.isfinite(self.end_xy[:, 0]))

    def take_changed(self) -> NDArray[np.int32] | None:
        """Rows whose records changed since last asked, sorted; None means all of them."""
        changed, everything = self._changed, self.all_changed
        self._changed, self.all_changed = [], False
        if everything:
            return None
        return np.unique(np.concatenate(changed)) if changed else np.zeros(0, np.int32)
