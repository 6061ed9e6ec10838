"""YAML read strictly: every value is asked for by type, and every fault is kept with its file and line.

Plain YAML loading lets the later of two equal keys win and turns an unquoted `no` into a boolean. Here the
text is only parsed into nodes; what a node may be is decided by the one who asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from voice_coach.understand.catalog import Fault

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# What some YAML reader takes for something other than text: booleans and null of 1.1 and 1.2, numbers, times, dates.
_NOT_TEXT = re.compile(
    r"~|null|y|n|yes|no|on|off|true|false|[-+]?\.(inf|nan)|[-+]?\.?\d[0-9a-fox_.:+\-tz ]*",
    re.IGNORECASE,
)
_DEEPEST = 24


class Document:
    """One YAML file as typed questions: each method gives the value, or an empty one and a fault in `faults`."""

    def __init__(self, file: str, text: str, faults: list[Fault]) -> None:
        self.file = file
        self._faults = faults
        self.root: Node | None = self._parsed(text)
        """The top node; None when the file is empty or is not YAML (a fault then says so)."""

    def fault(self, line: int, message: str) -> None:
        """Keep one fault of this file."""
        self._faults.append(Fault(self.file, line, message))

    def line(self, node: Node) -> int:
        """The line on which the node begins, from 1."""
        return int(node.start_mark.line) + 1

    def fields(self, node: Node, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The values of a mapping whose keys are known: unknown, repeated and missing keys are faults."""
        found = self.entries(node)
        if not isinstance(node, MappingNode):
            return {}
        known = [*required, *optional]
        for key in found.keys() - set(known):
            self.fault(self.line(found[key]), f'"{key}" is not known here; use {_listed(known)}.')
        for key in required:
            if key not in found:
                self.fault(self.line(node), f'"{key}" is missing here; add it.')
        return {key: value for key, value in found.items() if key in known}

    def entries(self, node: Node) -> dict[str, Node]:
        """The values of a mapping with any text keys; a key given twice is a fault and its first value stays."""
        found: dict[str, Node] = {}
        if not isinstance(node, MappingNode):
            self.fault(self.line(node), 'Here a block of "key: value" is wanted.')
            return found
        for key_node, value in node.value:
            key = self.text(key_node)
            if key in found:
                self.fault(self.line(key_node), f'"{key}" is given twice; keep one.')
            elif key:
                found[key] = value
        return found

    def key_lines(self, node: Node) -> dict[str, int]:
        """The line on which each key of a mapping stands; of a key given twice, the first."""
        pairs = node.value if isinstance(node, MappingNode) else []
        return {str(key.value): self.line(key) for key, _ in reversed(pairs)}

    def items(self, node: Node) -> list[Node]:
        """The nodes of a list."""
        if not isinstance(node, SequenceNode):
            self.fault(self.line(node), "Here a list in square brackets or with dashes is wanted.")
            return []
        return list(node.value)

    def text(self, node: Node) -> str:
        """Words: quoted, or bare where no YAML reader could take them for anything else."""
        if not isinstance(node, ScalarNode):
            self.fault(self.line(node), "Here words are wanted, not a list or a block.")
            return ""
        value = str(node.value)
        if not value.strip():
            self.fault(self.line(node), "Here words are wanted, but there are none.")
            return ""
        if _bare(node) and _NOT_TEXT.fullmatch(value):
            self.fault(self.line(node), f'{value} needs quotes, or it is read as something else: write "{value}".')
        return value

    def text_or_null(self, node: Node) -> str | None:
        """Words, or None where a bare null stands."""
        if _bare(node) and node.value in ("null", "~", ""):
            return None
        return self.text(node)

    def texts(self, node: Node) -> list[tuple[str, int]]:
        """A list of words, each with its line; the same words twice are a fault."""
        found: dict[str, int] = {}
        for item in self.items(node):
            value, line = self.text(item), self.line(item)
            if value in found:
                self.fault(line, f'"{value}" is given twice; keep one.')
            elif value:
                found[value] = line
        return list(found.items())

    def number(self, node: Node) -> float:
        """A bare number, whole or with a decimal point."""
        if _bare(node) and _NUMBER.fullmatch(str(node.value)):
            return float(node.value)
        self.fault(self.line(node), "Here a number is wanted, without quotes.")
        return 0.0

    def truth(self, node: Node) -> bool:
        """A bare true or false."""
        if _bare(node) and node.value in ("true", "false"):
            return bool(node.value == "true")
        self.fault(self.line(node), "Here true or false is wanted, without quotes.")
        return False

    def _parsed(self, text: str) -> Node | None:
        try:
            root = self._tree(YAML(typ="safe").parse(text))  # in C with ruamel.yaml.clib: ten times as fast
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = " ".join(str(error.problem or error.context).split())
            self.fault(int(mark.line) + 1 if mark else 1, f"This cannot be read as YAML: {problem}.")
            return None
        except Exception as error:  # the parsers have further ways to refuse odd text, ValueError among them
            problem = " ".join(str(error).split())[:120] or type(error).__name__
            self.fault(1, f"This cannot be read as YAML: {problem}.")
            return None
        if root is None:
            self.fault(1, "This file is empty; fill it or delete it.")
        return root

    def _tree(self, events: Iterable[Event]) -> Node | None:
        """The nodes of the first document. ruamel's own composer in C is not used: deep nesting crashes it."""
        starts: list[CollectionStartEvent] = []
        children: list[list[Node]] = [[]]
        documents = 0
        for event in events:
            documents += isinstance(event, DocumentStartEvent)
            if documents > 1:
                raise MarkedYAMLError(problem="a second document begins", problem_mark=event.start_mark)
            if len(starts) > _DEEPEST:
                raise MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
            if isinstance(event, NodeEvent):
                self._judge(event)
            if isinstance(event, ScalarEvent):
                children[-1].append(ScalarNode("", event.value, event.start_mark, style=event.style))
            elif isinstance(event, AliasEvent):
                children[-1].append(ScalarNode("", f"*{event.anchor}", event.start_mark))
            elif isinstance(event, CollectionStartEvent):
                starts.append(event)
                children.append([])
            elif isinstance(event, CollectionEndEvent):
                mark, inside = starts.pop().start_mark, children.pop()
                children[-1].append(
                    MappingNode("", list(zip(inside[::2], inside[1::2], strict=True)), mark)
                    if isinstance(event, MappingEndEvent)
                    else SequenceNode("", inside, mark)
                )
        return children[0][0] if children[0] else None

    def _judge(self, event: NodeEvent) -> None:
        line = int(event.start_mark.line) + 1
        if event.anchor is not None:
            self.fault(line, "Anchors and references (& and *) are not used here; write it out.")
        if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.tag is not None:
            self.fault(line, f"The tag {event.tag} is not used here; take it away.")


def _bare(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style


def _listed(words: Collection[str]) -> str:
    return ", ".join(words)
