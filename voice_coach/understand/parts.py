"""One part of the catalog as a whole: LOCALE/NAME.yaml and the files of the folder LOCALE/NAME/, any of them or all.

Files are read in the order of their names, NAME.yaml first. What two of them hold is a fault that names both places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ruamel.yaml.nodes import Node

from voice_coach.understand.catalog import Fault
from voice_coach.understand.strict_yaml import Document

Place = tuple[str, int]
"""A file and a line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands below a key, and where the key stands."""

    document: Document
    node: Node
    line: int

    @property
    def place(self) -> Place:
        """Its file, and the line of its key, from 1."""
        return self.document.file, self.line

    def fault(self, message: str) -> None:
        """Keep one fault of this place."""
        self.document.fault(self.line, message)


class Part:
    """The files of one part, read strictly; faults go to the list that is given."""

    def __init__(
        self,
        texts: Mapping[str, str],
        name: str,
        required: Collection[str],
        faults: list[Fault],
        optional: Collection[str] = (),
    ) -> None:
        """`required`: what the files must hold together; `optional`: what any of them may hold besides."""
        self.locale = locale_of(texts)
        whole, folder = f"{self.locale}/{name}.yaml", f"{self.locale}/{name}/"
        files = [file for file in texts if file == whole or (file.startswith(folder) and file.endswith(".yaml"))]
        self.unread = not files
        """Whether something that is wanted is missing or not YAML: to compare what is left would drown that fault."""
        if not files:
            faults.append(Fault(whole, 1, "This file is missing; add it."))
        self._held: list[tuple[Document, dict[str, Node]]] = []
        for file in sorted(files, key=lambda file: (file != whole, file)):
            self._read(Document(file, texts[file], faults), (*required, *optional))
        self.tell_missing(required, {key for _, fields in self._held for key in fields})

    def entries(self, key: str) -> dict[str, Entry]:
        """Everything below `key`, by name; of what stands in two files the first one counts."""
        found: dict[str, Entry] = {}
        for document, block in self._blocks(key):
            lines = document.key_lines(block)
            for name, node in document.entries(block).items():
                entry = Entry(document, node, lines[name])
                if name in found:
                    entry.fault(_twice(name, *found[name].place))
                found.setdefault(name, entry)
        return found

    def texts(self, key: str) -> list[tuple[str, Document, int]]:
        """The words of the lists below `key`, in order, each with its file and line."""
        found: dict[str, tuple[str, Document, int]] = {}
        for document, block in self._blocks(key):
            for words, line in document.texts(block):
                if words in found:
                    document.fault(line, _twice(words, found[words][1].file, found[words][2]))
                found.setdefault(words, (words, document, line))
        return list(found.values())

    def tell_missing(self, wanted: Collection[str], found: Collection[str], where: str = "") -> None:
        """Faults, in the first file, for what none of the files holds; none where a file could not be read."""
        for key in wanted:
            if key not in found and not self.unread:
                self._held[0][0].fault(1, f'"{key}" is missing{where}; add it.')

    def _blocks(self, key: str) -> Iterator[tuple[Document, Node]]:
        return ((document, fields[key]) for document, fields in self._held if key in fields)

    def _read(self, document: Document, known: Collection[str]) -> None:
        """The fields of one file, whose language must be its folder's."""
        if document.root is None:
            self.unread = True
            return
        fields = document.fields(document.root, ("language",), known)
        if "language" in fields and document.text(fields["language"]) != self.locale:
            told = f'The language is not its folder\'s; write "{self.locale}".'
            document.fault(document.line(fields["language"]), told)
        self._held.append((document, fields))


def locale_of(texts: Mapping[str, str]) -> str:
    """The folder that the texts of one locale are in."""
    return min((name.split("/")[0] for name in texts if "/" in name), default="en")


def _twice(name: str, file: str, line: int) -> str:
    return f'"{name}" also stands in {file}:{line}; keep one.'
