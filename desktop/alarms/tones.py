"""The four sounds, made of sine waves when the desk starts: distinct in pitch, direction and rhythm; plain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop.alarms.kinds import Sound

RATE_HZ = 48_000
EDGE_S = 0.008
"""Every note swells and fades for so long: a hard edge would click."""
LOUDEST = 10
"""The steps of loudness: 0 is silent."""

Wave = npt.NDArray[np.float64]
Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Note:
    """One note: where it begins and how long it lasts, its pitches, and how it dies away."""

    at_s: float
    length_s: float
    hertz: tuple[float, ...]
    fade_s: float = 9.0
    """After so many seconds it is down to a third; long ones do not fade to the ear."""


SCORES: dict[Sound, tuple[Note, ...]] = {
    # three quick notes up, twice: somebody is in danger
    Sound.URGENT: tuple(
        Note(turn + at, 0.12, (pitch, 2 * pitch))
        for turn in (0.0, 0.5)
        for at, pitch in ((0.0, 880), (0.14, 1109), (0.28, 1397))
    ),
    # two notes down: time has run out
    Sound.OVERDUE: (Note(0.0, 0.3, (784, 1568)), Note(0.34, 0.42, (523, 1046))),
    # one bell, dying away: somebody waits for a word
    Sound.ANSWER: (Note(0.0, 0.9, (1319, 2637, 3956), fade_s=0.22),),
    # four low beats of two close pitches: nothing comes in any more
    Sound.LINK: tuple(Note(at, 0.16, (233, 247, 466)) for at in (0.0, 0.24, 0.48, 0.72)),
}
LENGTHS_S: dict[Sound, float] = {sound: max(n.at_s + n.length_s for n in score) for sound, score in SCORES.items()}


def samples(sound: Sound, loudness: int) -> Samples:
    """One sound at RATE_HZ, int16[n], one channel; `loudness` of 0 to LOUDEST, felt as even steps. Loudness 0 is all zeros."""
    whole = np.zeros(round(LENGTHS_S[sound] * RATE_HZ))
    for note in SCORES[sound]:
        wave = _wave(note)
        begin = round(note.at_s * RATE_HZ)
        whole[begin : begin + len(wave)] += wave[: len(whole) - begin]
    gain = (min(max(loudness, 0), LOUDEST) / LOUDEST) ** 2 * 0.9
    return np.asarray(np.round(whole / np.abs(whole).max() * gain * 32767), np.int16)


def _wave(note: Note) -> Wave:
    """One note, each further pitch half as loud as the one before."""
    at = np.arange(round(note.length_s * RATE_HZ)) / RATE_HZ
    wave = np.zeros(len(at))
    for number, pitch in enumerate(note.hertz):
        wave += np.sin(2 * np.pi * pitch * at) / 2**number
    edge = np.minimum(1.0, np.minimum(at, note.length_s - at) / EDGE_S)
    return np.asarray(wave * edge * np.exp(-at / note.fade_s))
