"""Reads LOCALE/safety/ into the words and patterns of the safety screen, with every fault of its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from voice_coach.understand.catalog import Fault
from voice_coach.understand.parts import Entry, Part, Place
from voice_coach.understand.safety_templates import BadTemplate, Template, Templates, read_class
from voice_coach.understand.spoken import Spelling, fold, spelling
from voice_coach.understand.strict_yaml import Document
from voice_coach.words import DangerKind, Tier

Who = Literal["anyone", "speaker", "own"]
"""Whose danger it is: looked for in the words before; plain from the pattern; nobody's unless said of oneself."""
When = Literal["any", "now", "recent"]
"""now: what is told as a habit, a memory or a fear does not count; recent: what is told as long ago does not."""
Feared = Literal["asks", "drops"]
"""What telling it as a fear does: no more than one question comes of it, or nothing."""
Denied = Literal["drops", "part", "never"]
"""What a "not" before it does: takes it away; nothing where the words found are a denial themselves; nothing at all."""

HOLDS = (
    "fillers",
    "spellings",
    "context",
    "classes",
    "idioms",
    "denied",
    "leads",
    "tails",
    "over",
    "refused",
    "returns",
    "asked",
    "patterns",
)
"""What the files hold together."""
CONTEXT = (
    "denials",
    "bridges",
    "breaks",
    "supposing",
    "ascribing",
    "nones",
    "times",
    "openers",
    "stuck",
    "no_before",
    "verbs",
    "said_of_one",
    "leading_in",
    "answers",
    "after_answers",
    "was_so",
    "lately",
    "to_come",
    "wilful",
    "insisting",
    "mentioning",
    "self",
    "others",
    "knowing",
    "reflexive",
    "past",
    "habit",
    "long_ago",
    "within",
    "fears",
    "outcomes",
    "scares",
    "light",
    "seeming",
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One idea of danger and the ways it is said."""

    name: str
    kind: DangerKind
    tier: Tier
    templates: tuple[Template, ...]
    who: Who = "anyone"
    when: When = "any"
    denied: Denied = "drops"
    feared: Feared = "asks"
    tests: tuple[str, ...] = ()
    """Sentences that it must find."""
    excludes: tuple[str, ...] = ()
    """Sentences that it must not find (`not` in the file)."""


@dataclass(frozen=True, slots=True)
class Denials:
    """What denies without naming what it denies."""

    leads: tuple[Template, ...]
    """Right before it, like "rather than"."""
    tails: tuple[Template, ...]
    """Right behind it, like "is unthinkable"."""
    over: tuple[Template, ...]
    """Behind what is told as past: it is over."""
    refused: tuple[Template, ...]
    """Behind what others think, ask or fear of the speaker, or behind an "if": the speaker says that it is not so."""
    returns: tuple[Template, ...]
    """What takes a denial before it back: it is so again, or after all."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All patterns of one locale, and the words that decide how they are meant."""

    spelling: Spelling
    context: Mapping[str, frozenset[str]]
    idioms: tuple[Template, ...]
    """What is only a manner of speaking: a pattern that it overlaps is not meant."""
    denied: tuple[Template, ...]
    """Denials in several words: a pattern that one overlaps is not meant, unless a "not" stands right before it."""
    denials: Denials
    asked: tuple[Template, ...]
    """Questions about people at large: behind "does anyone" may stand the one who asks."""
    patterns: tuple[Pattern, ...]
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where each pattern stands."""
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The ways that each class of words stands for."""

    def folded(self, text: str) -> tuple[str, ...]:
        """The words of an utterance as the templates know them."""
        return fold(text, self.spelling)


def read_safety(texts: Mapping[str, str], faults: list[Fault]) -> Lexicon:
    """The screen's words among the texts of one locale; what is malformed is left out and among `faults`."""
    return _Reader(Part(texts, "safety", HOLDS, faults)).read()


class _Reader:
    def __init__(self, part: Part) -> None:
        self.part = part
        self.templates = Templates({})

    def read(self) -> Lexicon:
        rules = spelling(self._listed("fillers"), self._listed("spellings"))
        self.templates = Templates(self._classes())
        patterns: list[Pattern] = []
        places: dict[str, Place] = {}
        for name, entry in self.part.entries("patterns").items():
            pattern = self._pattern(name, entry)
            if pattern is not None:
                patterns.append(pattern)
                places[name] = entry.place
        return Lexicon(
            rules,
            self._context(),
            self._templates(self.part.texts("idioms")),
            self._templates(self.part.texts("denied")),
            Denials(
                *(self._templates(self.part.texts(key)) for key in ("leads", "tails", "over", "refused", "returns"))
            ),
            self._templates(self.part.texts("asked")),
            tuple(patterns),
            places,
            self.templates.classes,
        )

    def _listed(self, key: str) -> tuple[str, ...]:
        return tuple(words for words, _, _ in self.part.texts(key))

    def _context(self) -> dict[str, frozenset[str]]:
        found = self.part.entries("context")
        for name in found.keys() - set(CONTEXT):
            found[name].fault(f'"{name}" is not known here; use {", ".join(CONTEXT)}.')
        self.part.tell_missing(CONTEXT, found, " in context")
        return {name: frozenset(_words(found[name]) if name in found else ()) for name in CONTEXT}

    def _classes(self) -> dict[str, tuple[str, ...]]:
        written: dict[str, tuple[str, ...]] = {}
        for name, entry in self.part.entries("classes").items():
            try:
                written[name] = read_class(_words(entry), written)
            except BadTemplate as fault:
                entry.fault(str(fault))
        return written

    def _templates(self, listed: Iterable[tuple[str, Document, int]]) -> tuple[Template, ...]:
        templates: list[Template] = []
        for text, document, line in listed:
            try:
                templates.append(self.templates.compile(text))
            except BadTemplate as fault:
                document.fault(line, str(fault))
        return tuple(templates)

    def _pattern(self, name: str, entry: Entry) -> Pattern | None:
        document = entry.document
        parts = document.fields(
            entry.node, ("kind", "tier", "says", "tests"), ("who", "when", "denied", "feared", "not")
        )
        if not {"kind", "tier", "says", "tests"} <= parts.keys():
            return None
        held = {key: Entry(document, node, document.line(node)) for key, node in parts.items()}
        kind = _one_of(held, "kind", get_args(DangerKind))
        tier = _one_of(held, "tier", get_args(Tier))
        if not kind or not tier:
            return None
        return Pattern(
            name=name,
            kind=cast(DangerKind, kind),
            tier=cast(Tier, tier),
            templates=self._templates((text, document, line) for text, line in document.texts(parts["says"])),
            who=cast(Who, _one_of(held, "who", get_args(Who)) or "anyone"),
            when=cast(When, _one_of(held, "when", get_args(When)) or "any"),
            denied=cast(Denied, _one_of(held, "denied", get_args(Denied)) or "drops"),
            feared=cast(Feared, _one_of(held, "feared", get_args(Feared)) or "asks"),
            tests=_words(held["tests"]),
            excludes=_words(held["not"]) if "not" in held else (),
        )


def _words(entry: Entry) -> tuple[str, ...]:
    return tuple(text for text, _ in entry.document.texts(entry.node))


def _one_of(held: Mapping[str, Entry], key: str, known: tuple[str, ...]) -> str:
    if key not in held:
        return ""
    value = held[key].document.text(held[key].node)
    if value in known:
        return value
    held[key].fault(f'"{value}" is no {key}; use {", ".join(known)}.')
    return ""
