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
from datetime import UTC, datetime
from pathlib import Path

from voice_coach.app import load_catalog, local_zone, make_home
from voice_coach.erasing import erase
from voice_coach.errors import BadInput, BadUsage
from voice_coach.listen.example_file import path_of
from voice_coach.remember import exporting, forgetting
from voice_coach.remember.recordings import Recordings
from voice_coach.remember.store import Store
from voice_coach.settings import Settings

Confirm = Callable[[str], bool]
"""Reads back what will be forgotten; True where that was confirmed."""


def export(
    settings: Settings, what: Collection[exporting.What], form: str, to: Path | None, *, recordings: bool = False
) -> Iterator[str]:
    """The lines of the export; only what was told where it goes into a file. A whole one is ready for `import`.

    `recordings`: copies of them go into a folder beside the file.
    """
    if recordings and to is None:
        raise BadUsage("--recordings copies them beside a file; name it with --to.")
    make_home(settings.home)
    with closing(Store(settings.home / "coach.db")) as store:
        lines = _lines(store, what, form)
        files = store.recordings.files(name for name, _ in store.recorded()) if recordings else []
    if to is None:
        yield from lines
        return
    _write(to, "".join(f"{line}\n" for line in lines))
    yield f"{len(lines)} lines are in {to}."
    if recordings:
        beside = Recordings(_beside(to))
        copied = sum(beside.take_in(file) for file in files)
        yield f"{copied} recordings are in {_beside(to)}."


def _lines(store: Store, what: Collection[exporting.What], form: str) -> list[str]:
    with store.reading() as db:
        if form == "csv":
            return list(_table(exporting.facts(db, store.profile, what), what))
        if set(what) == set(exporting.EVERYTHING):
            return list(exporting.journal_lines(db, store.profile))
        return [json.dumps(fact) for fact in exporting.facts(db, store.profile, what)]


def _beside(file: Path) -> Path:
    """Where the recordings of an export are."""
    return file.with_name(f"{file.name}.recordings")


def take_in(settings: Settings, file: Path) -> Iterator[str]:
    """Take in a whole export, all of it or nothing, and the recordings beside it."""
    make_home(settings.home)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8 text; export it again.") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}); check the name and try again.") from None
    with closing(Store(settings.home / "coach.db")) as store:
        with store.transaction() as db:
            sessions, rows = exporting.take_in(db, store.profile, lines, str(file))
            known = forgetting.recordings_of(db, forgetting.of_profile(db, store.profile))
        copied = sum(store.recordings.take_in(one) for one in Recordings(_beside(file)).files(known))
    yield f"{sessions} sessions with {rows} rows were taken in."
    if copied:
        yield f"{copied} recordings were taken in."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be forgotten (all, session, ladder, voice, recordings), and which one where that is needed."""

    what: str
    name: str | None = None


def forget(settings: Settings, wanted: Wanted, confirm: Confirm, now: datetime | None = None) -> Iterator[str]:
    """Forget it once that is confirmed, and prove that it is gone; what was done, line by line."""
    make_home(settings.home)
    if wanted.what == "voice":
        yield from _forget_voice(path_of(settings.home), confirm)
        return
    with closing(Store(settings.home / "coach.db")) as store:
        if wanted.what == "recordings":
            yield from _forget_recordings(store, confirm, now or datetime.now(UTC))
            return
        sessions = _sessions(store, wanted)
        if not sessions:
            yield "There is nothing of that kind to forget."
            return
        if not confirm(f"{_told(wanted, len(sessions))} What keeps you safe stays, without words."):
            yield "Nothing was forgotten."
            return
        everything, rules = wanted.what == "all", load_catalog(settings).rules
        erased = erase(store, sessions, rules, now or datetime.now(UTC), local_zone(), everything=everything)
        gone = f"{_counted(len(sessions))}, {erased.rows} rows"
        yield f"Forgotten: {gone}. Kept without words, to keep you safe: {erased.kept}."
        yield f"{erased.texts} texts were looked for in the files; none is there any more."
        if everything:
            path_of(settings.home).unlink(missing_ok=True)


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
                f"This forgets everything that was said and learned: {sessions}, every ladder of your own, your voice, "
                "every recording."
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


def _forget_recordings(store: Store, confirm: Confirm, now: datetime) -> Iterator[str]:
    names = [name for name, _ in store.recorded()]
    if not names:
        yield "There are no recordings to forget."
    elif not confirm(f"This deletes the recordings of your own voice: {len(names)} in all."):
        yield "Nothing was forgotten."
    else:
        gone = store.recordings.remove(names)
        last = store.last_moment()
        store.keep(str(uuid.uuid4()), max(now, last) if last else now, local_zone(), [("own_voice", {"answer": "no"})])
        yield f"Deleted: {gone}. None is left, and none is kept from now on until you say keep my voice."


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
