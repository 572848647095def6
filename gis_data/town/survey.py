"""Carries a drawn street plan over to the plane: roads cut at their junctions, and the blocks between them."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town import terrain
from gis_data.town.blocks import short_pieces
from gis_data.town.street_plan import Lattice, Strand, draw_strands, lay_lattice
from gis_data.town.terrain import Use
from gis_data.town.town import RoadClass
from gis_data.town.waters import water_of

DISTRICT_AREA_M2 = 105e6
_VERTEX_EVERY_M = 60.0
_MILLIMETRE = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Roads and blocks in metres on the drawing plane, noded on a lattice of millimetres."""

    roads: tuple[npt.NDArray[np.float64], ...]
    road_class: tuple[RoadClass, ...]
    road_names: tuple[str, ...]
    blocks: npt.NDArray[np.object_]
    """shapely polygons that meet edge to edge and together are the district."""
    block_uses: tuple[Use, ...]
    block_places: npt.NDArray[np.float64]
    """float64[n, 2]: along the river and away from it in metres of the frame."""
    block_cells: npt.NDArray[np.int64]
    """int64[n], which cell between arterials each block lies in; the river's parts belong to the cell on their bank."""
    water: tuple[shapely.Polygon, ...]
    """The great river first, then canals, then lakes in parks."""
    water_names: tuple[str, ...]
    greens: tuple[shapely.Polygon, ...]
    """Banks of the river and the canals."""


def survey(rng: random.Random) -> Plan:
    """A plan of DISTRICT_AREA_M2 whose roads are one connected network."""
    frame, lattice = terrain.RiverFrame(rng), lay_lattice(rng)
    strands = draw_strands(lattice, rng)
    lines = np.array([shapely.LineString(strand.points) for strand in strands])
    noded = shapely.get_parts(shapely.union_all(lines, grid_size=_MILLIMETRE))
    pieces = shapely.segmentize(noded, _VERTEX_EVERY_M)
    cells = shapely.get_parts(shapely.polygonize(pieces))
    centres = shapely.get_coordinates(shapely.centroid(cells))
    order = np.lexsort((centres[:, 1], centres[:, 0]))
    cells, centres = cells[order], centres[order]
    unscaled = shapely.transform(cells, frame)
    scale = (DISTRICT_AREA_M2 / shapely.area(unscaled).sum()) ** 0.5
    west, south, east, north = shapely.total_bounds(unscaled)
    middle = np.array([(west + east) / 2, (south + north) / 2])

    def carry(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(np.round((frame(points) - middle) * scale, 3))

    roads, which = _chains(pieces, lines, strands)
    of_cell = _cells(centres, lattice)
    uses = _uses(centres, of_cell, lattice, rng)
    blocks = shapely.transform(cells, carry)
    water = water_of(lattice, blocks, uses, carry, rng)
    return Plan(
        roads=tuple(carry(road) for road in roads),
        road_class=tuple(strands[k].road_class or RoadClass.EXPRESSWAY for k in which),
        road_names=tuple(strands[k].name for k in which),
        blocks=blocks,
        block_uses=uses,
        block_places=centres,
        block_cells=of_cell,
        water=water.shapes,
        water_names=water.names,
        greens=water.banks,
    )


def _chains(
    pieces: npt.NDArray[np.object_], lines: npt.NDArray[np.object_], strands: list[Strand]
) -> tuple[list[npt.NDArray[np.float64]], list[int]]:
    """The vertices of every road in order, and its strand: the noded pieces of a strand, put together again."""
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    straight, line = short_pieces(lines)
    of_line = line[shapely.STRtree(straight).query_nearest(middles, all_matches=False)[1]]
    place = shapely.line_locate_point(lines[of_line], middles)
    roads: list[npt.NDArray[np.float64]] = []
    which: list[int] = []
    for k in np.lexsort((place, of_line)):
        strand = int(of_line[k])
        if strands[strand].road_class is None:
            continue
        points = shapely.get_coordinates(pieces[k])
        line = lines[strand]
        if line.project(shapely.Point(points[0])) > line.project(shapely.Point(points[-1])):
            points = points[::-1]
        if which and which[-1] == strand:
            roads[-1] = np.concatenate([roads[-1], points[1:]])
        else:
            roads.append(points)
            which.append(strand)
    return roads, which


def _cells(centres: npt.NDArray[np.float64], lattice: Lattice) -> npt.NDArray[np.int64]:
    """Which of the lattice's cells each block lies in; below the bank, the cell above it."""
    above = np.column_stack([centres[:, 0], np.maximum(centres[:, 1], 60.0)])
    quads = [lattice.corners[i : i + 2, j : j + 2] for i, j in lattice.uses]
    cells = np.array([shapely.Polygon([q[0, 0], q[1, 0], q[1, 1], q[0, 1]]) for q in quads])
    return np.asarray(shapely.STRtree(cells).nearest(shapely.points(above)), np.int64)


def _uses(
    centres: npt.NDArray[np.float64], of_cell: npt.NDArray[np.int64], lattice: Lattice, rng: random.Random
) -> tuple[Use, ...]:
    """What each block is used for: as the cell it lies in, now and then a park; below the bank, the river."""
    kinds = list(lattice.uses.values())
    uses = []
    for away, cell in zip(centres[:, 1].tolist(), of_cell.tolist(), strict=True):
        becomes_park = kinds[cell] is not terrain.HILL and rng.random() < 0.04
        uses.append(terrain.RIVER if away < 0 else terrain.PARK if becomes_park else kinds[cell])
    return tuple(uses)
