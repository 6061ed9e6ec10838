"""Is a situation a rung? What it lacks, what rules it out, and its tags, by word lists of the language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from voice_coach.records import Judgement, Tag
from voice_coach.understand.spoken import Spelling, fold

REFUSED = (
    "trauma", "driving", "heights", "animals", "water", "drugs", "care", "symptoms", "weapons", "crime", "strangers",
    "night",
)  # fmt: skip
"""What is never a step, each with a word list of its own."""
LONGEST_MINUTES = 4.0
FEWEST_WORDS = 2
"""Words that carry meaning a situation needs: an act and what it is done to."""
TAGGED: Mapping[Tag, str] = {"user_speaks": "rung_speaks", "with_others": "rung_with_others", "away": "rung_away"}
"""Sight is no tag here: whoever names a situation has chosen one that they can do."""


class RungRules:
    """Judges situations; compiled once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], numbers: Mapping[str, float], rules: Spelling) -> None:
        assert set(TAGGED) <= set(get_args(Tag))
        self._rules, self._numbers = rules, numbers
        self._lists = {
            name: tuple(frozenset(fold(entry, rules)) for entry in entries)
            for name, entries in words.items()
            if name.startswith("rung_")
        }
        self._plain, self._vague, feelings, fears, self._ends = (
            frozenset(word for entry in words.get(name, ()) for word in fold(entry, rules))
            for name in ("plain_words", "vague_fear", "feelings", "fear_words", "ends")
        )
        self._feelings = feelings | fears

    def judge(self, text: str) -> Judgement:
        """What this situation lacks to be a rung; the first fault decides."""
        words = fold(text, self._rules)
        said = frozenset(words)
        refused = next((kind for kind in REFUSED if self._is_refused(kind, said)), None)
        asks = {
            "fainted": self._has("rung_needles", said),
            "hurt": self._has("rung_confronts", said) and self._has("rung_close", said),
        }
        tags = frozenset(tag for tag, name in TAGGED.items() if self._has(name, said))
        return Judgement(
            refused=refused,
            missing=None if refused else self._missing(words, said),
            asks=frozenset(question for question in ("fainted", "hurt") if asks[question]),
            tags=tags,
        )

    def is_aid(self, text: str) -> bool:
        """Whether the words name medicine, an aid or company that somebody needs: no safety behaviour."""
        return self._has("rung_aids", frozenset(fold(text, self._rules)))

    def _missing(self, words: tuple[str, ...], said: frozenset[str]) -> str | None:
        first = frozenset(words[:1])
        if self._has("rung_others", first) and "i" not in said:
            return "self"
        content = said - self._plain - self._vague
        if not content - self._feelings:
            return "act" if content else "what"
        if self._has("rung_control", said):
            return "control"
        if len(content) < FEWEST_WORDS and not self._counted(words):
            return "what"
        if self._minutes(words) > LONGEST_MINUTES:
            return "long"
        if self._has("rung_groups", said) and not self._counted(words):
            return "people"
        ended = self._counted(words) or said & self._ends or self._has("rung_own_end", said)
        return None if ended else "end"

    def _is_refused(self, kind: str, said: frozenset[str]) -> bool:
        found = self._has(f"rung_refused_{kind}", said)
        return found and not (kind == "driving" and self._has("rung_driven", said))

    def _has(self, name: str, said: frozenset[str]) -> bool:
        return any(entry <= said for entry in self._lists.get(name, ()))

    def _counted(self, words: tuple[str, ...]) -> bool:
        return any(self._number(word) is not None for word in words)

    def _number(self, word: str) -> float | None:
        try:
            return float(word)
        except ValueError:
            return self._numbers.get(word)

    def _minutes(self, words: tuple[str, ...]) -> float:
        """The longest time that is named, in minutes; 0 where none is."""
        units = {"minute": 1.0, "minutes": 1.0, "hour": 60.0, "hours": 60.0}
        counts = (
            (self._number(words[place - 1]) or 0.0) * units[word]
            for place, word in enumerate(words)
            if word in units and place
        )
        return max(counts, default=0.0)
