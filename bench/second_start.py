"""From the command to a desk one can work with: a whole demonstration on a prepared folder, as an officer starts it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from demo.desk_under_test import as_of_a_stranger
from demo.measures import MeasureReader
from demo.screen import Screen

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 90.0
END_PATIENCE_S = 15.0
# However this process ends, the demonstration is asked to end.
WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")


def second_start_s(home: Path, words: Sequence[str]) -> float:
    """Seconds from the exec of `./gridwarden demo` until its desk shows the town and the incidents; it has ended again."""
    log = home / "second-start.jsonl"
    log.unlink(missing_ok=True)
    with Screen(1920, 1080) as screen:
        command = [*WITH_US, str(ROOT / "gridwarden"), "demo", *words, "--size", "1920x1080", "--measure", str(log)]
        environment = as_of_a_stranger(os.environ) | {"DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"}
        began = time.monotonic()
        demo = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            ready = MeasureReader(log).wait("the demo's desk", lambda line: line["kind"] == "ready", PATIENCE_S)
            return float(ready["t"]) - began
        finally:
            demo.terminate()
            try:
                demo.wait(END_PATIENCE_S)
            except subprocess.TimeoutExpired:
                demo.kill()
                demo.wait()
