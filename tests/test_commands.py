"""What ./gridwarden, main.py and the bench table do with what they are told."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import first_light
from bench.run import BENCHES, judged, missed, table
from demo.processes import sole_demo

ROOT = Path(__file__).resolve().parents[1]


def call(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("entry", [["./gridwarden"], [sys.executable, "main.py"]], ids=["shell", "python"])
def test_an_unknown_command_gets_the_usage_in_both_languages(entry: list[str]) -> None:
    run = call(*entry, "dance")
    assert run.returncode == 64
    assert re.search(r"演示 / .*demonstration", run.stderr)
    assert run.stdout == ""


def test_who_may_not_install_is_told_what_to_ask_for(tmp_path: Path) -> None:
    """On a machine with no package installed and no right to sudo: three programs of such a machine on the PATH."""
    answers = {"dpkg-query": "exit 1", "sudo": "exit 1", "id": "echo 1000"}
    for program, body in answers.items():
        (tmp_path / program).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / program).chmod(0o755)
    (tmp_path / "gridwarden").write_text((ROOT / "gridwarden").read_text())
    command = ["/bin/sh", str(tmp_path / "gridwarden"), "setup"]
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 3
    line = run.stderr.splitlines()[-1]
    assert line.strip().startswith("apt-get update && apt-get install -y --no-install-recommends python3-venv postgresql-15 ")
    assert not (tmp_path / ".venv").exists()


def test_every_command_that_the_script_passes_on_has_a_module() -> None:
    import main

    script = (ROOT / "gridwarden").read_text()
    passed_on = {"demo", "desk", "server", "audit", "rules", "cameras", "indicators", "bench", "doctor", "stop", "town"}
    passed_on |= {"wall", "walls", "boundaries", "check-boundaries"}
    assert passed_on | {"drill"} == set(main.COMMANDS), "the demo alone starts the drill"
    for name, (module, _) in main.COMMANDS.items():
        assert name == "drill" or re.search(rf"\b{name}\b", script)
        assert importlib.util.find_spec(module) is not None, f"{name}: there is no {module}"


def test_every_bench_has_a_module_and_is_named_where_one_looks_for_it() -> None:
    listed = " | ".join(sorted(BENCHES))
    for page in ("README.md", "CHANGELOG.md"):
        assert f"./gridwarden bench {listed}" in (ROOT / page).read_text("utf-8"), page
    for name, (module, says) in BENCHES.items():
        assert importlib.util.find_spec(module) is not None, name
        assert re.search(r"[\u4e00-\u9fff].* / .*[a-z]", says), f"{name} says what it is in both languages"


def test_a_bench_that_misses_a_target_is_told_apart() -> None:
    figures = {"frame_ms_p95": 61.0, "frames": 300, "tile_live": None}
    targets = {"frame_ms_p95": ["<=", 50], "frames": [">=", 200], "tile_live": [">=", 1]}
    assert missed(figures, targets) == ["frame_ms_p95", "tile_live"]
    said = judged({"bench": "map", "figures": figures, "targets": targets, "peers": {}})["targets"]
    assert said["frame_ms_p95"] == {"value": figures["frame_ms_p95"], "want": "<= 50", "met": False}
    assert said["frames"]["met"] is True
    assert said["tile_live"] == {"value": None, "want": ">= 1", "met": False}
    shown = table({"bench": "map", "figures": figures, "targets": targets, "peers": {"画笔": 12.5}})
    assert re.search(r"frame_ms_p95 +61 +<= 50 +✗", shown)
    assert re.search(r"frames +300 +>= 200$", shown, re.M)
    assert "画笔" in shown


def test_first_light_holds_every_bound_of_how_fast() -> None:
    wanted = {"second_start_to_desk_s": 15, "key_to_other_desk_ms_p95": 300, "fix_to_pixel_ms_p95": 1500, "frame_ms_p95": 50}
    wanted |= {"idle_cpu_percent": 35, "tile_picture_age_s": 0.5, "desk_memory_mb": 700}
    assert {name: ["<=", bound] for name, bound in wanted.items()} | {"repetitions": [">=", 200]} == first_light.TARGETS


def test_first_light_is_refused_beside_a_running_demonstration(tmp_path: Path) -> None:
    with sole_demo(tmp_path):
        command = [sys.executable, "main.py", "bench", "first-light", "--home", str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert str(os.getpid()) in done.stderr
    assert "Traceback" not in done.stderr
