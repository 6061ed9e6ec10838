"""What keeps a person from practising now and must outlive the words it was decided by."""

from __future__ import annotations

from datetime import datetime

from voice_coach.coach.days import moment
from voice_coach.coach.verdicts import Case, cap, hard_run, hard_today, spacing, stressed
from voice_coach.records import Answers, Block, History, Refer, Rest, Rules


def from_exposures(history: History, now: datetime, rules: Rules, zone: str) -> tuple[Block, ...]:
    """The blocks that follow from what happened and was said alone: they would be over with that forgotten."""
    case = Case(history, moment(history, now), Answers(), rules, None, zone)
    verdicts = [row(case) for row in (hard_run, hard_today, cap, spacing, stressed)]
    return tuple(
        Block("refer" if isinstance(verdict, Refer) else "rest", verdict.reason, now, verdict.until, zone)
        for verdict in verdicts
        if isinstance(verdict, Rest | Refer)
    )
