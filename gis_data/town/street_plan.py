"""The streets of a generated district, drawn first so that blocks, grids and houses follow them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gis_data.town import names_zh, terrain
from gis_data.town.terrain import Use
from gis_data.town.town import RoadClass

Point: TypeAlias = tuple[float, float]
# Where the great river is crossed, as a share of the district's length.
_BRIDGES = (0.06, 0.44, 0.80)


@dataclass(frozen=True, slots=True)
class Strand:
    """A road from end to end in the river frame, before it is cut at its junctions."""

    points: tuple[Point, ...]
    road_class: RoadClass | None
    """None for a boundary that is no road (the district's edge, a parting line in the river)."""
    name: str


@dataclass(slots=True)
class Lattice:
    """Where the arterials cross, in the river frame, and which of the cells between them are the district."""

    corners: npt.NDArray[np.float64]
    uses: dict[tuple[int, int], Use] = field(default_factory=dict)
    column_cut: list[float] = field(default_factory=list)
    row_cut: list[float] = field(default_factory=list)


def draw_strands(lattice: Lattice, rng: random.Random) -> list[Strand]:
    """Every road of the district and every boundary that is no road, in the river frame; the network hangs together."""
    strands = _arterials(lattice, rng) + _edges(lattice) + _bridges(lattice)
    street_names = names_zh.road_names(rng, ("路", "街"))
    lane_names = names_zh.road_names(rng, ("巷", "弄", "支路"))
    column_names = [next(street_names) for _ in lattice.column_cut]
    row_names = [next(street_names) for _ in lattice.row_cut]
    for (column, row), use in sorted(lattice.uses.items()):
        if use is not terrain.HILL:
            named = (column_names[column], row_names[row])
            strands += _split_cell(lattice, (column, row), use, rng, named, lane_names)
    return strands


def lay_lattice(rng: random.Random) -> Lattice:
    """Arterials 620 to 980 m apart, closer in the old town, none of them quite straight."""
    s_lines, t_lines = [0.0], [0.0]
    while s_lines[-1] < terrain.LENGTH_M - 500:
        s_lines.append(s_lines[-1] + rng.uniform(620, 800) + (180 if s_lines[-1] > 4_000 else 0))
    while t_lines[-1] < 8_000:
        t_lines.append(t_lines[-1] + rng.uniform(640, 880) + (100 if t_lines[-1] > 3_000 else 0))
    corners = np.array([[(s, t) for t in t_lines] for s in s_lines])
    for i in range(len(s_lines)):
        for j in range(1, len(t_lines)):
            corners[i, j] += (rng.uniform(-75, 75), rng.uniform(-60, 60))
    lattice = Lattice(corners)
    for i in range(len(s_lines) - 1):
        for j in range(len(t_lines) - 1):
            along, away = corners[i : i + 2, j : j + 2].reshape(4, 2).mean(axis=0)
            if away < terrain.northern_edge_m(along) and _joined(lattice, i, j):
                lattice.uses[i, j] = terrain.use_at(along, away, rng)
    lattice.column_cut = [rng.uniform(0.42, 0.58) for _ in s_lines[1:]]
    lattice.row_cut = [rng.uniform(0.42, 0.58) for _ in t_lines[1:]]
    return lattice


def _joined(lattice: Lattice, column: int, row: int) -> bool:
    """Whether the cell below belongs to the district, so that no cell hangs in the air."""
    return row == 0 or (column, row - 1) in lattice.uses


def _arterials(lattice: Lattice, rng: random.Random) -> list[Strand]:
    """The lattice lines that border the district's cells, whole runs of them."""
    strands: list[Strand] = []
    columns, rows = lattice.corners.shape[0], lattice.corners.shape[1]
    fast_rows, fast_columns = {rng.choice((3, 4))}, {rng.choice((4, 5)), rng.choice((12, 13))}
    for j in range(rows):
        near = [(i, j) in lattice.uses or (i, j - 1) in lattice.uses for i in range(columns - 1)]
        name = names_zh.ALONG_RIVER[j % len(names_zh.ALONG_RIVER)]
        kind = RoadClass.EXPRESSWAY if j in fast_rows else RoadClass.ARTERIAL
        name = names_zh.EXPRESSWAYS[0] if j in fast_rows else name
        strands += [Strand(_points(lattice.corners[a : b + 1, j]), kind, name) for a, b in _runs(near)]
    for i in range(columns):
        near = [(i, j) in lattice.uses or (i - 1, j) in lattice.uses for j in range(rows - 1)]
        name = names_zh.ACROSS[i % len(names_zh.ACROSS)]
        kind = RoadClass.EXPRESSWAY if i in fast_columns else RoadClass.ARTERIAL
        name = names_zh.EXPRESSWAYS[3 + i % 3] if i in fast_columns else name
        strands += [Strand(_points(lattice.corners[i, a : b + 1]), kind, name) for a, b in _runs(near)]
    return strands


def _edges(lattice: Lattice) -> list[Strand]:
    """The district's edge in the middle of the river and the lines that part the river between its quarters."""
    middle = -terrain.RIVER_WIDTH_M / 2 - terrain.GREEN_BELT_M
    bank = lattice.corners[:, 0]
    strands = [Strand(tuple((float(s), middle) for s in bank[:, 0]), None, "")]
    bridges = {_bridge_column(lattice, share) for share in _BRIDGES}
    for i in range(len(bank)):
        if i not in bridges:
            strands.append(Strand(((float(bank[i, 0]), 0.0), (float(bank[i, 0]), middle)), None, ""))
    return strands


def _bridges(lattice: Lattice) -> list[Strand]:
    """Arterials carried across the river to the far bank."""
    far = -terrain.RIVER_WIDTH_M - 2 * terrain.GREEN_BELT_M
    strands = []
    for number, share in enumerate(_BRIDGES):
        s = float(lattice.corners[_bridge_column(lattice, share), 0, 0])
        strands.append(Strand(((s, 0.0), (s, far)), RoadClass.ARTERIAL, f"钱塘江{'一二三四'[number]}桥"))
    return strands


def _bridge_column(lattice: Lattice, share: float) -> int:
    return int(np.abs(lattice.corners[:, 0, 0] - share * terrain.LENGTH_M).argmin())


def _split_cell(
    lattice: Lattice,
    cell: tuple[int, int],
    use: Use,
    rng: random.Random,
    through: tuple[str, str],
    lane_names: Iterator[str],
) -> list[Strand]:
    """Streets and lanes inside one cell between arterials: two through streets, lanes that stop at them."""
    i, j = cell
    quad = lattice.corners[i : i + 2, j : j + 2]
    width, depth = _span(quad[:, 0]), _span(quad[0])
    rows = _cuts(max(2, round(depth / use.block_m)), lattice.row_cut[j], rng)
    strands: list[Strand] = []
    for v, is_street in rows:
        kind, name = (RoadClass.STREET, through[1]) if is_street else (RoadClass.LANE, next(lane_names))
        strands.append(Strand((_at(quad, 0, v), _at(quad, 1, v)), kind, name))
    levels = [0.0, *sorted(v for v, _ in rows), 1.0]
    aligned = rng.random() < 0.45
    shared = _cuts(max(2, round(width / use.block_m)), lattice.column_cut[i], rng)
    for low, high in itertools.pairwise(levels):
        columns = shared if aligned else _cuts(max(2, round(width / use.block_m)), lattice.column_cut[i], rng)
        for u, is_street in columns:
            if not is_street and rng.random() < 0.1:
                continue
            kind, name = (RoadClass.STREET, through[0]) if is_street else (RoadClass.LANE, next(lane_names))
            strands.append(Strand((_at(quad, u, low), _at(quad, u, high)), kind, name))
    return strands


def _cuts(parts: int, street: float, rng: random.Random) -> list[tuple[float, bool]]:
    """Where a side is cut into so many parts; the cut nearest its through street is that street."""
    if parts < 2:
        return []
    cuts = [(k + rng.uniform(-0.16, 0.16)) / parts for k in range(1, parts)]
    nearest = min(range(len(cuts)), key=lambda k: abs(cuts[k] - street))
    cuts[nearest] = street
    return [(cut, k == nearest) for k, cut in enumerate(cuts) if k == nearest or abs(cut - street) > 0.45 / parts]


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """(first, one past the last) of every unbroken run of true."""
    runs: list[tuple[int, int]] = []
    for k, flag in enumerate(flags):
        if flag and runs and runs[-1][1] == k:
            runs[-1] = (runs[-1][0], k + 1)
        elif flag:
            runs.append((k, k + 1))
    return runs


def _points(corners: npt.NDArray[np.float64]) -> tuple[Point, ...]:
    return tuple((float(s), float(t)) for s, t in corners)


def _at(quad: npt.NDArray[np.float64], u: float, v: float) -> Point:
    """The point of a cell between its four corners, u along the river and v away from it."""
    low = quad[0, 0] * (1 - u) + quad[1, 0] * u
    high = quad[0, 1] * (1 - u) + quad[1, 1] * u
    point = low * (1 - v) + high * v
    return float(point[0]), float(point[1])


def _span(ends: npt.NDArray[np.float64]) -> float:
    return float(np.hypot(*(ends[1] - ends[0])))
