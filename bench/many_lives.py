"""Ten times what the suite proves: 100,000 incidents through the rules, 3,000 through a whole server with 200 kill -9.

It runs the suite's own tests (tests/governance/test_many_incidents.py, tests/faults/test_many_lives.py) with more of
everything, so it needs what `./gridwarden setup test` installs; it takes about half an hour. `--times N` asks for less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.second_start import ROOT

TIMES, EACH = 10, 10_000
RULES = "tests/governance/test_many_incidents.py::test_ten_thousand_incidents_under_random_hands_break_no_invariant"
SERVER = "tests/faults/test_many_lives.py"


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """How many lived, how many parts died, and how many tests failed over it."""
    parser = argparse.ArgumentParser(prog="bench many-lives")
    parser.add_argument("--times", type=int, default=TIMES)
    times: int = parser.parse_args(list(words)).times
    if find_spec("pytest") is None or not (ROOT / "tests").is_dir():
        raise SystemExit("先运行 ./gridwarden setup test / run ./gridwarden setup test first")
    failed, began = 0, time.monotonic()
    for turn in range(times):
        failed += _failed(RULES, GRIDWARDEN_FIRST_SEED=str(10_000 + turn * EACH))
    rules_s = time.monotonic() - began
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-") as folder:
        told = Path(folder) / "figures.json"
        failed += _failed(SERVER, GRIDWARDEN_TIMES=str(times), GRIDWARDEN_FIGURES=str(told))
        served: dict[str, Any] = json.loads(told.read_text("utf-8")) if told.exists() else {}
    figures = {
        "incidents_through_the_rules": times * EACH,
        "incidents_through_the_rules_a_second": round(times * EACH / rules_s, 1),
        "incidents_through_the_server": served.get("incidents", 0),
        "kills": served.get("kills", 0),
        "orders_committed": served.get("orders_committed", 0),
        "orders_a_second_amid_kills": round(served.get("orders_committed", 0) / served.get("seconds", 1.0), 1),
        "failed": failed,
    }
    targets: dict[str, list[Any]] = {
        "failed": ["<=", 0],
        "incidents_through_the_rules": [">=", TIMES * EACH],
        "incidents_through_the_server": [">=", 3_000],
        "kills": [">=", 200],
    }
    return {"bench": "many-lives", "figures": figures, "peers": {"cores": os.cpu_count()}, "targets": targets}


def _failed(test: str, **environment: str) -> int:
    """1 where a test of the suite fails with more asked of it; what it says goes to the error stream."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, stdout=sys.stderr, check=False)
    return int(done.returncode != 0)
