"""One child process: started, listened to, restarted with growing pauses when it keeps dying."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from server.process_tree import MARK, Process, family, look_up
from server.rotating_log import RotatingLog

SOUND_AFTER_S = 20.0  # a child that lived this long did not die of its start
PAUSES_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # before the first, second, ... restart in a row
CRASH_LOOP = 3  # as many deaths in a row are called one


class State(Enum):
    """What a supervisor says of a child or a daemon."""

    STARTING = "starting"
    READY = "ready"
    DIED = "died"  # and is started again at once
    CRASH_LOOP = "crash loop"  # keeps dying; the pauses grow
    CLOSED = "closed"  # ended by itself, as it may
    STOPPED = "stopped"


@dataclass(frozen=True)
class Plan:
    """How to start a child."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] | None
    says_ready: bool
    closing_ends_all: bool
    folder: Path
    mark: str
    """By which the guardian knows it, should the supervisor be killed before it could tell."""


@dataclass
class Child:
    """The present life of a planned child. Used by the supervisor's thread only."""

    plan: Plan
    log: RotatingLog
    tell_state: Callable[[State, str], None]
    process: subprocess.Popen[bytes] | None = None
    identity: Process | None = None
    ready_words: tuple[str, ...] | None = None  # what stood behind `ready`, once said
    was_ready: bool = False
    start_at: float = 0.0
    _began_at: float = 0.0
    _deaths_in_a_row: int = 0
    _line: bytes = b""
    _pidfd: int = field(default=-1)

    @property
    def output(self) -> int:
        """The descriptor of its standard output and error; -1 when it does not run."""
        return -1 if self.process is None or self.process.stdout is None else self.process.stdout.fileno()

    @property
    def pidfd(self) -> int:
        """A descriptor that becomes readable when the process ends; -1 when it does not run."""
        return self._pidfd

    def start(self) -> None:
        """The process runs, in a session of its own. The guardian, not a parent-death signal, ends it after a kill -9.

        Such a signal would end it before the guardian has seen what it had started itself.
        """
        self.tell_state(State.STARTING, "")
        environment = dict(os.environ if self.plan.env is None else self.plan.env)
        self.process = subprocess.Popen(
            self.plan.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.plan.folder,
            env=environment | {"PYTHONUNBUFFERED": "1", MARK: self.plan.mark},
            start_new_session=True,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.identity = look_up(self.process.pid)
        self._pidfd = os.pidfd_open(self.process.pid)
        self._began_at = time.monotonic()
        self.ready_words, self._line = None, b""
        if not self.plan.says_ready:
            self.was_ready = True
            self.tell_state(State.READY, "")

    def read(self) -> None:
        """What it wrote is in its log; a first line `ready ...` makes it ready."""
        try:
            content = os.read(self.output, 65536)
        except BlockingIOError:
            return
        self.log.write(content)
        if not self.plan.says_ready or self.ready_words is not None:
            return
        *lines, self._line = (self._line + content).split(b"\n")
        for line in lines:
            words = line.decode(errors="replace").split()
            if words[:1] == ["ready"] and self.ready_words is None:
                self.ready_words, self.was_ready = tuple(words[1:]), True
                self.tell_state(State.READY, " ".join(words))

    def has_ended(self) -> bool:
        """Whether the process is gone (and reaped)."""
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> set[Process]:
        """Note the death and set the time of the next start; what it left running is returned."""
        assert self.process is not None
        status, lived_s = self.process.returncode, time.monotonic() - self._began_at
        self.read()
        left = family([self.identity]) if self.identity is not None else set()
        self.release()
        self._deaths_in_a_row = 1 if lived_s > SOUND_AFTER_S else self._deaths_in_a_row + 1
        pause_s = PAUSES_S[min(self._deaths_in_a_row, len(PAUSES_S)) - 1]
        self.start_at = time.monotonic() + pause_s
        if status == 0 and self.plan.closing_ends_all:
            self.tell_state(State.CLOSED, "")
        else:
            looping = self._deaths_in_a_row >= CRASH_LOOP
            said = f"{describe(status)}; again in {pause_s:g} s\n{self.log.tail()}"
            self.tell_state(State.CRASH_LOOP if looping else State.DIED, said)
        return left

    def release(self) -> None:
        """Its descriptors are closed."""
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
        self.process, self._pidfd, self.ready_words = None, -1, None


def describe(status: int) -> str:
    """An exit status in words."""
    return f"exit status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"
