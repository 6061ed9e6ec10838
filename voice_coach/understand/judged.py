"""An answer with the guard that decided it."""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.words import Correction, Match, Nothing, Unsure

Answer = Match | Unsure | Correction | Nothing


@dataclass(frozen=True, slots=True)
class Judged:
    """What an utterance was taken for, and why."""

    answer: Answer
    guard: str
    """The rule that decided, for people: "exact", "more than one number", …"""
