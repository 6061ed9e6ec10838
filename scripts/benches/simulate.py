"""How imagined people of several kinds move up their ladders in twelve weeks, by the coach's own rules.

A table and a plot.

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
    ladders: tuple[str, ...] = ("public_speaking",)
    """What is practised, another one on each day."""


KINDS: Mapping[str, Kind] = {
    "steady": Kind(0.9, 0.04),
    "avoiding": Kind(0.35, 0.12, high=0.1),
    "dropping out": Kind(0.8, 0.08, leaves=0.04),
    "lying": Kind(0.8, 0.05, lies=True),
    "clock changes": Kind(0.9, 0.04, jumps=True),
    "two ladders": Kind(0.9, 0.04, ladders=("public_speaking", "social")),
}


@dataclass(frozen=True, slots=True)
class Week:
    """Where somebody is at the end of a week."""

    mastered: int
    """Rungs, of all their ladders."""
    steps: int
    """Exposures so far."""


class Person:
    """Somebody on one ladder or several, one day after the other."""

    def __init__(self, kind: Kind, ladders: Mapping[str, Ladder], rules: Rules, seed: str) -> None:
        self._kind, self._rules, self._draw = kind, rules, random.Random(seed)
        self._ladders = [ladders[name] for name in kind.ladders]
        self._lowest, self._apart = self._draw.uniform(2.0, 3.0), self._draw.uniform(0.8, 1.2)
        self._times: dict[str, int] = {}
        self._total = 0
        self.history = History(ZONE, screens=(START,), age_confirmed=True, trauma_asked=frozenset(kind.ladders))

    def live(self, days: int) -> Iterator[Week]:
        """How it stands at the end of each week."""
        gone = False
        for day in range(days):
            at = START + day * DAY + timedelta(minutes=self._draw.randint(-90, 90))
            gone = gone or self._draw.random() < self._kind.leaves
            if not gone and self._draw.random() < self._kind.comes:
                ladder = self._ladders[day % len(self._ladders)]
                jump = timedelta(hours=self._draw.randint(-72, 72)) if self._kind.jumps else timedelta()
                self._practise(ladder, at + jump)
            if day % 7 == 6:
                tracks = [standing(self.history, ladder, at, self._rules).tracks for ladder in self._ladders]
                mastered = sum(track.mastered is not None for ladder in tracks for track in ladder.values())
                yield Week(mastered, len(self.history.exposures))

    def _practise(self, ladder: Ladder, at: datetime) -> None:
        # The screen is not what is asked about here.
        self.history = replace(self.history, ladder=ladder.id, screens=(at - DAY,))
        before = self._draw.uniform(7.0, 9.0) if self._draw.random() < self._kind.high else self._draw.uniform(1.0, 6.0)
        before = _half(before)
        self.history = replace(self.history, check_ins=(*self.history.check_ins, CheckIn(before, at, ZONE)))
        proposal = propose(self.history, ladder, at, self._rules, ZONE)
        while isinstance(proposal, NeedsRating):
            felt = RungRating(ladder.id, proposal.rung.id, self._says(ladder, proposal.rung.id), at, proposal.why)
            self.history = replace(self.history, rung_ratings=(*self.history.rung_ratings, felt))
            proposal = propose(self.history, ladder, at, self._rules, ZONE)
        if not isinstance(proposal, Proposal):
            return
        answers = Answers({"since": "no"}, before)
        go = may_expose(self.history, at, answers, self._rules, proposal, ZONE)
        if isinstance(go, Go):
            self._do(ladder, go, proposal, before)

    def _do(self, ladder: Ladder, go: Go, proposal: Proposal, before: float) -> None:
        hard = self._draw.random() < self._kind.hard
        peak = 8.0 if hard else self._says(ladder, go.rung.id)
        done = Exposure(
            go.id, go.rung.ladder, go.rung.id, go.at, go.at + timedelta(minutes=3), ZONE, "done",
            go.variation.id if go.variation else None, before, peak, peak / 2, True, "no", True, proposal.retention,
        )  # fmt: skip
        self.history = replace(self.history, exposures=(*self.history.exposures, done))
        self._times[go.rung.id] = 0 if hard else self._times.get(go.rung.id, 0) + 1
        self._total += not hard

    def _says(self, ladder: Ladder, rung: str) -> float:
        if self._kind.lies:
            return _half(self._draw.uniform(0.0, 5.0))
        place = [one.id for one in ladder.rungs].index(rung)
        raw = max(2.0, self._lowest + self._apart * place - SPREADS * self._total)
        return _half(raw * KEEPS ** self._times.get(rung, 0) + self._draw.choice((-0.25, 0.0, 0.25)))


def _half(value: float) -> float:
    return min(20, max(0, round(value * 2))) / 2


Courses = Mapping[str, list[list[Week]]]


def table(people: int, days: int) -> Courses:
    """For each kind the weeks of all its people."""
    catalog = load(catalog_files.read_texts())
    return {
        name: [list(Person(kind, catalog.ladders, catalog.rules, f"{name}/{n}").live(days)) for n in range(people)]
        for name, kind in KINDS.items()
    }


def lines(courses: Courses) -> Iterator[str]:
    """The table of each kind's median week by week, the same as a plot of letters, and how far people came."""
    weeks = len(next(iter(courses.values()))[0])
    medians = {
        name: [statistics.median(week.mastered for week in column) for column in zip(*people, strict=True)]
        for name, people in courses.items()
    }
    yield f"{'rungs mastered, week':<20}" + "".join(f"{week:>5}" for week in range(1, weeks + 1))
    for name, row in medians.items():
        yield f"{name:<20}" + "".join(f"{median:>5g}" for median in row)
    yield ""
    yield from _plot(medians, weeks)
    yield ""
    yield f"{'after ' + str(weeks) + ' weeks':<20}{'a tenth':>10}{'half':>10}{'nine tenths':>13}{'steps, half':>13}"
    for name, people in courses.items():
        ends = sorted(course[-1].mastered for course in people)
        low, middle, high = (ends[min(len(ends) - 1, int(len(ends) * share))] for share in (0.1, 0.5, 0.9))
        steps = statistics.median(course[-1].steps for course in people)
        yield f"{name:<20}{low:>10}{middle:>10}{high:>13}{steps:>13g}"


def _plot(medians: Mapping[str, list[float]], weeks: int) -> Iterator[str]:
    """A row a rung, a column a week, a letter a kind; a dot where there is none."""
    letters = {name: name[0] for name in medians}
    top = max(round(median) for row in medians.values() for median in row)
    for rungs in range(top, -1, -1):
        cells = [
            "".join(letters[name] for name, row in medians.items() if round(row[week]) == rungs) or "."
            for week in range(weeks)
        ]
        yield f"{rungs:>3} rungs |" + "".join(f"{cell:>7}" for cell in cells)
    yield f"{'week |':>11}" + "".join(f"{week:>7}" for week in range(1, weeks + 1))
    yield "           " + ", ".join(f"{letter} {name}" for name, letter in letters.items())


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
