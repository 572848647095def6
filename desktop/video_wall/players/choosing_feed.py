"""A feed that asks for its address first, and is then that of the backend that is chosen by it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from desktop.video_wall.players import Feed, Picture, RecordedPlay
from desktop.video_wall.players.clip import Recording
from desktop.video_wall.players.playback import PlaybackFeed
from desktop.video_wall.players.pyav import PyavFeed
from desktop.video_wall.players.recorded import RecordedFeed
from desktop.video_wall.players.vlc import VlcFeed
from desktop.video_wall.stream_address import AddressOf, Answer
from desktop.video_wall.watchdog import Watch
from governance.camera import StreamKind

ASK_AGAIN_S = 15.0
Opened = Callable[[str, Answer, AddressOf, tuple[int, int], bool], Feed | None]


class ChoosingFeed:
    """One tile's hold on a camera or a recording. Main thread only."""

    def __init__(self, opened: Opened, camera_id: str, address_of: AddressOf, size: tuple[int, int], is_recorded: bool) -> None:
        """`opened` gives the feed of the backend for an answer, or None while that is not known."""
        self._opened, self._camera_id, self._address_of = opened, camera_id, address_of
        self._size, self._is_recorded = size, is_recorded
        self._is_selected = self._is_closed = self._is_used = False
        self._feed: Feed | None = None
        self._answer: Answer | None = None
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._asked_at = time.monotonic()
        self._watch = replace(Watch(self._asked_at), is_playback=is_recorded)
        address_of(camera_id, StreamKind.SUB, self._take)

    @property
    def camera_id(self) -> str:
        """The camera it shows, or the name of the recording."""
        return self._camera_id

    @property
    def chosen(self) -> Feed | None:
        """The feed of the backend that plays, None before one is chosen."""
        return self._feed

    @property
    def recorded(self) -> RecordedPlay | None:
        """What plays the recording; None while that is being looked for."""
        self._choose()
        return self._feed if isinstance(self._feed, RecordedFeed | VlcFeed) else None

    def watch(self) -> Watch:
        """What is known about the stream now."""
        self._choose()
        return self._watch if self._feed is None else self._feed.watch()

    def picture(self) -> Picture | None:
        """The newest picture, None before the first."""
        return None if self._feed is None else self._feed.picture()

    def still(self) -> Picture | None:
        """The newest picture as large as it came."""
        return None if self._feed is None else self._feed.still()

    def resize(self, width: int, height: int) -> None:
        """Say how large the picture is shown, in device pixels."""
        self._size = (width, height)
        if self._feed is not None:
            self._feed.resize(width, height)

    def select(self, is_selected: bool) -> None:
        """Say whether the officer looks at this tile before all others."""
        self._is_selected = is_selected
        if self._feed is not None:
            self._feed.select(is_selected)

    def to_live(self) -> None:
        """Show the newest picture."""
        if self._feed is not None:
            self._feed.to_live()

    def retry(self) -> None:
        """Try again at once, with a new address."""
        if self._feed is not None:
            self._feed.retry()

    def remembered_s(self) -> float:
        """How far back its camera can be played; 0 where its backend remembers nothing."""
        return self._feed.remembered_s() if isinstance(self._feed, PyavFeed) else 0.0

    def record(self, path: Path, past_s: float, marks: dict[str, str]) -> Recording | None:
        """A recording of what comes and came; None where its backend cannot."""
        return self._feed.record(path, past_s, marks) if isinstance(self._feed, PyavFeed) else None

    def play_back(self, ago_s: float, width: int, height: int) -> PlaybackFeed | None:
        """A feed of its own that plays what was; None where nothing is remembered."""
        return self._feed.play_back(ago_s, width, height) if isinstance(self._feed, PyavFeed) else None

    def close(self) -> None:
        """Let go of it. Returns at once."""
        self._is_closed = True
        if self._feed is not None:
            self._feed.close()

    def _take(self, answer: Answer) -> None:
        """The address came, on any thread."""
        self._answers.put(answer)
        if threading.current_thread() is threading.main_thread():
            self._choose()

    def _choose(self) -> None:
        if self._feed is not None or self._is_closed:
            return
        if self._answer is None:
            if self._answers.empty():
                self._ask_again()
                return
            self._answer = self._answers.get()
            self._watch = self._watch.addressed()
        size = self._size
        self._feed = self._opened(self._camera_id, self._answer, self._first_answer, size, self._is_recorded)
        if self._feed is not None and self._is_selected:
            self._feed.select(True)

    def _ask_again(self) -> None:
        """A question that nobody answered is asked again."""
        now = time.monotonic()
        if now - self._asked_at >= ASK_AGAIN_S:
            self._asked_at = now
            self._address_of(self._camera_id, StreamKind.SUB, self._take)

    def _first_answer(self, camera: str, stream: StreamKind, take: Callable[[Answer], None]) -> None:
        """The address that is here already, once; then as it is asked for."""
        if stream is StreamKind.SUB and self._answer is not None and not self._is_used:
            self._is_used = True
            take(self._answer)
        else:
            self._address_of(camera, stream, take)
