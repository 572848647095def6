"""Where workers are, by number and without a name: what the lane says, as arrays a map draws; no Qt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wire.publications import Positions


class Dots:
    """A row for every number that was ever heard of. Main thread only."""

    def __init__(self) -> None:
        """Nobody yet."""
        self.numbers: list[str] = []
        self.lon = np.zeros(0)
        self.lat = np.zeros(0)
        self._at = np.zeros(0, np.int64)
        self._row_of: dict[int, int] = {}

    def take(self, records: Positions) -> tuple[npt.NDArray[np.int32], bool]:
        """Rows int32[k] that have a newer place now, and whether somebody is among them who was not there before."""
        workers = records["worker"].tolist()
        fresh = [worker for worker in dict.fromkeys(workers) if worker not in self._row_of]
        for worker in fresh:
            self._row_of[worker] = len(self.numbers)
            self.numbers.append(str(worker))
        grown = len(self.numbers) - len(self.lon)
        if grown:
            self.lon = np.concatenate([self.lon, np.full(grown, np.nan)])
            self.lat = np.concatenate([self.lat, np.full(grown, np.nan)])
            self._at = np.concatenate([self._at, np.full(grown, -1, np.int64)])
        moved: dict[int, None] = {}
        places = zip(workers, records["at"].tolist(), records["lon"].tolist(), records["lat"].tolist(), strict=True)
        for worker, at, lon, lat in places:
            row = self._row_of[worker]
            if at > self._at[row]:
                self._at[row], self.lon[row], self.lat[row] = at, lon * 1e-7, lat * 1e-7
                moved[row] = None
        return np.fromiter(moved, np.int32, len(moved)), bool(fresh)
