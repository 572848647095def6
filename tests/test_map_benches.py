"""The benchmarks of the map run: a moment of each on a small scene, in a window of its own."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from bench import map as map_bench
from bench import qgis_peer, soak
from bench.map import TARGETS, VIEWS
from bench.run import KEYS, judged, table
from bench.scenes import SCALES

WAYS = ("moving", "pan", "turn", "redraw", "50 grids")
OF_A_FRAME = ("median_ms", "p95_ms", "cpu_ms", "cpu_p95_ms", "draws", "triangles_a_frame", "uploaded_kb_a_frame")
OF_A_CANVAS = (
    "open_s",
    "fixes_recorded_a_second",
    "fixes_add_ms",
    "fixes_to_card_a_second",
    "fixes_to_card_at_once",
    "fixes_a_frame",
    "pick_median_ms",
    "pick_p95_ms",
    "untouched, cpu_percent_of_a_core",
    "untouched, frames_per_second",
    "memory_mb",
    "peak_memory_mb",
)


def test_the_bench_of_the_map_measures_every_view_and_way() -> None:
    outcome = map_bench.run(["--scale", "trial", "--only", "map", "--frames", "1", "--idle", "0.3"])
    figures = outcome["figures"]
    ways = [f"map: {view}, {way}, {key}" for view in VIEWS for way in WAYS for key in OF_A_FRAME]
    assert set(figures) == {"scene_made_s", *ways, *(f"map: {key}" for key in OF_A_CANVAS)}
    assert all(math.isfinite(value) for value in figures.values())
    assert min(value for name, value in figures.items() if name.endswith("median_ms")) > 0
    for view in VIEWS:
        assert 0 < figures[f"map: {view}, redraw, cpu_ms"] <= figures[f"map: {view}, redraw, cpu_p95_ms"]
        assert figures[f"map: {view}, redraw, triangles_a_frame"] > 100, "a full redraw draws the town"
        assert figures[f"map: {view}, redraw, draws"] > figures[f"map: {view}, moving, draws"] > 0
        assert figures[f"map: {view}, moving, triangles_a_frame"] == 0, "who moves redraws nothing that stands still"
    assert figures["map: memory_mb"] <= figures["map: peak_memory_mb"]
    assert figures["map: fixes_a_frame"] == math.ceil(SCALES["trial"].workers / map_bench.SHARE_A_FRAME)
    assert set(outcome) == set(KEYS)
    assert set(judged(outcome)["targets"]) == set(outcome["targets"]) == set(map_bench.EVERYWHERE)
    assert outcome["bench"] in table(outcome)


IN_PLACE_OF_QGIS = """
import json, pathlib, sys
import numpy as np
home = pathlib.Path(sys.argv[1])
about = json.loads((home / "about.json").read_text())
layers = {name: np.load(home / f"{name}.npz") for name in about["layers"]}
counts = {name: len(each["offsets"]) - 1 for name, each in layers.items()}
whole = all(each["offsets"][-1] == len(each["xy"]) and len(each["values"]) == counts[n] for n, each in layers.items())
print(json.dumps({"counts": counts, "whole": whole, "order": sorted(about["order"]), "views": about["views"]}))
"""


def test_qgis_is_given_every_layer_of_the_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in its place reads what it would read; QGIS itself is on few machines."""
    script = tmp_path / "layers.py"
    script.write_text(IN_PLACE_OF_QGIS)
    monkeypatch.setattr(qgis_peer, "PYTHON", sys.executable)
    monkeypatch.setattr(qgis_peer, "SCRIPT", script)
    scale = SCALES["trial"]
    said = map_bench._qgis(map_bench.scene("trial"), scale)
    counts = said["QGIS: counts"]
    assert said["QGIS: whole"]
    assert sorted(counts) == said["QGIS: order"]
    assert (counts["buildings"], counts["workers"], counts["pins"]) == (scale.buildings, scale.workers, scale.pins)
    assert counts["grids"] >= scale.grids
    assert counts["roads"] > 0
    assert set(said["QGIS: views"]) == set(VIEWS)


def test_where_qgis_is_not_it_is_said_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(qgis_peer, "PYTHON", "/nowhere/python3")
    with pytest.raises(SystemExit):
        map_bench.run(["--scale", "trial", "--peer", "qgis"])
    assert "apt-get install" in capsys.readouterr().err


def test_the_soak_counts_frames_and_weighs_memory() -> None:
    outcome = soak.run(["--scale", "trial", "--minutes", "0.03", "--warm-acts", "3"])
    figures = outcome["figures"]
    assert set(outcome) == set(KEYS)
    assert figures["frames"] >= 2
    assert 0 < figures["frame_median_ms"] <= figures["frame_p99_ms"] <= figures["longest_frame_ms"]
    assert figures["frames_longer_than_500_ms"] == 0 or figures["longest_frame_ms"] > soak.LONG_MS
    assert len(figures["memory_mb_by_time"]) == len(figures["held_mb_by_time"]) >= 1
    assert 50 < figures["memory_most_mb"] < 1_500
    assert set(judged(outcome)["targets"]) <= set(figures)


@pytest.mark.parametrize("scale", sorted(set(TARGETS) - {"trial"}))
def test_every_target_is_of_a_figure_that_is_measured(scale: str) -> None:
    views = [f"{view}, {way}, {key}" for view in VIEWS for way in WAYS for key in OF_A_FRAME]
    known = {f"{part}: {name}" for part in map_bench.PARTS for name in (*views, *OF_A_CANVAS)}
    assert TARGETS[scale]
    assert set(TARGETS[scale] | map_bench.EVERYWHERE) <= known
