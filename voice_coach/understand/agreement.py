"""Yes or no: read from the words of agreement, truth and refusal, with their negations, all accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voice_coach.understand.spoken import Phrases, Spelling, fold

MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What an utterance says to a yes-no question. `value` None: doubtful, or nothing at all when score is 0."""

    value: bool | None
    score: float
    guard: str


NOTHING = Reading(None, 0.0, "no word of agreement or refusal")


class Agreement:
    """Reads yes and no; compiled once from the word lists of the language."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], rules: Spelling) -> None:
        self._signs: dict[tuple[str, ...], int | None] = {}
        for name, sign in (("yes_sayings", 1), ("no_sayings", -1), ("half", None)):
            self._signs.update((fold(saying, rules), sign) for saying in words.get(name, ()))
        self._signed = Phrases(self._signs)
        self._whole = frozenset(fold(saying, rules) for saying in words.get("yes_whole", ()))
        self._good = frozenset(words.get("good", ()))
        self._bad = frozenset(words.get("bad", ()))
        self._negations = frozenset(words.get("negations", ()))
        self._plain = frozenset(words.get("assent_words", ()))
        self._breaks = frozenset(words.get("breaks", ()))
        self._yes_words = frozenset(words.get("yes_words", ()))
        self._no_words = frozenset(words.get("no_words", ()))
        self._no_tails = frozenset(words.get("after_no", ()))

    def read(self, words: tuple[str, ...]) -> Reading:
        """Yes, no, in doubt or neither. Everything said must be accounted for and agree."""
        if not words or len(words) > MOST_WORDS:
            return NOTHING
        if words in self._whole:
            return Reading(True, 0.97, "a short yes")
        signs: list[int] = []
        odd: list[str] = []
        negated = False
        doubt = False
        place = 0
        while place < len(words):
            length = self._signed.at(words, place)
            if length:
                sign = self._signs[words[place : place + length]]
                doubt = doubt or sign is None or negated
                signs.append(sign or 0)
                place += length
                continue
            word = words[place]
            if word in self._yes_words:
                signs.append(1)
                doubt = doubt or negated
            elif word in self._no_words:
                signs.append(-1)
                doubt = doubt or negated
            elif word in self._negations:
                doubt = doubt or negated
                negated = True
            elif word in self._good or word in self._bad:
                sign = 1 if word in self._good else -1
                doubt = doubt or (negated and sign < 0)
                signs.append(-sign if negated else sign)
                negated = False
            elif word in self._breaks:
                doubt = True
            elif word not in self._plain:
                odd.append(word)
            place += 1
        if negated:
            signs.append(-1)
        return self._judged(words, [sign for sign in signs if sign], odd, doubt)

    def _judged(self, words: tuple[str, ...], signs: list[int], odd: list[str], doubt: bool) -> Reading:
        if not signs:
            return Reading(None, 0.5, "neither one nor the other") if doubt and not odd else NOTHING
        value = signs[0] > 0
        if any((sign > 0) != value for sign in signs) or doubt:
            if odd and len(odd) * 2 > len(words):
                return NOTHING
            return Reading(None, 0.5, "words of both, or in doubt")
        if not odd:
            return Reading(value, 0.97, "all words accounted for")
        if words[0] in self._yes_words and value:
            return Reading(True, 0.85, "begins with yes; the rest does not speak against it")
        if words[0] in self._no_words and not value and len(words) > 1 and words[1] in self._no_tails:
            return Reading(False, 0.85, "begins with no; the rest does not speak against it")
        return NOTHING
