"""A month of indicators as a desk asks for it: all of them with the four charts, of months of 1,000, 10,000, 100,000 cycles.

Peer: one count(*) over every row of the same tables, the index left aside; it is what reading them costs. Beside it what one
share alone costs where somebody writes its GROUP BY by hand. All months lie in one ledger, as they do in a district's.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from bench.month_of_cycles import lay, scan, settle
from demo.arguments import read_arguments
from demo.narration import Narration
from demo.prepare import CannotStart, prepare
from demo.processes import AlreadyRunning, sole_demo
from governance.indicators import Boundaries, Month
from governance.people import Officer, Role
from server.indicators import areas
from server.indicators.computing import compute
from server.indicators.counter import IndicatorCounter
from server.indicators.periods import LEVELS
from server.keys import ensure_keys
from server.ledger.ledger import Ledger
from server.sessions import Session
from server.settings import Settings
from wire.indicator_requests import ReadIndicators

MONTHS = {"2026-08": 1_000, "2026-09": 10_000, "2026-10": 100_000}
NOW = datetime(2026, 12, 15, 1, tzinfo=UTC)
REPEATS = 7
TARGETS: dict[str, list[Any]] = {"month_of_100000_s": ["<=", 2.0], "cycles_of_the_largest": [">=", 100_000]}
_BY_HAND = """
SELECT left(grid, 9), count(*), count(*) FILTER (WHERE close_type IN ('normal', 'overdue')) FROM incident
WHERE filed_at >= %s AND filed_at < %s AND state NOT IN ('voided', 'merged', 'rejected', 'transferred') GROUP BY 1
"""


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Seconds a desk waits for a month nobody asked for lately; `--repeats N --home DIR`."""
    parser = argparse.ArgumentParser(prog="bench indicators")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args(list(words))
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-", dir="/var/tmp") as made:
        Path(made).chmod(0o711)
        home = (given.home or Path(made) / "home").absolute()
        arguments = read_arguments(["--home", str(home), "--language", "en"])
        try:
            with sole_demo(home):
                settings = prepare(arguments, Narration("en"))
                try:
                    figures, peers = _measure(settings, given.repeats)
                finally:
                    settings.postgis.stop()
        except (AlreadyRunning, CannotStart) as problem:
            raise SystemExit(str(problem)) from None
    return {"bench": "indicators", "figures": figures, "peers": peers, "targets": TARGETS}


def _measure(settings: Settings, repeats: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """One month after the other is laid and asked for; the largest is the last."""
    figures: dict[str, Any] = {}
    peers: dict[str, Any] = {}
    ledger = Ledger(settings.database_url(), ensure_keys(settings.keys).data_key, pool_size=1)
    try:
        with settings.postgis.superuser(settings.database) as connection:
            settle(connection)
            district = areas.district_of(connection, NOW)
            (street,) = connection.execute("SELECT min(code) FROM area_version WHERE level = 3").fetchall()[0]
            for text, cycles in MONTHS.items():
                month = Month.of(text)
                laid = lay(connection, month, cycles)
                figures[f"month_of_{cycles}_s"] = _median(repeats, partial(_ask, ledger, text, district))
                peers[f"every_row_of_{cycles}_read_once_s"] = _median(repeats, partial(scan, connection))
                by_hand = partial(connection.execute, _BY_HAND, (month.start, month.end))
                peers[f"one_share_of_{cycles}_by_hand_s"] = _median(repeats, by_hand)
        figures["cycles_of_the_largest"] = laid
        figures["month_of_100000_cpu_s"] = _cpu_s(ledger, partial(_ask, ledger, text, district))
        figures["street_in_month_of_100000_s"] = _median(repeats, partial(_ask, ledger, text, street))
        current = partial(_ask, ledger, text, district, Boundaries.CURRENT)
        figures["month_of_100000_by_current_boundaries_s"] = _median(repeats, current)
        figures["freezing_month_of_100000_s"] = _median(1, partial(_frozen, ledger, month))
        figures["times_every_row_read_once"] = round(figures["month_of_100000_s"] / peers["every_row_of_100000_read_once_s"], 1)
    finally:
        ledger.close()
    return figures, peers


def _ask(ledger: Ledger, month: str, area: str, boundaries: Boundaries = Boundaries.FILING) -> None:
    """What a desk asks, of a counter that has kept nothing."""
    seconds = count(step=3_600.0)
    counter = IndicatorCounter(ledger, lambda: NOW, lambda: next(seconds))
    leader = Officer(uuid4(), "", uuid4(), Role.LEADER, area, 3, None)
    session = Session(uuid4(), "", "", leader, "", "", b"", b"", NOW + timedelta(days=1), False, ())
    counter.table[ReadIndicators](session, ReadIndicators(1, month, area, boundaries))


def _frozen(ledger: Ledger, month: Month) -> None:
    """All figures of a month by both boundaries, with the ids they were counted from; nothing is written."""
    with ledger.transaction(snapshot=True) as connection:
        for boundaries in Boundaries:
            compute(connection, month, NOW, boundaries, "", LEVELS, with_ids=True)


def _cpu_s(ledger: Ledger, work: Callable[[], object]) -> float:
    """Seconds of processor time the database spends on the work: what a machine busy with other things does not change much."""
    with ledger.transaction() as connection:  # the pool has one connection
        server = psutil.Process(connection.info.backend_pid)
    before = server.cpu_times()
    work()
    after = server.cpu_times()
    return round(after.user + after.system - before.user - before.system, 3)


def _median(repeats: int, work: Callable[[], object]) -> float:
    """Seconds the work takes, the middle one of several times."""
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return round(statistics.median(took), 3)
