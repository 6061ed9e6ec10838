"""The rows of a session: what a correction opens again, what is denied, and what settled a question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from test_denying import AFTER, ECHOED, NOW

from voice_coach.coach.ledger import Ledger, Stored
from voice_coach.remember.store import PASSING, Store
from voice_coach.words import Ask, Correction, Expects, Match, Reply, Say, Unsure


@pytest.fixture
def rows() -> Iterator[Ledger]:
    """One number, given to the first of two questions."""
    with closing(Store(PASSING)) as store:
        store.begin("one", NOW, "UTC", "")
        rows = Ledger(store, "one", "UTC")
        rows.answer(Ask("ask.rung", Expects("rating")), Reply(Match("rating", 2.0, 0.9), NOW), "answer", "two")
        yield rows


def test_a_denial_leaves_the_question_open_and_is_remembered_for_it_alone(rows: Ledger) -> None:
    first, second = (Ask("ask.rung", Expects("rating"), {"rung": rung}) for rung in ("a", "b"))
    which = Ask("ask.which_rating", Expects("rating"), clarifies=True)
    assert rows.knowing(first) == first
    assert rows.correct(AFTER, None, NOW)
    assert rows.living == []
    for ask in (first, which, first):
        assert rows.knowing(ask).expects.denied == (2.0,)
    assert rows.knowing(second).expects.denied == ()
    assert rows.knowing(first).expects.denied == ()


def test_a_doubtful_denial_asks_anew_and_forbids_no_number(rows: Ledger) -> None:
    first = Ask("ask.rung", Expects("rating"), {"rung": "a"})
    assert rows.correct(AFTER, None, NOW, score=0.5)
    assert rows.living == []
    assert rows.knowing(first).expects.denied == ()


def test_a_number_that_came_out_the_same_is_not_opened_by_a_doubt_again(rows: Ledger) -> None:
    number = Ask("ask.rung", Expects("rating"))
    assert rows.knowing(AFTER) == AFTER
    assert rows.correct(AFTER, None, NOW, score=0.5)
    rows.answer(number, Reply(Match("rating", 2.0, 0.9), NOW), "answer", "two")
    assert rows.knowing(AFTER).expects == Expects("rating")
    rows.go_back(AFTER)
    rows.answer(number, Reply(Match("rating", 3.0, 0.9), NOW), "answer", "three")
    three = Ask("ask.after", Expects("rating", corrects="rating", echoed=3.0))
    assert rows.knowing(three) == three


@pytest.mark.parametrize("score", [0.9, 0.5])
def test_in_a_question_that_is_open_again_no_and_a_number_answer_it(rows: Ledger, score: float) -> None:
    echo = Say("echo.rating", {"value": 2.0})
    first = Ask("ask.rung", ECHOED, {"rung": "a"}, lead=echo)
    assert rows.correct(AFTER, None, NOW, score)
    again = rows.knowing(first)
    assert (again.expects.corrects, again.expects.echoed, again.lead) == (None, None, None)
    assert rows.knowing(replace(first, blanks={"rung": "b"})).expects.corrects == "rating", "another question"
    assert rows.knowing(first) == first, "asked anew later"


def test_a_correction_that_was_misheard_denies_nothing(rows: Ledger) -> None:
    first = Ask("ask.rung", Expects("rating"), {"rung": "b"})
    rows_of(rows, (first, Unsure((2.0,), 0.4)), (asked(2.0), Match("yes_no", True, 0.9)))
    assert rows.correct(AFTER, 9.5, NOW, 0.8, "rough")
    assert rows.knowing(first).expects.denied == (2.0,)
    rows_of(rows, (asked(9.5), Match("yes_no", False, 0.9)))
    assert rows.knowing(first).expects.denied == ()
    rows_of(rows, (first, Match("rating", 2.0, 0.9)))
    assert rows.knowing(AFTER).expects == Expects("rating"), "its echo is not listened against again"
    assert rows.correct(AFTER, None, NOW, 0.5)
    assert rows.knowing(first).expects.denied == (9.5,), "what was refused stays denied"


def test_a_correction_that_is_borne_out_denies_what_it_replaced(rows: Ledger) -> None:
    first = Ask("ask.rung", Expects("rating"), {"rung": "b"})
    rows_of(rows, (first, Unsure((2.0,), 0.4)), (asked(2.0), Match("yes_no", True, 0.9)))
    assert rows.correct(AFTER, 9.5, NOW, 0.8, "rough")
    rows_of(rows, (asked(9.5), Match("yes_no", True, 0.9)))
    assert rows.correct(replace(AFTER, expects=replace(ECHOED, echoed=9.5)), None, NOW, 0.9)
    assert rows.knowing(first).expects.denied == (2.0, 9.5)


def test_a_number_stands_at_once(rows: Ledger) -> None:
    assert rows.correct(AFTER, 3.0, NOW)
    assert rows.last_said() == Stored("ask.rung", 3.0, True)


def rows_of(rows: Ledger, *said: tuple[Ask, Match | Unsure | Correction]) -> None:
    for ask, value in said:
        rows.answer(ask, Reply(value, NOW, "rough"), "answer", "")


def asked(value: float) -> Ask:
    """Whether this was said."""
    return Ask("ask.did_you_say", Expects("yes-no"), {"value": value}, clarifies=True)


@pytest.mark.parametrize("how", [Unsure((True,), 0.4), Correction(6.0, 0.8), Match("yes_no", True, 0.9)])
def test_what_settled_a_question_in_doubt_can_be_corrected(rows: Ledger, how: Match | Unsure | Correction) -> None:
    first = Ask("ask.rung", Expects("rating"), {"rung": "b"})
    rows_of(rows, (first, Unsure((5.0,), 0.4)), (asked(5.0), how))
    assert rows.correct(AFTER, 3.0, NOW)
    assert [(row.key, json.loads(row.value)["value"]) for row in rows.living] == [
        ("ask.rung", 2.0), ("ask.rung", 3.0),
    ]  # fmt: skip


def test_what_settled_it_is_what_was_said_last(rows: Ledger) -> None:
    first = Ask("ask.peak", Expects("rating"))
    rows_of(rows, (first, Unsure((5.0,), 0.4)), (asked(5.0), Match("yes_no", True, 0.9)))
    assert rows.last_said() == Stored("ask.peak", 5.0, True)
    rows_of(rows, (AFTER, Unsure((4.0,), 0.5)))
    assert rows.last_said() == Stored("ask.peak", 5.0, True), "not settled yet"
    rows_of(rows, (Ask("ask.happened", Expects("yes-no")), Match("yes_no", True, 0.9)))
    assert rows.last_said() == Stored("ask.happened", True, True)
    rows_of(rows, (AFTER, Unsure((4.0,), 0.5)), (Ask("ask.worse", Expects("yes-no")), Unsure((True,), 0.4)))
    assert rows.last_said() == Stored("ask.after", 4.0, True), "a number heard in doubt twice"


def test_the_same_question_again_is_the_one_that_is_open(rows: Ledger) -> None:
    peak = Ask("ask.peak", Expects("rating"))
    rows_of(rows, (peak, Unsure((5.0,), 0.4)))
    assert rows.go_back(peak)
    assert rows.living == [], "the open question is not what is gone back to"


def test_by_ear_a_second_number_in_its_place_is_asked_about(rows: Ledger) -> None:
    assert rows.correct(AFTER, 3.0, NOW, 0.8, "rough")
    assert json.loads(rows.living[-1].value)["is"] == "match"
    again = Ask("ask.after", Expects("rating", corrects="rating", echoed=3.0))
    assert rows.correct(again, 2.0, NOW, 0.8, "rough")
    row = json.loads(rows.living[-1].value)
    assert (row["is"], row["candidates"]) == ("unsure", [2.0])
    assert rows.correct(again, 2.0, NOW, 0.9)
    assert json.loads(rows.living[-1].value)["is"] == "match", "whoever types it means it"


def test_by_ear_the_number_said_back_is_asked_about(rows: Ledger) -> None:
    assert rows.correct(AFTER, 2.0, NOW, 0.75, "rough")
    assert json.loads(rows.living[-1].value)["candidates"] == [2.0]
