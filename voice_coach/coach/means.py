"""What a session is handed beside its engines."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from voice_coach.coach.controls import Manner
from voice_coach.ports import Interpret, Journal, Phrase, Turn
from voice_coach.words import Expects, Move, Pace, Reply

Errand = Callable[[str, Manner], Generator[Move, Reply, object]]
"""(key of the open question, how the coach speaks now) → a short script that runs beside the session."""


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
    last_resort: Callable[[str], None] = lambda _: None
    """Gives the message of this response to danger by what works without catalog, journal and speech engine."""
    in_danger: Callable[[], None] = lambda: None
    """Told once a message in danger begins; it neither raises nor waits."""
    recording: Callable[[str], bytes] = lambda _: b""
    """The sound of the recording of this name, as a `Line` takes it; empty where it cannot be played."""
    errands: Mapping[str, Errand] = field(default_factory=dict)
    """What a command of this name starts at any question; then the question is asked again. Never replayed."""
