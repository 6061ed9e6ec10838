"""The pronunciations of a recognizer's words, from its dictionary file."""

from __future__ import annotations

from pathlib import Path


class Dictionary:
    """All words of a dictionary in CMUdict's form: one a line, the word, a space, its phones.

    Kept as the file's text: a decoder's own copy of 130,000 words takes ten times the memory.
    """

    def __init__(self, file: Path) -> None:
        """Raises OSError where the file cannot be read."""
        self._text = b"\n" + file.read_bytes()

    def phones(self, word: str) -> str:
        """The phones of a word, of a further pronunciation by "word(2)"; "" for a word that is not there."""
        sought = f"\n{word} ".encode()
        found = self._text.find(sought)
        if found < 0 or len(word.split()) != 1:
            return ""
        start = found + len(sought)
        return self._text[start : self._text.find(b"\n", start)].decode("ascii").strip()
