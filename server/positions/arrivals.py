"""Where packed fixes come in: a PULL under CURVE that takes fixes only from the keys enrolled to send them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import zmq

from server.positions.doorkeeper import HANDSHAKE_MS, key_of
from server.positions.fix_gate import Flags
from wire.codec import decode_positions
from wire.frames import Malformed
from wire.publications import POSITION, Positions

DOMAIN = "positions"
FRAME_LIMIT = 240_001
"""Bytes of one frame: the protocol byte and 10,000 fixes."""
CURVE_BYTES = 33
"""What CURVE adds to a frame (command name, nonce, MAC, flags); libzmq's limit counts the frame as it is on the wire."""
BATCH = 2_000
BATCH_BYTES = 1_000_000
"""Frames taken in one turn and their bytes, so that a flood does not stop the lane."""
QUEUED_FRAMES = 200
"""Frames of one sender that wait; what does not fit waits at the sender."""
MOST_OF_ALL = 10_000
MOST_OF_ONE = 60
"""Fixes in one frame of who speaks for everybody, and of a phone, which speaks for one worker."""


@dataclass(frozen=True, slots=True, eq=False)
class Sender:
    """An enrolled key and the workers it may speak for."""

    name: str
    workers: Flags | None
    """bool indexed by worker number; None: all (a gateway, the intake itself)."""
    most: int = MOST_OF_ALL
    """Fixes in one of its frames."""

    def speaks_for(self, numbers: np.ndarray[tuple[int, ...], np.dtype[np.uint32]]) -> Flags:
        """Of each number whether this sender may send its fixes."""
        if self.workers is None:
            return np.ones(len(numbers), np.bool_)
        allowed = np.zeros(len(numbers), np.bool_)
        possible = numbers < len(self.workers)
        allowed[possible] = self.workers[numbers[possible]]
        return allowed


def decode(frame: bytes) -> Positions:
    """The fixes in a frame of a sender, POSITION[k]; Malformed where it is none or holds more than 10,000."""
    if len(frame) > FRAME_LIMIT:
        raise Malformed("too_large", f"{len(frame)} > {FRAME_LIMIT}")
    return decode_positions(frame)


class Arrivals:
    """The door for fixes. The positions loop owns it."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], endpoint: str, secret_key: bytes) -> None:
        """Listen; a Doorkeeper of the same context answers for the domain `positions`."""
        self.refused: Counter[str] = Counter()
        """Malformed frames by reason, `too_many` fixes in one frame, and frames of keys that lost their enrolment."""
        self.senders: dict[str, Sender] = {}
        """By key in hex; replaced as a whole when the enrolments were read again."""
        self.socket = context.socket(zmq.PULL)
        self.socket.linger = 0
        self.socket.curve_server = True
        self.socket.handshake_ivl = HANDSHAKE_MS
        self.socket.curve_secretkey = secret_key
        self.socket.zap_domain = DOMAIN.encode()
        self.socket.rcvhwm = QUEUED_FRAMES
        self.socket.maxmsgsize = FRAME_LIMIT + CURVE_BYTES
        self.socket.bind(endpoint)
        self.endpoint = self.socket.getsockopt_string(zmq.LAST_ENDPOINT)

    def admits(self, key: bytes) -> bool:
        """Whether a key is enrolled; for the Doorkeeper."""
        return key.hex() in self.senders

    def take(self) -> tuple[Positions, Flags]:
        """The fixes that wait, at most BATCH frames or BATCH_BYTES, and of each whether its sender speaks for its worker."""
        by_sender: dict[str, list[Positions]] = {}
        taken = 0
        for _ in range(BATCH):
            if taken >= BATCH_BYTES:
                break
            try:
                frame = self.socket.recv(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                break
            taken += len(frame)
            self._sort_in(frame, by_sender)
        if not by_sender:
            return np.zeros(0, POSITION), np.zeros(0, np.bool_)
        batches = {key: np.concatenate(parts) for key, parts in by_sender.items()}
        allowed = [self.senders[key].speaks_for(batch["worker"]) for key, batch in batches.items()]
        return np.concatenate(list(batches.values())), np.concatenate(allowed)

    def close(self) -> None:
        """Take nothing more."""
        self.socket.close()

    def _sort_in(self, frame: zmq.Frame, by_sender: dict[str, list[Positions]]) -> None:
        """One frame to the others of its sender, or counted."""
        if frame.more or self.socket.getsockopt(zmq.RCVMORE):
            self._drop_rest()
            self.refused["too_many_parts"] += 1
            return
        key = key_of(frame)
        if key not in self.senders:
            self.refused["not_enrolled"] += 1
            return
        try:
            fixes = decode(frame.bytes)
        except Malformed as malformed:
            self.refused[malformed.reason] += 1
            return
        if len(fixes) > self.senders[key].most:
            self.refused["too_many"] += 1
            return
        by_sender.setdefault(key, []).append(fixes)

    def _drop_rest(self) -> None:
        """The other parts of a message that should have had one."""
        while self.socket.getsockopt(zmq.RCVMORE):
            self.socket.recv(zmq.NOBLOCK)
