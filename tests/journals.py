"""Rows to write into a journal, and what is in its file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voice_coach.ports import Entry, EntryKind
from voice_coach.remember.store import Store

T0 = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"
SECRET = "the bridge behind the mill"
STEP = {
    "id": "go-1", "ladder": "speaking", "rung": "voice_note", "variation": None, "started": T0.isoformat(),
}  # fmt: skip
ENDED = STEP | {"how": "done", "ended": (T0 + timedelta(minutes=2)).isoformat()}
TOLD = ENDED | {
    "before": 4.5, "peak": 6.0, "after": 1.5, "reached_end": True, "happened": "no", "reflected": True,
    "retention": False,
}  # fmt: skip


SAFETY: list[tuple[EntryKind, str, Mapping[str, object]]] = [
    ("note", "block", {"kind": "rest", "reason": "high_today", "until": None, "ladder": None}),
    ("note", "crisis", {"kind": "suicide"}),
    ("note", "upset", {"kind": "panic_now"}),
    ("note", "screen_answer", {"question": "trauma", "answer": "yes", "ladder": "dogs"}),
    ("note", "screen_answer", {"question": "suicide", "answer": "yes", "ladder": None}),
    ("note", "screen_answer", {"question": "unreal", "answer": "yes", "ladder": None}),
    ("note", "screen_answer", {"question": "panic", "answer": "yes", "ladder": None}),
    ("expose", "go-1", STEP),
    ("exposed", "go-1", ENDED),
    ("end", "crisis", {"how": "crisis", "reason": "suicide"}),
]
ORDINARY: list[tuple[EntryKind, str, Mapping[str, object]]] = [
    ("note", "screen_answer", {"question": "trauma", "answer": "no", "ladder": "dogs"}),
    ("note", "screen_answer", {"question": "stress", "answer": "yes", "ladder": None}),
    ("note", "check_in", {"value": 3.0}),
    ("note", "screened", {"full": True}),
    ("note", "learned", {"text": "it passes"}),
    ("note", "exposure", TOLD),
    ("answer", "ask.trauma", {"is": "match", "value": True}),
    ("aside", "danger.check", {"is": "silence"}),
    ("end", "stopped", {"how": "stopped", "reason": ""}),
]


class Writer:
    """Writes one session's rows, a second apart."""

    def __init__(self, store: Store, session: str = "s-1", at: datetime = T0) -> None:
        self.store, self.session, self.at, self.seq = store, session, at, 0
        store.begin(session, at, ZONE, "hash")

    def write(self, kind: EntryKind, key: str, value: object, heard: str = "") -> Entry:
        at = self.at + timedelta(seconds=self.seq)
        entry = Entry(self.session, self.seq, at, ZONE, kind, key, 0, json.dumps(value), heard)
        self.store.append(entry)
        self.seq += 1
        return entry

    def note(self, fact: str, **value: object) -> Entry:
        return self.write("note", fact, value)

    def end(self, how: str, reason: str = "") -> Entry:
        return self.write("end", how, {"how": how, "reason": reason})


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, read past the store."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}
