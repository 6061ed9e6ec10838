"""The journal in SQLite: entries are the truth, the projections beside them are what the rules read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from voice_coach.errors import BadInput, Missing
from voice_coach.ports import Entry, OpenSession
from voice_coach.records import Block, CheckIn, Exposure, History, RungRating, Upset
from voice_coach.remember.journal_file import fault_of, make_private
from voice_coach.remember.migrations import migrate
from voice_coach.remember.projections import (
    ENTRY,
    UPSETS,
    entry_of,
    hide_session,
    moment,
    project,
    project_all,
    project_session,
    stamp,
    survives,
)
from voice_coach.remember.recordings import Recordings, recording_of

BUSY_SECONDS = 5.0
"""How long a write waits for another process's."""

MOST_COMPARED = 100
"""Steps whose likelihoods are looked at: the newest."""
CHECK_IN_WINDOW = timedelta(days=32)
"""The rules look at 30 local days of check-ins; a local day may reach two days past its hours."""

PASSING = Path(":memory:")
"""A journal that is on no disk and gone when it is closed: for a visitor of a shared device."""

COUNTED = ("went", "rest", "refer", "not_today", "stopped_step", "steadied", "crisis")
"""The ends that make a session one that was held."""


class Store:
    """The journal of one profile in the database at `path`, made where it is not there.

    Belongs to the thread that made it. Raises `Missing` where it cannot be written, `BadInput` where the file is
    not a journal or a newer coach's; both say what to do.
    """

    def __init__(self, path: Path, profile: str = "default") -> None:
        self.path, self.profile = path, profile
        passing = path == PASSING
        self.recordings = Recordings(None if passing else path.parent / "recordings")
        with self._faults():
            if not passing:
                make_private(path)
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                # Reads the header first: a file that is not a journal is left as it is.
                migrate(self._db)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA secure_delete = ON")
                self._db.execute("PRAGMA foreign_keys = ON")
                # Without it REPLACE would delete rows behind the triggers' back.
                self._db.execute("PRAGMA recursive_triggers = ON")
            except BaseException:
                self._db.close()
                raise

    def begin(self, session: str, at: datetime, zone: str, catalog: str) -> None:
        with self._transaction() as db:
            self._begin(db, session, at, zone, catalog)

    def append(self, entry: Entry) -> None:
        with self._transaction() as db:
            self._own(entry.session)
            if entry.kind == "note" and entry.key == "recording":
                self.recordings.keep(recording_of(entry.session, entry.seq))
            self._append(db, entry)

    def keep(self, session: str, at: datetime, zone: str, facts: Sequence[tuple[str, Mapping[str, object]]]) -> None:
        """Facts that came from outside a session, as a closed session of their own, all of them or none."""
        rows = [
            Entry(session, seq, at, zone, "note", name, 0, json.dumps(value)) for seq, (name, value) in enumerate(facts)
        ]
        rows.append(Entry(session, len(rows), at, zone, "end", "kept", 0, json.dumps({"how": "kept", "reason": ""})))
        with self._transaction() as db:
            self._begin(db, session, at, zone, "")
            for row in rows:
                self._append(db, row)

    def replace_from(self, session: str, seq: int, by: int) -> None:
        """As the port says; dangers, blocks, an absolute yes and that a step was begun stay living all the same."""
        with self._transaction() as db:
            self._own(session)
            rows = db.execute(
                f"SELECT {ENTRY} FROM entries e"
                " WHERE e.session = ? AND e.seq >= ? AND e.seq != ? AND e.replaced_by IS NULL",
                (session, seq, by),
            ).fetchall()
            db.executemany(
                "UPDATE entries SET replaced_by = ? WHERE session = ? AND seq = ?",
                [(by, session, entry.seq) for entry in map(entry_of, rows) if not survives(entry)],
            )
            project_session(db, self.profile, session)
            self._sweep_recordings(db)

    def unfinished(self) -> OpenSession | None:
        with self.reading() as db:
            row = db.execute(
                "SELECT id, started_utc, catalog FROM sessions s WHERE profile = ?"
                " AND NOT EXISTS (SELECT 1 FROM ends WHERE ends.session = s.id) ORDER BY rowid DESC LIMIT 1",
                (self.profile,),
            ).fetchone()
            if row is None:
                return None
            session, started, catalog = row
            return OpenSession(session, moment(started), catalog, self._living(session))

    def next_seq(self, session: str) -> int:
        """The number for the session's next entry: past all of its rows, replaced ones too."""
        with self.reading() as db:
            newest: int | None = db.execute("SELECT max(seq) FROM entries WHERE session = ?", (session,)).fetchone()[0]
        return 0 if newest is None else newest + 1

    def last_answers(self, session: str) -> tuple[Entry, ...]:
        """The living answers of a session, oldest first; none for a session of another profile."""
        with self.reading():
            return tuple(entry for entry in self._living(session) if entry.kind == "answer")

    def last_end(self) -> Entry | None:
        with self.reading() as db:
            row = db.execute(
                f"SELECT {ENTRY} FROM ends JOIN entries e ON e.id = ends.entry"
                " WHERE ends.profile = ? AND ends.how NOT IN ('anew', 'changed', 'lapsed', 'built', 'kept')"
                " ORDER BY ends.entry DESC LIMIT 1",
                (self.profile,),
            ).fetchone()
        return None if row is None else entry_of(row)

    def noted(self, session: str, name: str) -> bool:
        with self.reading():
            return any(entry.kind == "note" and entry.key == name for entry in self._living(session))

    def stepped(self, session: str) -> bool:
        """Whether a step was begun in this session."""
        with self.reading():
            return any(entry.kind == "expose" for entry in self._living(session))

    def facts(self, name: str) -> tuple[Entry, ...]:
        """Every living note of this name in the profile, oldest first."""
        with self.reading() as db:
            rows = db.execute(
                f"SELECT {ENTRY} FROM entries e JOIN sessions s ON s.id = e.session"
                " WHERE s.profile = ? AND e.kind = 'note' AND e.key = ? AND e.replaced_by IS NULL ORDER BY e.id",
                (self.profile, name),
            )
            return tuple(map(entry_of, rows))

    def likelihoods(self) -> tuple[tuple[float, float], ...]:
        """How likely what was feared seemed before each of the last steps and after it, where both were said."""
        with self.reading() as db:
            rows = db.execute(
                "SELECT json_extract(e.value_json, '$.likelihood') AS before,"
                " json_extract(e.value_json, '$.likelihood_now') AS after"
                " FROM entries e WHERE e.kind = 'note' AND e.key = 'exposure' AND e.replaced_by IS NULL"
                " AND before IS NOT NULL AND after IS NOT NULL"
                " AND (SELECT profile FROM sessions WHERE id = e.session) = ? ORDER BY e.id DESC LIMIT ?",
                (self.profile, MOST_COMPARED),
            )
            return tuple((float(before), float(after)) for before, after in rows)

    def last_moment(self) -> datetime | None:
        """As the port says; where the clock went back, the latest time that was ever stored."""
        with self.reading() as db:
            row = db.execute("SELECT at FROM moments WHERE profile = ?", (self.profile,)).fetchone()
        return None if row is None else moment(row[0])

    def history(self, zone: str, without: str | None = None) -> History:
        with self.reading() as db:
            if without is None:
                return self._history(zone)
            # Only what the session's own rows brought is hidden, and only inside this savepoint.
            db.execute("SAVEPOINT hidden")
            hide_session(db, self.profile, without)
            history = self._history(zone)
            db.execute("ROLLBACK TO hidden")
            return history

    def own_ladders(self, without: str | None = None) -> dict[str, tuple[str, ...]]:
        """A person's own ladders: id → JSON of each form, the newest last. `without`: as if this session never was."""
        with self.reading() as db:
            rows = db.execute(
                "SELECT ladder, body FROM own_ladders WHERE profile = ?"
                " AND entry NOT IN (SELECT id FROM entries WHERE session IS ?) ORDER BY entry",
                (self.profile, without),
            )
            forms: dict[str, list[str]] = {}
            for name, body in rows:
                forms.setdefault(name, []).append(body)
        # An empty form takes the ladder away, until it is brought again.
        return {name: tuple(filter(None, bodies)) for name, bodies in forms.items() if bodies[-1]}

    def recorded(self) -> tuple[tuple[str, datetime], ...]:
        """The recordings that are there, the newest first: name and when."""
        with self.reading():
            rows = self._db.execute(
                "SELECT session, seq, at FROM recordings WHERE profile = ? ORDER BY entry DESC", (self.profile,)
            ).fetchall()
        named = [(recording_of(session, seq), moment(at)) for session, seq, at in rows]
        return tuple((name, at) for name, at in named if self.recordings.has(name))

    def sweep_recordings(self) -> None:
        """Delete every recording that no living row of any profile knows of."""
        with self._transaction() as db:
            self._sweep_recordings(db)

    def rebuild(self) -> None:
        """Derive every projection of every profile again from the entries, in one transaction."""
        with self._transaction() as db:
            project_all(db)

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """One write of more than a row, all of it or nothing."""
        return self._transaction()

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """One state of the database for all that is read inside."""
        return self._transaction("BEGIN")

    def sweep(self) -> None:
        """Write the files anew without what was deleted. Raises `Missing` while another program holds the journal."""
        with self._faults():
            self._db.execute("VACUUM")
            busy, _, _ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise Missing(f"{self.path} is in use by another voice-coach. Close that one, then do this again.")

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._db.close()

    def _begin(self, db: sqlite3.Connection, session: str, at: datetime, zone: str, catalog: str) -> None:
        db.execute(
            "INSERT INTO sessions (id, profile, started_utc, zone, catalog) VALUES (?, ?, ?, ?, ?)",
            (session, self.profile, stamp(at), zone, catalog),
        )
        db.execute(
            "INSERT INTO moments VALUES (?, ?) ON CONFLICT (profile) DO UPDATE SET at = max(at, excluded.at)",
            (self.profile, stamp(at)),
        )

    def _append(self, db: sqlite3.Connection, entry: Entry) -> None:
        number = db.execute(
            "INSERT INTO entries (session, seq, at_utc, zone, kind, key, nth, value_json, heard, replaced_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.session, entry.seq, stamp(entry.at), entry.zone, entry.kind, entry.key, entry.nth,
                entry.value, entry.heard, entry.replaced_by,
            ),
        ).lastrowid  # fmt: skip
        assert number is not None
        project(db, self.profile, number, entry)

    def _sweep_recordings(self, db: sqlite3.Connection) -> None:
        rows = db.execute("SELECT session, seq FROM recordings").fetchall()
        self.recordings.sweep({recording_of(session, seq) for session, seq in rows})

    def _recording(self) -> str:
        """Of the sentence learned last: its recording follows it."""
        found = self._one(
            "SELECT session, seq FROM recordings WHERE profile = ?1"
            " AND entry > (SELECT max(entry) FROM cues WHERE profile = ?1) ORDER BY entry DESC LIMIT 1"
        )
        name = recording_of(*found) if found else ""
        return name if name and self.recordings.has(name) else ""

    def _history(self, zone: str) -> History:
        held = self._one(f"SELECT count(DISTINCT session), max(at) FROM ends WHERE profile = ? AND how IN {COUNTED!r}")
        ladder = self._one("SELECT ladder, fear FROM ladders WHERE profile = ? ORDER BY entry DESC LIMIT 1")
        learned = self._one("SELECT text FROM cues WHERE profile = ? ORDER BY entry DESC LIMIT 1")
        voice = self._one("SELECT answer FROM own_voice WHERE profile = ? ORDER BY entry DESC LIMIT 1")
        age = self._one(
            "SELECT answer FROM screen_answers WHERE profile = ? AND question = 'age' ORDER BY entry DESC LIMIT 1"
        )
        stress = self._one(
            "SELECT answer, at FROM screen_answers WHERE profile = ? AND question = 'stress'"
            " ORDER BY entry DESC LIMIT 1"
        )
        return History(
            zone,
            exposures=self._exposures(),
            check_ins=self._check_ins(),
            blocks=tuple(
                Block(kind, reason, moment(at), moment(until) if until else None, where, on)
                for kind, reason, at, until, where, on in self._all(
                    "SELECT kind, reason, at, until, zone, ladder FROM blocks WHERE profile = ? ORDER BY at, entry"
                )
            ),
            screens=self._times("screens"),
            age_confirmed=age is not None and age[0] == "yes",
            trauma_asked=frozenset(
                on
                for (on,) in self._all(
                    "SELECT DISTINCT ladder FROM screen_answers WHERE profile = ? AND question = 'trauma'"
                    " AND ladder IS NOT NULL"
                )
            ),
            crises=self._times("crises"),
            stressed=moment(stress[1]) if stress and stress[0] == "yes" else None,
            upsets=tuple(Upset(moment(at), where) for at, where in self._all(UPSETS)),
            rung_ratings=tuple(
                RungRating(on, rung, value, moment(at), why)
                for on, rung, value, at, why in self._all(
                    "SELECT ladder, rung, value, at, why FROM rung_ratings WHERE profile = ? ORDER BY at, entry"
                )
            ),
            ladder=ladder[0] if ladder else None,
            fear=ladder[1] if ladder else "",
            learned=learned[0] if learned else "",
            recording=self._recording(),
            own_voice=voice[0] if voice else "",
            sessions=held[0] if held else 0,
            last_session=moment(held[1]) if held and held[1] else None,
        )

    def _exposures(self) -> tuple[Exposure, ...]:
        return tuple(
            Exposure(
                name, ladder, rung, moment(started), moment(ended), zone, how, variation, before, peak, after,
                None if reached is None else bool(reached), happened, bool(reflected), bool(retention),
            )
            for name, ladder, rung, started, ended, zone, how, variation, before, peak, after, reached, happened,
            reflected, retention in self._all(
                "SELECT id, ladder, rung, started, ended, zone, how, variation, before, peak, after, reached_end,"
                " happened, reflected, retention FROM exposures WHERE profile = ? ORDER BY ended, started, id"
            )
        )  # fmt: skip

    def _check_ins(self) -> tuple[CheckIn, ...]:
        # The rules' now is never before the newest row, so what the window leaves out cannot count any more.
        newest = self._one("SELECT at FROM moments WHERE profile = ?")
        if newest is None:
            return ()
        oldest = stamp(moment(newest[0]) - CHECK_IN_WINDOW)
        rows = self._db.execute(
            "SELECT value, at, zone FROM check_ins WHERE profile = ? AND at >= ? ORDER BY at, entry",
            (self.profile, oldest),
        )
        return tuple(CheckIn(value, moment(at), zone) for value, at, zone in rows)

    def _times(self, table: str) -> tuple[datetime, ...]:
        return tuple(moment(at) for (at,) in self._all(f"SELECT at FROM {table} WHERE profile = ? ORDER BY at, entry"))

    def _living(self, session: str) -> tuple[Entry, ...]:
        rows = self._db.execute(
            f"SELECT {ENTRY} FROM entries e JOIN sessions s ON s.id = e.session"
            " WHERE e.session = ? AND s.profile = ? AND e.replaced_by IS NULL ORDER BY e.seq",
            (session, self.profile),
        )
        return tuple(map(entry_of, rows))

    def _all(self, query: str) -> sqlite3.Cursor:
        return self._db.execute(query, (self.profile,))

    def _one(self, query: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._all(query).fetchone()
        return row

    def _own(self, session: str) -> None:
        query = "SELECT 1 FROM sessions WHERE id = ? AND profile = ?"
        if self._db.execute(query, (session, self.profile)).fetchone() is None:
            raise BadInput("This session was never begun in this profile. Begin it before writing to it.")

    @contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
        with self._faults():
            self._db.execute(begin)
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                # Some faults, a full disk among them, have already rolled back.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise fault_of(self.path, error) from error
