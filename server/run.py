"""Starts one of the four server processes; the only file that knows them all.

`server desk|intake|positions|clock --home DIR`: prints one line `ready` when it answers, and serves until SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from server import camera_round, clock, desk
from server.boundaries.turning import Turner
from server.keys import ensure_keys
from server.ledger.ledger import Ledger
from server.settings import Settings

Ready = Callable[[], None]


def run(arguments: Sequence[str]) -> int:
    """The exit status of the process named in the arguments; returns when it was told to stop."""
    parser = argparse.ArgumentParser("gridwarden server")
    parser.add_argument("process", choices=sorted(PROCESSES))
    parser.add_argument("--home", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    _log_as_json(chosen.process)
    settings = Settings.read(chosen.home)
    PROCESSES[chosen.process](settings)
    return 0


def _run_desk(settings: Settings) -> None:
    """Requests, feed and bulk."""
    keys = ensure_keys(settings.keys)
    ledger = Ledger(settings.database_url(), keys.data_key, pool_size=10)

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await desk.Desk(settings, keys, ledger).run(stop, _say_ready)

    try:
        asyncio.run(serve())
    finally:
        ledger.close()


def _run_clock(settings: Settings) -> None:
    """Timers; and beside them, on a thread and a ledger of its own, the camera round."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keys = ensure_keys(settings.keys)
    ledger, rounds_ledger = (Ledger(settings.database_url(), keys.data_key, pool_size=size) for size in (2, 1))
    turner = Turner(ledger, lambda: Ledger(settings.owner_url, keys.data_key, pool_size=1), settings.packs)
    asks = (rounds_ledger, settings.rtsp_base, keys.camera_key, settings.camera_round_s, stop)
    rounds = threading.Thread(target=camera_round.run, args=asks, name="camera round")
    if settings.camera_round_s > 0:
        rounds.start()
    try:
        clock.run(ledger, _say_ready, stop, turner)
    finally:
        stop.set()
        if rounds.ident is not None:
            rounds.join()
        ledger.close()
        rounds_ledger.close()


def _run_intake(settings: Settings) -> None:
    """The HTTPS intake."""
    from server.intake import run as intake

    intake.main(settings)


def _run_positions(settings: Settings) -> None:
    """Fixes in, lane out."""
    from server.positions import run as positions

    positions.main(settings)


PROCESSES: dict[str, Callable[[Settings], None]] = {
    "desk": _run_desk,
    "clock": _run_clock,
    "intake": _run_intake,
    "positions": _run_positions,
}


def _say_ready() -> None:
    """One line for whoever started us."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _log_as_json(process: str) -> None:
    """Everything logged becomes one JSON object a line on the error stream."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
