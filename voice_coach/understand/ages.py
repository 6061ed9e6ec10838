"""Whether somebody says an age, and one that is old enough: "I'm nineteen" answers "Are you eighteen or older?"."""

from __future__ import annotations

from collections.abc import Mapping

from voice_coach.understand.numbers import Ratings

LEAST = 12
"""Fewer years are an age only where years are spoken of: "I am ten" may be a rating."""
MOST = 120
MOST_WORDS = 10


class Ages:
    """Reads ages; compiled once from the word lists of the language."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], ratings: Ratings, least: float) -> None:
        self._ratings = ratings
        self._old_enough = least
        self._said = frozenset(words.get("age_verbs", ()))
        self._years = frozenset(words.get("age_years", ()))
        self._nearly = frozenset(words.get("age_nearly", ()))
        self._beside = self._said | self._years | self._nearly | frozenset(words.get("age_company", ()))

    def read(self, words: tuple[str, ...]) -> bool | None:
        """Whether the age that was said is old enough; None where no age was said."""
        if not 1 < len(words) <= MOST_WORDS or not self._said.intersection(words):
            return None
        numbers = self._ratings.numbers(words)
        others = [word for word in words if not self._ratings.is_number(word)]
        if len(numbers) != 1 or not all(word in self._beside for word in others):
            return None
        years = numbers[0]
        least = 1 if self._years.intersection(others) else LEAST
        if years != int(years) or not least <= years <= MOST:
            return None
        return years - bool(self._nearly.intersection(others)) >= self._old_enough
