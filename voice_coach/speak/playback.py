"""One loudspeaker: plays a piece of PCM, falls silent at a word, knows when the last sample sounded.

Without PortAudio's callback: a thread that loads a recognizer would keep it waiting, and the voice would stutter;
PortAudio cancels the callback's thread on `abort`, whatever lock that holds; and where the sound server dies, that
thread may go round in an error handler for ever (PortAudio 19.6).
"""

from __future__ import annotations

import threading
import time
from typing import Any

from voice_coach import devices
from voice_coach.speak.espeak import RATE

AHEAD = 0.8
"""Seconds of sound that the sound system holds: loading a recognizer stops Python's threads for nearly as long."""
GUARD = 0.15
"""Seconds between the reported and the believed end: sound systems report the end up to a tenth too early."""
HALTED = 3.0
"""Seconds without progress after which the loudspeaker counts as lost."""
_CHUNK = 1024
_FULL = 0.9  # a first write that fills the buffer to the brim is partly lost by ALSA's plug-in for PulseAudio
_MOMENT = 0.01


class Gone(Exception):
    """The loudspeaker does not take sound any more, or cannot be opened."""


class Playback:
    """Used by one thread."""

    def __init__(self, device: str | None = None) -> None:
        self._device = device
        self._stream: Any = None

    @property
    def is_open(self) -> bool:
        """The device is taken."""
        return self._stream is not None

    def open(self) -> None:
        """Take the device; nothing sounds yet. Raises `Gone`."""
        sound = devices.sound()
        try:
            self._stream = sound.RawOutputStream(
                samplerate=RATE, channels=1, dtype="int16", device=self._device, latency=AHEAD
            )
        except (sound.PortAudioError, ValueError, OSError) as error:
            raise Gone(str(error)) from None

    def close(self) -> None:
        """Let the device go. Safe to call twice."""
        stream, self._stream = self._stream, None
        if stream is not None:
            devices.release(stream)

    def play(self, pcm: bytes, hushed: threading.Event) -> None:
        """Play to the end, or until `hushed`, and return once it is silent. Raises `Gone` where the device fails."""
        sound, stream = devices.sound(), self._stream
        try:
            stream.start()
            ends = _write(stream, pcm, hushed)
            hushed.wait(max(0.0, ends + GUARD - time.monotonic()))
            stream.abort()
        except sound.PortAudioError as error:
            raise Gone(str(error)) from None


def _write(stream: Any, pcm: bytes, hushed: threading.Event) -> float:
    """Hands the sound over bit by bit; returns when its last sample sounds (time.monotonic)."""
    room = stream.write_available
    keep, at = room - int(_FULL * room), 0
    moved = time.monotonic()
    while at < len(pcm) and not hushed.is_set():
        if stream.write_available >= keep + _CHUNK:
            stream.write(pcm[at : at + 2 * _CHUNK])
            at += 2 * _CHUNK
            moved = time.monotonic()
        elif time.monotonic() - moved > HALTED:
            raise Gone("the sound system takes no more sound")
        else:
            hushed.wait(_MOMENT)
    waiting: int = max(0, room - stream.write_available)
    return time.monotonic() + waiting / RATE
