"""Places, cameras, streams and the plainness of governance itself."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import governance
from governance.camera import Camera, bearing_deg
from governance.changes import CaseChanged, stream_of
from governance.places import Level, LonLat, at_level, is_inside, level_of
from tests.governance.field import GRID, PLACE, TO_FILED, reported, walk

MODULES = sorted(Path(governance.__file__).parent.glob("*.py"))
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("time", "time"), ("time", "monotonic"), ("date", "today")}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_governance_is_the_standard_library_and_reads_no_clock(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            for name in names:
                root = name.split(".")[0]
                assert root == "governance" or root in sys.stdlib_module_names
                assert root not in {"random", "secrets", "os", "socket", "time"}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in CLOCKS


places = st.builds(LonLat, st.floats(118, 122), st.floats(28, 32))


@given(places, places)
def test_distance_is_the_same_both_ways_and_bearings_turn_full_circle(one: LonLat, two: LonLat) -> None:
    assert one.distance_m(two) == pytest.approx(two.distance_m(one), abs=1e-6)
    assert 0 <= bearing_deg(one, two) < 360


def test_a_degree_of_latitude_is_what_it_is() -> None:
    assert LonLat(120, 30).distance_m(LonLat(120, 31)) == pytest.approx(111_195, abs=1)


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (float("nan"), 0)])
def test_there_is_no_such_place(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="no place on earth"):
        LonLat(lon, lat)


def test_codes_contain_one_another() -> None:
    assert [level_of(at_level(GRID, level)) for level in Level] == list(Level)
    assert is_inside(GRID, at_level(GRID, Level.STREET))
    assert not is_inside(at_level(GRID, Level.STREET), GRID)
    for bad in ("", "33010", "33010400505100x"):
        with pytest.raises(ValueError, match="not an area code"):
            level_of(bad)


@pytest.mark.parametrize(
    ("heading", "width", "reach", "sees"),
    [
        (90, 60, 200, True),
        (270, 60, 200, False),
        (60, 60, 200, True),
        (55, 60, 200, False),
        (270, 360, 200, True),
        (90, 60, 50, False),
    ],
)
def test_a_camera_sees_its_sector(heading: float, width: float, reach: float, sees: bool) -> None:
    east = LonLat(PLACE.lon + 0.001, PLACE.lat)  # 96 m
    assert Camera("c", "c", PLACE, GRID, "公安", heading, width, reach).sees(east) is sees


def test_streams_are_streets_or_the_district() -> None:
    assert (stream_of(GRID, 1), stream_of("330104", 2), stream_of("", 1)) == ("330104005/1", "district/2", "district/1")


def test_a_change_fits_only_the_version_it_was_made_from() -> None:
    old = reported()
    new = walk(old, *TO_FILED)
    change = CaseChanged.between(old, new)
    assert change.applied_to(old) == new
    with pytest.raises(ValueError, match="does not follow"):
        change.applied_to(new)
