"""The life of incidents in figures: orders a second through the real server, how long one takes, and key to all desks.

Peer: pgbench with one transition's statements on the same database, in the same run (bench/database_peer.py). The cost is
shown for 1, 10 and 50 desks that order as fast as they are answered; the time of one order also for 50 desks that each order
once in two seconds, many times what a district's officers press. Two windows and 48 desks without hear of a key press.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.database_peer import transactions_a_second
from bench.desks_at_work import Windows, bare_server, drive, kill
from bench.many_timers import RUNNING, idle_percent, lay_timers, ring_all
from demo.arguments import DemoArguments, read_arguments
from demo.caretaker import nothing_left
from demo.interruption import Interruption
from demo.narration import Narration
from demo.prepare import CannotStart, prepare
from demo.processes import AlreadyRunning, sole_demo
from server.settings import Settings
from server.supervise import Supervisor

SECONDS = 12.0
SIZES = (1, 10, 50)
PACE_S = 2.0
WARM_UP_S = 2.0
TARGETS: dict[str, list[Any]] = {
    "of_the_database_alone": [">=", 0.5],
    "order_ms_p99_at_50_desks": ["<=", 100],
    "key_to_all_desks_ms_p95": ["<=", 300],
    "percent_of_a_core_at_100000_timers": ["<=", 5],
    "timers_fired_twice_or_never": ["<=", 0],
    "key_presses": [">=", 60],
}


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Figures of the life cycle on this machine; `--seconds S --presses N --home DIR`."""
    parser = argparse.ArgumentParser(prog="bench lifecycle")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args(list(words))
    interruption = Interruption()
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-", dir="/var/tmp") as made:
        Path(made).chmod(0o711)
        told = ["--home", str((given.home or Path(made) / "home").absolute()), "--language", "en"]
        arguments, narration = replace(read_arguments(told), size="1366x768"), Narration("en")
        try:
            with nothing_left(arguments.home), sole_demo(arguments.home):
                figures, peers = _both(arguments, narration, given.seconds, given.presses, interruption)
        except (AlreadyRunning, CannotStart) as problem:
            raise SystemExit(str(problem)) from None
        except KeyboardInterrupt:
            raise SystemExit(interruption.status) from None
    return {"bench": "lifecycle", "figures": figures, "peers": peers, "targets": TARGETS}


def _both(
    arguments: DemoArguments, narration: Narration, seconds: float, presses: int, interruption: Interruption
) -> tuple[dict[str, Any], dict[str, Any]]:
    """First the windows with a drill, then the server alone."""
    settings = prepare(arguments, narration)
    stop = interruption.from_here_an_event()
    figures = _windows(arguments, settings, narration, presses, stop) if presses else {}
    supervisor = bare_server(settings)
    more, peers = drive(supervisor, lambda: _measure(settings, supervisor, seconds), stop)
    return figures | more, peers


def _windows(
    arguments: DemoArguments, settings: Settings, narration: Narration, presses: int, stop: threading.Event
) -> dict[str, Any]:
    """Key presses on one of two windows, until everybody has what they did."""
    windows = Windows(arguments, settings, narration)
    try:
        delays = drive(windows.supervisor, lambda: windows.key_to_all(presses), stop)
    finally:
        windows.close()
    return {
        "key_presses": len(delays),
        "key_to_all_desks_ms_median": _ms(statistics.median(delays)),
        "key_to_all_desks_ms_p95": _ms(statistics.quantiles(delays, n=20)[-1]),
    }


def _measure(settings: Settings, supervisor: Supervisor, seconds: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """The server alone, one thing at a time; the peer and the laid timers come last, for they spoil the ledger."""
    figures = flat_out(lambda count: _office(settings, count, seconds, 0.0))
    paced = _office(settings, SIZES[-1], 2 * seconds, PACE_S)
    figures["order_ms_p50_at_50_desks"], figures["order_ms_p99_at_50_desks"] = paced["ms"]["p50"], paced["ms"]["p99"]
    figures["orders_a_second_at_pace"] = round(paced["orders_a_second"], 1)
    fired, wrong, spent_s = ring_all(settings, lambda: kill(supervisor, "clock"))
    figures["timers_fired_across_kills"], figures["timers_fired_twice_or_never"] = fired, wrong
    figures["timers_fired_a_second"] = round(fired / spent_s, 1)
    peers = alone(lambda count, for_s: transactions_a_second(settings, count, int(for_s)), seconds)
    of_most = peers[f"pgbench_transactions_a_second_{SIZES[-1]}"]
    figures["of_the_database_alone"] = round(figures[f"orders_a_second_{SIZES[-1]}_desks"] / of_most, 3)
    supervisor.wait_ready(60)
    pids = supervisor.pid_of("clock") or 0, settings.postgis.postmaster_pid() or 0
    peers["clock_percent_of_a_core_before"], peers["database_percent_of_a_core_before"] = idle_percent(*pids)
    lay_timers(settings, RUNNING)
    clock, database = idle_percent(*pids)
    figures |= {"timers_running": RUNNING, "clock_percent_of_a_core": clock, "database_percent_of_a_core": database}
    figures["percent_of_a_core_at_100000_timers"] = round(clock + database, 2)
    return figures, peers


def flat_out(office: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """Figures of so many desks that order as fast as they are answered."""
    figures: dict[str, Any] = {}
    for count in SIZES:
        found = office(count)
        figures[f"orders_a_second_{count}_desks"] = round(found["orders_a_second"], 1)
        for quantile in ("p50", "p99"):
            figures[f"order_ms_{quantile}_{count}_desks_flat_out"] = found["ms"][quantile]
        figures[f"refused_{count}_desks"] = found["refused"]
    return figures


def alone(measured: Callable[[int, float], float], seconds: float) -> dict[str, Any]:
    """What the database alone does for so many clients; the most come first, who are compared.

    Every run leaves longer logs to the next, and the server had none of these. A short run of one client that does not count
    goes before, so that the first is not slowed by tables nobody has read yet.
    """
    measured(1, WARM_UP_S)
    return {f"pgbench_transactions_a_second_{count}": round(measured(count, seconds), 1) for count in reversed(SIZES)}


def _office(settings: Settings, count: int, seconds: float, every_s: float) -> dict[str, Any]:
    """What so many desks were answered."""
    command = [sys.executable, "-m", "bench.many_desks", str(settings.home), "lead1", str(count), "work"]
    command += ["--seconds", str(seconds), "--every", str(every_s)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=False)
    if said.returncode:
        raise RuntimeError(said.stderr[-1000:])
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)
