"""What a draft makes of the areas in force: grids as drawn, and every area above them as its grids are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import numpy.typing as npt
import shapely

from governance.places import CODE_DIGITS, Level, is_inside, level_of
from governance.refusal import Refused
from server.ledger.redivisions import AreaStands, Drawn, Shape

Standing = dict[str, AreaStands]
"""Areas by code."""
ON_BORDER_DEG = 2e-9
"""A fifth of a millimetre: a corner this near to a border lies on it."""
_ABOVE = (Level.COMMUNITY, Level.STREET, Level.DISTRICT)


def is_same(one: AreaStands, other: AreaStands) -> bool:
    """Whether two say the same of an area, to the last digit of its boundary."""
    if (one.code, one.name, one.parent, one.kind) != (other.code, other.name, other.parent, other.kind):
        return False
    return one.shape is other.shape or bool(one.shape == other.shape)


def after(before: Mapping[str, AreaStands], area: str, drawn: Sequence[Drawn]) -> Standing:
    """Every area as a draft within `area` would have it.

    Refused where a code is taken or does not fit its place, and where an area above grids has no name yet.
    """
    grids = _grids(before, area, drawn)
    fresh = fresh_vertices(before, grids)
    named = {each.stands.code: each for each in drawn if each.stands.level is not Level.GRID and not each.is_gone}
    outside = {code: each for code, each in before.items() if not is_inside(code, area) or not _is_redrawn(each, area)}
    outside = {
        code: each if each.level is not Level.GRID else replace(each, shape=noded(each.shape, fresh))
        for code, each in outside.items()
    }
    above: Standing = {}
    for level in _ABOVE:
        if level < level_of(area) or level_of(area) is Level.DISTRICT:
            for code in sorted({code[: CODE_DIGITS[level]] for code in grids}):
                above[code] = _above(code, before, grids, named)
    return dict(sorted((outside | above | grids).items(), key=lambda item: (-item[1].level, item[0])))


def fresh_vertices(before: Mapping[str, AreaStands], grids: Mapping[str, AreaStands]) -> npt.NDArray[np.float64]:
    """float64[n, 2] degrees: corners of grids that no grid had before; dividing lines that end on a border make some."""
    known = shapely.get_coordinates([each.shape for each in before.values() if each.level is Level.GRID])
    drawn = shapely.get_coordinates([each.shape for code, each in grids.items() if each is not before.get(code)])
    old = {tuple(point) for point in known.tolist()}
    return np.array([point for point in {tuple(point) for point in drawn.tolist()} if point not in old], float).reshape(-1, 2)


def noded(shape: Shape | None, points: npt.NDArray[np.float64]) -> Shape | None:
    """The same ground with those of the points as corners that lie on its border: who borders on it has them too."""
    if shape is None or not len(points):
        return shape
    near = points[shapely.dwithin(shapely.boundary(shape), shapely.points(points), ON_BORDER_DEG)]
    if not len(near):
        return shape
    return cast(Shape, shapely.snap(shape, shapely.multipoints(near), ON_BORDER_DEG))


def _is_redrawn(each: AreaStands, area: str) -> bool:
    """Whether a change within an area says anew what this one inside it is."""
    return each.level < level_of(area) or level_of(area) is Level.DISTRICT


def _grids(before: Mapping[str, AreaStands], area: str, drawn: Sequence[Drawn]) -> Standing:
    """The grids within an area afterwards."""
    own = [each for each in drawn if each.stands.level is Level.GRID]
    gone = {each.was for each in own if each.was} | {each.stands.code for each in own if each.is_gone}
    grids = {
        code: each for code, each in before.items() if each.level is Level.GRID and is_inside(code, area) and code not in gone
    }
    for each in own:
        if each.is_gone:
            continue
        code, was = each.stands.code, before.get(each.was)
        _require_fit(code, each.stands.parent, area)
        if code in grids or (code in before and not is_inside(code, area)):
            raise Refused("code_taken", "code", grid=code)
        grids[code] = replace(each.stands, area=was.area if was else None)
    if not grids:
        raise Refused("no_grids_left", "area", area=area)
    return grids


def _require_fit(code: str, parent: str, area: str) -> None:
    """A grid's code is that of its community and three digits more, inside the area that is drawn anew."""
    if len(code) != CODE_DIGITS[Level.GRID] or not code.isdecimal() or parent != code[: CODE_DIGITS[Level.COMMUNITY]]:
        raise Refused("code_wrong", "code", grid=code, parent=parent)
    if level_of(area) is not Level.DISTRICT and not is_inside(code, area):
        raise Refused("not_inside", "code", grid=code, area=area)


def _above(code: str, before: Mapping[str, AreaStands], grids: Standing, named: Mapping[str, Drawn]) -> AreaStands:
    """A community, street or district, as its grids are."""
    known, drawn = before.get(code), named.get(code)
    if known is None and drawn is None:
        raise Refused("area_unnamed", "code", grid=code)
    members = [each for each in grids.values() if each.code.startswith(code)]
    was = before.get(drawn.was) if drawn is not None else None
    identity = known.area if known is not None else was.area if was is not None else None
    base = known if drawn is None else drawn.stands
    assert base is not None, "one of both was there"
    if known is not None and known.shape is not None and _are_those(members, before, code):
        return replace(base, shape=known.shape, area=identity)
    return replace(base, shape=_whole(members), area=identity)


def _are_those(members: Sequence[AreaStands], before: Mapping[str, AreaStands], code: str) -> bool:
    """Whether these grids cover exactly what those of an area covered before."""
    old = [each for each in before.values() if each.level is Level.GRID and each.code.startswith(code)]
    known = {each.code: each for each in old}
    return len(old) == len(members) and all(each.code in known and known[each.code].shape == each.shape for each in members)


def _whole(members: Iterable[AreaStands]) -> shapely.Polygon | shapely.MultiPolygon:
    joined = shapely.union_all([each.shape for each in members])
    assert isinstance(joined, shapely.Polygon | shapely.MultiPolygon)
    return joined


def differing(before: Mapping[str, AreaStands], now: Mapping[str, AreaStands]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of areas that end as they were, and of those that begin as they are."""
    ended = tuple(code for code, each in before.items() if code not in now or not is_same(each, now[code]))
    begun = tuple(code for code, each in now.items() if code not in before or not is_same(each, before[code]))
    return ended, begun
