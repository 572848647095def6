"""Asking the server where a camera's pictures come from, once per camera at a time."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from desktop.link.from_server import CameraAddress
from desktop.link.to_server import ToServer, Watch
from desktop.phrases import refusal_sentence
from desktop.video_wall.stream_address import Answer, NoAddress, StreamAddress
from desktop.words import Words
from governance.refusal import Refused


class CameraAddresses:
    """Turns questions of tiles into wishes to the link, and its answers back. Main thread only."""

    def __init__(self, submit: Callable[[ToServer], object], words: Words, why: Callable[[], tuple[str, UUID | None]]) -> None:
        """`why` says the reason that is logged and the incident it is for."""
        self._submit, self._words, self._why = submit, words, why
        self._asked: dict[str, list[Callable[[Answer], None]]] = {}

    def ask(self, camera: str, answer: Callable[[Answer], None]) -> None:
        """Ask for the address of a camera; `answer` gets it, once."""
        waiting = self._asked.setdefault(camera, [])
        waiting.append(answer)
        if len(waiting) == 1:
            reason, incident = self._why()
            self._submit(Watch(camera, reason, incident))

    def came(self, message: CameraAddress) -> None:
        """The server answered."""
        answer: Answer
        if message.url and message.expires_at is not None:
            answer = StreamAddress(message.url, message.expires_at)
        else:
            refused = message.refused or Refused("unknown")
            answer = NoAddress(refusal_sentence(self._words, refused))
        for tell in self._asked.pop(message.camera, []):
            tell(answer)
