"""The feed: each committed change to each session that may see it, in order, and a heartbeat a second."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

import zmq

from server.ledger import change_log
from server.ledger.ledger import Ledger
from server.sessions import Session
from wire.codec import encode
from wire.frames import PUBLICATION_LIMIT, TOPIC_BYTES
from wire.publications import Changes, Ended, Heartbeat, Numbered

DOMAIN = "feed"
BATCH = 500
"""Changes of one stream read at once."""
PART_BYTES = PUBLICATION_LIMIT // 4
"""A publication ends with the change that goes beyond this."""
TRIES = 100
"""Refused subscriptions after which a session is ended; an honest desk makes none."""
QUEUED_PUBLICATIONS = 10_000
"""Publications that may wait for one slow desk; it notices what is dropped by the numbers, and asks for it."""


class Feed:
    """The XPUB of the feed and what it published last. One loop owns it; `fetch` may run on another thread."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], endpoint: str, secret_key: bytes) -> None:
        """Listen; a doorkeeper of the same context answers for the domain `feed`."""
        self.refused: Counter[str] = Counter()
        self.prying: Callable[[Session], None] = lambda _session: None
        """Told of a session that asked for too many topics that are not its own."""
        self.published: dict[str, int] = {}
        self._sessions: dict[bytes, Session] = {}
        self._tries: Counter[UUID] = Counter()
        self.socket = context.socket(zmq.XPUB)
        self.socket.linger = 0
        self.socket.curve_server = True
        self.socket.curve_secretkey = secret_key
        self.socket.zap_domain = DOMAIN.encode()
        self.socket.setsockopt(zmq.XPUB_MANUAL, 1)
        self.socket.sndhwm = QUEUED_PUBLICATIONS
        self.socket.maxmsgsize = 1_024
        self.socket.bind(endpoint)
        self.endpoint = self.socket.getsockopt_string(zmq.LAST_ENDPOINT)

    def start_from(self, heads: Mapping[str, int]) -> None:
        """Everything up to these numbers counts as published: desks fetch it themselves."""
        self.published = dict(heads)

    def serve(self, sessions: Iterable[Session]) -> None:
        """From now on exactly these sessions hear anything."""
        self._sessions = {session.feed_topic: session for session in sessions}
        living = {session.id for session in self._sessions.values()}
        self._tries = Counter({each: n for each, n in self._tries.items() if each in living})

    def admit_subscribers(self) -> None:
        """Answer the subscriptions that wait: each connection may listen to the topic of its own session only."""
        while True:
            try:
                asked = self.socket.recv(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            wish, topic = asked.bytes[:1], asked.bytes[1:]
            if wish == b"\x01" and self._may_listen(asked, topic):
                self.socket.setsockopt(zmq.SUBSCRIBE, topic)
            elif wish == b"\x00" and len(topic) == TOPIC_BYTES:
                self.socket.setsockopt(zmq.UNSUBSCRIBE, topic)
            else:
                self.refused["subscription"] += 1
                self._count(asked)

    def fetch(self, ledger: Ledger) -> list[Numbered]:
        """What was committed since the last publication; reads the ledger, so not on the loop."""
        with ledger.transaction() as connection:
            return change_log.read_beyond(connection, self.published, BATCH)

    def publish(self, changes: Iterable[Numbered], now: datetime) -> int:
        """Send changes to everyone who may see them now, encoded once per group of equal sight; how many changes."""
        by_stream: dict[str, list[Numbered]] = defaultdict(list)
        for change in changes:
            if change.number != self.published.get(change.stream, 0) + 1:
                raise ValueError(f"{change.stream}: {change.number} after {self.published.get(change.stream, 0)}")
            self.published[change.stream] = change.number
            by_stream[change.stream].append(change)
        bodies: dict[tuple[str, ...], list[bytes]] = {}
        for session in self._living(now):
            if session.streams not in bodies:
                seen = [c for stream in session.streams for c in by_stream.get(stream, ())]
                bodies[session.streams] = [encode(Changes(part)) for part in parts(seen)]
            for body in bodies[session.streams]:
                self._send(session.feed_topic, body)
        return sum(map(len, by_stream.values()))

    def beat(self, epoch: UUID, now: datetime) -> None:
        """Tell every session that the server is alive, its time, and the newest numbers."""
        bodies: dict[tuple[str, ...], bytes] = {}
        for session in self._living(now):
            if session.streams not in bodies:
                numbers = {stream: self.published.get(stream, 0) for stream in session.streams}
                bodies[session.streams] = encode(Heartbeat(epoch, now, numbers))
            self._send(session.feed_topic, bodies[session.streams])

    def end(self, session: Session, reason: str) -> None:
        """The last thing a session's topic carries."""
        self._sessions.pop(session.feed_topic, None)
        self._send(session.feed_topic, encode(Ended(reason)))

    def close(self) -> None:
        """Publish nothing more."""
        self.socket.close()

    def _living(self, now: datetime) -> list[Session]:
        """The sessions that have not expired, whatever was read of them before."""
        return [session for session in self._sessions.values() if session.expires_at > now]

    def _count(self, asked: zmq.Frame) -> None:
        """One more refused subscription of whoever asked; a session that tries on and on is told of."""
        key = _key_of(asked)
        session = next((each for each in self._sessions.values() if each.key == key), None)
        if session is not None:
            self._tries[session.id] += 1
            if self._tries[session.id] % TRIES == 0:
                self.prying(session)

    def _send(self, topic: bytes, body: bytes) -> None:
        self.socket.send_multipart((topic, body), zmq.NOBLOCK)

    def _may_listen(self, asked: zmq.Frame, topic: bytes) -> bool:
        """Whether the topic is that of the session bound to the key of the connection that asks."""
        session = self._sessions.get(topic)
        return session is not None and session.key == _key_of(asked)


def _key_of(asked: zmq.Frame) -> str | None:
    """The key in hex of the connection that asks."""
    try:
        return str(asked.get("User-Id"))
    except (zmq.ZMQError, ValueError):
        return None


def parts(changes: Iterable[Numbered]) -> Iterator[tuple[Numbered, ...]]:
    """The changes in order, in parts that each fit well into one publication."""
    part: list[Numbered] = []
    size = 0
    for change in changes:
        part.append(change)
        size += len(change.fact)
        if size > PART_BYTES or len(part) >= BATCH:
            yield tuple(part)
            part, size = [], 0
    if part:
        yield tuple(part)
