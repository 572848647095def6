"""A set of areas with codes and names, and what differs between two of them.

Areas are compared by their code. Where a code is new and another is gone but the boundary is the same, the area was coded anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.edges import edges_of, hashes_of, mixed
from gis_data.boundaries.lattice import Lattice

_SAME_M2 = 0.01
"""Areas that differ by less than this have the same boundary."""
_A_SHARE_M2 = 1.0
"""Less than this in common is what rounding leaves along a boundary."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area of an edition."""

    code: str
    name: str
    parent: str
    """Code of the area above; empty at the top."""
    shape: shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class Reshaped:
    """An area whose boundary is another now."""

    code: str
    gained_m2: float
    lost_m2: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from one edition to the next; codes in the order of the newer edition, removed ones in that of the older."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reshaped: tuple[Reshaped, ...]
    renamed: tuple[tuple[str, str, str], ...]
    """Code, old name, new name."""
    recoded: tuple[tuple[str, str], ...]
    """Old code, new code."""
    moved: tuple[tuple[str, str, str], ...]
    """Code, old parent, new parent."""

    @property
    def is_nothing(self) -> bool:
        """Whether both editions say the same."""
        return not (self.added or self.removed or self.reshaped or self.renamed or self.recoded or self.moved)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an old area came to a new one."""

    old: str
    new: str
    of_old: float
    """0 to 1, by area."""
    of_new: float


def difference(before: Sequence[Area], after: Sequence[Area], crs: SourceCrs) -> Difference:
    """What changes from one edition to another in the same coordinates; codes are each their own in either."""
    old, new = {area.code: area for area in before}, {area.code: area for area in after}
    lattice = _lattice([*before, *after], crs)
    same_shape = _boundary_of(before, lattice), _boundary_of(after, lattice)
    recoded = _recoded(before, after, *same_shape)
    gone, come = dict(recoded), {fresh: code for code, fresh in recoded}
    both = [(old[code], area) for code, area in new.items() if code in old]
    pairs = [*both, *((old[code], new[fresh]) for code, fresh in recoded)]
    return Difference(
        added=tuple(code for code in new if code not in old and code not in come),
        removed=tuple(code for code in old if code not in new and code not in gone),
        reshaped=tuple(_reshaped(both, *same_shape, lattice)),
        renamed=tuple((now.code, was.name, now.name) for was, now in pairs if was.name != now.name),
        recoded=recoded,
        moved=tuple((now.code, was.parent, now.parent) for was, now in pairs if was.parent != now.parent),
    )


def lineage(before: Sequence[Area], after: Sequence[Area], crs: SourceCrs) -> tuple[Share, ...]:
    """Which old areas each new one was made of, in the order of the new ones, the largest share first; slivers are left out."""
    if not before or not after:
        return ()
    lattice = _lattice([*before, *after], crs)
    old, new = _sound(before, lattice), _sound(after, lattice)
    at, of = shapely.STRtree(old).query(new, predicate="intersects")
    area_old, area_new = shapely.area(old), shapely.area(new)
    common = shapely.area(shapely.intersection(old[of], new[at]))
    shares = [
        (
            k,
            -common[i],
            Share(before[j].code, after[k].code, _rounded(common[i] / area_old[j]), _rounded(common[i] / area_new[k])),
        )
        for i, (k, j) in enumerate(zip(at.tolist(), of.tolist(), strict=True))
        if common[i] / 1e6 > _A_SHARE_M2
    ]
    return tuple(share for _, _, share in sorted(shares, key=lambda each: each[:2]))


def _rounded(share: float) -> float:
    return round(float(share), 6)


def _lattice(areas: Sequence[Area], crs: SourceCrs) -> Lattice:
    shapes = np.array([area.shape for area in areas], dtype=object)
    return Lattice.around(shapely.total_bounds(shapes), crs)


def _sound(areas: Sequence[Area], lattice: Lattice) -> npt.NDArray[np.object_]:
    shapes = lattice.rounded(np.array([area.shape for area in areas], dtype=object))
    return np.asarray(np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes)), dtype=object)


def _boundary_of(areas: Sequence[Area], lattice: Lattice) -> dict[str, int]:
    """A number for the boundary of each area, the same for the same edges."""
    if not areas:
        return {}
    edges = edges_of(np.array([area.shape for area in areas], dtype=object), lattice)
    begins = np.flatnonzero(np.append(True, edges.owner[1:] != edges.owner[:-1]))
    sums = np.add.reduceat(mixed(hashes_of(edges)), begins)
    return {areas[k].code: int(number) for k, number in zip(edges.owner[begins].tolist(), sums.tolist(), strict=True)}


def _recoded(
    before: Sequence[Area], after: Sequence[Area], was: dict[str, int], now: dict[str, int]
) -> tuple[tuple[str, str], ...]:
    left = {was[area.code]: area.code for area in before if area.code not in now}
    return tuple((left[now[area.code]], area.code) for area in after if area.code not in was and now[area.code] in left)


def _reshaped(pairs: Sequence[tuple[Area, Area]], was: dict[str, int], now: dict[str, int], lattice: Lattice) -> list[Reshaped]:
    changed = [(old, new) for old, new in pairs if was[old.code] != now[new.code]]
    if not changed:
        return []
    old, new = _sound([pair[0] for pair in changed], lattice), _sound([pair[1] for pair in changed], lattice)
    found = []
    for k, (_, area) in enumerate(changed):
        gained, lost = (lattice.area_m2(shapely.difference(a, b)) for a, b in ((new[k], old[k]), (old[k], new[k])))
        if gained + lost > _SAME_M2:
            found.append(Reshaped(area.code, gained, lost))
    return found
