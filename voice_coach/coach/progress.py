""" "How am I doing?": what was done, in facts a listener can hold; never a score, never a reproach."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from voice_coach.coach.days import day_of
from voice_coach.coach.grading import counted, since
from voice_coach.coach.standing import standing
from voice_coach.records import History, Ladder, Rules
from voice_coach.words import Move, Reply, Say

WEEK = 7
FEWEST = 2
"""So many answers a comparison needs."""


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely the feared outcome seemed before a step, and after it for the next time (0 to 10)."""

    before: float
    after: float


def progress(
    history: History, ladder: Ladder | None, likelihoods: Sequence[Likelihood], rules: Rules, now: datetime
) -> tuple[Say, ...]:
    """The lines to speak, under half a minute together: sessions, week, rung, expected and happened, likelihood.

    `ladder`: the active one. `likelihoods`: oldest first. What there is nothing to tell of is left out.
    """
    if not history.sessions:
        return (Say("progress.none"),)
    said = [Say("progress.sessions", {"count": history.sessions})]
    days = _days(history, now)
    if days:
        said.append(Say("progress.week", {"days": days}))
    if ladder is not None:
        said += _rung(history, ladder, rules, now)
    told = [done.happened for done in history.exposures if done.how != "lost" and done.happened is not None]
    if len(told) >= FEWEST:
        said.append(Say("progress.expected", {"times": len(told), "came": told.count("yes")}))
    if len(likelihoods) >= FEWEST:
        before = _half(fmean(one.before for one in likelihoods))
        after = _half(fmean(one.after for one in likelihoods))
        said.append(Say("progress.likelihood", {"before": before, "after": after}))
    return tuple(said)


def told(lines: Sequence[Say], private: bool) -> Generator[Move, Reply, None]:
    """The same as a short script; in private mode no number."""
    if private:
        yield Say("private.progress")
        return
    for line in lines:  # noqa: UP028 - replies are sent in, and a tuple takes none
        yield line


def _days(history: History, now: datetime) -> int:
    """On how many of the last seven local days a step was done: days that were missed are not spoken of."""
    today = day_of(now, history.zone)
    recent = counted(since(history.exposures, now - timedelta(days=WEEK + 2)))
    days = {day_of(done.started, done.zone) for done in recent}
    return sum(today - timedelta(days=WEEK) < day <= today for day in days)


def _rung(history: History, ladder: Ladder, rules: Rules, now: datetime) -> list[Say]:
    where = standing(history, ladder, now, rules)
    if where.current is None:
        return []
    place = [rung.id for rung in ladder.rungs].index(where.current)
    return [Say("progress.rung", {"place": place + 1, "all": len(ladder.rungs)})]


def _half(value: float) -> float:
    return round(value * 2) / 2
