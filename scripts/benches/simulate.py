"""How imagined people of several kinds move up a ladder in twelve weeks, by the coach's own rules: a table and a plot.

`scripts/simulate [--people 1000] [--days 84]`
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from voice_coach import catalog_files
from voice_coach.coach.progression import NeedsRating, Proposal, propose
from voice_coach.coach.rules import may_expose
from voice_coach.coach.standing import standing
from voice_coach.records import Answers, CheckIn, Exposure, Go, History, Ladder, Rules, RungRating
from voice_coach.understand.loading import load

START = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ZONE = "Europe/Berlin"
KEEPS, SPREADS = 0.65, 0.13
"""What is left of a rung's fear after each step, and by how much every rung feels lower after any step."""
WIDTH = 42


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of person."""

    comes: float
    """How likely a day is one of practice."""
    hard: float
    """How likely a step turns out hard."""
    high: float = 0.04
    """How likely the number before a step is seven or more."""
    leaves: float = 0.0
    """How likely each day is the last one of all."""
    lies: bool = False
    """Says any number, whatever is felt."""
    jumps: bool = False
    """The clock of the machine jumps by up to three days, both ways."""


KINDS: Mapping[str, Kind] = {
    "steady": Kind(0.9, 0.04),
    "avoiding": Kind(0.35, 0.12, high=0.1),
    "dropping out": Kind(0.8, 0.08, leaves=0.04),
    "lying": Kind(0.8, 0.05, lies=True),
    "clock changes": Kind(0.9, 0.04, jumps=True),
}


class Person:
    """Somebody on a ladder, one day after the other."""

    def __init__(self, kind: Kind, ladder: Ladder, rules: Rules, seed: str) -> None:
        self._kind, self._ladder, self._rules, self._draw = kind, ladder, rules, random.Random(seed)
        self._lowest, self._apart = self._draw.uniform(2.0, 3.0), self._draw.uniform(0.8, 1.2)
        self._times: dict[str, int] = {}
        self._total = 0
        self.history = History(ZONE, ladder=ladder.id, screens=(START,), age_confirmed=True,
                               trauma_asked=frozenset({ladder.id}))  # fmt: skip

    def live(self, days: int) -> Iterator[int]:
        """How many rungs are mastered at the end of each week."""
        gone = False
        for day in range(days):
            at = START + day * DAY + timedelta(minutes=self._draw.randint(-90, 90))
            gone = gone or self._draw.random() < self._kind.leaves
            if not gone and self._draw.random() < self._kind.comes:
                self._practise(at + timedelta(hours=self._draw.randint(-72, 72)) if self._kind.jumps else at)
            if day % 7 == 6:
                tracks = standing(self.history, self._ladder, at, self._rules).tracks.values()
                yield sum(track.mastered is not None for track in tracks)

    def _practise(self, at: datetime) -> None:
        self.history = replace(self.history, screens=(at - DAY,))  # the screen is not what is asked about here
        before = self._draw.uniform(7.0, 9.0) if self._draw.random() < self._kind.high else self._draw.uniform(1.0, 6.0)
        before = _half(before)
        self.history = replace(self.history, check_ins=(*self.history.check_ins, CheckIn(before, at, ZONE)))
        proposal = propose(self.history, self._ladder, at, self._rules, ZONE)
        while isinstance(proposal, NeedsRating):
            felt = RungRating(self._ladder.id, proposal.rung.id, self._says(proposal.rung.id), at, proposal.why)
            self.history = replace(self.history, rung_ratings=(*self.history.rung_ratings, felt))
            proposal = propose(self.history, self._ladder, at, self._rules, ZONE)
        if not isinstance(proposal, Proposal):
            return
        answers = Answers({"since": "no"}, before)
        go = may_expose(self.history, at, answers, self._rules, proposal, ZONE)
        if isinstance(go, Go):
            self._do(go, proposal, before)

    def _do(self, go: Go, proposal: Proposal, before: float) -> None:
        hard = self._draw.random() < self._kind.hard
        peak = 8.0 if hard else self._says(go.rung.id)
        done = Exposure(
            go.id, go.rung.ladder, go.rung.id, go.at, go.at + timedelta(minutes=3), ZONE, "done",
            go.variation.id if go.variation else None, before, peak, peak / 2, True, "no", True, proposal.retention,
        )  # fmt: skip
        self.history = replace(self.history, exposures=(*self.history.exposures, done))
        self._times[go.rung.id] = 0 if hard else self._times.get(go.rung.id, 0) + 1
        self._total += not hard

    def _says(self, rung: str) -> float:
        if self._kind.lies:
            return _half(self._draw.uniform(0.0, 5.0))
        place = [one.id for one in self._ladder.rungs].index(rung)
        raw = max(2.0, self._lowest + self._apart * place - SPREADS * self._total)
        return _half(raw * KEEPS ** self._times.get(rung, 0) + self._draw.choice((-0.25, 0.0, 0.25)))


def _half(value: float) -> float:
    return min(20, max(0, round(value * 2))) / 2


def table(people: int, days: int) -> dict[str, list[list[int]]]:
    """For each kind the weekly courses of all its people: rungs mastered."""
    catalog = load(catalog_files.read_texts())
    ladder = catalog.ladders["public_speaking"]
    return {
        name: [list(Person(kind, ladder, catalog.rules, f"{name}/{n}").live(days)) for n in range(people)]
        for name, kind in KINDS.items()
    }


def lines(courses: dict[str, list[list[int]]]) -> Iterator[str]:
    """The table, and the median course of each kind as a plot of letters."""
    yield f"{'kind':<15}{'week':>5}" + "".join(f"{week:>5}" for week in range(1, 13)) + "   rungs mastered, median"
    for name, people in courses.items():
        medians = [statistics.median(week) for week in zip(*people, strict=True)]
        yield f"{name:<15}{'':>5}" + "".join(f"{median:>5g}" for median in medians)
    yield ""
    yield "at the end: a tenth of the people have fewer, half, a tenth more"
    for name, people in courses.items():
        ends = sorted(course[-1] for course in people)
        low, middle, high = (ends[min(len(ends) - 1, int(len(ends) * share))] for share in (0.1, 0.5, 0.9))
        bar = "".join("#" if place < middle * 4 else "-" if place < high * 4 else " " for place in range(WIDTH))
        yield f"{name:<15}{low:>3}{middle:>3}{high:>3}  |{bar}|"


def main() -> int:
    """Print the table and the plot."""
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--days", type=int, default=84)
    wanted = parser.parse_args()
    print("\n".join(lines(table(wanted.people, wanted.days))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
