"""A line's own recording at the rate of the loudspeaker."""

from __future__ import annotations

from voice_coach.speak.espeak import RATE

LINE_RATE = 16_000
"""Samples a second of `Line.sound`."""


def at_output_rate(sound: bytes) -> bytes:
    """The same sound, 22,050 Hz, mono, 16 bit; empty where it cannot be converted."""
    if not sound:
        return b""
    try:
        import numpy as np
        import soxr

        samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2")
        return bytes(soxr.resample(samples, LINE_RATE, RATE).astype("<i2").tobytes())
    except (ImportError, ValueError, RuntimeError):
        return b""
