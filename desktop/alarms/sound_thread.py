"""The thread that plays the alarms: one after the other, never two at a time; the window never waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Protocol

from desktop.alarms.kinds import Sound
from desktop.alarms.loudspeaker import Loudspeaker, NoLoudspeaker
from desktop.alarms.tones import Samples, samples

log = logging.getLogger(__name__)


class Speaker(Protocol):
    """What the thread needs of a loudspeaker."""

    def look(self) -> str:
        """The name of the device; NoLoudspeaker where there is none."""

    def play(self, wave: Samples, is_broken_off: Callable[[], bool]) -> None:
        """Play to the end, or until told not to."""


@dataclass(frozen=True, slots=True)
class Play:
    """A wish to the thread: play a sound, so loud (0 to tones.LOUDEST)."""

    sound: Sound
    loudness: int


@dataclass(frozen=True, slots=True)
class Hush:
    """A wish to the thread: be silent at once, and forget what waits."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the thread says: a sound was played to its end."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class Device:
    """What the thread says: on which device it plays; without one the reason why not."""

    name: str = ""
    why_not: str = ""


class Sounder(Protocol):
    """What the desk needs of the sound thread."""

    said: SimpleQueue[Heard | Device]

    def play(self, sound: Sound, loudness: int) -> None:
        """Ask for a sound; returns at once."""

    def hush(self) -> None:
        """Ask for silence; returns at once."""


class SoundThread:
    """Plays what it is asked to. `play` and `hush` return at once; `said` is read by the main thread."""

    def __init__(self, speaker: Speaker | None = None) -> None:
        """Nothing runs before `start`."""
        self.said: SimpleQueue[Heard | Device] = SimpleQueue()
        self._wishes: SimpleQueue[Play | Hush | None] = SimpleQueue()
        self._speaker = speaker
        self._waiting: list[Play] = []
        self._is_over = False
        self._device: Device | None = None
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def start(self) -> None:
        """Start the thread: it looks for a device first."""
        self._thread.start()

    def stop(self, timeout_s: float = 3.0) -> None:
        """Break off what plays and end the thread."""
        self._wishes.put(Hush())
        self._wishes.put(None)
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def play(self, sound: Sound, loudness: int) -> None:
        """Ask for a sound; loudness 0 opens no device at all."""
        if loudness > 0:
            self._wishes.put(Play(sound, loudness))

    def hush(self) -> None:
        """Ask for silence."""
        self._wishes.put(Hush())

    # ---- within the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        speaker: Speaker = self._speaker or Loudspeaker()
        self._look(speaker)
        while not self._is_over:
            if self._waiting:
                self._sound(speaker, self._waiting.pop(0))
            else:
                self._take(self._wishes.get())

    def _look(self, speaker: Speaker) -> bool:
        """Say where sounds go; whether they go anywhere."""
        try:
            self._tell(Device(speaker.look()))
        except NoLoudspeaker as problem:
            self._tell(Device(why_not=str(problem)))
            return False
        return True

    def _sound(self, speaker: Speaker, wish: Play) -> None:
        if not self._look(speaker):
            return
        try:
            speaker.play(samples(wish.sound, wish.loudness), self._is_broken_off)
        except NoLoudspeaker as problem:
            self._tell(Device(why_not=str(problem)))
        else:
            self.said.put(Heard(wish.sound))

    def _tell(self, device: Device) -> None:
        """Say where sounds go, or why nowhere: once, until it is another."""
        if device != self._device:
            self._device = device
            log.info("alarms sound on: %s %s", device.name or "nothing,", device.why_not)
            self.said.put(device)

    def _take(self, wish: Play | Hush | None) -> bool:
        """Take one wish over; True where what plays has to stop."""
        if isinstance(wish, Play):
            self._waiting.append(wish)
            return False
        self._waiting.clear()
        self._is_over = self._is_over or wish is None
        return True

    def _is_broken_off(self) -> bool:
        """Look at the wishes that came while a sound plays; others wait for its end."""
        stops = False
        while True:
            try:
                stops = self._take(self._wishes.get_nowait()) or stops
            except Empty:
                return stops
