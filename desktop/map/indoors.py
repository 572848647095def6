"""Incidents on a floor of a building, and the buildings that hide a place from who looks; no Qt. Main thread only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.oblique import Oblique
from desktop.map.picking import within
from desktop.map.scene import Geometry
from desktop.map.simplify import from_chord
from desktop.map.viewpoint import Viewpoint
from governance.floors import Floor

Floats = NDArray[np.float64]

BESIDE_M = 10.0
"""A place so near to a building is taken to be in it: addresses are often that of its door."""

AROUND_M = 3.0
"""Who stands so far to the left or right of a place must not be hidden either."""

STEP_M = 1.0
FADED_FROM_TILT_DEG = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Indoors:
    """Where the pins on floors stand; rows are those of the pins."""

    floor: tuple[Floor | None, ...]
    """None where an incident names no floor, or lies in no building."""
    building: NDArray[np.int32]
    """int32[pins], -1 where there is none."""
    height_m: Floats
    """float64[pins], metres above the ground on which the building stands; negative below it."""

    @classmethod
    def none(cls, count: int) -> Indoors:
        """Nobody is on a floor."""
        return cls((None,) * count, np.full(count, -1, np.int32), np.zeros(count))

    @classmethod
    def of(cls, geometry: Geometry | None, xy: Floats, floors: Sequence[Floor | None]) -> Indoors:
        """Those of the pins at plane metres float64[n, 2] that name a floor and lie in a building."""
        found = cls.none(len(xy))
        if geometry is None or not any(floors):
            return found
        kept: list[Floor | None] = [None] * len(xy)
        for row, floor in enumerate(floors):
            building = building_at(geometry, xy[row]) if floor is not None else None
            if floor is not None and building is not None:
                kept[row] = floor
                found.building[row] = building
                found.height_m[row] = floor.height_m(float(geometry.building_height_m[building]))
        return cls(tuple(kept), found.building, found.height_m)


def building_at(geometry: Geometry, place: Floats) -> int | None:
    """Number of the building a place float64[2] lies in, or just beside; None where there is none."""
    boxes = geometry.buildings.owner_box
    x, y = float(place[0]), float(place[1])
    near = (boxes[:, 0] < x + BESIDE_M) & (boxes[:, 2] > x - BESIDE_M) & (boxes[:, 1] < y + BESIDE_M)
    best, least = None, BESIDE_M
    for number in np.nonzero(near & (boxes[:, 3] > y - BESIDE_M))[0].tolist():
        for ring in geometry.buildings.rings_of(number):
            if within(ring, np.array([[x, y]]))[0]:
                return int(number)
            away = float(from_chord(np.broadcast_to((x, y), (len(ring) - 1, 2)).astype(float), ring[:-1], ring[1:]).min())
            if away < least:
                best, least = int(number), away
    return best


def hiders(geometry: Geometry, place: Floats, height_m: float, ground_m: Floats, viewpoint: Viewpoint) -> frozenset[int]:
    """Numbers of the buildings drawn over a place float64[2], `height_m` above the plane, or just beside it.

    `ground_m` float64[buildings] is how high each stands. What is seen at the place's pixel lies on a line that rises towards
    who looks; a building hides the place where that line passes below its roof.
    """
    if viewpoint.tilt_deg < FADED_FROM_TILT_DEG or len(geometry.building_height_m) == 0:
        return frozenset()
    turn, tilt = math.radians(viewpoint.turn_deg), math.radians(viewpoint.tilt_deg)
    towards, across = -np.array([math.sin(turn), math.cos(turn)]), np.array([math.cos(turn), -math.sin(turn)])
    tops = ground_m + geometry.building_height_m
    reach_m = max(float(tops.max()) - height_m, 0.0) * math.tan(tilt)
    steps = np.arange(0.0, reach_m + STEP_M, STEP_M)
    rays = place + towards * steps[:, None] + across * np.array([-AROUND_M, 0.0, AROUND_M])[:, None, None]
    heights = np.tile(height_m + steps / math.tan(tilt), 3)
    points = rays.reshape(-1, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    boxes = geometry.buildings.owner_box
    near = (boxes[:, 0] <= high[0]) & (boxes[:, 2] >= low[0]) & (boxes[:, 1] <= high[1]) & (boxes[:, 3] >= low[1])
    found = set()
    for number in np.nonzero(near)[0].tolist():
        passes = points[heights < tops[number]]
        if len(passes) and any(within(ring, passes).any() for ring in geometry.buildings.rings_of(number)):
            found.add(int(number))
    return frozenset(found)


def plate(geometry: Geometry, building: int) -> list[Floats]:
    """The outline of a floor: the rings of its building."""
    return geometry.buildings.rings_of(building)


def is_in_picture(oblique: Oblique, x: float, y: float, z: float, rim_px: float = 200.0) -> bool:
    """Whether a place is drawn in a picture, or so near to it."""
    right, down = oblique.screen(x, y, z).tolist()
    return bool(-rim_px < right < oblique.width_px + rim_px and -rim_px < down < oblique.height_px + rim_px)
