"""The screen: short lay questions before any exposure. It gives no score and no label."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime

from voice_coach.coach.asking import trit
from voice_coach.coach.rules import may_expose, required
from voice_coach.coach.today import Today
from voice_coach.records import Answers, Refer, Rest, Trit, Verdict
from voice_coach.words import Ask, Expects, Match, Move, Note, Reply, Say

READ_BACK = frozenset({"trauma", "unreal", "panic"})
"""Absolute contraindications: a yes is read back once. A crisis yes never is."""
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
        tied = ladder if question == "trauma" else None
        absolute = question in READ_BACK | {"suicide"} and answer != "no"
        yield Note("screen_answer", {"question": question, "answer": answer, "ladder": tied}, barrier=absolute)
        verdict = may_expose(history, now, answers, today.rules, None, today.zone)
        if isinstance(verdict, Refer) or (isinstance(verdict, Rest) and verdict.reason != "ask"):
            return answers, verdict, now
    if "daily_life" in answers.screen:
        yield Note("screened", {"full": True})
    return answers, may_expose(history, now, answers, today.rules, None, today.zone), now


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
