"""Examples of a person's words: taken from recordings that a list names, and joined to a recognizer."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voice_coach.errors import BadInput, BadUsage
from voice_coach.listen import example_file
from voice_coach.listen.audio import read_wav
from voice_coach.listen.examples import Example, chosen
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.learned import Learned, Uttered
from voice_coach.listen.recognizer import Recognizer
from voice_coach.listen.warping import shape
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.interpret import Understanding
from voice_coach.understand.spoken import fold, spelling
from voice_coach.words import Expects, Kind

if TYPE_CHECKING:
    from voice_coach.listen.warping import Shape

HEADER = ["path", "word"]

GrammarOf = Callable[[str], tuple[str, tuple[str, ...]]]
"""A word as the catalog's grammars have it, and the grammar of a turn in which it is said: empty where none has it."""


class Row(NamedTuple):
    """One line of the list."""

    number: int
    path: Path
    word: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a word's recordings."""

    word: str
    given: int
    kept: int


def with_learned(recognizer: Recognizer, home: Path, tell: Callable[[str], None]) -> Recognizer:
    """The recognizer beside what this home has learned of its person's voice; the same one where that is nothing.

    `tell` is told where what was learned cannot be read.
    """
    examples = _read(home, tell)
    return Learned(recognizer, examples) if examples else recognizer


def ready_to_learn(recognizer: Recognizer, home: Path, tell: Callable[[str], None]) -> Learned:
    """The same, also where nothing was learned yet: for a session that may learn."""
    return Learned(recognizer, _read(home, tell))


def _read(home: Path, tell: Callable[[str], None]) -> tuple[Example, ...]:
    try:
        return example_file.read(example_file.path_of(home))
    except BadInput as fault:
        tell(fault.message)
        return ()


def read_list(file: Path) -> list[Row | str]:
    """The list's rows in order; for a bad one what is wrong with it. Raises `BadUsage` without a file or its header."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "not a table in UTF-8"
        raise BadUsage(f"{file} cannot be read ({why}); give a table with the columns path and word.") from None
    if not table or table[0] != HEADER:
        raise BadUsage(f"{file} does not begin with the line 'path<TAB>word'; put it above the rows.")
    return list(_rows(file.parent, table[1:]))


def _rows(folder: Path, table: list[list[str]]) -> Iterator[Row | str]:
    for number, cells in enumerate(table, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(HEADER) or not all(cell.strip() for cell in cells):
            yield f"Line {number} is not a path, a tab and a word; write it so."
        else:
            yield Row(number, folder / cells[0], cells[1])


def learn(
    rows: Sequence[Row | str],
    home: Path,
    recognizer: Recognizer,
    grammar_of: GrammarOf,
    complain: Callable[[str], None],
) -> list[Tally]:
    """Take listed recordings into the home's examples; what became of each word, in the order of the list.

    `recognizer`: loaded; asked what it hears in each. `complain` is told of every bad row; the others are taken.
    Raises `BadInput` where the examples cannot be kept, or are there but cannot be read.
    """
    path = example_file.path_of(home)
    given: Counter[str] = Counter()
    new: list[Example] = []
    for row in rows:
        try:
            if isinstance(row, str):
                raise BadInput(row)
            word, grammar = grammar_of(row.word)
            if not grammar:
                raise BadInput(
                    f"Line {row.number}: '{row.word}' is no word of the catalog; write one, like seven or yes."
                )
            given[word] += 1
            new.append(_example(row, word, grammar, recognizer))
        except BadInput as fault:
            complain(fault.message)
    before = _before(path, complain)
    held = chosen((*new, *before))
    if new:
        example_file.write(path, held)
    kept = Counter(example.word for example in held if example in new)
    return [Tally(word, count, kept[word]) for word, count in given.items()]


def _before(path: Path, complain: Callable[[str], None]) -> tuple[Example, ...]:
    try:
        return example_file.read(path)
    except BadInput as fault:
        if path.exists():  # not set aside: writing would destroy it
            raise
        complain(fault.message)
        return ()


def _example(row: Row, word: str, grammar: tuple[str, ...], recognizer: Recognizer) -> Example:
    """Raises `BadInput` where the recording cannot be read or holds no word."""
    try:
        sound = read_wav(row.path)
    except BadInput as fault:
        raise BadInput(f"Line {row.number}: {fault.message}") from None
    found = shape(sound)
    if found is None:
        raise BadInput(f"Line {row.number}: {row.path} holds no single word; record it again, one word a file.")
    heard = hear_recording(recognizer, sound, grammar, "command")
    return _witnessed(word, found, heard.text, heard.score, heard.others)


def example_of(uttered: Uttered, asked_for: str) -> Example | None:
    """An utterance as an example of the word that was asked for; None where it is no single word."""
    found = shape(uttered.sound)
    if found is None:
        return None
    return _witnessed(asked_for, found, uttered.read.text, uttered.read.score, uttered.read.others)


def _witnessed(word: str, found: Shape, text: str, score: float, others: tuple[tuple[str, float], ...]) -> Example:
    chances = dict(others) | {text: score}
    against = max((chance for other, chance in chances.items() if other != word), default=0.0)
    return Example(word, found, chances.get(word, 0.0), against)


def grammars(catalog: Catalog, understanding: Understanding) -> GrammarOf:
    """Finds a word in the grammars of a rating, of yes or no, and of commands."""
    kinds: tuple[Kind, ...] = ("rating", "yes-no", "command")
    phrases = [understanding.phrases(Expects(kind)) for kind in kinds]
    rules = spelling(catalog.words.get("fillers", ()), catalog.words.get("spellings", ()))

    def find(word: str) -> tuple[str, tuple[str, ...]]:
        folded = " ".join(fold(word, rules))
        return folded, next((grammar for grammar in phrases if folded in grammar), ())

    return find
