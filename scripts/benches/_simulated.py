"""The simulated person of `scripts/bench hear`: rates by recordings, in a session of the coach's own."""

from __future__ import annotations

import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

from voice_coach.app import Coach, run_stage
from voice_coach.coach import asking
from voice_coach.coach.floor import Stage
from voice_coach.coach.today import Today
from voice_coach.ports import Events, Line, Turn
from voice_coach.rehearsal.stage import CoachRead, SampleClock
from voice_coach.remember.store import PASSING, Store
from voice_coach.settings import Settings
from voice_coach.speak.phrasing import Phrasing
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.interpret import Understanding
from voice_coach.words import Ended, Heard, Manner, Outcome, Script, Value

MOST_TURNS = 4
"""Utterances after which somebody gives up."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stock:
    """How every recording was heard, by what was said in which turn."""

    rated: Mapping[tuple[str, str], Sequence[Heard]]
    """Speaker and word → the word, asked for a rating."""
    corrected: Mapping[tuple[str, str], Sequence[Heard]]
    """Speaker and word → "no" and the word, after an echo and asked for another rating."""
    agreed: Mapping[str, Sequence[Heard]]
    """ "yes" and "no" → either, of anybody, asked "did you say seven?"."""


class _Said:
    """Recordings of one word by one person, none of them twice before all were used."""

    def __init__(self, heard: Sequence[Heard], rng: random.Random) -> None:
        self._heard, self._rng = heard, rng
        self._left: list[Heard] = []

    def next(self) -> Heard:
        if not self._left:
            self._left = self._rng.sample(self._heard, len(self._heard))
        return self._left.pop()


@dataclass
class _Person:
    """Means one number: listens to each line, says it, agrees, denies, corrects; leaves when it stands or is no use."""

    events: Events
    clock: SampleClock
    coach: CoachRead
    phrase: Phrasing
    meant: float
    said: Mapping[str, _Said]
    manner: Manner = "rough"
    name: str = "simulated"
    turns: int = 0
    course: list[str] = field(default_factory=list)
    _open: Turn | None = None

    def start(self) -> None:
        pass

    def open(self, turn: Turn) -> None:
        if turn.speaking or turn is self._open:
            return
        self._open = turn
        says = self._says(self.coach.last)
        at = self.clock.now()
        if says is None or self.turns == MOST_TURNS:
            self.events.put(Ended(at, "input"))
            return
        self.turns += 1
        self.course.append(says)
        self.events.put(replace(self.said[says].next(), began=at, at=at))

    def close(self) -> None:
        pass

    def shut(self) -> None:
        pass

    def _says(self, line: Line) -> str | None:
        """What is said to a line; None: the number is said back rightly."""
        if line.key == "ask.did_you_say":
            return "yes" if line.text == self.phrase(line.key, 0, {"value": self.meant}) else "no"
        if line.key != "ask.after":
            return "rated"
        echo = self.phrase("echo.rating", 0, {"value": self.meant})
        return None if line.text.startswith(f"{echo} ") else "corrected"


def simulate(
    stock: Stock, meant: Mapping[str, float], catalog: Catalog, understanding: Understanding, runs: int = 1000
) -> dict[str, object]:
    """Wrong numbers in the journal and people who gave up without one, of 1,000, and utterances an answer.

    `wrong_by`: what was said, turn by turn, where the number was wrong in the end; the commonest first.
    """
    rng = random.Random(1)
    words = [key for key, heard in stock.rated.items() if len(heard) >= 2 and key in stock.corrected]
    count: Counter[str] = Counter()
    by: Counter[str] = Counter()
    turns = 0
    with tempfile.TemporaryDirectory() as home:
        for _ in range(runs):
            key = rng.choice(words)
            said = {"rated": stock.rated[key], "corrected": stock.corrected[key], **stock.agreed}
            standing, person = _hold(Path(home), catalog, understanding, meant[key[1]], said, rng)
            turns += person.turns
            end = "right" if standing == person.meant else "gave up" if standing is None else "wrong"
            count[end] += 1
            if end == "wrong":
                by[", ".join(person.course)] += 1
    return {
        "wrong_per_1000": round(1000 * count["wrong"] / runs, 1),
        "turns": round(turns / runs, 2),
        "gave_up_per_1000": round(1000 * count["gave up"] / runs, 1),
        "wrong_by": dict(by.most_common(6)),
    }


def _hold(
    home: Path, catalog: Catalog, understanding: Understanding, meant: float, said: Mapping[str, Sequence[Heard]],
    rng: random.Random,
) -> tuple[Value, _Person]:  # fmt: skip
    """One session that asks for two ratings; what the first one is in the end, None without one."""
    standing: dict[str, Value] = {}

    def two_ratings(today: Today) -> Script:
        del today
        standing.clear()
        first = yield from asking.rating("ask.peak")
        standing["first"] = first.value
        yield from asking.rating("ask.after", after=first)
        return Outcome("went")

    events: Events = SimpleQueue()
    clock = SampleClock()
    voice = CoachRead(clock, _Unseen())
    sayings = defaultdict(lambda: _Said((), rng)) | {name: _Said(heard, rng) for name, heard in said.items()}
    person = _Person(events, clock, voice, Phrasing(catalog, {}), meant, sayings)
    with closing(Store(PASSING)) as store:
        coach = Coach(Settings(home), catalog, understanding, store, "UTC", lambda: NOW, script=two_ratings)
        run_stage(coach, Stage(clock, events, person, voice))
    return standing.get("first"), person


class _Unseen:
    """A witness of nothing."""

    def line(self, line: Line) -> None:
        pass

    def silent(self, line: Line) -> None:
        pass

    def heard(self, spoken: str, line: Line, turn: Turn, heard: Heard | None) -> None:
        pass
