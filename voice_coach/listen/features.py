"""Mel-frequency cepstra as PocketSphinx's English model was trained on, with a mean kept over a session.

The model's own front end forgets the speaker and the microphone between utterances; a one-word answer is too short
to find its mean again. Shapes: sound is (samples,) in the range of 16-bit integers, cepstra are (frames, 13).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from voice_coach.listen.bandwidth import widened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FRAME = 160
"""Samples from one frame to the next (10 ms)."""
CEPSTRA = 13
_WINDOW, _FFT, _BANDS = 410, 512, 25
_LOW, _HIGH, _LIFTER = 130.0, 6800.0, 22
_PADDING = 3200
_LEAST = 1e-4
"""The power of a band in digital silence, as the model was trained with."""
QUIETER = 25.0
"""How far below the loudest frame's first cepstrum a frame still counts as speech; 25 measured best of 15 to none."""
_PRIOR = (64.2, 4.8, -1.7, 5.4, -10.7, -6.7, -7.5, -6.9, 0.1, -0.8, 2.1, 0.4, -0.3)
_PRIOR_FRAMES = 40
"""The mean over 70 people's words on wide channels, and how many frames it counts as: one word alone tells as much
about its own sounds as about the speaker. 40 and 80 measured best of none to 160."""
_MEMORY = 400
"""Frames of earlier speech that weigh on the mean: one noisy utterance must not spoil the rest."""


class _Tables(NamedTuple):
    window: Floats
    bands: Floats
    cosines: Floats


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    import numpy as np

    step = 16_000 / _FFT
    edges = 2595 * np.log10(1 + np.array([_LOW, _HIGH]) / 700)
    hertz = 700 * (10 ** (np.linspace(edges[0], edges[1], _BANDS + 2) / 2595) - 1)
    hertz = np.floor(hertz / step + 0.5) * step
    bins = np.arange(_FFT // 2 + 1) * step
    low, middle, high = hertz[:-2, None], hertz[1:-1, None], hertz[2:, None]
    rise, fall = (bins - low) / (middle - low), (high - bins) / (high - middle)
    bands = np.maximum(0, np.minimum(rise, fall)) * 2 / (high - low)
    order = np.arange(CEPSTRA)
    cosines = np.cos(np.pi * order[:, None] * (np.arange(_BANDS) + 0.5) / _BANDS) * np.sqrt(2 / _BANDS)
    cosines[0] *= np.sqrt(0.5)
    cosines *= (1 + _LIFTER / 2 * np.sin(np.pi * order / _LIFTER))[:, None]
    return _Tables(np.hamming(_WINDOW), bands.T, cosines.T)


BESIDE = 30
"""Frames of silence that are left on either side of the speech; with 15 a few more other words passed for answers."""


def around_speech(cepstra: Floats) -> Floats:
    """The frames from the first that may be speech to the last, and a little silence; all the rest costs only time."""
    import numpy as np

    loud = np.flatnonzero(cepstra[:, 0] > cepstra[:, 0].max() - QUIETER)
    return cepstra[max(0, loud[0] - BESIDE) : loud[-1] + 1 + BESIDE]


def band_powers(sound: Floats) -> Floats:
    """(frames, bands): how much of a sound at 16 kHz lies in each of the model's bands; at least one frame."""
    import numpy as np

    tables = _tables()
    emphasised = np.append(sound[:1], sound[1:] - 0.97 * sound[:-1])
    emphasised = np.append(emphasised, np.zeros(max(0, _WINDOW - len(emphasised))))
    frames = np.lib.stride_tricks.sliding_window_view(emphasised, _WINDOW)[::FRAME]
    powers: Floats = np.abs(np.fft.rfft(frames * tables.window, _FFT)) ** 2 @ tables.bands
    return powers


def logarithms(powers: Floats) -> Floats:
    """The logarithms of band powers, silence held above its floor."""
    import numpy as np

    found: Floats = np.log(np.maximum(powers, _LEAST))
    return found


def cepstra_of(powers: Floats) -> Floats:
    """The cepstra of band powers, (frames, 13)."""
    own: Floats = logarithms(powers) @ _tables().cosines
    return own


def _loud(logs: Floats) -> Floats:
    """The frames that are speech, more or less: a mean over the room's hum would be the room's."""
    level = logs @ _tables().cosines[:, 0]
    loud: Floats = logs[level > level.max() - QUIETER]
    return loud


class SessionMean:
    """The mean of one person's cepstra on one microphone, over the utterances so far."""

    def __init__(self) -> None:
        self._frames = 0
        self._sum: Floats | None = None

    def centred(self, sound: Floats) -> Floats:
        """The utterance's cepstra, padded with silence, less the mean over it and what came before."""
        import numpy as np

        speech = _loud(logarithms(band_powers(sound)))
        own = widened(speech, speech) @ _tables().cosines
        mean: Floats = own.mean(0)
        total, frames = own.sum(0) + _PRIOR_FRAMES * np.array(_PRIOR), len(own) + float(_PRIOR_FRAMES)
        if self._sum is not None:
            share = min(1.0, _MEMORY / self._frames)
            total, frames = total + self._sum * share, frames + self._frames * share
        mean[1:] = total[1:] / frames  # the level is the utterance's own: people move about
        silence = np.zeros(_PADDING)
        logs = logarithms(band_powers(np.concatenate([silence, sound, silence])))
        silent = logs.max(axis=1, keepdims=True) <= np.log(_LEAST)
        padded: Floats = np.where(silent, logs, widened(logs, speech)) @ _tables().cosines - mean
        return padded

    def take(self, sound: Floats) -> None:
        """Take an utterance into the mean."""
        speech = _loud(logarithms(band_powers(sound)))
        own = widened(speech, speech) @ _tables().cosines
        self._frames += len(own)
        self._sum = own.sum(0) if self._sum is None else self._sum + own.sum(0)
