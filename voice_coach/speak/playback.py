"""One loudspeaker, kept open: plays a piece of PCM, falls silent at a word, knows when the last sample sounded."""

from __future__ import annotations

import threading
import time
from typing import Any

from voice_coach import devices
from voice_coach.speak.espeak import RATE

LATENCY = 0.06
"""Seconds of sound asked to lie between here and the loudspeaker: what a stop cannot take back."""
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
        self.latency = LATENCY

    def open(self) -> None:
        """Start the stream, silent. Raises `Gone`."""
        sound = devices.sound()
        self._opened = self._called = time.monotonic()
        try:
            self._stream = sound.RawOutputStream(
                samplerate=RATE,
                channels=1,
                dtype="int16",
                device=self._device,
                latency=LATENCY,
                callback=self._fill,
            )
            self._stream.start()
            self.latency = float(self._stream.latency)
        except (sound.PortAudioError, ValueError, OSError) as error:
            self.close()
            raise Gone(str(error)) from None

    def close(self) -> None:
        """Let the device go. Safe to call twice."""
        stream, self._stream = self._stream, None
        self.hush()
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def well(self) -> bool:
        """The sound system still asks for samples."""
        stream = self._stream
        return stream is not None and stream.active and not devices.stale(self._opened, self._called)

    def play(self, pcm: bytes, hushed: threading.Event) -> None:
        """Play to the end, or to a `hush`, and return once it is silent. Raises `Gone` where the device fails.

        `hushed` set means that nothing is to be heard: it is looked at after the piece is in place, so that a hush
        that came a moment before is not lost.
        """
        piece = self._piece = _Piece(pcm)
        if hushed.is_set():
            self.hush()
        while not piece.handed.wait(_POLL):
            if not self.well():
                self._piece = None
                raise Gone("the sound system stopped asking for samples")
        if hushed.is_set():
            time.sleep(self.latency)
            return
        hushed.wait(max(0.0, piece.sounds_until + GUARD - time.monotonic()))

    def hush(self) -> None:
        """Nothing more of the present piece: silence follows what the sound system already holds."""
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
        if piece.at >= len(piece.pcm):
            delay = min(max(0.0, times.outputBufferDacTime - times.currentTime), _LONGEST_DELAY)
            piece.sounds_until = now + delay + len(part) / 2 / RATE
            if self._piece is piece:
                self._piece = None
            piece.handed.set()
