"""Supervision of real processes, ended in every way a process can end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.process_tree import MARK, Process, is_alive, look_up
from server.rotating_log import RotatingLog
from server.supervise import State, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = "import time\nprint('ready', flush=True)\ntime.sleep(600)"


def until(claim: Callable[[], bool], patience_s: float = 10.0) -> bool:
    """Whether the claim came true within the patience."""
    give_up_at = time.monotonic() + patience_s
    while time.monotonic() < give_up_at:
        if claim():
            return True
        time.sleep(0.01)
    return claim()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


class Running:
    """A supervisor in a thread, and everything it said."""

    def __init__(self, home: Path) -> None:
        self.said: list[tuple[str, State, str, float]] = []
        self.supervisor = Supervisor(home, self._note)
        self._thread = threading.Thread(target=self.supervisor.run_until, args=(threading.Event(),))

    def _note(self, name: str, state: State, detail: str) -> None:
        self.said.append((name, state, detail, time.monotonic()))

    def start(self) -> None:
        self._thread.start()

    def ended(self) -> bool:
        return not self._thread.is_alive()

    def stop(self) -> None:
        self.supervisor.stop()
        if self._thread.ident is not None:
            self._thread.join(20)

    def heard(self, name: str, state: State) -> list[tuple[str, float]]:
        return [(detail, when) for n, s, detail, when in self.said if (n, s) == (name, state)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.stop()


def test_a_killed_child_lives_again_within_two_seconds(running: Running) -> None:
    running.supervisor.add("sleeper", python(SLEEPER), ready=True)
    running.start()
    assert running.supervisor.wait_ready(10)
    first = running.supervisor.pid_of("sleeper")
    assert first is not None
    killed_at = time.monotonic()
    os.kill(first, signal.SIGKILL)
    assert until(lambda: len(running.heard("sleeper", State.READY)) == 2)
    assert running.heard("sleeper", State.READY)[1][1] - killed_at < 2.0
    assert "killed by SIGKILL" in running.heard("sleeper", State.DIED)[0][0]
    assert running.supervisor.pid_of("sleeper") != first


def test_a_child_starts_after_those_before_it_were_ready(running: Running, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    waits = f"import os, time\nwhile not os.path.exists({str(gate)!r}): time.sleep(0.01)\n"
    running.supervisor.add("first", python(waits + "print('ready 4711 x', flush=True)\ntime.sleep(600)"), ready=True)
    running.supervisor.add("second", python(SLEEPER), ready=True)
    running.start()
    assert until(lambda: bool(running.heard("first", State.STARTING)))
    assert not running.supervisor.wait_ready(0.5)
    assert not running.heard("second", State.STARTING)
    gate.touch()
    assert running.supervisor.wait_ready(10)
    assert running.supervisor.ready_words("first") == ("4711", "x")


def test_a_child_that_keeps_dying_is_said_to_and_restarted_ever_more_slowly(running: Running) -> None:
    running.supervisor.add("broken", python("print('no such map'); raise SystemExit(3)"))
    running.start()
    assert until(lambda: bool(running.heard("broken", State.CRASH_LOOP)))
    detail = running.heard("broken", State.CRASH_LOOP)[0][0]
    assert "exit status 3; again in 1 s" in detail
    assert "no such map" in detail


def test_closing_the_window_ends_everything_but_a_crash_of_it_does_not(running: Running, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"
    code = f"import os, sys\nopen({str(crashed)!r}, 'a').write('x')\nsys.exit(os.path.getsize({str(crashed)!r}) == 1)"
    running.supervisor.add("sleeper", python(SLEEPER))
    running.supervisor.add("desk", python(code), closing_ends_all=True)
    running.start()
    assert until(running.ended)
    assert running.heard("desk", State.DIED)
    assert running.heard("desk", State.CLOSED)
    assert running.heard("sleeper", State.STOPPED)


def test_stop_ends_grandchildren_and_those_who_will_not_listen(running: Running) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    code = (
        "import subprocess, sys, time\n"
        f"inner = subprocess.Popen([sys.executable, '-c', {stubborn!r}], start_new_session=True)\n"
        "print('ready', inner.pid, flush=True)\ntime.sleep(600)"
    )
    running.supervisor.add("parent", python(code), ready=True)
    running.start()
    assert running.supervisor.wait_ready(10)
    (inner_pid,) = running.supervisor.ready_words("parent") or ()
    inner = look_up(int(inner_pid))
    assert inner is not None
    began_at = time.monotonic()
    running.stop()
    assert time.monotonic() - began_at < 5.0
    assert not is_alive(inner)


def test_what_a_child_says_is_in_its_log(running: Running, tmp_path: Path) -> None:
    running.supervisor.add("talker", python("import sys; sys.stderr.write('oh\\n');" + SLEEPER), ready=True)
    running.start()
    assert running.supervisor.wait_ready(10)
    assert (tmp_path / "log/talker.log").read_text() == "oh\nready\n"


def test_a_log_is_rotated_and_the_oldest_forgotten(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "x.log", largest_bytes=10, kept=2)
    for letter in b"abcde":
        log.write(bytes([letter]) * 8)
    log.close()
    files = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert files == {"x.log": "e" * 8, "x.log.1": "d" * 8, "x.log.2": "c" * 8}


def test_a_number_used_again_is_another_process() -> None:
    myself = look_up(os.getpid())
    assert myself is not None
    assert is_alive(myself)
    assert not is_alive(Process(myself.pid, myself.start_ticks - 1))


# A supervisor with a private PostGIS, a child, and a grandchild in a session of its own.
WHOLE = """
import sys, threading
from pathlib import Path
from server.private_postgis import PrivatePostgis
from server.supervise import Supervisor, stop_when_asked
home = Path(sys.argv[1])
postgis = PrivatePostgis(home)
supervisor = Supervisor(home)
supervisor.add_daemon("database", postgis)
inner = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '600'], start_new_session=True);"
inner += "print('ready', p.pid, flush=True); time.sleep(600)"
supervisor.add("child", [sys.executable, "-c", inner], ready=True)
def tell():
    supervisor.wait_ready(60)
    print(postgis.postmaster_pid(), supervisor.pid_of("child"), *supervisor.ready_words("child"), flush=True)
asked = stop_when_asked()
threading.Thread(target=tell).start()
supervisor.run_until(asked)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="gw-s-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def whole(home: Path) -> Iterator[tuple[subprocess.Popen[str], list[Process]]]:
    """A supervisor in a process of its own, and the processes that must not outlive it."""
    command = [sys.executable, "-c", WHOLE, str(home)]
    top = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert top.stdout is not None
    line = top.stdout.readline()
    family = [look_up(int(pid)) for pid in line.split()]
    assert len(family) == 3, line
    guardians = _guardians_of(top.pid)
    assert len(guardians) == 1
    yield top, [process for process in (*family, *guardians) if process is not None]
    top.kill()
    top.wait()
    top.stdout.close()


def _guardians_of(pid: int) -> list[Process]:
    found = []
    for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        process = look_up(int(number))
        if process is not None and b"server.guardian" in Path(f"/proc/{number}/cmdline").read_bytes():
            found.append(process)
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_however_it_ends_nothing_of_it_is_left_after_five_seconds(
    whole: tuple[subprocess.Popen[str], list[Process]], number: signal.Signals
) -> None:
    top, family = whole
    assert all(is_alive(process) for process in family)
    began_at = time.monotonic()
    top.send_signal(number)
    assert until(lambda: not any(is_alive(process) for process in family), 10)
    top.wait(5)
    assert time.monotonic() - began_at < 5.0
    assert (top.returncode == 0) is (number is not signal.SIGKILL)


def test_a_child_nobody_told_the_guardian_of_is_known_by_its_mark() -> None:
    born, other = (
        subprocess.Popen(python(SLEEPER), env=os.environ | {MARK: mark}, stdout=subprocess.DEVNULL)
        for mark in ("ours", "another's")
    )
    try:
        command = [sys.executable, "-m", "server.guardian", "ours"]
        subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, timeout=20, check=True)  # the pipe is closed, no good-bye
        assert born.wait(5) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        for each in (born, other):
            each.kill()
            each.wait(10)


def test_a_killed_database_and_a_killed_guardian_come_back(
    whole: tuple[subprocess.Popen[str], list[Process]], home: Path
) -> None:
    top, (database, _, _, guardian) = whole
    os.kill(guardian.pid, signal.SIGKILL)
    os.kill(database.pid, signal.SIGKILL)
    from server.private_postgis import PrivatePostgis

    postgis = PrivatePostgis(home)
    assert until(lambda: postgis.postmaster_pid() not in (None, database.pid) and postgis._answers())
    assert until(lambda: _guardians_of(top.pid) not in ([], [guardian]))
    reborn = look_up(postgis.postmaster_pid() or 0)
    assert reborn is not None
    top.kill()
    assert until(lambda: not is_alive(reborn), 5)
