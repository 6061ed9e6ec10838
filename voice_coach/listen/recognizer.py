"""What a recognizer is, behind the ear: closed grammar and free words over the same audio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from voice_coach.words import Manner

RATE = 16_000
"""Samples a second everywhere behind the microphone."""
BLOCK = 512
"""Samples a block: what the voice-activity detector takes (32 ms). Blocks are mono signed 16-bit little-endian."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the turn's grammar makes of an utterance."""

    text: str
    """One of the phrases, or "" for nothing."""
    score: float
    """Probability that `text` is what was said, 0 to 1."""
    others: tuple[tuple[str, float], ...] = ()
    """The next best phrases with their probabilities, best first."""


class Recognizer(Protocol):
    """One utterance at a time: begin, feed blocks, ask for the closed reading as often as wanted, end.

    Belongs to one thread after `load`. A sessions's memory (means of features, learned examples) lives in it;
    `forget_session` starts a new speaker.
    """

    name: str
    manner: Manner

    def load(self) -> None:
        """Load the models. Raises `Missing` saying what to do. Safe to call twice."""

    def begin(self, phrases: tuple[str, ...]) -> None:
        """A new utterance under this closed grammar (folded phrases; empty: free words only)."""

    def feed(self, block: bytes) -> None:
        """Audio of the utterance, its pre-roll included: any whole number of samples."""

    def closed(self) -> Decoded:
        """The grammar's reading of what was fed so far. The utterance stays open: more may be fed."""

    def free(self) -> str:
        """The free words for all that was fed. The utterance can be fed no more."""

    def leaning(self) -> str:
        """The words by a reading that leans towards words of danger, or "" where there is none. Only after `free`."""

    def end(self) -> None:
        """The utterance is over (also one that was dropped); its memory is taken into the session's."""

    def forget_session(self) -> None:
        """Forget the session's memory: another person or recording comes."""

    def close(self) -> None:
        """Release the models. Safe to call twice."""
