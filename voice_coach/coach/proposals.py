"""What section 2 of the rules can answer: a rung to do, a rung to rate, or none for now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voice_coach.records import Rung, Variation

Reason = Literal[
    "start", "again", "vary", "changed", "easier", "after_hard", "below", "too_high", "up", "bridge", "stay",
    "inserted", "retention",
]  # fmt: skip
"""Which rule chose the rung."""

BLANKS: Mapping[Reason, tuple[str, ...]] = {
    "start": ("rating",), "again": ("row", "needed"), "vary": ("row", "needed"), "changed": ("tries",),
    "easier": ("tries",), "after_hard": ("rating",), "below": ("rating",), "too_high": ("rating",),
    "up": ("row", "rating"), "bridge": ("row", "rating"), "stay": ("row", "needed"), "inserted": ("rating",),
    "retention": ("days", "check"),
}  # fmt: skip
"""The person's numbers that come with each reason, for the sentence that answers "Why this one?".

rating: how hard the rung was said to be (bridge: the next rung); row: good ones in a row; needed: how many it takes;
tries: times on this rung since it was entered; days: since it was mastered or last checked; check: 1 to 3.
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rung to do next, with the rule that chose it and the person's numbers behind it."""

    rung: Rung
    variation: Variation | None
    why: Reason
    retention: bool = False
    numbers: Mapping[str, float] = field(default_factory=dict)
    """By the names in `BLANKS`."""
    above: Rung | None = None
    """bridge: the next rung, which is too high. stay: the one that was passed by rating, where the one after it is too
    easy as well: no second one is passed."""

    @property
    def easier(self) -> bool:
        """True where the variation makes the rung easier."""
        return self.variation is not None and self.variation.easier


@dataclass(frozen=True, slots=True)
class NeedsRating:
    """This rung must be rated (anew) before anything can be proposed; `why` goes into its RungRating."""

    rung: Rung
    why: Literal["entering", "after_hard", "away", "promotion"]


@dataclass(frozen=True, slots=True)
class NoRung:
    """Nothing to propose.

    make: no rung in the band, a new one is needed; make_easier: even the lowest is too much;
    finished: every rung is mastered and no check is due; once_a_day: today's is done, another only when asked for.
    """

    reason: Literal["make", "make_easier", "finished", "once_a_day"]


Next = Proposal | NeedsRating | NoRung
