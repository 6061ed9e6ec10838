"""Reads the texts of one locale into a catalog and keeps every fault of form with its place.

Names are relative to `intents/`: contract.yaml, rules.yaml, LOCALE/lines.yaml, LOCALE/answers.yaml,
LOCALE/words.yaml, LOCALE/ladders/NAME.yaml; LOCALE/lines/NAME.yaml and LOCALE/answers/NAME.yaml add to their
namesakes. What only shows across entries is for `checking`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml.nodes import Node

from voice_coach.records import Ladder, Rule
from voice_coach.understand.catalog import Catalog, Fault, Intent, LineText
from voice_coach.understand.reading_ladders import read_ladder
from voice_coach.understand.strict_yaml import Document

SHARED = ("contract.yaml", "rules.yaml")
PER_LOCALE = ("lines.yaml", "answers.yaml", "words.yaml")
IN_PARTS = ("lines", "answers")
"""Folders whose files add to the file of the same name."""
ASKED = ("questions",)
"""What only the files in a folder may hold beside the fields of their namesake."""
READ_ELSEWHERE = ("helplines.yaml", "safety.yaml")
"""Names that belong to other readers: known here, not looked into."""

SOURCES = ("article", "field", "project")

Place = tuple[str, int]
"""A file and a line."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What every locale must word: the names that code and catalog share."""

    intents: tuple[str, ...] = ()
    """Commands and answers."""
    choices: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Each line key with its blanks."""
    rules: tuple[str, ...] = ()
    """The numbers that the rules read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, the places of it, and the faults found on the way."""

    catalog: Catalog
    contract: Contract
    places: Mapping[tuple[str, ...], Place]
    """Where something stands: ("lines", key), ("intents", name, "exact", words), ("rungs", ladder, id), …"""
    faults: tuple[Fault, ...]
    unread: frozenset[str]
    """Files that are wanted but missing or not YAML."""


def read(texts: Mapping[str, str]) -> Reading:
    """Everything in the texts that could be read; what is missing or malformed is left out and among the faults."""
    return _Reader(texts).read()


class _Reader:
    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.faults: list[Fault] = []
        self.places: dict[tuple[str, ...], Place] = {}
        self.unread: set[str] = set()
        self.locale = self._one_locale()

    def read(self) -> Reading:
        contract = self._contract()
        words, numbers, homophones = self._words()
        answers = self._parts("answers")
        ladders = self._ladders()
        catalog = Catalog(
            language=self.locale,
            lines=self._lines(),
            intents=self._intents("intents", answers),
            choices=self._intents("choices", answers) | _named(ladders),
            questions=self._intents("questions", answers),
            words=words,
            numbers=numbers,
            homophones=homophones,
            ladders=ladders,
            rules=self._rules(),
            digest=digest(self.texts),
        )
        return Reading(catalog, contract, self.places, tuple(self.faults), frozenset(self.unread))

    def _one_locale(self) -> str:
        """The locale's folder; files of a second one, and names that nothing reads, are faults."""
        locales = sorted({name.split("/")[0] for name in self.texts if "/" in name})
        locale = locales[0] if locales else "en"
        known = {*SHARED, *READ_ELSEWHERE, *(f"{locale}/{name}" for name in (*PER_LOCALE, *READ_ELSEWHERE))}
        for name in self.texts:
            in_folder = any(name.startswith(f"{locale}/{folder}/") for folder in ("ladders", *IN_PARTS))
            if name not in known and not (in_folder and name.endswith(".yaml")):
                self.faults.append(Fault(name, 1, "Nothing reads a file of this name; rename it or take it away."))
        return locale

    def _document(self, name: str) -> Document | None:
        """The file, or None with a fault when it is missing or not YAML."""
        if name not in self.texts:
            self.faults.append(Fault(name, 1, "This file is missing; add it."))
        else:
            document = Document(name, self.texts[name], self.faults)
            if document.root is not None:
                return document
        self.unread.add(name)
        return None

    def _parts(self, name: str) -> list[tuple[Document, dict[str, Node]]]:
        """The fields of one file of this locale and of those in the folder of the same name, which add to it."""
        folder = f"{self.locale}/{name}/"
        keys = {"lines": ("lines",), "answers": ("intents", "choices")}[name]
        files = [self._localised(f"{name}.yaml", keys)]
        for part in sorted(text for text in self.texts if text.startswith(folder)):
            files.append(self._localised(part.removeprefix(f"{self.locale}/"), (), (*keys, *ASKED)))
        return [file for file in files if file is not None]

    def _localised(
        self, name: str, keys: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> tuple[Document, dict[str, Node]] | None:
        """The fields of a file of this locale, whose language must be its folder's."""
        document = self._document(f"{self.locale}/{name}")
        if document is None or document.root is None:
            return None
        found = document.fields(document.root, ("language", *keys), optional)
        if "language" in found and document.text(found["language"]) != self.locale:
            document.fault(
                document.line(found["language"]), f'The language is not its folder\'s; write "{self.locale}".'
            )
        return document, found

    def _contract(self) -> Contract:
        document = self._document("contract.yaml")
        if document is None or document.root is None:
            return Contract()
        found = document.fields(document.root, ("commands", "answers", "choices", "lines"), ("rules", "questions"))
        named: dict[str, tuple[str, ...]] = {}
        for key in ("commands", "answers", "choices", "questions"):
            listed = document.texts(found[key]) if key in found else []
            kind = key if key in ("choices", "questions") else "intents"
            for name, line in listed:
                if ("contract", kind, name) in self.places:
                    document.fault(line, f'"{name}" is both a command and an answer; keep one.')
                self.places["contract", kind, name] = (document.file, line)
            named[key] = tuple(name for name, _ in listed)
        lines: dict[str, tuple[str, ...]] = {}
        for key, node in (document.entries(found["lines"]) if "lines" in found else {}).items():
            lines[key] = tuple(blank for blank, _ in document.texts(node))
            self.places["contract", "lines", key] = (document.file, document.line(node))
        rules = document.texts(found["rules"]) if "rules" in found else []
        self.places |= {("contract", "rules", name): (document.file, line) for name, line in rules}
        return Contract(
            named["commands"] + named["answers"],
            named["choices"],
            named["questions"],
            lines,
            tuple(name for name, _ in rules),
        )

    def _lines(self) -> dict[str, LineText]:
        lines: dict[str, LineText] = {}
        for document, key, node in self._entries(self._parts("lines"), "lines"):
            self.places["lines", key] = (document.file, document.line(node))
            parts = document.fields(node, ("say",), ("again", "choices"))
            lines[key] = LineText(
                say=document.text(parts["say"]) if "say" in parts else "",
                again=tuple(words for words, _ in document.texts(parts["again"])) if "again" in parts else (),
                choices=document.text(parts["choices"]) if "choices" in parts else "",
            )
        return lines

    def _entries(self, files: list[tuple[Document, dict[str, Node]]], key: str) -> list[tuple[Document, str, Node]]:
        """Every entry below `key` in these files; what stands in two of them is a fault and the first one counts."""
        found: dict[str, tuple[Document, str, Node]] = {}
        for document, fields in files:
            for name, node in (document.entries(fields[key]) if key in fields else {}).items():
                if name in found:
                    document.fault(document.line(node), f'"{name}" also stands in {found[name][0].file}; keep one.')
                found.setdefault(name, (document, name, node))
        return list(found.values())

    def _intents(self, kind: str, answers: list[tuple[Document, dict[str, Node]]]) -> dict[str, Intent]:
        intents: dict[str, Intent] = {}
        for document, name, node in self._entries(answers, kind):
            self.places[kind, name] = (document.file, document.line(node))
            parts = document.fields(node, (), ("exact", "phrases", "tests", "not", "anchors", "company"))
            listed: dict[str, tuple[str, ...]] = {}
            for key, part in parts.items():
                words = document.texts(part)
                listed[key] = tuple(text for text, _ in words)
                for text, line in words:
                    self.places[kind, name, key, text] = (document.file, line)
            intents[name] = Intent(
                name,
                exact=listed.get("exact", ()),
                phrases=listed.get("phrases", ()),
                tests=listed.get("tests", ()),
                excludes=listed.get("not", ()),
                anchors=listed.get("anchors", ()),
                company=listed.get("company", ()),
            )
        return intents

    def _words(self) -> tuple[dict[str, tuple[str, ...]], dict[str, float], dict[str, str]]:
        words: dict[str, tuple[str, ...]] = {}
        numbers: dict[str, float] = {}
        homophones: dict[str, str] = {}
        localised = self._localised("words.yaml", ("words", "numbers", "homophones"))
        if localised is None:
            return words, numbers, homophones
        document, found = localised
        if "words" in found:
            for key, node in document.entries(found["words"]).items():
                words[key] = tuple(text for text, _ in document.texts(node))
        if "numbers" in found:
            numbers = {key: document.number(node) for key, node in document.entries(found["numbers"]).items()}
        if "homophones" in found:
            for key, node in document.entries(found["homophones"]).items():
                homophones[key] = document.text(node)
                if numbers and homophones[key] not in numbers:
                    document.fault(document.line(node), f'"{homophones[key]}" is no number word; see "numbers".')
        return words, numbers, homophones

    def _rules(self) -> dict[str, Rule]:
        rules: dict[str, Rule] = {}
        document = self._document("rules.yaml")
        if document is None or document.root is None:
            return rules
        for key, node in document.entries(document.root).items():
            parts = document.fields(node, ("value", "unit", "source"))
            if len(parts) < 3:
                continue
            source = document.text(parts["source"])
            if source not in SOURCES:
                document.fault(document.line(parts["source"]), f'"{source}" is no source; use {", ".join(SOURCES)}.')
            rules[key] = Rule(document.number(parts["value"]), document.text(parts["unit"]), source)
        return rules

    def _ladders(self) -> dict[str, Ladder]:
        ladders: dict[str, Ladder] = {}
        folder = f"{self.locale}/ladders/"
        for name in sorted(self.texts):
            document = self._document(name) if name.startswith(folder) and name.endswith(".yaml") else None
            if document is None or document.root is None:
                continue
            ladder, lines = read_ladder(document, document.root, name.removeprefix(folder).removesuffix(".yaml"))
            ladders[ladder.id] = ladder
            for rung, line in lines.items():
                self.places["rungs", ladder.id, rung] = (name, line)
        return ladders


def digest(texts: Mapping[str, str]) -> str:
    """SHA-256 over the names and texts, in hexadecimal: any change of either changes it."""
    sha = hashlib.sha256()
    for name in sorted(texts):
        for part in (name, texts[name]):
            raw = part.encode("utf-8", "surrogatepass")
            sha.update(len(raw).to_bytes(8, "big") + raw)
    return sha.hexdigest()


def _named(ladders: Mapping[str, Ladder]) -> dict[str, Intent]:
    """Each ladder as a choice, by its spoken name."""
    return {
        ladder.name: Intent(ladder.name, exact=ladder.called, tests=ladder.called)
        for ladder in ladders.values()
        if ladder.called
    }
