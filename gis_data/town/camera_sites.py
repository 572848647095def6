"""Where a town's cameras stand: at the corners of its streets and along them, and whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.flat import Carrier
from gis_data.town.town import RoadClass
from governance.camera import Camera
from governance.places import LonLat

# Share of the cameras of each source system; GB/T 28181 type 132 is a network camera.
OWNERS = (("公安", 0.55), ("城管", 0.20), ("社会", 0.17), ("食药监", 0.08))
_NAME_OF_TURN = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
_AT_CROSSING, _ALONG_ROAD = re.compile(r"(.+)与(.+)口朝[东南西北]{1,2}"), re.compile(r"(.+?)\d+号杆朝[东南西北]{1,2}")
"""The names below, read again."""
_WEIGHT = {RoadClass.EXPRESSWAY: 3.0, RoadClass.ARTERIAL: 4.0, RoadClass.STREET: 2.5, RoadClass.LANE: 1.0, RoadClass.PATH: 0.4}
_POLE_OFFSET_M = 6.0
_LENSES_AT_CROSSINGS = ((360.0, 180.0, 0.5), (75.0, 140.0, 0.3), (60.0, 180.0, 0.2))
_LENSES_ALONG_ROADS = ((60.0, 160.0, 0.4), (45.0, 220.0, 0.3), (75.0, 120.0, 0.15), (360.0, 150.0, 0.15))
"""Field of view in degrees, range in metres, share of the cameras: domes that turn on the high poles of crossings, fixed ones
that look along their road. The range is how far an officer still sees what happens, not how far a face is known."""
_APART_M, _APART_DEG = 90.0, 60.0
"""Nobody hangs a second camera so near that looks about the same way."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sites:
    xy: npt.NDArray[np.float64]
    heading_deg: npt.NDArray[np.float64]
    road: npt.NDArray[np.int64]
    crossing: npt.NDArray[np.int64]
    """The other road at a corner; -1 along a road."""
    weight: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CameraPlan:
    """What cameras are placed along and within, in metres on the plane."""

    lines: list[npt.NDArray[np.float64]]
    road_class: npt.NDArray[np.uint8]
    names: tuple[str, ...]
    grids: npt.NDArray[np.object_]
    grid_codes: list[str]


def place_cameras(plan: CameraPlan, count: int, to_lonlat: Carrier, rng: np.random.Generator) -> tuple[Camera, ...]:
    """So many cameras at road corners and along roads, each inside a grid; fewer only where there are too few roads.

    Deterministic for the state of the rng.
    """
    sites = _candidate_sites(plan.lines, plan.road_class)
    at, grid = shapely.STRtree(plan.grids).query(shapely.points(sites.xy), predicate="intersects")
    first = np.unique(at, return_index=True)[1]
    at, grid = at[first], grid[first]
    chosen = _choose(sites, at, count, rng)
    at, grid = at[chosen], grid[chosen]
    order = np.lexsort((at, np.array(plan.grid_codes)[grid]))
    at, grid = at[order], grid[order]
    places = to_lonlat(sites.xy[at])
    owner = rng.choice(len(OWNERS), len(at), p=[share for _, share in OWNERS])
    heading = np.round((sites.heading_deg[at] + rng.uniform(-12, 12, len(at))) % 360.0, 1) % 360.0
    lens = _lenses(sites.crossing[at] >= 0, rng)
    share = rng.choice(3, len(at), p=[0.6, 0.3, 0.1])
    county = plan.grid_codes[0][:6]
    return tuple(
        Camera(
            id=f"{county}00001320{k + 1:06d}",
            name=_name(plan.names, sites, site, float(heading[k])),
            place=LonLat(float(places[k, 0]), float(places[k, 1])),
            grid=plan.grid_codes[int(grid[k])],
            owner=OWNERS[int(owner[k])][0],
            heading_deg=float(heading[k]),
            field_of_view_deg=float(lens[k, 0]),
            range_m=float(lens[k, 1]),
            share_level=int(share[k]),
        )
        for k, site in enumerate(at.tolist())
    )


def _name(names: tuple[str, ...], sites: _Sites, site: int, heading: float) -> str:
    """As a control room names them: road, crossing or stretch, and where the camera looks."""
    road, other = names[int(sites.road[site])] or "无名路", int(sites.crossing[site])
    turn = _NAME_OF_TURN[round(heading / 45.0) % 8]
    if other >= 0 and names[other] and names[other] != road:
        return f"{road}与{names[other]}口朝{turn}"
    return f"{road}{site % 97 + 1:02d}号杆朝{turn}"


def roads_told(name: str) -> tuple[str, ...]:
    """The roads that a camera's name tells of: the one it stands at, and the one that crosses it."""
    crossing, along = _AT_CROSSING.fullmatch(name), _ALONG_ROAD.fullmatch(name)
    return crossing.groups() if crossing else along.groups() if along else ()


def _candidate_sites(lines: list[npt.NDArray[np.float64]], road_class: npt.NDArray[np.uint8]) -> _Sites:
    """Four poles at each vertex of each road, the ones at junctions weighing most."""
    xy = np.concatenate(lines)
    road = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    last = np.flatnonzero(np.append(road[1:] != road[:-1], True))
    first = np.append(0, last[:-1] + 1)
    ahead, behind = np.arange(len(xy)) + 1, np.arange(len(xy)) - 1
    ahead[last], behind[first] = last, first
    step = xy[ahead] - xy[behind]
    step[np.hypot(*step.T) == 0] = (1.0, 0.0)
    step /= np.hypot(*step.T)[:, None]
    _, ids, uses = np.unique(xy, axis=0, return_inverse=True, return_counts=True)
    ids = ids.ravel()
    shared = uses[ids] > 1
    other = _other_road(ids, road)
    price = np.array([_WEIGHT[RoadClass(k)] for k in road_class])[road]
    sides = []
    for side in (1.0, -1.0):
        normal = np.column_stack([step[:, 1], -step[:, 0]]) * side
        for backwards in (1.0, -1.0):
            place = xy + normal * _POLE_OFFSET_M + step * backwards * _POLE_OFFSET_M
            look = step * backwards
            heading = np.degrees(np.arctan2(look[:, 0], look[:, 1])) % 360.0
            weight = price * np.where(shared, 3.0, 0.8)
            sides.append(_Sites(place, heading, road, np.where(shared, other, -1), weight))
    return _Sites(
        np.concatenate([s.xy for s in sides]),
        np.concatenate([s.heading_deg for s in sides]),
        np.concatenate([s.road for s in sides]),
        np.concatenate([s.crossing for s in sides]),
        np.concatenate([s.weight for s in sides]),
    )


def _other_road(ids: npt.NDArray[np.int64], road: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For every vertex, another road through the same point; -1 where there is none."""
    order = np.lexsort((road, ids))
    same = ids[order][1:] == ids[order][:-1]
    other = np.full(len(ids), -1, np.int64)
    other[order[:-1][same]] = road[order[1:][same]]
    other[order[1:][same]] = road[order[:-1][same]]
    return np.where(other == road, -1, other)


def _lenses(at_crossing: npt.NDArray[np.bool_], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Field of view and range of each camera, float64[n, 2], by where it hangs."""
    found = np.zeros((len(at_crossing), 2))
    for where, lenses in ((at_crossing, _LENSES_AT_CROSSINGS), (~at_crossing, _LENSES_ALONG_ROADS)):
        drawn = rng.choice(len(lenses), int(where.sum()), p=[share for _, _, share in lenses])
        found[where] = np.array(lenses)[drawn, :2]
    return found


def _choose(sites: _Sites, at: npt.NDArray[np.int64], count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Rows of `at` drawn without repetition, likelier by weight, in row order: those that see something new come first."""
    order = np.argsort(-(rng.random(len(at)) ** (1.0 / sites.weight[at])), kind="stable")
    xy, heading = sites.xy[at].tolist(), sites.heading_deg[at].tolist()
    hung: dict[tuple[int, int], list[int]] = {}
    fresh, spare = [], []
    for row in order.tolist():
        x, y = xy[row]
        column, line = int(x // _APART_M), int(y // _APART_M)
        near = [each for c in range(column - 1, column + 2) for r in range(line - 1, line + 2) for each in hung.get((c, r), ())]
        if any(_looks_alike(xy[row], heading[row], xy[each], heading[each]) for each in near):
            spare.append(row)
            continue
        hung.setdefault((column, line), []).append(row)
        fresh.append(row)
    return np.sort(np.array([*fresh, *spare][:count], np.int64))


def _looks_alike(here: list[float], heading: float, there: list[float], other: float) -> bool:
    """Whether two cameras hang close together and look about the same way."""
    turn = abs((heading - other + 180.0) % 360.0 - 180.0)
    return turn < _APART_DEG and np.hypot(here[0] - there[0], here[1] - there[1]) < _APART_M
