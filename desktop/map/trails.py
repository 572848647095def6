"""The last places of workers, each in a ring of its own; no Qt, no clock.

Not of everybody everywhere: docs/decisions/0020 says of whom and why.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop.map.moving import JUMP_M

Rows = NDArray[np.int32]
Floats = NDArray[np.float64]

KEPT = 24
"""Places of one worker."""

SLOTS = 4_096
"""Workers whose places are kept at a time: everybody of a district, of more those who were in view last."""

MOST_IN_VIEW = 500
"""Where more workers are in view only those who are told apart leave a trail: nobody could tell the others'."""

STEP_M = 10.0
"""A place nearer than that to the one before is none: the ring would fill with the trembling of someone who stands."""

FADE_S = 600.0
"""After so long a trail is gone."""


class Trails:
    """Rings of places.

    `places` is float32[slots, KEPT, 4]: x, y, the second when it was left, and 2 + its grid, negative before a jump.
    """

    def __init__(self) -> None:
        """Nobody yet."""
        self.start_with(0)

    def start_with(self, count: int) -> None:
        """Forget everything; there are so many workers from now on."""
        slots = min(count, SLOTS)
        self.places = np.zeros((slots, KEPT, 4), np.float32)
        self.head, self.count = np.zeros(slots, np.int32), np.zeros(slots, np.int32)
        everybody = np.arange(count, dtype=np.int32)
        self._is_everybody = count <= SLOTS
        self.slot_of = everybody if self._is_everybody else np.full(count, -1, np.int32)
        self._row_of = everybody.copy() if self._is_everybody else np.full(slots, -1, np.int32)
        self._wanted, self._turn = np.zeros(slots, np.int64), 0
        self._changed: list[Rows] = []
        self.all_changed = True
        self.version = 0
        """How often anything was left or forgotten."""

    @property
    def size(self) -> int:
        """Bytes that all rings take."""
        return self.places.nbytes

    def keep(self, rows: Rows) -> None:
        """See to it that these workers (of too many the first) have rings; who was wanted longest ago loses theirs."""
        if self._is_everybody or len(rows) == 0:
            return
        rows = rows[:SLOTS]
        self._turn += 1
        held = self.slot_of[rows]
        self._wanted[held[held >= 0]] = self._turn
        new = rows[held < 0]
        if len(new) == 0:
            return
        given = np.argsort(self._wanted, kind="stable")[: len(new)].astype(np.int32)
        losers = self._row_of[given]
        self.slot_of[losers[losers >= 0]] = -1
        self.slot_of[new], self._row_of[given] = given, new
        self.count[given], self.head[given], self._wanted[given] = 0, 0, self._turn
        self.version += 1

    def leave(self, rows: Rows, left: Floats, grid: Rows, entered: Floats, now_s: float) -> None:
        """Workers go from places float64[k, 2] in some grids to others; what is no number is no place."""
        slot = self.slot_of[rows]
        known = slot >= 0
        if not known.any():
            return
        known &= np.isfinite(left).all(axis=1)
        slot, left, grid, entered = slot[known], left[known], grid[known], entered[known]
        newest = self.places[slot, self.head[slot], :2]
        far = (self.count[slot] == 0) | (np.hypot(*(left - newest).T) >= STEP_M)
        further = slot[far]
        self.head[further] = (self.head[further] + 1) % KEPT
        self.count[further] = np.minimum(self.count[further] + 1, KEPT)
        fresh = np.column_stack([left[far], np.full(len(further), now_s), grid[far] + 2.0])
        self.places[further, self.head[further]] = fresh
        at = self.head[slot]
        self.places[slot, at, 2] = now_s  # who stood there left only now
        jumps = ~(np.hypot(*(entered - left).T) <= JUMP_M)
        self.places[slot, at, 3] = np.where(jumps, -np.abs(self.places[slot, at, 3]), self.places[slot, at, 3])
        self._changed.append(slot)
        self.version += 1

    def take_changed(self) -> Rows | None:
        """Slots whose rings changed since last asked, sorted; None means all of them."""
        changed, everything = self._changed, self.all_changed
        self._changed, self.all_changed = [], False
        if everything:
            return None
        return np.unique(np.concatenate(changed)) if changed else np.zeros(0, np.int32)

    def pieces(self, rows: Rows, here: Floats, now_s: float) -> tuple[Floats, Rows, Floats, Rows]:
        """The trails of workers who are at some places: ends float64[k, 2, 2] older first, grids int32[k, 2], ages, rows."""
        slot = self.slot_of[rows]
        rows, here, slot = rows[slot >= 0], here[slot >= 0], slot[slot >= 0]
        back = (self.head[slot][:, None] - np.arange(KEPT)) % KEPT
        places = self.places[slot[:, None], back].astype(np.float64)
        place, grid = places[..., :2], np.abs(places[..., 3]).astype(np.int32) - 2
        newer = np.concatenate([here[:, None], place[:, :-1]], axis=1)
        newer_grid = np.concatenate([grid[:, :1], grid[:, :-1]], axis=1)
        age_s = now_s - places[..., 2]
        there = (np.arange(KEPT) < self.count[slot][:, None]) & (places[..., 3] > 0) & (age_s < FADE_S)
        ends, grids = np.stack([place, newer], axis=2), np.stack([grid, newer_grid], axis=2)
        return ends[there], grids[there], age_s[there], np.broadcast_to(rows[:, None], there.shape)[there]
