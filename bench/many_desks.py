"""Many desks without windows in one process: they give orders as fast as they are answered (or at a pace), or listen.

`python -m bench.many_desks HOME LOGIN COUNT work --seconds S [--every E]` prints one JSON object of what was answered how
fast; `... listen` prints `ready`, then a line for every incident a desk hears of, until its input ends.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import zmq

from governance import commands as c
from governance.changes import CaseChanged
from governance.incident import Severity
from governance.people import Duty
from server.keys import ensure_keys
from server.settings import Settings
from wire.codec import decode_change, decode_publication, decode_reply, encode, encode_command
from wire.publications import Changes
from wire.requests import AskSnapshot, Committed, Order, Refusal, Reply, Request, SignedOn, SignOn, Snapshot

LEAF, WHY = "06.01", "测量"
REPLY_MS = 30_000
Life = Iterator[c.Command]


@dataclass(eq=False)
class Desk:
    """One session: its socket, and the incident it takes through a life of orders."""

    socket: zmq.Socket[bytes]
    life: Life = field(default_factory=lambda: iter(()))
    incident: UUID | None = None
    version: int = 0
    n: int = 10
    asked_at: float = 0.0
    due_at: float = 0.0
    what: str = ""


class Office:
    """All desks of one account. Used from one thread."""

    def __init__(self, settings: Settings, login: str, count: int) -> None:
        """Everybody is signed on; the first has looked at the situation, so that orders name real people and places."""
        self._settings, self._context = settings, zmq.Context()
        self._server_key = ensure_keys(settings.keys).curve_public
        self._password = (settings.home / "logins" / login).read_text(encoding="utf-8").strip()
        self._login, self._random = login, random.Random(7)
        self.signed: list[SignedOn] = []
        self._pairs: list[tuple[bytes, bytes]] = []
        self.desks = [self._signed_on() for _ in range(count)]
        taken = _asked(self.desks[0].socket, AskSnapshot(2))
        assert isinstance(taken, Snapshot), taken
        self._workers = [worker for worker in taken.workers if worker.duty is not Duty.OFF]
        self._places = [camera.place for camera in taken.cameras]

    def work(self, seconds: float, every_s: float) -> dict[str, object]:
        """Orders answered within the time: how many a second, and after how long, by kind; and what was refused."""
        poller = zmq.Poller()
        began = time.monotonic()
        for place, desk in enumerate(self.desks):
            poller.register(desk.socket, zmq.POLLIN)
            desk.due_at = began + every_s * place / len(self.desks)
        took: dict[str, list[float]] = {}
        refused: Counter[str] = Counter()
        by_socket = {desk.socket: desk for desk in self.desks}
        while (now := time.monotonic()) < began + seconds:
            for desk in self.desks:
                if not desk.what and desk.due_at <= now:
                    self._order(desk)
            for socket, _ in poller.poll(2 if every_s else 20):
                self._heard(by_socket[socket], every_s, took, refused)
        spent = time.monotonic() - began
        times = sorted(itertools.chain.from_iterable(took.values()))
        return {
            "orders_a_second": len(times) / spent,
            "ms": {f"p{q}": _at(times, q) for q in (50, 95, 99)},
            "by_kind": {kind: {"n": len(found), "ms_p50": _at(sorted(found), 50)} for kind, found in sorted(took.items())},
            "refused": dict(refused),
        }

    def listen(self) -> None:
        """A line for each version of an incident that a desk heard of, and when, until the input ends."""
        poller, sockets = zmq.Poller(), {}
        for number, signed in enumerate(self.signed):
            socket = self._connected(zmq.SUB, signed.feed_endpoint, self._pairs[number])
            socket.subscribe(signed.feed_topic)
            poller.register(socket, zmq.POLLIN)
            sockets[socket] = number
        over = threading.Event()
        threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
        print("ready", flush=True)
        while not over.is_set():
            for socket, _ in poller.poll(100):
                said = decode_publication(socket.recv_multipart()[1])
                if isinstance(said, Changes):
                    self._tell(sockets[socket], said)

    def close(self) -> None:
        """Gone."""
        self._context.destroy(linger=0)

    def _tell(self, number: int, said: Changes) -> None:
        """What one desk heard."""
        facts = [decode_change(sent).fact for sent in said.changes]
        now = time.monotonic()
        for fact in facts:
            if isinstance(fact, CaseChanged):
                line = {"t": now, "desk": number, "incident": str(fact.incident.id), "version": fact.incident.version}
                print(json.dumps(line), flush=True)

    def _order(self, desk: Desk) -> None:
        """The next order of a desk's incident; a new incident where its life is over."""
        command = next(desk.life, None)
        if command is None:
            desk.incident, desk.version, desk.life = None, 0, self._life()
            command = c.MakeReport(f"{WHY} {uuid4()}", self._random.choice(self._places), category=LEAF)
        desk.n += 1
        desk.what, desk.asked_at = c.WORD_OF[type(command)], time.monotonic()
        order = Order(desk.n, uuid4(), desk.what, encode_command(command), desk.incident, desk.version)
        desk.socket.send(encode(order))

    def _heard(self, desk: Desk, every_s: float, took: dict[str, list[float]], refused: Counter[str]) -> None:
        """An answer; a refused order ends the life of that incident here."""
        reply = decode_reply(desk.socket.recv())
        now = time.monotonic()
        if isinstance(reply, Committed):
            took.setdefault(desk.what, []).append(1000 * (now - desk.asked_at))
            desk.incident, desk.version = reply.incident, reply.version
        else:
            assert isinstance(reply, Refusal), reply
            refused[reply.code] += 1
            desk.life = iter(())
        desk.what = ""
        desk.due_at = max(desk.due_at + every_s, now - every_s)

    def _life(self) -> Life:
        """The orders an officer may give by himself: filed, raised, sent, recalled, graver, told outside, put right."""
        yield c.File(LEAF)
        yield c.NotifyOut("119", WHY)
        yield c.RaiseLevel(WHY)
        for _ in range(2):
            yield c.Dispatch(c.Recipient(self._random.choice(self._workers).id), reason=WHY)
            yield c.Recall(WHY)
        yield c.SetSeverity(Severity.III, WHY)
        yield c.Dispatch(c.Recipient(self._random.choice(self._workers).id), reason=WHY)

    def _signed_on(self) -> Desk:
        pair = zmq.curve_keypair()
        socket = self._connected(zmq.DEALER, self._settings.desk_endpoint, pair)
        signed = _asked(socket, SignOn(1, self._login, self._password))
        assert isinstance(signed, SignedOn), signed
        self.signed.append(signed)
        self._pairs.append(pair)
        return Desk(socket)

    def _connected(self, kind: int, endpoint: str, pair: tuple[bytes, bytes]) -> zmq.Socket[bytes]:
        socket = self._context.socket(kind)
        socket.linger = 0
        socket.curve_serverkey = self._server_key
        socket.curve_publickey, socket.curve_secretkey = pair
        socket.connect(endpoint)
        return socket


def _asked(socket: zmq.Socket[bytes], request: Request) -> Reply:
    socket.send(encode(request))
    if not socket.poll(REPLY_MS):
        raise TimeoutError(type(request).__name__)
    return decode_reply(socket.recv())


def _at(ordered: list[float], percent: int) -> float | None:
    """A percentile of ordered values, one decimal; None of none."""
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1) if ordered else None


def main(words: list[str]) -> int:
    """One office of desks."""
    parser = argparse.ArgumentParser("bench.many_desks")
    parser.add_argument("home", type=Path)
    parser.add_argument("login")
    parser.add_argument("count", type=int)
    parser.add_argument("mode", choices=("work", "listen"))
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--every", type=float, default=0.0, help="seconds between two orders of one desk; 0: no pause")
    given = parser.parse_args(words)
    office = Office(Settings.read(given.home), given.login, given.count)
    try:
        if given.mode == "listen":
            office.listen()
        else:
            print(json.dumps(office.work(given.seconds, given.every), ensure_ascii=False), flush=True)
    finally:
        office.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
