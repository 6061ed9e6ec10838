"""Taking rows out of the journal for good, and proving that their words are gone from the files.

What keeps a person safe stays, without words: a latch, and every block that is not over.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from voice_coach.errors import CoachError
from voice_coach.ports import Entry
from voice_coach.remember.projections import ENTRY, TABLES, entry_of, project_all
from voice_coach.remember.recordings import recording_of

SHORTEST = 4
"""Characters from which a text is looked for: shorter ones stand in any file by chance."""
KEPT_KEYS = ("how", "reason", "kind", "until", "ladder")
"""What is left of a row that stays."""
FILES = ("", "-wal", "-shm", "-journal")


def on_ladder(db: sqlite3.Connection, profile: str, ladder: str) -> set[str]:
    """The sessions in which this ladder was worked on, built, chosen or taken in."""
    rows = db.execute(
        "SELECT DISTINCT e.session FROM entries e JOIN sessions s ON s.id = e.session"
        " WHERE s.profile = ? AND e.kind IN ('note', 'expose', 'exposed')"
        " AND json_extract(e.value_json, '$.ladder') = ?",
        (profile, ladder),
    )
    return {session for (session,) in rows}


def of_profile(db: sqlite3.Connection, profile: str) -> list[str]:
    """Every session of this profile, oldest first."""
    rows = db.execute("SELECT id FROM sessions WHERE profile = ? ORDER BY rowid", (profile,))
    return [session for (session,) in rows]


def held(db: sqlite3.Connection, sessions: Collection[str]) -> int:
    """How many of these were sessions with a person, not changes that a command made."""
    spoken = {session for (session,) in db.execute("SELECT id FROM sessions WHERE catalog != ''")}
    return len(spoken & set(sessions))


def unclosed(db: sqlite3.Connection, sessions: Collection[str]) -> list[str]:
    """Those of these sessions that are still there and have no end."""
    rows = db.execute("SELECT id FROM sessions s WHERE NOT EXISTS (SELECT 1 FROM ends WHERE ends.session = s.id)")
    return sorted({session for (session,) in rows} & set(sessions))


def recordings_of(db: sqlite3.Connection, sessions: Collection[str]) -> list[str]:
    """The names of the recordings that these sessions keep."""
    rows = [
        row
        for session in sessions
        for row in db.execute("SELECT session, seq FROM recordings WHERE session = ?", (session,))
    ]
    return [recording_of(session, seq) for session, seq in rows]


def erase(
    db: sqlite3.Connection, sessions: Collection[str], now: datetime, latch: timedelta, *, everything: bool
) -> tuple[int, int]:
    """Delete the rows of these sessions inside the caller's transaction; (rows gone, rows kept without words).

    `everything`: nothing older stays, so the screen is asked in full anyway; else whatever calls for that stays too.
    """
    db.execute("CREATE TEMP TABLE going (session TEXT PRIMARY KEY)")
    db.executemany("INSERT INTO going VALUES (?)", [(session,) for session in sessions])
    rows = db.execute(f"SELECT e.id, {ENTRY} FROM entries e WHERE e.session IN (SELECT session FROM going)").fetchall()
    stays = {number: entry for number, *row in rows if _must_stay(entry := entry_of(row), now, latch, everything)}
    triggers = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"
    ).fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    for number, entry in stays.items():
        db.execute("UPDATE entries SET value_json = ?, heard = '' WHERE id = ?", (_bare(entry), number))
    marks = ",".join(map(str, stays)) or "0"
    db.execute(f"DELETE FROM entries WHERE session IN (SELECT session FROM going) AND id NOT IN ({marks})")
    db.execute(
        "DELETE FROM sessions WHERE id IN (SELECT session FROM going) AND id NOT IN (SELECT session FROM entries)"
    )
    for _, sql in triggers:
        db.execute(sql)
    db.execute("DROP TABLE going")
    project_all(db)
    return len(rows) - len(stays), len(stays)


def words_of(db: sqlite3.Connection, sessions: Collection[str]) -> set[str]:
    """Every text of these sessions that a person said or wrote, or that was made of it."""
    found: set[str] = set()
    for session in sessions:
        for heard, value in db.execute("SELECT heard, value_json FROM entries WHERE session = ?", (session,)):
            found.add(heard)
            found.update(_texts(json.loads(value)))
    return {text for text in found if len(text) >= SHORTEST}


def left_over(db: sqlite3.Connection) -> str:
    """Everything that the database still holds on purpose, the schema included."""
    tables = ("entries", "sessions", *TABLES)
    parts = [sql or "" for (sql,) in db.execute("SELECT sql FROM sqlite_master")]
    parts += [str(cell) for table in tables for row in db.execute(f"SELECT * FROM {table}") for cell in row]
    return "\n".join(parts)


def prove(path: Path, words: Collection[str], kept: str) -> int:
    """How many texts were looked for in the files. Raises `CoachError` where one of them is still there.

    A text that a row still holds on purpose is not looked for.
    """
    gone = [text for text in words if text not in kept and _escaped(text) not in kept]
    contents = [file.read_bytes() for end in FILES if (file := path.with_name(path.name + end)).exists()]
    forms = [form.encode("utf-8", "surrogatepass") for text in gone for form in {text, _escaped(text)}]
    if any(form in content for form in forms for content in contents):
        raise CoachError(
            f"The rows are deleted, but some of their words can still be found in {path}. "
            "Run the same command again; if that does not help, delete the file."
        )
    return len(gone)


def _must_stay(entry: Entry, now: datetime, latch: timedelta, everything: bool) -> bool:
    if entry.replaced_by is not None:
        return False
    value = json.loads(entry.value)
    crisis = (entry.kind == "end" and value.get("how") == "crisis") or (entry.kind, entry.key) == ("note", "crisis")
    if not crisis and (entry.kind, entry.key) != ("note", "block"):
        return False
    if not everything:
        return True
    if crisis or value.get("kind") == "latch":
        return now < entry.at + latch
    # A ladder that was closed for what it is tied to opens again by a review, not by time.
    until = value.get("until")
    return until is None or value.get("reason") == "trauma" or now < datetime.fromisoformat(until)


def _bare(entry: Entry) -> str:
    value = json.loads(entry.value)
    return json.dumps({key: value[key] for key in KEPT_KEYS if key in value})


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if value.startswith("{"):  # a ladder, kept as JSON in JSON
            yield from _texts(json.loads(value))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _escaped(text: str) -> str:
    """As it stands inside JSON."""
    return json.dumps(text)[1:-1]
