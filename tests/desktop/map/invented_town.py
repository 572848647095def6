"""A town of six grids, a river, two roads and a dozen houses: small enough to know every pixel of it."""

from __future__ import annotations

import numpy as np
from shapely.geometry import Polygon, box

from desktop.map.scene import Cameras, Geometry, Pins
from gis_data.town.pack import read_pack, write_packs
from gis_data.town.plane import Plane
from gis_data.town.town import Buildings, Patches, Roads, Town, TownArea
from governance.places import Level, LonLat

ORIGIN = LonLat(120.2, 30.3)
CELL_M = 400.0
PLANE = Plane(ORIGIN)


def degrees(xy: object) -> np.ndarray:
    """Longitude and latitude of plane metres."""
    points = np.asarray(xy, float)
    return PLANE.to_lonlat(points[:, 0], points[:, 1])


def _on_earth(shape: Polygon) -> Polygon:
    return Polygon(degrees(np.asarray(shape.exterior.coords)))


def _areas() -> tuple[TownArea, ...]:
    """One street of two communities of three grids each, 1200 m by 800 m around the origin."""
    west, south = -1.5 * CELL_M, -CELL_M
    whole = box(west, south, -west, -south)
    areas = [
        TownArea("330199", "试验区", Level.DISTRICT, "区", "", _on_earth(whole)),
        TownArea("330199001", "试验街道", Level.STREET, "街道", "330199", _on_earth(whole)),
    ]
    grids = []
    for row in range(2):
        code, name = f"33019900100{row + 1}", f"第{'一二'[row]}社区"
        low = south + row * CELL_M
        areas.append(TownArea(code, name, Level.COMMUNITY, "社区", "330199001", _on_earth(box(west, low, -west, low + CELL_M))))
        for column in range(3):
            left = west + column * CELL_M
            shape = _on_earth(box(left, low, left + CELL_M, low + CELL_M))
            grids.append(TownArea(f"{code}{column + 1:03d}", f"{name}第{column + 1:02d}网格", Level.GRID, "网格", code, shape))
    return (*areas, *grids)


def _flat(rings: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return degrees(np.concatenate(rings)), np.concatenate([[0], np.cumsum([len(ring) for ring in rings])]).astype(np.int64)


def _square(x: float, y: float, wide: float, deep: float) -> np.ndarray:
    return np.array([(x, y), (x + wide, y), (x + wide, y + deep), (x, y + deep), (x, y)])


def town() -> Town:
    """The town itself."""
    houses = [_square(-520 + 90 * n, 90 + 60 * (n % 3), 45, 22) for n in range(12)]
    coords, offsets = _flat(houses)
    buildings = Buildings(coords, offsets, np.linspace(9, 60, 12).astype(np.float32), np.ones(12, np.uint8), ("",) * 12)
    lines = [np.array([(-600.0, 0.0), (-10.0, 0.0), (600.0, 0.0)]), np.array([(-200.0, -400.0), (-200.0, 400.0)])]
    road_coords, road_offsets = _flat(lines)
    roads = Roads(road_coords, road_offsets, np.array([1, 2], np.uint8), ("人民路", "解放路"))
    water = Patches(*_flat([_square(-600, -330, 1200, 60)]), np.array([1], np.uint8), ("试验河",))
    land = Patches(*_flat([_square(220, -220, 150, 150)]), np.array([10], np.uint8), ("公园",))
    return Town("试验区", "330199", 1, "", ORIGIN, "2026-01-01", _areas(), buildings, roads, water, land, (), 1.0)


def geometry() -> Geometry:
    """The town as the map takes it, through packs as a desk gets them."""
    packs = {name: read_pack(name, data) for name, data in write_packs(town()).items()}
    return Geometry.of(packs, ORIGIN)


def pins(xy: object, *, urgency: object = 0, severity: object = 0, state: object = 0, pending: object = False) -> Pins:
    """Pins at plane metres."""
    place = degrees(xy)
    count = len(place)
    return Pins(
        tuple(f"SY-{n:04d}" for n in range(count)),
        place[:, 0],
        place[:, 1],
        (np.arange(count) % 10).astype(np.uint8),
        np.broadcast_to(np.asarray(urgency, np.uint8), count).copy(),
        np.broadcast_to(np.asarray(severity, np.uint8), count).copy(),
        np.broadcast_to(np.asarray(state, np.uint8), count).copy(),
        np.broadcast_to(np.asarray(pending, bool), count).copy(),
        np.zeros(count, bool),
    )


def cameras(xy: object) -> Cameras:
    """Live cameras at plane metres, looking north-east."""
    place = degrees(xy)
    count = len(place)
    whole = np.ones(count, np.float32)
    return Cameras(
        tuple(f"C{n:03d}" for n in range(count)),
        place[:, 0],
        place[:, 1],
        whole * 45,
        whole * 70,
        whole * 80,
        np.zeros(count, np.uint8),
    )
