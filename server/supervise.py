"""Starts and watches processes: a dead one lives again within 2 s, and none outlives its supervisor."""

from __future__ import annotations

import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from server.child import Child, Plan, State
from server.process_tree import Process, family, look_up, tell, wait_gone
from server.rotating_log import RotatingLog

__all__ = ["Daemon", "State", "Supervisor", "stop_when_asked"]

ROOT = Path(__file__).resolve().parents[1]
TICK_S = 0.1
GRACE_S = 2.0  # between asking a child to end and ending it
DAEMON_CHECK_S = 0.5
DAEMON_PAUSE_S = 5.0
GUARD_LOOK_S = 0.02  # between looks for a daemon that is being started


class Daemon(Protocol):
    """A service that puts itself into the background: the private PostGIS. RuntimeError says why it cannot."""

    def start(self) -> None:
        """It runs."""

    def stop(self, *, patience_s: float) -> None:
        """It does not run; after the patience it was cut short."""

    def postmaster_pid(self) -> int | None:
        """Its process, or None when it does not run."""


class Supervisor:
    """Runs children and daemons in the order they were added, until asked to stop.

    A child that says it is ready writes a line `ready` (more words may follow) to its standard output;
    what was added after it starts only then. Everything a child writes goes to `home`/log/NAME.log.
    `on_state(name, state, detail)` is called in the thread of `run_until`. A guardian
    process ends the children, what they started, and the daemons when this process is killed.
    """

    def __init__(self, home: Path, on_state: Callable[[str, State, str], None] | None = None) -> None:
        self._log_folder = home / "log"
        self._on_state = on_state or (lambda _name, _state, _detail: None)
        self._children: list[Child] = []
        self._daemons: list[tuple[str, Daemon]] = []
        self._mark = str(uuid4())
        self._guarded: dict[Process, str] = {}
        self._guardian: subprocess.Popen[str] | None = None
        self._states: dict[str, State] = {}
        self._asked = threading.Event()
        self._ended = threading.Event()
        self._ended.set()
        self._check_daemons_at = 0.0

    # --- what to run (before or during run_until; from its thread or another) ---

    def add(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        ready: bool = False,
        closing_ends_all: bool = False,
    ) -> None:
        """One more child; `env` is its whole environment, and None means ours.

        With `closing_ends_all` a normal end (status 0) is somebody closing it: then all of it ends.
        """
        plan = Plan(name, tuple(argv), env, ready, closing_ends_all, ROOT, self._mark)
        log = RotatingLog(self._log_folder / f"{name}.log")
        self._children.append(Child(plan, log, lambda state, detail: self._say(name, state, detail)))

    def add_daemon(self, name: str, daemon: Daemon) -> None:
        """One more daemon; it starts before every child and stops after them."""
        self._daemons.append((name, daemon))

    def watch_over(self, pid: int) -> None:
        """A process that this one started besides ends, too, when this one is killed; before run_until, from its thread."""
        process = look_up(pid)
        if process is not None:
            self._guard(process, "child")

    def states(self) -> dict[str, State]:
        """The last state of everything, by name; any thread."""
        return dict(self._states)

    def ready_words(self, name: str) -> tuple[str, ...] | None:
        """The words a child wrote behind `ready`, or None before it did; any thread."""
        return next((child.ready_words for child in self._children if child.plan.name == name), None)

    def pid_of(self, name: str) -> int | None:
        """The process of a child, or None while it does not run; any thread."""
        processes = [child.process for child in self._children if child.plan.name == name]
        return processes[0].pid if processes and processes[0] is not None else None

    def wait_ready(self, patience_s: float) -> bool:
        """Whether everything is ready, waiting for it at most so long; any thread but run_until's."""
        give_up_at = time.monotonic() + patience_s
        while time.monotonic() < give_up_at and not self._asked.is_set():
            names = [child.plan.name for child in self._children] + [name for name, _ in self._daemons]
            if all(self._states.get(name) is State.READY for name in names):
                return True
            time.sleep(0.02)
        return False

    # --- life ---

    def run_until(self, stop: threading.Event) -> None:
        """Everything ran until `stop` was set, stop() was called or an ending child closed; nothing runs now."""
        self._ended.clear()
        try:
            self._start_daemons()
            while not (stop.is_set() or self._asked.is_set()):
                self._guard_the_guardian()
                self._start_due()
                self._listen(TICK_S)
                self._bury_dead()
                self._check_daemons()
        finally:
            self._asked.set()
            self._end_all()
            self._ended.set()

    def stop(self) -> None:
        """Nothing runs any more; any thread but run_until's."""
        self._asked.set()
        self._ended.wait(30)

    # --- inside; the thread of run_until only ---

    def _say(self, name: str, state: State, detail: str) -> None:
        self._states[name] = state
        self._on_state(name, state, detail)

    def _start_daemons(self) -> None:
        for name, daemon in self._daemons:
            self._say(name, State.STARTING, "")
            self._start_daemon(name, daemon)

    def _check_daemons(self) -> None:
        if time.monotonic() < self._check_daemons_at:
            return
        self._check_daemons_at = time.monotonic() + DAEMON_CHECK_S
        for name, daemon in self._daemons:
            if daemon.postmaster_pid() is None:
                self._say(name, State.DIED, "")
                try:
                    self._start_daemon(name, daemon)
                except RuntimeError as problem:  # a full disk, say: it may pass
                    self._say(name, State.CRASH_LOOP, str(problem))
                    self._check_daemons_at = time.monotonic() + DAEMON_PAUSE_S

    def _start_daemon(self, name: str, daemon: Daemon) -> None:
        started = threading.Event()
        watching = threading.Thread(target=self._guard_from_birth, args=(daemon, started), name="guarding")
        watching.start()
        try:
            daemon.start()
        finally:
            started.set()
            watching.join()
        self._say(name, State.READY, "")

    def _guard_from_birth(self, daemon: Daemon, started: threading.Event) -> None:
        """Guard a daemon's process as soon as there is one: it may take a while to be ready. Meanwhile nobody else guards."""
        over = False
        while not over:
            over = started.wait(GUARD_LOOK_S)
            process = look_up(daemon.postmaster_pid() or 0)
            if process is not None and process not in self._guarded:
                self._guard(process, "database")

    def _start_due(self) -> None:
        for child in list(self._children):
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()
                if child.identity is not None:
                    self._guard(child.identity, "child")
            if not child.was_ready:
                return  # whoever comes later waits until it was ready once

    def _listen(self, patience_s: float) -> None:
        with selectors.DefaultSelector() as selector:
            for child in self._children:
                if child.process is not None:
                    selector.register(child.output, selectors.EVENT_READ, child)
                    selector.register(child.pidfd, selectors.EVENT_READ, None)
            for key, _ in selector.select(patience_s):
                if isinstance(key.data, Child):
                    key.data.read()

    def _bury_dead(self) -> None:
        for child in self._children:
            if child.has_ended():
                closed = child.process is not None and child.process.returncode == 0
                identity, left = child.identity, child.bury()
                tell(left, signal.SIGKILL)
                if identity is not None:
                    self._release(identity)
                if closed and child.plan.closing_ends_all:
                    self._asked.set()

    def _end_all(self) -> None:
        running = [child for child in self._children if child.process is not None]
        everybody = family(child.identity for child in running if child.identity is not None)
        tell(everybody, signal.SIGTERM)
        self._drain_until_gone(running)
        tell(everybody | family(c.identity for c in running if c.identity is not None), signal.SIGKILL)
        wait_gone(everybody, GRACE_S)
        for child in running:
            if child.process is not None:
                child.process.wait()
            child.release()
            self._say(child.plan.name, State.STOPPED, "")
        for child in self._children:
            child.log.close()
        for name, daemon in reversed(self._daemons):
            daemon.stop(patience_s=GRACE_S)
            self._say(name, State.STOPPED, "")
        self._dismiss_guardian()

    def _drain_until_gone(self, running: list[Child]) -> None:
        """Read what they still say (a full pipe would keep them from ending) until all ended or time is up."""
        give_up_at = time.monotonic() + GRACE_S
        while time.monotonic() < give_up_at and not all(child.has_ended() for child in running):
            time.sleep(0.02)
            for child in running:
                child.read()

    # --- the guardian ---

    def _guard(self, process: Process, kind: str) -> None:
        self._guarded[process] = kind
        self._guard_the_guardian()
        self._tell_guardian(f"+ {process.pid} {process.start_ticks} {kind}")

    def _release(self, process: Process) -> None:
        self._guarded.pop(process, None)
        self._tell_guardian(f"- {process.pid} {process.start_ticks}")

    def _guard_the_guardian(self) -> None:
        """A guardian lives and knows everything guarded."""
        if self._guardian is not None and self._guardian.poll() is None:
            return
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "server.guardian", self._mark],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        for process, kind in self._guarded.items():
            self._tell_guardian(f"+ {process.pid} {process.start_ticks} {kind}")

    def _tell_guardian(self, line: str) -> None:
        if self._guardian is None or self._guardian.stdin is None:
            return
        try:
            self._guardian.stdin.write(line + "\n")
            self._guardian.stdin.flush()
        except BrokenPipeError:
            return  # it was killed; the next turn of the loop starts another that knows everything

    def _dismiss_guardian(self) -> None:
        self._tell_guardian("done")
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait(10)
        self._guardian = None
        self._guarded.clear()


def stop_when_asked() -> threading.Event:
    """An event that Ctrl-C, SIGTERM or a closed terminal sets; main thread only."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: asked.set())
    return asked
