"""Whether a commitment in the person's own words is more than the rung that it is made for, by word lists."""

from __future__ import annotations

from collections.abc import Mapping

from voice_coach.records import Rung
from voice_coach.understand.spoken import Spelling, fold, folded

SECONDS: Mapping[str, int] = {"seconds": 1, "minutes": 60, "hours": 3600}
MANY = 1000
"""Taken for "everybody" and "a crowd"."""
REACH = 2
"""Words between a number and what it counts, and the number itself."""


class Larger:
    """Compares commitments with rungs; compiled once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], numbers: Mapping[str, float], rules: Spelling) -> None:
        self._rules, self._numbers = rules, numbers
        units = folded(words, "count_", rules)
        self._units = {word: unit for unit, entries in units.items() for entry in entries for word in entry}
        self._all, self._alone = (
            tuple(frozenset(fold(entry, rules)) for entry in words.get(name, ()))
            for name in ("all_at_once", "by_oneself")
        )

    def than(self, commitment: str, rung: Rung) -> bool:
        """Whether it names a longer time than the rung takes, or more of what the rung counts, or a whole crowd."""
        own, wanted = self._amounts(f"{rung.say} {rung.end}"), self._amounts(commitment)
        own["seconds"] = max(own.get("seconds", 0), rung.seconds)
        if "with_others" not in rung.tags:
            own.setdefault("people", MANY - 1)  # how many may be near is open, but it is no crowd
        return any(amount > own[unit] for unit, amount in wanted.items() if unit in own)

    def _amounts(self, text: str) -> dict[str, float]:
        """The largest number of each thing that is counted; times in seconds."""
        words = fold(text, self._rules)
        said = frozenset(words)
        found: dict[str, float] = {}
        if any(entry <= said for entry in self._alone):
            found["people"] = 0
        if any(entry <= said for entry in self._all):
            found["people"] = MANY
        for place, word in enumerate(words):
            unit = self._units.get(word)
            if unit is None:
                continue
            amount = self._number_before(words[max(0, place - REACH) : place])
            if amount is not None:
                amount, unit = amount * SECONDS.get(unit, 1), "seconds" if unit in SECONDS else unit
                found[unit] = max(found.get(unit, 0), amount)
        return found

    def _number_before(self, words: tuple[str, ...]) -> float | None:
        numbers = [value for value in map(self._number, words) if value is not None]
        # "twenty five" is one number, "one or two" the larger of two.
        tens = len(numbers) == REACH and numbers[0] >= 20 and numbers[1] < 10
        return sum(numbers) if tens else max(numbers, default=None)

    def _number(self, word: str) -> float | None:
        if word in ("a", "an"):
            return 1.0
        try:
            return float(word)
        except ValueError:
            return self._numbers.get(word)
