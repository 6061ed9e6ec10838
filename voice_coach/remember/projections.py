"""What follows from the journal: the tables that `History` is read from, all derivable from the entries again.

A fact arrives as a note (key: the fact's name, value: a JSON object). Unknown facts are kept as rows and have no
projection. No error names a value: values are what a person said.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Literal, NoReturn, cast, get_args

from voice_coach.errors import BadInput
from voice_coach.ports import Entry
from voice_coach.records import Exposure

Cell = str | float | int | None
How = Literal["done", "stopped", "too_much", "time", "lost", "away"]
Happened = Literal["yes", "partly", "no"]

ABSOLUTE = frozenset({"trauma", "suicide", "unreal", "panic"})
"""The screen's questions to which a yes rules practice out (the article's absolute contraindications)."""

BY_ENTRY = (
    "check_ins", "rung_ratings", "blocks", "screens", "screen_answers", "crises", "upsets", "ladders", "cues", "ends",
    "own_ladders", "recordings", "own_voice",
)  # fmt: skip
"""The projections whose rows each follow from one entry alone."""

TABLES = (*BY_ENTRY, "exposures", "moments")

ENTRY = "e.session, e.seq, e.at_utc, e.zone, e.kind, e.key, e.nth, e.value_json, e.heard, e.replaced_by"
"""The columns that `entry_of` reads."""

UPSETS = "SELECT u.at, e.zone FROM upsets u JOIN entries e ON e.id = u.entry WHERE u.profile = ? ORDER BY u.at, u.entry"
"""When and in which zone each happened."""

# Word for word the condition of the index entries_exposure: SQLite uses a partial index on no other terms.
_ON_EXPOSURE = "(e.kind IN ('expose', 'exposed') OR (e.kind = 'note' AND e.key = 'exposure'))"


def stamp(at: datetime) -> str:
    """The moment as text that sorts by time. Raises ValueError for a datetime without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.fromisoformat(text)


def entry_of(row: Iterable[object]) -> Entry:
    """The entry of a row of the columns `ENTRY`."""
    session, seq, at, *rest = row
    return Entry(session, seq, moment(cast(str, at)), *rest)  # type: ignore[arg-type]


def survives(entry: Entry) -> bool:
    """True for what "go back" must not undo: dangers, blocks, an absolute yes, and that a step was begun."""
    if entry.kind in ("expose", "exposed"):
        return True
    if entry.kind == "end":
        return _read(entry).maybe("how") == "crisis"
    if entry.kind != "note":
        return False
    if entry.key == "screen_answer":
        fact = _read(entry)
        return fact.maybe("answer") == "yes" and fact.maybe("question") in ABSOLUTE
    return entry.key in ("block", "crisis", "upset")


def project(db: sqlite3.Connection, profile: str, number: int, entry: Entry) -> None:
    """Write what follows from this new entry, whose row id is `number`. Raises `BadInput` for a faulty fact."""
    db.execute(
        "INSERT INTO moments VALUES (?, ?) ON CONFLICT (profile) DO UPDATE SET at = max(at, excluded.at)",
        (profile, stamp(entry.at)),
    )
    _project_alone(db, profile, number, entry)
    if _is_on_exposure(entry):
        _derive_exposure(db, profile, _read(entry).text("id"))


def project_session(db: sqlite3.Connection, profile: str, session: str) -> None:
    """Derive the projections of one session again, after entries of it were replaced."""
    _clear(db, session)
    entries = _entries(db, session)
    for number, entry in entries:
        if entry.replaced_by is None:
            _project_alone(db, profile, number, entry)
    for name in _exposures_in(entries):
        _derive_exposure(db, profile, name)


def hide_session(db: sqlite3.Connection, profile: str, session: str) -> None:
    """Take out what one session brought, for a look at the history without it. The caller rolls it back."""
    _clear(db, session)
    for name in _exposures_in(_entries(db, session)):
        _derive_exposure(db, profile, name, without=session)


def project_all(db: sqlite3.Connection) -> None:
    """Derive every projection of every profile again, from the entries alone."""
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")
    db.execute(
        "INSERT INTO moments SELECT profile, max(at) FROM ("
        " SELECT profile, started_utc AS at FROM sessions"
        " UNION ALL SELECT s.profile, e.at_utc FROM entries e JOIN sessions s ON s.id = e.session) GROUP BY profile"
    )
    for profile, session in db.execute("SELECT profile, id FROM sessions ORDER BY rowid").fetchall():
        project_session(db, profile, session)


@dataclass(frozen=True, slots=True)
class _Fact:
    """An entry's value, read field by field."""

    name: str
    value: Mapping[str, object]

    def maybe(self, field: str) -> str | None:
        found = self.value.get(field)
        return found if isinstance(found, str) or found is None else self.refuse(field)

    def text(self, field: str) -> str:
        found = self.maybe(field)
        return self.refuse(field) if found is None else found

    def maybe_number(self, field: str) -> float | None:
        found = self.value.get(field)
        if found is None:
            return None
        return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else self.refuse(field)

    def number(self, field: str) -> float:
        found = self.maybe_number(field)
        return self.refuse(field) if found is None else found

    def maybe_flag(self, field: str) -> bool | None:
        found = self.value.get(field)
        return found if isinstance(found, bool) or found is None else self.refuse(field)

    def time(self, field: str) -> datetime:
        try:
            found = datetime.fromisoformat(self.text(field))
        except ValueError:
            self.refuse(field)
        return self.refuse(field) if found.tzinfo is None else found.astimezone(UTC)

    def refuse(self, field: str) -> NoReturn:
        raise BadInput(
            f'The fact "{self.name}" has no usable "{field}", so it was not saved. Please report this as a fault.'
        ) from None


def _read(entry: Entry) -> _Fact:
    try:
        value = json.loads(entry.value)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadInput(
            f'The fact "{entry.key}" is not a JSON object, so it was not saved. Please report this as a fault.'
        )
    return _Fact(entry.key if entry.kind == "note" else entry.kind, value)


def _block(fact: _Fact, entry: Entry) -> tuple[Cell, ...]:
    until = None if fact.value.get("until") is None else stamp(fact.time("until"))
    return fact.text("kind"), fact.text("reason"), until, entry.zone, fact.maybe("ladder")


# Fact → its table and the cells after (entry, profile, at).
_Cells = Callable[[_Fact, Entry], tuple[Cell, ...]]
_FACTS: Mapping[str, tuple[str, _Cells]] = {
    "check_in": ("check_ins", lambda fact, entry: (fact.number("value"), entry.zone)),
    "rung_rating": (
        "rung_ratings",
        lambda fact, _: (fact.text("ladder"), fact.text("rung"), fact.number("value"), fact.text("why")),
    ),
    "ladder": ("ladders", lambda fact, _: (fact.text("ladder"), fact.maybe("fear") or "")),
    "screen_answer": (
        "screen_answers",
        lambda fact, _: (fact.text("question"), fact.text("answer"), fact.maybe("ladder")),
    ),
    "block": ("blocks", _block),
    "crisis": ("crises", lambda fact, _: (fact.maybe("kind") or "",)),
    "upset": ("upsets", lambda fact, _: (fact.maybe("kind") or "",)),
    "own_ladder": ("own_ladders", lambda fact, _: (fact.text("ladder"), fact.text("body"))),
    "ladder_gone": ("own_ladders", lambda fact, _: (fact.text("ladder"), "")),
    "learned": ("cues", lambda fact, _: (fact.text("text"),)),
    "recording": ("recordings", lambda _, entry: (entry.session, entry.seq)),
    "own_voice": ("own_voice", lambda fact, _: (fact.text("answer"),)),
}


def _project_alone(db: sqlite3.Connection, profile: str, number: int, entry: Entry) -> None:
    for table, cells in _rows(entry):
        row = (number, profile, stamp(entry.at), *cells)
        db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _rows(entry: Entry) -> Iterable[tuple[str, tuple[Cell, ...]]]:
    if entry.kind == "end":
        fact = _read(entry)
        how = fact.maybe("how") or entry.key
        yield "ends", (entry.session, how)
        if how == "crisis":
            yield "crises", (fact.maybe("reason") or "",)
    elif entry.kind == "note" and entry.key == "screened":
        if _read(entry).maybe_flag("full"):
            yield "screens", ()
    elif entry.kind == "note" and entry.key in _FACTS:
        table, cells = _FACTS[entry.key]
        yield table, cells(_read(entry), entry)


def _clear(db: sqlite3.Connection, session: str) -> None:
    for table in BY_ENTRY:
        db.execute(f"DELETE FROM {table} WHERE entry IN (SELECT id FROM entries WHERE session = ?)", (session,))


def _entries(db: sqlite3.Connection, session: str) -> list[tuple[int, Entry]]:
    rows = db.execute(f"SELECT e.id, {ENTRY} FROM entries e WHERE e.session = ? ORDER BY e.id", (session,))
    return [(number, entry_of(row)) for number, *row in rows]


def _exposures_in(entries: Iterable[tuple[int, Entry]]) -> set[str]:
    return {_read(entry).text("id") for _, entry in entries if _is_on_exposure(entry)}


def _is_on_exposure(entry: Entry) -> bool:
    return entry.kind in ("expose", "exposed") or (entry.kind == "note" and entry.key == "exposure")


def _derive_exposure(db: sqlite3.Connection, profile: str, name: str, without: str | None = None) -> None:
    """The exposure of this id as its living entries tell it, whatever sessions but `without` they are in."""
    rows = db.execute(
        f"SELECT {ENTRY} FROM entries e WHERE json_extract(e.value_json, '$.id') = ? AND {_ON_EXPOSURE}"
        " AND e.replaced_by IS NULL AND e.session IS NOT ?"
        " AND (SELECT profile FROM sessions WHERE id = e.session) = ? ORDER BY e.id",
        (name, without, profile),
    ).fetchall()
    known: Exposure | None = None
    for row in rows:
        entry = entry_of(row)
        known = _told(known, entry, _read(entry))
    db.execute("DELETE FROM exposures WHERE profile = ? AND id = ?", (profile, name))
    if known is not None:
        cells = [stamp(cell) if isinstance(cell, datetime) else cell for cell in astuple(known)]
        db.execute(f"INSERT INTO exposures VALUES (?, {', '.join('?' * len(cells))})", (profile, *cells))


def _told(known: Exposure | None, entry: Entry, fact: _Fact) -> Exposure:
    zone = known.zone if known else entry.zone
    if entry.kind == "exposed" and known is not None:
        how, started = _how(fact), fact.time("started")
        return replace(known, how=how, started=started, ended=fact.time("ended"))
    begun = Exposure(
        fact.text("id"), fact.text("ladder"), fact.text("rung"), fact.time("started"), fact.time("started"), zone,
        "lost", fact.maybe("variation"),
    )  # fmt: skip
    if entry.kind == "expose":
        # A step that was begun twice under one id keeps what is already known of it.
        return known or begun
    return replace(
        begun,
        how=_how(fact),
        ended=fact.time("ended"),
        before=fact.maybe_number("before"),
        peak=fact.maybe_number("peak"),
        after=fact.maybe_number("after"),
        reached_end=fact.maybe_flag("reached_end"),
        happened=_happened(fact),
        reflected=fact.maybe_flag("reflected") or False,
        retention=fact.maybe_flag("retention") or False,
    )


def _how(fact: _Fact) -> How:
    how = fact.text("how")
    return cast(How, how) if how in get_args(How) else fact.refuse("how")


def _happened(fact: _Fact) -> Happened | None:
    happened = fact.maybe("happened")
    return cast(Happened, happened) if happened in (None, *get_args(Happened)) else fact.refuse("happened")
