"""What a desk logged is read while it writes, and judged by honest percentiles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.measures import MeasureReader, NotSeen, percentile
from demo.scene import stride
from governance.places import LonLat


def test_half_a_line_is_read_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "measure.jsonl"
    log = MeasureReader(path)
    assert log.of_kind("ready") == []
    whole = json.dumps({"t": 1.0, "kind": "ready"}) + "\n"
    path.write_text(whole + whole[:9])
    assert len(log.of_kind("ready")) == 1
    path.write_text(whole + whole)
    assert len(log.of_kind("ready")) == 2
    assert log.of_kind("ready", after=2.0) == []


def test_what_never_came_is_named(tmp_path: Path) -> None:
    path = tmp_path / "measure.jsonl"
    path.write_text(json.dumps({"t": 1.0, "kind": "ready"}) + "\n")
    log = MeasureReader(path)
    assert log.wait("first frame", lambda line: line["kind"] == "ready", patience_s=0)["t"] == 1.0
    with pytest.raises(NotSeen, match="the pin"):
        log.wait("the pin", lambda line: line["kind"] == "pin", patience_s=0)
    with pytest.raises(NotSeen):
        log.wait("a later first frame", lambda line: line["kind"] == "ready", patience_s=0, after=1.5)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.integers(1, 100))
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 95) is None


@pytest.mark.parametrize(("metres_per_pixel", "towards_lon"), [(15.0, 120.3), (15.0, 120.1), (0.5, 120.3)])
def test_a_walker_steps_twenty_pixels_at_any_scale_towards_the_middle(
    tmp_path: Path, metres_per_pixel: float, towards_lon: float
) -> None:
    path, start = tmp_path / "measure.jsonl", LonLat(120.2, 30.27)
    views = [{"t": 1.0, "kind": "view", "metres_per_pixel": scale} for scale in (99.0, metres_per_pixel)]
    path.write_text("".join(json.dumps(view) + "\n" for view in views))
    first, second = stride(MeasureReader(path), start, LonLat(towards_lon, 30.27))
    assert first == start
    assert 20 <= first.distance_m(second) / metres_per_pixel <= 30
    assert (second.lon > start.lon) == (towards_lon > start.lon)


def test_a_step_on_a_map_that_was_never_painted_is_not_made_up(tmp_path: Path) -> None:
    with pytest.raises(NotSeen, match="scale"):
        stride(MeasureReader(tmp_path / "measure.jsonl"), LonLat(120.2, 30.27), LonLat(120.3, 30.27))
