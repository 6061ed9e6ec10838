"""Which of the offered labels: by place, by its words, by some of its words, or none."""

from __future__ import annotations

from collections.abc import Sequence

from voice_coach.understand.catalog import Catalog
from voice_coach.understand.judged import Judged
from voice_coach.understand.matching import Matcher
from voice_coach.understand.nearest import stem
from voice_coach.understand.numbers import Ratings
from voice_coach.understand.spoken import Phrases, Spelling, fold
from voice_coach.words import Match, Unsure

PART = "part of its words"
"""The guard of a label that only some of its words were said of."""
MOST_WORDS = 12
"""An utterance longer than this denies something else than a label."""


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
        self._openings = Phrases(fold(saying, rules) for saying in catalog.words.get("choice_openings", ()))
        self._ordinals = {word: place for place, word in enumerate(catalog.words.get("ordinals", ()), start=1)}
        self._ordinals |= dict.fromkeys(catalog.words.get("first_words", ()), 1)

    def sayings(self, label: str) -> tuple[tuple[str, ...], ...]:
        """Every wording of a label, folded: its own words first."""
        own = fold(label, self._rules)
        return (own, *self._wording.get(label, ())) if own else self._wording.get(label, ())

    def names(self, words: tuple[str, ...], labels: Sequence[str]) -> bool:
        """True where the whole utterance is a wording of one of these labels, or says that any will do."""
        return words in self._any or any(self._is(words, label) for label in labels)

    def read(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
        """The label meant, several to ask about, or None."""
        return self._read(words, labels) or self._preferred(words, labels)

    def _read(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
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

    def _preferred(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
        """The one that is left where another is denied: "not the first, the second", "talk, not finish"."""
        denial = next((place for place, word in enumerate(words) if word in self._words.get("negations", ())), None)
        if denial is None or len(words) > MOST_WORDS:
            return None
        cuts = [(words[denial + 1 : cut], words[cut:]) for cut in range(denial + 2, len(words))]
        for denied, left in [*cuts, (words[denial + 1 :], words[:denial])]:
            other, meant = self._read(denied, labels), self._read(left, labels)
            if other and meant and isinstance(other.answer, Match) and isinstance(meant.answer, Match):
                return None if other.answer.value == meant.answer.value else meant
        return None

    def _by_place(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
        plain = [word for word in words if word not in self._words.get("choice_words", frozenset())]
        if words and not plain and words[-1] == "one":
            plain = ["one"]
        places = [self._place(word, len(labels)) for word in plain if word != "or"]
        if not places or len(set(places)) != len(places) or None in places:
            return None
        meant = tuple(labels[place - 1] for place in places if place is not None)
        if len(meant) == 1:
            return Judged(Match("choice", meant[0], 0.96), "by number")
        return Judged(Unsure(meant, 0.5), "more than one number")

    def _place(self, word: str, count: int) -> int | None:
        """The place, from 1, that an ordinal, a number, "last" or "middle" names among so many; None for none."""
        if word in self._words.get("last_words", ()):
            return count or None
        if word in self._words.get("middle_words", ()):
            return count // 2 + 1 if count % 2 else None
        place = self._ordinals.get(word)
        if place is None:
            rated = self._ratings.read((word,))
            place = int(rated.values[0]) if rated.sure and rated.values and rated.guard == "one number" else None
        return place if place is not None and 1 <= place <= count else None

    def _stems(self, label: str) -> frozenset[str]:
        return frozenset(stem(word) for saying in self.sayings(label) for word in saying)

    def _by_part(self, words: tuple[str, ...], labels: Sequence[str]) -> Judged | None:
        weak = self._words.get("weak", frozenset()) | self._words.get("choice_words", frozenset())
        if set(words) & self._words.get("negations", frozenset()):
            return None
        said = frozenset(words) - weak
        if not said:
            return None
        known = {label: self._stems(label) for label in labels}
        said = frozenset(map(stem, said))
        fits = [label for label in labels if said <= known[label]]
        if len(fits) == 1:
            return Judged(Match("choice", fits[0], 0.93), PART)
        if fits:
            return Judged(Unsure(tuple(fits), 0.5), "part of the words of several")
        shared = {label: len(said & known[label]) for label in labels}
        best = [label for label in labels if shared[label] and shared[label] == max(shared.values())]
        if best and max(shared.values()) * 2 >= len(said):
            return Judged(Unsure(tuple(best), 0.4), "some of the words")
        return None
