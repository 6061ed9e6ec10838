"""Which ladders a fear is about: by the words that it shares with their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from voice_coach.records import Ladder
from voice_coach.understand.spoken import Spelling, fold

ENDINGS = ("ing", "es", "s", "e")
"""What a word may end in and still be the same: "calls", "calling" and "call"."""
SHORTEST = 3
"""Letters that stay of a word."""


class Nearest:
    """Ranks ladders for the words of a fear."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], rules: Spelling) -> None:
        self._rules = rules
        self._weak = frozenset(
            word
            for name in ("plain_words", "fear_words")
            for entry in words.get(name, ())
            for word in fold(entry, rules)
        )

    def rank(self, fear: str, ladders: Iterable[Ladder]) -> tuple[str, ...]:
        """The ids of the ladders that share words with this fear, nearest first; a word of many ladders weighs less."""
        said = self._stems(fear)
        known = {ladder.id: self._stems(" ".join((ladder.name, *ladder.called))) for ladder in ladders}
        common = Counter(stem for stems in known.values() for stem in stems)
        weights = {name: sum(1 / common[stem] for stem in stems & said) for name, stems in known.items()}
        return tuple(sorted((name for name in weights if weights[name]), key=lambda name: -weights[name]))

    def _stems(self, text: str) -> frozenset[str]:
        return frozenset(stem(word) for word in fold(text, self._rules) if word not in self._weak)


def stem(word: str) -> str:
    """What a word has in common with its other forms: "call" of "calling", "famil" of "families"."""
    if word.endswith("y"):
        word = f"{word[:-1]}i"
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word[: -len(ending)]
    return word
