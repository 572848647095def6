"""However the demonstration ends, no process of it is left after five seconds, and the next start goes on with the data."""

from __future__ import annotations

import itertools
import logging
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from demo.mark import Mark
from server.postgres_folder import makers_of
from server.private_postgis import PrivatePostgis
from server.process_tree import Process, family, look_up, wait_gone
from server.settings import Settings
from tests.together.at_work import draw_town, short_folder, spot, until

ROOT = Path(__file__).resolve().parents[2]
GONE_WITHIN_S = 5.0
PATIENCE_S = 90.0
MANY = "3000"  # workers: filling a ledger with them takes longer than a signal
PARTS = ("server desk", "server intake", "server positions", "server clock", "drill", "server.guardian")

log = logging.getLogger(__name__)


@dataclass
class Demo:
    """One running `main.py demo`, and the lines it said."""

    home: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen."""
        self._listening = threading.Thread(target=self._listen, name="demo")
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def says(self, text: str) -> None:
        """It said something."""
        until(lambda: any(text in line for line in self.lines) or self.process.poll() is not None, text, PATIENCE_S)
        assert any(text in line for line in self.lines), self.lines

    def tracebacks(self) -> list[str]:
        """What it raised to its end; what Python says of an exception that a destructor may not raise is none."""
        lines = ["", *self.lines]
        return [b for a, b in itertools.pairwise(lines) if b.startswith("Traceback") and not a.startswith("Exception ignored")]

    def everybody(self) -> set[Process]:
        """It, all it started, the database and the guardian."""
        postmaster = PrivatePostgis(self.home).postmaster_pid()
        roots = [look_up(self.process.pid), look_up(postmaster or 0)]
        return family(root for root in roots if root is not None)

    def running(self) -> list[str]:
        """The command lines of everybody."""
        return _command_lines(each.pid for each in self.everybody())

    def end(self, number: signal.Signals) -> None:
        """Ended by a signal; nobody is left after five seconds."""
        everybody = self.everybody()
        began_s = time.monotonic()
        self.process.send_signal(number)
        reaping = threading.Thread(target=self.process.wait, name="reaping")
        reaping.start()
        left = wait_gone(everybody, GONE_WITHIN_S)
        log.info("%s: %d processes gone after %.2f s", number.name, len(everybody), time.monotonic() - began_s)
        assert left == set(), _command_lines(each.pid for each in left)
        assert _who_names(self.home) == []
        reaping.join(10)
        self.close()

    def close(self) -> None:
        """Not running, not listened to."""
        self.process.kill()
        self.process.wait(10)
        self._listening.join(10)
        for pipe in (self.process.stderr, self.process.stdout):
            if pipe is not None:
                pipe.close()


def _command_lines(pids: Iterable[int]) -> list[str]:
    """What the living ones among processes were started with."""
    found = []
    for pid in pids:
        try:
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except psutil.NoSuchProcess:
            continue
    return found


def _who_names(home: Path) -> list[str]:
    """The command lines of living processes that name the folder."""
    return [line for line in _command_lines(psutil.pids()) if str(home) in line]


@dataclass
class Place:
    """A folder for demonstrations of one town."""

    home: Path
    town: Path
    started: list[Demo] = field(default_factory=list)

    def start(self, *more: str) -> Demo:
        """A demonstration begins."""
        words = ["--home", str(self.home), "--town", str(self.town), "--grids", "4", "--workers", "12", "--language", "en"]
        process = subprocess.Popen(
            [sys.executable, "main.py", "demo", *words, *more],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(Demo(self.home, process))
        return self.started[-1]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """A folder, empty at first, for the tests of this file in their order; whatever they started is gone afterwards."""
    with short_folder() as folder:
        place = Place(folder / "home", draw_town(folder))
        try:
            yield place
        finally:
            for demo in place.started:
                demo.close()
            until(lambda: _who_names(place.home) == [], "nobody is left", 15)
            PrivatePostgis(place.home).destroy()


def _https(home: Path) -> httpx.Client:
    settings = Settings.read(home)
    trusting = ssl.create_default_context(cafile=str(settings.keys / "tls.crt"))
    address = f"https://{settings.intake_http_host}:{settings.intake_http_port}"
    return httpx.Client(base_url=address, verify=trusting, timeout=20)


def test_a_demonstration_ended_while_it_is_prepared_leaves_nobody(place: Place) -> None:
    for number, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130), (signal.SIGTERM, 143)):
        demo = place.start("--without-desk", "--workers", MANY)
        demo.says("filling the ledger")
        assert PrivatePostgis(place.home).running()
        demo.end(number)
        assert demo.process.returncode == status
        assert not demo.tracebacks()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_a_demonstration_ended_while_its_database_is_made_leaves_no_initdb(number: signal.Signals) -> None:
    with short_folder() as folder:
        place = Place(folder / "home", draw_town(folder))
        demo = place.start("--without-desk")
        try:
            data = PrivatePostgis(place.home).data_in_the_making
            makers: set[Process] = until(lambda: makers_of(data), "initdb", PATIENCE_S)
            demo.end(number)
            assert wait_gone(makers, 0) == set()
            assert makers_of(data) == set()
        finally:
            demo.close()


def test_a_start_ends_the_initdb_of_a_killed_one_first() -> None:
    with short_folder() as folder:
        postgis = PrivatePostgis(folder / "home", for_tests=True)
        command = "import sys; from pathlib import Path; from server.private_postgis import PrivatePostgis\n"
        command += "PrivatePostgis(Path(sys.argv[1]), for_tests=True).start()"
        killed = subprocess.Popen([sys.executable, "-c", command, str(folder / "home")], cwd=ROOT)
        try:
            makers: set[Process] = until(lambda: makers_of(postgis.data_in_the_making), "initdb", PATIENCE_S)
            killed.kill()
            killed.wait(10)
            postgis.start()
            assert wait_gone(makers, 0) == set()
        finally:
            killed.kill()
            killed.wait(10)
            postgis.destroy()


def test_a_demonstration_killed_or_interrupted_leaves_nobody_and_its_data_are_used_again(place: Place) -> None:
    first = place.start("--without-desk")
    first.says("filling the ledger")  # whatever an earlier start left half made
    first.says("ready after")
    running = first.running()
    assert all(any(part in line for line in running) for part in (*PARTS, "postgres")), running
    with _https(place.home) as client:
        here = spot(0.5, 0.5)
        told = client.post("/v1/citizen/reports", json={"text": "路灯不亮", "lon": here.lon, "lat": here.lat}).json()
    second = place.start("--without-desk")
    assert second.process.wait(30) == 1
    second.close()
    (line,) = second.lines
    assert str(first.process.pid) in line
    assert first.process.poll() is None
    first.end(signal.SIGKILL)
    third = place.start("--without-desk")
    third.says("using the data that is here")
    third.says("ready after")
    with _https(place.home) as client:
        assert client.get(f"/v1/citizen/reports/{told['ticket']}").json()["number"] == told["number"]
    third.process.send_signal(signal.SIGKILL)
    at_once = place.start("--without-desk")  # while the guardian of the one before is still clearing up
    at_once.says("ready after")
    time.sleep(GONE_WITHIN_S)
    assert not [line for line in at_once.lines if re.search("ended unexpectedly|keeps ending", line)], at_once.lines
    with _https(place.home) as client:
        assert client.get(f"/v1/citizen/reports/{told['ticket']}").json()["number"] == told["number"]
    at_once.end(signal.SIGINT)
    assert at_once.process.returncode == 0


def test_a_killed_smoke_run_leaves_neither_desk_nor_screen(place: Place) -> None:
    demo = place.start("--smoke", "--json")

    def is_under_way() -> bool:
        assert demo.process.poll() is None, demo.lines
        lines = demo.running()
        return sum("Xvfb" in line for line in lines) == 3 and any("main.py desk" in line for line in lines)

    until(is_under_way, "three screens and a desk", PATIENCE_S)
    demo.end(signal.SIGKILL)


def test_the_caretaker_ends_the_database_of_its_own_dying_demonstration_and_of_no_other() -> None:
    with short_folder() as folder:
        home = folder / "home"
        postgis = PrivatePostgis(home, for_tests=True)
        postgis.start()
        Mark("", "", None, None, 1).write(home)
        other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        try:
            for pid, left_running in ((other.pid, True), (os.getpid(), False)):
                process = look_up(pid)
                assert process is not None
                (home / "demo.pid").write_text(f"{process.pid} {process.start_ticks}\n")
                # its parent, this process, closes the pipe and still lives, as a killed process does for a moment
                command = [sys.executable, "-m", "demo.caretaker", str(home)]
                subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, timeout=30, check=True)
                assert postgis.running() is left_running
        finally:
            other.communicate(b"\n", timeout=10)
            postgis.destroy()
