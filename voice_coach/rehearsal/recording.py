"""The sound of a rehearsed session as a file: the coach on the left, the person on the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voice_coach.errors import BadInput
from voice_coach.listen.recognizer import RATE
from voice_coach.rehearsal.sounds import at_16k
from voice_coach.rehearsal.stage import Side


def write_wav(path: Path, sounds: Sequence[tuple[Side, float, bytes, int]]) -> None:
    """Write (side, session seconds, sound, rate) as stereo, 16 kHz, 16 bit. Raises `BadInput` with what to do."""
    import numpy as np
    import soundfile

    placed = [(0 if side == "coach" else 1, round(at * RATE), at_16k(pcm, rate)) for side, at, pcm, rate in sounds]
    both = np.zeros((max((start + len(sound) for _, start, sound in placed), default=0), 2))
    for channel, start, sound in placed:
        both[start : start + len(sound), channel] += sound
    try:
        soundfile.write(path, np.clip(both, -32768, 32767).astype("<i2"), RATE, subtype="PCM_16", format="WAV")
    except (OSError, soundfile.SoundFileError):
        raise BadInput(f"{path} cannot be written; name a file in a folder that you may write to.") from None
