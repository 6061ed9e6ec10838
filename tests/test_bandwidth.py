"""What a narrow channel leaves out is guessed; a wide one is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hearing import ENGLISH, say

from voice_coach.listen.bandwidth import widened
from voice_coach.listen.features import SessionMean, band_powers, logarithms
from voice_coach.listen.recognizer import RATE

if TYPE_CHECKING:
    from voice_coach.listen.features import Floats


def samples(word: str) -> Floats:
    return np.frombuffer(say(word, ENGLISH, 145), "<i2").astype(float)


def through_a_telephone(sound: Floats) -> Floats:
    """Nothing above 3.7 kHz but a steady hiss far below the word."""
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(len(sound), 1 / RATE) > 3700] = 0
    return np.fft.irfft(spectrum, len(sound)) + np.random.default_rng(1).normal(0, 2, len(sound))


@pytest.mark.parametrize("word", ["six", "zero", "seven"])
def test_over_a_telephone_a_word_comes_nearer_to_what_it_is(word: str) -> None:
    whole = samples(word)
    logs, narrow = (logarithms(band_powers(sound)) for sound in (whole, through_a_telephone(whole)))
    level = narrow[:, :20].mean(1)
    speech = level > level.max() - 8
    wide = widened(narrow, narrow[speech])
    assert np.array_equal(wide[:, :20], narrow[:, :20])
    upper, kept, put_in = (bands[speech, 20:].mean(1) for bands in (logs, narrow, wide))
    assert np.corrcoef(upper, put_in)[0, 1] > max(0.5, np.corrcoef(upper, kept)[0, 1])


def test_a_wide_sound_stays_as_it_is() -> None:
    logs = logarithms(band_powers(samples("six")))
    assert widened(logs, logs) is logs


@pytest.mark.parametrize("sound", [np.zeros(4000), np.ones(1), np.full(RATE, 5.0)], ids=["silence", "one", "a step"])
def test_a_sound_without_speech_has_finite_cepstra(sound: Floats) -> None:
    mean = SessionMean()
    assert np.isfinite(mean.centred(sound)).all()
    mean.take(sound)
    assert np.isfinite(mean.centred(sound)).all()
