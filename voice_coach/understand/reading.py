"""Reads the texts of one locale into a catalog and keeps every fault of form with its place.

Names are relative to `intents/`: contract.yaml, rules.yaml, LOCALE/ladders/NAME.yaml; lines, answers and words are
parts, each one file or the files of a folder. What only shows across entries is for `checking`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voice_coach.records import Ladder, Rule
from voice_coach.understand.catalog import Catalog, Fault, Intent, LineText
from voice_coach.understand.parts import Part, Place, locale_of
from voice_coach.understand.reading_ladders import read_ladder
from voice_coach.understand.rungs import GROUP
from voice_coach.understand.strict_yaml import Document

SHARED = ("contract.yaml", "rules.yaml")
PARTS = ("lines", "answers", "words", "safety")
"""What LOCALE/NAME.yaml and the files of LOCALE/NAME/ hold together; the last has a reader of its own."""
READ_ELSEWHERE = ("helplines.yaml",)
"""Names that belong to other readers: known here, not looked into."""

SOURCES = ("article", "field", "project")


@dataclass(frozen=True, slots=True)
class Contract:
    """What every locale must word: the names that code and catalog share."""

    intents: tuple[str, ...] = ()
    """Answers and commands."""
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
    """Files of the whole catalog, and parts of the locale, that are missing or not YAML."""


def read(texts: Mapping[str, str]) -> Reading:
    """Everything in the texts that could be read; what is missing or malformed is left out and among the faults."""
    return _Reader(texts).read()


class _Reader:
    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.faults: list[Fault] = []
        self.places: dict[tuple[str, ...], Place] = {}
        self.unread: set[str] = set()
        self.locale = locale_of(texts)

    def read(self) -> Reading:
        self._tell_unknown()
        contract = self._contract()
        words, numbers, homophones = self._words()
        answers = self._part("answers", ("intents", "choices"), ("questions",))
        ladders = self._ladders()
        catalog = Catalog(
            language=self.locale,
            lines=self._lines(),
            intents=self._intents("intents", answers, contract.intents),
            choices=self._intents("choices", answers, contract.choices) | _named(ladders),
            questions=self._intents("questions", answers, contract.questions),
            words=words,
            numbers=numbers,
            homophones=homophones,
            ladders=ladders,
            rules=self._rules(),
            digest=digest(self.texts),
        )
        return Reading(catalog, contract, self.places, tuple(self.faults), frozenset(self.unread))

    def _tell_unknown(self) -> None:
        """Files of a second locale, and names that nothing reads, are faults."""
        known = {*SHARED, *READ_ELSEWHERE, *(f"{self.locale}/{name}.yaml" for name in PARTS)}
        folders = tuple(f"{self.locale}/{name}/" for name in (*PARTS, "ladders"))
        for name in self.texts:
            if name not in known and not (name.startswith(folders) and name.endswith(".yaml")):
                self.faults.append(Fault(name, 1, "Nothing reads a file of this name; rename it or take it away."))

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

    def _part(self, name: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Part:
        part = Part(self.texts, name, required, self.faults, optional)
        if part.unread:
            self.unread.add(name)
        return part

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
            named["answers"] + named["commands"],
            named["choices"],
            named["questions"],
            lines,
            tuple(name for name, _ in rules),
        )

    def _lines(self) -> dict[str, LineText]:
        lines: dict[str, LineText] = {}
        for key, entry in self._part("lines", ("lines",)).entries("lines").items():
            document = entry.document
            self.places["lines", key] = entry.place
            parts = document.fields(entry.node, ("say",), ("again", "choices"))
            lines[key] = LineText(
                say=document.text(parts["say"]) if "say" in parts else "",
                again=tuple(words for words, _ in document.texts(parts["again"])) if "again" in parts else (),
                choices=document.text(parts["choices"]) if "choices" in parts else "",
            )
        return lines

    def _intents(self, kind: str, answers: Part, order: Sequence[str]) -> dict[str, Intent]:
        """Those of one kind in the contract's order: in which file one stands decides nothing."""
        intents: dict[str, Intent] = {}
        for name, entry in answers.entries(kind).items():
            self.places[kind, name] = entry.place
            parts = entry.document.fields(entry.node, (), ("exact", "phrases", "tests", "not", "anchors", "company"))
            listed: dict[str, tuple[str, ...]] = {}
            for key, part in parts.items():
                words = entry.document.texts(part)
                listed[key] = tuple(text for text, _ in words)
                for text, line in words:
                    self.places[kind, name, key, text] = (entry.document.file, line)
            intents[name] = Intent(
                name,
                exact=listed.get("exact", ()),
                phrases=listed.get("phrases", ()),
                tests=listed.get("tests", ()),
                excludes=listed.get("not", ()),
                anchors=listed.get("anchors", ()),
                company=listed.get("company", ()),
            )
        return {name: intents[name] for name in (*order, *intents) if name in intents}

    def _words(self) -> tuple[dict[str, tuple[str, ...]], dict[str, float], dict[str, str]]:
        part = self._part("words", ("words", "numbers", "homophones"))
        listed, counted, heard = (part.entries(key) for key in ("words", "numbers", "homophones"))
        words = {key: tuple(text for text, _ in one.document.texts(one.node)) for key, one in listed.items()}
        numbers = {key: one.document.number(one.node) for key, one in counted.items()}
        homophones = {key: one.document.text(one.node) for key, one in heard.items()}
        for key, meant in homophones.items():
            if numbers and meant not in numbers:
                heard[key].fault(f'"{meant}" is no number word; see "numbers".')
        for key, entries in words.items():
            for used in re.findall(r"@(\w+)", " ".join(entries)) if key.startswith("rung_") else ():
                if GROUP + used not in words:
                    listed[key].fault(f'"@{used}" is no list here; add "{GROUP}{used}" or mend the name.')
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
