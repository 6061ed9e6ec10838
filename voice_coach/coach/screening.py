"""The screen: short lay questions before any exposure. It gives no score and no label."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from voice_coach.coach.asking import trit
from voice_coach.coach.rules import may_expose, required
from voice_coach.coach.today import Today
from voice_coach.records import Answers, History, Refer, Rest, RungRating, Trit, Verdict
from voice_coach.words import Ask, DangerKind, Expects, Match, Move, Note, Reply, Say

T = TypeVar("T")

READ_BACK = frozenset({"trauma", "unreal", "panic"})
"""Absolute contraindications: a yes is read back once. A crisis yes never is."""
RAISES: dict[DangerKind, str] = {"trauma": "trauma", "dissociation": "unreal", "panic": "panic"}
"""What is mentioned in passing, and the question that it raises."""
CLARIFIED = frozenset({"trauma", "daily_life", "stress"})
"""Unsure gets one clarification."""


def screen(today: Today, ladder: str) -> Generator[Move, Reply, tuple[Answers, Verdict, datetime]]:
    """Ask what has to be asked; the first Refer ends it. Returns the answers, the last verdict and its time."""
    answers = Answers(dict(today.screen))
    history = replace(today.history, ladder=ladder)
    now = today.now
    full = len(required(history, now, answers, today.rules)) > 1
    if full:
        yield Say("screen.intro")
    while questions := required(history, now, answers, today.rules):
        question = questions[0]
        answer, now = yield from _one(question)
        answers = replace(answers, screen={**answers.screen, question: answer})
        yield from _keep(question, answer, ladder)
        verdict = may_expose(history, now, answers, today.rules, None, today.zone)
        if isinstance(verdict, Refer) or (isinstance(verdict, Rest) and verdict.reason != "ask"):
            return answers, verdict, now
    if "daily_life" in answers.screen:
        yield Note("screened", {"full": True})
    return answers, may_expose(history, now, answers, today.rules, None, today.zone), now


def overhearing(script: Generator[Move, Reply, T], raised: set[str]) -> Generator[Move, Reply, T]:
    """The same script; the screen questions that its answers raise in passing are put into `raised`."""
    try:
        move = next(script)
        while True:
            reply = yield move
            raised.update(RAISES[kind] for kind in reply.raised if kind in RAISES)
            move = script.send(reply)
    except StopIteration as stop:
        value: T = stop.value
        return value


def rating_rungs(script: Generator[Move, Reply, T], rated: list[RungRating]) -> Generator[Move, Reply, T]:
    """The same script; the ratings of rungs that it notes are put into `rated`."""
    try:
        move = next(script)
        while True:
            reply = yield move
            if isinstance(move, Note) and move.name == "rung_rating":
                fact = {name: str(move.value[name]) for name in ("ladder", "rung", "value", "why")}
                rated.append(RungRating(fact["ladder"], fact["rung"], float(fact["value"]), reply.at, fact["why"]))
            move = script.send(reply)
    except StopIteration as stop:
        value: T = stop.value
        return value


def ask_raised(
    today: Today, history: History, answers: Answers, raised: set[str], now: datetime
) -> Generator[Move, Reply, tuple[Answers, Verdict, datetime]]:
    """Ask what was raised in passing, each once, and empty `raised`; the first Refer ends it."""
    verdict = may_expose(history, now, answers, today.rules, None, today.zone)
    for question in [known for known in RAISES.values() if known in raised]:
        raised.discard(question)
        for asked in (question, "panic_helped") if question == "panic" else (question,):
            if asked == "panic_helped" and answers.screen["panic"] == "no":
                continue
            answer, now = yield from _one(asked)
            answers = replace(answers, screen={**answers.screen, asked: answer})
            yield from _keep(asked, answer, history.ladder)
        verdict = may_expose(history, now, answers, today.rules, None, today.zone)
        if isinstance(verdict, Refer):
            break
    return answers, verdict, now


def _keep(question: str, answer: Trit, ladder: str | None) -> Generator[Move, Reply, None]:
    absolute = question in READ_BACK | {"suicide"} and answer != "no"
    tied = ladder if question == "trauma" else None
    yield Note("screen_answer", {"question": question, "answer": answer, "ladder": tied}, barrier=absolute)


def _one(question: str) -> Generator[Move, Reply, tuple[Trit, datetime]]:
    answer, at = yield from trit(f"screen.{question}")
    if answer == "yes" and question in READ_BACK:
        reply = yield Ask("ask.yes_right", Expects("yes-no"), clarifies=True)
        at = reply.at
        match reply.value:
            case Match(kind="yes_no", value=False):
                answer, at = yield from trit(f"screen.{question}")
            case _:
                pass
    elif answer == "unsure" and question in CLARIFIED:
        answer, at = yield from trit(f"clarify.{question}")
    return answer, at
