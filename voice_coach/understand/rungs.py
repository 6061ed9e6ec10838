"""Is a situation a rung? What it lacks, what rules it out, and its tags, by word lists of the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
GROUP = "rung_class_"
"""Lists of words of one sort, which entries of the other lists name by @."""
LONGEST_RUN = 4
"""Words that an entry of a list may join."""
TAGGED: Mapping[Tag, str] = {"user_speaks": "rung_speaks", "with_others": "rung_with_others", "away": "rung_away"}
"""Sight is no tag here: whoever names a situation has chosen one that they can do."""


class RungRules:
    """Judges situations; compiled once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], numbers: Mapping[str, float], rules: Spelling) -> None:
        assert set(TAGGED) <= set(get_args(Tag))
        self._rules, self._numbers = rules, numbers
        groups = {
            name.removeprefix(GROUP): frozenset("_".join(fold(entry, rules)) for entry in entries)
            for name, entries in words.items()
            if name.startswith(GROUP)
        }
        self._lists = {
            name: tuple(_entry(entry, rules, groups) for entry in entries)
            for name, entries in words.items()
            if name.startswith("rung_") and not name.startswith(GROUP)
        }
        self._plain, self._vague, feelings, fears, self._ends = (
            frozenset(word for entry in words.get(name, ()) for word in fold(entry, rules))
            for name in ("plain_words", "vague_fear", "feelings", "fear_words", "ends")
        )
        self._feelings = feelings | fears

    def judge(self, text: str) -> Judgement:
        """What this situation lacks to be a rung; the first fault decides."""
        words = fold(text, self._rules)
        said = _said(words)
        refused = next((kind for kind in REFUSED if self._is_refused(kind, said)), None)
        asks = {
            "fainted": self._has("rung_needles", said) and not self._has("rung_spared_fainted", said),
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
        return self._has("rung_aids", _said(fold(text, self._rules)))

    def _missing(self, words: tuple[str, ...], said: frozenset[str]) -> str | None:
        first = frozenset(words[:1])
        if self._has("rung_others", first) and "i" not in said:
            return "self"
        content = frozenset(words) - self._plain - self._vague
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
        return self._has(f"rung_refused_{kind}", said) and not self._has(f"rung_spared_{kind}", said)

    def _has(self, name: str, said: frozenset[str]) -> bool:
        return any(all(not said.isdisjoint(ways) for ways in entry) for entry in self._lists.get(name, ()))

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


def _entry(text: str, rules: Spelling, groups: Mapping[str, frozenset[str]]) -> tuple[frozenset[str], ...]:
    """What an entry of a list wants said: at each of its places one of these, words in a row joined by _."""
    if not {"|", "_", "@"} & set(text):
        return tuple(frozenset({word}) for word in fold(text, rules))
    return tuple(frozenset().union(*(_ways(way, rules, groups) for way in place.split("|"))) for place in text.split())


def _ways(way: str, rules: Spelling, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    if way.startswith("@"):
        return groups[way.removeprefix("@")]
    return frozenset({"_".join(fold(way.replace("_", " "), rules))})


def _said(words: Sequence[str]) -> frozenset[str]:
    """The words, and each run of two to four of them joined."""
    runs = ("_".join(words[place : place + size]) for size in range(2, LONGEST_RUN + 1) for place in range(len(words)))
    return frozenset(words).union(runs)
