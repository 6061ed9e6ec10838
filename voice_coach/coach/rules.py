"""The only door to an exposure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from voice_coach.coach.days import moment
from voice_coach.coach.proposals import Proposal
from voice_coach.coach.questions import required
from voice_coach.coach.verdicts import ROWS, Case
from voice_coach.records import Answers, Block, History, Refer, Rest, Rules, Rung, Verdict

__all__ = ["LASTING", "blocks", "may_expose", "required"]

LASTING = frozenset(
    {"crisis", "minor", "unreal", "panic", "trauma", "daily_life", "high_run", "high_today", "stress"}
)  # fmt: skip
"""The reasons of rows 8 to 16: they hold after a restart and whatever is answered then."""


def may_expose(
    history: History,
    now: datetime,
    answers: Answers,
    rules: Rules,
    proposal: Proposal | None,
    zone: str,
    refused: Callable[[Rung], bool] | None = None,
) -> Verdict:
    """Whether this person may do this exposure now: Go, Rest or Refer; the first row that holds decides.

    `now` is aware; `history.ladder` is the active ladder; `proposal` may be None until there is one; `zone` is the
    IANA name of where the person is; `refused` says of a rung that it may not be done alone.
    """
    case = Case(history, moment(history, now), answers, rules, proposal, zone, refused)
    for _, row in ROWS:
        verdict = row(case)
        if verdict is not None:
            return verdict
    return Rest("no_rung", case.now)


def blocks(verdict: Verdict, now: datetime, zone: str) -> Block | None:
    """What must be stored of a verdict so that it outlives the session; None where nothing must."""
    if not isinstance(verdict, Rest | Refer) or verdict.reason not in LASTING:
        return None
    if isinstance(verdict, Rest):
        return Block("rest", verdict.reason, now, verdict.until, zone)
    if verdict.reason == "crisis":
        return Block("latch", verdict.reason, now, verdict.until, zone)
    return Block("refer", verdict.reason, now, verdict.until, zone, verdict.ladder)
