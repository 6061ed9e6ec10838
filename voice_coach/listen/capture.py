"""One microphone, open: blocks of 16 kHz mono sound, each with the moment at which it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from voice_coach import devices
from voice_coach.listen.recognizer import BLOCK, RATE

Blocks = Callable[[bytes, float], None]
"""Takes a block of `BLOCK` samples and the time (by the clock handed in) of its last one. Called from any thread."""


class Gone(Exception):
    """The microphone cannot be opened, at no rate that it might know."""


class Capture:
    """A stream from a microphone; where the device does not know 16 kHz mono its own rate is converted."""

    def __init__(self, device: str | None, now: Callable[[], float], deliver: Blocks) -> None:
        self._device, self._now, self._deliver = device, now, deliver
        self._stream: Any = None
        self._rest = b""
        self._ended = False
        self._last = 0.0
        self._opened = self._called = 0.0

    def open(self) -> None:
        """Start to deliver blocks. Raises `Gone`."""
        sound = devices.sound()
        fault = ""
        for rate, channels in self._ways(sound):
            self._rest, self._ended = b"", False
            self._opened = self._called = time.monotonic()
            try:
                self._stream = sound.RawInputStream(
                    samplerate=rate,
                    channels=channels,
                    dtype="int16",
                    device=self._device,
                    blocksize=round(BLOCK * rate / RATE),
                    callback=self._take(rate, channels),
                    finished_callback=self._finished,
                )
                self._stream.start()
                return
            except (sound.PortAudioError, ValueError, OSError) as error:
                fault = str(error)
                self.close()
        raise Gone(fault)

    def close(self) -> None:
        """Let the device go. Safe to call twice."""
        stream, self._stream = self._stream, None
        if stream is not None:
            devices.release(stream)

    def well(self) -> bool:
        """Sound still arrives."""
        stream = self._stream
        if stream is None or self._ended or not stream.active:
            return False
        return not devices.stale(self._opened, self._called)

    def _ways(self, sound: Any) -> list[tuple[int, int]]:
        """Rates and channels to try: what the recognizer wants, then what the device calls its own."""
        try:
            own = sound.query_devices(self._device, kind="input")
        except (ValueError, sound.PortAudioError) as error:
            raise Gone(str(error)) from None
        rate, most = int(own["default_samplerate"]), int(own["max_input_channels"])
        return list(dict.fromkeys([(RATE, 1), (rate, 1), (rate, max(1, min(2, most)))]))

    def _take(self, rate: int, channels: int) -> Callable[[Any, int, Any, Any], None]:
        convert = _converter(rate, channels)

        def take(data: Any, _frames: int, _times: Any, _status: Any) -> None:
            self._called = time.monotonic()
            ended = self._now()
            sound = self._rest + convert(bytes(data))
            whole = len(sound) // (2 * BLOCK)
            late = (len(sound) / 2 - whole * BLOCK) / RATE
            for number in range(whole):
                block = sound[number * 2 * BLOCK : (number + 1) * 2 * BLOCK]
                # A sound system delivers in bursts, and no block may end before the one that it follows.
                self._last = max(self._last, ended - late - (whole - 1 - number) * BLOCK / RATE)
                self._deliver(block, self._last)
            self._rest = sound[whole * 2 * BLOCK :]

        return take

    def _finished(self) -> None:
        self._ended = True


def _converter(rate: int, channels: int) -> Callable[[bytes], bytes]:
    """From a device's own interleaved 16-bit sound to mono at `RATE`."""
    if rate == RATE and channels == 1:
        return lambda sound: sound
    import numpy as np
    import soxr

    stream = soxr.ResampleStream(rate, RATE, 1, dtype="int16")

    def convert(sound: bytes) -> bytes:
        frames = np.frombuffer(sound, "<i2").reshape(-1, channels)
        mono = frames.mean(axis=1).astype("<i2") if channels > 1 else frames[:, 0]
        return bytes(stream.resample_chunk(mono).astype("<i2").tobytes())

    return convert
