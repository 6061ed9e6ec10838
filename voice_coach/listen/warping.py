"""How alike two utterances of a word are: features free of channel and loudness, compared by dynamic time warping.

The warping is Sakoe and Chiba's symmetric form without a slope limit (1978, IEEE Trans. ASSP 26), its path length
taken out. Written here because no library fits: dtaidistance has compiled wheels for x86_64 alone and takes seconds
without them, dtw-python is GPL and loads SciPy, librosa and tslearn load numba. It is thirty lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from voice_coach.listen.features import CEPSTRA, FRAME, band_powers, cepstra_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.listen.features import Floats

    Shape = NDArray[np.float32]
    """One utterance, (frames, `COLUMNS`): cepstra and their slopes, each of mean 0 and variance 1."""

COLUMNS = 2 * CEPSTRA
SHORTEST, LONGEST = 8, 200
"""Frames (10 ms) of what may be one word or short phrase."""

_QUIETER = 20.0
"""How far below the loudest frame's first cepstrum a frame still belongs to the word (17 dB)."""
_EDGE = 6
"""Frames kept on either side of it: soft beginnings and ends."""
_FLOOR = 0.01
"""Of the word's mean power, added to every band: what lies 20 dB down is the room and the channel, not the word."""
_SLOPE = 3
"""Frames on either side that a slope is taken over (70 ms, about half a syllable)."""


def shape(sound: bytes) -> Shape | None:
    """The shape of the word in a sound (16 kHz, mono, 16 bit little-endian); None where it is none."""
    import numpy as np

    samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2").astype(np.float64)
    if len(samples) < SHORTEST * FRAME or not samples.any():
        return None
    powers = band_powers(samples)
    level = cepstra_of(powers)[:, 0]
    loud = np.flatnonzero(level > level.max() - _QUIETER)
    first, last = int(loud[0]) - _EDGE, int(loud[-1]) + _EDGE
    if not SHORTEST <= last - first + 1 <= LONGEST:
        return None
    floor = _FLOOR * powers[loud].mean()
    missing = (max(0, -first), max(0, last + 1 - len(powers)))  # a clip cut close to the word
    word = np.pad(powers[max(0, first) : last + 1], (missing, (0, 0))) + floor
    own = cepstra_of(word)
    both = np.hstack([own, _slopes(own)])
    both -= both.mean(0)
    both /= both.std(0) + 1e-6
    return both.astype(np.float32)


def _slopes(own: Floats) -> Floats:
    import numpy as np

    padded = np.pad(own, ((_SLOPE, _SLOPE), (0, 0)), "edge")
    ahead = np.arange(-_SLOPE, _SLOPE + 1)
    parts = [step * padded[_SLOPE + step : _SLOPE + step + len(own)] for step in ahead]
    slopes: Floats = np.sum(parts, axis=0) / (ahead**2).sum()
    return slopes


class Shapes:
    """Shapes laid out to be compared with one utterance all at once."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        import numpy as np

        self._lengths = np.array([len(one) for one in shapes], dtype=int)
        self._longest = int(self._lengths.max(initial=0))
        laid = np.zeros((len(shapes), self._longest, COLUMNS), np.float32)
        for place, one in enumerate(shapes):
            laid[place, : len(one)] = one
        self._flat = laid.reshape(-1, COLUMNS)
        self._squares = (self._flat**2).sum(1)

    def distances(self, said: Shape) -> Floats:
        """The distance to each shape, per frame of both: 0 for the same, about 3 for the same word by the same
        person, about 5 for two words. No two shapes need be as long.
        """
        import numpy as np

        if not len(self._lengths):
            return np.zeros(0)
        squares = (said**2).sum(1)[:, None] + self._squares - 2 * (said @ self._flat.T)
        costs = np.sqrt(np.maximum(squares, 0)).reshape(len(said), len(self._lengths), self._longest)
        # A row's cheapest way along itself is a running minimum once the row's own running sum is taken out.
        along = costs.cumsum(axis=2)
        total = along[0] + costs[0, :, :1]
        for cost, sums in zip(costs[1:], along[1:], strict=True):
            came = total + cost
            np.minimum(came[:, 1:], total[:, :-1] + 2 * cost[:, 1:], out=came[:, 1:])
            came -= sums
            np.minimum.accumulate(came, axis=1, out=came)
            total = came + sums
        ends = total[np.arange(len(self._lengths)), self._lengths - 1]
        found: Floats = ends.astype(np.float64) / (len(said) + self._lengths)
        return found
