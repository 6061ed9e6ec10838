"""The database's schema, as steps that are only ever added to."""

from __future__ import annotations

import sqlite3

from voice_coach.errors import BadInput

APPLICATION = 0x564F4943
"""The header field by which the coach knows its own databases ("VOIC")."""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        f"PRAGMA application_id = {APPLICATION}",
        "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)",
        "CREATE TABLE sessions ("
        " id TEXT PRIMARY KEY, profile TEXT NOT NULL, started_utc TEXT NOT NULL, zone TEXT NOT NULL,"
        " catalog TEXT NOT NULL)",
        "CREATE INDEX sessions_profile ON sessions (profile)",
        "CREATE TABLE entries ("
        " id INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES sessions (id), seq INTEGER NOT NULL,"
        " at_utc TEXT NOT NULL, zone TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, nth INTEGER NOT NULL,"
        " value_json TEXT NOT NULL, heard TEXT NOT NULL, replaced_by INTEGER,"
        " UNIQUE (session, seq))",
        # What an exposure was is spread over several rows, and a later session may complete it.
        "CREATE INDEX entries_exposure ON entries (json_extract(value_json, '$.id'))"
        " WHERE kind IN ('expose', 'exposed') OR (kind = 'note' AND key = 'exposure')",
        "CREATE TRIGGER entries_keep BEFORE DELETE ON entries"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TRIGGER entries_stand BEFORE UPDATE ON entries"
        " WHEN OLD.replaced_by IS NOT NULL OR NEW.replaced_by IS NULL"
        " OR NEW.id IS NOT OLD.id OR NEW.session IS NOT OLD.session OR NEW.seq IS NOT OLD.seq"
        " OR NEW.at_utc IS NOT OLD.at_utc OR NEW.zone IS NOT OLD.zone OR NEW.kind IS NOT OLD.kind"
        " OR NEW.key IS NOT OLD.key OR NEW.nth IS NOT OLD.nth OR NEW.value_json IS NOT OLD.value_json"
        " OR NEW.heard IS NOT OLD.heard"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TABLE exposures ("
        " profile TEXT NOT NULL, id TEXT NOT NULL, ladder TEXT NOT NULL, rung TEXT NOT NULL,"
        " started TEXT NOT NULL, ended TEXT NOT NULL, zone TEXT NOT NULL, how TEXT NOT NULL, variation TEXT,"
        " before REAL, peak REAL, after REAL, reached_end INTEGER, happened TEXT,"
        " reflected INTEGER NOT NULL, retention INTEGER NOT NULL, PRIMARY KEY (profile, id)) WITHOUT ROWID",
        "CREATE TABLE check_ins (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " value REAL NOT NULL, zone TEXT NOT NULL)",
        "CREATE INDEX check_ins_profile ON check_ins (profile, at)",
        "CREATE TABLE rung_ratings (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " ladder TEXT NOT NULL, rung TEXT NOT NULL, value REAL NOT NULL, why TEXT NOT NULL)",
        "CREATE INDEX rung_ratings_profile ON rung_ratings (profile, at)",
        "CREATE TABLE blocks (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " kind TEXT NOT NULL, reason TEXT NOT NULL, until TEXT, zone TEXT NOT NULL, ladder TEXT)",
        "CREATE INDEX blocks_profile ON blocks (profile, at)",
        "CREATE TABLE screens (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL)",
        "CREATE INDEX screens_profile ON screens (profile, at)",
        "CREATE TABLE screen_answers (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " question TEXT NOT NULL, answer TEXT NOT NULL, ladder TEXT)",
        "CREATE INDEX screen_answers_profile ON screen_answers (profile, question, entry)",
        "CREATE TABLE crises (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL)",
        "CREATE INDEX crises_profile ON crises (profile, at)",
        "CREATE TABLE upsets (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL)",
        "CREATE INDEX upsets_profile ON upsets (profile, at)",
        "CREATE TABLE ladders (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " ladder TEXT NOT NULL, fear TEXT NOT NULL)",
        "CREATE INDEX ladders_profile ON ladders (profile, entry)",
        "CREATE TABLE cues (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL)",
        "CREATE INDEX cues_profile ON cues (profile, entry)",
        "CREATE TABLE ends (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " session TEXT NOT NULL, how TEXT NOT NULL)",
        "CREATE INDEX ends_profile ON ends (profile, entry)",
        "CREATE INDEX ends_session ON ends (session)",
        "CREATE INDEX ends_held ON ends (profile, how, session, at)",
        "CREATE TABLE moments (profile TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        "CREATE TABLE own_ladders (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " ladder TEXT NOT NULL, body TEXT NOT NULL)",
        "CREATE INDEX own_ladders_profile ON own_ladders (profile, entry)",
    ),
    (
        "CREATE TABLE recordings (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " session TEXT NOT NULL, seq INTEGER NOT NULL)",
        "CREATE INDEX recordings_profile ON recordings (profile, entry)",
        "CREATE TABLE own_voice (entry INTEGER PRIMARY KEY, profile TEXT NOT NULL, at TEXT NOT NULL,"
        " answer TEXT NOT NULL)",
        "CREATE INDEX own_voice_profile ON own_voice (profile, entry)",
    ),
)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the database to the newest schema; each step and its record are one transaction.

    Raises `BadInput` before anything is written where the database is another program's or a newer coach's.
    """
    while (version := _version(db)) < len(STEPS):
        db.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have taken the same step while this one waited for the lock.
            if _version(db) == version:
                for statement in STEPS[version]:
                    db.execute(statement)
                db.execute("INSERT INTO schema_version VALUES (?)", (version + 1,))
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    if version > len(STEPS):
        raise BadInput(
            f"This journal has format {version}, and this voice-coach knows formats up to {len(STEPS)}. "
            "Install the newest voice-coach, or choose another folder with --home."
        )


def _version(db: sqlite3.Connection) -> int:
    application: int = db.execute("PRAGMA application_id").fetchone()[0]
    if application == APPLICATION:
        newest: int | None = db.execute("SELECT max(version) FROM schema_version").fetchone()[0]
        return newest or 0
    if application or db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise BadInput("This file is another program's database. Move it away, or choose another folder with --home.")
    return 0
