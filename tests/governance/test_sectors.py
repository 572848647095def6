"""What a camera covers: inside a ring or a sector, and what cannot be one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.camera import Camera, is_in_ring
from governance.places import LonLat
from governance.sectors import Sector, what_is_wrong

HERE = LonLat(120.2, 30.3)
CAMERA = Camera("33010400001320000001", "东门", HERE, "330104005001001", "公安", 90.0, 60.0, 100.0)


def ring(*corners: tuple[float, float]) -> tuple[LonLat, ...]:
    """Corners in hundredths of a degree divided by a hundred, from here."""
    return tuple(LonLat(HERE.lon + x * 1e-4, HERE.lat + y * 1e-4) for x, y in corners)


SQUARE = ring((0, 0), (10, 0), (10, 10), (0, 10))
RINGS = {
    "square": (SQUARE, None),
    "turned round": (SQUARE[::-1], None),
    "a corner amid an edge": (ring((0, 0), (3, 0), (6, 0), (10, 0), (10, 10), (0, 10)), None),
    "a bay": (ring((0, 0), (10, 0), (10, 10), (5, 2), (0, 10)), None),
    "a bow tie": (ring((0, 0), (10, 10), (10, 0), (0, 10)), "ring_crosses"),
    "a line": (ring((0, 0), (10, 0), (5, 0)), "ring_crosses"),
    "there and back": (ring((0, 0), (10, 0), (0, 0)), "ring_crosses"),
    "touches itself": (ring((0, 0), (10, 0), (10, 10), (5, 0), (0, 10)), "ring_crosses"),
    "two corners": (ring((0, 0), (10, 0)), "corners_wrong"),
    "too many": (ring(*((n % 9, n) for n in range(65))), "corners_wrong"),
    "far": (ring((0, 0), (10, 0), (0, 300)), "ring_too_far"),
}


@pytest.mark.parametrize("name", RINGS)
def test_a_ring_is_one_or_says_why_not(name: str) -> None:
    corners, code = RINGS[name]
    no = what_is_wrong(replace(Sector.of(CAMERA), coverage=corners), CAMERA)
    assert (no.code if no else None) == code


@given(st.floats(-20, 20), st.floats(-20, 20), st.integers(0, 3))
def test_a_ring_is_the_same_wherever_it_is_begun(x: float, y: float, turn: int) -> None:
    (place,) = ring((x, y))
    assert is_in_ring(place, SQUARE) == is_in_ring(place, (*SQUARE[turn:], *SQUARE[:turn]))
    if abs(x) > 0.01 and abs(y) > 0.01 and abs(x - 10) > 0.01 and abs(y - 10) > 0.01:
        assert is_in_ring(place, SQUARE) == (0 < x < 10 and 0 < y < 10)


def test_a_ring_counts_instead_of_the_sector_and_old_values_take_it_back() -> None:
    behind = ring((-3, 0))[0]
    assert not CAMERA.sees(behind)
    drawn = replace(Sector.of(CAMERA), coverage=ring((-5, -5), (5, -5), (5, 5), (-5, 5))).on(CAMERA)
    assert (drawn.sees(behind), drawn.version, drawn.reach_m > 50.0) == (True, 2, True)
    assert Sector.of(CAMERA).on(drawn) == replace(CAMERA, version=3)
    assert Sector(360.0, 360.0, 1.0).on(CAMERA).heading_deg == 0.0
