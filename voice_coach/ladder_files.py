"""Ladder files as a therapist writes them: read strictly, every fault at once, and written to read back the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node

from voice_coach.coach.ladder_form import plain
from voice_coach.coach.today import LadderWords
from voice_coach.coach.variations import usual
from voice_coach.errors import BadInput
from voice_coach.records import Ladder, Rung
from voice_coach.understand.catalog import Fault
from voice_coach.understand.reading_ladders import read_ladder
from voice_coach.understand.strict_yaml import Document

FEWEST = 3
"""Rungs with which practice can begin."""
NO_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
ID = re.compile(r"[a-z][a-z0-9_]*")


class LadderFaults(BadInput):
    """The file cannot be taken: `faults` holds every one, in order of their lines."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        listed = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"{path} has {count}, and nothing of it was taken; mend what is listed here.\n{listed}")
        self.faults = faults


def read_file(path: Path, words: LadderWords) -> Ladder:
    """The ladder of this file. Raises `LadderFaults` with file and line, `BadInput` where it cannot be read at all."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text; save it as UTF-8 and try again.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); check the name and try again.") from None
    faults: list[Fault] = []
    document = Document(str(path), text, faults)
    ladder = None if document.root is None else _read(document, words)
    if ladder is None or faults:
        raise LadderFaults(path, sorted(set(faults), key=lambda fault: (fault.line, fault.message)))
    return ladder


def _read(document: Document, words: LadderWords) -> Ladder:
    assert document.root is not None
    named = _value(document.root, "ladder")
    ladder, lines = read_ladder(document, document.root, str(getattr(named, "value", "")) or "ladder")
    top = document.line(named) if named is not None else 1
    if not ID.fullmatch(ladder.id):
        document.fault(top, f'"{ladder.id}" is no name for a ladder; use small letters, digits and underscores.')
    if 0 < len(ladder.rungs) < FEWEST:
        document.fault(top, f"A ladder needs at least {FEWEST} rungs; add some.")
    for rung in (*ladder.rungs, *ladder.twins):
        _judge(document, ladder, rung, lines[rung.id], words)
    return replace(ladder, rungs=_varied(ladder.rungs, words), twins=_varied(ladder.twins, words))


def _varied(rungs: tuple[Rung, ...], words: LadderWords) -> tuple[Rung, ...]:
    """The rungs, those without changes of their own with the usual ones."""
    return tuple(rung if rung.variations else replace(rung, variations=usual(words.texts)) for rung in rungs)


def _value(root: Node, key: str) -> Node | None:
    """What stands under this key, before anything is judged."""
    pairs = root.value if isinstance(root, MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _judge(document: Document, ladder: Ladder, rung: Rung, line: int, words: LadderWords) -> None:
    """What rules a rung out, however it is worded in its variations."""
    if not ID.fullmatch(rung.id):
        document.fault(line, f'"{rung.id}" is no name for a rung; use small letters, digits and underscores.')
    for text in (rung.say, rung.end, *(variation.say for variation in rung.variations)):
        judged = words.judge(text)
        if judged.refused:
            document.fault(line, f'"{rung.id}" has to do with {judged.refused}, which is never a step; take it out.')
        for question in sorted(judged.asks - set(ladder.asks)):
            document.fault(line, f'"{rung.id}" may be done only if one is asked first; add asks: [{question}].')


def to_yaml(ladder: Ladder) -> str:
    """The ladder as a file that `read_file` reads back the same."""
    form = plain(ladder)
    out = [f"ladder: {_name(ladder.id)}", f"name: {_quoted(ladder.name)}"]
    out += [f"{key}: {_flow(form[key])}" for key in ("called", "asks") if key in form]
    for key, rungs in (("rungs", ladder.rungs), ("twins", ladder.twins)):
        if rungs:
            out.append(f"{key}:")
            out += [line for rung in rungs for line in _rung_lines(rung)]
    return "\n".join(out) + "\n"


def _rung_lines(rung: Rung) -> list[str]:
    lines = [
        f"  - id: {_name(rung.id)}",
        f"    say: {_quoted(rung.say)}",
        f"    end: {_quoted(rung.end)}",
        f"    seconds: {rung.seconds}",
        f"    tags: [{', '.join(sorted(rung.tags))}]",
    ]
    if rung.sight_free is not None:
        lines.append(f"    sight_free: {_name(rung.sight_free)}")
    lines.append("    variations:" if rung.variations else "    variations: []")
    for change in rung.variations:
        easier = ", easier: true" if change.easier else ""
        lines.append(
            f"      - {{ id: {_name(change.id)}, changes: {change.changes}{easier}, say: {_quoted(change.say)} }}"
        )
    return lines


def _flow(texts: list[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _name(name: str) -> str:
    """Bare, as people write names, unless a YAML reader would take it for something else."""
    return _quoted(name) if name in NO_WORDS else name


def _quoted(text: str) -> str:
    """In double quotes: JSON's are YAML's."""
    return json.dumps(text, ensure_ascii=False)
