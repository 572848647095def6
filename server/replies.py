"""Replies on their way out: few wait in the socket, for one may be large; small ones that find no room there wait here."""

from __future__ import annotations

from collections import Counter, deque

import zmq

WAITING_REPLIES = 64
"""Replies that may wait in the socket for one slow desk: of the largest replays they are 128 MiB."""
SMALL_BYTES = 4_096
LATE_OF_ONE, LATE_OF_ALL = 600, 20_000
"""Small replies that may wait here, a little more for one desk than come of one turn of the loop."""


class Replies:
    """Sends on a ROUTER that does not wait. The loop that owns the socket only."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        """Nothing waits. The socket reports senders that are gone (ROUTER_MANDATORY)."""
        self.counted: Counter[str] = Counter()
        self._socket = socket
        self._late: dict[bytes, deque[bytes]] = {}
        self._late_of_all = 0
        socket.sndhwm = WAITING_REPLIES

    def send(self, sender: bytes, body: bytes) -> None:
        """Send one reply, now or a little later; a desk that is gone or does not read loses it and asks again."""
        late = self._late.get(sender)
        if not late and self._is_sent(sender, body) is not False:
            return
        if len(body) > SMALL_BYTES or len(late or ()) >= LATE_OF_ONE or self._late_of_all >= LATE_OF_ALL:
            self.counted["undeliverable"] += 1
            return
        self._late.setdefault(sender, deque()).append(body)
        self._late_of_all += 1

    def send_late(self) -> None:
        """Send what waits, as far as there is room now."""
        for sender, late in list(self._late.items()):
            while late and (sent := self._is_sent(sender, late[0])) is not False:
                taken = 1 if sent else len(late)
                for _ in range(taken):
                    late.popleft()
                self._late_of_all -= taken
            if not late:
                del self._late[sender]

    def _is_sent(self, sender: bytes, body: bytes) -> bool | None:
        """Whether a reply went out; False where there is no room, None where nobody is there any more."""
        try:
            self._socket.send_multipart((sender, body), zmq.NOBLOCK)
        except zmq.Again:
            return False
        except zmq.ZMQError:
            self.counted["undeliverable"] += 1
            return None
        return True
