"""The newest fix of every worker, which moved since last asked, and who fell silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from governance.people import Duty
from server.positions.fix_gate import Before, Flags, Limits, Verdict, gated, newest_of_each, rounds, sifted
from server.positions.ground import NOWHERE, GridRows, Ground
from wire.publications import POSITION, Positions

LARGEST_NUMBER = 4_000_000
"""Worker numbers are small by definition; a larger one is refused before it costs memory."""

ROUNDS = 32
"""Fixes of one worker that one turn takes; the others wait for the next, so that nobody's backlog delays a tick."""
MOST_WAITING = 500
"""Fixes of one worker that are held at once: a whole batch of the worker app. Of more the oldest are dropped."""

Numbers = npt.NDArray[np.uint32]


class Latest:
    """Arrays indexed by worker number. The positions loop owns it; nothing here reads a clock or a socket."""

    def __init__(self, ground: Ground, limits: Limits | None = None) -> None:
        """Nobody is known yet."""
        self.ground = ground
        self.limits = limits or Limits()
        self.stopped: Counter[str] = Counter()
        """How many fixes each check stopped, `passed`, and `too_many`: those a worker sent beyond MOST_WAITING."""
        self._waiting = np.zeros(0, POSITION)
        self._fixes = np.zeros(0, POSITION)
        self._grids = np.zeros(0, np.int32)
        self._heard = np.zeros(0)
        self._moved = np.zeros(0, np.bool_)
        self._unsaved = np.zeros(0, np.bool_)
        self._on_duty = np.zeros(0, np.bool_)
        self._lost = np.zeros(0, np.bool_)
        self._known = np.zeros(0, np.bool_)

    def employ(self, workers: Sequence[tuple[int, str, Duty]], now: float) -> None:
        """Take over who there is: number, home grid and duty of every worker; others are no longer known.

        A worker new or newly on duty counts as heard now, so that nobody is lost at once.
        """
        numbers = np.array([number for number, _, _ in workers], np.int64)
        if len(numbers) and (numbers.min() < 0 or numbers.max() > LARGEST_NUMBER):
            raise ValueError(f"worker numbers run from 0 to {LARGEST_NUMBER}")
        self._reserve(int(numbers.max(initial=-1)) + 1)
        on_duty = np.zeros(len(self._fixes), np.bool_)
        on_duty[[number for number, _, duty in workers if duty is not Duty.OFF]] = True
        lost = np.zeros(len(self._fixes), np.bool_)
        lost[[number for number, _, duty in workers if duty is Duty.LOST]] = True
        fresh = on_duty & ~self._on_duty
        self._heard[fresh & ~lost] = now
        self._on_duty, self._lost = on_duty, lost
        self._known[:] = False
        self._known[numbers] = True
        homes = np.array([self.ground.row_of(grid) for _, grid, _ in workers], np.int32)
        homeless = self._grids[numbers] == NOWHERE
        self._grids[numbers[homeless]] = homes[homeless]

    def stand_on(self, ground: Ground) -> None:
        """Change to a new boundary edition: every known fix is located again."""
        codes = self.ground.codes
        rows = np.array([ground.row_of(code) for code in codes] + [NOWHERE], np.int32)
        self.ground = ground
        self._grids = rows[self._grids]
        seen = np.flatnonzero(self._fixes["at"] > 0)
        there = ground.located(self._fixes["lon"][seen] * 1e-7, self._fixes["lat"][seen] * 1e-7, self._grids[seen])
        self._grids[seen] = np.where(there == NOWHERE, self._grids[seen], there)

    def recall(self, fixes: Positions) -> None:
        """Start from what was saved: the last known fix of each worker, neither moved nor unsaved."""
        fixes = fixes[fixes["worker"] < len(self._fixes)]
        self._fixes[fixes["worker"]] = fixes

    def take(self, fixes: Positions, enrolled: Flags, now: float) -> tuple[Positions, GridRows]:
        """The fixes that pass the gate, oldest first per worker, and their grids; each also becomes the newest.

        `enrolled` says of each fix whether its sender may speak for its worker. Of each worker at most ROUNDS are
        taken; the others wait, and come first when asked again (see `has_waiting`).
        """
        everything = np.concatenate([self._waiting, self._sifted(fixes, enrolled, now)])
        offered = newest_of_each(everything, MOST_WAITING)
        if len(offered) < len(everything):
            self.stopped["too_many"] += len(everything) - len(offered)
        turns = rounds(offered["worker"], offered["at"])
        passed: list[Positions] = [np.zeros(0, POSITION)]
        grids: list[GridRows] = [np.zeros(0, np.int32)]
        for rows in turns[:ROUNDS]:
            kept, where = self._take_round(offered[rows], now)
            passed.append(kept)
            grids.append(where)
        self._waiting = offered[np.concatenate([np.zeros(0, np.intp), *turns[ROUNDS:]])]
        return np.concatenate(passed), np.concatenate(grids)

    def has_waiting(self) -> bool:
        """Whether fixes of an earlier turn wait to be taken."""
        return len(self._waiting) > 0

    def moved(self) -> tuple[Positions, GridRows]:
        """Newest fixes of those who moved since last asked, and their grids; asking resets it."""
        numbers = np.flatnonzero(self._moved & self._on_duty)
        self._moved[:] = False
        return self._fixes[numbers], self._grids[numbers]

    def unsaved(self) -> tuple[Positions, GridRows]:
        """Newest fixes not yet handed out for saving, and their grids; asking resets it."""
        numbers = np.flatnonzero(self._unsaved)
        self._unsaved[:] = False
        return self._fixes[numbers], self._grids[numbers]

    def silent(self, now: float, silence_s: float) -> Numbers:
        """Numbers of workers on duty, not yet lost, who were not heard for `silence_s`."""
        return np.flatnonzero(self._on_duty & ~self._lost & (self._heard < now - silence_s)).astype(np.uint32)

    def returned(self, now: float, silence_s: float) -> Numbers:
        """Numbers of lost workers who were heard again."""
        return np.flatnonzero(self._on_duty & self._lost & (self._heard >= now - silence_s)).astype(np.uint32)

    def is_known(self, numbers: Numbers) -> Flags:
        """Whether there are such workers."""
        known = np.zeros(len(numbers), np.bool_)
        possible = numbers < len(self._known)
        known[possible] = self._known[numbers[possible]]
        return known

    def _sifted(self, fixes: Positions, enrolled: Flags, now: float) -> Positions:
        """The fixes that need a closer look, the others counted: that costs the same however many one worker has."""
        allowed = enrolled & self.is_known(fixes["worker"])
        self._count(Verdict.NOT_ENROLLED, int(np.count_nonzero(~allowed)))
        fixes = fixes[allowed]
        numbers = fixes["worker"]
        everybody = np.ones(len(fixes), np.bool_)
        newest_at = self._fixes["at"][numbers]
        verdicts = sifted(fixes, newest_at, everybody, self._on_duty[numbers], self.limits, now)
        for verdict in (Verdict.OFF_DUTY, Verdict.STALE, Verdict.CLOCK_SKEW):
            self._count(verdict, int(np.count_nonzero(verdicts == verdict)))
        passed: Positions = fixes[verdicts == Verdict.PASSED]
        return passed

    def _count(self, verdict: Verdict, fixes: int) -> None:
        if fixes:
            self.stopped[verdict.name.lower()] += fixes

    def _take_round(self, fixes: Positions, now: float) -> tuple[Positions, GridRows]:
        """One fix per worker through the gate and into the arrays."""
        numbers = fixes["worker"]
        before = Before(self._fixes[numbers], self._grids[numbers])
        known = self.is_known(numbers)
        verdicts, grids = gated(fixes, before, known, self._on_duty[numbers], self.ground, self.limits, now)
        for verdict, count in enumerate(np.bincount(verdicts, minlength=len(Verdict)).tolist()):
            self._count(Verdict(verdict), count)
        passed = verdicts == Verdict.PASSED
        kept, where, numbers = fixes[passed], grids[passed], numbers[passed]
        self._fixes[numbers] = kept
        self._grids[numbers] = where
        self._heard[numbers] = now
        self._moved[numbers] = True
        self._unsaved[numbers] = True
        return kept, where

    def _reserve(self, count: int) -> None:
        """Room for that many numbers; what is known stays."""
        more = count - len(self._fixes)
        if more <= 0:
            return
        self._fixes = np.concatenate([self._fixes, np.zeros(more, POSITION)])
        self._grids = np.concatenate([self._grids, np.full(more, NOWHERE, np.int32)])
        self._heard = np.concatenate([self._heard, np.zeros(more)])
        for name in ("_moved", "_unsaved", "_on_duty", "_lost", "_known"):
            setattr(self, name, np.concatenate([getattr(self, name), np.zeros(more, np.bool_)]))
