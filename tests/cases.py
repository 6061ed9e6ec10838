"""For every row of the rules one case in which it, and only it, decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from people import CLEAR, DAY, HOUR, NOW, OUTSIDE, ZONE, exposed, said

from voice_coach.coach.proposals import Proposal
from voice_coach.records import Answers, Block, CheckIn


def high_on(*days_ago: int, value: float = 7.0) -> tuple[CheckIn, ...]:
    return tuple(CheckIn(value, NOW - ago * DAY, ZONE) for ago in days_ago)


HARD: dict[str, Any] = {"peak": 8.0}
NIGHT = datetime(2026, 3, 4, 22, 30, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
LATCH = Block("latch", "crisis", NOW - 23 * HOUR, None, ZONE)
STRESSED = Block("rest", "stress", NOW - DAY, NOW + HOUR, ZONE)
HARD_RUN = tuple(exposed(ago * DAY, **HARD) for ago in (6, 5, 4))
CAP = tuple(exposed(ago * HOUR) for ago in (23, 13, 4))

CASES: dict[int, tuple[dict[str, Any], str]] = {
    1: ({"history": replace(CLEAR, blocks=(LATCH,), screens=(NOW,))}, "latch"),
    2: ({"history": replace(CLEAR, blocks=(STRESSED,))}, "stress"),
    3: ({"history": replace(CLEAR, exposures=HARD_RUN)}, "hard_run"),
    4: ({"history": replace(CLEAR, exposures=(exposed(5 * HOUR, **HARD),))}, "hard_today"),
    5: ({"history": replace(CLEAR, exposures=CAP)}, "cap"),
    6: ({"history": replace(CLEAR, exposures=(exposed(2 * HOUR),))}, "spacing"),
    7: ({"answers": Answers({}, 3.0)}, "ask"),
    8: ({"answers": said(suicide="yes")}, "crisis"),
    9: ({"answers": said(age="no")}, "minor"),
    10: ({"answers": said(unreal="yes")}, "unreal"),
    11: ({"answers": said(panic="yes", panic_helped="no")}, "panic"),
    12: ({"answers": said(trauma="yes")}, "trauma"),
    13: ({"answers": said(daily_life="yes")}, "daily_life"),
    14: ({"history": replace(CLEAR, check_ins=high_on(9, 2, 0)), "answers": said(3.0)}, "high_run"),
    15: ({"answers": said(7.0)}, "high_today"),
    16: ({"answers": said(stress="yes")}, "stress"),
    17: ({"proposal": Proposal(OUTSIDE, None, "start"), "now": NIGHT}, "night"),
    18: ({"refused": lambda rung: rung.id == "inside"}, "no_rung"),
    19: ({"answers": said(5.5)}, "go"),
    20: ({}, "go"),
}
