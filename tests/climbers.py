"""People on a ladder: a history written a day at a time, and what comes next by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from people import DAY, LADDER, RULES, ZONE, utc

from voice_coach.coach.progression import Next, propose
from voice_coach.records import Exposure, History, Ladder, RungRating

START = utc(2026, 3, 2, 18)


class Person:
    """Writes a history, a day at a time."""

    def __init__(self, ladder: Ladder = LADDER, **ratings: float) -> None:
        self.ladder, self.now = ladder, START
        self.history = History(ZONE, ladder=ladder.id)
        self.rate(**ratings)

    def rate(self, **ratings: float) -> Person:
        given_now = tuple(RungRating(self.ladder.id, name, value, self.now) for name, value in ratings.items())
        self.history = replace(self.history, rung_ratings=(*self.history.rung_ratings, *given_now))
        return self

    def did(self, name: str, peak: float | None = 1.5, days: float = 1, **changes: Any) -> Person:
        """An exposure of two minutes; then it is `days` after its end."""
        end = self.now + timedelta(minutes=2)
        done = Exposure(
            id=str(len(self.history.exposures)), ladder="talk", rung=name, started=self.now, ended=end, zone=ZONE,
            how="done", peak=peak, after=1.0, reached_end=True, happened="no", reflected=True,
        )  # fmt: skip
        self.history = replace(self.history, exposures=(*self.history.exposures, replace(done, **changes)))
        self.now = end
        return self.wait(days)

    def wait(self, days: float) -> Person:
        self.now += days * DAY
        return self

    def mastered(self, name: str, days: float = 1) -> Person:
        """Two good ones, one of them a variation, and its three checks."""
        self.did(name).did(name, variation="stand")
        for gap in (4, 10, days):
            self.did(name, retention=True, days=gap)
        return self

    def next(self, **options: Any) -> Next:
        return propose(self.history, self.ladder, self.now, RULES, ZONE, **options)


def on_a() -> Person:
    return Person(a=3.0)
