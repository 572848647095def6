"""The check of a draft: its grids cover what was covered before, without gap or overlap, each whole and in its community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from gis_data.boundaries.check import Layer, Report, check
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.edition import Area, Share, lineage
from governance.places import Level, is_inside
from governance.redivision import Descent
from governance.refusal import Refused
from server.boundaries.standing import fresh_vertices, noded
from server.ledger.redivisions import AreaStands

CRS = SourceCrs.named("EPSG:4490")
FEW = 6
"""So many features are named in a refusal."""


def grids_in(areas: Mapping[str, AreaStands], area: str = "") -> list[AreaStands]:
    """The grids of an edition inside an area, in the order of their codes."""
    return sorted((a for a in areas.values() if a.level is Level.GRID and is_inside(a.code, area)), key=lambda a: a.code)


def checked(before: Mapping[str, AreaStands], now: Mapping[str, AreaStands], area: str) -> Report:
    """What is wrong with the grids of a draft within an area, whose outer boundary stays what it was."""
    old = grids_in(before, area)
    kept = {each.code for each in before.values() if not is_inside(each.code, area)}
    new = [each for each in grids_in(now) if each.code not in kept]
    whole = shapely.union_all([each.shape for each in old])
    outer = noded(whole, fresh_vertices(before, {each.code: each for each in new}))
    layer = Layer(np.array([each.shape for each in new], object), CRS, tuple(each.code for each in new))
    return check(layer, Layer(np.array([outer], object), CRS))


def require_right(report: Report, codes: Sequence[str]) -> None:
    """Refused('boundaries_wrong') with the gravest defect, where it is and whose, and how many there are."""
    if report.defects:
        first = report.defects[0]
        named = ", ".join(codes[k] for k in first.features[:FEW])
        at = "" if first.at is None else f"{first.at[0]:.6f} {first.at[1]:.6f}"
        raise Refused("boundaries_wrong", "grids", count=str(len(report.defects)), kind=first.kind.value, grids=named, at=at)


def descents(before: Sequence[AreaStands], now: Sequence[AreaStands]) -> list[Descent]:
    """How much of each of these old grids came to each new one."""
    shares = lineage([_area(each) for each in before], [_area(each) for each in now], CRS)
    return [_descent(each) for each in shares]


def descents_above(
    grids: Sequence[Descent], sizes: Mapping[str, float], sizes_now: Mapping[str, float], digits: int
) -> list[Descent]:
    """The same of the areas above, `digits` long: sums over their grids, by size."""
    total: dict[str, float] = {}
    total_now: dict[str, float] = {}
    for sums, known in ((total, sizes), (total_now, sizes_now)):
        for code, size in known.items():
            sums[code[:digits]] = sums.get(code[:digits], 0.0) + size
    common: dict[tuple[str, str], float] = {}
    for each in grids:
        pair = (each.old[:digits], each.new[:digits])
        common[pair] = common.get(pair, 0.0) + each.of_old * sizes[each.old]
    return [
        Descent(old, new, min(1.0, part / total[old]), min(1.0, part / total_now[new]))
        for (old, new), part in sorted(common.items(), key=lambda item: (item[0][1], -item[1]))
    ]


def _area(each: AreaStands) -> Area:
    assert each.shape is not None
    return Area(each.code, each.name, each.parent, each.shape)


def _descent(share: Share) -> Descent:
    return Descent(share.old, share.new, share.of_old, share.of_new)
