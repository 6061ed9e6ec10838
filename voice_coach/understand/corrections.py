"""What changes the answer that was just said back: a cue and a value ("no, six"), or its number denied."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from voice_coach.understand.judged import Judged
from voice_coach.understand.numbers import Ratings
from voice_coach.understand.spoken import Phrases, Spelling, Tails, fold
from voice_coach.words import Correction, Expects, Kind, Match

Meant = Callable[[tuple[str, ...], Kind], Judged | None]
"""What some words are as an answer of a kind."""


class Corrections:
    """Reads corrections; compiled once from the word lists of the language."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], rules: Spelling, ratings: Ratings, meant: Meant) -> None:
        self._cues = Phrases(fold(cue, rules) for cue in words.get("corrects", ()))
        self._leads = Phrases(fold(lead, rules) for lead in words.get("leads", ()))
        self._closings = Tails(fold(cue, rules) for cue in words.get("corrects_after", ()))
        self._negations = frozenset(words.get("negations", ()))
        self._no_words = frozenset(words.get("no_words", ()))
        self._denials = self._negations | self._no_words
        self._changes = frozenset(word for name in ("once", "past") for word in words.get(name, ())) | {"now", "from"}
        self._ratings = ratings
        self._meant = meant

    def read(self, words: tuple[str, ...], expects: Expects) -> Judged | None:
        """ "No, six" changes the answer just said back; a bare value answers the present question, where it can."""
        if expects.corrects is None:
            return None
        if self._refuses(words, expects):
            return None
        rest = self._uncued(words)
        amiss = expects.kind == "yes-no" and all(self._ratings.is_number(word) for word in words)
        if rest != words or amiss:
            read = self._meant(rest, expects.corrects)
            if read is not None and isinstance(read.answer, Match) and read.answer.kind in ("rating", "yes_no"):
                return Judged(Correction(read.answer.value, read.answer.score), f"corrected: {read.guard}")
        return self._denied(words, expects) if expects.corrects == "rating" else None

    def _refuses(self, words: tuple[str, ...], expects: Expects) -> bool:
        """ "No, not at all" to a question is a no and gives no zero."""
        if expects.kind != "yes-no" or words[0] not in self._no_words or any(map(self._ratings.is_number, words)):
            return False
        said = self._meant(words, "yes-no")
        return said is not None and isinstance(said.answer, Match) and said.answer.value is False

    def _denied(self, words: tuple[str, ...], expects: Expects) -> Judged | None:
        """ "Six, not seven" after a seven that was said back.

        Where a rating is asked for, "it was seven, now six" and "seven, no, six" answer the present question.
        """
        denials = self._negations if expects.kind == "rating" else self._denials
        if self._changes.intersection(words) or not denials.intersection(words):
            return None
        if expects.echoed is None or expects.echoed not in self._ratings.numbers(words):
            return None
        rated = self._ratings.read(words)
        if not rated.sure or not rated.values or rated.values[0] == expects.echoed:
            return None
        return Judged(Correction(float(rated.values[0]), rated.score), "the number said back is denied")

    def _uncued(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """What is left without "no", "I said", "could you make that", at either end; all where none of it is said."""
        rest, cued = words, False
        while rest:
            length, lead = self._cues.at(rest, 0), self._leads.at(rest, 0)
            if not 0 < max(length, lead) < len(rest):
                break
            cued = cued or 0 < length < len(rest)
            rest = rest[length if 0 < length < len(rest) else lead :]
        shorter = self._closings.strip(rest)
        return shorter if cued or shorter != rest else words
