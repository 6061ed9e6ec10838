"""How a person conducts a conversation: again, then in other words, then no more; echoes are listened to."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from voice_coach.ports import Interpret, Line, Phrase, Turn
from voice_coach.records import Rung
from voice_coach.rehearsal import wording
from voice_coach.rehearsal.person import Asked, Timed, Wish, spoken_number
from voice_coach.words import Heard, Match, Value

TRIES = 3
"""So often a person answers the same question before giving up."""
LEAVES = 150
"""Utterances after which anybody would have left."""
THINKS = 0.8
"""Seconds before an answer."""

SET_ANSWERS = {
    "danger.known_feeling": "yes",
    "private.check": "yes",
    "ask.paused": "go on",
    "ask.note": "go on",
    "ask.own_note": "go on",
    "control.waiting": "go on",
    "other.offer": "no",
    "crisis.offer": "stop",
    "harm.offer": "stop",
    "medical.offer": "stop",
}
"""What this person, who is in no danger, says to questions that stand outside the script."""


class Person(Protocol):
    """Somebody the coach can speak with."""

    def replies(self, line: Line, turn: Turn) -> tuple[Timed, ...] | None:
        """What is said now that the coach listens after this line; () for silence, None for leaving."""

    def goes_on(self, turn: Turn) -> tuple[Timed, ...] | None:
        """What is said after that while the same turn is still open."""


class Mind(Protocol):
    """What somebody wants to say."""

    def wish(self, asked: Asked) -> Wish | None:
        """The answer to a question; None: nothing more to say at all."""

    def insists(self, asked: Asked) -> bool:
        """There is a line for just this question, even where a person would answer it by the way."""

    def step(self, speaks_aloud: bool) -> tuple[Timed, ...]:
        """What is said during the exposure, timed from its start."""

    def reflection(self) -> tuple[Timed, ...]:
        """What is said in the quiet minute, timed from its start."""


@dataclass(slots=True)
class _Question:
    """One question in the person's memory."""

    wish: Wish
    interruptions: int = 0
    tries: int = 0
    corrections: int = 0


class Conduct:
    """Answers the coach for a mind: truthfully about what was said, and at most three times the same."""

    def __init__(self, mind: Mind, interpret: Interpret, phrase: Phrase, rungs: Collection[Rung]) -> None:
        """`interpret`: what words mean when nothing is misheard. `phrase`: how the coach words its lines."""
        self._mind, self._interpret, self._phrase = mind, interpret, phrase
        self._rungs = tuple(rungs)
        self._echoes = {phrase("echo.rating", 0, {"value": half / 2}): half / 2 for half in range(21)}
        self._questions: dict[tuple[str, str], _Question] = {}
        self._open: tuple[str, str] | None = None
        self._meant: Value = None
        self._rated: float | None = None
        self._told: float | None = None
        """The last number that was given, as it was meant: an echo is held against it."""
        self._corrects = ""
        """What has just been said to an echo that was wrong."""
        self._asides = 0
        self._said = 0

    def replies(self, line: Line, turn: Turn) -> tuple[Timed, ...] | None:
        if line.key.startswith("stabilise.") and "?" not in line.text:
            return ()  # a paced line asks nothing
        self._said += 1
        if self._said > LEAVES:
            return None
        if turn.pace == "exposure":
            return self._mind.step(line.key == "say.begin_silent")
        if turn.pace == "reflection":
            return self._mind.reflection()
        text = self._answer(asked_by(line, turn, self._rungs))
        return None if text is None else (Timed(THINKS, text),) if text else ()

    def goes_on(self, turn: Turn) -> tuple[Timed, ...] | None:
        del turn
        return ()

    def _answer(self, asked: Asked) -> str | None:
        if not self._mind.insists(asked):
            aside = self._aside(asked)
            if aside:
                self._asides += 1
                return "stop" if self._asides > TRIES else aside
        self._asides = 0
        wish = self._mind.wish(asked)
        if wish is None:
            return None
        question = self._questions.setdefault(asked.identity, _Question(wish))
        # A question that comes again because its answer was taken for a correction is asked again.
        if (asked.identity != self._open and not self._corrects) or wish != question.wish:
            question.tries, question.wish = 0, wish
        left = self._questions.get(self._open) if self._open and asked.identity != self._open else None
        if left and not left.tries and left.wish.rating is not None:
            self._told = left.wish.rating  # a command was taken for an answer: it is not the one that would be given
        self._open = asked.identity
        self._corrects = self._correction(asked, question)
        if self._corrects:
            return self._corrects
        if question.interruptions < len(wish.before):
            question.interruptions += 1
            self._meant = self._rated = None
            return wish.before[question.interruptions - 1]
        return self._try(asked, question)

    def _try(self, asked: Asked, question: _Question) -> str:
        """Again, then in other words, then no more."""
        question.tries += 1
        wish = question.wish
        if question.tries > TRIES and wish.answer:
            return "stop"
        # Whoever is told "yes, no, or not sure?" answers with one of these.
        told = question.tries > 1 and wish.other_words in re.findall(r"\w+", asked.text)
        text = wish.other_words or wish.answer if question.tries == TRIES or told else wish.answer
        answer = self._interpret(Heard(text), asked.turn.expects).answer
        self._meant = answer.value if isinstance(answer, Match) else None
        self._rated = wish.rating
        if wish.rating is None and isinstance(answer, Match) and answer.kind == "rating":
            self._rated = float(answer.value or 0)
        self._told = self._told if self._rated is None else self._rated
        return text

    def _correction(self, asked: Asked, question: _Question) -> str:
        """What is said to an echo of another number than the one that was meant; "" where it is right."""
        if asked.turn.expects.corrects != "rating" or self._told is None:
            return ""
        echo = next((value for echo, value in self._echoes.items() if asked.text.startswith(f"{echo} ")), None)
        if echo is None or echo == self._told:
            return ""
        self._rated = self._told
        question.corrections += 1
        if question.corrections > TRIES:
            return "stop"
        return ("no, {n}", "I said {n}", "no, {n}")[question.corrections - 1].format(n=spoken_number(self._told))

    def _aside(self, asked: Asked) -> str:
        """The answer to a question about an answer; "" for a question of the session itself."""
        match asked.key:
            case "ask.did_you_say":
                truths = (value for value in (self._meant, self._rated) if value is not None)
                if asked.text in {self._phrase(asked.key, 0, {"value": _said(value)}) for value in truths}:
                    return "yes"
                if (
                    self._corrects
                    and self._rated is not None
                    and asked.text == self._phrase(asked.key, 0, {"value": "no"})
                ):
                    return f"I said {spoken_number(self._rated)}"
                return "no" if self._rated is None else f"no, {spoken_number(self._rated)}"
            case "ask.which_rating" if self._rated is not None:
                return spoken_number(self._rated)
            case "ask.which_rating" | "ask.which_answer" | "ask.which_choice":
                question = self._questions.get(self._open or ("", ""))
                return question.wish.other_words or question.wish.answer if question else "no"
            case "ask.yes_right":
                return wording.PLAIN[self._meant is True]
            case "danger.check" | "danger.check_harm" | "danger.check_now":
                return "no"
            case key:
                return SET_ANSWERS.get(key, "")


def asked_by(line: Line, turn: Turn, rungs: Collection[Rung]) -> Asked:
    """The question that a line puts, with the rung that it names."""
    return Asked(line.key, line.text, turn, next((rung.id for rung in rungs if rung.say in line.text), ""))


def _said(value: Value) -> str | int | float:
    if isinstance(value, bool):
        return wording.PLAIN[value]
    return "" if value is None else value
