"""How an exposure counts: good, hard, plain or lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice, takewhile
from typing import Literal

from voice_coach.records import Exposure, Rules

Grade = Literal["good", "hard", "plain", "lost"]


def score(exposure: Exposure) -> float | None:
    """The higher of peak and after; the one that was given when the other is missing; None without both."""
    given = [rating for rating in (exposure.peak, exposure.after) if rating is not None]
    return max(given, default=None)


def grade(exposure: Exposure, rules: Rules) -> Grade:
    """How this exposure counts. Lost ones neither count nor break a row; a missing rating can be hard, never good."""
    if exposure.how == "lost":
        return "lost"
    high = score(exposure)
    stopped = exposure.how in ("stopped", "too_much")
    if stopped or exposure.happened == "yes" or (high is not None and high >= rules["hard_from"].value):
        return "hard"
    rated = exposure.peak is not None and exposure.after is not None
    ended = exposure.reached_end is True and exposure.reflected
    if rated and ended and high is not None and high < rules["good_below"].value:
        return "good"
    return "plain"


def counted(exposures: Iterable[Exposure]) -> tuple[Exposure, ...]:
    """Those that were not lost, by the time they ended, oldest first."""
    return tuple(sorted((e for e in exposures if e.how != "lost"), key=lambda e: e.ended))


def since(exposures: Sequence[Exposure], at: datetime) -> tuple[Exposure, ...]:
    """Those that ended then or later, newest first; `exposures` are ordered by their end, as a history has them."""
    return tuple(takewhile(lambda exposure: exposure.ended >= at, reversed(exposures)))


def newest(exposures: Sequence[Exposure], size: int) -> tuple[Exposure, ...]:
    """The last so many that were not lost, newest first; ordered as for `since`."""
    return tuple(islice((exposure for exposure in reversed(exposures) if exposure.how != "lost"), size))
