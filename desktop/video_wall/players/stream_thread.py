"""A stream in a thread of its own: gets its address, is played, and is tried again when it ends. What plays it comes on top.

The main thread reads attributes that the playing thread replaces whole (watch, picture); everything else goes through two
queues. Nothing is emitted per picture.
"""

from __future__ import annotations

import _thread
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from desktop.video_wall.players import Picture
from desktop.video_wall.players.right_of_way import WINDOW_FIRST
from desktop.video_wall.stream_address import AddressOf, Answer, NoAddress, StreamAddress
from desktop.video_wall.watchdog import Failure, Patience, Watch
from governance.camera import StreamKind

SOONEST_ASK_S = 1.0
UNANSWERED_S = 15.0
"""A question for an address that nobody answered in this time is asked again."""
DIGEST_EVERY_S = 0.5


class Starter:
    """Starts threads one after the other in a thread that ends when none is left to start.

    To start a thread is to wait until it runs; with dozens that decode this would hold the window for 5 ms each.
    """

    def __init__(self) -> None:
        self._waiting: deque[threading.Thread] = deque()
        self._lock = threading.Lock()
        self._is_starting = False

    def start(self, thread: threading.Thread) -> None:
        """Start it soon. Returns at once."""
        with self._lock:
            self._waiting.append(thread)
            if self._is_starting:
                return
            self._is_starting = True
        _thread.start_new_thread(self._run, ())  # a Thread's start() is the very wait that is to be spared

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_starting = False
                    return
                thread = self._waiting.popleft()
            WINDOW_FIRST.wait()
            thread.start()


STARTER = Starter()


class StreamThread:
    """The thread of one stream and what it has to show; a subclass says how an address is played."""

    def __init__(
        self, camera_id: str, kind: StreamKind, address_of: AddressOf, patience: Patience,
        chance: Callable[[], float], utc_now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.camera_id, self.kind = camera_id, kind
        self.watch = replace(Watch(time.monotonic(), patience), stream=kind)
        self.picture: Picture | None = None
        self.reason = ""
        """What play() has to add to its answer."""
        self.compared_at = 0.0
        self._address_of = address_of
        self._chance = chance
        self._utc_now = utc_now
        self._wants_address = True
        self._asked_at = -SOONEST_ASK_S
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._address: StreamAddress | None = None
        self._is_addressed = False
        """Whether the answer to the first question, which start() asked, was waited for already."""
        self._stopped = threading.Event()
        self._hurry = threading.Event()
        self._over = threading.Event()
        self._is_begun = False
        self._thread = threading.Thread(target=self._run, name=f"camera {camera_id} {kind}", daemon=True)

    @property
    def is_running(self) -> bool:
        """Whether the thread lives, or is about to."""
        return self._is_begun and not self._over.is_set()

    @property
    def is_stopped(self) -> bool:
        """Whether the thread is to end."""
        return self._stopped.is_set()

    def start(self) -> None:
        """Ask for the address and start the thread."""
        self._is_begun = True
        self.ask_if_needed()
        STARTER.start(self._thread)

    def ask_if_needed(self) -> None:
        """Ask for an address where the thread needs one and none is on its way. Main thread only."""
        now = time.monotonic()
        if self._wants_address and not self.is_stopped and now - self._asked_at >= SOONEST_ASK_S:
            self._wants_address = False
            self._asked_at = now
            self._address_of(self.camera_id, self.kind, self._answers.put)

    def retry(self) -> None:
        """Try again at once where the stream is down. Main thread only."""
        self._hurry.set()

    def stop(self) -> None:
        """End the thread: at the next picture, or when its read times out. Returns at once."""
        self._stopped.set()
        self._hurry.set()

    def join(self, wait_s: float) -> None:
        """Wait for the thread to end."""
        self._over.wait(wait_s)

    def play(self, address: StreamAddress) -> Failure:
        """Show the stream until it ends; the answer says why. On the thread of the stream."""
        raise NotImplementedError

    def is_compared(self, now: float) -> bool:
        """Whether the picture of now is to be compared with the one before: twice a second is enough."""
        if now - self.compared_at < DIGEST_EVERY_S:
            return False
        self.compared_at = now
        return True

    def _run(self) -> None:
        WINDOW_FIRST.wait()
        try:
            self._follow_address()
        finally:
            self.picture = None
            self._over.set()

    def _follow_address(self) -> None:
        """Get the address, play it, and try again when it ends, until stopped."""
        while not self.is_stopped:
            answer = self._good_address()
            began_at = time.monotonic()
            if isinstance(answer, StreamAddress):
                self.watch = self.watch.addressed()
                self.reason = ""
                failure = self.play(answer)
                reason = self.reason
                if failure is Failure.REFUSED:
                    self._address = None
            elif answer is None:
                break
            else:
                failure, reason = Failure.REFUSED, answer.reason
            if self.is_stopped:
                break
            self._hurry.clear()
            now = time.monotonic()
            self.watch = self.watch.failed(now, failure, self._chance(), reason, now - began_at)
            self._await_retry()

    def _good_address(self) -> Answer | None:
        """The address in hand while it is good, else the next answer of the server; None when stopped."""
        if self._address is not None and self._address.is_good(self._utc_now()):
            return self._address
        self._address = None
        if self._is_addressed:
            self._wants_address = True
        self._is_addressed = True
        asked_at = time.monotonic()
        while not self.is_stopped:
            try:
                answer = self._answers.get(timeout=0.2)
            except queue.Empty:
                if time.monotonic() - asked_at > UNANSWERED_S:
                    asked_at = time.monotonic()
                    self._wants_address = True
                continue
            if isinstance(answer, NoAddress):
                return answer
            if answer.is_good(self._utc_now()):
                self._address = answer
                return answer
            self._wants_address = True
        return None

    def _await_retry(self) -> None:
        """Wait until the time is come or the officer wants another try; after the end of a recording for the latter alone."""
        while not self.is_stopped:
            retry_at = self.watch.retry_at
            left_s = 1.0 if retry_at is None else retry_at - time.monotonic()
            if left_s <= 0.0:
                return
            if self._hurry.wait(min(left_s, 1.0)):
                self.watch = self.watch.retried(time.monotonic())
                self._address = None
                return
