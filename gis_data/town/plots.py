"""Puts houses on the blocks of a generated district, in rows that stand square to their streets."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town import terrain
from gis_data.town.blocks import short_pieces
from gis_data.town.terrain import Use
from gis_data.town.town import BuildingKind, RoadClass

_STOREY_M = 3.0
_HIGH_STOREY_M = 4.2
_FROM_WATER_M = 9.0
_BEHIND_SHOPS_M = 12.0
_SHARE_WITH_SHOPS = 0.75
_SPACINGS = (0.84, 0.68, 0.5)
"""Gaps between houses against the usual ones; the next is tried where a plan has too few houses."""
_HALF_WIDTHS = np.array([22.0, 18.0, 10.0, 5.0, 2.0])
"""Half the width of a road, by RoadClass, pavements included."""


@dataclass(frozen=True, slots=True)
class Plot:
    """How one kind of house stands: its size, the room it wants, and how high it goes."""

    kind: BuildingKind
    length_m: tuple[float, float]
    depth_m: tuple[float, float]
    gap_m: tuple[float, float]
    """Between neighbours in a row, and between rows."""
    storeys: tuple[int, int]
    built: float
    """Share of the plots that are built on."""
    setback_m: float = 14.0
    bent: float = 0.0
    """Share of the houses with an L-shaped footprint."""


SLABS_OLD = Plot(BuildingKind.HOUSING, (34, 56), (11, 13), (9, 15), (5, 7), 0.93, 8.0, 0.08)
SLABS_NEW = Plot(BuildingKind.HOUSING, (28, 46), (13, 16), (17, 26), (11, 26), 0.92, 10.0, 0.05)
POINT_TOWERS = Plot(BuildingKind.HOUSING, (24, 30), (20, 24), (30, 40), (24, 33), 0.9, 10.0)
OFFICES = Plot(BuildingKind.OFFICE, (38, 60), (32, 46), (24, 30), (12, 48), 0.85, 12.0, 0.2)
MALLS = Plot(BuildingKind.SHOP, (70, 110), (48, 70), (24, 24), (4, 7), 0.8, 12.0, 0.4)
SHEDS = Plot(BuildingKind.INDUSTRY, (56, 96), (26, 40), (16, 20), (1, 4), 0.88, 10.0, 0.1)
FARM_HOUSES = Plot(BuildingKind.VILLAGE_HOUSE, (11, 14), (10, 12), (6, 11), (3, 4), 0.75, 7.0)
SCHOOLS = Plot(BuildingKind.SCHOOL, (44, 70), (13, 17), (30, 34), (4, 6), 0.62, 14.0, 0.35)
HOSPITALS = Plot(BuildingKind.HOSPITAL, (50, 76), (22, 32), (30, 30), (6, 18), 0.7, 14.0, 0.3)
HALL = Plot(BuildingKind.STATION, (150, 190), (90, 120), (60, 60), (8, 9), 1.0, 20.0)
SHOPS = Plot(BuildingKind.SHOP, (18, 40), (10, 13), (5, 0), (2, 3), 0.85, 3.0)

_MIX: dict[Use, tuple[tuple[Plot, float], ...]] = {
    terrain.OLD_TOWN: ((SLABS_OLD, 0.78), (SLABS_NEW, 0.08), (SCHOOLS, 0.06), (HOSPITALS, 0.02), (MALLS, 0.06)),
    terrain.CENTRE: ((OFFICES, 0.5), (POINT_TOWERS, 0.26), (MALLS, 0.14), (SLABS_NEW, 0.1)),
    terrain.HOUSING: ((SLABS_NEW, 0.46), (SLABS_OLD, 0.3), (POINT_TOWERS, 0.11), (SCHOOLS, 0.08), (MALLS, 0.05)),
    terrain.CAMPUS: ((SCHOOLS, 1.0),),
    terrain.INDUSTRY: ((SHEDS, 0.88), (OFFICES, 0.12)),
    terrain.VILLAGE: ((FARM_HOUSES, 0.75), (SHEDS, 0.12), (SLABS_OLD, 0.13)),
    terrain.STATION: ((HALL, 0.3), (OFFICES, 0.4), (MALLS, 0.3)),
}


_WITH_SHOPS = (SLABS_OLD, SLABS_NEW, FARM_HOUSES)
_LOW_STOREYS = (BuildingKind.HOUSING, BuildingKind.VILLAGE_HOUSE, BuildingKind.SCHOOL)
_Batch: TypeAlias = tuple[npt.NDArray[np.object_], npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.int64]]
"""Footprints, the block each stands on, heights in metres, kinds."""


@dataclass(frozen=True, slots=True, eq=False)
class _BlockEdges:
    start: npt.NDArray[np.float64]
    end: npt.NDArray[np.float64]
    block: npt.NDArray[np.int64]
    half_width_m: npt.NDArray[np.float64]

    def lines(self) -> npt.NDArray[np.object_]:
        """The edges as shapes."""
        return np.asarray(shapely.linestrings(np.stack([self.start, self.end], axis=1)))


@dataclass(frozen=True, slots=True, eq=False)
class Houses:
    """Footprints in metres on the plane."""

    shapes: npt.NDArray[np.object_]
    height_m: npt.NDArray[np.float32]
    kind: npt.NDArray[np.uint8]


def choose_plots(uses: tuple[Use, ...], rng: np.random.Generator) -> list[Plot | None]:
    """What each block is built with; nothing on parks, hills and the river."""
    chosen: list[Plot | None] = []
    for use in uses:
        mix = _MIX.get(use)
        roll = rng.random()
        if mix is None:
            chosen.append(None)
            continue
        chances = np.cumsum([chance for _, chance in mix])
        chosen.append(mix[min(int(np.searchsorted(chances, roll)), len(mix) - 1)][0])
    return chosen


def build_houses(
    blocks: npt.NDArray[np.object_],
    plots: list[Plot | None],
    roads: npt.NDArray[np.object_],
    road_class: npt.NDArray[np.uint8],
    water: npt.NDArray[np.object_],
    wanted: int,
    rng: np.random.Generator,
) -> Houses:
    """Houses on every block that has a plot: rows in its middle, and shops along the streets of housing.

    No house touches another, a road or water (all in metres on the plane). The rows stand closer until there are as
    many houses as wanted; surplus ones are left out. Deterministic for the state of the rng.
    """
    edges = _block_edges(blocks, roads, road_class)
    wet = shapely.union_all(shapely.buffer(water, _FROM_WATER_M, quad_segs=2))
    shapely.prepare(wet)
    shapely.prepare(blocks)
    has_shops = np.array([plot in _WITH_SHOPS and rng.random() < _SHARE_WITH_SHOPS for plot in plots])
    setback = np.array([plot.setback_m if plot else 0.0 for plot in plots])
    behind = _ground(blocks, edges, setback + has_shops * _BEHIND_SHOPS_M, wet)
    frames = shapely.oriented_envelope(behind)
    shapely.prepare(behind)
    shops = _fronting(_shops(edges, has_shops, rng), blocks, edges, wet)
    usable = [k for k in range(len(blocks)) if frames[k].geom_type == "Polygon" and not frames[k].is_empty]
    houses = shops
    for spacing in _SPACINGS:
        rows = [_rows(k, frames[k], plot, spacing, rng) for k in usable if (plot := plots[k]) is not None]
        inner = _standing(_together(rows), behind)
        houses = _together([shops, inner])
        if len(houses[0]) >= wanted:
            break
    kept = np.sort(rng.permutation(len(houses[0]))[:wanted])
    return Houses(houses[0][kept], houses[2][kept].astype(np.float32), houses[3][kept].astype(np.uint8))


def _together(batches: list[_Batch]) -> _Batch:
    shapes, owner, height, kind = (np.concatenate(column) for column in zip(*batches, strict=True))
    return shapes, owner, height, kind


def _fronting(shops: _Batch, blocks: npt.NDArray[np.object_], edges: _BlockEdges, wet: object) -> _Batch:
    """The shops that stand in their block, clear of all its roads and of water, and touch none before them."""
    shapes, owner, height, kind = shops
    lines = edges.lines()
    shop, edge = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=float(_HALF_WIDTHS.max() + SHOPS.setback_m))
    own = edges.block[edge] == owner[shop]
    shop, edge = shop[own], edge[own]
    close = shapely.distance(shapes[shop], lines[edge]) < edges.half_width_m[edge] + SHOPS.setback_m
    fits = shapely.covers(blocks[owner], shapes) & ~shapely.intersects(wet, shapes)
    fits[shop[close]] = False
    fits &= ~_overlapped(shapes, fits)
    return shapes[fits], owner[fits], height[fits], kind[fits]


def _standing(batch: _Batch, ground: npt.NDArray[np.object_]) -> _Batch:
    """The houses of a batch that stand wholly on their block's ground and touch none that stands before them."""
    shapes, owner, height, kind = batch
    fits = shapely.covers(ground[owner], shapes)
    fits &= ~_overlapped(shapes, fits)
    return shapes[fits], owner[fits], height[fits], kind[fits]


def _block_edges(
    blocks: npt.NDArray[np.object_], roads: npt.NDArray[np.object_], road_class: npt.NDArray[np.uint8]
) -> _BlockEdges:
    """The sides of all blocks, block on the left, with half the width of the road along each."""
    rings, block = shapely.get_rings(shapely.orient_polygons(blocks), return_index=True)
    pieces, ring = short_pieces(rings)
    ends = shapely.get_coordinates(pieces).reshape(-1, 2, 2)
    middles = shapely.points(ends.mean(axis=1))
    road_pieces, road = short_pieces(roads)
    at, piece = shapely.STRtree(road_pieces).query(middles, predicate="dwithin", distance=0.5)
    half = np.zeros(len(pieces))
    np.maximum.at(half, at, _HALF_WIDTHS[road_class[road[piece]]])
    return _BlockEdges(ends[:, 0], ends[:, 1], block[ring], half)


def _ground(
    blocks: npt.NDArray[np.object_], edges: _BlockEdges, setback: npt.NDArray[np.float64], wet: object
) -> npt.NDArray[np.object_]:
    """What is left of each block beside its roads, its setback from them, and water."""
    verges = shapely.buffer(edges.lines(), edges.half_width_m + setback[edges.block], quad_segs=2)
    starts = np.searchsorted(edges.block, np.arange(len(blocks) + 1))
    taken = np.array([shapely.union_all(verges[a:b]) for a, b in itertools.pairwise(starts)], dtype=object)
    ground = shapely.difference(blocks, taken)
    at_water = shapely.intersects(wet, ground)
    ground[at_water] = shapely.difference(ground[at_water], wet)
    return np.asarray(ground)


def _shops(edges: _BlockEdges, has_shops: npt.NDArray[np.bool_], rng: np.random.Generator) -> _Batch:
    """Rows of shops that face the streets and lanes of their block."""
    step = edges.end - edges.start
    length = np.hypot(*step.T)
    narrow = (edges.half_width_m > 0) & (edges.half_width_m <= _HALF_WIDTHS[RoadClass.STREET])
    rows = np.flatnonzero(has_shops[edges.block] & narrow & (length > 20) & (rng.random(len(length)) < SHOPS.built))
    along = step[rows] / length[rows, None]
    inward = np.column_stack([-along[:, 1], along[:, 0]])
    frontage = np.minimum(length[rows] - 4, rng.uniform(*SHOPS.length_m, len(rows)))
    depth = rng.uniform(*SHOPS.depth_m, len(rows))
    corner = edges.start[rows] + along * ((length[rows] - frontage) / 2)[:, None]
    corner = corner + inward * (edges.half_width_m[rows] + SHOPS.setback_m + 0.2)[:, None]
    across, deep = along * frontage[:, None], inward * depth[:, None]
    rings = np.stack([corner, corner + across, corner + across + deep, corner + deep], axis=1).round(2)
    height = rng.integers(SHOPS.storeys[0], SHOPS.storeys[1] + 1, len(rows)) * _HIGH_STOREY_M
    kinds = np.full(len(rows), int(SHOPS.kind), np.int64)
    return np.asarray(shapely.polygons(rings)), edges.block[rows], height.astype(np.float64), kinds


def _overlapped(outlines: npt.NDArray[np.object_], standing: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The houses that touch one which stands before them in the list."""
    rows = np.flatnonzero(standing)
    first, second = shapely.STRtree(outlines[rows]).query(outlines[rows], predicate="intersects")
    gone = np.zeros(len(outlines), bool)
    for a, b in sorted((int(rows[i]), int(rows[j])) for i, j in zip(first, second, strict=True) if i < j):
        if not gone[a]:
            gone[b] = True
    return gone


def _rows(block: int, frame: shapely.Polygon, plot: Plot, spacing: float, rng: np.random.Generator) -> _Batch:
    """Candidate houses in rows over a block's ground, their long side to the south as far as the block lets it."""
    corners = shapely.get_coordinates(frame)[:4]
    first, second = corners[1] - corners[0], corners[3] - corners[0]
    eastward = abs(first[0]) * np.hypot(*second) >= abs(second[0]) * np.hypot(*first)
    along, across = (first, second) if eastward else (second, first)
    width, depth = float(np.hypot(*along)), float(np.hypot(*across))
    length, thickness = rng.uniform(*plot.length_m), rng.uniform(*plot.depth_m)
    gap_u, gap_v = plot.gap_m[0] * spacing, plot.gap_m[1] * spacing
    u, v = np.meshgrid(_spread(width, length, gap_u), _spread(depth, thickness, gap_v))
    low = np.column_stack([u.ravel(), v.ravel()])[rng.random(u.size) < plot.built]
    size = np.column_stack([length * rng.uniform(0.82, 1.0, len(low)), np.full(len(low), thickness)])
    shapes = _footprints(low, size, rng.random(len(low)) < plot.bent)
    axes = np.column_stack([along / width, across / depth])
    placed = shapely.transform(shapes, lambda uv: np.round(uv @ axes.T + corners[0], 2))
    estate = rng.integers(plot.storeys[0], plot.storeys[1] + 1)
    alike = plot.kind not in (BuildingKind.OFFICE, BuildingKind.INDUSTRY)
    own = rng.integers(plot.storeys[0], plot.storeys[1] + 1, len(low))
    storeys = np.clip(estate + rng.integers(-1, 2, len(low)), *plot.storeys) if alike else own
    height = storeys * (_STOREY_M if plot.kind in _LOW_STOREYS else _HIGH_STOREY_M)
    owner, kinds = np.full(len(low), block, np.int64), np.full(len(low), int(plot.kind), np.int64)
    return np.asarray(placed), owner, np.asarray(height, np.float64), kinds


def _spread(room: float, size: float, gap: float) -> npt.NDArray[np.float64]:
    """Where things of a size begin when as many as fit are spread evenly over the room."""
    inner = room - 1.0
    count = max(1, int((inner + gap) // (size + gap)))
    if count == 1:
        return np.array([max(0.5, (room - size) / 2)])
    return np.asarray(0.5 + np.arange(count) * ((inner - size) / (count - 1)), np.float64)


def _footprints(
    low: npt.NDArray[np.float64], size: npt.NDArray[np.float64], bent: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    """Rectangles, some of them with a corner missing."""
    x0, y0 = low.T
    x1, y1 = (low + size).T
    xm, ym = x0 + size[:, 0] * 0.4, y0 + size[:, 1] * 0.45
    whole = np.stack([x0, y0, x1, y0, x1, y1, x0, y1], axis=1).reshape(-1, 4, 2)
    angle = np.stack([x0, y0, x1, y0, x1, ym, xm, ym, xm, y1, x0, y1], axis=1).reshape(-1, 6, 2)
    shapes = np.empty(len(low), dtype=object)
    shapes[~bent] = shapely.polygons(whole[~bent])
    shapes[bent] = shapely.polygons(angle[bent])
    return shapes
