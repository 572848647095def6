"""Scenes of three sizes for the benchmark of the map: invented grids that share every edge, the same each time.

The generated town and the towns of OpenStreetMap are one district each; what a whole city or province costs can only be
measured on as many grids, so these are cells of a Voronoi diagram whose edges wind a little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Voronoi

from desktop.map.grid_raster import GridRaster
from desktop.map.scene import Areas, Geometry, Lines, Pins, Rings, rings_of
from desktop.map.tiles import chosen_rings, tiled_rings
from desktop.map.unpacking import BUILDINGS_CUT, areas_of, from_afar, road_pieces, surfaces
from gis_data.town.plane import Plane
from governance.places import LonLat

Floats = NDArray[np.float64]
ORIGIN = LonLat(120.2, 29.2)
CELL_M = 630.0
JITTER = 0.38
BENDS = 6
"""Points that an edge has between its ends."""
WIND = 0.03
"""How far they leave the straight line, in parts of the edge's length."""
ROAD_SHARE = 0.35
PARK_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything a scene holds."""

    grids: int
    buildings: int
    workers: int
    cameras: int
    pins: int


SCALES = {
    "trial": Scale(64, 600, 200, 120, 80),
    "district": Scale(543, 20_000, 1_600, 3_790, 2_000),
    "county": Scale(5_430, 200_000, 16_000, 37_900, 20_000),
    "province": Scale(122_800, 20_000, 402_400, 37_900, 40_000),
}
"""One to try a benchmark on; a district of the measured kind, ten of them, and the grids and workers of a whole province
with one city's buildings."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A diagram of cells: which borders which, and along what line."""

    centres: Floats
    of_ridge: NDArray[np.int64]
    """int64[r, 2], the cells on both sides, -1 for none."""
    lines: Floats
    """float64[r, BENDS + 2, 2], from one corner to the other."""
    corners: NDArray[np.int64]
    """int64[r, 2], numbers of those corners."""
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    """Where in the lattice each cell began."""


def cells_of(count: int, random: np.random.Generator) -> Cells:
    """About so many cells in a square around the origin, plane metres."""
    across = int(np.ceil(np.sqrt(count)))
    steps = np.arange(-2, across + 2)
    column, row = (axis.ravel() for axis in np.meshgrid(steps, steps))
    points = (np.column_stack([column, row]) + 0.5 - across / 2) * CELL_M
    points += random.uniform(-JITTER, JITTER, points.shape) * CELL_M
    diagram = Voronoi(points)
    inside = (column >= 0) & (column < across) & (row >= 0) & (row < across)
    kept = np.nonzero(inside)[0][:count]
    number = np.full(len(points), -1)
    number[kept] = np.arange(len(kept))
    ends = np.array(diagram.ridge_vertices)
    sides = number[diagram.ridge_points]
    wanted = (ends >= 0).all(axis=1) & (sides >= 0).any(axis=1)
    first, last = diagram.vertices[ends[wanted, 0]], diagram.vertices[ends[wanted, 1]]
    along = last - first
    length = np.hypot(*along.T)[:, None]
    across_line = np.column_stack([-along[:, 1], along[:, 0]]) / (length + 1e-9)
    share = (np.arange(BENDS + 2) / (BENDS + 1))[None, :, None]
    wind = random.normal(0, WIND, (len(first), BENDS + 2)) * length
    wind[:, [0, -1]] = 0.0
    lines = first[:, None] + along[:, None] * share + across_line[:, None] * wind[:, :, None]
    return Cells(points[kept], sides[wanted], lines, ends[wanted], column[kept], row[kept])


def rings_around(cells: Cells, area_of: NDArray[np.int64], *, bends: bool) -> Rings:
    """Closed rings, counter-clockwise, around the areas that cells belong to; where two areas meet they share every point."""
    lines = cells.lines if bends else cells.lines[:, [0, -1]]
    sides = np.where(cells.of_ridge >= 0, area_of[cells.of_ridge], -1)
    border = np.nonzero(sides[:, 0] != sides[:, 1])[0]
    owner = np.concatenate([sides[border, 0], sides[border, 1]])
    cell = np.concatenate([cells.of_ridge[border, 0], cells.of_ridge[border, 1]])
    corners = np.concatenate([cells.corners[border], cells.corners[border]])
    lines = np.concatenate([lines[border], lines[border]])
    known = owner >= 0
    lines, corners, owner, cell = lines[known], corners[known], owner[known], cell[known]
    start, end, centre = lines[:, 0], lines[:, -1], cells.centres[cell]
    left = (start[:, 0] - centre[:, 0]) * (end[:, 1] - centre[:, 1]) - (start[:, 1] - centre[:, 1]) * (end[:, 0] - centre[:, 0])
    turned = left < 0
    lines[turned], corners[turned] = lines[turned, ::-1], corners[turned, ::-1]
    return _chained(lines, corners, owner)


def _chained(lines: Floats, corners: NDArray[np.int64], owner: NDArray[np.int64]) -> Rings:
    """Directed lines of each owner put end to end into closed rings."""
    base = int(corners.max()) + 1
    follows = np.empty(len(lines), np.int64)
    follows[np.argsort(owner * base + corners[:, 1])] = np.argsort(owner * base + corners[:, 0])
    ring, position = _cycles(follows)
    order = np.lexsort((position, ring))
    sizes = np.bincount(ring)
    parts = lines[order][:, :-1]
    per_ring = sizes * parts.shape[1]
    closed = np.concatenate([[0], np.cumsum(per_ring + 1)])
    xy = np.empty((closed[-1], 2))
    where = np.arange(parts.shape[0] * parts.shape[1]) + np.repeat(np.arange(len(sizes)), per_ring)
    xy[where] = parts.reshape(-1, 2)
    xy[closed[1:] - 1] = xy[closed[:-1]]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owners = owner[order][first]
    return rings_of(xy, closed, owners.astype(np.int32))


def _cycles(follows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of the cycle of a permutation that each element lies in, and its place in it."""
    ring, position = np.full(len(follows), -1, np.int64), np.zeros(len(follows), np.int64)
    number, after = 0, follows.tolist()
    for start in range(len(after)):
        if ring[start] >= 0:
            continue
        here, steps = start, 0
        while ring[here] < 0:
            ring[here], position[here] = number, steps
            here, steps = after[here], steps + 1
        number += 1
    return ring, position


def geometry_of(scale: Scale, seed: int = 1) -> Geometry:
    """The scene of a size: grids, communities of four of them, streets of sixteen of those, roads, parks and buildings."""
    random = np.random.default_rng(seed)
    cells = cells_of(scale.grids, random)
    count = len(cells.centres)
    every = np.arange(count)
    fine, coarse = rings_around(cells, every, bends=True), rings_around(cells, every, bends=False)
    community, street = (_blocks(cells, wide) for wide in (2, 8))
    streets = _codes("S", above=[""] * (int(street.max()) + 1))
    first_cell = np.unique(community, return_index=True)[1]
    communities = _codes("C", above=[streets[at] for at in street[first_cell].tolist()])
    raster = GridRaster(coarse.xy, coarse.offsets, coarse.owner)
    buildings, height = _buildings(cells, scale.buildings, random)
    corner = buildings.xy[buildings.offsets[:-1]]
    roads = _roads(cells, random)
    park = np.nonzero(random.random(count) < PARK_SHARE)[0]
    parks = chosen_rings(fine, np.nonzero(np.isin(fine.owner, park))[0])
    parks = Rings(parks.xy, parks.offsets, parks.owner * 0, parks.triangles)
    (west, south), (east, north) = coarse.xy.min(axis=0).tolist(), coarse.xy.max(axis=0).tolist()
    grids = _codes("G", above=[communities[at] for at in community.tolist()])
    return Geometry(
        plane=Plane(ORIGIN),
        grids=_areas(grids, "网格", cells.centres, (fine, fine, coarse)),
        communities=_dissolved(communities, "社区", community, cells),
        streets=_dissolved(streets, "街道", street, cells),
        streets_from_afar=from_afar(rings_around(cells, street, bends=False), len(streets)),
        buildings=tiled_rings(buildings, BUILDINGS_CUT, scale.buildings),
        building_height_m=height,
        building_grid=raster.at(corner[:, 0], corner[:, 1]),
        roads=roads,
        road_pieces=road_pieces(roads, raster),
        water=surfaces(chosen_rings(parks, every[:0]), 1),
        land=surfaces(parks, 4),
        grid_raster=raster,
        outline=np.array([[west, south], [east, south], [east, north], [west, north]]),
    )


def _blocks(cells: Cells, wide: int) -> NDArray[np.int64]:
    """The block of `wide` by `wide` lattice cells that each cell began in, numbered without gaps."""
    _, number = np.unique(np.column_stack([cells.row // wide, cells.column // wide]), axis=0, return_inverse=True)
    return number.ravel().astype(np.int64)


def _codes(letter: str, above: list[str]) -> tuple[str, ...]:
    """A code for each area, which begins with that of the area above it as codes of the field do."""
    return tuple(f"{begin}{letter}{number:06d}" for number, begin in enumerate(above))


def _areas(codes: tuple[str, ...], kind: str, centres: Floats, rings: tuple[Rings, Rings, Rings]) -> Areas:
    names = tuple(f"第{number + 1}{kind}" for number in range(len(centres)))
    return areas_of(codes, names, names, centres, rings)


def _dissolved(codes: tuple[str, ...], kind: str, area_of: NDArray[np.int64], cells: Cells) -> Areas:
    count = int(area_of.max()) + 1
    size = np.bincount(area_of, minlength=count)[:, None]
    centres = np.stack([np.bincount(area_of, cells.centres[:, axis], count) for axis in (0, 1)], axis=1) / size
    fine, coarse = rings_around(cells, area_of, bends=True), rings_around(cells, area_of, bends=False)
    return _areas(codes, kind, centres, (fine, fine, coarse))


def _buildings(cells: Cells, count: int, random: np.random.Generator) -> tuple[Rings, NDArray[np.float32]]:
    """Turned rectangles in the middle of the scene, as dense as a district is built."""
    side = np.sqrt(max(count / 20_000 * 543, 1.0)) * CELL_M
    middle = random.uniform(-side / 2, side / 2, (count, 2)) + cells.centres.mean(axis=0)
    size = np.column_stack([random.uniform(8, 35, count), random.uniform(8, 22, count)])
    turn = random.choice([0.0, 0.3, 1.2], count)
    corner = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)])[None] * size[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    turned = np.stack([corner[..., 0] * cos - corner[..., 1] * sin, corner[..., 0] * sin + corner[..., 1] * cos], axis=2)
    xy = (middle[:, None] + turned).reshape(-1, 2)
    offsets = np.arange(count + 1, dtype=np.int64) * 5
    first = offsets[:-1, None, None]
    triangles = (first + np.array([(0, 1, 2), (0, 2, 3)])[None]).reshape(-1, 3).astype(np.uint32)
    height = random.geometric(0.12, count).clip(1, 33).astype(np.float32) * 3
    return Rings(xy, offsets, np.arange(count, dtype=np.int32), triangles), height


def _roads(cells: Cells, random: np.random.Generator) -> Lines:
    """A share of the edges carries a road."""
    chosen = cells.lines[random.random(len(cells.lines)) < ROAD_SHARE]
    kinds = random.choice(np.array([3, 2, 1], np.uint8), len(chosen), p=[0.7, 0.2, 0.1])
    offsets = np.arange(len(chosen) + 1, dtype=np.int64) * chosen.shape[1]
    return Lines(chosen.reshape(-1, 2), offsets, kinds, ("",) * len(chosen))


def places_in(geometry: Geometry, count: int, random: np.random.Generator) -> Floats:
    """So many places spread over the grids, plane metres float64[n, 2]."""
    centres = geometry.grids.centres
    return np.asarray(centres[random.integers(0, len(centres), count)] + random.normal(0, 150, (count, 2)))


def pins_in(geometry: Geometry, count: int, random: np.random.Generator) -> Pins:
    """Open incidents of every kind over the grids."""
    lonlat = geometry.plane.to_lonlat(*places_in(geometry, count, random).T)
    none, no = np.zeros(count, np.uint8), np.zeros(count, bool)
    ids = tuple(f"JG-{number:06d}" for number in range(count))
    kinds = random.integers(0, 10, count).astype(np.uint8)
    urgency = random.choice(3, count, p=[0.75, 0.2, 0.05]).astype(np.uint8)
    state = random.integers(0, 3, count).astype(np.uint8)
    return Pins(ids, lonlat[:, 0], lonlat[:, 1], kinds, urgency, none, state, no, no)
