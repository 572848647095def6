"""The machine's loudspeaker through PortAudio: opened for one sound at a time; used by the sound thread only."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from typing import Any, NoReturn

from desktop.alarms.tones import RATE_HZ, Samples

CHUNK = RATE_HZ // 50
"""Samples handed over at once: 20 ms, after which a sound can be broken off."""
BY_NAME = ("default", "pipewire", "pulse")
"""Devices that go where the officer's desktop sends its sound; the first of the others may be a screen without speakers
(python-sounddevice issue 572)."""
LOOK_AGAIN_S = 60.0


class NoLoudspeaker(Exception):
    """There is nothing to play on; says why."""


class Loudspeaker:
    """Plays samples. Nothing here may be touched by two threads."""

    def __init__(self) -> None:
        """Not looked for yet."""
        self._audio: Any = None
        self._looked_at = float("-inf")
        self._why_not = ""

    def look(self) -> str:
        """The name of the device sounds would go to; NoLoudspeaker where this machine has none, or it failed.

        PortAudio learns of devices only when it starts, so that it is started anew, once a minute at most, while there is none.
        """
        if self._audio is None or self._why_not:
            if time.monotonic() - self._looked_at < LOOK_AGAIN_S:
                raise NoLoudspeaker(self._why_not)
            self._looked_at = time.monotonic()
            self._start()
        device = self._device()
        if device is None:
            self._fail("no sound device")
        return str(self._audio.query_devices(device)["name"])

    def _start(self) -> None:
        """Begin, or begin anew, with what PortAudio finds now."""
        self._why_not = ""
        try:
            if self._audio is None:
                self._audio = _portaudio()
            else:
                self._audio._terminate()
                self._audio._initialize()
        except Exception as problem:  # PortAudioError too, which belongs to the very module that may not be there
            self._fail(str(problem))

    def _fail(self, why_not: str) -> NoReturn:
        self._why_not, self._looked_at = why_not, time.monotonic()
        raise NoLoudspeaker(why_not)

    def play(self, wave: Samples, is_broken_off: Callable[[], bool]) -> None:
        """Play a sound to its end, or until told not to; returns when it was heard. NoLoudspeaker where it cannot be.

        `look` comes first.
        """
        try:
            stream = self._audio.RawOutputStream(samplerate=RATE_HZ, channels=1, dtype="int16", device=self._device())
            with stream:
                for begin in range(0, len(wave), CHUNK):
                    if is_broken_off():
                        stream.abort()
                        return
                    stream.write(wave[begin : begin + CHUNK].tobytes())
        except self._audio.PortAudioError as problem:
            self._fail(str(problem))

    def _device(self) -> int | None:
        """The number of the device to play on."""
        found = {each["name"]: each["index"] for each in self._audio.query_devices() if each["max_output_channels"] > 0}
        named = next((found[name] for name in BY_NAME if name in found), None)
        if named is not None:
            return int(named)
        first = self._audio.default.device[1]
        return int(first) if first >= 0 else None


def _portaudio() -> Any:
    """The sounddevice package; it finds its library (Debian's libportaudio2) and starts it when it is imported."""
    if not _alsa_names_a_default():
        raise OSError("no default device in ALSA's configuration")
    import sounddevice

    return sounddevice


_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
SAY_NOTHING = _HANDLER(lambda *_what: None)
"""Where ALSA would write a dozen lines to the terminal for every device that is not there."""


def _alsa_names_a_default() -> bool:
    """Whether ALSA's configuration names a default device; OSError where there is no ALSA.

    Where it names none, PortAudio 19.6.0 aborts the whole program (pa_linux_alsa.c:1454, `devIdx < numDeviceNames`; seen
    on Debian 12, 2026-11-25). To be taken out with a PortAudio that does not.
    """
    alsa = ctypes.CDLL("libasound.so.2")
    alsa.snd_lib_error_set_handler(SAY_NOTHING)
    if alsa.snd_config_update() < 0:
        return False
    found = ctypes.c_void_p()
    top = ctypes.c_void_p.in_dll(alsa, "snd_config")
    return int(alsa.snd_config_search(top, b"pcm.default", ctypes.byref(found))) == 0
