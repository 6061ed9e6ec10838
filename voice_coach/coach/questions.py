"""Which questions of the screen are still to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from voice_coach.records import Answers, History, Rules

FULL = ("age", "trauma", "suicide", "unreal", "panic", "daily_life", "stress")
"""The full screen in spoken order; `panic_helped` follows `panic` where that was not a no."""

SCREENED = frozenset({"crisis", "minor", "unreal", "panic", "trauma", "daily_life"})
"""Why an answer on the screen can lead to a Refer: each ends the screen before it is complete."""


def full_screen_due(history: History, now: datetime, answers: Answers, rules: Rules) -> bool:
    """True where the one question about the time since is not enough.

    Never asked to its end, too old, older than the last crisis, older than a Refer that broke it off,
    a crisis or doubt since last time, or a review of a closed ladder (the answer `review`) asked for.
    """
    if answers.screen.get("since") in ("yes", "unsure") or answers.screen.get("review") == "yes":
        return True
    asked = max(history.screens, default=None)
    if asked is None or now - asked >= timedelta(days=rules["screen_age"].value):
        return True
    latches = [block.at for block in history.blocks if block.kind == "latch"]
    broken_off = [block.at for block in history.blocks if block.kind == "refer" and block.reason in SCREENED]
    return any(asked <= at for at in (*history.crises, *latches, *broken_off))


def required(history: History, now: datetime, answers: Answers, rules: Rules) -> tuple[str, ...]:
    """The questions that must be answered before an exposure and are not yet, in the order in which to ask them."""
    return tuple(question for question in _questions(history, now, answers, rules) if question not in answers.screen)


def _questions(history: History, now: datetime, answers: Answers, rules: Rules) -> Iterator[str]:
    full = full_screen_due(history, now, answers, rules)
    if not full:
        yield "since"
        if history.ladder is not None and history.ladder not in history.trauma_asked:
            yield "trauma"  # the screen in full was about another fear
    for question in FULL if full else ("age",):
        if question == "age" and history.age_confirmed:
            continue
        yield question
        if question == "panic" and answers.screen.get("panic") in ("yes", "unsure"):
            yield "panic_helped"
