"""What a tooltip says of a fix of a track."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.map.grid_raster import GridRaster
from desktop.map.tracks import Track, Way
from desktop.map_tips import fix_tip
from desktop.words import Words
from gis_data.town.plane import Plane
from governance.places import LonLat

NOWHERE = GridRaster(np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(0, np.int32))
MORNING_S = 1_764_460_800.0
"""08:00:00 on 30 November 2025 in Shanghai."""


@pytest.mark.parametrize(
    ("language", "row", "said"),
    [
        ("zh", 0, "李建国 · 11-30 08:00:00\n步行 5 公里/时"),
        ("zh", 1, "李建国 · 11-30 08:00:10\n其后 10分钟 没有定位"),
        ("zh", 2, "李建国 · 11-30 08:10:10\n最后一个定位"),
        ("en", 0, "李建国 · 11-30 08:00:00\nwalking, 5 km/h"),
    ],
)
def test_a_fix_says_who_was_there_when_and_how_fast(language: str, row: int, said: str) -> None:
    plane = Plane(LonLat(120.2, 30.3))
    place = plane.to_lonlat([0.0, 14.0, 200.0], [0.0, 0.0, 0.0])
    track = Track.of("W1", place[:, 0], place[:, 1], MORNING_S + np.array([0.0, 10.0, 610.0]), "李建国")
    assert fix_tip(Words(language), (Way.of(track, plane, NOWHERE), row)) == said
    assert fix_tip(Words(language), None) == ""
