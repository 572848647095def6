"""Asking the server where a camera's pictures come from, once per camera and stream at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from desktop.link.from_server import CameraAddress
from desktop.link.to_server import ToServer, Watch
from desktop.phrases import refusal_sentence
from desktop.video_wall.health import Health
from desktop.video_wall.stream_address import Answer, NoAddress, StreamAddress
from desktop.words import Words
from governance.camera import StreamKind
from governance.refusal import Refused

ASK_AGAIN_S = 15.0
"""A question that got no answer by then is lost: the link answers within ten seconds, if only that none came."""


class CameraAddresses:
    """Turns questions of tiles into wishes to the link, and its answers back. Main thread only."""

    def __init__(
        self,
        submit: Callable[[ToServer], object],
        words: Words,
        why: Callable[[], tuple[str, UUID | None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`why` says the reason that is logged and the incident it is for; `clock` seconds that only grow."""
        self._submit, self._words, self._why = submit, words, why
        self.health = Health(submit, clock)
        self._clock = clock
        self._asked: dict[tuple[str, StreamKind], list[Callable[[Answer], None]]] = {}
        self._asked_s: dict[tuple[str, StreamKind], float] = {}

    def ask(self, camera: str, stream: StreamKind, answer: Callable[[Answer], None]) -> None:
        """Ask for the address of a stream of a camera; `answer` gets it, once."""
        key = (camera, stream)
        self._asked.setdefault(key, []).append(answer)
        now_s = self._clock()
        if now_s - self._asked_s.get(key, float("-inf")) >= ASK_AGAIN_S:
            self._asked_s[key] = now_s
            reason, incident = self._why()
            self._submit(Watch(camera, reason, incident, stream))

    def session_began(self) -> None:
        """What the last session did not answer is asked again: no tile waits for ever."""
        for camera, stream in self._asked:
            self._submit(Watch(camera, *self._why(), stream))

    def came(self, message: CameraAddress) -> None:
        """The server answered."""
        answer: Answer
        if message.url and message.expires_at is not None:
            answer = StreamAddress(message.url, message.expires_at)
        else:
            refused = message.refused or Refused("unknown")
            answer = NoAddress(refusal_sentence(self._words, refused))
        key = (message.camera, message.stream)
        self._asked_s.pop(key, None)
        for tell in self._asked.pop(key, []):
            tell(answer)
