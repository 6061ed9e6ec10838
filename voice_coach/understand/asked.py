"""What people ask about practice, at any question: understood by the words that carry it, and only where it asks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from voice_coach.understand.catalog import Catalog
from voice_coach.understand.judged import Judged
from voice_coach.understand.spoken import Phrases, Spelling, fold
from voice_coach.words import Match

ALIKE = 0.62
"""Share of the weight of the words, 0 to 1, that an utterance and a phrase must have in common."""
MARGIN = 0.06
"""By how much the likest question must be ahead of the second."""
LIGHT = 0.3
"""What a word weighs that carries little, beside one that the phrases share out."""
ENDINGS = ("ing", "es", "ed", "s", "e")
SHORTEST_STEM = 3
MOST_WORDS = 20
FEWEST_UNKNOWN = 3
"""Words that a question needs before the coach says that it does not know."""
UNKNOWN = "unknown"
EXACTLY = "question: exact"


@dataclass(frozen=True, slots=True)
class _Phrase:
    question: str
    stems: frozenset[str]
    weight: float


class Questions:
    """Reads utterances as questions of the catalog; compiled once, pure."""

    def __init__(self, catalog: Catalog, rules: Spelling) -> None:
        self._asking = frozenset(catalog.words.get("asking", ()))
        self._about = frozenset(_stem(word) for word in catalog.words.get("about_practice", ()))
        self._leads = Phrases(fold(lead, rules) for lead in catalog.words.get("leads", ()))
        light = (*catalog.words.get("weak", ()), *catalog.words.get("light_in_questions", ()))
        self._light = frozenset(map(_stem, light))
        folded = [(name, fold(phrase, rules)) for name, one in catalog.questions.items() for phrase in one.phrases]
        self._exact = {words: name for name, words in folded}
        first = {words[0] for _, words in folded if words and not self._asking & set(words[1:])}
        self._openers = frozenset(first) | self._asking
        stems = [(name, frozenset(map(_stem, words))) for name, words in folded]
        self._times = Counter(stem for _, phrase in stems for stem in phrase)
        sayings = (saying for one in catalog.intents.values() for saying in (*one.exact, *one.phrases))
        listed = (entry for entries in catalog.words.values() for entry in entries)
        worded = (" ".join(words) for _, words in folded)
        self._known = frozenset(word for text in (*sayings, *listed, *worded) for word in text.split())
        self._phrases = [_Phrase(name, phrase, self._weight(phrase)) for name, phrase in stems]
        self._holding: dict[str, list[_Phrase]] = {}
        for phrase in self._phrases:
            for stem in phrase.stems - self._light or phrase.stems:
                self._holding.setdefault(stem, []).append(phrase)

    def read(self, words: tuple[str, ...], open_turn: bool) -> Judged | None:
        """The question of the catalog that was asked. In an open turn only one in the catalog's own words."""
        name = self._exact.get(words) or self._exact.get(self._leads.strip_front(words))
        if name is not None:
            return Judged(Match("question", name, 0.95), EXACTLY)
        if open_turn or not 1 < len(words) <= MOST_WORDS or not self._asks(words):
            return None
        return self._likest(frozenset(map(_stem, words)), len(set(words) - self._known))

    def unknown(self, words: tuple[str, ...], marked: bool) -> Judged | None:
        """A question to the coach that it has no answer to. `marked`: it was written with a question mark."""
        asks = len(words) >= FEWEST_UNKNOWN and self._opens(words)
        if not asks or not (marked or self._about.intersection(map(_stem, words))):
            return None
        return Judged(Match("question", UNKNOWN, 0.7), "a question without an answer")

    def _likest(self, said: frozenset[str], strange: int) -> Judged | None:
        """The question most like what was said, clearly ahead. `strange`: words that the catalog has nowhere."""
        weight = self._weight(said)
        near: dict[str, float] = {}
        for stem in said:
            for phrase in self._holding.get(stem, ()):
                # A strange word may be a slip in a command: two words in common are too little.
                if strange and len((said & phrase.stems) - self._light) <= strange + 1:
                    continue
                shared = 2 * self._weight(said & phrase.stems) / (weight + phrase.weight)
                near[phrase.question] = max(shared, near.get(phrase.question, 0.0))
        ranked = sorted(near.items(), key=lambda one: -one[1])
        if not ranked or ranked[0][1] < ALIKE or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN):
            return None
        return Judged(Match("question", ranked[0][0], round(0.6 + 0.35 * ranked[0][1], 3)), "question: alike")

    def _weight(self, stems: Iterable[str]) -> float:
        """What the words carry: rare ones more; one that no phrase has counts as the rarest."""
        rarest = math.log(1 + self._times.total())
        return sum(
            LIGHT if stem in self._light else rarest - math.log(self._times.get(stem, 0) + 1) / 2 for stem in stems
        )

    def _opens(self, words: tuple[str, ...]) -> bool:
        rest = self._leads.strip_front(words)
        return words[0] in self._openers or (rest[:1] != () and rest[0] in self._openers)

    def _asks(self, words: tuple[str, ...]) -> bool:
        return self._opens(words) or bool(self._asking & set(words))


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
