"""Earcons: three short tones that say what words would say too slowly."""

from __future__ import annotations

import functools

from voice_coach.speak.espeak import RATE

_NOTES: dict[str, tuple[tuple[float, float], ...]] = {
    "listening": ((660.0, 0.07), (880.0, 0.09)),
    "soft": ((523.0, 0.35),),
    "end": ((660.0, 0.12), (440.0, 0.22)),
}
"""Each tone as (hertz, seconds): rising for "your turn", one low note for a mark in time, falling for the end."""
_LOUDNESS = {"listening": 0.25, "soft": 0.15, "end": 0.25}
_EDGE = 0.012
"""Seconds of fade at both ends of a note: a sudden start would click and startle."""


@functools.cache
def tone(name: str) -> bytes:
    """The tone "listening", "soft" or "end" as PCM (22,050 Hz, mono, signed 16 bit). Raises KeyError for another."""
    import numpy as np

    notes = []
    for hertz, seconds in _NOTES[name]:
        time = np.arange(int(RATE * seconds)) / RATE
        fade = np.minimum(1.0, np.minimum(time, seconds - time) / _EDGE)
        notes.append(np.sin(2 * np.pi * hertz * time) * fade)
    wave = np.concatenate(notes) * _LOUDNESS[name] * 32767
    return wave.astype("<i2").tobytes()
