"""A session a day of one imagined person, up to today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice_coach.records import Exposure
from voice_coach.rehearsal.rehearse import HOUR, ZONE, Held, Rehearsal, Rehearsed, passing_store
from voice_coach.remember.store import Store

EASIER = 0.25
"""By how much every rung is rated lower after each step that was done."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of practice."""

    at: datetime
    held: Held
    exposure: Exposure | None
    """The step of this day."""
    rehearsed: Rehearsed | None
    """Both sessions, where the day was spoken."""

    def __str__(self) -> str:
        parts = [self.held.outcome.how.replace("_", " ")]
        if self.held.outcome.reason:
            parts.append(self.held.outcome.reason.replace("_", " "))
        if self.exposure:
            done = self.exposure
            parts.append(f"step {done.rung}" + (f" with {done.variation}" if done.variation else ""))
            numbers = (("before", done.before), ("highest", done.peak), ("after", done.after))
            parts += [f"{name} {value:g}" for name, value in numbers if value is not None]
        if self.rehearsed and not self.rehearsed.right:
            parts.append(f"not as typed: {self.rehearsed.culprit or 'no mishearing is to blame'}")
        return f"{self.at:%Y-%m-%d}: {', '.join(parts)}"


def hold_days(
    rehearsal: Rehearsal, store: Store, seed: int, days: int, now: datetime, *, spoken: bool
) -> Iterator[Day]:
    """A session a day into `store`, starting so many days before now."""
    with passing_store() as passing:
        for back in range(days, 0, -1):
            at = datetime.combine(now.date() - timedelta(days=back), HOUR)
            day = days - back + 1
            before = store.history(ZONE).exposures
            used_to_it = EASIER * sum(one.how == "done" for one in before)
            person = rehearsal.person(str(seed), day, used_to_it)
            both: Rehearsed | None = None
            if spoken:
                typed = rehearsal.hold_typed(passing, person, at)
                both = Rehearsed(rehearsal.hold_spoken(store, person, at, f"{seed}/{day}"), typed)
            held = both.spoken if both else rehearsal.hold_typed(store, person, at)
            known = {one.id for one in before}
            new = [one for one in store.history(ZONE).exposures if one.id not in known]
            yield Day(at, held, new[-1] if new else None, both)
