"""Where the rung that was worked on is deleted, the next lower one becomes current (section 2, row 16)."""

from __future__ import annotations

from dataclasses import replace

from climbers import Person, on_a
from people import LADDER, A, B, C, D, rung, seen

from voice_coach.coach.ladder_form import gone, order, order_of, to_json, without


def cut(person: Person, *names: str) -> Person:
    for name in names:
        person.ladder = without(person.ladder, name)
    return person


def started_at_c() -> Person:
    return Person(a=1.0, b=1.0, c=3.0).did("c", peak=3.0)


def test_where_the_current_rung_was_deleted_the_next_lower_one_is_current() -> None:
    person = cut(started_at_c(), "c")
    assert seen(person.next()) == ("rate", "b", "entering")
    assert seen(person.rate(b=3.0).next()) == ("b", None, "again")
    assert seen(person.did("b").next()) == ("b", "stand", "vary"), "it stays so"


def test_where_the_next_lower_one_was_deleted_too_the_one_below_is_current() -> None:
    for names in (("c", "b"), ("b", "c")):
        assert seen(cut(started_at_c(), *names).rate(a=3.0).next()) == ("a", None, "again")


def test_a_lower_rung_keeps_what_was_reached_on_it() -> None:
    person = cut(on_a().mastered("a").rate(b=3.0).did("b", peak=3.0), "b")
    assert seen(person.next()) == ("rate", "c", "promotion"), "its row is complete"
    person = cut(on_a().did("a").rate(b=3.0).did("b", peak=3.0), "b")
    assert seen(person.rate(a=3.0).next()) == ("a", "stand", "vary"), "its row is one"


def test_hard_ones_on_a_deleted_rung_stay_with_it() -> None:
    person = cut(started_at_c().did("c", how="too_much").did("c", how="too_much"), "c").rate(b=3.0)
    assert seen(person.next()) == ("b", None, "again")


def test_below_the_lowest_there_is_none_and_one_begins_anew() -> None:
    person = cut(on_a().did("a"), "a")
    assert seen(person.next()) == ("rate", "b", "entering")
    assert seen(person.rate(b=3.0).next()) == ("b", None, "start")


def test_a_deleted_rung_that_is_not_the_current_one_changes_nothing() -> None:
    person = on_a().mastered("a").rate(b=3.0).did("b").did("b", variation="stand").rate(c=3.0).did("c")
    assert seen(cut(person, "b").next()) == ("c", "stand", "vary")


def test_a_failed_check_of_a_rung_that_was_deleted_since_leads_below_it() -> None:
    person = Person(a=1.0, b=3.0).mastered("b").rate(c=3.0).did("c").did("b", retention=True, peak=5.0)
    assert seen(cut(person, "b").rate(a=3.0).next()) == ("a", None, "again")
    passed = Person(a=1.0, b=3.0).mastered("b").rate(c=3.0).did("c").did("b", retention=True)
    assert seen(cut(passed, "b").next()) == ("c", "stand", "vary")


def test_a_rung_of_which_nobody_knows_where_it_stood_changes_nothing() -> None:
    assert seen(on_a().did("a").did("z").next()) == ("a", "stand", "vary")


def test_the_order_that_a_ladder_had_is_read_from_its_earlier_forms() -> None:
    twin = replace(D, sight_free="d_heard")
    shipped = replace(LADDER, rungs=(A, B, C, twin), twins=(rung("d_heard"),))
    forms = [to_json(replace(LADDER, rungs=rungs)) for rungs in ((A, C, B), (A, B))]
    assert gone(LADDER, [order(shipped)]) == {}
    assert gone(replace(LADDER, rungs=(A, B)), [order(shipped), *map(order_of, forms)]) == {
        "c": "a", "d": "a", "d_heard": "a",
    }  # fmt: skip
    assert order_of("nothing") == order_of("[1]") == order_of('{"rungs": [1]}') == ()
