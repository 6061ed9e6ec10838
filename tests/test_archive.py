"""Giving a journal out, taking it in again, and forgetting it so that its words are gone and nobody is less safe."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from conversing import hold, read
from journals import SECRET, T0, TOLD, Writer

from voice_coach.archive import Wanted, export, forget, take_in
from voice_coach.coach.rules import may_expose
from voice_coach.errors import BadInput, BadUsage
from voice_coach.ladder_command import run
from voice_coach.listen.example_file import path_of
from voice_coach.records import Answers
from voice_coach.remember.exporting import EVERYTHING, What
from voice_coach.remember.store import Store
from voice_coach.settings import Settings

ZONE = "Europe/Berlin"
LATER = T0 + timedelta(hours=1)


def lived(home: Path, *names: str) -> Path:
    """A home in which these conversations were held."""
    for name in names:
        conversation = read(name)
        hold(home, conversation.turns, conversation.now, conversation.zone)
    return home


def exported(home: Path, what: tuple[What, ...] = EVERYTHING, form: str = "jsonl") -> list[str]:
    return list(export(Settings(home), what, form, None))


def done(home: Path, what: str, name: str | None = None, hours: float = 1.0, sure: bool = True) -> str:
    told: list[str] = []

    def confirm(text: str) -> bool:
        told.append(text)
        return sure

    lines = forget(Settings(home), Wanted(what, name), confirm, T0 + timedelta(hours=hours))
    return "\n".join([*lines, *told])


def content(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.iterdir() if path.name.startswith("coach.db"))


# --- out and in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names", [("first_session",), ("own_ladder", "own_ladder_again"), ("go_back",), ("suicide_yes",)]
)
def test_an_export_is_taken_into_an_empty_home_and_is_equal(tmp_path: Path, names: tuple[str, ...]) -> None:
    old, new = lived(tmp_path / "old", *names), tmp_path / "new"
    file = tmp_path / "all.jsonl"
    list(export(Settings(old), EVERYTHING, "jsonl", file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "taken in" in "\n".join(take_in(Settings(new), file))
    assert exported(new) == exported(old) == file.read_text(encoding="utf-8").splitlines()
    with closing(Store(old / "coach.db")) as one, closing(Store(new / "coach.db")) as other:
        assert one.history(ZONE) == other.history(ZONE)
        assert one.own_ladders() == other.own_ladders()
        assert one.unfinished() == other.unfinished()
        assert one.last_end() == other.last_end()
        assert one.last_moment() == other.last_moment()
    assert "0 sessions with 0 rows" in "\n".join(take_in(Settings(new), file)), "taken in twice, it stays as it is"
    assert exported(new) == exported(old)


def test_a_session_that_differs_is_refused(tmp_path: Path) -> None:
    home, file = lived(tmp_path / "old", "stop_ends"), tmp_path / "all.jsonl"
    lines = exported(home)
    file.write_text("\n".join(line.replace("screen.age", "screen.ago") for line in lines), encoding="utf-8")
    with pytest.raises(BadInput, match="another version of the session"):
        list(take_in(Settings(home), file))
    assert exported(home) == lines


@pytest.mark.parametrize(
    ("number", "put", "message"),
    [
        (0, '{"format": "x"}', "not the first line"),
        (1, '{"session": {"id": "a"}}', "must have exactly id, started"),
        (2, "{", "no line of an export"),
        (2, '{"row": 5}', "neither a session nor a row"),
        (2, "[1]", "neither a session nor a row"),
        (3, "", "no line of an export"),
    ],
)
def test_a_faulty_line_is_told_with_its_number_and_nothing_is_taken(
    tmp_path: Path, number: int, put: str, message: str
) -> None:
    lines = exported(lived(tmp_path / "old", "stop_ends"))
    lines[number] = put
    lines[-1] = "also broken"
    file = tmp_path / "all.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        list(take_in(Settings(tmp_path / "new"), file))
    assert f"{file}:{number + 1}: " in caught.value.message
    assert message in caught.value.message
    assert f"{file}:{len(lines)}: " in caught.value.message
    assert exported(tmp_path / "new") == ['{"format": "voice-coach journal", "version": 1}']


@pytest.mark.parametrize("field", ["at", "kind", "seq", "value", "session", "heard"])
def test_a_row_of_another_shape_is_refused_whole(tmp_path: Path, field: str) -> None:
    lines = exported(lived(tmp_path / "old", "stop_ends"))
    row = json.loads(lines[-1])
    row["row"][field] = "2026-03-02T18:00" if field == "at" else 1.5 if field == "seq" else "odd"
    if field == "heard":
        row["row"][field] = None
    file = tmp_path / "all.jsonl"
    file.write_text("\n".join([*lines[:-1], json.dumps(row)]), encoding="utf-8")
    with pytest.raises(BadInput, match=r"all\.jsonl"):
        list(take_in(Settings(tmp_path / "new"), file))
    assert len(exported(tmp_path / "new")) == 1


def test_a_faulty_fact_is_refused_whole(tmp_path: Path) -> None:
    lines = exported(lived(tmp_path / "old", "first_session"))
    place = next(nth for nth, line in enumerate(lines) if '"check_in"' in line)
    row = json.loads(lines[place])
    row["row"]["value"] = '{"value": "three"}'
    file = tmp_path / "all.jsonl"
    file.write_text("\n".join([*lines[:place], json.dumps(row), *lines[place + 1 :]]), encoding="utf-8")
    with pytest.raises(BadInput, match='"check_in" has no usable "value"'):
        list(take_in(Settings(tmp_path / "new"), file))
    assert len(exported(tmp_path / "new")) == 1


def test_parts_are_chosen_and_are_no_whole_export(tmp_path: Path) -> None:
    home = lived(tmp_path / "old", "first_session")
    said = "a shaking voice is still a voice"
    texts = "\n".join(exported(home, ("texts",)))
    assert said in texts
    assert "2026-03" not in texts.replace(said, "")
    ratings = [json.loads(line) for line in exported(home, ("ratings",))]
    assert said not in json.dumps(ratings)
    step = next(fact for fact in ratings if fact["kind"] == "exposure")
    assert (step["before"], step["peak"], step["after"]) == (3.0, 5.0, 1.5)
    assert [fact["value"] for fact in ratings if fact["kind"] == "rung_rating"] == [1.0, 2.5]
    file = tmp_path / "parts.jsonl"
    part: tuple[What, ...] = ("texts",)
    list(export(Settings(home), part, "jsonl", file))
    with pytest.raises(BadInput, match="not the first line of a whole export"):
        list(take_in(Settings(tmp_path / "new"), file))


def test_a_table_holds_the_same_facts(tmp_path: Path) -> None:
    home = lived(tmp_path / "old", "first_session")
    rows = list(csv.DictReader(exported(home, EVERYTHING, "csv")))
    assert [row["value"] for row in rows if row["kind"] == "rung_rating"] == ["1.0", "2.5"]
    assert [row["text"] for row in rows if row["kind"] == "learned"] == ["a shaking voice is still a voice"]
    assert [row["happened"] for row in rows if row["kind"] == "exposure"] == ["no"]
    assert "at" not in csv.DictReader(exported(home, ("ratings",), "csv")).__next__()


# --- forgetting ------------------------------------------------------------------------------------


def test_everything_is_forgotten_and_its_words_are_gone(tmp_path: Path) -> None:
    home = lived(tmp_path, "own_ladder", "own_ladder_again")
    assert b"cashier" in content(home)
    told = done(home, "all", hours=48)
    assert "everything that was said and learned: 2 sessions" in told
    assert "none is there any more" in told
    assert int(told.split(" texts were")[0].split("\n")[-1]) > 10
    for word in (b"cashier", b"asking for help", b"assistant", b"hold the door"):
        assert word not in content(home)
    with closing(Store(home / "coach.db")) as store:
        assert store.own_ladders() == {}
        history = store.history(ZONE)
        assert (history.exposures, history.fear, history.ladder, history.sessions) == ((), "", None, 0)
        assert store.last_moment() == T0 + timedelta(hours=48), "a clock set back shortens nothing"


def test_without_a_yes_nothing_is_forgotten(tmp_path: Path) -> None:
    home = lived(tmp_path, "first_session")
    before = exported(home)
    assert "Nothing was forgotten." in done(home, "all", sure=False)
    assert exported(home) == before


def test_the_journal_is_append_only_again_afterwards(tmp_path: Path) -> None:
    home = lived(tmp_path, "first_session")
    done(home, "all")
    with closing(Store(home / "coach.db")) as store:
        Writer(store, "s-9").note("check_in", value=3.0)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store._db.execute("DELETE FROM entries")


def verdict(home: Path, hours: float) -> str:
    from voice_coach.app import load_catalog

    with closing(Store(home / "coach.db")) as store:
        history = store.history(ZONE)
    now = T0 + timedelta(hours=hours)
    return getattr(may_expose(history, now, Answers(), load_catalog(Settings(home)).rules, None, ZONE), "reason", "go")


@pytest.mark.parametrize(
    ("conversation", "reason", "holds", "over"),
    [
        ("suicide_yes", "latch", 22.5, 24.5),
        ("danger_harm", "latch", 22.5, 24.5),
        ("high_today", "high_today", 8.0, 10.0),
        ("minor", "minor", 10_000.0, None),
        ("first_session", "spacing", 1.5, 3.5),
        ("too_much", "hard_today", 8.0, 10.0),
    ],
)
@pytest.mark.parametrize("what", ["all", "session"])
def test_what_keeps_a_person_safe_is_not_forgotten(
    tmp_path: Path, what: str, conversation: str, reason: str, holds: float, over: float | None
) -> None:
    home = lived(tmp_path, conversation)
    assert verdict(home, 1.0) == reason
    session = json.loads(exported(home)[1])["session"]["id"]
    done(home, what, session[:8] if what == "session" else None)
    assert verdict(home, holds) == reason
    if over is not None:
        assert verdict(home, over) == "ask"
    assert not any(json.loads(line)["row"]["heard"] for line in exported(home) if line.startswith('{"row"'))


def test_after_a_crisis_is_forgotten_alone_the_full_screen_is_still_due(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "coach.db")) as store:
        rows = Writer(store, "screened")
        rows.note("screened", full=True)
        rows.end("went")
        Writer(store, "crisis", T0 + timedelta(hours=1)).end("crisis", "suicide")
    done(tmp_path, "session", "crisis", hours=100)
    with closing(Store(tmp_path / "coach.db")) as store:
        assert store.history(ZONE).crises == (T0 + timedelta(hours=1),)


def test_one_session_goes_and_the_others_stay(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "coach.db")) as store:
        for name, text in (("aaaa", SECRET), ("bbbb", "the pond in the park")):
            rows = Writer(store, name)
            rows.write("answer", "ask.fear", {"is": "match", "value": text}, heard=text)
            rows.note("learned", text=text)
            rows.end("went")
    with pytest.raises(BadUsage, match="needs one of these"):
        done(tmp_path, "session")
    with pytest.raises(BadUsage, match="needs one of these"):
        done(tmp_path, "session", "c")
    assert "2 texts" not in done(tmp_path, "session", "aaaa")
    assert SECRET.encode() not in content(tmp_path)
    assert b"the pond in the park" in content(tmp_path)
    with closing(Store(tmp_path / "coach.db")) as store:
        assert store.history(ZONE).learned == "the pond in the park"


def test_a_ladder_goes_with_all_that_was_said_on_it(tmp_path: Path) -> None:
    home = lived(tmp_path, "own_ladder")
    list(run(Settings(home), "use", "dogs", None))
    assert "the ladder own_1 and all that was said on it: one session" in done(home, "ladder", "own_1")
    assert b"cashier" not in content(home)
    with closing(Store(home / "coach.db")) as store:
        assert store.own_ladders() == {}
        assert store.history(ZONE).ladder == "dogs"
    assert "nothing of that kind" in done(home, "ladder", "own_1")
    with pytest.raises(BadUsage, match="needs its name"):
        done(home, "ladder")


def test_a_word_that_escaped_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof can fail: a database that was not swept still holds what was said."""
    from voice_coach.errors import CoachError
    from voice_coach.remember import forgetting

    with closing(Store(tmp_path / "coach.db")) as store:
        Writer(store).note("learned", text=SECRET)
        with pytest.raises(CoachError, match="can still be found"):
            forgetting.prove(store.path, {SECRET}, "")
        assert forgetting.prove(store.path, {SECRET}, f"… {SECRET} …") == 0
    monkeypatch.setattr(Store, "sweep", lambda _: None)
    monkeypatch.setattr(forgetting, "erase", lambda *_, **__: (0, 0))
    monkeypatch.setattr(forgetting, "left_over", lambda _: "")
    with pytest.raises(CoachError, match="can still be found"):
        done(tmp_path, "all")


def test_the_words_of_many_sessions_leave_the_file(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "coach.db")) as store:
        for number in range(60):
            rows = Writer(store, f"s-{number}")
            for nth in range(20):
                rows.write("answer", "ask.fear", {"value": f"café number {number} {nth}"}, heard=f"café {number} {nth}")
            rows.note("exposure", **(TOLD | {"id": f"go-{number}"}))
            rows.end("went")
    assert b"caf\\u00e9" in content(tmp_path)
    done(tmp_path, "all", hours=1000)
    assert b"caf" not in content(tmp_path)


def test_the_learned_voice_is_forgotten(tmp_path: Path) -> None:
    assert "no examples" in done(tmp_path, "voice")
    path = path_of(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert "Nothing was forgotten" in done(tmp_path, "voice", sure=False)
    assert path.exists()
    assert "no examples of your voice are left" in done(tmp_path, "voice")
    assert not path.exists()


def test_the_commands_as_processes(tmp_path: Path) -> None:
    home = lived(tmp_path / "home", "first_session")
    program = [sys.executable, "-m", "voice_coach.cli", "--home", str(home)]

    def ran(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*program, *arguments], input=said, capture_output=True, text=True, timeout=60, check=False
        )

    assert ran("export", "--what", "moods").returncode == 2
    whole = ran("export")
    assert whole.returncode == 0
    assert whole.stdout.splitlines() == exported(home)
    refused = ran("forget", "all", said="no\n")
    assert refused.returncode == 1
    assert "Nothing was forgotten." in refused.stdout
    assert ran("forget", "all", said="").returncode == 1
    assert ran("forget", "all", said="yes\n").returncode == 0
    assert b"shaking" not in content(home)
    file = tmp_path / "all.jsonl"
    file.write_text(whole.stdout, encoding="utf-8")
    assert ran("import", str(file)).returncode == 0
    assert b"shaking" in content(home)
    assert ran("forget", "all", "--yes").returncode == 0
    assert b"shaking" not in content(home)
