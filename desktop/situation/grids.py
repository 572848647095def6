"""Grids: how many incidents are open in each, and which lie side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from desktop.situation.incidents import is_over
from governance.deadline import has_missed
from governance.incident import Case

Counts = npt.NDArray[np.int32]


class GridLoad:
    """Open and overdue incidents of every grid, kept as cases change."""

    def __init__(self) -> None:
        """Nothing is open."""
        self.open: Counter[str] = Counter()
        self.overdue: Counter[str] = Counter()

    def exchange(self, before: Case | None, after: Case | None) -> None:
        """Count a case as it is now instead of as it was."""
        for case, step in ((before, -1), (after, 1)):
            if case is None or is_over(case):
                continue
            self.open[case.incident.grid] += step
            self.overdue[case.incident.grid] += step * has_missed(case)

    def of(self, codes: Sequence[str]) -> tuple[Counts, Counts]:
        """Open and overdue, int32[len(codes)] each, in the order of the codes given (that of the areas pack)."""
        return _counted(self.open, codes), _counted(self.overdue, codes)

    def within(self, area: str) -> tuple[int, int]:
        """Open and overdue of an area of any level."""
        return (
            sum(count for code, count in self.open.items() if code.startswith(area)),
            sum(count for code, count in self.overdue.items() if code.startswith(area)),
        )


def side_by_side(rings: Mapping[str, npt.NDArray[np.float64]]) -> dict[str, frozenset[str]]:
    """For every grid those that share a stretch of boundary with it.

    `rings` gives the vertices of each grid, float64[n, 2]; a coverage has its common vertices exactly equal, so two of
    them in common are a common stretch.
    """
    owners: defaultdict[bytes, set[str]] = defaultdict(set)
    for code, vertices in rings.items():
        for vertex in np.ascontiguousarray(vertices, np.float64):
            owners[vertex.tobytes()].add(code)
    common: Counter[tuple[str, str]] = Counter()
    for codes in owners.values():
        if len(codes) > 1:
            common.update((one, other) for one in codes for other in codes if one != other)
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for (one, other), vertices_shared in common.items():
        if vertices_shared >= 2:
            beside[one].add(other)
    return {code: frozenset(beside[code]) for code in rings}


def _counted(counts: Mapping[str, int], codes: Sequence[str]) -> Counts:
    """The counts in the order of the codes."""
    return np.fromiter((counts.get(code, 0) for code in codes), np.int32, len(codes))
