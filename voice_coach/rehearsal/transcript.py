"""What the coach said, what was spoken, heard and understood; every mishearing is marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

from voice_coach.ports import Interpret, Line, Phrase, Turn
from voice_coach.words import Correction, Heard, Match, Nothing, Understood, Unsure, Value


@dataclass(frozen=True, slots=True)
class Mishearing:
    """Something that was not understood as the same words typed would have been."""

    key: str
    """The question that was answered."""
    spoken: str
    heard: str
    understood: str
    meant: str
    asked: int
    """How many questions had been put by then."""

    def __str__(self) -> str:
        heard = f"heard as '{self.heard}'" if self.heard else "not heard"
        return f"At {self.key}, '{self.spoken}' was {heard} and understood as {self.understood}, not {self.meant}."


class Transcript:
    """Writes the session down as it goes, one line a line spoken and one a line heard."""

    def __init__(self, out: TextIO | None, interpret: Interpret, phrase: Phrase, *, spoken: bool) -> None:
        """`out`: None to only keep what matters. `spoken`: False where the person types."""
        self._out, self._interpret, self._phrase, self._spoken = out, interpret, phrase, spoken
        self.mishearings: list[Mishearing] = []
        self.asked: list[str] = []
        """The keys of the questions that were answered, in order."""
        self.facts: list[str] = []
        """What the coach said about the session's numbers."""
        self.reasons: list[str] = []
        """Why a step was chosen or practice was closed, as the coach said it."""

    def line(self, line: Line) -> None:
        if line.key.startswith("facts."):
            self.facts.append(line.text)
        if line.key.startswith(("why.", "refuse.")) and line.text not in self.reasons:
            self.reasons.append(line.text)
        self._write(f"Coach: {line.text}")

    def silent(self, line: Line) -> None:
        self.asked.append(line.key)
        self._write("You say nothing.")

    def heard(self, spoken: str, line: Line, turn: Turn, heard: Heard | None) -> None:
        self.asked.append(line.key)
        meant = self._interpret(Heard(spoken), turn.expects)
        if heard is None:
            self._mark(line.key, spoken, "", "nothing", meant)
            self._write(f'You: "{spoken}" Not heard. Misheard.')
            return
        understood = self._interpret(heard, turn.expects)
        means = self._worded(understood)
        if not self._spoken:
            self._write(f'You: "{spoken}" Understood: {means}.')
            return
        words = heard.text or heard.free
        mark = ""
        if _essence(understood) != _essence(meant):
            self._mark(line.key, spoken, words, means, meant)
            mark = " In doubt." if isinstance(understood.answer, Unsure) else " Misheard."
        self._write(f'You: "{spoken}" Heard: "{words}" Understood: {means}.{mark}')

    def _mark(self, key: str, spoken: str, heard: str, understood: str, meant: Understood) -> None:
        self.mishearings.append(Mishearing(key, spoken, heard, understood, self._worded(meant), len(self.asked)))

    def _write(self, text: str) -> None:
        if self._out:
            self._out.write(f"{text}\n")
            self._out.flush()

    def _worded(self, understood: Understood) -> str:
        danger = "".join(f", {flag.tier} danger ({flag.kind})" for flag in understood.flags)
        match understood.answer:
            case Match(kind="text"):
                return f"your own words{danger}"
            case Match(kind="command", value=value):
                return f"the command {str(value).replace('_', ' ')}{danger}"
            case Match(kind="out_of_range"):
                return f"a number off the scale{danger}"
            case Match(value=value):
                return f"{self._value(value)}{danger}"
            case Correction(value=value):
                return f"a correction to {self._value(value)}{danger}"
            case Unsure(candidates=candidates):
                return f"perhaps {' or '.join(map(self._value, candidates))}{danger}"
            case Nothing():
                return f"nothing{danger}"

    def _value(self, value: Value) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return self._phrase("echo.rating", 0, {"value": value}).rstrip(".").lower()
        return str(value)


def _essence(understood: Understood) -> tuple[object, ...]:
    """What decides the course: kind and value, and whether danger was heard; free words as such."""
    flags = frozenset((flag.category, flag.kind, flag.tier) for flag in understood.flags if flag.category == "crisis")
    match understood.answer:
        case Match(kind="text"):
            return "text", flags
        case Match(kind=kind, value=value):
            return kind, value, flags
        case Correction(value=value):
            return "correction", value, flags
        case Unsure(candidates=candidates):
            return "unsure", candidates, flags
        case Nothing():
            return "nothing", flags
