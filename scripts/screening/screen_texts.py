"""The texts that the second tier of the screen learns from, and the many more that are made from them."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voice_coach import catalog_files
from voice_coach.understand.loading import load
from voice_coach.understand.safety_reading import Lexicon, read_safety

Words = tuple[str, ...]

HARD = {"neg_idiom": 2.0, "negated_si": 2.0}
"""Texts that look like danger and are none weigh more."""
LONGEST = 35
"""Words of a text that is made."""
OF_A_TEXT, OF_A_CALM_ONE, SPLICED = 5, 2, 15_000
"""How many texts are made from each that may be of danger, from each that is not, and of two halves."""
CHANGED, LEFT_OUT = (0.1, 0.2, 0.35), 0.08
"""Shares of a text's words that are changed for others of like meaning, one of which is drawn, and left out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text."""

    words: Words
    """As the screen folds what it hears."""
    label: str
    weight: float
    calm: bool = False


def rows_of(file: Path, weight: float = 1.0, calm: bool = False) -> list[Row]:
    """The rows of a file with the columns text and label, or text alone where all of it is calm."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = [*csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return [
        row for row in (row_of(row["text"], "" if calm else row["label"], weight, calm) for row in rows) if row.words
    ]


def row_of(text: str, label: str, weight: float = 1.0, calm: bool = False) -> Row:
    """One text, folded."""
    return Row(folded(text), label, weight * HARD.get(label, 1.0), calm)


def situations() -> list[Row]:
    """What the shipped ladders lead people into."""
    rungs = [rung for ladder in load(catalog_files.read_texts()).ladders.values() for rung in ladder.rungs]
    texts = [text for rung in rungs for text in (rung.say, rung.end, *(changed.say for changed in rung.variations))]
    return [row_of(text, "", calm=True) for text in texts]


def folded(text: str) -> Words:
    """The words of a text as the screen knows them."""
    return lexicon().folded(text)


@cache
def lexicon() -> Lexicon:
    """The shipped screen's words."""
    return read_safety(catalog_files.read_texts(), [])


def varied(rows: Sequence[Row], near: Mapping[str, Sequence[str]]) -> list[Words]:
    """Texts like these: words changed for one `near` in meaning, left out, or two texts' halves put together.

    Of what they are like nothing is known; somebody must judge them. The same rows give the same texts.
    """
    draw = random.Random(5)
    made = []
    for row in rows:
        for _ in range(OF_A_CALM_ONE if row.calm else OF_A_TEXT):
            made.append(_changed(row.words, near, draw.choice(CHANGED), draw))
    firsts = [row.words for row in rows if not row.calm]
    seconds = firsts + [row.words for row in rows if row.calm][::2]
    for _ in range(SPLICED if firsts else 0):
        first, second = draw.choice(firsts), draw.choice(seconds)
        start, end = draw.randint(1, len(first)), draw.randint(0, len(second) - 1)
        made.append((first[:start] + second[end:])[:LONGEST])
    return sorted(set(made))


def _changed(words: Words, near: Mapping[str, Sequence[str]], share: float, draw: random.Random) -> Words:
    made = []
    for word in words:
        drawn = draw.random()
        if drawn < LEFT_OUT:
            continue
        if drawn < LEFT_OUT + share and near.get(word):
            word = draw.choice(near[word])
        made.append(word)
    return tuple(made) or words


def vocabulary(rows: Iterable[Row], common: Path) -> list[str]:
    """The words of these texts and the common words that the recognizer knows, in order."""
    listed = {line.split()[0].partition("(")[0] for line in common.read_text(encoding="utf-8").splitlines() if line}
    return sorted(listed | {word for row in rows for word in row.words})
