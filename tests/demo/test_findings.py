"""The smoke run says ok only where every single thing happened."""

from __future__ import annotations

import math
from typing import Any

import pytest

from demo.smoke import HAPPENED, STATES, Findings

GOOD: dict[str, Any] = {
    **dict.fromkeys(HAPPENED, 12.5),
    "tile_live": True,
    "picture_age_s": 0.2,
    "incident_states": STATES,
    "workers": 1600,
    "grids": 12,
    "cameras": 84,
}


def test_a_run_in_which_everything_happened_is_ok() -> None:
    said = Findings(dict(GOOD)).judge()
    assert said == {"ok": True, **GOOD, "errors": []}


@pytest.mark.parametrize("name", HAPPENED)
def test_a_figure_that_was_never_measured_is_told_and_fails_the_run(name: str) -> None:
    said = Findings({key: value for key, value in GOOD.items() if key != name}).judge()
    assert (said["ok"], said[name], said["errors"]) == (False, None, [f"{name}: None"])


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("workers", 0),
        ("grids", 0),
        ("cameras", 0),
        ("picture_age_s", 40.0),
        ("picture_age_s", math.nan),
        ("fix_to_pixel_ms_p95", math.inf),
        ("frame_ms_p95", math.nan),
        ("tile_live", False),
        ("incident_states", STATES[:-1]),
    ],
)
def test_a_figure_that_shows_that_nothing_happened_fails_the_run(name: str, figure: object) -> None:
    assert not Findings(GOOD | {name: figure}).judge()["ok"]


@pytest.mark.parametrize(("name", "figure"), [("frame_ms_p95", 300.0), ("idle_cpu_percent", 90.0), ("picture_age_s", 1.0)])
def test_a_slow_machine_alone_fails_nothing(name: str, figure: float) -> None:
    assert Findings(GOOD | {name: figure}).judge()["ok"]
