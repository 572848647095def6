"""Workers' dots gliding between fixes, as structure of arrays; no Qt, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import WorkerMark

GLIDE_S = 0.5
"""How long a dot takes from one fix to the next; at most 0.8 s by the design of the map."""

JUMP_M = 600.0
"""A longer way is no walk but a correction: the dot jumps, so that nobody is seen flying over the town."""

RECORD = np.dtype([("start", "<f4", 2), ("end", "<f4", 2), ("began_s", "<f4"), ("glide_s", "<f4"), ("look", "u1", 8)])
"""What the shader reads for one dot, 32 bytes."""
START, END, BEGAN, WAY = slice(0, 2), slice(2, 4), 4, 5
"""Where the parts of a way lie: from, to, and the second it began."""


def _reached(ways: NDArray[np.float64], now_s: float) -> NDArray[np.float64]:
    """Where those on ways float64[n, 5] are at a moment, float64[n, 2]."""
    share = np.clip((now_s - ways[:, BEGAN]) / GLIDE_S, 0.0, 1.0)[:, None]
    start = ways[:, START]
    return np.asarray(start + (ways[:, END] - start) * share)


def _each_once(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """The rows of some arrays, ascending, each once; one that is so already costs nothing."""
    if len(parts) == 1 and (np.diff(parts[0]) > 0).all():
        return parts[0]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Dots of a frame and the pixels where they stood."""

    rows: NDArray[np.int32]
    """int32[k], ascending."""
    px: NDArray[np.float64]
    """float64[k, 2], far outside where a dot is hidden."""

    def of(self, row: int) -> tuple[float, float] | None:
        """The pixel of one; None where it had none."""
        at = int(np.searchsorted(self.rows, row))
        if at == len(self.rows) or self.rows[at] != row or self.px[at, 0] < -1e5:
            return None
        return float(self.px[at, 0]), float(self.px[at, 1])

    @classmethod
    def none(cls) -> Drawn:
        """No dot at all."""
        return cls(np.zeros(0, np.int32), np.zeros((0, 2)))


class MovingDots:
    """Where every worker's dot is at a moment, and which records changed since they were last uploaded."""

    def __init__(self) -> None:
        """No worker yet."""
        self.numbers: tuple[str, ...] = ()
        self.look = np.zeros((0, 8), np.uint8)
        """How each dot is drawn: look[:, 0] is the mark, look[:, 1] whether it is lit, look[:, 2] the rank."""
        self._ways = np.zeros((0, WAY))
        """float64[n, 5], plane metres and seconds: together, so that who moves costs one line of memory and not five."""
        self._row_of: dict[str, int] = {}
        self._last_end_s = -np.inf
        self._changed: list[NDArray[np.int32]] = []
        self.all_changed = False
        self.moves = 0
        """How often anybody moved or looked different."""
        self._went: list[tuple[int, NDArray[np.int32]]] = []
        self._forgotten = self._remembered = 0
        self._x = self._y = np.zeros(0, np.float32)

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
        self.look = np.zeros((len(self.numbers), 8), np.uint8)
        self._ways = np.full((len(self.numbers), WAY), -1e6)
        self._ways[:, START] = self._ways[:, END] = np.asarray(xy, np.float64).reshape(-1, 2)
        self._changed, self.all_changed = [], True
        self._last_end_s = -np.inf
        self._x, self._y = (self._ways[:, END][:, axis].astype(np.float32) for axis in (0, 1))
        self.moves += 1
        self._forget()

    def move(self, rows: NDArray[np.int32], xy: NDArray[np.float64], now_s: float) -> None:
        """Let some dots glide from where they are drawn now to new places; a first or wild move is a jump."""
        here = _reached(self._ways[rows], now_s)
        jumps = ~(np.hypot(*(xy - here).T) <= JUMP_M)  # the first place of a worker is no way to glide along either
        here[jumps] = xy[jumps]
        self._ways[rows] = np.column_stack([here, xy, np.full(len(rows), now_s)])
        self._changed.append(rows)
        self._x[rows], self._y[rows] = xy[:, 0], xy[:, 1]
        self._note(rows)
        self._last_end_s = max(self._last_end_s, now_s + GLIDE_S)

    def at(self, now_s: float, rows: NDArray[np.int32] | slice = slice(None)) -> NDArray[np.float64]:
        """Places float64[n, 2] at a moment, plane metres."""
        return _reached(self._ways[rows], now_s)

    def ends(self, rows: NDArray[np.int32] | slice = slice(None)) -> NDArray[np.float64]:
        """Where some are going, float64[n, 2], plane metres; NaN for who has no place."""
        return self._ways[rows, END]

    def records(self, rows: NDArray[np.int32]) -> NDArray[np.void]:
        """What the shader reads of some, RECORD[n]."""
        ways, made = self._ways[rows], np.zeros(len(rows), RECORD)
        made["start"], made["end"], made["began_s"], made["glide_s"] = ways[:, START], ways[:, END], ways[:, BEGAN], GLIDE_S
        made["look"] = self.look[rows]
        return made

    def is_gliding(self, now_s: float) -> bool:
        """Whether any dot is still under way."""
        return now_s < self._last_end_s

    def mark(self, rows: NDArray[np.int32], marks: NDArray[np.uint8]) -> None:
        """Change how some dots are drawn, see WorkerMark."""
        self.look[rows, 0] = marks
        self._note(np.asarray(rows, np.int32))
        self._changed.append(np.asarray(rows, np.int32))

    def light(self, everyone: bool, ranked: NDArray[np.int32]) -> None:
        """Draw all dots brighter, or not; those ranked carry their rank 1..9 and are always bright."""
        self.look[:, 1] = everyone
        self.look[:, 2] = 0
        self.look[ranked, 2] = np.arange(1, len(ranked) + 1, dtype=np.uint8)
        self.all_changed = True

    def shown(self, rows: NDArray[np.int32] | slice = slice(None)) -> NDArray[np.bool_]:
        """Which workers have a dot at all: those off duty have none."""
        hidden = self.look[rows, 0] == WorkerMark.OFF
        return np.asarray(~hidden & np.isfinite(self._ways[rows, END.start]))

    def within(self, box: tuple[float, float, float, float]) -> NDArray[np.int32]:
        """Rows, ascending, of all who are in a box or under way into, out of or through it."""
        west, south, east, north = (np.float32(side) for side in box)
        rim = np.float32(JUMP_M)
        inside = (self._x > west - rim) & (self._x < east + rim) & (self._y > south - rim) & (self._y < north + rim)
        return np.nonzero(inside)[0].astype(np.int32)

    def places32(
        self, rows: NDArray[np.int32] | slice = slice(None)
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        """Where some are going, x and y float32[n], and who of them is not shown."""
        return self._x[rows], self._y[rows], self.look[rows, 0] == WorkerMark.OFF

    def _note(self, rows: NDArray[np.int32]) -> None:
        self.moves += 1
        self._went.append((self.moves, rows))
        self._remembered += len(rows)
        if self._remembered > len(self):
            self._forget()

    def _forget(self) -> None:
        self._went, self._remembered, self._forgotten = [], 0, self.moves

    def went_since(self, moves: int) -> NDArray[np.int32] | None:
        """Rows, each once, that moved or looked different since `moves` stood at a number; None where that may be anybody."""
        if moves < self._forgotten:
            return None
        return _each_once([rows for number, rows in self._went if number > moves])

    def take_changed(self) -> NDArray[np.int32] | None:
        """Rows whose records changed since last asked, sorted; None means all of them."""
        changed, everything = self._changed, self.all_changed
        self._changed, self.all_changed = [], False
        if everything:
            return None
        return _each_once(changed)
