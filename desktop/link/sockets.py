"""The four sockets of a session, all under CURVE with one fresh key pair."""

from __future__ import annotations

from dataclasses import dataclass, field

import zmq

from wire.frames import PUBLICATION_LIMIT, REPLY_LIMIT

FEED_QUEUE = 100_000
LANE_QUEUE = 256
RECONNECT_MS = 100
RECONNECT_MOST_MS = 1_000
HEARTBEAT_MS = 1_000
LINGER_MS = 300

Socket = zmq.Socket[bytes]
Context = zmq.Context[Socket]


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the server answers and the key it must prove; pinned, never asked for over the wire."""

    desk_endpoint: str
    public_key: bytes
    """CURVE, Z85, 40 characters."""


@dataclass(slots=True)
class Sockets:
    """What is open towards one server with one key pair."""

    context: Context
    server_key: bytes
    public_key: bytes = b""
    secret_key: bytes = field(default=b"", repr=False)
    desk: Socket | None = None
    feed: Socket | None = None
    lane: Socket | None = None
    bulk: Socket | None = None

    def open_desk(self, endpoint: str, pair: tuple[bytes, bytes] | None = None) -> None:
        """Close what is open, make a fresh key pair (or take the one of this machine), and connect the request socket."""
        self.close()
        self.public_key, self.secret_key = pair or zmq.curve_keypair()
        self.desk = self._connected(zmq.DEALER, endpoint, REPLY_LIMIT)

    def open_feed(self, endpoint: str, topic: bytes) -> None:
        """Connect (anew) to the session's own topic of the feed."""
        self.feed = self._subscribed(self.feed, endpoint, topic, FEED_QUEUE)

    def open_lane(self, endpoint: str, topic: bytes) -> None:
        """Connect (anew) to the session's own topic of the positions."""
        self.lane = self._subscribed(self.lane, endpoint, topic, LANE_QUEUE)

    def open_bulk(self, endpoint: str) -> None:
        """Connect to the bulk socket."""
        _close(self.bulk)
        self.bulk = self._connected(zmq.DEALER, endpoint, REPLY_LIMIT)

    def close_session(self) -> None:
        """Close all but the request socket."""
        for socket in (self.feed, self.lane, self.bulk):
            _close(socket)
        self.feed = self.lane = self.bulk = None

    def close(self) -> None:
        """Close everything; what was sent a moment ago still goes out."""
        self.close_session()
        _close(self.desk)
        self.desk = None

    def opened(self) -> tuple[Socket, ...]:
        """The sockets that are open, in the order they are read: replies and facts before positions and packs."""
        return tuple(socket for socket in (self.desk, self.feed, self.lane, self.bulk) if socket is not None)

    def _subscribed(self, old: Socket | None, endpoint: str, topic: bytes, queue: int) -> Socket:
        """A SUB that hears one topic."""
        _close(old)
        socket = self._made(zmq.SUB, PUBLICATION_LIMIT)
        socket.rcvhwm = queue
        socket.setsockopt(zmq.SUBSCRIBE, topic)
        socket.connect(endpoint)
        return socket

    def _connected(self, kind: int, endpoint: str, limit: int) -> Socket:
        """A connected socket of a kind."""
        socket = self._made(kind, limit)
        socket.connect(endpoint)
        return socket

    def _made(self, kind: int, limit: int) -> Socket:
        """A socket with the session's keys; larger messages than the limit cut the connection."""
        socket = self.context.socket(kind)
        socket.linger = LINGER_MS
        socket.maxmsgsize = limit
        socket.reconnect_ivl, socket.reconnect_ivl_max = RECONNECT_MS, RECONNECT_MOST_MS
        socket.heartbeat_ivl = HEARTBEAT_MS
        socket.heartbeat_timeout = 3 * HEARTBEAT_MS
        socket.curve_serverkey = self.server_key
        socket.curve_publickey, socket.curve_secretkey = self.public_key, self.secret_key
        return socket


def _close(socket: Socket | None) -> None:
    """Close a socket, if it is one."""
    if socket is not None:
        socket.close()
