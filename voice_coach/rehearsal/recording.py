"""The sound of a rehearsed session as a file: the coach on the left, the person on the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voice_coach.errors import BadInput
from voice_coach.listen.recognizer import RATE
from voice_coach.rehearsal.sounds import at_16k
from voice_coach.speak import espeak


def write_wav(path: Path, coach: bytes, person: Sequence[tuple[float, bytes]]) -> None:
    """Write a stereo file, 16 kHz, 16 bit. Raises `BadInput` with what to do.

    `coach`: all that it said since zero, at espeak's rate. `person`: (session seconds, sound at 16 kHz).
    """
    import numpy as np
    import soundfile

    placed = [(0, 0, at_16k(coach, espeak.RATE))]
    placed += [(1, round(at * RATE), at_16k(pcm, RATE)) for at, pcm in person]
    both = np.zeros((max(start + len(sound) for _, start, sound in placed), 2))
    for channel, start, sound in placed:
        both[start : start + len(sound), channel] += sound
    try:
        soundfile.write(path, np.clip(both, -32768, 32767).astype("<i2"), RATE, subtype="PCM_16", format="WAV")
    except (OSError, soundfile.SoundFileError):
        raise BadInput(f"{path} cannot be written; name a file in a folder that you may write to.") from None
