"""The ground a generated district is laid out on: a bent frame along a big river, and what each part of it is used for."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LENGTH_M = 16_400.0
RIVER_WIDTH_M = 1_150.0
GREEN_BELT_M = 70.0
_STEP_M = 25.0
_REACH_M = 4_000.0


class RiverFrame:
    """Turns (along the river, away from it) into metres east and north; the bank road is at zero, the river below it."""

    def __init__(self, rng: random.Random) -> None:
        """Bend the bank the way the rng says: north-east first, then more and more to the east."""
        along = np.arange(-_REACH_M, LENGTH_M + _REACH_M + _STEP_M, _STEP_M)
        start, turn = math.radians(52 + rng.uniform(-4, 4)), math.radians(38 + rng.uniform(-4, 4))
        wave, phase = math.radians(5 + rng.uniform(0, 3)), rng.uniform(0, math.tau)
        heading = start - turn * np.clip(along / LENGTH_M, -0.2, 1.2) + wave * np.sin(along / 2_600 + phase)
        self._along = along
        self._x = np.cumsum(np.cos(heading)) * _STEP_M
        self._y = np.cumsum(np.sin(heading)) * _STEP_M
        self._east = -np.sin(heading)
        self._north = np.cos(heading)
        self._phases = [rng.uniform(0, math.tau) for _ in range(3)]

    def __call__(self, along_away: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Metres in the plane for float64[n, 2] of (along, away)."""
        s, t = along_away[:, 0], along_away[:, 1]
        a, b, c = self._phases
        inland = np.clip(t / 1_500, 0, 1)
        bent_s = s + inland * (90 * np.sin(t / 1_900 + a) + 40 * np.sin(t / 800 + s / 2_500 + b))
        bent_t = t + inland * (80 * np.sin(s / 1_500 + c) + 35 * np.sin(s / 700 + t / 2_000 + a))
        x = np.interp(bent_s, self._along, self._x) + bent_t * np.interp(bent_s, self._along, self._east)
        y = np.interp(bent_s, self._along, self._y) + bent_t * np.interp(bent_s, self._along, self._north)
        return np.column_stack([x, y])


@dataclass(frozen=True, slots=True)
class Use:
    """What a part of the city is for, and what that means for its blocks, people and houses."""

    name: str
    block_m: float
    """Side of a usual block."""
    people: float
    """Weight of its ground when grids are made equal; 1 is a usual housing estate."""


OLD_TOWN = Use("old town", 180, 1.7)
CENTRE = Use("centre", 200, 1.3)
HOUSING = Use("housing", 218, 1.0)
CAMPUS = Use("campus", 300, 0.8)
INDUSTRY = Use("industry", 280, 0.45)
VILLAGE = Use("village", 240, 0.8)
STATION = Use("station", 300, 0.8)
HILL = Use("hill", 520, 0.12)
PARK = Use("park", 260, 0.15)
RIVER = Use("river", 900, 0.0)


def northern_edge_m(along_m: float) -> float:
    """How far inland the district reaches: narrow in the old town, deepest in the north of its middle."""
    points = ((0, 4_300), (3_000, 5_600), (5_500, 7_000), (9_500, 7_700), (11_500, 5_800), (16_400, 4_600))
    return float(np.interp(along_m, [p[0] for p in points], [p[1] for p in points]))


def use_at(along_m: float, away_m: float, rng: random.Random) -> Use:
    """What the superblock around a point is used for."""
    share = along_m / LENGTH_M
    chance = rng.random()
    if away_m > 6_000 and 0.38 < share < 0.56:
        return HILL
    if abs(share - 0.36) < 0.03 and 1_900 < away_m < 3_000:
        return STATION
    if away_m < 1_900 and 0.16 < share < 0.55:
        return CENTRE if chance < 0.85 else HOUSING
    if share < 0.27 and away_m < 4_600:
        return OLD_TOWN if chance < 0.8 else CENTRE
    if share > 0.6 and chance < 0.36:
        return INDUSTRY if away_m > 1_500 else HOUSING
    if away_m > 3_500 and chance > 0.84:
        return VILLAGE
    if chance > 0.94:
        return CAMPUS
    return HOUSING
