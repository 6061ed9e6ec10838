from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from journals import ENDED, ORDINARY, SAFETY, SECRET, STEP, T0, TOLD, ZONE, Writer, dump

from voice_coach.errors import BadInput, CoachError
from voice_coach.ports import Entry, EntryKind, Journal
from voice_coach.records import Block, CheckIn, Exposure, History, RungRating, Upset
from voice_coach.remember.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "coach.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path)) as opened:
        yield opened


# --- sessions and entries --------------------------------------------------------------------------


def test_a_new_journal_is_empty(store: Store) -> None:
    journal: Journal = store
    assert journal.unfinished() is None
    assert journal.last_end() is None
    assert journal.last_moment() is None
    assert journal.history(ZONE) == History(ZONE)


def test_entries_come_back_as_they_were_written_after_reopening(path: Path) -> None:
    with closing(Store(path)) as store:
        rows = Writer(store)
        written = (
            rows.write("answer", "ask.before", {"is": "match", "value": 4.5}, heard="four and a half"),
            rows.note("check_in", value=4.5),
            rows.write("aside", "danger.check", {"is": "silence"}),
        )
    with closing(Store(path)) as store:
        found = store.unfinished()
        assert found is not None
        assert (found.id, found.started, found.catalog) == ("s-1", T0, "hash")
        assert found.entries == written
        assert store.last_answers("s-1") == written[:1]


def test_an_ended_session_is_not_unfinished(store: Store) -> None:
    first = Writer(store, "s-1")
    second = Writer(store, "s-2", T0 + timedelta(days=1))
    end = second.end("went")
    found = store.unfinished()
    assert found is not None
    assert found.id == "s-1"
    assert store.last_end() == end
    later = first.end("interrupted")
    assert store.unfinished() is None
    assert store.last_end() == later


def test_the_newest_unfinished_session_is_the_one_begun_last_though_the_clock_went_back(store: Store) -> None:
    Writer(store, "s-1")
    Writer(store, "s-2", T0 - timedelta(days=400))
    found = store.unfinished()
    assert found is not None
    assert found.id == "s-2"


def test_the_last_moment_is_the_latest_ever_stored_though_the_clock_went_back(store: Store) -> None:
    last = Writer(store, "s-1").note("check_in", value=2.0)
    Writer(store, "s-2", T0 - timedelta(days=400)).note("check_in", value=3.0)
    assert store.last_moment() == last.at
    store.rebuild()
    assert store.last_moment() == last.at


def test_a_session_that_was_only_begun_moves_the_last_moment(store: Store) -> None:
    Writer(store)
    assert store.last_moment() == T0


def test_replaced_rows_are_kept_but_no_longer_live(store: Store, path: Path) -> None:
    rows = Writer(store)
    kept = rows.write("answer", "ask.a", {"value": 1})
    rows.write("answer", "ask.b", {"value": 2}, heard="two")
    rows.write("answer", "ask.c", {"value": 3})
    by = rows.write("answer", "ask.b", {"value": 5})
    store.replace_from("s-1", 1, by.seq)
    found = store.unfinished()
    assert found is not None
    assert found.entries == (kept, by)
    with closing(sqlite3.connect(path)) as db:
        everything = db.execute("SELECT seq, heard, replaced_by FROM entries ORDER BY seq").fetchall()
    assert everything == [(0, "", None), (1, "two", 3), (2, "", 3), (3, "", None)]


def test_a_row_may_be_voided_before_the_row_that_replaces_it_is_written(store: Store) -> None:
    rows = Writer(store)
    rows.write("answer", "ask.a", {"value": 1})
    store.replace_from("s-1", 0, 1)
    assert store.next_seq("s-1") == 1
    again = rows.write("answer", "ask.a", {"value": 2})
    assert store.last_answers("s-1") == (again,)


def test_the_next_number_is_past_replaced_rows_too(store: Store) -> None:
    rows = Writer(store)
    assert store.next_seq("s-1") == 0
    for value in range(3):
        rows.write("answer", "ask.a", {"value": value})
    store.replace_from("s-1", 0, 3)
    assert store.next_seq("s-1") == 3


def test_a_row_cannot_be_written_twice(store: Store) -> None:
    entry = Writer(store).write("answer", "ask.a", {"value": 1}, heard=SECRET)
    with pytest.raises(CoachError) as caught:
        store.append(entry)
    assert SECRET not in str(caught.value)
    assert store.last_answers("s-1") == (entry,)


def test_a_session_that_was_never_begun_takes_no_rows(store: Store) -> None:
    with pytest.raises(BadInput, match="never begun"):
        store.append(Entry("nobody", 0, T0, ZONE, "answer", "ask.a", 0, "{}"))
    with pytest.raises(BadInput, match="never begun"):
        store.replace_from("nobody", 0, 1)


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        store.begin("s-1", T0.replace(tzinfo=None), ZONE, "hash")
    assert store.unfinished() is None


# --- facts and history -----------------------------------------------------------------------------


def test_every_fact_reaches_the_history(store: Store) -> None:
    rows = Writer(store)
    until = T0 + timedelta(hours=24)
    rows.note("screen_answer", question="age", answer="yes", ladder=None)
    screened = rows.note("screened", full=True)
    rows.note("ladder", ladder="dogs", fear="small dogs")
    rows.note("ladder", ladder="speaking", fear="")
    check = rows.note("check_in", value=4.5)
    rated = rows.note("rung_rating", ladder="speaking", rung="voice_note", value=3, why="entering")
    upset = rows.note("upset", kind="panic_now")
    crisis = rows.note("crisis", kind="suicide")
    block = rows.note("block", kind="latch", reason="latch", until=until.isoformat(), ladder=None)
    lasting = rows.note("block", kind="refer", reason="minor", until=None, ladder=None, barrier=True)
    rows.note("learned", text="I can bear it")
    rows.note("learned", text="it passes")
    rows.note("something_new", text="kept as a row")
    rows.note("screened", full=False)
    end = rows.end("went")
    assert store.history("UTC") == History(
        "UTC",
        check_ins=(CheckIn(4.5, check.at, ZONE),),
        blocks=(
            Block("latch", "latch", block.at, until, ZONE),
            Block("refer", "minor", lasting.at, None, ZONE),
        ),
        screens=(screened.at,),
        age_confirmed=True,
        crises=(crisis.at,),
        upsets=(Upset(upset.at, ZONE),),
        rung_ratings=(RungRating("speaking", "voice_note", 3.0, rated.at, "entering"),),
        ladder="speaking",
        fear="",
        learned="it passes",
        sessions=1,
        last_session=end.at,
    )


def test_an_age_that_was_denied_later_is_no_longer_confirmed(store: Store) -> None:
    rows = Writer(store)
    rows.note("screen_answer", question="age", answer="yes", ladder=None)
    rows.note("screen_answer", question="age", answer="unsure", ladder=None)
    assert not store.history(ZONE).age_confirmed


def test_a_crisis_end_counts_as_a_crisis(store: Store) -> None:
    end = Writer(store).end("crisis", "suicide")
    assert store.history(ZONE).crises == (end.at,)


@pytest.mark.parametrize(
    ("how", "counts"),
    [
        ("went", 1), ("rest", 1), ("refer", 1), ("not_today", 1), ("stopped_step", 1), ("steadied", 1), ("crisis", 1),
        ("stopped", 0), ("input_ended", 0), ("interrupted", 0), ("device_lost", 0), ("changed", 0),
    ],
)  # fmt: skip
def test_only_sessions_that_were_held_are_counted(store: Store, how: str, counts: int) -> None:
    end = Writer(store).end(how)
    history = store.history(ZONE)
    assert history.sessions == counts
    assert history.last_session == (end.at if counts else None)


def test_check_ins_older_than_the_rules_look_at_are_left_out(store: Store) -> None:
    Writer(store, "s-1", T0 - timedelta(days=40)).note("check_in", value=8.0)
    recent = Writer(store, "s-2", T0 - timedelta(days=29)).note("check_in", value=7.5)
    Writer(store, "s-3", T0)
    assert store.history(ZONE).check_ins == (CheckIn(7.5, recent.at, ZONE),)


def exposure(**told: object) -> Exposure:
    begun = Exposure("go-1", "speaking", "voice_note", T0, T0, ZONE, "lost")
    fields = {name: getattr(begun, name) for name in Exposure.__dataclass_fields__}
    return Exposure(**(fields | told))


def test_an_exposure_grows_from_its_rows_and_is_never_forgotten(store: Store) -> None:
    rows = Writer(store)
    rows.write("expose", "go-1", STEP)
    assert store.history(ZONE).exposures == (exposure(),)
    rows.write("exposed", "go-1", {key: ENDED[key] for key in ("id", "how", "started", "ended")})
    ended = exposure(how="done", ended=T0 + timedelta(minutes=2))
    assert store.history(ZONE).exposures == (ended,)
    rows.note("exposure", **(TOLD | {"peak": None, "reflected": False}))
    rows.note("exposure", **TOLD)
    told = exposure(
        how="done", ended=ended.ended, before=4.5, peak=6.0, after=1.5, reached_end=True, happened="no", reflected=True
    )
    assert store.history(ZONE).exposures == (told,)
    store.replace_from("s-1", 2, rows.seq)
    assert store.history(ZONE).exposures == (ended,)
    rows.end("went")
    Writer(store, "s-2", T0 + timedelta(days=1)).note("exposure", **TOLD)
    assert store.history(ZONE).exposures == (told,)


def test_exposures_are_ordered_by_their_end(store: Store) -> None:
    rows = Writer(store)
    for name, minutes in (("late", 50), ("early", 5), ("middle", 20)):
        ended = (T0 + timedelta(minutes=minutes)).isoformat()
        rows.note("exposure", **(TOLD | {"id": name, "ended": ended}))
    assert [done.id for done in store.history(ZONE).exposures] == ["early", "middle", "late"]


@pytest.mark.parametrize(("kind", "key", "value"), SAFETY)
def test_going_back_never_voids_what_keeps_a_person_safe(
    store: Store, kind: EntryKind, key: str, value: Mapping[str, object]
) -> None:
    rows = Writer(store)
    rows.write(kind, key, value)
    before = store.history(ZONE)
    store.replace_from("s-1", 0, 1)
    assert replaced(store) == [None]
    assert store.history(ZONE) == before


@pytest.mark.parametrize(("kind", "key", "value"), ORDINARY)
def test_going_back_voids_everything_else(store: Store, kind: EntryKind, key: str, value: Mapping[str, object]) -> None:
    rows = Writer(store)
    rows.write(kind, key, value)
    store.replace_from("s-1", 0, 1)
    assert replaced(store) == [1]
    assert store.history(ZONE) == History(ZONE)


def replaced(store: Store) -> list[int | None]:
    return [by for (by,) in store._db.execute("SELECT replaced_by FROM entries ORDER BY seq")]


@pytest.mark.parametrize(
    ("fact", "value", "field"),
    [
        ("check_in", {}, "value"),
        ("check_in", {"value": True}, "value"),
        ("check_in", {"value": SECRET}, "value"),
        ("rung_rating", {"ladder": SECRET, "rung": 7, "value": 3, "why": ""}, "rung"),
        ("block", {"kind": "rest", "reason": SECRET, "until": "soon"}, "until"),
        ("block", {"kind": "rest", "reason": SECRET, "until": "2026-03-02T18:00:00"}, "until"),
        ("exposure", TOLD | {"how": SECRET}, "how"),
        ("exposure", TOLD | {"happened": SECRET}, "happened"),
        ("exposure", {"ladder": SECRET}, "id"),
        ("learned", {"text": [SECRET]}, "text"),
    ],
)
def test_a_faulty_fact_is_refused_whole_and_its_words_are_not_shown(
    store: Store, path: Path, fact: str, value: Mapping[str, object], field: str
) -> None:
    rows = Writer(store)
    before = dump(path)
    with pytest.raises(BadInput, match=f'"{fact}" has no usable "{field}"') as caught:
        rows.note(fact, **value)
    shown: BaseException | None = caught.value
    while shown is not None:
        assert SECRET not in str(shown)
        shown = shown.__cause__
    assert dump(path) == before
    rows.note("check_in", value=1.0)


@pytest.mark.parametrize("value", [SECRET, [SECRET], None])
def test_a_fact_that_is_no_object_is_refused(store: Store, value: object) -> None:
    with pytest.raises(BadInput, match="not a JSON object") as caught:
        Writer(store).write("note", "check_in", value)
    assert SECRET not in str(caught.value)


def test_a_fact_that_is_no_json_is_refused(store: Store) -> None:
    Writer(store)
    with pytest.raises(BadInput, match="not a JSON object") as caught:
        store.append(Entry("s-1", 0, T0, ZONE, "note", "learned", 0, SECRET))
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


# --- profiles --------------------------------------------------------------------------------------


def test_profiles_do_not_see_each_other(path: Path, store: Store) -> None:
    with closing(Store(path, "rehearsed")) as rehearsed:
        rows = Writer(rehearsed, "r-1", T0 + timedelta(days=300))
        rows.note("crisis", kind="suicide")
        rows.note("check_in", value=9.0)
        rows.write("expose", "go-1", STEP)
        rows.end("crisis", "suicide")
        Writer(rehearsed, "r-2", T0 + timedelta(days=301))
        assert store.history(ZONE) == History(ZONE)
        assert store.unfinished() is None
        assert store.last_end() is None
        assert store.last_moment() is None
        assert store.last_answers("r-1") == ()
        with pytest.raises(BadInput, match="never begun in this profile"):
            store.append(Entry("r-2", 0, T0, ZONE, "answer", "ask.a", 0, "{}"))
        Writer(store).write("exposed", "go-1", TOLD)
        assert [done.how for done in rehearsed.history(ZONE).exposures] == ["lost"]
        assert [done.how for done in store.history(ZONE).exposures] == ["done"]


# --- without a session -----------------------------------------------------------------------------


def test_a_session_can_be_left_out_of_the_history_for_its_own_replay(store: Store, path: Path) -> None:
    earlier = Writer(store, "s-1")
    earlier.write("expose", "go-1", STEP)
    earlier.note("check_in", value=2.0)
    earlier.end("went")
    before = store.history(ZONE)
    rows = Writer(store, "s-2", T0 + timedelta(hours=4))
    rows.note("check_in", value=4.0)
    rows.note("upset", kind="panic_now")
    rows.note("exposure", **TOLD)
    rows.write("expose", "go-2", STEP | {"id": "go-2"})
    stored, full = dump(path), store.history(ZONE)
    assert store.history(ZONE, without="s-2") == before
    assert full != before
    assert store.history(ZONE) == full
    assert dump(path) == stored
