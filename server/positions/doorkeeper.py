"""Who may connect: answers libzmq's questions (ZAP, RFC 27) about the CURVE keys that knock at each door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import zmq

ZAP_ADDRESS = "inproc://zeromq.zap.01"
HANDSHAKE_MS = 2_000
"""A connection that is not in by then is cut, and knocks again: after "not now" nothing else happens (default: 30 s)."""

Admits = Callable[[bytes], bool | None]
"""Says of a public key (32 bytes) whether its owner may come in; None where that cannot be said now.

After "no" (400) libzmq never knocks again, whatever happens later (tried with 4.3.5).
"""


class Doorkeeper:
    """The ZAP handler of one context; its socket is polled by the loop that owns it.

    A connection that is let in carries its key in hex as User-Id, on every message it sends.
    """

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], doors: Mapping[str, Admits]) -> None:
        """Answer for these ZAP domains; a domain that is not named lets nobody in. Make it before any socket binds."""
        self.refused: Counter[str] = Counter()
        self._doors = dict(doors)
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(ZAP_ADDRESS)

    def answer_all(self) -> None:
        """Answer every question that waits."""
        while True:
            try:
                question = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self.socket.send_multipart(self._answered(question))

    def close(self) -> None:
        """Let nobody in any more."""
        self.socket.close()

    def _answered(self, question: list[bytes]) -> list[bytes]:
        """The answer: 200 with the key as user, 300 or 400."""
        version, request, domain, _, _, mechanism, *credentials = [*question, b"", b"", b"", b"", b"", b""][: len(question)]
        admits = self._doors.get(domain.decode("utf-8", "replace"))
        proper = version == b"1.0" and mechanism == b"CURVE" and len(credentials) == 1 and admits is not None
        welcome = admits(credentials[0]) if proper and admits is not None else False
        if welcome:
            return [b"1.0", request, b"200", b"OK", credentials[0].hex().encode(), b""]
        if welcome is None:
            return [b"1.0", request, b"300", b"not now", b"", b""]
        self.refused[domain.decode("utf-8", "replace")] += 1
        return [b"1.0", request, b"400", b"not admitted", b"", b""]


def key_of(frame: zmq.Frame) -> str:
    """The key in hex of the connection that sent a frame; empty where the transport knows none."""
    try:
        user = frame.get("User-Id")
    except (zmq.ZMQError, ValueError):
        return ""
    return user if isinstance(user, str) else ""


def address_of(frame: zmq.Frame) -> str:
    """The network address of the peer that sent a frame; empty where the transport knows none."""
    try:
        return str(frame.get("Peer-Address"))
    except (zmq.ZMQError, ValueError):
        return ""
