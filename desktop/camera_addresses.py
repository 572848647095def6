"""Asking the server where a camera's pictures come from, once per camera and stream at a time, and not without a reason."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
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
LET_GO_S = 20.0
"""A tile asks again within fifteen seconds: for a camera nobody asked for so long no reason is wanted any more."""

LONGEST_DARK_S = 40.0
"""A tile that was refused asks again by then."""

Why = Callable[[str], tuple[str, UUID | None] | None]
"""The reason that is logged for a camera and the incident it is for; None where the officer has to write one first."""


class CameraAddresses:
    """Turns questions of tiles into wishes to the link, and its answers back. Main thread only."""

    def __init__(
        self, submit: Callable[[ToServer], object], words: Words, why: Why, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` tells seconds that only grow."""
        self._submit, self._words, self._why = submit, words, why
        self.health = Health(submit, clock)
        self._clock = clock
        self._asked: dict[tuple[str, StreamKind], list[Callable[[Answer], None]]] = {}
        self._asked_s: dict[tuple[str, StreamKind], float] = {}
        self.held: dict[str, float] = {}
        """Cameras whose address is asked for once the officer wrote why, and when a tile asked for each last."""
        self._declined: set[str] = set()
        """Cameras for which the officer wants to write nothing."""
        self.held_changed: Callable[[], object] = lambda: None

    def ask(self, camera: str, stream: StreamKind, answer: Callable[[Answer], None]) -> None:
        """Ask for the address of a stream of a camera; `answer` gets it, once. Without a reason it waits for one."""
        key, now_s = (camera, stream), self._clock()
        waiting = self._asked.setdefault(key, [])
        if camera not in self.held or answer not in waiting:  # one that is held is asked for again and again
            waiting.append(answer)
        if now_s - self._asked_s.get(key, float("-inf")) < ASK_AGAIN_S:
            return
        why = self._why(camera)
        if why is not None:
            if self.held.pop(camera, None) is not None:  # an incident was chosen meanwhile
                self.held_changed()
            self._asked_s[key] = now_s
            self._submit(Watch(camera, *why, stream))
        elif camera in self._declined:
            self._answer_all([camera], NoAddress(self._words("reason.declined")))
        else:
            is_new = camera not in self.held
            self.held[camera] = now_s
            if is_new:
                self.held_changed()

    def why_held(self, camera: str) -> str:
        """What a tile says that waits for a reason; empty where it does not."""
        return self._words("reason.waits") if camera in self.held else ""

    def release(self, cameras: Iterable[str]) -> None:
        """The officer wrote why: what was held is asked for."""
        written = list(cameras)
        self._declined.difference_update(written)
        for camera in [camera for camera in written if self.held.pop(camera, None) is not None]:
            for key in [key for key in self._asked if key[0] == camera]:
                why = self._why(camera)
                if why is not None:
                    self._asked_s[key] = self._clock()
                    self._submit(Watch(camera, *why, key[1]))
        self.held_changed()

    def decline(self, cameras: Iterable[str]) -> None:
        """The officer writes nothing: these stay dark until he wants to."""
        gone = list(cameras)
        self._declined.update(gone)
        self._answer_all(gone, NoAddress(self._words("reason.declined")))
        self.held_changed()

    def want_again(self) -> None:
        """What was declined may be asked for after all; tiles that stayed dark ask again by themselves within the minute."""
        until_s = self._clock() + LONGEST_DARK_S
        self.held |= dict.fromkeys(self._declined, until_s)
        self._declined = set()
        self.held_changed()

    def pass_time(self) -> None:
        """Cameras that no tile asks for any more want no reason."""
        now_s = self._clock()
        gone = [camera for camera, asked_s in self.held.items() if now_s - asked_s > LET_GO_S]
        if gone:
            self._answer_all(gone, NoAddress(self._words("reason.declined")))
            self.held_changed()

    def session_began(self) -> None:
        """What the last session did not answer is asked again: no tile waits for ever."""
        for camera, stream in self._asked:
            why = self._why(camera)
            if why is not None:
                self._submit(Watch(camera, *why, stream))

    def came(self, message: CameraAddress) -> None:
        """The server answered."""
        answer: Answer
        if message.url and message.expires_at is not None:
            answer = StreamAddress(message.url, message.expires_at)
        else:
            refused = message.refused or Refused("unknown")
            answer = NoAddress(refusal_sentence(self._words, refused))
        self._answer((message.camera, message.stream), answer)

    def _answer(self, key: tuple[str, StreamKind], answer: Answer) -> None:
        self._asked_s.pop(key, None)
        for tell in self._asked.pop(key, []):
            tell(answer)

    def _answer_all(self, cameras: Iterable[str], answer: Answer) -> None:
        """Whoever waits for one of these cameras gets this."""
        for camera in cameras:
            self.held.pop(camera, None)
            for key in [key for key in self._asked if key[0] == camera]:
                self._answer(key, answer)
