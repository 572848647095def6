"""The lane: every tick the moved workers, one frame per street, to each session that may see the street.

Lossy by design: no numbers, no replay; the next fix corrects a lost one (docs/decisions/0001).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import zmq

from server.positions.doorkeeper import HANDSHAKE_MS, key_of
from server.positions.fix_gate import Flags
from server.positions.ground import GridRows, Ground
from wire.codec import encode_positions
from wire.publications import Positions

DOMAIN = "lane"
TICK_S = 0.25
QUEUED_FRAMES = 512
"""Frames that may wait for one slow desk; more are dropped."""


@dataclass(frozen=True, slots=True)
class LaneSession:
    """What the lane needs to know of a session of a desk."""

    topic: bytes
    key: str
    """The CURVE key of its connections, in hex."""
    scope: str
    """Code of the area its post covers."""
    expires_at: datetime


def frames_for(sessions: Iterable[LaneSession], fixes: Positions, grids: GridRows, ground: Ground) -> list[tuple[bytes, bytes]]:
    """Topic and frame for each session and each street with moved workers it may see.

    A session whose scope holds the street gets the frame that all such sessions share; one whose scope lies inside
    the street gets the workers who are inside its scope now.
    """
    inside = np.flatnonzero(grids >= 0)
    order = inside[np.argsort(ground.street_of[grids[inside]], kind="stable")]
    streets = ground.street_of[grids[order]]
    edges = np.flatnonzero(np.r_[True, np.diff(streets) != 0, True]) if len(order) else np.zeros(1, np.intp)
    groups = [order[start:end] for start, end in pairwise(edges)]
    shared = [(str(ground.streets[ground.street_of[grids[rows[0]]]]), encode_positions(fixes[rows]), rows) for rows in groups]
    sent: list[tuple[bytes, bytes]] = []
    covers: dict[str, Flags] = {}
    for session in sessions:
        for street, frame, rows in shared:
            if street.startswith(session.scope):
                sent.append((session.topic, frame))
            elif session.scope.startswith(street):
                covered = covers.setdefault(session.scope, ground.covered_by(session.scope))
                mine = rows[covered[grids[rows]]]
                if len(mine):
                    sent.append((session.topic, encode_positions(fixes[mine])))
    return sent


class Lane:
    """The XPUB of the lane. The positions loop owns it; sessions are replaced as a whole when read again."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], endpoint: str, secret_key: bytes) -> None:
        """Listen; a Doorkeeper of the same context answers for the domain `lane`."""
        self.refused: Counter[str] = Counter()
        self.ask_sessions: Callable[[], bool] = lambda: True
        """Called when an unknown key or topic knocks, for its session may be younger than the last reading.

        False where the sessions could not be read.
        """
        self._sessions: dict[bytes, LaneSession] = {}
        self._keys: frozenset[str] = frozenset()
        self.socket = context.socket(zmq.XPUB)
        self.socket.linger = 0
        self.socket.curve_server = True
        self.socket.handshake_ivl = HANDSHAKE_MS
        self.socket.curve_secretkey = secret_key
        self.socket.zap_domain = DOMAIN.encode()
        self.socket.setsockopt(zmq.XPUB_MANUAL, 1)
        self.socket.sndhwm = QUEUED_FRAMES
        self.socket.maxmsgsize = 1_024
        self.socket.bind(endpoint)
        self.endpoint = self.socket.getsockopt_string(zmq.LAST_ENDPOINT)

    def serve(self, sessions: Iterable[LaneSession]) -> None:
        """From now on exactly these sessions are served; the others hear nothing more."""
        self._sessions = {session.topic: session for session in sessions}
        self._keys = frozenset(session.key for session in self._sessions.values())

    def admits(self, key: bytes) -> bool | None:
        """Whether a key belongs to a session (None: nobody could be asked); for the Doorkeeper."""
        if key.hex() in self._keys:
            return True
        asked = self.ask_sessions()
        return key.hex() in self._keys or (False if asked else None)

    def admit_subscribers(self) -> None:
        """Answer the subscriptions that wait: each connection may listen to the topic of its own session only."""
        while True:
            try:
                asked = self.socket.recv(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            wish, topic = asked.bytes[:1], asked.bytes[1:]
            if wish == b"\x01" and self._may_listen(key_of(asked), topic):
                self.socket.setsockopt(zmq.SUBSCRIBE, topic)
            elif wish == b"\x00" and topic:
                self.socket.setsockopt(zmq.UNSUBSCRIBE, topic)
            elif wish == b"\x01":
                self.refused["subscription"] += 1

    def publish(self, fixes: Positions, grids: GridRows, ground: Ground, now: datetime) -> int:
        """Send the moved workers; how many frames went out."""
        live = [session for session in self._sessions.values() if session.expires_at > now]
        frames = frames_for(live, fixes, grids, ground)
        for topic, frame in frames:
            self.socket.send_multipart((topic, frame))
        return len(frames)

    def close(self) -> None:
        """Publish nothing more."""
        self.socket.close()

    def _may_listen(self, key: str, topic: bytes) -> bool:
        """Whether the topic is that of the session bound to this key."""
        if topic not in self._sessions:
            self.ask_sessions()
        session = self._sessions.get(topic)
        return session is not None and session.key == key
