"""The replica: one snapshot and the changes after it. Old snapshot plus changes equals a new snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from desktop.situation.cameras import Cameras
from desktop.situation.grids import GridLoad
from desktop.situation.incidents import queued
from desktop.situation.touched import NOTHING, Touched
from desktop.situation.workers import Workers
from governance.changes import (
    CameraChanged,
    CaseChanged,
    CaseGone,
    Change,
    EditionChanged,
    Fact,
    RulesChanged,
    ShiftChanged,
    WallChanged,
    WorkerChanged,
)
from governance.incident import Case
from governance.people import Unit
from governance.rules import Rules
from governance.shifts import UnitShifts
from governance.wall import WallStanding
from wire.publications import POSITION, Positions
from wire.requests import Snapshot, TownManifest

EMPTY_TOWN = TownManifest("", "", "", 0.0, 0.0, {})


class OutOfStep(Exception):
    """A change does not fit what is here: only a fresh snapshot helps."""


class Situation:
    """What a post may see, as of the numbers of its streams. Plain; read and changed on the main thread only."""

    def __init__(self) -> None:
        """Nothing known yet."""
        self.epoch: UUID | None = None
        self.at = datetime.fromtimestamp(0, UTC)
        """Server's time of the newest thing in here."""
        self.numbers: dict[str, int] = {}
        """Newest number applied of each stream."""
        self.cases: dict[UUID, Case] = {}
        self.workers = Workers()
        self.cameras = Cameras()
        self.units: dict[UUID, Unit] = {}
        self.shifts: dict[UUID, UnitShifts] = {}
        """How each unit stands that has a shift in force or a planned one."""
        self.walls: dict[str, WallStanding] = {}
        """How each wall stands that this post may control, by code."""
        self.rules = Rules(0)
        self.town = EMPTY_TOWN
        self.load = GridLoad()
        self._beside: Mapping[str, frozenset[str]] = {}
        self._gone: dict[UUID, int] = {}
        """The version at which a case last left a stream: what is older and comes later through another is past."""

    def start_from(self, snapshot: Snapshot) -> Touched:
        """Replace everything by a snapshot; of the cases those are named that differ from before."""
        before = self.cases
        self.epoch, self.at = snapshot.epoch, snapshot.at
        self.numbers = dict(snapshot.numbers)
        self.cases = {case.incident.id: case for case in snapshot.cases}
        self.workers = Workers(snapshot.workers)
        self.cameras = Cameras(snapshot.cameras)
        self.units = {unit.id: unit for unit in snapshot.units}
        self.shifts = {standing.unit: standing for standing in snapshot.shifts}
        self.walls = {standing.wall.code: standing for standing in snapshot.walls}
        self.rules, self.town = snapshot.rules, snapshot.town
        self.load, self._gone = GridLoad(), {}
        for case in snapshot.cases:
            self.load.exchange(None, case)
        self.workers.move(np.frombuffer(snapshot.positions, POSITION))
        ids = before.keys() | self.cases.keys()
        return Touched(everything=True, cases=frozenset(i for i in ids if before.get(i) != self.cases.get(i)))

    def apply(self, change: Change) -> Touched:
        """Apply one change; OutOfStep where it leaves a hole in its stream or its case.

        A change already contained (also one that came through another stream) only moves the number.
        """
        last = self.numbers.get(change.stream, 0)
        if change.number <= last:
            return NOTHING
        if change.number != last + 1:
            raise OutOfStep(f"{change.stream}: {change.number} after {last}")
        touched = self._apply(change.fact)
        self.numbers[change.stream] = change.number
        self.at = max(self.at, change.at)
        if change.order_id is None:
            return touched
        incident = change.fact.incident.id if isinstance(change.fact, CaseChanged) else None
        return touched | Touched(orders=((change.order_id, incident),))

    def apply_all(self, changes: Iterable[Change]) -> Touched:
        """Apply changes in their order."""
        touched = NOTHING
        for change in changes:
            touched |= self.apply(change)
        return touched

    def take_in(self, case: Case) -> Touched:
        """A case that ended long ago is looked at: it stands here too, and its streams tell what becomes of it.

        A version that is known already, or that left the streams meanwhile, stays as it is.
        """
        before = self.cases.get(case.incident.id)
        if before is not None or case.incident.version < self._gone.get(case.incident.id, 0):
            return NOTHING
        self.cases[case.incident.id] = case
        self.load.exchange(None, case)
        return Touched(cases=frozenset({case.incident.id}))

    def move(self, records: Positions) -> Touched:
        """Take over newer positions, POSITION[k]."""
        return Touched(moved=self.workers.move(records))

    def queues(self) -> dict[str, tuple[UUID, ...]]:
        """Ids of the cases of every queue (incidents.QUEUES), what comes first first."""
        return queued(self.cases.values())

    def know_neighbours(self, beside: Mapping[str, frozenset[str]]) -> None:
        """Which grids lie side by side, once the areas pack is there (grids.side_by_side)."""
        self._beside = beside

    def grids_beside(self, grid: str) -> frozenset[str]:
        """The grids that share a boundary with one; empty until the map is there."""
        return self._beside.get(grid, frozenset())

    def _apply(self, fact: Fact) -> Touched:
        """Take one fact over."""
        if isinstance(fact, CaseChanged):
            return self._change_case(fact)
        if isinstance(fact, CaseGone):
            return self._forget_case(fact)
        if isinstance(fact, WorkerChanged):
            return Touched(workers=frozenset({fact.worker})) if self.workers.change(fact) else NOTHING
        if isinstance(fact, CameraChanged):
            return Touched(cameras=frozenset({fact.camera})) if self.cameras.change(fact) else NOTHING
        if isinstance(fact, ShiftChanged):
            return self._change_shift(fact.standing)
        if isinstance(fact, WallChanged):
            self.walls[fact.standing.wall.code] = fact.standing
            return Touched(walls=frozenset({fact.standing.wall.code}))
        if isinstance(fact, RulesChanged):
            return Touched(rules=fact.version != self.rules.version)
        assert isinstance(fact, EditionChanged)
        return Touched(edition=True)

    def _forget_case(self, fact: CaseGone) -> Touched:
        """A case is in another stream from this version on: who has it so new hears that stream, and keeps it."""
        self._gone[fact.incident] = max(fact.version, self._gone.get(fact.incident, 0))
        before = self.cases.get(fact.incident)
        if before is None or before.incident.version >= fact.version:
            return NOTHING
        del self.cases[fact.incident]
        self.load.exchange(before, None)
        return Touched(cases=frozenset({fact.incident}))

    def _change_shift(self, standing: UnitShifts) -> Touched:
        """Take over how a unit stands; one that has no shift and none planned is not kept."""
        self.shifts[standing.unit] = standing
        if standing.current is None and standing.coming is None:
            del self.shifts[standing.unit]
        return Touched(shifts=frozenset({standing.unit}))

    def _change_case(self, fact: CaseChanged) -> Touched:
        """Take a newer version of a case over."""
        before = self.cases.get(fact.incident.id)
        known = before.incident.version + 1 if before is not None else self._gone.get(fact.incident.id, 0)
        if fact.incident.version < known:
            return NOTHING
        try:
            after = fact.applied_to(before)
        except ValueError as problem:
            raise OutOfStep(f"{fact.incident.number}: {problem}") from problem
        self.cases[fact.incident.id] = after
        self.load.exchange(before, after)
        return Touched(cases=frozenset({fact.incident.id}))
