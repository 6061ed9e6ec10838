"""The journal as JSON Lines, whole and ready to be taken in again; and its facts as plain rows, chosen by kind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

from voice_coach.errors import BadInput
from voice_coach.ports import Entry, EntryKind
from voice_coach.remember.projections import ENTRY, entry_of, project_all, stamp

FORMAT = "voice-coach journal"
VERSION = 1
What = Literal["ratings", "dates", "texts"]
EVERYTHING: tuple[What, ...] = get_args(What)
SESSION = ("id", "started", "zone", "catalog")
ROW = ("session", "seq", "at", "zone", "kind", "key", "nth", "value", "heard", "replaced_by")
MOST_FAULTS = 20

FACTS = (
    "check_in", "rung_rating", "ladder", "commitment", "larger", "safety", "prediction", "exposure", "feeling",
    "surprise", "learned", "action",
)  # fmt: skip
COLUMNS: Mapping[str, What | None] = {
    "kind": None, "session": None, "at": "dates", "zone": "dates", "started": "dates", "ended": "dates",
    "ladder": None, "rung": None, "variation": None, "how": None, "reached_end": None, "happened": None,
    "reflected": None, "retention": None, "why": None, "label": None, "value": "ratings", "before": "ratings",
    "peak": "ratings", "after": "ratings", "likelihood": "ratings", "likelihood_now": "ratings",
    "fear": "texts", "text": "texts",
}  # fmt: skip
"""The columns of a fact, and what has to be chosen for each; None: always."""


def journal_lines(db: sqlite3.Connection, profile: str) -> Iterator[str]:
    """The profile's journal, a JSON object a line: a header, every session, every row in the order it was written."""
    yield _line({"format": FORMAT, "version": VERSION})
    for row in db.execute(
        "SELECT id, started_utc, zone, catalog FROM sessions WHERE profile = ? ORDER BY rowid", (profile,)
    ):
        yield _line({"session": dict(zip(SESSION, row, strict=True))})
    for row in _rows(db, profile):
        yield _line({"row": dict(zip(ROW, row, strict=True))})


def facts(db: sqlite3.Connection, profile: str, what: Collection[What]) -> Iterator[dict[str, Any]]:
    """The living facts in order, each a row of the columns that were chosen; an exposure once, as it was told last."""
    columns = [column for column, needs in COLUMNS.items() if needs is None or needs in what]
    found: dict[object, dict[str, Any]] = {}
    for row in _rows(db, profile):
        entry = entry_of(row)
        if entry.kind != "note" or entry.key not in FACTS or entry.replaced_by is not None:
            continue
        value = json.loads(entry.value)
        told = {"kind": entry.key, "session": entry.session, "at": stamp(entry.at), "zone": entry.zone, **value}
        name = value["id"] if entry.key == "exposure" else (entry.session, entry.seq)
        found[name] = {column: told.get(column) for column in columns}
    yield from found.values()


def take_in(db: sqlite3.Connection, profile: str, lines: Iterable[str], name: str) -> tuple[int, int]:
    """Add the journal in these lines inside the caller's transaction; (sessions, rows) that were new.

    What is there already is passed over. Raises `BadInput` with every faulty line.
    """
    faults: list[str] = []
    sessions: list[dict[str, Any]] = []
    entries: list[Entry] = []
    for number, line in enumerate(lines, start=1):
        try:
            _read(number, json.loads(line), sessions, entries)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            why = str(error) if isinstance(error, _Fault) else "this is no line of an export"
            faults.append(f"  {name}:{number}: {why}.")
    if not sessions and not faults:
        faults.append(f"  {name}:1: there is no session in it.")
    known = {session["id"] for session in sessions}
    faults += [f"  {name}: a row belongs to the session {one}, which is not in it." for one in _strays(entries, known)]
    if faults:
        more = [f"  … and {len(faults) - MOST_FAULTS} more."] if len(faults) > MOST_FAULTS else []
        listed = "\n".join([*faults[:MOST_FAULTS], *more])
        raise BadInput(f"{name} cannot be taken in, and nothing of it was. Export it again, or mend this:\n{listed}")
    return _add(db, profile, sessions, entries, name)


class _Fault(ValueError):
    """What is wrong with one line."""


def _read(number: int, found: Any, sessions: list[dict[str, Any]], entries: list[Entry]) -> None:
    if number == 1:
        if found != {"format": FORMAT, "version": VERSION}:
            raise _Fault("this is not the first line of a whole export (one made with --what or as CSV has parts only)")
        return
    kind = next(iter(found)) if isinstance(found, dict) and len(found) == 1 else ""
    if kind not in ("session", "row") or not isinstance(found[kind], dict):
        raise _Fault("this is neither a session nor a row")
    fields: dict[str, Any] = found[kind]
    _exactly(fields, SESSION if kind == "session" else ROW)
    if kind == "row":
        entries.append(_entry(fields))
        return
    if not all(isinstance(fields[key], str) for key in SESSION):
        raise _Fault("a session is words only")
    _aware(fields["started"])
    sessions.append(fields)


def _entry(fields: Mapping[str, Any]) -> Entry:
    _aware(fields["at"])
    words = ("session", "zone", "kind", "key", "value", "heard")
    numbers = ("seq", "nth", *(["replaced_by"] if fields["replaced_by"] is not None else []))
    if not all(isinstance(fields[key], str) for key in words) or fields["kind"] not in get_args(EntryKind):
        raise _Fault("a row has words or a kind that no version wrote")
    if not all(type(fields[key]) is int for key in numbers):
        raise _Fault("a row has a number that is none")
    if not isinstance(json.loads(fields["value"]), dict):
        raise _Fault("a row's value is no JSON object")
    return entry_of(fields[key] for key in ROW)


def _exactly(fields: Mapping[str, Any], keys: Iterable[str]) -> None:
    if set(fields) != set(keys):
        raise _Fault(f"it must have exactly {', '.join(keys)}")


def _aware(text: Any) -> None:
    if not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is None:
        raise _Fault("a moment has no zone")


def _strays(entries: Iterable[Entry], known: Collection[str]) -> list[str]:
    return sorted({entry.session for entry in entries} - set(known))


def _add(
    db: sqlite3.Connection, profile: str, sessions: list[dict[str, Any]], entries: list[Entry], name: str
) -> tuple[int, int]:
    there = {session for (session,) in db.execute("SELECT id FROM sessions")}
    new = [session for session in sessions if session["id"] not in there]
    for session in sessions:
        if session["id"] in there and not _same(db, profile, session["id"], entries):
            raise BadInput(
                f"{name} has another version of the session {session['id']} than this journal; nothing changed."
            )
    db.executemany(
        "INSERT INTO sessions (id, profile, started_utc, zone, catalog) VALUES (?, ?, ?, ?, ?)",
        [
            (one["id"], profile, stamp(datetime.fromisoformat(one["started"])), one["zone"], one["catalog"])
            for one in new
        ],
    )
    names = {session["id"] for session in new}
    count = 0
    for entry in entries:
        if entry.session not in names:
            continue
        _insert(db, entry)
        count += 1
    project_all(db)  # refuses a faulty fact
    return len(new), count


def _insert(db: sqlite3.Connection, entry: Entry) -> None:
    try:
        db.execute(
            "INSERT INTO entries (session, seq, at_utc, zone, kind, key, nth, value_json, heard, replaced_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.session, entry.seq, stamp(entry.at), entry.zone, entry.kind, entry.key, entry.nth, entry.value,
                entry.heard, entry.replaced_by,
            ),
        )  # fmt: skip
    except sqlite3.IntegrityError:
        raise BadInput("A row stands twice in the export, so nothing of it was taken. Export it again.") from None


def _same(db: sqlite3.Connection, profile: str, session: str, entries: Iterable[Entry]) -> bool:
    mine = [entry_of(row) for row in _rows(db, profile) if row[0] == session]
    return mine == [entry for entry in entries if entry.session == session]


def _rows(db: sqlite3.Connection, profile: str) -> Iterator[tuple[Any, ...]]:
    return iter(
        db.execute(
            f"SELECT {ENTRY} FROM entries e JOIN sessions s ON s.id = e.session WHERE s.profile = ? ORDER BY e.id",
            (profile,),
        )
    )


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value)
