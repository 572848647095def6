"""Hands fixes that came by HTTPS over to the positions process, as packed frames of an enrolled sender."""

from __future__ import annotations

import numpy as np
import zmq

from wire.codec import encode_positions
from wire.publications import POSITION, Positions


class Forwarding:
    """A PUSH to the positions process. Lossy by design: what finds no room is refused, never queued for long.

    Belongs to the event loop's thread.
    """

    def __init__(self, endpoint: str, server_public: bytes, keys: tuple[bytes, bytes]) -> None:
        """Connect; the positions process may come later."""
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.PUSH)
        self._socket.linger = 0
        self._socket.sndhwm = 1_000
        self._socket.curve_serverkey = server_public
        self._socket.curve_publickey, self._socket.curve_secretkey = keys
        self._socket.connect(endpoint)

    def send(self, fixes: list[tuple[int, ...]] | Positions) -> bool:
        """Pass fixes on; False where the positions process is away or behind."""
        try:
            self._socket.send(encode_positions(np.array(fixes, POSITION)), zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def close(self) -> None:
        """Send nothing more."""
        self._socket.close()
        self._context.term()
