"""The commands `export`, `import` and `forget`: a person's own journal, given out, taken in, taken away."""

from __future__ import annotations

import csv
import io
import json
import os
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voice_coach.app import load_catalog, local_zone, make_home
from voice_coach.coach.in_force import from_exposures
from voice_coach.errors import BadInput, BadUsage
from voice_coach.listen.example_file import path_of
from voice_coach.records import Block
from voice_coach.remember import exporting, forgetting
from voice_coach.remember.store import Store
from voice_coach.settings import Settings

Confirm = Callable[[str], bool]
"""Reads back what will be forgotten; True where that was confirmed."""


def export(settings: Settings, what: Collection[exporting.What], form: str, to: Path | None) -> Iterator[str]:
    """The lines of the export; only what was told where it goes into a file. A whole one is ready for `import`."""
    make_home(settings.home)
    with closing(Store(settings.home / "coach.db")) as store, store.reading() as db:
        if form == "csv":
            lines = list(_table(exporting.facts(db, store.profile, what), what))
        elif set(what) == set(exporting.EVERYTHING):
            lines = list(exporting.journal_lines(db, store.profile))
        else:
            lines = [json.dumps(fact) for fact in exporting.facts(db, store.profile, what)]
    if to is None:
        yield from lines
        return
    _write(to, "".join(f"{line}\n" for line in lines))
    yield f"{len(lines)} lines are in {to}."


def take_in(settings: Settings, file: Path) -> Iterator[str]:
    """Take in a whole export: all of it or nothing."""
    make_home(settings.home)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8 text; export it again.") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}); check the name and try again.") from None
    with closing(Store(settings.home / "coach.db")) as store, store.transaction() as db:
        sessions, rows = exporting.take_in(db, store.profile, lines, str(file))
    yield f"{sessions} sessions with {rows} rows were taken in."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be forgotten (all, session, ladder, voice), and which one where that is needed."""

    what: str
    name: str | None = None


def forget(settings: Settings, wanted: Wanted, confirm: Confirm, now: datetime | None = None) -> Iterator[str]:
    """Forget it once that is confirmed, and prove that it is gone; what was done, line by line."""
    make_home(settings.home)
    if wanted.what == "voice":
        yield from _forget_voice(path_of(settings.home), confirm)
        return
    with closing(Store(settings.home / "coach.db")) as store:
        sessions = _sessions(store, wanted)
        if not sessions:
            yield "There is nothing of that kind to forget."
            return
        if not confirm(f"{_told(wanted, len(sessions))} What keeps you safe stays, without words."):
            yield "Nothing was forgotten."
            return
        everything = wanted.what == "all"
        yield from _forget_sessions(settings, store, sessions, now or datetime.now(UTC), everything=everything)
        if wanted.what == "all":
            path_of(settings.home).unlink(missing_ok=True)


def _forget_sessions(
    settings: Settings, store: Store, sessions: Collection[str], now: datetime, *, everything: bool
) -> Iterator[str]:
    rules, zone = load_catalog(settings).rules, local_zone()
    last = store.last_moment()
    now = max(now, last) if last else now
    blocks = from_exposures(store.history(zone), now, rules, zone)
    # First what follows from the exposures: a crash in between may leave too much, never too little.
    store.keep(str(uuid.uuid4()), now, zone, [("forgotten", {}), *(("block", _fact(block)) for block in blocks)])
    latch = timedelta(hours=rules["latch"].value)
    with store.transaction() as db:
        words = forgetting.words_of(db, sessions)
        gone, kept = forgetting.erase(db, sessions, now, latch, everything=everything)
        left = forgetting.left_over(db)
    store.sweep()
    proved = forgetting.prove(store.path, words, left)
    stay = kept + len(blocks)
    yield f"Forgotten: {_counted(len(sessions))}, {gone} rows. Kept without words, to keep you safe: {stay}."
    yield f"{proved} texts were looked for in the files; none is there any more."


def _fact(block: Block) -> dict[str, object]:
    until = block.until.isoformat() if block.until else None
    return {"kind": block.kind, "reason": block.reason, "until": until, "ladder": block.ladder}


def _sessions(store: Store, wanted: Wanted) -> list[str]:
    with store.reading() as db:
        if wanted.what == "ladder":
            if not wanted.name:
                raise BadUsage("forget ladder needs its name; voice-coach ladder lists them.")
            return sorted(forgetting.on_ladder(db, store.profile, wanted.name))
        rows = db.execute(
            "SELECT id, started_utc FROM sessions WHERE profile = ? ORDER BY rowid", (store.profile,)
        ).fetchall()
    if wanted.what == "all":
        return [session for session, _ in rows]
    found = [session for session, _ in rows if wanted.name and session.startswith(wanted.name)]
    if len(found) != 1:
        listed = "\n".join(f"  {session[:8]}  {started[:16]} UTC" for session, started in rows[-20:])
        raise BadUsage(f"forget session needs one of these, the newest last:\n{listed}")
    return found


def _told(wanted: Wanted, count: int) -> str:
    sessions = _counted(count)
    match wanted.what:
        case "all":
            return (
                f"This forgets everything that was said and learned: {sessions}, every ladder of your own, your voice."
            )
        case "ladder":
            return f"This forgets the ladder {wanted.name} and all that was said on it: {sessions}."
        case _:
            return f"This forgets {sessions}."


def _counted(sessions: int) -> str:
    return "one session" if sessions == 1 else f"{sessions} sessions"


def _forget_voice(path: Path, confirm: Confirm) -> Iterator[str]:
    files = sorted(path.parent.glob("*")) if path.parent.is_dir() else []
    if not files:
        yield "There are no examples of your voice to forget."
    elif not confirm(f"This forgets how you say words: {len(files)} files."):
        yield "Nothing was forgotten."
    else:
        for file in files:
            file.unlink()
        yield "Forgotten: no examples of your voice are left."


def _table(facts: Iterator[dict[str, object]], what: Collection[exporting.What]) -> Iterator[str]:
    columns = [column for column, needs in exporting.COLUMNS.items() if needs is None or needs in what]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(facts)
    yield from out.getvalue().rstrip("\n").split("\n")


def _write(to: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        to.chmod(0o600)
    except OSError as error:
        raise BadInput(f"{to} cannot be written ({error.strerror}); name another file with --to.") from None
