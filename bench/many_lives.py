"""Ten times what the suite proves: 100,000 incidents through the rules, 3,000 through a whole server with 200 kill -9.

It runs the suite's own tests (tests/governance/test_many_incidents.py, tests/faults/test_many_lives.py) with more of
everything, so it needs what `./gridwarden setup test` installs; it takes about an hour. `--times N` asks for less.
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

TIMES = 10
RULES = "tests/governance/test_many_incidents.py::test_ten_thousand_incidents_under_random_hands_break_no_invariant"
SERVER = "tests/faults/test_many_lives.py"


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """How many lived, how many parts died, and how many tests failed over it."""
    parser = argparse.ArgumentParser(prog="bench many-lives")
    parser.add_argument("--times", type=int, default=TIMES)
    times: int = parser.parse_args(list(words)).times
    if find_spec("pytest") is None or not (ROOT / "tests").is_dir():
        raise SystemExit("先运行 ./gridwarden setup test / run ./gridwarden setup test first")
    began = time.monotonic()
    fell_of_rules, ruled = _ran(RULES, times)
    rules_s = time.monotonic() - began
    fell_of_server, served = _ran(SERVER, times)
    figures = {
        "incidents_through_the_rules": ruled.get("incidents", 0),
        "incidents_through_the_rules_a_second": round(ruled.get("incidents", 0) / rules_s, 1),
        "incidents_through_the_server": served.get("incidents", 0),
        "kills": served.get("kills", 0),
        "orders_committed": served.get("orders_committed", 0),
        "orders_a_second_amid_kills": round(served.get("orders_committed", 0) / served.get("seconds", 1.0), 1),
        "failed": fell_of_rules + fell_of_server,
    }
    targets: dict[str, list[Any]] = {
        "failed": ["<=", 0],
        "incidents_through_the_rules": [">=", 100_000],
        "incidents_through_the_server": [">=", 3_000],
        "kills": [">=", 200],
    }
    return {"bench": "many-lives", "figures": figures, "peers": {"cores": os.cpu_count()}, "targets": targets}


def _ran(test: str, times: int) -> tuple[int, dict[str, Any]]:
    """1 where a test of the suite fails with so many times more asked of it, and its figures; what it says goes to stderr."""
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-") as folder:
        told = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
        environment = os.environ | {"GRIDWARDEN_TIMES": str(times), "GRIDWARDEN_FIGURES": str(told)}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False)
        figures: dict[str, Any] = json.loads(told.read_text("utf-8")) if told.exists() else {}
    return int(done.returncode != 0), figures
