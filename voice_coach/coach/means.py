"""What a session is handed beside its engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from voice_coach.ports import Interpret, Journal, Phrase, Turn
from voice_coach.words import Expects, Pace


@dataclass(frozen=True, slots=True)
class Means:
    """The journal, the words and the understanding that one session works with."""

    journal: Journal
    interpret: Interpret
    phrase: Phrase
    turn: Callable[[Expects, Pace | Literal["exposure"]], Turn]
    """(expects, pace) → the listener's turn: grammar, completeness, patience."""
    id: str
    """The session's UUID."""
    silence_seconds: float
    """Until a gentle re-prompt; infinite for off."""
