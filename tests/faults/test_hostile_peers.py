"""Whatever hostile peers do at the server's doors, a desk's orders and a phone's reports are answered all the while."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse

import psutil
import pytest

from demo.run import PROCESSES
from governance.commands import MakeReport
from server.supervise import State
from tests.faults.attacks import ATTACKS
from tests.together.at_work import ServerAtWork, crowding, spot, until
from tests.together.headless import Examiner, HeadlessDesk, equals_fresh_snapshot
from tests.together.phones import Phone

ROOT = Path(__file__).resolve().parents[2]
UNDER_ATTACK_S = 2.5
LONGEST_ANSWER_S = 1.0
SPARE_DESCRIPTORS = 20
SPARE_MEMORY_MB = 250

log = logging.getLogger(__name__)


def test_callers_who_hang_up_without_a_word_cost_the_intake_little_memory(work: ServerAtWork) -> None:
    pid, address = work.pid("intake"), (work.settings.intake_http_host, work.settings.intake_http_port)
    before = _used(pid)
    for _ in range(12):
        held = [socket.create_connection(address, 5) for _ in range(200)]
        until(lambda: _used(pid)[0] >= before[0] + 200, "they are let in", 20)
        for each in held:
            each.close()
        until(lambda: _used(pid)[0] <= before[0] + SPARE_DESCRIPTORS, "they are forgotten", 20)
    log.info("2,400 callers cost %.0f MB", _used(pid)[1] - before[1])
    assert _is_as_before(before, _used(pid))


@pytest.mark.parametrize("attack", ATTACKS)
def test_orders_and_reports_are_answered_under_attack(
    attack: str, work: ServerAtWork, desk_of: Callable[[str], HeadlessDesk], examiner_of: Callable[[str], Examiner]
) -> None:
    desk, phone = desk_of("duty1"), Phone(work, 9 + len(attack) % 3)
    said, pids = len(work.said), {name: work.pid(name) for name in PROCESSES}
    before = {name: _used(pid) for name, pid in pids.items()}
    quiet = [_order(desk) for _ in range(5)]
    with _under(attack, work):
        waits, calls = [], []
        until_s = time.monotonic() + UNDER_ATTACK_S
        while time.monotonic() < until_s:
            waits.append(_order(desk))
            if len(waits) % 8 == 1:
                calls.append(_call(phone))
    phone.close()
    figures = {
        "quiet_max": max(quiet),
        "orders": len(waits),
        "max": max(waits),
        "reports": len(calls),
        "report_max": max(calls),
    }
    log.info("%s: %s", attack, {name: round(value, 3) for name, value in figures.items()})
    assert len(waits) >= 5
    assert max(waits) <= LONGEST_ANSWER_S * crowding()
    assert max(calls) <= 2 * LONGEST_ANSWER_S * crowding()
    assert [name for name, state, _ in work.said[said:] if state is State.DIED] == []
    assert {name: work.pid(name) for name in PROCESSES} == pids
    for name, pid in pids.items():
        until(
            lambda name=name, pid=pid: _is_as_before(before[name], _used(pid)),
            f"{name} let go of what they held",
            20,
            desk.turn,
        )
    equals_fresh_snapshot(desk, examiner_of("duty1"))
    assert (len(desk.sessions), desk.overs) == (1, [])


def _order(desk: HeadlessDesk) -> float:
    """Seconds from sending an order until it was a fact before the desk."""
    sent_s = time.monotonic()
    outcome = desk.done(MakeReport("照常", spot(0.5, 0.5)))
    assert outcome.refused is None
    return time.monotonic() - sent_s


def _call(phone: Phone) -> float:
    """Seconds until a report was acknowledged."""
    sent_s = time.monotonic()
    answer = phone.report("照常", spot(0.5, 0.5))
    assert answer.status_code == 201, answer.text
    return time.monotonic() - sent_s


def _used(pid: int) -> tuple[int, float]:
    """Open descriptors and megabytes of a process."""
    process = psutil.Process(pid)
    return process.num_fds(), process.memory_info().rss / 1e6


def _is_as_before(before: tuple[int, float], now: tuple[int, float]) -> bool:
    """Whether no more is held than could be by chance."""
    return now[0] <= before[0] + SPARE_DESCRIPTORS and now[1] <= before[1] + SPARE_MEMORY_MB


@contextmanager
def _under(attack: str, work: ServerAtWork) -> Iterator[None]:
    """The attack goes on inside the block."""
    settings = work.settings
    endpoints = {
        "desk": settings.desk_endpoint,
        "feed": settings.feed_endpoint,
        "lane": settings.lane_endpoint,
        "bulk": settings.bulk_endpoint,
        "pull": settings.intake_pull_endpoint,
        "https": work.url,
    }
    parsed = {name: urlparse(endpoint) for name, endpoint in endpoints.items()}
    told = {
        "doors": {name: (address.hostname, address.port) for name, address in parsed.items()},
        "key": work.server_key.decode(),
        "certificate": str(settings.keys / "tls.crt"),
    }
    command = [sys.executable, "-m", "tests.faults.attacks", attack]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as hostile:
        assert hostile.stdin is not None
        assert hostile.stdout is not None
        try:
            hostile.stdin.write(json.dumps(told) + "\n")
            hostile.stdin.flush()
            assert hostile.stdout.readline() == "begun\n"
            yield
            assert hostile.poll() is None, "the attack ended by itself"
        finally:
            hostile.kill()
