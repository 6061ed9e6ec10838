"""Which of the offered labels: by place, by its words, by some of its words, or none."""

from __future__ import annotations

from collections.abc import Sequence

from voice_coach.understand.catalog import Catalog
from voice_coach.understand.judged import Judged
from voice_coach.understand.matching import Matcher
from voice_coach.understand.numbers import Ratings
from voice_coach.understand.spoken import Phrases, Spelling, fold
from voice_coach.words import Match, Unsure


class Choices:
    """Reads choices; the wording of known labels is compiled once."""

    def __init__(self, catalog: Catalog, rules: Spelling, ratings: Ratings) -> None:
        self._rules = rules
        self._ratings = ratings
        self._wording = {
            label: tuple(fold(saying, rules) for saying in (*intent.exact, *intent.phrases))
            for label, intent in catalog.choices.items()
        }
        self._words = {name: frozenset(entries) for name, entries in catalog.words.items()}
        self._matcher = Matcher({}, catalog.words, rules)
        self._any = frozenset(fold(saying, rules) for saying in catalog.words.get("any", ()))
        self._last = frozenset(fold(saying, rules) for saying in catalog.words.get("last", ()))
        self._middle = frozenset(fold(saying, rules) for saying in catalog.words.get("middle_one", ()))
        self._openings = Phrases(fold(saying, rules) for saying in catalog.words.get("choice_openings", ()))
        self._ordinals = {word: place for place, word in enumerate(catalog.words.get("ordinals", ()), start=1)}

    def sayings(self, label: str) -> tuple[tuple[str, ...], ...]:
        """Every wording of a label, folded: its own words first."""
        own = fold(label, self._rules)
        return (own, *self._wording.get(label, ())) if own else self._wording.get(label, ())

    def names(self, words: tuple[str, ...], labels: Sequence[str]) -> bool:
        """True where the whole utterance is a wording of one of these labels, or says that any will do."""
        return words in self._any or any(self._is(words, label) for label in labels)

    def read(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
        """The label meant, several to ask about, or None."""
        core = self._core(words)
        for form in (words, core):
            named = [label for label in labels if form in map(self._core, self.sayings(label)) or self._is(form, label)]
            if len(named) == 1:
                return Judged(Match("choice", named[0], 0.98), "its own words")
        if core in self._any or words in self._any:
            return Judged(Unsure(tuple(labels), 0.5), "any of them")
        return self._by_place(core, labels) or self._by_part(core, labels)

    def _core(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return self._openings.strip_front(self._matcher.stripped(words))

    def _is(self, words: tuple[str, ...], label: str) -> bool:
        return words in self.sayings(label)

    def _by_place(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
        if words in self._last and labels:
            return Judged(Match("choice", labels[-1], 0.97), "the last")
        if words in self._middle and len(labels) % 2:
            return Judged(Match("choice", labels[len(labels) // 2], 0.97), "the middle one")
        plain = [word for word in words if word not in self._words.get("choice_words", frozenset())]
        if words and not plain and words[-1] == "one":
            plain = ["one"]
        if len(plain) != 1:
            return None
        place = self._ordinals.get(plain[0])
        if place is None:
            rated = self._ratings.read((plain[0],))
            place = int(rated.values[0]) if rated.sure and rated.values and rated.guard == "one number" else None
        if place is None or not 1 <= place <= len(labels):
            return None
        return Judged(Match("choice", labels[place - 1], 0.96), "by number")

    def _by_part(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
        weak = self._words.get("weak", frozenset()) | self._words.get("choice_words", frozenset())
        if set(words) & self._words.get("negations", frozenset()):
            return None
        said = frozenset(words) - weak
        if not said:
            return None
        known = {label: frozenset(word for saying in self.sayings(label) for word in saying) - weak for label in labels}
        fits = [label for label in labels if said <= known[label]]
        if len(fits) == 1:
            return Judged(Match("choice", fits[0], 0.93), "part of its words")
        if fits:
            return Judged(Unsure(tuple(fits), 0.5), "part of the words of several")
        shared = {label: len(said & known[label]) for label in labels}
        best = [label for label in labels if shared[label] and shared[label] == max(shared.values())]
        if best and max(shared.values()) * 2 >= len(said):
            return Judged(Unsure(tuple(best), 0.4), "some of the words")
        return None
