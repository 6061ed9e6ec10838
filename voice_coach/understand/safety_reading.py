"""Reads `safety.yaml` into patterns, with every fault of it; and checks each pattern against its own sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from ruamel.yaml.nodes import Node

from voice_coach.understand.catalog import Fault
from voice_coach.understand.safety_templates import BadTemplate, Template, compile_template, read_classes
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
class Lexicon:
    """All patterns of one locale, and the words that decide how they are meant."""

    spelling: Spelling
    context: Mapping[str, frozenset[str]]
    idioms: tuple[Template, ...]
    """What is only a manner of speaking: a pattern that it overlaps is not meant."""
    denied: tuple[Template, ...]
    """Denials in several words: a pattern that one overlaps is not meant, unless a "not" stands right before it."""
    asked: tuple[Template, ...]
    """Questions about people at large: behind "does anyone" may stand the one who asks."""
    patterns: tuple[Pattern, ...]
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of the file on which each pattern stands."""
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The ways that each class of words stands for."""

    def folded(self, text: str) -> tuple[str, ...]:
        """The words of an utterance as the templates know them."""
        return fold(text, self.spelling)


def read_safety(text: str, faults: list[Fault], file: str = "safety.yaml") -> Lexicon:
    """The patterns of the text; what is malformed is left out and among `faults`."""
    return _Reader(Document(file, text, faults)).read()


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.classes: dict[str, tuple[str, ...]] = {}

    def read(self) -> Lexicon:
        root = self.document.root
        if root is None:
            return Lexicon(spelling((), ()), {}, (), (), (), ())
        found = self.document.fields(
            root, ("language", "fillers", "spellings", "context", "classes", "idioms", "denied", "asked", "patterns")
        )
        rules = spelling(self._texts(found, "fillers"), self._texts(found, "spellings"))
        context = self._context(found)
        self.classes = self._classes(found)
        idioms = self._templates(found["idioms"]) if "idioms" in found else ()
        denied = self._templates(found["denied"]) if "denied" in found else ()
        asked = self._templates(found["asked"]) if "asked" in found else ()
        patterns: list[Pattern] = []
        lines: dict[str, int] = {}
        for name, node in (self.document.entries(found["patterns"]) if "patterns" in found else {}).items():
            pattern = self._pattern(name, node)
            if pattern is not None:
                patterns.append(pattern)
                lines[name] = self.document.line(node)
        return Lexicon(rules, context, idioms, denied, asked, tuple(patterns), lines, self.classes)

    def _texts(self, found: Mapping[str, Node], key: str) -> tuple[str, ...]:
        return tuple(text for text, _ in self.document.texts(found[key])) if key in found else ()

    def _context(self, found: Mapping[str, Node]) -> dict[str, frozenset[str]]:
        if "context" not in found:
            return {name: frozenset() for name in CONTEXT}
        nodes = self.document.fields(found["context"], CONTEXT)
        return {name: frozenset(self._texts(nodes, name)) for name in CONTEXT}

    def _classes(self, found: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
        written: dict[str, tuple[str, ...]] = {}
        for name, node in (self.document.entries(found["classes"]) if "classes" in found else {}).items():
            ways = tuple(text for text, _ in self.document.texts(node))
            try:
                written = read_classes({**written, name: ways})
            except BadTemplate as fault:
                self.document.fault(self.document.line(node), str(fault))
        return written

    def _templates(self, node: Node) -> tuple[Template, ...]:
        templates: list[Template] = []
        for text, line in self.document.texts(node):
            try:
                templates.append(compile_template(text, self.classes))
            except BadTemplate as fault:
                self.document.fault(line, str(fault))
        return tuple(templates)

    def _pattern(self, name: str, node: Node) -> Pattern | None:
        parts = self.document.fields(
            node, ("kind", "tier", "says", "tests"), ("who", "when", "denied", "feared", "not")
        )
        if not {"kind", "tier", "says", "tests"} <= parts.keys():
            return None
        kind = self._one_of(parts, "kind", get_args(DangerKind))
        tier = self._one_of(parts, "tier", get_args(Tier))
        if not kind or not tier:
            return None
        return Pattern(
            name=name,
            kind=cast(DangerKind, kind),
            tier=cast(Tier, tier),
            templates=self._templates(parts["says"]),
            who=cast(Who, self._one_of(parts, "who", get_args(Who)) or "anyone"),
            when=cast(When, self._one_of(parts, "when", get_args(When)) or "any"),
            denied=cast(Denied, self._one_of(parts, "denied", get_args(Denied)) or "drops"),
            feared=cast(Feared, self._one_of(parts, "feared", get_args(Feared)) or "asks"),
            tests=self._texts(parts, "tests"),
            excludes=self._texts(parts, "not"),
        )

    def _one_of(self, parts: Mapping[str, Node], key: str, known: tuple[str, ...]) -> str:
        if key not in parts:
            return ""
        value = self.document.text(parts[key])
        if value in known:
            return value
        self.document.fault(self.document.line(parts[key]), f'"{value}" is no {key}; use {", ".join(known)}.')
        return ""
