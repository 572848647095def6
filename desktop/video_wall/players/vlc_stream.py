"""One address played by libVLC: a recording, or a live stream of a gateway. libVLC is called in the thread of the stream only.

stop() of libVLC blocks two thirds of a second while something is being opened, and it is not re-entrant: so no call of it is
made on the main thread, nor from its callbacks, which only leave a mark.
"""

from __future__ import annotations

import math
import queue
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from desktop.video_wall.players.opening import asked_why, rate_of
from desktop.video_wall.players.stream_thread import StreamThread
from desktop.video_wall.players.vlc_library import VlcLibrary
from desktop.video_wall.players.vlc_place import Place
from desktop.video_wall.players.vlc_surface import Raw, Surface
from desktop.video_wall.stream_address import AddressOf, StreamAddress
from desktop.video_wall.watchdog import Failure, Patience
from governance.camera import StreamKind

OPEN_S, SILENT_S = 8.0, 5.0
LOOK_EVERY_S = 0.1
CACHING_MS = 300
SLOW_S = 1.0


class VlcStream(StreamThread):
    """The thread of one address that libVLC plays."""

    def __init__(
        self, camera_id: str, kind: StreamKind, address_of: AddressOf, library: VlcLibrary, is_recorded: bool,
        patience: Patience, chance: Callable[[], float], utc_now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        super().__init__(camera_id, kind, address_of, patience, chance, utc_now)
        self.raw: Raw | None = None
        self.length_s = 0.0
        self._place = Place()
        self._fps = 0.0
        """Of the recording; 0 until somebody steps through it."""
        self.visible: tuple[int, int] = (0, 0)
        """How large the picture is; libVLC draws it as large as its decoder's buffers, which are padded."""
        self._is_recorded = is_recorded
        self.watch = replace(self.watch, is_playback=is_recorded)
        self._library = library
        self._wishes: queue.SimpleQueue[Callable[[Any], object]] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._broke = threading.Event()
        self._is_reopened = threading.Event()
        self._is_paused = False
        self._url = ""
        self._slow_until: float | None = None
        """When at the latest the wished speed is kept again."""

    def pause(self, is_paused: bool) -> None:
        """Let the picture stand, or go on. Main thread only."""
        self._is_paused = is_paused
        self._wishes.put(lambda player: self._stand(player) if is_paused else self._go(player))

    def reopen(self) -> None:
        """Open the address anew, at once. Main thread only."""
        self._is_reopened.set()

    def seek(self, at_s: float) -> None:
        """Go on so many seconds from the beginning of a recording. Main thread only."""
        self._wishes.put(lambda player: self._jump(player, at_s))

    def set_speed(self, times: float) -> None:
        """Play it so many times as fast. Main thread only."""
        self._wishes.put(lambda player: self._run_at(player, times))

    def step(self, is_forward: bool) -> None:
        """Show the picture after this one, or the one before, of a recording that stands. Main thread only."""
        self._wishes.put(lambda player: self._step(player, 1 if is_forward else -1))

    @property
    def position_s(self) -> float:
        """How far a recording was played, in seconds from its beginning."""
        return min(self._place.at(time.monotonic()), self.length_s or math.inf)

    def play(self, address: StreamAddress) -> Failure:
        """Show it until it ends; the answer says why. libVLC does not say why nothing came: then FFmpeg is asked."""
        failure = self._played(address)
        return asked_why(address.url, self._is_recorded) if failure is None and not self.is_stopped else failure or Failure.LOST

    def _played(self, address: StreamAddress) -> Failure | None:
        """Show it until it ends; None where nothing of it was seen."""
        self._ended.clear()
        self._broke.clear()
        self._place, self._url, self._slow_until = Place(), address.url, None
        vlc, began_at, frames_before = self._library.vlc, time.monotonic(), self.watch.frames
        surface = Surface(self._came)
        player = self._library.instance.media_player_new()
        media = self._media(address.url)
        events = player.event_manager()
        marks = ((vlc.EventType.MediaPlayerEndReached, self._ended), (vlc.EventType.MediaPlayerEncounteredError, self._broke))
        for kind, mark in marks:
            events.event_attach(kind, lambda _event, mark=mark: mark.set())
        try:
            surface.give_to(vlc, player)
            player.set_media(media)
            player.play()
            return self._follow(player, began_at, frames_before)
        finally:
            for kind, _ in marks:
                events.event_detach(kind)
            player.stop()
            player.release()
            media.release()
            del surface  # not before the player is gone

    def _media(self, url: str) -> Any:
        """What libVLC calls a medium. The binding's own media_new() takes paths with a colon for addresses: libVLC crashes."""
        instance = self._library.instance
        media = instance.media_new_location(url) if "://" in url else instance.media_new_path(url)
        for option in (f":network-caching={CACHING_MS}", ":no-audio"):
            media.add_option(option)
        return media

    def _follow(self, player: Any, began_at: float, frames_before: int) -> Failure | None:
        """Look again and again what became of it, and do what the main thread wishes."""
        while not self.is_stopped:
            is_over = self._ended.wait(LOOK_EVERY_S)
            is_seen = self.watch.frames > frames_before
            if is_over and is_seen:
                return Failure.ENDED if self._is_recorded else Failure.LOST
            if self._is_reopened.is_set():
                self._is_reopened.clear()
                self.retry()
                return Failure.LOST
            if is_over or self._broke.is_set():
                return Failure.LOST if is_seen else None
            while not self._wishes.empty():
                self._wishes.get()(player)
            if is_seen and self._place.is_unknown:
                self._place = self._place.going(time.monotonic())
            self.length_s = player.get_length() / 1000.0
            self._place = self._place.told(player.get_time() / 1000.0, time.monotonic())
            self._hasten(player, time.monotonic())
            self.visible = player.video_get_size(0)
            now, last_at = time.monotonic(), self.watch.frame_at
            silent_s = now - began_at if not is_seen or last_at is None else now - last_at
            if silent_s > (SILENT_S if is_seen else OPEN_S) and not self._is_paused:
                return Failure.LOST if is_seen else None
        return Failure.LOST

    def _stand(self, player: Any) -> None:
        """Let it stand at a picture that is known: libVLC tells its own place four times a second, and then no more."""
        at_s = self._place.at(time.monotonic())
        player.set_pause(1)
        player.set_rate(1.0)
        self._place = self._place.standing(at_s)
        if at_s > 0.0:
            self._show(player, self._number_at(at_s))

    def _go(self, player: Any) -> None:
        self._slow_down(player)
        player.set_pause(0)
        self._place = self._place.going(time.monotonic())

    def _run_at(self, player: Any, times: float) -> None:
        self._place = self._place.running(times, time.monotonic())
        if not self._place.stands:
            player.set_rate(times)

    def _slow_down(self, player: Any) -> None:
        """Play as it was until pictures come again, then as fast as is wished.

        Sent somewhere at n times the speed, libVLC 3.0 goes on later than there: by n - 1 times the way from its key picture.
        """
        if self._place.times != 1.0:
            player.set_rate(1.0)
            self._slow_until = time.monotonic() + SLOW_S

    def _hasten(self, player: Any, now: float) -> None:
        """As fast as is wished again, where it has gone on from where it was sent, as libVLC tells, or has had the time to."""
        if self._slow_until is not None and not self._place.stands and (self._place.has_gone_on or now > self._slow_until):
            self._slow_until, self._place = None, self._place.gone_on()
            player.set_rate(self._place.times)

    def _jump(self, player: Any, at_s: float) -> None:
        """Send it to a place; where it stands, to the middle of a picture: at its beginning the one before may be shown."""
        if self._place.stands:
            self._show(player, self._number_at(at_s))
            return
        self._slow_down(player)
        player.set_time(round(at_s * 1000))
        self._place = self._place.jumped(at_s, time.monotonic())

    def _step(self, player: Any, by: int) -> None:
        """One picture on or back. libVLC's own next_frame() shows the same one again after it was sent somewhere."""
        self._show(player, self._number_at(self._place.at(time.monotonic())) + by)

    def _number_at(self, at_s: float) -> int:
        """Which picture of a recording is due at a time."""
        self._fps = self._fps or rate_of(self._url)
        return math.floor(at_s * self._fps + 0.01)

    def _show(self, player: Any, number: int) -> None:
        """Show a picture of a recording that stands."""
        last = math.ceil(self.length_s * self._fps) - 1 if self.length_s > 0.0 else number
        number = max(0, min(number, last))
        player.set_time(round((number + 0.5) / self._fps * 1000))
        self._place = self._place.jumped(number / self._fps, time.monotonic())

    def _came(self, raw: Raw) -> None:
        """A picture, on a thread of libVLC's."""
        now = raw.at
        digest = zlib.crc32(raw.data) if self.is_compared(now) else None
        self.raw = raw
        self.watch = self.watch.framed(now, digest)
