"""A past period as the ledger tells it: what stands on the map at any moment of it. A replica of its own; no Qt.

Of every version of an incident only what a pin needs is kept ready, in columns; the whole case is put together again from
what was sent when somebody asks for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

import numpy as np
import numpy.typing as npt

from desktop.map.scene import Pins
from desktop.map_marks import pin_of
from desktop.timeline.newest import Newest
from governance.camera import CameraState
from governance.changes import CaseChanged, CaseGone
from governance.floors import Floor, floor_told
from governance.incident import TERMINAL, Case
from governance.roles import CONFIDENTIAL
from wire.codec import decode_change
from wire.past_requests import CameraWas, PastIs
from wire.publications import Numbered

COLUMNS = np.dtype(
    [
        ("lon", "f8"),
        ("lat", "f8"),
        ("category", "u1"),
        ("urgency", "u1"),
        ("severity", "u1"),
        ("state", "u1"),
        ("overdue", "?"),
        ("is_open", "?"),
        ("grid", "<i4"),
        ("floor", "<i4"),
    ]
)
"""What is kept of a version: `grid` is a row of `Past.grids`, `floor` one of its floors.

Of a version that left the post's sight `is_open` is false.
"""
CAMERA_STATES = tuple(CameraState)


class Past:
    """Incidents and cameras of a period; pages are taken in until `settle`, then the hand may be moved. Main thread only."""

    def __init__(self, since: datetime, until: datetime) -> None:
        """Nothing is known yet."""
        self.since, self.until = since, until
        self.since_s, self.until_s = since.timestamp(), until.timestamp()
        self.ids: list[UUID] = []
        self.grids: list[str] = []
        self.cameras: list[str] = []
        self.total = 0
        """Incidents that the server has for the period; those there is something to show of are `ids`."""
        self.holes = 0
        """Changes that fit nothing before them and were passed over."""
        self.cut: set[UUID] = set()
        """Incidents too large to be told to their end."""
        self._confidential: set[UUID] = set()
        self._told: list[list[Numbered]] = []
        self._grades: list[int] = []
        self._versions: list[tuple[float, int, int, tuple[object, ...]]] = []
        self._camera_log: list[CameraWas] = []
        self._row_of: dict[UUID, int] = {}
        self._grid_of: dict[str, int] = {}
        self._floors: list[Floor | None] = []
        self._floor_of: dict[tuple[str, str], int] = {}
        self._names: tuple[str, ...] = ()
        self._empty()

    def _empty(self) -> None:
        self.columns = np.zeros(0, COLUMNS)
        self._nth = np.zeros(0, np.int32)
        self.incident = np.zeros(0, np.int32)
        self.hand = Newest(np.zeros(0), np.zeros(0, np.int32), 0)
        self._camera_hand = Newest(np.zeros(0), np.zeros(0, np.int32), 0)
        self._camera_states = np.zeros(0, np.uint8)

    def take(self, page: PastIs) -> None:
        """Take a page in: each incident is in one page only."""
        for _ in self.taking(page):
            pass

    def taking(self, page: PastIs) -> Iterator[None]:
        """Take a page in, a millisecond or so at a time."""
        self.total = page.total or self.total
        self.cut.update(page.cut)
        self._confidential.update(page.confidential)
        self._camera_log += page.cameras
        told: defaultdict[UUID, list[tuple[int, Numbered, CaseChanged | CaseGone]]] = defaultdict(list)
        for sent in page.changes:
            fact = decode_change(sent).fact
            if isinstance(fact, CaseChanged):
                told[fact.incident.id].append((fact.incident.version, sent, fact))
            elif isinstance(fact, CaseGone):
                told[fact.incident].append((fact.version, sent, fact))
            yield
        for incident, changes in told.items():
            changes.sort(key=lambda change: (change[0], change[1].at))
            self._follow(incident, [(sent, fact) for _, sent, fact in changes])
            yield

    def settle(self) -> None:
        """All pages are here: everything in the order of time, the hand at the beginning."""
        self._versions.sort(key=lambda version: version[0])
        self.columns = np.array([each[3] for each in self._versions], COLUMNS)
        self.incident = np.array([each[1] for each in self._versions], np.int32)
        self._nth = np.array([each[2] for each in self._versions], np.int32)
        times_s = np.array([each[0] for each in self._versions], np.float64)
        self._versions = []
        self.hand = Newest(times_s, self.incident, len(self.ids))
        self._names = tuple(str(incident) for incident in self.ids)
        log = sorted(self._camera_log, key=lambda each: each.at)
        self.cameras = sorted({each.camera for each in log})
        row_of = {camera: row for row, camera in enumerate(self.cameras)}
        known = {state.value: number for number, state in enumerate(CAMERA_STATES)}
        self._camera_states = np.array([known.get(each.state, 0) for each in log], np.uint8)
        things = np.array([row_of[each.camera] for each in log], np.int32)
        self._camera_hand = Newest(np.array([each.at.timestamp() for each in log]), things, len(self.cameras))
        self._camera_log = []
        self.move_to(self.since_s)

    def move_to(self, moment_s: float) -> tuple[bool, bool]:
        """Let everything stand as it did at a moment; whether incidents and whether cameras stand differently now."""
        return self.hand.move_to(moment_s), self._camera_hand.move_to(moment_s)

    def next_s(self, moment_s: float) -> float | None:
        """When the next change after a moment is; None where none follows in the period."""
        found = (hand.next_s(max(moment_s, self.since_s)) for hand in (self.hand, self._camera_hand))
        return min((each for each in found if each is not None and each <= self.until_s), default=None)

    def previous_s(self, moment_s: float) -> float | None:
        """When the last change before a moment was; None where none went before it in the period."""
        found = (hand.previous_s(moment_s) for hand in (self.hand, self._camera_hand))
        return max((each for each in found if each is not None and each > self.since_s), default=None)

    def pins(self) -> Pins:
        """The open incidents as pins."""
        rows = self._standing()
        kept = self.columns[rows]
        return Pins(
            ids=tuple(map(self._names.__getitem__, self.incident[rows].tolist())),
            lon=kept["lon"],
            lat=kept["lat"],
            category=kept["category"],
            urgency=kept["urgency"],
            severity=kept["severity"],
            state=kept["state"],
            pending=np.zeros(len(rows), np.bool_),
            overdue=kept["overdue"],
            floors=tuple(map(self._floors.__getitem__, kept["floor"].tolist())),
        )

    def load(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many incidents are open and how many overdue in each grid that has any."""
        kept = self.columns[self._standing()]
        counted = [np.bincount(kept["grid"][which], minlength=len(self.grids)) for which in (slice(None), kept["overdue"])]
        found = [{self.grids[row]: int(count[row]) for row in np.flatnonzero(count).tolist()} for count in counted]
        return found[0], found[1]

    def camera_states(self) -> dict[str, CameraState]:
        """How each camera stood; none of those nobody told of."""
        return {
            self.cameras[thing]: CAMERA_STATES[self._camera_states[row]]
            for thing, row in enumerate(self._camera_hand.rows.tolist())
            if row >= 0
        }

    def case(self, incident: UUID) -> Case | None:
        """An incident whole, as it stood; None where it was not in the post's sight, or did not exist yet."""
        row = self.newest_of(incident)
        return self.version(row) if row >= 0 else None

    def newest_of(self, incident: UUID) -> int:
        """The entry an incident stands by now, -1 where there is none."""
        thing = self._row_of.get(incident)
        return int(self.hand.rows[thing]) if thing is not None else -1

    def version(self, row: int) -> Case | None:
        """The case as one entry of the log left it; None where it left the post's sight with it."""
        found: Case | None = None
        for sent in self._told[int(self.incident[row])][: int(self._nth[row]) + 1]:
            fact = decode_change(sent).fact
            found = fact.applied_to(found) if isinstance(fact, CaseChanged) else None
        return found

    def open_cases(self) -> list[Case]:
        """The open incidents whole, as they stood; a tenth of a millisecond each, for whoever prints or lists them."""
        found = (self.version(row) for row in self._standing().tolist())
        return [case for case in found if case is not None]

    def grade_of(self, incident: UUID) -> int:
        """How confidential an incident ever was, as far as it was told, or is today."""
        today = CONFIDENTIAL if incident in self._confidential else 0
        return max(self._grades[self._row_of[incident]], today)

    def is_cut_at(self, row: int) -> bool:
        """Whether what came after an entry was too much to be told."""
        thing = int(self.incident[row])
        return self.ids[thing] in self.cut and int(self._nth[row]) == len(self._told[thing]) - 1

    def cut_numbers(self) -> list[str]:
        """The numbers of the incidents that are not told to their end, as far as they are known."""
        rows = (self._row_of.get(incident) for incident in self.cut)
        firsts = (decode_change(self._told[row][0]).fact for row in rows if row is not None and self._told[row])
        return sorted(fact.incident.number for fact in firsts if isinstance(fact, CaseChanged))

    def cases(self) -> dict[UUID, Case]:
        """Every incident whole, as it stood; slow, for whoever compares."""
        found = {incident: self.case(incident) for incident in self.ids}
        return {incident: case for incident, case in found.items() if case is not None}

    def beginnings(self) -> npt.NDArray[np.int32]:
        """The entries within the period that tell of an incident for the first time, int32[k] by time."""
        return np.flatnonzero((self._nth == 0) & (self.hand.times_s > self.since_s)).astype(np.int32)

    def _standing(self) -> npt.NDArray[np.int32]:
        """The entries that stand now and are open."""
        rows = self.hand.rows[self.hand.rows >= 0]
        return np.asarray(rows[self.columns["is_open"][rows]])

    def _follow(self, incident: UUID, changes: Iterable[tuple[Numbered, CaseChanged | CaseGone]]) -> None:
        """What became of one incident, as a desk that hears its streams would have seen it."""
        thing = self._row_of.setdefault(incident, len(self.ids))
        if thing == len(self.ids):
            self.ids.append(incident)
            self._told.append([])
            self._grades.append(0)
        kept, before, left, at_s = self._told[thing], None, 0, 0.0
        for sent, fact in changes:
            now: Case | None = None
            if isinstance(fact, CaseChanged):
                self._grades[thing] = max(self._grades[thing], fact.incident.confidentiality)
                if fact.incident.version < (before.incident.version + 1 if before is not None else left):
                    continue
                try:
                    now = fact.applied_to(before)
                except ValueError:
                    self.holes += 1
                    continue
            else:
                left = max(left, fact.version)
                if before is None or before.incident.version >= fact.version:
                    continue
            at_s = max(at_s, sent.at.timestamp())
            self._versions.append((at_s, thing, len(kept), self._columns_of(now or before, now is not None)))
            kept.append(sent)
            before = now

    def _columns_of(self, case: Case | None, is_there: bool) -> tuple[object, ...]:
        assert case is not None
        grid = self._grid_of.setdefault(case.incident.grid, len(self.grids))
        if grid == len(self.grids):
            self.grids.append(case.incident.grid)
        told = case.incident.floor, case.incident.place_text
        floor = self._floor_of.setdefault(told, len(self._floors))
        if floor == len(self._floors):
            self._floors.append(floor_told(*told))
        return (*pin_of(case), is_there and case.incident.state not in TERMINAL, grid, floor)
