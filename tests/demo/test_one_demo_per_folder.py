"""One demonstration per data folder, and ending it from elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.processes import AlreadyRunning, running_demo, sole_demo, stop_demo

ROOT = Path(__file__).resolve().parents[2]
DEMO = """
import sys, time
from pathlib import Path
from demo.processes import sole_demo, stop_when_asked
asked = stop_when_asked()
with sole_demo(Path(sys.argv[1])):
    print("ready", flush=True)
    asked.wait()
"""


def start(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DEMO, str(home)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_second_demo_of_a_folder_is_refused_and_names_the_first(tmp_path: Path) -> None:
    first = start(tmp_path)
    with pytest.raises(AlreadyRunning, match=str(first.pid)), sole_demo(tmp_path):
        pytest.fail("two demonstrations of one folder")
    assert stop_demo(tmp_path)
    first.communicate(timeout=5)
    assert first.returncode == 0
    assert not stop_demo(tmp_path)


def test_a_killed_demo_blocks_nobody(tmp_path: Path) -> None:
    first = start(tmp_path)
    first.kill()
    first.communicate()
    assert running_demo(tmp_path) is None
    with sole_demo(tmp_path):
        mine = running_demo(tmp_path)
        assert mine is not None
        assert mine.pid == os.getpid()
