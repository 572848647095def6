"""Workers as arrays, row by row: who they are, where they were last seen, who is nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import numpy as np
import numpy.typing as npt

from governance.changes import WorkerChanged
from governance.people import Duty, Worker
from governance.places import EARTH_RADIUS_M, LonLat
from wire.publications import Positions

Rows = npt.NDArray[np.int32]

DUTY_CODES = {duty: code for code, duty in enumerate(Duty)}
"""Duty -> number in `Workers.duty`: on duty 0, on task 1, off 2, lost 3."""
FRESH_S = 120.0
"""A fix older than this is stale (desk design: 'position older than 2 min')."""
PER_DEGREE = 1e7


class Workers:
    """All workers the post may see. Rows keep their numbers until the next snapshot. Main thread only.

    Arrays are row-wise and must not be written to: lon, lat float64 degrees (nan: never seen), at_s float64 seconds since
    1970 UTC (nan: never seen), duty uint8 (DUTY_CODES), numbers uint32.
    """

    def __init__(self, people: Iterable[Worker] = ()) -> None:
        """Rows in the order given; nobody has been seen yet."""
        self._people = list(people)
        count = len(self._people)
        self.ids: tuple[UUID, ...] = tuple(worker.id for worker in self._people)
        self.row_of: dict[UUID, int] = {worker_id: row for row, worker_id in enumerate(self.ids)}
        self.numbers = np.array([worker.number for worker in self._people], np.uint32)
        self.lon, self.lat, self.at_s = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
        self.duty = np.array([DUTY_CODES[worker.duty] for worker in self._people], np.uint8)
        self._stamp = np.zeros(count, np.int64)
        self._mark = 0
        self._row_of_number = _inverted(self.numbers)

    def __len__(self) -> int:
        """How many workers there are."""
        return len(self.ids)

    def people(self) -> list[Worker]:
        """All workers in row order, as they are now."""
        return self._people

    def person(self, worker: UUID) -> Worker | None:
        """One worker, as he is now."""
        row = self.row_of.get(worker)
        return None if row is None else self._people[row]

    def row_of_number(self, number: int) -> int | None:
        """The row of a worker's number, as position frames carry it."""
        row = int(self._row_of_number[number]) if number < len(self._row_of_number) else -1
        return None if row < 0 else row

    def place(self, worker: UUID) -> LonLat | None:
        """Where a worker was last seen."""
        row = self.row_of.get(worker)
        if row is None or np.isnan(self.lon[row]):
            return None
        return LonLat(float(self.lon[row]), float(self.lat[row]))

    def last_fixes(self) -> dict[UUID, tuple[LonLat, float]]:
        """Where and when (seconds since 1970) everyone seen at all was last seen."""
        seen = np.flatnonzero(~np.isnan(self.lon))
        rows = zip(seen.tolist(), self.lon[seen].tolist(), self.lat[seen].tolist(), self.at_s[seen].tolist(), strict=True)
        return {self.ids[row]: (LonLat(lon, lat), at_s) for row, lon, lat, at_s in rows}

    def move(self, records: Positions) -> int:
        """Take newer fixes over, POSITION[k]; unknown workers and older fixes are left out. Returns how many moved.

        Where a batch holds several fixes of one worker the newest counts.
        """
        if not len(records) or not len(self.ids):
            return 0
        order = np.argsort(records["at"], kind="stable")
        numbers = records["worker"][order].astype(np.int64)
        known = numbers < len(self._row_of_number)
        rows = np.where(known, self._row_of_number[np.where(known, numbers, 0)], -1)
        at_s = records["at"][order].astype(np.float64)
        newer = rows >= 0
        newer[newer] &= ~(at_s[newer] <= self.at_s[rows[newer]])
        rows, taken = rows[newer], order[newer]
        self.lon[rows], self.lat[rows] = records["lon"][taken] / PER_DEGREE, records["lat"][taken] / PER_DEGREE
        self.at_s[rows] = records["at"][taken]
        self._mark += 1
        self._stamp[rows] = self._mark
        return len(np.unique(rows))

    def moved_since(self, mark: int) -> tuple[Rows, int]:
        """Rows with a newer place since a mark (0: since the snapshot), and the mark to ask with next time."""
        return np.flatnonzero(self._stamp > mark).astype(np.int32), self._mark

    def change(self, fact: WorkerChanged) -> bool:
        """Take over duty and load of one worker; whether he is known."""
        row = self.row_of.get(fact.worker)
        if row is None:
            return False
        self._people[row] = replace(
            self._people[row], duty=fact.duty, live_tasks=fact.live_tasks, declined_today=fact.declined_today
        )
        self.duty[row] = DUTY_CODES[fact.duty]
        return True

    def nearest(self, place: LonLat, count: int, now_s: float, fresh_s: float = FRESH_S, skill: str = "") -> Rows:
        """Rows of the workers on duty closest to a place, nearest first.

        Distances are great-circle metres on WGS 84; rows is int32[k], k <= count. Off-duty and lost workers and fixes
        older than `fresh_s` are left out, and those without the skill where one is asked for.
        """
        here = (self.duty <= DUTY_CODES[Duty.ON_TASK]) & (now_s - self.at_s <= fresh_s)
        rows = np.flatnonzero(here)
        if skill:
            rows = rows[[skill in self._people[row].skills for row in rows.tolist()]] if len(rows) else rows
        metres = self.metres_from(place)[rows]
        return rows[np.argsort(metres, kind="stable")[:count]].astype(np.int32)

    def metres_from(self, place: LonLat) -> npt.NDArray[np.float64]:
        """Great-circle metres from a place to every worker, float64[rows]; nan for those never seen."""
        lat_1, lat_2 = np.radians(place.lat), np.radians(self.lat)
        half = np.sin((lat_2 - lat_1) / 2) ** 2
        half += np.cos(lat_1) * np.cos(lat_2) * np.sin(np.radians(self.lon - place.lon) / 2) ** 2
        return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)))


def _inverted(numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
    """Row of each number, -1 where none; numbers are small (Worker.number)."""
    rows = np.full(int(numbers.max(initial=0)) + 1, -1, np.int32)
    rows[numbers] = np.arange(len(numbers), dtype=np.int32)
    return rows
