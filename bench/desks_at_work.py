"""Two desks with windows and forty-eight without, all hearing of one key press; on a whole server without the drill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from bench.second_start import ROOT
from demo.arguments import DemoArguments
from demo.desk_under_test import DeskUnderTest
from demo.measures import NotSeen
from demo.narration import Narration
from demo.run import PROCESSES, desk_command, world
from demo.scene import read_ground, report_over_https
from governance.places import LonLat
from server.private_postgis import PrivatePostgis
from server.settings import Settings
from server.supervise import Supervisor

LISTENERS = 48
OFFICERS, VISITOR = ("duty1", "duty2"), "dispatch1"
PATIENCE_S = 120.0
T = TypeVar("T")


class Listeners:
    """Desks without windows that say when they hear of an incident; a thread of ours reads what they say."""

    def __init__(self, settings: Settings, login: str, count: int) -> None:
        """They are signed on and listen."""
        command = [sys.executable, "-m", "bench.many_desks", str(settings.home), login, str(count), "listen"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise NotSeen("the desks without windows")
        self._heard: dict[tuple[str, int], dict[int, float]] = {}
        self._count = count
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def all_heard(self, incident: str, version: int) -> float:
        """When the last of them heard of a version of an incident (CLOCK_MONOTONIC)."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._of(incident, version)) == self._count, PATIENCE_S):
                raise NotSeen(f"version {version} of {incident} on all desks: {len(self._of(incident, version))}")
            return max(self._of(incident, version).values())

    def close(self) -> None:
        """They are gone."""
        with suppress(OSError):
            self._process.communicate(timeout=10)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def _of(self, incident: str, version: int) -> dict[int, float]:
        return self._heard.get((incident, version), {})

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            with self._news:
                self._heard.setdefault((said["incident"], said["version"]), {})[said["desk"]] = said["t"]
                self._news.notify_all()


def bare_server(settings: Settings) -> Supervisor:
    """A supervisor of the database and the four server processes; no drill, no desk."""
    supervisor = Supervisor(settings.home)
    supervisor.add_daemon("database", PrivatePostgis(settings.home))
    for process in PROCESSES:
        words = [sys.executable, "main.py", "server", process, "--home", str(settings.home)]
        supervisor.add(process, words, ready=True)
    return supervisor


def drive(supervisor: Supervisor, measured: Callable[[], T], stop: threading.Event) -> T:
    """What was measured while everything ran; what went wrong is raised, and so is an interruption (`stop` was set)."""
    over, outcome, ended = threading.Event(), list[Any](), threading.Event()

    def measure() -> None:
        try:
            if not supervisor.wait_ready(PATIENCE_S):
                raise NotSeen(f"the server: {supervisor.states()}")
            outcome.append(measured())
        except Exception as problem:  # raised again below, in the thread that was asked
            outcome.append(problem)
        finally:
            over.set()
            ended.set()

    def pass_on() -> None:
        stop.wait()
        ended.set()

    for work in (measure, pass_on):
        threading.Thread(target=work, daemon=True).start()
    supervisor.run_until(ended)
    if not over.is_set():
        raise KeyboardInterrupt
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    answer: T = outcome[0]
    return answer


def kill(supervisor: Supervisor, name: str) -> None:
    """A part is killed by -9, as soon as it lives again."""
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        pid = supervisor.pid_of(name)
        with suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                return
        time.sleep(0.05)
    raise NotSeen(f"{name} alive")


class Windows:
    """Two desks with windows on a whole server. Made in the main thread, measured in another."""

    def __init__(self, arguments: DemoArguments, settings: Settings, narration: Narration) -> None:
        """Two screens are up; nothing runs."""
        self.settings, self._arguments = settings, arguments
        folder = settings.home / "bench"
        self.desks = tuple(DeskUnderTest(name, folder, 1366, 768) for name in ("desk1", "desk2"))
        self.supervisor = world(settings, narration, lambda supervisor: self._start(supervisor, 0))
        for desk in self.desks:
            self.supervisor.watch_over(desk.screen.pid)

    def close(self) -> None:
        """The screens are gone."""
        for desk in self.desks:
            desk.close()

    def key_to_all(self, presses: int) -> list[float]:
        """Seconds from Ctrl+Enter on one desk until it stands painted on the other and all without windows heard it."""
        self.desks[0].wait_ready(PATIENCE_S)
        self._start(self.supervisor, 1)
        self.desks[1].wait_ready(PATIENCE_S)
        listeners = Listeners(self.settings, VISITOR, LISTENERS)
        try:
            place = read_ground(self.settings).place_in_sight()
            return [self._press(listeners, place, turn) for turn in range(presses)]
        finally:
            listeners.close()

    def _press(self, listeners: Listeners, place: LonLat, turn: int) -> float:
        incident, number = report_over_https(self.settings, place, f"bench {turn} {time.time_ns()}")
        for desk in reversed(self.desks):
            desk.select(incident, number)
        self.desks[1].wait_case(incident, 1, PATIENCE_S)
        self.desks[0].open("f", "TriageForm")
        pressed = self.desks[0].screen.press("ctrl+enter")
        painted = float(self.desks[1].wait_case(incident, 2, PATIENCE_S, after=pressed)["t"])
        return max(painted, listeners.all_heard(incident, 2)) - pressed

    def _start(self, supervisor: Supervisor, which: int) -> None:
        desk = self.desks[which]
        arguments = replace(self._arguments, size="1366x768")
        desk.start(supervisor, desk_command(self.settings, arguments, OFFICERS[which], desk.home))
