"""The smoke run says ok only where every single thing happened."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from demo.processes import sole_demo
from demo.smoke import HAPPENED, STATES, Findings

ROOT = Path(__file__).resolve().parents[2]

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


def told_by_a_smoke_run(home: Path, *words: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "main.py", "demo", "--smoke", "--json", "--home", str(home), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout)


def test_a_town_that_is_no_town_is_told_as_the_whole_object(tmp_path: Path) -> None:
    town = tmp_path / "empty.osm"
    town.write_text("")
    status, said = told_by_a_smoke_run(tmp_path / "home", "--town", str(town), "--language", "en")
    assert status == 1
    assert set(said) >= {"ok", *HAPPENED, "errors"}
    assert (said["ok"], {said[name] for name in HAPPENED}) == (False, {None})
    assert "empty.osm" in said["errors"][0]


def test_a_smoke_run_beside_another_demonstration_is_told_as_the_whole_object(tmp_path: Path) -> None:
    with sole_demo(tmp_path):
        status, said = told_by_a_smoke_run(tmp_path)
    assert (status, said["ok"], said["tile_live"]) == (1, False, None)
    assert str(tmp_path) in said["errors"][0]
