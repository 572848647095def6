"""Divides a town's blocks into streets, communities and grids, and gives every area its code, name and polygon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.bad_town import BadTown
from gis_data.town.partition import BlockGraph, TooFewBlocks, divide
from gis_data.town.plane import Plane
from gis_data.town.town import TownArea
from governance.places import Level

GridName = Callable[[str, int, object], str]


def numbered_grid(community: str, number: int, _shape: object) -> str:
    """A grid's usual name: its community's, and its number there."""
    return f"{community}第{number:02d}网格"


@dataclass(frozen=True, slots=True)
class StreetWish:
    """A street that is to be made: what it is called and what it is divided into."""

    code: str
    name: str
    kind: str
    communities: tuple[str, ...]
    """Names of its communities; an empty name is filled in by whoever names the areas."""
    villages: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        """How many communities and villages it has."""
        return len(self.communities) + len(self.villages)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The blocks of one grid and where it belongs."""

    street: int
    unit: int
    blocks: tuple[int, ...]


def divide_grids(graph: BlockGraph, streets: Sequence[Sequence[int]], units: Sequence[int], grids: int) -> list[Leaf]:
    """Exactly so many grids, divided among the units of each street by weight, every one connected.

    Raises BadTown where the blocks do not suffice for the units or the grids.
    """
    parts: list[tuple[int, list[int]]] = []
    for street, (blocks, count) in enumerate(zip(streets, units, strict=True)):
        try:
            parts += [(street, part) for part in divide(graph, blocks, [1.0] * count)]
        except TooFewBlocks as error:
            raise BadTown("too_many_grids", str(error)) from None
    weights = np.array([graph.weights[part].sum() for _, part in parts])
    room = np.array([len(part) for _, part in parts])
    counts = share_out(weights, room, grids)
    leaves: list[Leaf] = []
    missing = 0
    for unit in np.argsort(counts - room, kind="stable")[::-1].tolist():
        street, part = parts[unit]
        wanted = int(min(counts[unit] + missing, room[unit])) if missing else int(counts[unit])
        made = _most_parts(graph, part, wanted)
        missing += int(counts[unit]) - len(made)
        leaves += [Leaf(street, unit, tuple(sorted(blocks))) for blocks in made]
    if missing > 0:
        raise BadTown("too_many_grids", f"{grids - missing} of {grids}")
    return leaves


def share_out(weights: npt.NDArray[np.float64], room: npt.NDArray[np.int64], total: int) -> npt.NDArray[np.int64]:
    """Whole numbers in proportion to the weights that sum to the total: at least one each, at most the room each has.

    Raises BadTown where the total is under one each or over the room.
    """
    if not len(weights) <= total <= room.sum():
        raise BadTown("too_many_grids", f"{total} grids, {len(weights)} communities, {int(room.sum())} blocks")
    counts = np.ones(len(weights), np.int64)
    ideal = np.maximum(weights, 1e-9) / max(float(weights.sum()), 1e-9) * total
    for _ in range(total - len(weights)):
        need = np.where(counts < room, ideal / (counts + 0.5), -1.0)
        counts[int(need.argmax())] += 1
    return counts


def _most_parts(graph: BlockGraph, part: list[int], wanted: int) -> list[list[int]]:
    """The part in so many connected pieces, or in as many as it can be divided into."""
    for count in range(wanted, 1, -1):
        try:
            return divide(graph, part, [1.0] * count)
        except TooFewBlocks:
            continue
    return [part]


def name_areas(
    blocks: npt.NDArray[np.object_],
    leaves: Sequence[Leaf],
    wishes: Sequence[StreetWish],
    district: tuple[str, str, str],
    to_lonlat: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]],
    nameless: Callable[[npt.NDArray[np.object_]], list[str]],
    villages: npt.NDArray[np.float64],
    grid_name: GridName = numbered_grid,
) -> tuple[TownArea, ...]:
    """The areas with code, name and polygon in degrees, district first.

    `district` is (code, name, kind). `villages` says for each block how much of a village it is: the units with most
    of it become the villages. `nameless` names units (polygons in metres) whose wish has an empty name.
    """
    grid_shapes = np.array([_union(blocks[list(leaf.blocks)]) for leaf in leaves], dtype=object)
    unit_of = np.array([leaf.unit for leaf in leaves])
    units = sorted(set(unit_of.tolist()))
    unit_shapes = np.array([_union(grid_shapes[unit_of == unit]) for unit in units], dtype=object)
    street_of_unit = np.array([next(leaf.street for leaf in leaves if leaf.unit == unit) for unit in units])
    rural = np.array([_mean([villages[b] for leaf in leaves if leaf.unit == unit for b in leaf.blocks]) for unit in units])
    given = nameless(unit_shapes)
    out: list[tuple[str, str, Level, str, str, object]] = []
    for street, wish in enumerate(wishes):
        mine = np.flatnonzero(street_of_unit == street)
        street_shape = _union(unit_shapes[mine])
        out.append((wish.code, wish.name, Level.STREET, wish.kind, district[0], street_shape))
        for code, name, kind, k in _unit_codes(wish, mine, unit_shapes, rural, given):
            out.append((code, name, Level.COMMUNITY, kind, wish.code, unit_shapes[k]))
            inner = np.flatnonzero(unit_of == units[k])
            for number, g in enumerate(inner[reading_order(grid_shapes[inner])], start=1):
                title = grid_name(name, number, grid_shapes[g])
                out.append((f"{code}{number:03d}", title, Level.GRID, "网格", code, grid_shapes[g]))
    whole = _union(np.array([row[5] for row in out if row[2] is Level.STREET], dtype=object))
    out.append((district[0], district[1], Level.DISTRICT, district[2], "", whole))
    out.sort(key=lambda row: (-row[2], row[0]))
    shapes = shapely.transform(np.array([row[5] for row in out], dtype=object), to_lonlat)
    return tuple(TownArea(*row[:5], shape) for row, shape in zip(out, shapes, strict=True))


def _unit_codes(
    wish: StreetWish,
    mine: npt.NDArray[np.int64],
    shapes: npt.NDArray[np.object_],
    rural: npt.NDArray[np.float64],
    given: list[str],
) -> list[tuple[str, str, str, int]]:
    """(code, name, kind, unit) of a street's communities, numbered from 001, and villages, from 201 (GB/T 10114)."""
    most_rural = mine[np.argsort(-rural[mine], kind="stable")][: len(wish.villages)]
    urban = np.array([k for k in mine if k not in set(most_rural.tolist())], dtype=int)
    rows = []
    for number, k in enumerate(urban[reading_order(shapes[urban])], start=1):
        name = wish.communities[number - 1] or given[k]
        rows.append((f"{wish.code}{number:03d}", name, "社区", int(k)))
    for number, k in enumerate(most_rural, start=1):
        rows.append((f"{wish.code}{200 + number}", wish.villages[number - 1], "村", int(k)))
    return rows


def reading_order(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """The order in which shapes are numbered: in rows from north to south, in each row from west to east."""
    if len(shapes) < 2:
        return np.arange(len(shapes))
    centres = shapely.get_coordinates(shapely.centroid(shapes))
    rows = max(1, round(len(shapes) ** 0.5))
    row = np.argsort(np.argsort(-centres[:, 1], kind="stable"), kind="stable") * rows // len(shapes)
    return np.lexsort((centres[:, 0], row))


def lonlat_carrier(plane: Plane) -> Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]:
    """A function from metres to degrees rounded to 1e-9 (a tenth of a millimetre), the same for equal points."""
    return lambda metres: np.round(plane.to_lonlat(metres[:, 0], metres[:, 1]), 9)


def on_plane(shapes: npt.NDArray[np.object_], plane: Plane) -> npt.NDArray[np.object_]:
    """Shapes in degrees carried to the plane, in metres rounded to the millimetre."""
    return np.asarray(shapely.transform(shapes, lambda degrees: plane.to_plane(degrees[:, 0], degrees[:, 1]).round(3)))


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _union(polygons: npt.NDArray[np.object_]) -> object:
    """The polygons as one, every vertex kept; they must meet vertex to vertex."""
    if len(polygons) == 1:
        return polygons[0]
    merged = shapely.coverage_union_all(polygons)
    parts = shapely.get_parts(merged)
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
