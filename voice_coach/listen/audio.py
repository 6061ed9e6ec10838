"""Sound files as the recognizers take them: mono, 16 kHz, 16 bit."""

from __future__ import annotations

import struct
from pathlib import Path

from voice_coach.errors import BadInput
from voice_coach.listen.recognizer import RATE

_HIGHEST = 192_000
_LONGEST = 3600
_OPEN_ENDED = (0, 0xFFFFFFFF)
"""Lengths that writers to a pipe leave in the header."""


def read_wav(path: Path) -> bytes:
    """The file's sound as signed 16-bit little-endian samples at `RATE`, channels averaged.

    Takes 8- to 32-bit, float, stereo and any common rate. Raises `BadInput` naming the file, the fault and the remedy.
    """
    import numpy as np
    import soundfile
    import soxr

    _look_over(path)
    try:
        with soundfile.SoundFile(path) as file:
            if file.samplerate > _HIGHEST or file.frames > _LONGEST * file.samplerate:
                raise BadInput(f"{path} is longer than an hour or has an odd rate; give one utterance a file.")
            sound, rate = file.read(dtype="float32", always_2d=True), file.samplerate
    except (soundfile.LibsndfileError, OSError, ValueError):
        raise BadInput(f"{path} cannot be read as a WAV; record or export it again.") from None
    mono = np.nan_to_num(sound.mean(axis=1), nan=0.0, posinf=1.0, neginf=-1.0)
    if not len(mono):
        raise BadInput(f"{path} holds no sound; record it again.")
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    return bytes(np.round(np.clip(mono * 32768, -32768, 32767)).astype("<i2").tobytes())


def _look_over(path: Path) -> None:
    """Faults that the reading library is silent about, told apart for the person."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
            size = file.seek(0, 2)
            if not size:
                raise BadInput(f"{path} is empty; record it again.")
            if len(start) < 12 or start[:4] not in (b"RIFF", b"RIFX", b"RF64") or start[8:] != b"WAVE":
                raise BadInput(f"{path} is not a WAV file; convert it to WAV first.")
            order = ">" if start[:4] == b"RIFX" else "<"
            place = 12
            while True:
                file.seek(place)
                head = file.read(8)
                if len(head) < 8:
                    raise BadInput(f"{path} is cut short, before its sound; copy or record it again.")
                length = struct.unpack(f"{order}I", head[4:])[0]
                if head[:4] == b"data":
                    break
                place += 8 + length + length % 2
    except OSError as error:
        raise BadInput(f"{path} cannot be opened ({error.strerror}); check its name and rights.") from None
    if length not in _OPEN_ENDED and place + 8 + length > size:
        raise BadInput(f"{path} is cut short: sound is missing at its end; copy or record it again.")
