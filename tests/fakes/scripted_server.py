"""A server of one file: real sockets under CURVE on loopback, and answers as a test scripts them."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
import zmq

from governance.changes import Change
from governance.people import Officer, Role
from tests.governance.field import RULES, SHIFT, UNITS, named
from wire.codec import decode_request, encode, encode_positions, numbered
from wire.publications import Changes, Ended, Heartbeat, Positions
from wire.requests import (
    Address,
    AskBulk,
    AskReplay,
    AskSnapshot,
    Bulk,
    Committed,
    Done,
    OpenCamera,
    Order,
    Ping,
    Pong,
    Refusal,
    Replay,
    Request,
    SignedOn,
    SignOff,
    SignOn,
    Snapshot,
    TownManifest,
)

T = TypeVar("T")
Answer = Callable[[Any], Any]
OFFICER = Officer(named("wang ming"), "王明", named("post"), Role.DUTY_OFFICER, "330104", 2, SHIFT, UNITS["centre"])
PASSWORD = "right"
EMPTY = Snapshot(
    0, named("epoch"), {}, datetime(2026, 11, 23, tzinfo=UTC), (), (), (), (), RULES, TownManifest("", "", "", 0, 0, {}), b""
)


class ScriptedServer:
    """Answers sensibly unless `script` holds another answer for a kind of request: a function, or None for silence.

    Everything but the methods runs on its own thread; `tell` runs a function there.
    """

    def __init__(self) -> None:
        self.public, self._secret = zmq.curve_keypair()
        self.script: dict[type, Answer | None] = {}
        self.asked: list[Request] = []
        self.keys: list[str] = []
        self.snapshot = EMPTY
        self.log: list[Change] = []
        self.packs: dict[str, bytes] = {}
        self.epoch = EMPTY.epoch
        self.live: set[str] = set()
        self.topics = (secrets.token_bytes(16), secrets.token_bytes(16))
        self.is_beating = True
        self.lose = 0
        """How many publications to lose from now on."""
        self.endpoints: list[str] = ["tcp://127.0.0.1:*"] * 4
        self._orders: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen: at first on free ports, after a `stop` on the same as before."""
        self._stopping = threading.Event()
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="scripted server")
        self._thread.start()
        ready.result(10)

    def stop(self) -> None:
        """Stop listening; what was signed on stays signed on."""
        if self._thread is not None:
            self._stopping.set()
            self._thread.join(10)
            self._thread = None

    def tell(self, act: Callable[[], T]) -> T:
        """Run a function on the server's thread and return what it returns."""
        done: Future[T] = Future()
        self._orders.put((act, done))
        return done.result(10)

    def publish(self, *changes: Change) -> None:
        """Log the changes and publish them as one batch, unless it is to be lost."""

        def act() -> None:
            self.log.extend(changes)
            if self.lose:
                self.lose -= 1
            else:
                self._send(self._feed, self.topics[0], encode(Changes(tuple(map(numbered, changes)))))

        self.tell(act)

    def publish_bytes(self, body: bytes) -> None:
        """Publish any bytes on the feed."""
        self.tell(lambda: self._send(self._feed, self.topics[0], body))

    def move(self, records: Positions) -> None:
        """Publish positions on the lane."""
        self.tell(lambda: self._send(self._lane, self.topics[1], encode_positions(records)))

    def end(self, reason: str) -> None:
        """End all sessions."""

        def act() -> None:
            self.live.clear()
            self._send(self._feed, self.topics[0], encode(Ended(reason)))

        self.tell(act)

    def count(self, kind: type) -> int:
        """How many requests of a kind came."""
        return sum(isinstance(request, kind) for request in list(self.asked))

    def numbers(self) -> dict[str, int]:
        """The newest number of each stream."""
        found = dict(self.snapshot.numbers)
        for change in self.log:
            found[change.stream] = max(change.number, found.get(change.stream, 0))
        return found

    # ---- on its own thread ----------------------------------------------------------------------------------------

    def _run(self, ready: Future[None]) -> None:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        gate = context.socket(zmq.REP)
        gate.linger = 0
        gate.bind("inproc://zeromq.zap.01")
        kinds = ((zmq.ROUTER, b"desk"), (zmq.PUB, b"feed"), (zmq.PUB, b"lane"), (zmq.ROUTER, b"bulk"))
        sockets = [self._bound(context, n, kind, domain) for n, (kind, domain) in enumerate(kinds)]
        self._desk, self._feed, self._lane, self._bulk = sockets
        ready.set_result(None)
        beat_at = datetime.now(UTC)
        while not self._stopping.is_set():
            self._obey()
            if gate.poll(0):
                self._admit(gate)
            for socket in (self._desk, self._bulk):
                if socket.poll(5):
                    self._answer(socket)
            if self.is_beating and datetime.now(UTC) >= beat_at:
                beat_at = datetime.now(UTC) + timedelta(seconds=0.3)
                self._send(self._feed, self.topics[0], encode(Heartbeat(self.epoch, datetime.now(UTC), self.numbers())))
        for socket in (gate, *sockets):
            socket.close()
        context.term()

    def _bound(self, context: zmq.Context[zmq.Socket[bytes]], n: int, kind: int, domain: bytes) -> zmq.Socket[bytes]:
        socket = context.socket(kind)
        socket.linger = 0
        socket.curve_server = True
        socket.curve_secretkey = self._secret
        socket.zap_domain = domain
        socket.bind(self.endpoints[n])
        self.endpoints[n] = socket.getsockopt_string(zmq.LAST_ENDPOINT)
        return socket

    def _obey(self) -> None:
        while not self._orders.empty():
            act, done = self._orders.get()
            try:
                done.set_result(act())
            except Exception as problem:
                done.set_exception(problem)

    def _admit(self, gate: zmq.Socket[bytes]) -> None:
        _version, number, domain, _address, _identity, _mechanism, key = gate.recv_multipart()
        admitted = domain == b"desk" or key.hex() in self.live
        gate.send_multipart([b"1.0", number, b"200" if admitted else b"400", b"", key.hex().encode(), b""])

    def _answer(self, socket: zmq.Socket[bytes]) -> None:
        frames = socket.recv_multipart(copy=False)
        request, key = decode_request(frames[1].bytes), str(frames[1].get("User-Id"))
        self.asked.append(request)
        self.keys.append(key)
        if type(request) in self.script:
            scripted = self.script[type(request)]
            reply = scripted(request) if scripted else None
        else:
            reply = self._usual(request, key)
        if reply is not None:
            socket.send_multipart((frames[0].bytes, reply if isinstance(reply, bytes) else encode(reply)))

    def _usual(self, request: Request, key: str) -> Any:
        now = datetime.now(UTC)
        if isinstance(request, SignOn):
            if request.password != PASSWORD:
                return Refusal(request.n, "wrong_login", "password")
            self.live.add(key)
            ends = (now + timedelta(hours=8), *self.endpoints[1:], *self.topics)
            return SignedOn(
                request.n,
                uuid4(),
                OFFICER,
                request.login,
                "中心",
                "早班",
                *ends,
                ("s/1", "district/1"),
                self.epoch,
                now,
            )
        if key not in self.live:
            return Refusal(request.n, "no_session")
        match request:
            case AskSnapshot(n=n):
                return msgspec.structs.replace(self.snapshot, n=n, epoch=self.epoch)
            case AskReplay(n=n, stream=stream, after=after):
                found = tuple(numbered(c) for c in self.log if c.stream == stream and c.number > after)
                return Replay(n, stream, found, True)
            case Order(n=n, order_id=order_id, incident=incident, version=version):
                return Committed(n, order_id, incident or UUID(int=7), version + 1, "s/1", 1)
            case OpenCamera(n=n, camera=camera, stream=stream):
                return Address(n, camera, f"rtsp://127.0.0.1/{camera}/{stream}", now + timedelta(minutes=2))
            case AskBulk(n=n, sha256=sha256, offset=offset, length=length):
                data = self.packs[sha256]
                return Bulk(n, sha256, offset, len(data), data[offset : offset + min(length, 1000)])
            case Ping(n=n):
                return Pong(n, now)
            case SignOff(n=n):
                self.live.discard(key)
                return Done(n)
        return Refusal(request.n, "not_here")

    def _send(self, socket: zmq.Socket[bytes], topic: bytes, body: bytes) -> None:
        socket.send_multipart((topic, body))
