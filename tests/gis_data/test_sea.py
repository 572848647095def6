"""The sea is where the coast of a file says so, and nothing is made up between the ends of coasts that are cut off."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gis_data.town.sea import sea_of

FRAME = shapely.box(-1_000, -1_000, 1_000, 1_000)


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, float)


@pytest.mark.parametrize(
    ("coast", "middle", "area_km2"),
    [
        ([line((200, -900), (150, 0), (200, 900))], (600, 0), 1.65),
        ([line((0, 50), (0, -50)), line((30, -50), (30, 50))], None, 0.0),
        ([], None, 0.0),
    ],
    ids=["a coast from edge to edge", "two stumps side by side", "inland"],
)
def test_the_sea_lies_right_of_a_coast_that_is_drawn(
    coast: list[np.ndarray], middle: tuple[float, float] | None, area_km2: float
) -> None:
    reversed_coast = [part[::-1] for part in coast]
    seas = [sea_of(way, FRAME) for way in (coast, reversed_coast)]
    found = [shapely.union_all(sea) for sea in seas]
    if middle is None:
        assert all(sea.area == 0 for sea in found)
    else:
        assert sum(sea.contains(shapely.Point(middle)) for sea in found) == 1
        assert max(sea.area for sea in found) / 1e6 == pytest.approx(area_km2 + 0.6, abs=0.8)
