"""Is a fear or a commitment specific? Names the slot that is missing."""

from __future__ import annotations

from collections.abc import Mapping

from voice_coach.understand.spoken import Spelling, fold


class Specific:
    """Judges by word lists; compiled once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], rules: Spelling) -> None:
        lists = ("plain_words", "vague_fear", "fear_words", "places", "ends", "times", "acts", "feelings")
        self._lists = {
            name: frozenset(word for entry in words.get(name, ()) for word in fold(entry, rules)) for name in lists
        }

    def missing(self, words: tuple[str, ...], checks: str | None) -> str | None:
        """The first slot that is not specific: "situation"; "what", "where", "when" or "end"; None when all are."""
        return self._fear(words) if checks == "fear" else self._commitment(words)

    def _fear(self, words: tuple[str, ...]) -> str | None:
        vague = self._lists["plain_words"] | self._lists["vague_fear"] | self._lists["fear_words"]
        return None if any(word not in vague for word in words) else "situation"

    def _commitment(self, words: tuple[str, ...]) -> str | None:
        said = frozenset(words)
        content = said - self._lists["plain_words"] - self._lists["fear_words"] - self._lists["feelings"]
        if not content - self._lists["times"] - self._lists["vague_fear"]:
            return "what"
        if not said & self._lists["places"]:
            return "where"
        if not said & self._lists["times"]:
            return "when"
        digits = any(word[0].isdigit() for word in words)
        return None if digits or said & self._lists["ends"] else "end"
