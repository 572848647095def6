"""The guard against noise is tested too: what should fail a test does fail it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
WARNS = "logging.getLogger('x').warning('boo')"
COMPLAINS = "qWarning('boo')"
LEAVES_A_THREAD = "threading.Thread(target=time.sleep, args=(20,), name='boo', daemon=True).start()"
ANNOUNCED = "@pytest.mark.noisy('boo')"
CASES = [
    ("pass", "", True),
    (WARNS, "", False),
    (WARNS, ANNOUNCED, True),
    (COMPLAINS, "", False),
    (COMPLAINS, ANNOUNCED, True),
    ("pass", ANNOUNCED, False),
    (LEAVES_A_THREAD, "", False),
]


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest reports of a file with one test per case, run with our conftest."""
    folder = tmp_path_factory.mktemp("noise")
    imports = "import logging, threading, time, pytest\nfrom PySide6.QtCore import qWarning\n"
    tests = [f"{mark}\ndef test_{n}_():\n    {body}\n" for n, (body, mark, _) in enumerate(CASES)]
    (folder / "test_it.py").write_text(imports + "".join(tests))
    (folder / "conftest.py").write_text(CONFTEST.read_text().replace("GRACE_S = 3.0", "GRACE_S = 0.2"))
    command = [sys.executable, "-m", "pytest", "-rE", "-p", "no:cacheprovider", "-c", os.devnull, str(folder)]
    root = str(CONFTEST.parents[1])
    environment = os.environ | {"PYTHONPATH": root}
    finished = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert f"{len(CASES)} passed" in finished.stdout, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.parametrize("number", range(len(CASES)))
def test_noise_fails_a_test_unless_it_was_announced(complaints: str, number: int) -> None:
    _, _, passes = CASES[number]
    said = [line for line in complaints.splitlines() if line.startswith("ERROR") and f"test_{number}_" in line]
    assert bool(said) is not passes, complaints
