"""Twelve weeks in the life of an imagined person: when they practise, and how a rung feels on that day."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from voice_coach.records import Exposure, Ladder
from voice_coach.rehearsal import wording
from voice_coach.rehearsal.person import Asked, Course, Drawn

Doing = Callable[[], str]
"""Which rung is being done: the question how high it went does not name it."""

LADDER = "public_speaking"
COURSES: Mapping[Course, int] = {
    "went": 1000, "high": 45, "too_much": 12, "time": 20, "not_today": 30, "refused": 8, "stopped": 12,
}  # fmt: skip
"""How often a day takes which course, in about a thousand: over weeks most days are ordinary."""
MISSED = 0.1
"""How often a day is missed."""
TWICE = 0.08
"""How often somebody comes back on the same day for another step, hours later."""
TOO_SOON = 0.03
"""How often somebody comes back within the hour, to be told to wait."""
HARD = 0.06
"""How often a step turns out hard."""
AWAY_DAYS = 15
"""A fortnight without practice, and the day of the return."""
KEEPS = 0.62
"""What is left of a rung's fear after each time that it was done."""
SPREADS = 0.15
"""By how much every rung feels lower after each step, whichever it was."""
RETURNS = 0.6
"""How much comes back after a fortnight."""


@dataclass(frozen=True, slots=True)
class Life:
    """The days of the person of one seed."""

    seed: str
    days: int
    ladders: Mapping[str, Ladder]

    def moments(self, first: date) -> tuple[datetime, ...]:
        """When this person sits down to practise, from this day on (UTC), oldest first."""
        traits = random.Random(f"{self.seed}/life")
        usual = traits.randint(8, 20)
        away = traits.randint(self.days // 3, max(self.days // 3, self.days - 2 * AWAY_DAYS))
        found: list[datetime] = []
        for day in range(self.days):
            draw = random.Random(f"{self.seed}/{day}/when")
            if (self.days > 3 * AWAY_DAYS and away <= day < away + AWAY_DAYS) or draw.random() < MISSED:
                continue
            hour = min(21, max(7, usual + draw.randint(-1, 1)))
            at = datetime.combine(first + timedelta(days=day), time(hour, draw.randrange(60)), UTC)
            found.append(at)
            again = draw.random()
            if again < TOO_SOON:
                found.append(at + timedelta(minutes=45))
            elif again < TOO_SOON + TWICE and hour < 17:
                found.append(at + timedelta(hours=4))
        return tuple(found)

    def person(self, at: datetime, exposures: Sequence[Exposure], doing: Doing) -> Living:
        """The person as they are at this moment, after these exposures."""
        return Living(self.seed, self.ladders, at, exposures, doing)


class Living(Drawn):
    """The person on one day: fear of a rung falls with practice, spreads, and comes back a little after a pause."""

    def __init__(
        self, seed: str, ladders: Mapping[str, Ladder], at: datetime, exposures: Sequence[Exposure], doing: Doing
    ) -> None:
        super().__init__(f"{seed}/{at:%Y-%m-%dT%H}", ladders, courses=COURSES, refusing=("unreal", "stress"))
        traits = random.Random(f"{seed}/life/fears")
        self._lowest = traits.choice((2.0, 2.5, 2.5, 3.0))
        self._apart = traits.choice((0.9, 1.0, 1.0, 1.1))
        self._order = [rung.id for rung in ladders[LADDER].rungs]
        done = [one for one in exposures if one.how in ("done", "time") and one.rung in self._order]
        self._total = len(done)
        self._times: Counter[str] = Counter()
        for one in exposures:
            if one.how in ("stopped", "too_much") or (one.peak is not None and one.peak >= 7.0):
                self._times[one.rung] = 0  # a hard time brings the fear of a rung back
            else:
                self._times[one.rung] += one in done
        reached = [self._order.index(one.rung) for one in done if not one.retention]
        self._frontier = max(reached, default=0)
        pause = at - exposures[-1].ended if exposures else timedelta()
        self._back = RETURNS if pause > timedelta(days=AWAY_DAYS - 2) else 0.0
        last = exposures[-1] if exposures else None
        shaken = last is not None and last.rung == self._order[0] and (last.peak is None or last.peak >= 7)
        if shaken and self._course == "too_much":
            self._course = "went"  # below the lowest rung there is none to go back to
        self._hard_day = not shaken and self._draw("hard day").random() < HARD
        self._doing = doing

    @property
    def _hard(self) -> bool:
        """This is a hard day, and the step is one of the two that are still new enough to go wrong."""
        rung = self._doing()
        return self._hard_day and rung in self._order and self._order.index(rung) >= self._frontier - 1

    def fear(self, rung: str) -> float:
        """How anxious this rung would make the person today, 0 to 10."""
        place = self._order.index(rung) if rung in self._order else 0
        raw = self._lowest + self._apart * place - SPREADS * self._total
        times = self._times[rung]
        if not times:
            return min(10.0, max(2.0, raw) + self._back)  # what was never done, or went badly, does not feel easy
        return min(10.0, max(0.0, max(2.0, raw) * KEEPS**times) + self._back)

    def _rating(self, asked: Asked) -> float | None:
        match asked.key:
            case "ask.before" if self._course != "high":
                usual: tuple[float, ...] = (1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 3.5, 2.5, 5.0, 5.5, 6.0)
                return self._one("before", usual)
            case "ask.rung" if asked.rung in self._order:
                return _half(self.fear(asked.rung))
            case "ask.peak":
                felt = self.fear(self._doing()) + self._one("slip", (-0.5, 0.0, 0.0, 0.5))
                return _half(max(7.0, felt + 3.0) if self._hard else felt)
            case "ask.after":
                return _half(self.fear(self._doing()) * 0.6)
            case _:
                return super()._rating(asked)

    def _words(self, asked: Asked) -> str:
        match asked.key:
            case "ask.ladder":
                return self._ladders[LADDER].name
            case "ask.another":
                return self._agree(asked, True)
            case "ask.happened":
                came: Literal["no", "partly", "yes"] = "no"
                if self._hard:
                    came = self._one("happened", ("partly", "yes"))
                elif self._draw("partly").random() < 0.1:
                    came = "partly"
                return self._one("happened words", wording.HAPPENED[came])
            case _:
                return super()._words(asked)


def _half(value: float) -> float:
    return min(20, max(0, round(value * 2))) / 2
