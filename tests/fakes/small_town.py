"""A town of two streets and four grids on a lattice of roads: small enough to be seeded within a second."""

from __future__ import annotations

import numpy as np
from shapely.geometry import Polygon, box

from gis_data.town.town import Buildings, Patches, RoadClass, Roads, Town, TownArea
from governance.camera import Camera
from governance.places import Level, LonLat

WEST, SOUTH = 120.20, 30.25
WIDE, HIGH = 0.010, 0.009
"""Degrees of one grid: about a kilometre."""
LANES = 5
"""Roads that cross a grid in each direction."""


def corner(east: float, north: float) -> LonLat:
    """A place counted in grids from the south-west corner."""
    return LonLat(WEST + east * WIDE, SOUTH + north * HIGH)


def small_town() -> Town:
    """District 330104 with the streets 001 and 002, a community each, two grids each, side by side from west to east."""
    areas = [TownArea("330104", "江干区", Level.DISTRICT, "区", "", _cell(0, 4))]
    for street in (0, 1):
        code = f"330104{street + 1:03d}"
        areas.append(TownArea(code, f"第{street + 1}街道", Level.STREET, "街道", "330104", _cell(street * 2, 2)))
    for street in (0, 1):
        code = f"330104{street + 1:03d}"
        areas.append(TownArea(f"{code}001", f"第{street + 1}社区", Level.COMMUNITY, "社区", code, _cell(street * 2, 2)))
    for grid in range(4):
        community = f"330104{grid // 2 + 1:03d}001"
        areas.append(
            TownArea(f"{community}{grid % 2 + 1:03d}", f"第{grid + 1}网格", Level.GRID, "网格", community, _cell(grid, 1))
        )
    nothing = Patches(np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(0, np.uint8), ())
    return Town(
        name="江干区",
        code="330104",
        seed=1,
        attribution="",
        origin=corner(2, 0.5),
        epoch="2026-01-01",
        areas=tuple(areas),
        buildings=_one_building(),
        roads=_lattice(),
        water=nothing,
        land=nothing,
        cameras=(_camera(),),
        boundary_fit=1.0,
    )


def _cell(first: int, count: int) -> Polygon:
    return box(WEST + first * WIDE, SOUTH, WEST + (first + count) * WIDE, SOUTH + HIGH)


def _lattice() -> Roads:
    """Streets along the lanes of every grid; where two cross they share a vertex."""
    xs = [WEST + i * WIDE / LANES for i in range(4 * LANES + 1)]
    ys = [SOUTH + j * HIGH / LANES for j in range(LANES + 1)]
    lines = [[(x, y) for x in xs] for y in ys] + [[(x, y) for y in ys] for x in xs]
    offsets = np.cumsum([0, *(len(line) for line in lines)])
    coords = np.array([point for line in lines for point in line])
    return Roads(
        coords, offsets, np.full(len(lines), RoadClass.STREET, np.uint8), tuple(f"{n + 1}号路" for n in range(len(lines)))
    )


def _one_building() -> Buildings:
    at = corner(0.45, 0.45)
    ring = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]) * 2e-4 + (at.lon, at.lat)
    return Buildings(ring, np.array([0, 5]), np.array([18.0], np.float32), np.array([1], np.uint8), ("一号楼",))


def _camera() -> Camera:
    return Camera("33010400001320000001", "东门球机", corner(0.5, 0.5), "330104001001001", "公安", 90.0, 70.0, 60.0)
