"""A speaker without a device: what is said is kept as sound with its times, on whatever clock the session has."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from voice_coach.ports import Line
from voice_coach.speak.driver import NORMAL_WPM, synthesise
from voice_coach.speak.espeak import RATE
from voice_coach.speak.recorded import at_output_rate
from voice_coach.speak.tones import tone
from voice_coach.words import Event, PlaybackEnded

Later = Callable[[Event], Callable[[], None]]
"""Has an event posted at its own `at`, which lies ahead; what is returned takes it back."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One line as it sounded."""

    line: Line
    began: float
    """Session seconds."""
    pcm: bytes
    """22,050 Hz, mono, signed 16 bit."""

    @property
    def ended(self) -> float:
        return self.began + len(self.pcm) / 2 / RATE


class Recorded:
    """A `Speaker` that keeps sound. `pieces` lie one after the other and never overlap."""

    def __init__(self, now: Callable[[], float], later: Later, voice: str = "en") -> None:
        """`now`: session seconds. `later`: how the end of a line is announced ahead of time."""
        self._now, self._later, self._voice = now, later, voice
        self._rate = 1.0
        self._volume = 1.0
        self._ahead: dict[int, Callable[[], None]] = {}
        self.pieces: list[Piece] = []

    def start(self) -> None:
        synthesise("ready")

    def say(self, line: Line) -> None:
        began = max(self._now(), self.pieces[-1].ended if self.pieces else 0.0)
        own = round(NORMAL_WPM * self._rate)
        words_per_minute = min(own, line.at_most or own)
        pcm = b""
        with contextlib.suppress(ValueError, RuntimeError):
            pcm = synthesise(line.text, words_per_minute, self._voice)
        pcm += at_output_rate(line.sound)
        if line.tone:
            pcm += tone(line.tone)
        piece = Piece(line, began, louder(pcm, self._volume))
        self.pieces.append(piece)
        self._ahead[line.number] = self._later(PlaybackEnded(piece.ended, line.number))

    def prepare(self, text: str) -> None:
        pass

    def stop(self) -> None:
        now = self._now()
        for number, piece in enumerate(self.pieces):
            if piece.ended <= now:
                continue
            kept = max(0, round((now - piece.began) * RATE))
            self.pieces[number] = Piece(piece.line, min(piece.began, now), piece.pcm[: 2 * kept])
            self._ahead.pop(piece.line.number)()
            self._later(PlaybackEnded(now, piece.line.number))

    def adjust(self, rate: float, volume: float) -> None:
        self._rate, self._volume = rate, volume

    def shut(self) -> None:
        pass

    def track(self) -> bytes:
        """Everything said since the clock's zero as one sound, silence between the lines."""
        made = bytearray()
        for piece in self.pieces:
            made += bytes(2 * max(0, round(piece.began * RATE) - len(made) // 2))
            made += piece.pcm
        return bytes(made)


def louder(pcm: bytes, volume: float) -> bytes:
    """The sound at this factor, 0 to 1."""
    if volume == 1.0 or not pcm:
        return pcm
    import numpy as np

    return (np.frombuffer(pcm, "<i2") * volume).astype("<i2").tobytes()
