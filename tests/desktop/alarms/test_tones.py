"""The four sounds: short, distinct, without clicks, and as loud as was set."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from desktop.alarms.kinds import Sound
from desktop.alarms.tones import LENGTHS_S, LOUDEST, RATE_HZ, samples

LONGEST_S = 1.2


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_is_short_and_begins_and_ends_softly(sound: Sound) -> None:
    wave = samples(sound, LOUDEST).astype(np.int64)
    assert len(wave) / RATE_HZ == pytest.approx(LENGTHS_S[sound], abs=0.001)
    assert LENGTHS_S[sound] < LONGEST_S
    assert 0.8 * 32767 < np.abs(wave).max() < 32767
    assert max(abs(wave[0]), abs(wave[-1])) < 300
    assert np.abs(np.diff(wave)).max() < 24_000, "a jump would click"


def envelope(sound: Sound) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How loud each 1/20 s is at each of 40 pitches, as one row of figures."""
    wave = np.zeros(round(LONGEST_S * RATE_HZ))
    played = samples(sound, LOUDEST)
    wave[: len(played)] = played
    pieces = wave.reshape(24, -1)
    spectrum = np.abs(np.fft.rfft(pieces, axis=1))[:, :200].reshape(24, 40, 5).sum(axis=2).ravel()
    return np.asarray(spectrum / np.linalg.norm(spectrum))


def test_no_two_sounds_are_alike() -> None:
    for one, other in combinations(Sound, 2):
        assert float(envelope(one) @ envelope(other)) < 0.3, (one, other)


def test_louder_is_louder_and_nothing_is_silent() -> None:
    peaks = [int(np.abs(samples(Sound.URGENT, step).astype(np.int64)).max()) for step in range(LOUDEST + 1)]
    assert peaks[0] == 0
    assert peaks == sorted(set(peaks))
