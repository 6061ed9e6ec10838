"""A degree said without a number ("pretty high", "not too bad"): never a rating, but two numbers to ask about."""

from __future__ import annotations

from collections.abc import Mapping

from voice_coach.understand.numbers import NOTHING, Rated
from voice_coach.understand.spoken import Phrases, Spelling, Tails, fold

MOST_WORDS = 8
SCORE = 0.4
LEVELS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "low": {"slightly": (3, 2), "": (2, 3), "fairly": (2, 3), "strongly": (1, 2)},
    "middle": {"slightly": (5, 4), "": (5, 6), "fairly": (5, 6), "strongly": (6, 5)},
    "high": {"slightly": (3, 4), "": (7, 8), "fairly": (7, 6), "strongly": (8, 9)},
    "top": {"slightly": (9, 8), "": (10, 9), "fairly": (9, 8), "strongly": (10, 9)},
}
"""The two numbers to ask about, the likelier first, by what is said and how strongly."""


class Vague:
    """Reads degrees; compiled once from the word lists of the language."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], rules: Spelling) -> None:
        self._levels = {fold(said, rules): level for level in LEVELS for said in words.get(f"degree_{level}", ())}
        self._strengths = {
            fold(said, rules): name
            for name in ("slightly", "fairly", "strongly")
            for said in words.get(f"degree_{name}", ())
        }
        self._before = Phrases(self._strengths)
        self._openings = Phrases(fold(said, rules) for name in ("hedges", "asides") for said in words.get(name, ()))
        self._closings = Tails(fold(said, rules) for name in ("hedge_tails", "asides") for said in words.get(name, ()))

    def read(self, words: tuple[str, ...]) -> Rated:
        """Two numbers in doubt, where the whole utterance is a degree; nothing otherwise."""
        if not 0 < len(words) <= MOST_WORDS:
            return NOTHING
        strength = ""
        while words not in self._levels:
            if 0 < (length := self._before.at(words, 0)) < len(words):
                strength = strength or self._strengths[words[:length]]
            elif not 0 < (length := self._openings.at(words, 0)) < len(words):
                shorter = self._closings.strip(words)
                if shorter == words:
                    return NOTHING
                words, length = shorter, 0
            words = words[length:]
        level = self._levels[words]
        return Rated(LEVELS[level][strength], False, SCORE, f"a degree without a number ({level})")
