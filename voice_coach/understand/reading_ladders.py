"""Reads one ladder file: the fear, its rungs in order, and the sight-free twins of rungs that need sight."""

from __future__ import annotations

from typing import Literal, get_args

from ruamel.yaml.nodes import Node

from voice_coach.records import Changes, Ladder, Rung, Tag, Variation
from voice_coach.understand.strict_yaml import Document

TAGS: tuple[Tag, ...] = get_args(Tag)
CHANGES: tuple[Changes, ...] = get_args(Changes)
Question = Literal["fainted", "hurt"]
QUESTIONS: tuple[Question, ...] = get_args(Question)
"""What a ladder may want asked before each session."""
LONGEST_S = 240
"""Four minutes: the ceiling of an exposure, in seconds."""


def read_ladder(document: Document, root: Node, file_name: str) -> tuple[Ladder, dict[str, int]]:
    """The ladder as far as it could be read, and the line of every rung and twin by id."""
    found = document.fields(root, ("ladder", "name", "rungs"), ("twins", "called", "asks"))
    ladder = document.text(found["ladder"]) if "ladder" in found else file_name
    if ladder != file_name:
        document.fault(
            document.line(found["ladder"]), f'The file is called {file_name}.yaml; write "{file_name}" here.'
        )
    lines: dict[str, int] = {}
    rungs = _rungs(document, found.get("rungs"), ladder, lines)
    twins = _rungs(document, found.get("twins"), ladder, lines)
    if "rungs" in found and not rungs:
        document.fault(document.line(found["rungs"]), "A ladder needs rungs; add one.")
    _judge_twins(document, rungs, twins, lines)
    name = document.text(found["name"]) if "name" in found else ladder
    called = tuple(text for text, _ in document.texts(found["called"])) if "called" in found else ()
    asks = _asks(document, found["asks"]) if "asks" in found else ()
    return Ladder(ladder, name, rungs, twins, called, asks), lines


def _asks(document: Document, node: Node) -> tuple[Question, ...]:
    asks: list[Question] = []
    for text, line in document.texts(node):
        match = [question for question in QUESTIONS if question == text]
        asks += match
        if not match:
            document.fault(line, f'"{text}" is nothing that can be asked; use {", ".join(QUESTIONS)}.')
    return tuple(asks)


def _rungs(document: Document, node: Node | None, ladder: str, lines: dict[str, int]) -> tuple[Rung, ...]:
    rungs = []
    for item in document.items(node) if node is not None else []:
        rung = _rung(document, item, ladder)
        if rung is None:
            continue
        if rung.id in lines:
            document.fault(document.line(item), f'The rung "{rung.id}" is given twice; ids are never reused.')
            continue
        lines[rung.id] = document.line(item)
        rungs.append(rung)
    return tuple(rungs)


def _rung(document: Document, node: Node, ladder: str) -> Rung | None:
    """One rung, or None when it cannot be told apart from others for want of an id."""
    found = document.fields(node, ("id", "say", "end", "seconds", "tags", "variations"), ("sight_free",))
    if "id" not in found:
        return None
    return Rung(
        id=document.text(found["id"]),
        ladder=ladder,
        say=document.text(found["say"]) if "say" in found else "",
        end=document.text(found["end"]) if "end" in found else "",
        seconds=_seconds(document, found["seconds"]) if "seconds" in found else 1,
        tags=_tags(document, found["tags"]) if "tags" in found else frozenset(),
        variations=_variations(document, found["variations"]) if "variations" in found else (),
        sight_free=document.text_or_null(found["sight_free"]) if "sight_free" in found else None,
    )


def _seconds(document: Document, node: Node) -> int:
    seconds = document.number(node)
    if not (1 <= seconds <= LONGEST_S and seconds.is_integer()):
        document.fault(document.line(node), f"An exposure takes whole seconds from 1 to {LONGEST_S}; change this.")
        return 1
    return int(seconds)


def _tags(document: Document, node: Node) -> frozenset[Tag]:
    tags: set[Tag] = set()
    for text, line in document.texts(node):
        match = [tag for tag in TAGS if tag == text]
        tags.update(match)
        if not match:
            document.fault(line, f'"{text}" is no tag; use {", ".join(TAGS)}.')
    return frozenset(tags)


def _variations(document: Document, node: Node) -> tuple[Variation, ...]:
    variations: dict[str, Variation] = {}
    for item in document.items(node):
        found = document.fields(item, ("id", "changes", "say"), ("easier",))
        if len(found.keys() & {"id", "changes", "say"}) < 3:
            continue
        name, changed = document.text(found["id"]), document.text(found["changes"])
        changes = [change for change in CHANGES if change == changed]
        if not changes:
            document.fault(document.line(found["changes"]), f'"{changed}" is no change; use {", ".join(CHANGES)}.')
            continue
        if name in variations:
            document.fault(document.line(item), f'The variation "{name}" is given twice; rename one.')
            continue
        easier = document.truth(found["easier"]) if "easier" in found else False
        variations[name] = Variation(name, changes[0], document.text(found["say"]), easier)
    return tuple(variations.values())


def _judge_twins(document: Document, rungs: tuple[Rung, ...], twins: tuple[Rung, ...], lines: dict[str, int]) -> None:
    """Faults where a rung that needs sight leaves out those who have none."""
    wanted = {rung.sight_free for rung in rungs}
    for rung in rungs:
        if rung.sight_free is not None and rung.sight_free not in {twin.id for twin in twins}:
            document.fault(lines[rung.id], f'"{rung.id}" names "{rung.sight_free}", which is not among the twins.')
        if "sight" in rung.tags and rung.sight_free is None:
            document.fault(lines[rung.id], f'"{rung.id}" needs sight; add a twin without it and name it in sight_free.')
    for twin in twins:
        if twin.id not in wanted:
            document.fault(lines[twin.id], f'No rung names the twin "{twin.id}" in sight_free; name it or delete it.')
        if "sight" in twin.tags or twin.sight_free is not None:
            document.fault(lines[twin.id], f'The twin "{twin.id}" must need no sight and have no twin itself.')
