"""One microphone, open: blocks of 16 kHz mono sound, each with the moment at which it ended.

Without PortAudio's callback: where the sound server dies, the thread that PortAudio makes for it may go round in its
own error handler for ever, with a whole core and a line on standard error each time (PortAudio 19.6). A thread
of ours asks what is there and reads no more than that, which never reaches the wait that fails.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from voice_coach import devices
from voice_coach.listen.recognizer import BLOCK, RATE

Blocks = Callable[[bytes, float], None]
"""Takes a block of `BLOCK` samples and the time (by the clock handed in) of its last one. Called from any thread."""

HELD = 1.0
"""Seconds of sound that the sound system keeps for a reader who is late; over PulseAudio more delays nothing."""
_LOOK = 0.01
"""Seconds between two looks at what is there."""


class Gone(Exception):
    """The microphone cannot be opened, at no rate that it might know."""


class Capture:
    """A stream from a microphone; where the device does not know 16 kHz mono its own rate is converted."""

    def __init__(self, device: str | None, now: Callable[[], float], deliver: Blocks) -> None:
        self._device, self._now, self._deliver = device, now, deliver
        self._reader: _Reader | None = None

    def open(self) -> None:
        """Start to deliver blocks. Raises `Gone`."""
        sound = devices.sound()
        fault = ""
        for rate, channels in self._ways(sound):
            try:
                stream = sound.RawInputStream(
                    samplerate=rate, channels=channels, dtype="int16", device=self._device,
                    blocksize=round(BLOCK * rate / RATE), latency=HELD,
                )  # fmt: skip
            except (sound.PortAudioError, ValueError, OSError) as error:
                fault = str(error)
                continue
            try:
                stream.start()
            except sound.PortAudioError as error:
                fault = str(error)
                devices.release(stream)
                continue
            self._reader = _Reader(stream, rate, channels, self._now, self._deliver)
            self._reader.start()
            return
        raise Gone(fault)

    def close(self) -> None:
        """Let the device go. Safe to call twice."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.stop()

    def well(self) -> bool:
        """Sound still arrives."""
        return self._reader is not None and self._reader.well()

    def _ways(self, sound: Any) -> list[tuple[int, int]]:
        """Rates and channels to try: what the recognizer wants, then what the device calls its own."""
        try:
            own = sound.query_devices(self._device, kind="input")
        except (ValueError, sound.PortAudioError) as error:
            raise Gone(str(error)) from None
        rate, most = int(own["default_samplerate"]), int(own["max_input_channels"])
        return list(dict.fromkeys([(RATE, 1), (rate, 1), (rate, max(1, min(2, most)))]))


class _Reader:
    """Reads one open stream in a thread of its own, which alone touches the stream."""

    def __init__(self, stream: Any, rate: int, channels: int, now: Callable[[], float], deliver: Blocks) -> None:
        self._stream, self._rate, self._now, self._deliver = stream, rate, now, deliver
        self._convert = _converter(rate, channels)
        self._rest = b""
        self._last = 0.0
        self._opened = self._read = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read_all, name="microphone", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Deliver nothing more and let the device go. A stream that never comes back is left behind."""
        self._over.set()
        devices.wait_for(self._thread, devices.RELEASE)

    def well(self) -> bool:
        return self._thread.is_alive() and not devices.stale(self._opened, self._read)

    def _read_all(self) -> None:
        # Once the device is gone this thread ends, and whoever asks how it is sees that.
        with suppress(devices.sound().PortAudioError):
            self._read_on(round(BLOCK * self._rate / RATE))
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def _read_on(self, frames: int) -> None:
        while not self._over.is_set():
            there = self._stream.read_available
            if there < frames:
                self._over.wait(_LOOK)
                continue
            data, _ = self._stream.read(frames)
            self._read = time.monotonic()
            self._take(bytes(data), self._now() - (there - frames) / self._rate)

    def _take(self, data: bytes, ended: float) -> None:
        """Hands on whole blocks of sound that ended at this time."""
        sound = self._rest + self._convert(data)
        whole = len(sound) // (2 * BLOCK)
        late = (len(sound) / 2 - whole * BLOCK) / RATE
        for number in range(whole):
            block = sound[number * 2 * BLOCK : (number + 1) * 2 * BLOCK]
            # A sound system delivers in bursts, and no block may end before the one that it follows.
            self._last = max(self._last, ended - late - (whole - 1 - number) * BLOCK / RATE)
            self._deliver(block, self._last)
        self._rest = sound[whole * 2 * BLOCK :]


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
