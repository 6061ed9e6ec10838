"""What a narrow channel leaves out, guessed from what it lets through.

Over a telephone, or a microphone of 8 kHz, nothing of speech lies above 4 kHz, yet PocketSphinx's model hears its
fricatives there: six comes out as eight. Shapes are (frames, bands), logarithms of `features.band_powers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_coach.listen.features import Floats

_FIRST = 20
"""The first of the model's bands (3.4 to 4.2 kHz) that a narrow channel cuts into."""
_HIGHEST = slice(22, None)
"""Bands that lie beyond it altogether (4.2 kHz and above)."""
_EMPTY = -6.5
"""Mean of those bands over the speech, less that of the lower ones, below which nothing is in them (28 dB): so were all
of 400 recordings over a telephone-like channel, 4 in 100 of others, and none of a synthetic voice in noise."""
_BELOW, _VOICE = slice(17, 20), slice(0, 5)
"""The bands just below the edge, and those of the voice itself."""
_OF_BELOW = (0.92, 0.81, 0.73, 0.67, 0.69)
_OF_VOICE = (-0.36, -0.50, -0.55, -0.55, -0.55)
"""By how much each upper band moves with either: least squares over 525 words by 70 people on wide channels."""
_ABOVE = (-0.6, -1.0, -1.2, -1.3, -1.4)
"""Mean of each upper band over speech, less that of the bands just below, of the same people."""
_LOWEST = -4.0
"""Of the voice's bands: what lies further down is a pause, and says nothing about the upper ones."""


def widened(logs: Floats, speech: Floats) -> Floats:
    """These frames with their upper bands put in, where the speech among them shows none there; else as they are.

    `speech`: the frames that are speech, of the same sound.
    """
    import numpy as np

    if speech[:, _HIGHEST].mean() - speech[:, :_FIRST].mean() >= _EMPTY:
        return logs
    moved = logs - speech.mean(0)
    voice = np.maximum(moved[:, _VOICE].mean(1), _LOWEST)
    guess = np.outer(moved[:, _BELOW].mean(1), _OF_BELOW) + np.outer(voice, _OF_VOICE)
    found: Floats = np.hstack([logs[:, :_FIRST], speech[:, _BELOW].mean() + _ABOVE + guess])
    return found
