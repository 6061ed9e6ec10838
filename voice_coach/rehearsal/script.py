"""A person with a script: the lines of a file, each said where it was said when the file was typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from voice_coach.ports import Line, Turn
from voice_coach.records import Rung
from voice_coach.rehearsal.conduct import THINKS, asked_by
from voice_coach.rehearsal.person import Asked, Timed, Wish

COMMANDS = 9.0
"""Seconds after which a command in the step that nobody heard is said again."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of the script and the question that it answered."""

    identity: tuple[str, str]
    pace: str
    after: float
    """Seconds since the turn began."""
    text: str


class Reader:
    """Types the lines one after the other, whatever is asked; a blank line is silence."""

    def __init__(self, lines: Sequence[str], rungs: Collection[Rung], now: Callable[[], float]) -> None:
        """`now`: session seconds."""
        self._left, self._rungs, self._now = list(lines), rungs, now
        self._turn: Turn | None = None
        self._asked = ("", "")
        self._since = 0.0
        self.placed: list[Placed] = []

    def replies(self, line: Line, turn: Turn) -> tuple[Timed, ...] | None:
        if turn is not self._turn:
            self._turn, self._since = turn, self._now()
            self._asked = asked_by(line, turn, self._rungs).identity
        return self.goes_on(turn)

    def goes_on(self, turn: Turn) -> tuple[Timed, ...] | None:
        if not self._left:
            return None
        text = self._left.pop(0).strip()
        self.placed.append(Placed(self._asked, turn.pace, self._now() - self._since + THINKS, text))
        return (Timed(THINKS, text),) if text else ()


class Script:
    """The same lines as a mind: each for the question that it answered when typed."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self._lines = [line for line in placed if line.pace not in ("exposure", "reflection")]
        self._timed = [line for line in placed if line.pace in ("exposure", "reflection")]
        self._next = 0

    def wish(self, asked: Asked) -> Wish | None:
        ahead = range(self._next, len(self._lines))
        place = next((place for place in ahead if self._lines[place].identity == asked.identity), None)
        last = self._lines[self._next - 1] if self._next else None
        if place != self._next and last is not None and last.identity == asked.identity:
            return Wish(last.text)  # asked again
        if place is None:
            place = self._next
        if place >= len(self._lines):
            return None
        self._next = place + 1
        return Wish(self._lines[place].text)

    def insists(self, asked: Asked) -> bool:
        return self._next < len(self._lines) and self._lines[self._next].identity == asked.identity

    def step(self, speaks_aloud: bool) -> tuple[Timed, ...]:
        del speaks_aloud
        said = self._of("exposure")
        again = [Timed(said[-1].after + COMMANDS * nth, said[-1].text) for nth in (1, 2)] if said else []
        return (*said, *again)

    def reflection(self) -> tuple[Timed, ...]:
        return tuple(self._of("reflection"))

    def _of(self, pace: str) -> list[Timed]:
        return [Timed(line.after, line.text) for line in self._timed if line.pace == pace and line.text]
