"""One exposure with everything that came before it on its ladder: which rung was worked on, and how each was rated."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ladders import Ladder
from stored import Done, Fact, Stored


@dataclass(frozen=True, slots=True)
class Look:
    """One exposure with everything that came before it on its ladder."""

    stored: Stored
    shape: Ladder
    now: Done
    past: tuple[Done, ...]
    """Counted ones of the ladder, by their end."""
    former: tuple[Ladder, ...] = ()
    """The forms that the ladder had before, the oldest first."""

    def name(self, done: Done) -> str:
        return self.shape.name(done.rung)

    def stands(self, done: Done) -> tuple[bool, str | None]:
        """Whether this exposure says which rung is current, and which: of a deleted one, the next lower."""
        if done.retention and not fell_through(done):
            return False, None
        if self.shape.place(done.rung) is not None:
            return True, self.name(done)
        forms = (*self.former, self.shape)
        having = [number for number, form in enumerate(forms) if form.place(done.rung) is not None]
        if not having:
            return False, None
        rung: str | None = forms[having[-1]].name(done.rung)
        for form, following in pairwise(forms[having[-1] :]):
            if rung is not None and rung not in following.rungs:
                kept = [lower for lower in form.rungs[: form.rungs.index(rung)] if lower in following.rungs]
                rung = kept[-1] if kept else None
        return True, rung

    @property
    def current(self) -> str | None:
        """The rung that is worked on: the last one, unless a check since then fell through."""
        rung = None
        for done in self.past:
            says, there = self.stands(done)
            rung = there if says else rung
        return rung

    @property
    def deleted(self) -> Done | None:
        """The exposure that was the last to say which rung is current, where its own was deleted since."""
        last = next((done for done in reversed(self.past) if self.stands(done)[0]), None)
        return last if last is not None and self.shape.place(last.rung) is None else None

    def ratings(self, rung: str) -> list[Fact]:
        """What this rung was said to be, oldest first."""
        return [
            fact
            for fact in self.stored.named("rung_rating", self.now.order)
            if fact.value["ladder"] == self.now.ladder and self.shape.name(fact.value["rung"]) == rung
        ]

    def rating(self, rung: str) -> Fact | None:
        found = self.ratings(rung)
        return found[-1] if found else None

    def of(self, rung: str, checks: bool = False) -> list[Done]:
        return [done for done in self.past if self.name(done) == rung and (checks or not done.retention)]


def fell_through(check: Done) -> bool:
    """A check after which the rung is worked on again."""
    return check.grade == "hard" or (check.score is not None and check.score > 4.0)
