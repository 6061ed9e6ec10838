"""The pronunciations of a recognizer's words, from its dictionary file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_REMEMBERED = 1024


class Dictionary:
    """All words of a dictionary in CMUdict's form: one a line, the word, a space, its phones.

    Kept as the file's text: a decoder's own copy of 130,000 words takes ten times the memory. A word's further
    pronunciations stand on the lines after it.
    """

    def __init__(self, file: Path) -> None:
        """Raises OSError where the file cannot be read."""
        self._text = b"\n" + file.read_bytes() + b"\n"
        self._ways = lru_cache(_REMEMBERED)(self._read)

    def phones(self, word: str) -> str:
        """The phones of a word, of a further pronunciation by "word(2)"; "" for a word that is not there."""
        base, _, _ = word.partition("(")
        return self._ways(base).get(word, "")

    def _read(self, base: str) -> dict[str, str]:
        """Every pronunciation of a word by its name. The whole text is searched: once a word is enough."""
        ways: dict[str, str] = {}
        place = self._text.find(f"\n{base} ".encode()) if len(base.split()) == 1 else -1
        while place >= 0:
            end = self._text.find(b"\n", place + 1)
            name, _, phones = self._text[place + 1 : end].decode("utf-8").partition(" ")
            ways[name] = phones.strip()
            place = end if self._text.startswith(f"{base}(".encode(), end + 1) else -1
        return ways
