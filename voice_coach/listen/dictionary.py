"""The pronunciations of a recognizer's words, from its dictionary file."""

from __future__ import annotations

from pathlib import Path


class Dictionary:
    """All words of a dictionary in CMUdict's form: one a line, the word, a space, its phones, in the words' order.

    Kept as the file's text: a decoder's own copy of 130,000 words takes ten times the memory. A word's further
    pronunciations, "word(2)" and so on, stand after it.
    """

    def __init__(self, file: Path) -> None:
        """Raises OSError where the file cannot be read."""
        self._text = file.read_bytes()

    def phones(self, word: str) -> str:
        """The phones of a word, of a further pronunciation by "word(2)"; "" for a word that is not there."""
        sought = word.encode()
        base = _base(sought)
        place = self._first(base)
        while place < len(self._text):
            entry, _, phones = self._line(place).partition(b" ")
            if entry == sought:
                return phones.decode("ascii").strip()
            if _base(entry) != base:
                break
            place += len(self._line(place)) + 1
        return ""

    def _first(self, base: bytes) -> int:
        """Where the first line stands whose word does not come before this one."""
        low, high = 0, len(self._text)
        while low < high:
            middle = self._text.rfind(b"\n", low, (low + high) // 2) + 1 or low
            line = self._line(middle)
            if _base(line.partition(b" ")[0]) < base:
                low = middle + len(line) + 1
            else:
                high = middle
        return low

    def _line(self, start: int) -> bytes:
        end = self._text.find(b"\n", start)
        return self._text[start : end if end >= 0 else len(self._text)]


def _base(entry: bytes) -> bytes:
    return entry.partition(b"(")[0]
