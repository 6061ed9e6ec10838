"""Spoken text as words: folded, spelled one way, without fillers and stutters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST = 10_000
"""Characters read; what follows is not looked at."""

_TOKEN = re.compile(
    r"\d+:\d+|\d+(?:[.,]\d+)?(?![^\W_]|[.,:]\d)"
    r"|(?=\d*[^\W\d_])[^\W_]+(?:'[^\W_]+)*(?:-(?=\s|$))?|[/%$£€#]"
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "_": " "})
_MINUS = re.compile(r"(?<![\w.])[-−](?=\d)")
_DRAWN_OUT = re.compile(r"(?!(?<!\w)iii\b|(?<=\bv)iii\b)([^\W\d_])\1{2,}")
"""A letter three times over, but not in the numerals III and VIII."""
_BARE_POINT = re.compile(r"(?<![\w.,])\.(?=\d)")
_ISH = re.compile(r"(?<=\d)[ -]?(?=ish\b)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language's words are brought to one form."""

    fillers: frozenset[str]
    forms: Mapping[str, tuple[str, ...]]
    """One written word to the words it stands for ("can't" → "can", "not")."""
    runs: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    """The same for split words ("no body" → "nobody")."""
    starts: frozenset[str] = frozenset()
    """The words that a run begins with."""


def spelling(fillers: Iterable[str], spellings: Iterable[str]) -> Spelling:
    """The compiled spelling rules; each of `spellings` reads "written = meant"."""
    forms: dict[str, tuple[str, ...]] = {}
    runs: dict[tuple[str, ...], tuple[str, ...]] = {}
    for rule in spellings:
        written, _, meant = rule.partition("=")
        words = tuple(written.split())
        if len(words) == 1:
            forms[words[0]] = tuple(meant.split())
        else:
            runs[words] = tuple(meant.split())
    return Spelling(frozenset(fillers), forms, runs, frozenset(words[0] for words in runs))


def folded(words: Mapping[str, tuple[str, ...]], prefix: str, rules: Spelling) -> dict[str, list[tuple[str, ...]]]:
    """The word lists whose names begin with `prefix`, by the rest of their names, each entry folded."""
    return {
        name.removeprefix(prefix): [fold(entry, rules) for entry in entries]
        for name, entries in words.items()
        if name.startswith(prefix)
    }


def fold(text: str, rules: Spelling) -> tuple[str, ...]:
    """The words of an utterance: lower case, no punctuation, one spelling, no fillers, stutters or doubled words."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST].replace("½", " 1/2 ")).translate(_APOSTROPHES).lower()
    plain = _BARE_POINT.sub("0.", _DRAWN_OUT.sub(r"\1", plain))
    plain = _ISH.sub(" ", _MINUS.sub(" minus ", plain))
    words: list[str] = []
    raw_words = _unstuttered(_TOKEN.findall(plain))
    for raw in _joined(raw_words, rules):
        for word in rules.forms.get(raw) or _split(raw):
            if word in rules.fillers or (words and words[-1] == word and not word.isdigit()):
                continue
            words.append(word)
    return _joined(words, rules)


def _split(word: str) -> tuple[str, ...]:
    if "'" not in word:
        return (word.replace(",", "."),)
    head, _, tail = word.rpartition("'")
    if word.endswith("n't") and len(word) > 3:
        return (word[:-3], "not")
    meant = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "s": "is"}.get(tail)
    return (head, meant) if meant and head else (word.replace("'", ""),)


def _unstuttered(raw: Sequence[str]) -> list[str]:
    """ "s- six" and "s s six" → "six"; a lone "i" or "a" is a word and stays."""
    kept: list[str] = []
    for place, word in enumerate(raw):
        broken = word.rstrip("-")
        letter = len(word) == 1 and word.isalpha() and word not in "ia"
        if broken != word or letter:
            ahead = (later.rstrip("-") for later in raw[place + 1 : place + 6])
            meant = next((later for later in ahead if later != broken), "")
            if len(meant) > len(broken) and meant.startswith(broken):
                continue
        kept.append(broken)
    return kept


def _joined(words: Sequence[str], rules: Spelling) -> tuple[str, ...]:
    if rules.starts.isdisjoint(words):
        return tuple(words)
    kept: list[str] = []
    place = 0
    while place < len(words):
        for length in (3, 2) if words[place] in rules.starts else ():
            meant = rules.runs.get(tuple(words[place : place + length]))
            if meant is not None:
                kept.extend(meant)
                place += length
                break
        else:
            kept.append(words[place])
            place += 1
    return tuple(kept)


class Phrases:
    """Word sequences to look for in an utterance, longest first."""

    def __init__(self, sequences: Iterable[tuple[str, ...]]) -> None:
        by_length: dict[str, dict[int, set[tuple[str, ...]]]] = {}
        for words in sequences:
            if words:
                by_length.setdefault(words[0], {}).setdefault(len(words), set()).add(words)
        self._by_first = {first: sorted(groups.items(), reverse=True) for first, groups in by_length.items()}

    def at(self, words: Sequence[str], place: int) -> int:
        """How many words from `place` on are one of the sequences; 0 for none."""
        for length, sequences in self._by_first.get(words[place], ()):
            if tuple(words[place : place + length]) in sequences:
                return length
        return 0

    def strip_front(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without the sequences they begin with; never empty-handed: the last word stays."""
        while words:
            length = self.at(words, 0)
            if not length or length >= len(words):
                break
            words = words[length:]
        return words


class Tails:
    """Word sequences that may close an utterance without meaning anything."""

    def __init__(self, sequences: Iterable[tuple[str, ...]]) -> None:
        self._reversed = Phrases(tuple(reversed(words)) for words in sequences)

    def strip(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without those closings; the first word stays."""
        return tuple(reversed(self._reversed.strip_front(tuple(reversed(words)))))
