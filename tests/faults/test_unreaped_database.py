"""A database killed by -9 whose process nobody has reaped (a container without an init) starts again all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.together.at_work import short_folder

ROOT = Path(__file__).resolve().parents[2]
# Whoever is orphaned below this process stays a zombie until it ends: PR_SET_CHILD_SUBREAPER of prctl(2).
STORY = """
import ctypes, os, signal, sys, time
from pathlib import Path
from server.private_postgis import PrivatePostgis
assert ctypes.CDLL(None).prctl(36, 1) == 0
postgis = PrivatePostgis(Path(sys.argv[1]), for_tests=True)
postgis.start()
for _ in range(2):
    killed = postgis.postmaster_pid()
    os.kill(killed, signal.SIGKILL)
    while b") Z " not in Path(f"/proc/{killed}/stat").read_bytes():
        time.sleep(0.01)
    postgis.start()
    assert postgis.postmaster_pid() != killed
    assert Path(f"/proc/{killed}/stat").exists(), "it was reaped: this proves nothing"
postgis.destroy()
print("back twice")
"""


def test_a_killed_database_that_nobody_reaped_starts_again() -> None:
    with short_folder() as folder:
        command = [sys.executable, "-c", STORY, str(folder / "home")]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert told.stdout == "back twice\n", told.stderr[-1500:]
