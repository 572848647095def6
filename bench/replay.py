"""The replay of a day: what reading it, jumping in it and playing it at 600x cost, at 200, 2,000 and 10,000 incidents.

A day is made of whole lives by the suite's fakes: every incident goes through eight states at moments of its own. Timed on the
thread of the window: taking a page in, the longest of which holds the window; a jump to a random moment, from there to the
pins, the load of the grids and the canvas told of them; a tick of 50 ms at 600x. Peers, in the same run over the same day: the
same jump by folding the log from the beginning, as the live replica does; and by looking through the columns for the newest
entry of each incident without kept frames. It needs `./gridwarden setup test`.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import numpy as np

from bench.by_size import at_each_size

SIZES = (200, 2_000, 10_000)
PAGE, JUMPS, FOLDED_JUMPS = 100, 400, 5
TICK_S, SPEED = 0.05, 600
DAY = timedelta(hours=24)
TARGETS: dict[str, list[Any]] = {
    "jump_ms_worst_at_2000": ["<=", 100],
    "jump_cpu_ms_worst_at_10000": ["<=", 100],
    "tick_cpu_ms_p95_at_2000": ["<=", 10],
    "slice_cpu_ms_p95_at_10000": ["<=", 16],
    "jump_times_folding_at_2000": ["<=", 0.1],
}


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Milliseconds of a jump and a tick anywhere in a day; `--jumps N` jumps so often."""
    parser = argparse.ArgumentParser(prog="bench replay")
    parser.add_argument("--jumps", type=int, default=JUMPS)
    jumps: int = parser.parse_args(list(words)).jumps
    figures, peers = at_each_size(SIZES, lambda size: _measured(size, jumps))
    share = figures["jump_ms_median_at_2000"] / peers["folding_ms_median_at_2000"]
    figures["jump_times_folding_at_2000"] = round(share, 4)
    return {"bench": "replay", "figures": figures, "peers": peers, "targets": TARGETS}


def _measured(size: int, jumps: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """One size: a day taken in, jumped in and played, and its peers."""
    from desktop.timeline.past import Past

    fakes = importlib.import_module("tests.fakes.situations")
    since = fakes.NOW - DAY
    log = _day(fakes, size, since)
    past = Past(since, fakes.NOW)
    slices = [took for page in _pages(log) for took in _taken(past, page)]
    settling = _timed(past.settle)
    show = _shown(past)
    chance = Random(size)
    moments = [past.since_s + chance.random() * DAY.total_seconds() for _ in range(jumps)]
    jumped = [_timed(partial(show, moment)) for moment in moments]
    show(past.since_s)
    ticks = [past.since_s + TICK_S * SPEED * n for n in range(int(DAY.total_seconds() / (TICK_S * SPEED)))]
    played = [_timed(partial(show, moment)) for moment in ticks]
    figures = {
        "changes": len(past.hand),
        "reading_s": round(sum(wall for wall, _ in slices) + settling[0], 2),
        "reading_cpu_s": round(sum(cpu for _, cpu in slices) + settling[1], 2),
        "slice_cpu_ms_p95": _p95([cpu for _, cpu in slices]),
        "settling_cpu_ms": _ms(settling[1]),
        "jump_ms_median": _ms(statistics.median(wall for wall, _ in jumped)),
        "jump_ms_worst": _ms(max(wall for wall, _ in jumped)),
        "jump_cpu_ms_worst": _ms(max(cpu for _, cpu in jumped)),
        "tick_ms_median": _ms(statistics.median(wall for wall, _ in played)),
        "tick_ms_p95": _p95([wall for wall, _ in played]),
        "tick_cpu_ms_p95": _p95([cpu for _, cpu in played]),
        "kept_mb": round(sum(len(sent.fact) for told in log for sent in told) / 1e6, 1),
    }
    return figures, _peers(log, past, moments)


def _day(fakes: Any, size: int, since: datetime) -> list[list[Any]]:
    """Of each incident what its stream told of it, the earliest first."""
    from governance.changes import CaseChanged, Change
    from wire.codec import numbered

    log = []
    for number in range(size):
        chance = Random(number)
        moments = sorted(since + DAY * chance.random() for _ in fakes.WAYS)
        told, before = [], None
        for nth, (state, at) in enumerate(zip(fakes.WAYS, moments, strict=True)):
            case = fakes.case(number, state, moments[0] + timedelta(minutes=9))
            case = replace(case, incident=replace(case.incident, version=nth + 1))
            fact = CaseChanged.between(before, case)
            told.append(numbered(Change(f"330104005/{number % 3}", nth + 1, at, None, fact)))
            before = case
        log.append(told)
    return log


def _pages(log: list[list[Any]]) -> list[Any]:
    """The day as a server sends it."""
    from wire.past_requests import PastIs

    pages = [log[first : first + PAGE] for first in range(0, len(log), PAGE)]
    return [PastIs(0, tuple(sent for told in page for sent in told), total=len(log)) for page in pages]


def _shown(past: Any) -> Callable[[float], None]:
    """Moves the past to a moment and tells a canvas of it, as the desk does at a jump."""
    from desktop.map.plain_canvas import PlainCanvas
    from desktop.map.scene import Geometry

    packs, towns = importlib.import_module("gis_data.town.pack"), importlib.import_module("tests.fakes.small_town")
    town = towns.small_town()
    pack = {name: packs.read_pack(name, data) for name, data in packs.write_packs(town).items()}
    canvas = PlainCanvas()
    canvas.set_geometry(Geometry.of(pack, town.origin))
    codes = canvas.shown.geometry.grids.codes  # type: ignore[union-attr]

    def show(moment_s: float) -> None:
        if past.move_to(moment_s)[0]:
            canvas.set_pins(past.pins())
            counts = past.load()
            canvas.set_grid_load(*(np.array([each.get(code, 0) for code in codes], np.int32) for each in counts))

    return show


def _peers(log: list[list[Any]], past: Any, moments: list[float]) -> dict[str, Any]:
    """The same moments by folding the log, and by looking through the columns without kept frames."""
    from desktop.map_marks import pins_of
    from desktop.situation.situation import Situation
    from wire.codec import decode_change

    changes = sorted((decode_change(sent) for told in log for sent in told), key=lambda change: change.at)

    def fold(moment_s: float) -> None:
        replica = Situation()
        for change in changes:
            if change.at.timestamp() > moment_s:
                break
            replica._apply(change.fact)
        pins_of(replica.cases.values(), ())

    def look(moment_s: float) -> None:
        passed = int(np.searchsorted(past.hand.times_s, moment_s, "right"))
        rows = np.full(len(past.ids), -1, np.int64)
        rows[past.incident[:passed]] = np.arange(passed)

    folded = [_timed(partial(fold, moment)) for moment in moments[:FOLDED_JUMPS]]
    looked = [_timed(partial(look, moment)) for moment in moments]
    return {
        "folding_ms_median": _ms(statistics.median(wall for wall, _ in folded)),
        "folding_cpu_ms_median": _ms(statistics.median(cpu for _, cpu in folded)),
        "looking_through_cpu_ms_p95": _p95([cpu for _, cpu in looked]),
    }


def _taken(past: Any, page: Any) -> list[tuple[float, float]]:
    """Wall and CPU seconds of every slice in which a page is taken in, as the desk does it."""
    from desktop.timeline.reading import SLICE_S

    left, took = past.taking(page), []

    def some() -> bool:
        until_s = time.perf_counter() + SLICE_S
        return any(time.perf_counter() > until_s for _ in left)

    is_left = True
    while is_left:
        wall_s, cpu_s = time.perf_counter(), time.thread_time()
        is_left = some()
        took.append((time.perf_counter() - wall_s, time.thread_time() - cpu_s))
    return took


def _timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall_s, cpu_s = time.perf_counter(), time.thread_time()
    work()
    return time.perf_counter() - wall_s, time.thread_time() - cpu_s


def _p95(took: list[float]) -> float:
    return _ms(statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0])


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 3)
