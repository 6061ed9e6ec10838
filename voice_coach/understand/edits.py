"""What change to a ladder is meant: "move the phone call up", "change number three", "delete the last one"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from voice_coach.records import LadderEdit
from voice_coach.understand.spoken import Spelling, fold, folded

Kind = Literal["move", "change", "delete", "add"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Edits:
    """Reads changes; compiled once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], numbers: Mapping[str, float], rules: Spelling) -> None:
        self._rules = rules
        self._lists = folded(words, "edit_", rules)
        self._places = {word: int(value) for word, value in numbers.items() if value == int(value) and value >= 1}
        self._places |= {word: place for place, word in enumerate(words.get("ordinals", ()), start=1)}
        names = ("plain_words", "choice_words")
        self._weak = frozenset(word for name in names for entry in words.get(name, ()) for word in fold(entry, rules))

    def read(self, text: str, rungs: Sequence[str]) -> LadderEdit | None:
        """The change, `rungs` being the situations in order; None where it is not clear which one."""
        words = fold(text, self._rules)
        if words in self._lists.get("done", ()):
            return LadderEdit("done")
        kind = next((kind for kind in KINDS if self._has(kind, words)), None)
        if kind is None or not rungs:
            return None
        place = self._place(words, rungs)
        if kind == "add":
            # "add one after two": the first "one" is the thing to add, not a place.
            place = self._place(self._after(words), rungs)
            if place is None:
                return LadderEdit("add", len(rungs))
            return LadderEdit("add", place if self._has("before", words) else place + 1)
        if place is None:
            return None
        if kind != "move":
            return LadderEdit(kind, place)
        return self._move(words, place, len(rungs))

    def _move(self, words: tuple[str, ...], place: int, count: int) -> LadderEdit | None:
        if self._has("up", words):
            return LadderEdit("move", place, min(place + 1, count - 1))
        if self._has("down", words):
            return LadderEdit("move", place, max(place - 1, 0))
        numbers = [self._places[word] - 1 for word in words if word in self._places and word != "one"]
        return LadderEdit("move", place, numbers[-1]) if len(numbers) == 2 and numbers[-1] < count else None

    def _after(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """What follows "after" or "before"; the words behind the first one where neither is said."""
        marks = {"after", "behind", "above", *(word for entry in self._lists.get("before", ()) for word in entry)}
        at = next((place for place, word in enumerate(words) if word in marks), None)
        return () if at is None else words[at + 1 :]

    def _place(self, words: tuple[str, ...], rungs: Sequence[str]) -> int | None:
        """Which rung is meant: by number, as the last, or by words that only one of them has."""
        if self._has("last", words):
            return len(rungs) - 1
        if self._has("first", words):
            return 0
        numbers = [self._places.get(word) or int(word) for word in words if word in self._places or word.isdigit()]
        if len(numbers) > 1 or not self._has("number", words):
            numbers = [number for number in numbers if number != 1]  # "the one about …" is no place
        if numbers:
            return numbers[0] - 1 if 1 <= numbers[0] <= len(rungs) else None
        used = {word for entries in self._lists.values() for entry in entries for word in entry}
        said = frozenset(words) - self._weak - used
        shared = [len(said & frozenset(fold(rung, self._rules))) for rung in rungs]
        best = max(shared)
        if best:
            return shared.index(best) if shared.count(best) == 1 else None
        return 0 if words[-1:] == ("one",) else None

    def _has(self, name: str, words: tuple[str, ...]) -> bool:
        return any(
            words[start : start + len(entry)] == entry
            for entry in self._lists.get(name, ())
            for start in range(len(words))
        )
