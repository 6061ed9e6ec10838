"""A practice of many days by one imagined person, up to today, and what was decided on each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice_coach.coach.grading import grade
from voice_coach.coach.standing import standing
from voice_coach.records import Exposure
from voice_coach.rehearsal.life import LADDER, Doing, Life
from voice_coach.rehearsal.rehearse import ZONE, Held, Rehearsal, Rehearsed, passing_store
from voice_coach.remember.store import Store


@dataclass(frozen=True, slots=True)
class Day:
    """One session of a practice."""

    at: datetime
    held: Held
    decisions: tuple[str, ...]
    """What was decided and why, in the coach's own words."""
    exposure: Exposure | None
    """The step of this session."""
    grade: str
    """How the step counts; empty without one."""
    rehearsed: Rehearsed | None
    """Both sessions, where the day was spoken."""

    def __str__(self) -> str:
        how = self.held.outcome.how.replace("_", " ")
        parts = [f"{self.at:%Y-%m-%d %H:%M} {how}.", *self.decisions]
        if self.exposure:
            numbers = (
                ("before", self.exposure.before),
                ("highest", self.exposure.peak),
                ("after", self.exposure.after),
            )
            told = [f"{name} {value:g}" for name, value in numbers if value is not None]
            parts.append(f"Counts as {self.grade}: {', '.join(told) or 'no numbers'}.")
        if self.rehearsed and not self.rehearsed.right:
            parts.append(f"Not as typed: {self.rehearsed.culprit or 'no mishearing is to blame.'}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the days came to."""

    days: int
    sessions: int
    exposures: int
    mastered: int
    rungs: int

    def __str__(self) -> str:
        return (
            f"{self.days} days, {self.sessions} sessions, {self.exposures} exposures, "
            f"{self.mastered} of {self.rungs} rungs mastered"
        )


def hold_days(
    rehearsal: Rehearsal, store: Store, seed: int, days: int, now: datetime, *, spoken: bool
) -> Iterator[Day]:
    """The sessions of so many days into `store`, the first one that long before now."""
    life = Life(str(seed), days, rehearsal.catalog.ladders)
    with passing_store() as passing:
        for at in life.moments(now.date() - timedelta(days=days)):
            before = store.history(ZONE).exposures
            told = len(store.facts("proposal")), len(store.facts("rung_rating"))
            both: Rehearsed | None = None
            person = life.person(at, before, _doing(store))
            if spoken:
                typed = rehearsal.hold_typed(passing, life.person(at, before, _doing(passing)), at)
                both = Rehearsed(rehearsal.hold_spoken(store, person, at, f"{seed}/{at:%m-%d-%H}"), typed)
            held = both.spoken if both else rehearsal.hold_typed(store, person, at)
            known = {one.id for one in before}
            new = next((one for one in store.history(ZONE).exposures if one.id not in known), None)
            how = grade(new, rehearsal.catalog.rules) if new else ""
            yield Day(at, held, _decisions(store, told, held), new, how, both)


def tally(rehearsal: Rehearsal, store: Store, days: int, sessions: int, now: datetime) -> Tally:
    """What this practice came to."""
    history = store.history(ZONE)
    ladder = rehearsal.catalog.ladders[history.ladder or LADDER]
    tracks = standing(history, ladder, now, rehearsal.catalog.rules).tracks.values()
    mastered = sum(track.mastered is not None for track in tracks)
    return Tally(days, sessions, len(history.exposures), mastered, len(ladder.rungs))


def _doing(store: Store) -> Doing:
    def rung() -> str:
        proposed = store.facts("proposal")
        return str(json.loads(proposed[-1].value)["rung"]) if proposed else ""

    return rung


def _decisions(store: Store, told: tuple[int, int], held: Held) -> tuple[str, ...]:
    """The ratings asked for, the step or the refusal, each with its reason."""
    proposed, rated = store.facts("proposal")[told[0] :], store.facts("rung_rating")[told[1] :]
    said: list[str] = []
    for entry in rated:
        fact = json.loads(entry.value)
        said.append(f"Rated {fact['rung']} {fact['value']:g} ({fact['why'].replace('_', ' ')}).")
    for entry in proposed[-1:]:
        fact = json.loads(entry.value)
        change = f" with {fact['variation']}" if fact["variation"] else ""
        said.append(f"Step {fact['rung']}{change}.")
    said += held.transcript.reasons
    return tuple(said)
