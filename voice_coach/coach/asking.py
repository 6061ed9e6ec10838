"""How one answer is got: the question, what to do with doubt, no match and silence, and the way out.

Every function here is part of a script: it yields moves and holds no state of its own, so that a crash in the middle
of a clarification is replayed like everything else.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from voice_coach.records import Trit
from voice_coach.words import (
    Ask,
    Blank,
    Correction,
    Expects,
    Manner,
    Match,
    Move,
    Nothing,
    Pace,
    Reply,
    Say,
    Silence,
    Unsure,
    Value,
)

SILENCES = 2
"""Gentle re-prompts before the coach pauses (design of turn-taking)."""
MISSES = 3
"""Answers in a row that were not understood before the coach offers a way out."""

UNCLEAR = 2
"""Open answers of which a weak recognizer hears no words: one such as "tea" would fail as often as it is said."""
SURE_END = 0.8
"""Probability of a no below which a weak recognizer's no does not end the session yet."""
LIKELIER = 0.5
"""Probability of a doubtful yes or no below which the other is as likely, and neither counts."""
SURE = 0.7
"""Probability of a number below which it is asked about where another number was denied before."""

REPAIRED = ("fear", "commitment")
"""What is asked to be made concrete, once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with the time it was given (UTC). `command` is set when a command answered the question.

    `sounded`: it was spoken, and its sound is held.
    """

    value: Value
    at: datetime
    manner: Manner = "typed"
    command: str = ""
    sounded: bool = False

    def rating(self) -> float:
        """The value of a rating. Raises TypeError when it is none: a fault in the script."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise TypeError("not a rating")
        return float(self.value)

    def text(self) -> str:
        """The words or label; empty when a command answered."""
        return self.value if isinstance(self.value, str) else ""


Asking = Generator[Move, Reply, Answer]

_Settled = tuple[Answer | None, tuple[float | bool | str, ...]]
"""The answer, None where it stays open and the question is asked anew; and what was denied."""


def echo(answer: Answer) -> Say | None:
    """The line that says a rating back in passing, so that it can be corrected."""
    if answer.command or isinstance(answer.value, bool | str | None):
        return None
    return Say("echo.rating", {"value": answer.value})


def rating(
    key: str,
    blanks: Mapping[str, Blank] | None = None,
    after: Answer | None = None,
    accepts: frozenset[str] = frozenset(),
    why: Say | None = None,
    final: bool = False,
) -> Asking:
    """A number from 0 to 10 in halves. `final`: no question follows at which it could still be corrected."""
    return (yield from _get(replace(_ask(key, Expects("rating"), blanks, after, accepts), why=why), final))


def choice(
    key: str,
    labels: tuple[str, ...],
    blanks: Mapping[str, Blank] | None = None,
    after: Answer | None = None,
    accepts: frozenset[str] = frozenset(),
) -> Asking:
    """One of the labels."""
    return (yield from _get(_ask(key, Expects("choice", labels), blanks, after, accepts)))


def yes_no(
    key: str,
    blanks: Mapping[str, Blank] | None = None,
    after: Answer | None = None,
    accepts: frozenset[str] = frozenset(),
    why: Say | None = None,
    ends: bool = False,
) -> Asking:
    """True or False. `ends`: a no ends the session, so one that a weak recognizer doubts is asked about."""
    return (yield from _get(replace(_ask(key, Expects("yes-no"), blanks, after, accepts), why=why, ends=ends)))


def words(
    key: str,
    about: Literal["fear", "commitment", "prediction", "learned"] | None = None,
    blanks: Mapping[str, Blank] | None = None,
    after: Answer | None = None,
    pace: Pace = "open",
    seconds: float | None = None,
    why: Say | None = None,
) -> Asking:
    """What was said, word for word; "done" and "skip" answer it too. One repair question when it is vague.

    A commitment can be declined.
    """
    accepts = frozenset({"done", "skip", "dont_know", *(["dont_want"] if about == "commitment" else [])})
    ask = _ask(key, Expects("text", checks=about), blanks, after, accepts)
    ask = replace(ask, pace=pace, seconds=seconds, why=why)
    if pace == "reflection":
        return (yield from _once(ask))
    answer, missing = yield from _get_words(ask)
    if missing and about in REPAIRED:
        repair = Ask(f"repair.{about}.{missing}", Expects("text"), accepts=accepts, pace=pace)
        mended, _ = yield from _get_words(repair)
        if mended.text():
            return replace(mended, value=f"{answer.text()}: {mended.text()}")
    return answer


def trit(key: str, blanks: Mapping[str, Blank] | None = None) -> Generator[Move, Reply, tuple[Trit, datetime]]:
    """Yes, no or unsure. Doubt, no match and silence are asked about once more; a second failure counts as unsure.

    Where a weak recognizer, and not the person, is what doubts twice, it is asked whether that was said.
    """
    expects = Expects("yes-no")
    ask = Ask(key, expects, blanks or {}, accepts=frozenset({"dont_know"}))
    silences = 0
    wording = 0
    while True:
        reply = yield replace(ask, wording=wording)
        match reply.value:
            case Match(kind="yes_no", value=value):
                return ("yes" if value else "no"), reply.at
            case Match(kind="command"):
                return "unsure", reply.at
            case Silence() if silences < SILENCES:
                silences += 1
                if silences == SILENCES:
                    yield from pause()
                    wording = 0
                    continue
            case Unsure(candidates=(bool(likely), *_)) if wording and reply.manner == "rough":
                answer, _ = yield from _confirm(replace(ask, wording=0), likely, surely=True)
                return ("unsure", reply.at) if answer is None else ("yes" if answer.value else "no", answer.at)
            case _ if wording:
                return "unsure", reply.at
            case _:
                pass
        wording += 1


def pause() -> Generator[Move, Reply, None]:
    """Wait, with no end, until somebody speaks again."""
    reply = yield Ask("ask.paused", Expects("command"), accepts=frozenset({"resume"}), clarifies=True, seconds=math.inf)
    while isinstance(reply.value, Silence):
        reply = yield Ask(
            "ask.paused",
            Expects("command"),
            wording=1,
            accepts=frozenset({"resume"}),
            clarifies=True,
            seconds=math.inf,
        )


def _ask(
    key: str, expects: Expects, blanks: Mapping[str, Blank] | None, after: Answer | None, accepts: frozenset[str]
) -> Ask:
    lead = echo(after) if after else None
    if lead:
        expects = replace(expects, corrects="rating", echoed=after.rating() if after else None)
    return Ask(key, expects, blanks or {}, accepts=accepts, lead=lead)


def _get(ask: Ask, final: bool = False) -> Asking:
    silences = misses = 0
    doubted: Value = None
    denied: tuple[float | bool | str, ...] = ()
    while True:
        ask = replace(ask, expects=replace(ask.expects, denied=denied))
        reply = yield replace(ask, wording=silences + misses, lead=ask.lead if silences + misses == 0 else None)
        match reply.value:
            case Match(kind="out_of_range"):
                yield Say("say.scale")
                misses += 1
            case Match(kind="command", value=str(name)):
                return Answer(None, reply.at, reply.manner, name)
            case Match(value=False, score=score) if ask.ends and reply.manner == "rough" and score < SURE_END:
                settled, denied = yield from _confirm(ask, False)
                if settled:
                    return settled
                misses += 1
            case Match(kind="rating", value=value, score=score) if (
                (denied or final) and reply.manner == "rough" and score < SURE
            ):
                settled, new = yield from _confirm(ask, value)
                if settled:
                    return settled
                denied += new
                misses += 1
            case Match(value=value):
                return Answer(value, reply.at, reply.manner)
            case Unsure(candidates=(first, *_)) if first == doubted and first is not None and not final:
                return Answer(first, reply.at, reply.manner)  # heard so twice, each time afresh
            case Unsure(candidates=candidates):
                settled, new = yield from _settle(ask, candidates, final)
                if settled:
                    return settled
                denied += new
                doubted = None if new else candidates[0]
                misses += 1
            case Silence():
                silences += 1
            case _:
                misses += 1
        if silences > SILENCES or misses >= MISSES:
            yield from pause()
            silences = misses = 0


def _settle(ask: Ask, candidates: tuple[Value, ...], final: bool = False) -> Generator[Move, Reply, _Settled]:
    """Ask about what was not certain. `final`: the echo of the answer cannot be corrected."""
    first, *rest = candidates
    if not rest:
        return (yield from _confirm(ask, first))
    blanks = {"first": _said(first), "second": _said(rest[0])}
    reply = yield Ask(f"ask.which_{_noun(ask)}", ask.expects, blanks, accepts=ask.accepts, clarifies=True)
    match reply.value:
        case Match(kind="command", value=str(name)):
            return Answer(None, reply.at, reply.manner, name), ()
        case Match(kind="rating" | "choice" | "yes_no", value=value):
            if reply.manner == "rough" and (final or value not in (first, rest[0])):
                # Something third: one of the two times was misheard.
                return (yield from _confirm(ask, value))
            return Answer(value, reply.at, reply.manner), ()
        case Unsure(candidates=heard) if both := [value for value in heard if value in (first, rest[0])]:
            # Heard twice and twice in doubt: a yes or a no is easier to tell apart than two numbers.
            again = both[0]
            answer, denied = yield from _confirm(ask, again)
            left = rest[0] if again == first else first
            if denied and left not in denied:
                answer, more = yield from _confirm(ask, left)
                denied += more
            return answer, denied
        case Unsure(candidates=(third, *_)):
            return (yield from _confirm(ask, third))
        case _:
            return None, ()


def _confirm(ask: Ask, value: Value, surely: bool = False, again: bool = False) -> Generator[Move, Reply, _Settled]:
    """ "Did you say …?" `surely`: only a yes that is heard without doubt will do. `again`: another was denied so."""
    denied = () if value is None else (value,)
    expects = Expects("yes-no")
    if ask.expects.kind == "rating" and isinstance(value, float):
        expects = replace(expects, corrects="rating", echoed=value)
    elif ask.expects.kind == "yes-no":
        expects = replace(expects, corrects=ask.expects.corrects, echoed=ask.expects.echoed)
    reply = yield Ask("ask.did_you_say", expects, {"value": _said(value)}, clarifies=True)
    match reply.value:
        case Match(kind="yes_no", value=bool(said)):
            return (Answer(value, reply.at, reply.manner), ()) if said else (None, denied)
        case Unsure(candidates=candidates, score=score) if len(candidates) > 1 and score < LIKELIER:
            return None, ()
        case Unsure(candidates=(bool(said), *_)) if not surely:
            # A doubtful yes will do here: the answer is said back once more and can still be corrected.
            return (Answer(value, reply.at, reply.manner), ()) if said else (None, denied)
        case Correction(value=other) if other not in (value, None) and reply.manner == "rough":
            # A plain no is heard as "no, two", too.
            if again:
                return None, denied
            settled, more = yield from _confirm(ask, other, again=True)
            return settled, () if settled else (*denied, *more)
        case Match(kind="rating" | "choice", value=other) | Correction(value=other) if other not in (value, None):
            return Answer(other, reply.at, reply.manner), ()
        case Correction():
            return None, denied  # only the no was heard right
        case _:
            return None, ()


def _noun(ask: Ask) -> str:
    return {"rating": "rating", "choice": "choice"}.get(ask.expects.kind, "answer")


def _said(value: Value) -> Blank:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def _get_words(ask: Ask) -> Generator[Move, Reply, tuple[Answer, str | None]]:
    """The words and what they lack. Where a weak recognizer finds none twice, something was said all the same."""
    silences = unclear = 0
    while True:
        reply = yield replace(ask, wording=silences, lead=ask.lead if silences == 0 else None)
        unclear += reply.manner == "rough" and isinstance(reply.value, Nothing | Unsure)
        if unclear == UNCLEAR:
            return Answer("", reply.at, reply.manner, sounded=reply.sounded), None
        match reply.value:
            case Match(kind="command", value=str(name)):
                return Answer(None, reply.at, reply.manner, name), None
            case Match(value=value, missing=missing):
                return Answer(value, reply.at, reply.manner, sounded=reply.sounded), missing
            case Silence() | Nothing():
                silences += 1
            case _:
                silences += 1
        if silences > SILENCES:
            yield from pause()
            silences = 0


def _once(ask: Ask) -> Asking:
    """A turn in which silence is an answer."""
    reply = yield ask
    match reply.value:
        case Match(kind="text", value=value):
            return Answer(value, reply.at, reply.manner)
        case _:
            return Answer(None, reply.at, reply.manner)
