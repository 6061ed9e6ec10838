"""YAML read strictly: every value is asked for by type, and every fault is kept with its file and line.

Plain YAML loading lets the later of two equal keys win and turns an unquoted `no` into a boolean. Here the
text is only composed into nodes; what a node may be is decided by the one who asks for it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from voice_coach.understand.catalog import Fault

_TAG_PREFIX = "tag:yaml.org,2002:"
# What ruamel gives a node by its shape alone; whether that type is wanted is for the asker to judge.
_UNWRITTEN_TAGS = frozenset(
    _TAG_PREFIX + name for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)
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
        self.root: Node | None = self._compose(text)
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
        if node.style is None and _NOT_TEXT.fullmatch(value):
            self.fault(self.line(node), f'{value} needs quotes, or it is read as something else: write "{value}".')
        return value

    def text_or_null(self, node: Node) -> str | None:
        """Words, or None where a bare null stands."""
        if isinstance(node, ScalarNode) and node.style is None and node.value in ("null", "~", ""):
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
        if isinstance(node, ScalarNode) and node.style is None and _NUMBER.fullmatch(str(node.value)):
            return float(node.value)
        self.fault(self.line(node), "Here a number is wanted, without quotes.")
        return 0.0

    def truth(self, node: Node) -> bool:
        """A bare true or false."""
        if isinstance(node, ScalarNode) and node.style is None and node.value in ("true", "false"):
            return bool(node.value == "true")
        self.fault(self.line(node), "Here true or false is wanted, without quotes.")
        return False

    def _compose(self, text: str) -> Node | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # a reused anchor is only a warning to ruamel
                root = YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = " ".join(str(error.problem or error.context).split())
            self.fault(int(mark.line) + 1 if mark else 1, f"This is not YAML: {problem}.")
            return None
        except Exception as error:  # the parser has further ways to refuse odd text, RecursionError among them
            problem = " ".join(str(error).split())[:120] or type(error).__name__
            self.fault(1, f"This cannot be read as YAML: {problem}.")
            return None
        if root is None:
            self.fault(1, "This file is empty; fill it or delete it.")
            return None
        return root if self._plain(root) else None

    def _plain(self, root: Node) -> bool:
        """Whether the file uses only blocks, lists and words: no tags, no node used twice, nothing nested deep."""
        before = len(self._faults)
        seen: set[int] = set()
        waiting = [(root, 0)]
        while waiting:
            node, depth = waiting.pop()
            if id(node) in seen or node.anchor:
                self.fault(self.line(node), "Anchors and references (& and *) are not used here; write it out.")
                break
            seen.add(id(node))
            if not _untagged(node):
                self.fault(self.line(node), f"The tag {node.tag} is not used here; take it away.")
            if depth > _DEEPEST:
                self.fault(self.line(node), "This is nested too deeply; write it flatter.")
                break
            if isinstance(node, MappingNode):
                waiting += [(part, depth + 1) for pair in node.value for part in pair]
            elif isinstance(node, SequenceNode):
                waiting += [(part, depth + 1) for part in node.value]
        return len(self._faults) == before


def _untagged(node: Node) -> bool:
    tag = str(node.tag)
    quoted = isinstance(node, ScalarNode) and node.style is not None
    return tag == f"{_TAG_PREFIX}str" if quoted else tag in _UNWRITTEN_TAGS


def _listed(words: Collection[str]) -> str:
    return ", ".join(words)
