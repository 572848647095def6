"""The whole product once: two real desks, real keys, the real server, a real town, from report to archive."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.fakes.shared_data import shared

ROOT = Path(__file__).resolve().parents[2]
STATES = ["reported", "filed", "dispatched", "handling", "resolved", "checking", "closed", "archived"]
PATIENCE_S = 400


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the user postgres can walk to."""
    folder = Path(mkdtemp(prefix="gw-smoke-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.mark.timeout(PATIENCE_S + 20)
def test_an_incident_goes_from_report_to_archive_by_keys(home: Path, tmp_path: Path) -> None:
    krems = shared("data/towns/krems.osm.gz")
    command = [sys.executable, "main.py", "demo", "--smoke", "--json", "--town", str(krems), "--grids", "12"]
    command += ["--home", str(home), "--size", "1366x768", "--shots", str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert told.stdout, told.stderr[-2000:]
    said = json.loads(told.stdout)
    assert said["errors"] == []
    assert (told.returncode, said["ok"], said["incident_states"], said["grids"]) == (0, True, STATES, 12)
    assert said["tile_live"] is True
    assert said["picture_age_s"] < 2
    assert {shot.suffix for shot in tmp_path.iterdir()} == {".png"}
    assert len(list(tmp_path.glob("*-desk2-1366x768.png"))) >= len(STATES)
