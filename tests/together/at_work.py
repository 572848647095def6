"""A whole server at work: a small drawn town, its own PostGIS, the four processes under the product's supervisor."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import zmq

from demo.arguments import read_arguments
from demo.narration import Narration
from demo.prepare import prepare
from demo.run import PROCESSES
from governance.places import LonLat
from server.keys import read_public_key
from server.private_postgis import OWNER_ROLE
from server.settings import Settings
from server.supervise import State, Supervisor
from tests.gis_data.drawn_town import BLOCK_M, osm_xml

WEST, SOUTH, SIDE = 120.2, 30.25, 6
GRIDS, WORKERS = 4, 12
DATABASE = "database"
BACK_WITHIN_S = 2.0


def spot(east: float, north: float) -> LonLat:
    """A place in the drawn town, in shares of its width and height."""
    metres = SIDE * BLOCK_M
    shrink = 111_320 * math.cos(math.radians(SOUTH))
    return LonLat(WEST + east * metres / shrink, SOUTH + north * metres / 110_900)


def until(holds: Callable[[], Any], what: str, patience_s: float = 30.0, meanwhile: Callable[[], None] | None = None) -> Any:
    """What a question answers once its answer is true."""
    give_up_at = time.monotonic() + patience_s
    while not (answer := holds()):
        if meanwhile is not None:
            meanwhile()
        assert time.monotonic() < give_up_at, f"did not happen: {what}"
        time.sleep(0.01)
    return answer


def crowding() -> float:
    """How many times longer things may take because others are at work on this machine; 1 where it is quiet."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass(frozen=True)
class Return:
    """How a killed process came back: seconds until its successor was started, and until that was ready."""

    started_s: float
    ready_s: float
    cpu_s: float
    """Seconds of processor time the successor had used when it was seen ready (nan for the database)."""


@dataclass
class ServerAtWork:
    """Settings and secrets of a prepared home, and the supervisor that runs its server."""

    settings: Settings
    said: list[tuple[str, State, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read what the seeding wrote down."""
        home = self.settings.home
        lines = (home / "passwords.txt").read_text().splitlines()
        self.passwords = dict(line.split("\t") for line in lines)
        known = json.loads((home / "drill" / "devices.json").read_text())
        self.phones: list[dict[str, Any]] = sorted(known["devices"], key=lambda phone: int(phone["number"]))
        self.gateway_secret: str = known["gateway"]
        self.server_key = read_public_key(self.settings.keys)
        self.supervisor = Supervisor(home, lambda name, state, _detail: self.said.append((name, state, time.monotonic())))
        self.supervisor.add_daemon(DATABASE, self.settings.postgis)
        for process in PROCESSES:
            words = [sys.executable, "main.py", "server", process, "--home", str(home)]
            self.supervisor.add(process, words, ready=True)
        self._thread = threading.Thread(target=self.supervisor.run_until, args=(threading.Event(),), name="supervisor")

    @property
    def url(self) -> str:
        """Where the intake answers."""
        return f"https://{self.settings.intake_http_host}:{self.settings.intake_http_port}"

    def start(self) -> None:
        """Everything is ready."""
        self._thread.start()
        assert self.supervisor.wait_ready(90), self.supervisor.states()

    def stop(self) -> None:
        """Nothing runs."""
        self.supervisor.stop()
        if self._thread.ident is not None:
            self._thread.join(30)

    def pid(self, name: str) -> int:
        """The process of a part."""
        pid = self.settings.postgis.postmaster_pid() if name == DATABASE else self.supervisor.pid_of(name)
        assert pid is not None, name
        return pid

    def kill(self, name: str) -> float:
        """One part is killed by -9 this moment."""
        at = time.monotonic()
        os.kill(self.pid(name), signal.SIGKILL)
        return at

    def is_back(self, name: str, killed_at: float) -> Return | None:
        """How a part came back, once it did."""
        heard = [(state, at) for who, state, at in self.said if who == name and at > killed_at]
        ready = [at for state, at in heard if state is State.READY]
        if not ready:
            return None
        begun = [at for state, at in heard if state in (State.STARTING, State.DIED)][-1]
        cpu_s = math.nan
        if name != DATABASE:
            used = psutil.Process(self.pid(name)).cpu_times()
            cpu_s = used.user + used.system
        return Return(begun - killed_at, ready[0] - killed_at, cpu_s)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, as the owner."""
        with psycopg.connect(**self.settings.connect_arguments(OWNER_ROLE)) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        """Change something behind the processes' backs."""
        with psycopg.connect(**self.settings.connect_arguments(OWNER_ROLE)) as connection:
            connection.execute(statement, values)


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder with a short name (a socket's path holds 108 bytes) that PostgreSQL's user may walk into."""
    folder = Path(tempfile.mkdtemp(prefix="gw-t-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def draw_town(folder: Path) -> Path:
    """An OpenStreetMap file of a small town."""
    path = folder / "drawn.osm"
    path.write_text(osm_xml(WEST, SOUTH, SIDE))
    return path


@contextmanager
def server_at_work() -> Iterator[ServerAtWork]:
    """A prepared home with its server running; nothing of it is left afterwards."""
    with short_folder() as folder:
        home = folder / "home"
        words = ["--home", str(home), "--town", str(draw_town(folder)), "--grids", str(GRIDS), "--workers", str(WORKERS)]
        work = ServerAtWork(prepare(read_arguments(words), Narration("en")))
        try:
            work.start()
            yield work
        finally:
            work.stop()
            work.settings.postgis.destroy()


def curve_socket(
    context: zmq.Context[zmq.Socket[bytes]], kind: int, endpoint: str, server_key: bytes, pair: tuple[bytes, bytes]
) -> zmq.Socket[bytes]:
    """A socket connected under CURVE."""
    socket = context.socket(kind)
    socket.linger = 0
    socket.curve_serverkey = server_key
    socket.curve_publickey, socket.curve_secretkey = pair
    socket.connect(endpoint)
    return socket
