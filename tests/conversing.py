"""Runs a conversation file: typed replies, the real catalog, matcher and journal, a clock that skips waits."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from voice_coach import catalog_files
from voice_coach.app import Coach, open_likeness, run_stage
from voice_coach.clocks import PipeClock
from voice_coach.coach.floor import Stage
from voice_coach.listen.typed import Piped
from voice_coach.ports import Entry, Events, Line
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.speak.silent import Silent
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.interpret import Understanding
from voice_coach.understand.loading import load
from voice_coach.understand.safety import screen_of
from voice_coach.words import Outcome, PlaybackEnded

FOLDER = Path(__file__).parent / "conversations"


@dataclass(frozen=True, slots=True)
class Turn:
    """One reply: at which question, what is typed, and what must have been understood."""

    coach: str
    says: str
    understood: Any = None
    aloud: str = ""
    """What is said where it is spoken: the same in words that can be heard; empty: as typed."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One file of `tests/conversations`."""

    name: str
    why: str
    now: datetime
    zone: str
    after: tuple[str, ...]
    private: bool
    turns: tuple[Turn, ...]
    ends: dict[str, Any]


def read(name: str) -> Conversation:
    """The conversation in this file. Every key is known; a moment is written "2026-03-02T18:00 Europe/Berlin"."""
    content = YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert set(content) == {"why", "given", "turns", "ends"}, name
    given = content["given"]
    assert set(given) <= {"now", "after", "private"}, name
    moment, zone = given["now"].split()
    return Conversation(
        name=name,
        why=content["why"],
        now=datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        zone=zone,
        after=tuple(given.get("after", ())),
        private=given.get("private", False),
        turns=tuple(
            Turn(turn["coach"], turn["says"], turn.get("understood"), turn.get("aloud", ""))
            for turn in content["turns"] or ()
        ),
        ends=content["ends"],
    )


class Said(Silent):
    """A speaker that only remembers."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self.lines: list[Line] = []

    def say(self, line: Line) -> None:
        if line.text:
            self.lines.append(line)
        self._events.put(PlaybackEnded(0.0, line.number))


class Person(io.RawIOBase):
    """Types the next reply when the coach waits; checks which question it waits at and what it understood before."""

    def __init__(self, turns: tuple[Turn, ...], said: Said, coach: Coach, safe: bool = False) -> None:
        super().__init__()
        self._turns, self._said, self._coach, self._safe = list(turns), said, coach, safe
        self._resumed = safe
        self._check: Any = None
        self.answered: list[Line] = []

    def readline(self, size: int | None = -1, /) -> bytes:
        del size
        self.settle()
        key = self._said.lines[-1].key
        welcomed = any(line.key == "resume.welcome" for line in self._said.lines)
        if self._safe and welcomed and key == "screen.since":
            self._safe = False
            return b"no\n"
        while self._resumed and self._turns and _beside(self._turns[0].coach) and not _beside(key):
            self._turns.pop(0)  # what ran beside the session is not gone on with after a cut
        if self._turns and _paced(self._said.lines[-1]) and self._turns[0].coach != key:
            return b"\n"
        if not self._turns:
            return b""
        turn = self._turns.pop(0)
        assert key == turn.coach, f"expected to answer {turn.coach}, but the coach waits at {key}"
        self.answered.append(self._said.lines[-1])
        self._check = turn.understood
        return f"{turn.says}\n".encode()

    def settle(self) -> None:
        """Compare what was understood of the reply before."""
        if self._check is not None:
            assert understood(self._coach) == self._check
            self._check = None

    @property
    def left(self) -> int:
        """Replies that nobody asked for."""
        return len([turn for turn in self._turns if not (self._resumed and _beside(turn.coach))])


def _beside(key: str) -> bool:
    return key.startswith("stabilise.") or key == "step.left"


def _paced(line: Line) -> bool:
    """A line of an exercise that asks nothing: a person follows it in silence."""
    return line.key.startswith("stabilise.") and "?" not in line.text and line.key != "stabilise.paused"


def understood(coach: Coach) -> dict[str, Any]:
    """The newest answer in the journal, as a conversation file writes it."""
    rows = coach.store._db.execute("SELECT value_json FROM entries WHERE kind = 'answer' ORDER BY id DESC LIMIT 1")
    body = json.loads(rows.fetchone()[0])
    match body["is"]:
        case "match":
            return {body["kind"]: body["value"]}
        case "unsure":
            return {"unsure": body["candidates"]}
        case other:
            return {other: None}


@cache
def _understanding() -> tuple[Catalog, Understanding]:
    texts = catalog_files.read_texts()
    catalog = load(texts)
    return catalog, Understanding(catalog, screen_of(texts, likeness=open_likeness("en")).hear)


@dataclass(frozen=True, slots=True)
class Held:
    """How a conversation went."""

    outcome: Outcome
    lines: tuple[Line, ...]
    answered: tuple[Line, ...]
    """The line that each reply answered."""
    left: int


def hold(
    home: Path, turns: tuple[Turn, ...], now: datetime, zone: str, *, private: bool = False, safe: bool = False
) -> Held:
    """One session in this home. `safe`: it was cut off before, so the safety question is answered with no first."""
    catalog, understanding = _understanding()
    home.mkdir(exist_ok=True)
    settings = Settings(home, private=private)
    coach = Coach(settings, catalog, understanding, Store(home / "coach.db"), zone, lambda: now)
    events: Events = SimpleQueue()
    said = Said(events)
    person = Person(turns, said, coach, safe)
    pipe = Piped(person)  # type: ignore[arg-type]
    try:
        outcome = run_stage(coach, Stage(PipeClock(pipe.pull), events, pipe, said))
        person.settle()
        return Held(outcome, tuple(said.lines), tuple(person.answered), person.left)
    finally:
        coach.store.close()


def prepare(home: Path, conversation: Conversation) -> None:
    """Hold the conversations that came before."""
    for name in conversation.after:
        earlier = read(name)
        held = hold(home, earlier.turns, earlier.now, earlier.zone)
        assert held.outcome.planned or earlier.ends["outcome"] == held.outcome.how


def rows(home: Path, kind: str, key: str | None = None) -> list[Entry]:
    """The living rows of this kind in the home's journal, oldest first."""
    import sqlite3

    found = sqlite3.connect(home / "coach.db").execute(
        "SELECT session, seq, at_utc, zone, kind, key, nth, value_json, heard, replaced_by FROM entries"
        " WHERE kind = ? AND replaced_by IS NULL ORDER BY id",
        (kind,),
    )
    entries = [Entry(a, b, datetime.fromisoformat(c), d, e, f, g, h, i, j) for a, b, c, d, e, f, g, h, i, j in found]
    return [entry for entry in entries if key is None or entry.key == key]


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
