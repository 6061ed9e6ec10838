"""One loudspeaker: plays a piece of PCM, falls silent at a word, knows when the last sample sounded."""

from __future__ import annotations

import threading
import time
from typing import Any

from voice_coach import devices
from voice_coach.speak.espeak import RATE

AHEAD = 1.0
"""Seconds of sound that the sound system holds: loading a recognizer stops Python's threads for as long."""
GUARD = 0.15
"""Seconds between the reported and the believed end: sound systems report the end up to a tenth too early."""
_POLL = 0.1
_LONGEST_DELAY = 2.0


class Gone(Exception):
    """The loudspeaker does not take sound any more, or cannot be opened."""


class _Piece:
    """PCM on its way out. The callback alone moves `at`."""

    def __init__(self, pcm: bytes) -> None:
        self.pcm = memoryview(pcm)
        self.at = 0
        self.handed = threading.Event()
        self.sounds_until = 0.0
        """time.monotonic() of the end of its last sample; stands once `handed` is set."""


class Playback:
    """Used by one thread; `hush` may come from any."""

    def __init__(self, device: str | None = None) -> None:
        self._device = device
        self._stream: Any = None
        self._piece: _Piece | None = None
        self._opened = self._called = 0.0

    def open(self) -> None:
        """Take the device; nothing sounds yet. Raises `Gone`."""
        sound = devices.sound()
        try:
            self._stream = sound.RawOutputStream(
                samplerate=RATE,
                channels=1,
                dtype="int16",
                device=self._device,
                latency=AHEAD,
                callback=self._fill,
                # Else a second of silence would go before the first word.
                prime_output_buffers_using_stream_callback=True,
            )
        except (sound.PortAudioError, ValueError, OSError) as error:
            self.close()
            raise Gone(str(error)) from None
        self._opened = time.monotonic()

    def close(self) -> None:
        """Let the device go. Safe to call twice."""
        stream, self._stream = self._stream, None
        self.hush()
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    @property
    def is_open(self) -> bool:
        return self._stream is not None

    def play(self, pcm: bytes, hushed: threading.Event) -> None:
        """Play to the end, or to a `hush`, and return once it is silent. Raises `Gone` where the device fails.

        `hushed` set means that nothing is to be heard: it is looked at after the piece is in place, so that a hush
        that came a moment before is not lost.
        """
        stream, sound = self._stream, devices.sound()
        piece = self._piece = _Piece(pcm)
        if hushed.is_set():
            self.hush()
        try:
            self._called = time.monotonic()
            stream.start()
            while not piece.handed.wait(_POLL):
                if not stream.active or devices.stale(self._opened, self._called, 2 * AHEAD):
                    raise Gone("the sound system stopped asking for samples")
            hushed.wait(max(0.0, piece.sounds_until + GUARD - time.monotonic()))
            stream.abort()
        except sound.PortAudioError as error:
            raise Gone(str(error)) from None
        finally:
            self._piece = None

    def hush(self) -> None:
        """Nothing more of the present piece: `play` throws away what the sound system holds, and returns."""
        piece, self._piece = self._piece, None
        if piece is not None:
            piece.handed.set()

    def _fill(self, out: Any, frames: int, times: Any, _status: Any) -> None:
        self._called = now = time.monotonic()
        piece = self._piece
        wanted = frames * 2
        part = piece.pcm[piece.at : piece.at + wanted] if piece else memoryview(b"")
        out[: len(part)] = part
        out[len(part) :] = bytes(wanted - len(part))
        if piece is None:
            return
        piece.at += len(part)
        if piece.at >= len(piece.pcm) and not piece.handed.is_set():
            delay = min(max(0.0, times.outputBufferDacTime - times.currentTime), _LONGEST_DELAY)
            piece.sounds_until = now + delay + len(part) / 2 / RATE
            piece.handed.set()
