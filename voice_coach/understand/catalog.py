"""The catalog: what the coach says and what people say back, as validated values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voice_coach.records import Ladder, Rules


@dataclass(frozen=True, slots=True)
class LineText:
    """One line the coach speaks. `{blank}` marks what is filled in; no other template logic."""

    say: str
    again: tuple[str, ...] = ()
    """Re-prompts in order, each shorter or more explicit than the last."""
    choices: str = ""
    """What can be answered, spelled out: the last re-prompt, and the reply to "choices"."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One meaning and the ways people say it."""

    name: str
    exact: tuple[str, ...] = ()
    """The whole utterance, after folding."""
    phrases: tuple[str, ...] = ()
    """Matched fuzzily; three words or more."""
    tests: tuple[str, ...] = ()
    """Sentences that must land here; each exact and phrase is hit by at least one."""
    excludes: tuple[str, ...] = ()
    """Sentences that must not land here (`not` in the file)."""
    anchors: tuple[str, ...] = ()
    """Words that mean this intent in order, a word or two apart, where the rest of the utterance is its company."""
    company: tuple[str, ...] = ()
    """Words that may stand beside an anchor, with those of the sayings."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the catalog, with the place to mend it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything of one locale, and the numbers that all locales share."""

    language: str
    lines: Mapping[str, LineText]
    intents: Mapping[str, Intent]
    """By name: affirm, deny and the commands of the contract."""
    choices: Mapping[str, Intent]
    """Wording of the choice labels that the coach itself offers, by label."""
    questions: Mapping[str, Intent]
    """What people ask about practice, by name."""
    words: Mapping[str, tuple[str, ...]]
    """Named word lists of the language (fillers, hedges, repairs, negations, …)."""
    numbers: Mapping[str, float]
    """Number words and their values."""
    homophones: Mapping[str, str]
    """What a recognizer writes for a number word; valid in a rating turn only."""
    ladders: Mapping[str, Ladder]
    rules: Rules
    digest: str
    """Hash over the texts it was read from: a session belongs to one catalog."""
