"""A small made-up district for the server's tests: seeded once, copied for each test; and raw desks that speak the wire."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
import zmq
from shapely.geometry import box

from gis_data.town.town import Buildings, Patches, Roads, Town, TownArea
from governance.camera import Camera
from governance.changes import CaseChanged
from governance.commands import WORD_OF, Command
from governance.people import Officer, Worker
from governance.places import Level, LonLat
from server.duty_roster import open_shift, posts_of
from server.handling.order_book import carry_out
from server.keys import ServerKeys, ensure_keys
from server.ledger import people
from server.ledger.entry import Entered
from server.ledger.ledger import Ledger
from server.ledger.migrate import upgrade
from server.ledger.seed import Seeded, seed
from server.private_postgis import APP_ROLE, OWNER_ROLE, PrivatePostgis
from server.settings import Settings
from wire.codec import decode_change, decode_publication, decode_reply, encode, encode_command
from wire.frames import closed
from wire.publications import Changes, Publication
from wire.requests import Order, Refusal, Reply, Request, SignedOn, SignOn

REPOSITORY = Path(__file__).parents[2]
WEST, SOUTH, STEP = 120.0, 30.0, 0.01


def small_town() -> Town:
    """A district of 2 streets, 4 communities and 8 grids in one row, with a camera in each grid, high shares further east."""
    areas: list[TownArea] = [
        TownArea("990001", "试验区", Level.DISTRICT, "区", "", box(WEST, SOUTH, WEST + 8 * STEP, SOUTH + STEP))
    ]
    for level, count, kind in ((Level.STREET, 2, "街道"), (Level.COMMUNITY, 4, "社区"), (Level.GRID, 8, "网格")):
        width = 8 // count
        for n in range(count):
            parents = [a for a in areas if a.level == level + 1]
            parent = parents[n * len(parents) // count]
            code = f"{parent.code}{n % 2 + 1:03d}"
            left = WEST + n * width * STEP
            shape = box(left, SOUTH, left + width * STEP, SOUTH + STEP)
            areas.append(TownArea(code, f"{kind}{n + 1}", level, kind, parent.code, shape))
    grids = [a for a in areas if a.level is Level.GRID]
    cameras = tuple(
        Camera(f"9900010000132{n:07d}", f"探头{n}", middle(n), grid.code, "公安", 0.0, 60.0, 80.0, n // 2)
        for n, grid in enumerate(grids)
    )
    none = np.zeros((0, 2)), np.zeros(1, np.int64)
    return Town(
        "试验区", "990001", 1, "", LonLat(120.04, 30.005), "2026-01-01", tuple(areas),
        Buildings(*none, np.zeros(0, np.float32), np.zeros(0, np.uint8), ()),
        Roads(*none, np.zeros(0, np.uint8), ()), Patches(*none, np.zeros(0, np.uint8), ()),
        Patches(*none, np.zeros(0, np.uint8), ()), cameras, 0.0,
    )  # fmt: skip


def middle(grid: int) -> LonLat:
    """The middle of the n-th grid, 0 to 7."""
    return LonLat(WEST + (grid + 0.5) * STEP, SOUTH + STEP / 2)


@dataclass(repr=False)
class District:
    """A seeded ledger of one test, its people, and a home a server process can be started from."""

    settings: Settings
    keys: ServerKeys
    ledger: Ledger
    owner: Ledger
    seeded: Seeded
    officers: dict[str, Officer]
    workers: tuple[Worker, ...]
    _processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def order(self, command: Command, by: Officer | str, case: Entered | None = None, **more: Any) -> Entered:
        """Carry a command out under a fresh order id, on the version the case was left in."""
        officer = self.officers[by] if isinstance(by, str) else by
        values: dict[str, Any] = {"order_id": uuid4(), "now": datetime.now(UTC)} | more
        incident, version = (case.incident, case.version) if case else (None, 0)
        order_id = values.pop("order_id")
        return carry_out(self.ledger, order_id, incident, version, command, officer, values.pop("now"), **values)

    def field_officer(self, worker: Worker) -> Officer:
        """A worker as the one who acts."""
        with self.ledger.transaction() as connection:
            return people.field_officer(connection, worker.id, datetime.now(UTC))

    def owner_executes(self, statement: str, *values: object) -> None:
        """What an administrator does, past the application."""
        with self.owner.transaction() as connection:
            connection.execute(statement, values)

    def start(self, process: str) -> subprocess.Popen[str]:
        """A server process that has said it is ready."""
        command = [sys.executable, "-m", "server.run", process, "--home", str(self.settings.home)]
        started = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=None, text=True)
        self._processes.append(started)
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        return started

    def stop_all(self) -> None:
        """Every process started here is gone."""
        for process in self._processes:
            process.kill()
            process.wait(10)
            if process.stdout:
                process.stdout.close()


class RawDesk:
    """A desk without any desk: one key, a DEALER, and a SUB when it is signed on."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._server_key = district.keys.curve_public
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._pair = zmq.curve_keypair()
        self._n = 0
        self._sockets: list[zmq.Socket[bytes]] = []
        self.dealer = self.connect(zmq.DEALER, district.settings.desk_endpoint)
        self.sub: zmq.Socket[bytes] | None = None
        self.signed: SignedOn | None = None

    def connect(self, kind: int, endpoint: str, pair: tuple[bytes, bytes] | None = None) -> zmq.Socket[bytes]:
        """A socket with the key of this desk (or another's)."""
        socket = self._context.socket(kind)
        socket.linger = 0
        socket.curve_serverkey = self._server_key
        socket.curve_publickey, socket.curve_secretkey = pair or self._pair
        socket.connect(endpoint)
        self._sockets.append(socket)
        return socket

    def sign_on(self, login: str, listen: bool = True) -> SignedOn:
        """Signed on as a seeded officer, listening to its own topic."""
        reply = self.ask(SignOn(0, login, self._district.seeded.passwords[login]))
        assert isinstance(reply, SignedOn), reply
        self.signed = reply
        if listen:
            self.sub = self.connect(zmq.SUB, reply.feed_endpoint)
            self.sub.subscribe(reply.feed_topic)
            assert self.hears(lambda each: type(each).__name__ == "Heartbeat", 5.0)
        return reply

    def send(self, request: Request) -> int:
        """Send with a fresh number, which is returned."""
        self._n += 1
        fields = {name: getattr(request, name) for name in request.__struct_fields__} | {"n": self._n}
        self.dealer.send(encode(type(request)(**fields)))
        return self._n

    def receive(self, wait_s: float = 10.0) -> Reply:
        """The next reply."""
        assert self.dealer.poll(int(wait_s * 1000)), "no reply"
        return decode_reply(self.dealer.recv())

    def ask(self, request: Request, wait_s: float = 10.0) -> Reply:
        """The reply to a request."""
        n = self.send(request)
        reply = self.receive(wait_s)
        assert reply.n == n
        return reply

    def order(self, command: Command, incident: UUID | None = None, version: int = 0, order_id: UUID | None = None) -> Reply:
        """Send one command."""
        return self.ask(Order(0, order_id or uuid4(), WORD_OF[type(command)], encode_command(command), incident, version))

    def raw(self, body: bytes, version_byte: bool = True) -> Reply:
        """Send bytes of one's own making."""
        self.dealer.send(closed(body) if version_byte else body)
        return self.receive()

    def publications(self, for_s: float) -> list[Publication]:
        """Everything the feed says within so many seconds."""
        assert self.sub is not None
        found: list[Publication] = []
        until = time.monotonic() + for_s
        while (left := until - time.monotonic()) > 0:
            if self.sub.poll(int(left * 1000) + 1):
                found.append(decode_publication(self.sub.recv_multipart()[1]))
        return found

    def hears(self, wanted: Callable[[Publication], object], within_s: float = 5.0) -> bool:
        """Whether the feed says something wanted within so many seconds."""
        assert self.sub is not None
        until = time.monotonic() + within_s
        while (left := until - time.monotonic()) > 0:
            if self.sub.poll(int(left * 1000) + 1) and wanted(decode_publication(self.sub.recv_multipart()[1])):
                return True
        return False

    def close(self) -> None:
        """Gone."""
        for socket in self._sockets:
            socket.close()
        self._context.term()


def refusal(reply: Reply) -> str:
    """The code of a refusal; fails for any other reply."""
    assert isinstance(reply, Refusal), reply
    return reply.code


@pytest.fixture(scope="session")
def seeded_template(postgis: PrivatePostgis) -> Iterator[tuple[str, Seeded, Path]]:
    """A database with the small district, to be copied; what was seeded; the folder of its packs."""
    template = f"seeded_{uuid4().hex[:12]}"  # other folders borrow this fixture: each gets its own
    postgis.ensure_database(template, OWNER_ROLE)
    upgrade(postgis.url(OWNER_ROLE, template))
    ledger = Ledger(postgis.url(OWNER_ROLE, template), bytes(32))
    with tempfile.TemporaryDirectory(prefix="gw-packs-") as packs:
        try:
            seeded = seed(ledger, small_town(), Path(packs), workers=16)
        finally:
            ledger.close()
        yield template, seeded, Path(packs)


@pytest.fixture
def district(postgis: PrivatePostgis, seeded_template: tuple[str, Seeded, Path]) -> Iterator[District]:
    """A seeded district of one test."""
    template, seeded, packs = seeded_template
    name = f"d_{uuid4().hex[:12]}"
    postgis.copy_database(template, name, OWNER_ROLE)
    home = Path(tempfile.mkdtemp(prefix="gw-d-", dir="/tmp"))
    (home / "postgis").symlink_to(postgis.data.parent)
    (home / "packs").symlink_to(packs)
    (home / "attachments").mkdir()
    settings = Settings.choose(home, name)
    settings.write()
    keys = ensure_keys(settings.keys)
    ledger, owner = Ledger(settings.database_url(APP_ROLE), keys.data_key), Ledger(settings.owner_url, keys.data_key)
    made = District(settings, keys, ledger, owner, seeded, *_people(ledger))
    try:
        yield made
    finally:
        made.stop_all()
        ledger.close()
        owner.close()
        postgis.drop_database(name)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def raw_desk(district: District) -> Iterator[Callable[[], RawDesk]]:
    """Makes raw desks, each with a key of its own."""
    made: list[RawDesk] = []

    def make() -> RawDesk:
        made.append(RawDesk(district))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


def _people(ledger: Ledger) -> tuple[dict[str, Officer], tuple[Worker, ...]]:
    """The seeded officers by login, on shift, and the workers in the field."""
    officers: dict[str, Officer] = {}
    with ledger.transaction() as connection:
        for login, account, staff, name in connection.execute(
            "SELECT login, a.id, s.id, s.name FROM account a JOIN staff s ON s.id = a.staff"
        ):
            (post,) = posts_of(connection, staff, datetime.now(UTC))
            shift = open_shift(connection, post.unit)
            assert shift is not None
            held = post.id, post.role, post.scope, post.clearance, shift[0], post.unit
            officers[login] = Officer(staff, name, *held, account)
        everybody = people.workers(connection, "990001", datetime.now(UTC))
        return officers, tuple(worker for worker in everybody if worker.is_in_field)


def changes_of(said: list[Publication]) -> list[CaseChanged]:
    """The changes of incidents among what was heard."""
    facts = [decode_change(sent).fact for each in said if isinstance(each, Changes) for sent in each.changes]
    return [fact for fact in facts if isinstance(fact, CaseChanged)]
