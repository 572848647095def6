"""The sound thread on a real device: ALSA's file device writes down what would be heard, its null device hears nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from threading import Event

import numpy as np
import pytest

from desktop.alarms.kinds import Sound
from desktop.alarms.loudspeaker import NoLoudspeaker
from desktop.alarms.sound_thread import Device, Heard, SoundThread
from desktop.alarms.tones import Samples, samples

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 20.0
RECORDED = """
pcm.!default { type file slave.pcm null file "|cat >>%s" format raw }
pcm.null { type null }
"""
PROGRAM = """
import sys
from desktop.alarms.kinds import Sound
from desktop.alarms.sound_thread import Device, Heard, SoundThread

thread = SoundThread()
thread.start()
print(thread.said.get(timeout=20), flush=True)
asked = [word.split(":") for word in sys.argv[2:]]
for sound, loudness in asked:
    thread.play(Sound(sound), int(loudness))
for _ in range(int(sys.argv[1])):
    print(thread.said.get(timeout=20), flush=True)
thread.stop()
while not thread.said.empty():
    print(thread.said.get_nowait(), flush=True)
"""


def played(folder: Path, configuration: str, *asked: str, answers: int = 0) -> tuple[str, Samples]:
    """What a desk says, and what its machine's sound device got, when it is asked for sounds at once (SOUND:LOUDNESS).

    `answers`: how many words of the thread are waited for beside the first.
    """
    recording, settings = folder / "heard.raw", folder / "asound.conf"
    settings.write_text(configuration.replace("%s", str(recording)))
    environment = os.environ | {"ALSA_CONFIG_PATH": str(settings), "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-W", "error", "-c", PROGRAM, str(answers), *asked]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    heard = np.fromfile(recording, np.int16) if recording.exists() else np.zeros(0, np.int16)
    return done.stdout, heard


def test_sounds_asked_for_at_once_are_heard_one_after_the_other(tmp_path: Path) -> None:
    said, heard = played(tmp_path, RECORDED, "urgent:6", "link:6", "answer:3", answers=3)
    assert said.splitlines()[0] == "Device(name='default', why_not='')"
    expected = np.concatenate([samples(Sound.URGENT, 6), samples(Sound.LINK, 6), samples(Sound.ANSWER, 3)])
    assert np.array_equal(without_silence(heard), without_silence(expected)), "never two at a time, none cut"


def without_silence(wave: Samples) -> Samples:
    """A device pads what it plays to whole periods: what is left when the zeros are taken out."""
    return wave[wave != 0]


def test_loudness_nought_opens_no_device(tmp_path: Path) -> None:
    said, heard = played(tmp_path, RECORDED, "urgent:0", "link:0")
    assert len(said.splitlines()) == 1
    assert not np.any(heard)


NONE_TO_OPEN = "pcm.!default { type hw card 77 }\nctl.!default { type hw card 77 }\n"


@pytest.mark.parametrize(
    ("configuration", "why_not"),
    [(NONE_TO_OPEN, "no sound device"), ("# nothing\n", "no default device in ALSA's configuration")],
)
def test_a_machine_without_a_device_is_silent_and_says_why_once(tmp_path: Path, configuration: str, why_not: str) -> None:
    said, heard = played(tmp_path, configuration, "urgent:6")
    assert said.splitlines() == [str(Device(why_not=why_not))]
    assert len(heard) == 0


class Held:
    """A loudspeaker that plays until it is let go or told to stop, and counts how many sounds are heard at once."""

    def __init__(self) -> None:
        self.let_go, self.plays = Event(), Event()
        self.now = self.most = 0
        self.broken_off = 0

    def look(self) -> str:
        return "held"

    def play(self, wave: Samples, is_broken_off: Callable[[], bool]) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        self.plays.set()
        while not self.let_go.wait(0.005):
            if is_broken_off():
                self.broken_off += 1
                break
        self.now -= 1


class Plugged(Held):
    """A loudspeaker that is there or not."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go.set()
        self.is_there = True

    def look(self) -> str:
        if not self.is_there:
            raise NoLoudspeaker("unplugged")
        return "headset"


def test_silence_breaks_a_sound_off_and_forgets_what_waits() -> None:
    speaker = Held()
    thread = SoundThread(speaker)
    thread.start()
    try:
        for sound in Sound:
            thread.play(sound, 5)
        assert speaker.plays.wait(PATIENCE_S)
        thread.hush()
        assert thread.said.get(timeout=PATIENCE_S) == Device("held")
        assert isinstance(thread.said.get(timeout=PATIENCE_S), Heard)
        speaker.let_go.set()
        thread.play(Sound.ANSWER, 5)
        assert thread.said.get(timeout=PATIENCE_S) == Heard(Sound.ANSWER)
        assert (speaker.most, speaker.broken_off) == (1, 1)
    finally:
        thread.stop()


def test_the_thread_ends_at_once_while_it_plays() -> None:
    speaker = Held()
    thread = SoundThread(speaker)
    thread.start()
    thread.play(Sound.URGENT, 5)
    assert speaker.plays.wait(PATIENCE_S)
    thread.stop()
    assert speaker.broken_off == 1


def test_a_device_that_goes_and_comes_back_is_told_of_once_each_time() -> None:
    speaker = Plugged()
    thread = SoundThread(speaker)
    thread.start()
    try:
        assert thread.said.get(timeout=PATIENCE_S) == Device("headset")
        speaker.is_there = False
        for _ in range(3):
            thread.play(Sound.URGENT, 5)
        assert thread.said.get(timeout=PATIENCE_S) == Device(why_not="unplugged")
    finally:
        thread.stop()
    with pytest.raises(Empty):
        thread.said.get_nowait()
    again = SoundThread(speaker)
    again.start()
    try:
        assert again.said.get(timeout=PATIENCE_S) == Device(why_not="unplugged")
        speaker.is_there = True
        again.play(Sound.URGENT, 5)
        assert [again.said.get(timeout=PATIENCE_S) for _ in range(2)] == [Device("headset"), Heard(Sound.URGENT)]
    finally:
        again.stop()
