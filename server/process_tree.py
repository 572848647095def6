"""Processes of this machine, told apart even when a number is used again; standard library only."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = "GRIDWARDEN_KEPT_BY"
"""Variable of the environment that names the supervisor a process belongs to: it stands there from the first moment on."""
STATE, PARENT, SESSION, START_TICKS = 0, 1, 3, 19  # fields of /proc/PID/stat after the name, proc(5)


@dataclass(frozen=True)
class Process:
    """One process: its number, and the clock tick at which it began."""

    pid: int
    start_ticks: int


@dataclass(frozen=True)
class _Seen:
    process: Process
    parent: int
    session: int


def look_up(pid: int) -> Process | None:
    """The living process with this number, or None; a zombie does not live."""
    fields = _stat(pid)
    return None if fields is None else Process(pid, int(fields[START_TICKS]))


def is_alive(process: Process) -> bool:
    """Whether this very process lives, not a later one with its number."""
    return look_up(process.pid) == process


def family(roots: Iterable[Process]) -> set[Process]:
    """The roots that live, their descendants, and whoever is left in a session that a root led.

    A root that died leaves its session's members behind; they are found as long as its number is not
    used again, and Linux does not use the number of a session that still has members.
    """
    seen = _everybody()
    wanted = set(roots)
    alive = {one.process for one in seen} & wanted
    reused = {one.process.pid for one in seen} - {process.pid for process in alive}
    led = {process.pid for process in wanted if process.pid not in reused}
    found = alive | {one.process for one in seen if one.session in led}
    while True:
        parents = {process.pid for process in found}
        more = {one.process for one in seen if one.parent in parents} - found
        if not more:
            return found
        found |= more


def bearing(mark: str) -> set[Process]:
    """The living processes whose environment bears a supervisor's mark: its children and what they started."""
    wanted = f"{MARK}={mark}".encode()
    found = set()
    for one in _everybody():
        try:
            environment = Path(f"/proc/{one.process.pid}/environ").read_bytes().split(b"\0")
        except OSError:  # gone meanwhile, or another user's
            continue
        if wanted in environment:
            found.add(one.process)
    return found


def tell(processes: Iterable[Process], number: signal.Signals) -> None:
    """Send a signal to each that still lives."""
    for process in processes:
        if is_alive(process):
            try:
                os.kill(process.pid, number)
            except ProcessLookupError:
                continue


def wait_gone(processes: Iterable[Process], patience_s: float) -> set[Process]:
    """Whoever still lives after the patience, or nobody as soon as all are gone."""
    give_up_at = time.monotonic() + patience_s
    left = {process for process in processes if is_alive(process)}
    while left and time.monotonic() < give_up_at:
        time.sleep(0.02)
        left = {process for process in left if is_alive(process)}
    return left


def _everybody() -> list[_Seen]:
    everybody = []
    for entry in os.listdir("/proc"):
        fields = _stat(int(entry)) if entry.isdigit() else None
        if fields is not None:
            process = Process(int(entry), int(fields[START_TICKS]))
            everybody.append(_Seen(process, int(fields[PARENT]), int(fields[SESSION])))
    return everybody


def _stat(pid: int) -> list[bytes] | None:
    try:
        content = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = content[content.rindex(b")") + 2 :].split()  # the name before it may hold anything
    return None if fields[STATE] in (b"Z", b"X") else fields
