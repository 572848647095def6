"""Photos on their way to the server: one after the other, slice by slice, on the bulk socket."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress

import zmq

from desktop.link.from_server import Brought, FromServer
from desktop.link.to_server import Bring
from governance.refusal import Refused
from wire.codec import encode
from wire.frames import PHOTO_SLICE
from wire.photo_requests import BringPhoto, PhotoBrought
from wire.requests import Refusal, Reply

FIRST_NUMBER = 1 << 40
"""Requests for packs have smaller numbers: so replies are told apart."""
ANSWER_S = 10.0
TRIES = 5


class PhotoBringing:
    """The photos that wait, and how much of the first the server has. Link thread only."""

    def __init__(self, put: Callable[[FromServer], None]) -> None:
        """Nothing waits."""
        self._put = put
        self._waiting: deque[Bring] = deque()
        self._offset = 0
        self._asked_s: float | None = None
        self._tries = 0
        self._number = FIRST_NUMBER

    def want(self, photo: Bring, socket: zmq.Socket[bytes] | None, now_s: float) -> None:
        """Bring a photo; where there is no session it is told at once."""
        if socket is None:
            self._put(Brought(photo.sha256, Refused("photo_offline", "attachments")))
            return
        self._waiting.append(photo)
        self.tick(socket, now_s)

    def answered(self, reply: Reply, socket: zmq.Socket[bytes], now_s: float) -> None:
        """Take a reply: the next slice, the next photo, or the end of this one; one to an earlier slice is left aside."""
        if not self._waiting or reply.n != self._number:
            return
        photo = self._waiting[0]
        if isinstance(reply, Refusal):
            self._end(Refused(reply.code, "attachments", **reply.details))
        elif isinstance(reply, PhotoBrought):
            self._offset, self._asked_s, self._tries = reply.offset, None, 0
            if reply.offset >= len(photo.data):
                self._end(None)
        self.tick(socket, now_s)

    def tick(self, socket: zmq.Socket[bytes] | None, now_s: float) -> None:
        """Send the next slice, or one again that was not answered; a photo that never is is given up."""
        if socket is None or not self._waiting or (self._asked_s is not None and now_s - self._asked_s < ANSWER_S):
            return
        if self._tries >= TRIES:
            self._end(Refused("photo_offline", "attachments"))
            if not self._waiting:
                return
        photo = self._waiting[0]
        self._asked_s, self._tries, self._number = now_s, self._tries + 1, self._number + 1
        part = photo.data[self._offset : self._offset + PHOTO_SLICE]
        with suppress(zmq.Again):
            socket.send(encode(BringPhoto(self._number, photo.sha256, self._offset, len(photo.data), part)), zmq.NOBLOCK)

    def forget(self) -> None:
        """The session is over: whoever waits is told."""
        while self._waiting:
            self._end(Refused("photo_offline", "attachments"))

    def _end(self, refused: Refused | None) -> None:
        photo = self._waiting.popleft()
        self._offset, self._asked_s, self._tries = 0, None, 0
        self._put(Brought(photo.sha256, refused))
