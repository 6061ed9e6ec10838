"""What comes next on a ladder: every rule of progression, and simulated people who climb."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from climbers import Person, on_a
from people import FRIEND, LADDER, SHORT, STAND, A, B, C, D, rung, seen

from voice_coach.coach.progression import Proposal
from voice_coach.coach.variations import pick
from voice_coach.records import Variation

# --- 5, 6: in a row, needed -------------------------------------------------------------------------


def test_two_good_ones_one_of_them_a_variation() -> None:
    person = on_a().did("a")
    assert seen(person.next()) == ("a", "stand", "vary")
    assert seen(person.did("a").next()) == ("a", "stand", "vary")
    checked = on_a().did("a").did("a", variation="stand")
    assert seen(checked.next(asked=True)) == ("a", None, "retention")
    assert seen(checked.did("a", retention=True).next()) == ("rate", "b", "promotion")


@pytest.mark.parametrize(
    ("between", "row"),
    [
        ({"peak": 3.0}, 0),
        ({"how": "lost", "peak": 9.0}, 1),
        ({"retention": True, "peak": 3.0}, 1),
        ({"name": "z"}, 1),
        ({"ladder": "phone", "peak": 8.0}, 1),
    ],
)
def test_what_breaks_a_row(between: dict[str, Any], row: int) -> None:
    person = on_a().did("a").did(**{"name": "a", **between})
    answer = person.next()
    assert isinstance(answer, Proposal)
    assert answer.numbers.get("row", 0) == row


def test_three_are_needed_after_a_hard_one_among_the_last_five() -> None:
    person = on_a().did("a", peak=8.0).rate(a=3.0).did("a", variation="short")
    answer = person.next()
    assert isinstance(answer, Proposal)
    assert answer.numbers == {"row": 1, "needed": 3}
    assert seen(person.did("a").next()) == ("a", "stand", "vary")
    assert seen(person.did("a").did("a", retention=True).next()) == ("rate", "b", "promotion")
    longer = on_a().did("a", peak=8.0).rate(a=3.0)
    for _ in range(3):
        longer.did("a", peak=3.0)
    longer.did("a")
    assert isinstance(answer := longer.next(), Proposal)
    assert answer.numbers["needed"] == 3
    assert isinstance(answer := longer.did("a", peak=3.0).did("a").next(), Proposal)
    assert answer.numbers["needed"] == 2


# --- 7: start ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ({}, ("rate", "a", "entering")),
        ({"a": 3.0}, ("a", None, "start")),
        ({"a": 2.0}, ("a", None, "start")),
        ({"a": 4.0}, ("a", None, "start")),
        ({"a": 1.5}, ("rate", "b", "entering")),
        ({"a": 1.5, "b": 2.5}, ("b", None, "start")),
        ({"a": 1.5, "c": 3.0}, ("rate", "b", "entering")),
        ({"a": 4.5}, ("none", None, "make")),
        ({"a": 4.5, "b": 3.0}, ("b", None, "start")),
        ({"a": 1.5, "b": 4.5, "d": 6.0}, ("none", None, "make")),
        ({"a": 0.0, "b": 0.0, "c": 1.0, "d": 1.5, "e": 1.5}, ("none", None, "make")),
    ],
)
def test_the_start_is_the_lowest_rung_in_the_band(ratings: dict[str, float], expected: tuple[str, str, str]) -> None:
    assert seen(Person().rate(**ratings).next()) == expected


def test_a_rating_to_start_from_is_not_a_fortnight_old() -> None:
    assert seen(on_a().wait(13.9).next()) == ("a", None, "start")
    assert seen(on_a().wait(14).next()) == ("rate", "a", "entering")


def test_a_rung_that_got_easy_stays_until_it_is_left() -> None:
    assert seen(on_a().did("a").rate(a=0.5).next()) == ("a", "stand", "vary")


# --- 8: up --------------------------------------------------------------------------------------------


def test_up_only_into_the_band() -> None:
    def after(**ratings: float) -> tuple[str, str | None, str]:
        return seen(on_a().mastered("a").rate(**ratings).next())

    assert after() == ("rate", "b", "promotion")
    assert after(b=2.0) == ("b", None, "up")
    assert after(b=4.0) == ("b", None, "up")
    assert after(b=4.5) == ("a", "friend", "bridge")
    assert after(b=1.5) == ("rate", "c", "promotion")
    assert after(b=1.5, c=3.0) == ("c", None, "up")
    assert after(b=1.5, c=1.5) == ("a", "friend", "stay")
    assert after(b=1.5, c=5.0) == ("a", "friend", "stay")


def test_an_old_rating_does_not_promote() -> None:
    person = Person(a=3.0, b=3.0, c=3.0).did("a").did("a", variation="stand")
    assert seen(person.did("a", retention=True).next()) == ("rate", "b", "promotion")


def test_a_bridge_is_asked_about_again_after_the_next_exposure() -> None:
    person = on_a().mastered("a").rate(b=5.0)
    assert seen(person.did("a").next()) == ("rate", "b", "promotion")
    bridge = replace(LADDER, rungs=(A, rung("bridge"), B, C))
    person.ladder = bridge
    assert seen(person.next()) == ("rate", "bridge", "promotion")
    assert seen(person.rate(bridge=3.0).next()) == ("bridge", None, "up")


def test_until_a_rung_is_entered_no_second_one_is_passed_by_rating() -> None:
    person = on_a().mastered("a").rate(b=1.0, c=1.0)
    for _ in range(3):
        answer = person.next()
        assert isinstance(answer, Proposal)
        assert seen(answer)[::2] == ("a", "stay")
        assert answer.above == B
        person.did("a")
        assert seen(person.next()) == ("rate", "c", "promotion")
        person.rate(c=1.5)
    assert seen(person.rate(c=2.0).next()) == ("c", None, "up")
    assert isinstance(answer := person.rate(c=4.5).next(), Proposal)
    assert answer.above is None, "what is too high is not followed by anything"


def test_with_the_easy_one_taken_off_the_next_is_the_one_that_is_passed() -> None:
    person = on_a().mastered("a").rate(b=1.0, c=1.0)
    person.ladder = replace(LADDER, rungs=(A, C, D))
    assert seen(person.next()) == ("rate", "d", "promotion")
    assert seen(person.rate(d=3.0).next()) == ("d", None, "up")
    last = on_a().mastered("a").rate(b=1.0)
    last.ladder = replace(LADDER, rungs=(A, B))
    assert seen(last.next()) == ("none", None, "finished")


def test_a_bridge_names_the_rung_that_is_too_high() -> None:
    answer = on_a().mastered("a").rate(b=4.5).next()
    assert isinstance(answer, Proposal)
    assert (answer.rung, answer.above, answer.why) == (A, B, "bridge")


def test_the_top_is_the_end() -> None:
    person = Person(a=1.0, b=1.0, c=1.0, d=1.0, e=3.0).mastered("e")
    assert seen(person.next()) == ("none", None, "finished")


# --- 9 to 13: hard, plain, away -----------------------------------------------------------------------


def test_the_first_hard_one_is_rated_anew_and_made_easier() -> None:
    person = on_a().did("a", peak=8.0)
    assert seen(person.next()) == ("rate", "a", "after_hard")
    assert seen(person.rate(a=4.0).next()) == ("a", "short", "after_hard")
    assert seen(person.rate(a=4.5).next()) == ("a", "short", "too_high")


def test_above_the_band_without_an_easier_variation_goes_below() -> None:
    bare = replace(LADDER, rungs=(A, rung("b", variations=(STAND,))))
    person = Person(bare, a=1.0, b=3.0).did("b", peak=8.0).rate(b=5.0)
    assert seen(person.next()) == ("rate", "a", "entering")
    assert seen(person.rate(a=1.0).next()) == ("a", None, "below")


def test_the_second_hard_one_in_a_row_goes_below_with_row_nothing() -> None:
    person = on_a().mastered("a").rate(b=3.0).did("b", peak=8.0).rate(b=3.0).did("b", peak=8.0)
    assert seen(person.next()) == ("rate", "a", "entering")
    assert seen(person.rate(a=3.0).next()) == ("a", None, "below")
    assert seen(person.did("a").next()) == ("a", "friend", "vary")
    assert seen(person.did("a", variation="friend").did("a", retention=True).next()) == ("rate", "b", "promotion")
    assert seen(person.rate(b=4.0).did("b", peak=8.0).next()) == ("rate", "b", "after_hard")


def test_a_plain_one_between_keeps_the_rung() -> None:
    person = Person(a=1.0, b=3.0).did("b", peak=8.0).rate(b=3.0).did("b", peak=3.0).did("b", peak=8.0).rate(b=3.0)
    assert seen(person.next()) == ("b", "short", "after_hard")


def test_nothing_below_the_lowest() -> None:
    person = on_a().did("a", peak=8.0).rate(a=3.0).did("a", peak=8.0)
    assert seen(person.next()) == ("none", None, "make_easier")
    below = Person(a=1.0, b=3.0).did("b", peak=8.0).rate(b=3.0).did("b", peak=8.0).rate(a=4.5)
    assert seen(below.next()) == ("none", None, "make_easier")


def test_after_a_plain_one_one_thing_changes() -> None:
    person = on_a().did("a", peak=3.0)
    assert seen(person.next()) == ("a", "stand", "changed")
    assert seen(person.did("a", peak=3.0, variation="stand").next()) == ("a", "friend", "changed")
    assert seen(person.did("a", peak=3.0, variation="friend").next()) == ("a", "stand", "changed")
    for _ in range(3):
        person.did("a", peak=3.0)
    assert seen(person.next())[2] == "changed"
    assert seen(person.did("a", peak=3.0).next()) == ("a", "short", "easier")


def test_away_for_a_fortnight_is_rated_anew() -> None:
    person = on_a().did("a", days=14)
    assert seen(person.next()) == ("rate", "a", "away")
    assert seen(person.rate(a=3.0).next()) == ("a", "stand", "vary")
    assert seen(person.rate(a=4.5).next()) == ("a", "short", "too_high")
    between = on_a().did("a").did("a", variation="stand").rate(b=3.0).did("b", peak=3.0)
    between.did("a", retention=True, days=4).did("a", retention=True, days=9)
    assert seen(between.next()) == ("rate", "b", "away"), "checks of another rung are no practice on this one"
    assert seen(on_a().did("a", days=13.9).next()) == ("a", "stand", "vary")
    assert seen(on_a().did("a", peak=3.0, days=14).rate(a=4.5).next()) == ("a", "short", "too_high")


def test_away_for_more_than_a_month_starts_the_row_again() -> None:
    assert seen(on_a().did("a", days=30).rate(a=3.0).next()) == ("a", "stand", "vary")
    assert seen(on_a().did("a", days=30.1).rate(a=3.0).next()) == ("a", None, "again")
    person = on_a().did("a", days=31).rate(a=3.0).did("a", variation="stand")
    answer = person.next()
    assert isinstance(answer, Proposal)
    assert answer.numbers == {"row": 1, "needed": 2}


@pytest.mark.parametrize(("days", "row"), [(30.0, 2), (30.0 + 1 / 86400, 1)])
def test_a_month_between_two_exposures(days: float, row: int) -> None:
    answer = on_a().did("a", days=days).rate(a=3.0).did("a").next()
    assert isinstance(answer, Proposal)
    assert answer.numbers["row"] == row


def test_what_was_mastered_stays_so_only_once_left() -> None:
    stayed = on_a().did("a").did("a", variation="stand", days=31).rate(a=3.0)
    assert seen(stayed.next()) == ("a", None, "again")
    left = on_a().did("a").did("a", variation="stand").rate(b=3.0).did("b", days=31).rate(b=3.0)
    assert seen(left.next()) == ("a", None, "retention")


def test_a_rating_within_the_absence_does_not_serve_after_it() -> None:
    person = on_a().did("a", days=5).rate(a=3.0).wait(8.9)
    assert seen(person.next()) == ("a", "stand", "vary")
    assert seen(person.wait(0.1).next()) == ("rate", "a", "away")


def test_the_nearest_lower_rung_comes_first() -> None:
    person = Person().rate(a=1.0, b=1.0, c=3.0).did("c", peak=8.0).rate(c=3.0).did("c", peak=8.0)
    assert seen(person.next()) == ("rate", "b", "entering")
    assert seen(person.rate(b=4.5).next()) == ("rate", "a", "entering")
    assert seen(person.rate(a=4.0).next()) == ("a", None, "below")
    put_in = Person(replace(LADDER, rungs=(A, B, C))).rate(c=3.0).did("c").rate(a=3.0, b=4.0)
    assert seen(put_in.next()) == ("b", None, "inserted")


# --- 14: retention ---------------------------------------------------------------------------------------


def test_checks_after_one_four_and_ten_days() -> None:
    person = on_a().did("a").did("a", variation="stand", days=0)
    due = []
    for day in range(1, 20):
        person.wait(1)
        answer = person.next()
        if isinstance(answer, Proposal) and answer.retention:
            due.append(day)
            person.did("a", retention=True, days=0)
    assert due == [1, 5, 15]


def test_the_check_that_is_due_longest_comes_first() -> None:
    person = on_a().did("a").did("a", variation="stand").did("a", retention=True).rate(b=3.0)
    answer = person.did("b").did("b", variation="stand", days=2).next()
    assert isinstance(answer, Proposal)
    assert (answer.rung, answer.numbers) == (B, {"days": 2, "check": 1})
    answer = person.did("b", retention=True).next()
    assert isinstance(answer, Proposal)
    assert (answer.rung, answer.numbers) == (A, {"days": 5, "check": 2})


def test_a_late_check_moves_the_next_and_a_weak_one_starts_again() -> None:
    person = on_a().did("a").did("a", variation="stand", days=3)
    assert seen(person.next()) == ("a", None, "retention")
    assert seen(person.did("a", retention=True, days=3).next()) == ("rate", "b", "promotion")
    assert seen(person.wait(1).next()) == ("a", None, "retention")
    assert seen(person.did("a", peak=2.0, retention=True, days=1).next()) == ("a", None, "retention")
    assert seen(person.did("a", peak=4.0, retention=True, days=1).next()) == ("a", None, "retention")
    assert seen(person.did("a", peak=None, retention=True, days=1, after=None).next()) == ("a", None, "retention")


@pytest.mark.parametrize(
    ("changes", "then"),
    [({"peak": 4.5}, "entering"), ({"how": "too_much"}, "after_hard"), ({"peak": 7.5}, "after_hard")],
)
def test_a_failed_check_makes_it_the_current_rung(changes: dict[str, Any], then: str) -> None:
    person = on_a().did("a").did("a", variation="stand").rate(b=3.0).did("b").did("a", retention=True, **changes)
    assert seen(person.next()) == ("rate", "a", then)
    expected = ("a", None, "again") if then == "entering" else ("a", "short", "after_hard")
    assert seen(person.rate(a=3.0).next()) == expected


def test_a_check_is_the_days_first_and_never_follows_a_hard_day() -> None:
    person = on_a().did("a").did("a", variation="stand").rate(b=3.0)
    assert seen(person.next()) == ("a", None, "retention")
    assert seen(person.did("c", ladder="phone", days=0.2).next(asked=True)) == ("b", None, "up")
    hard = on_a().did("a").did("a", variation="stand", days=0).rate(b=3.0).did("x", ladder="phone", peak=8.0)
    assert seen(hard.next()) == ("b", None, "up")
    assert seen(hard.wait(1).next()) == ("a", None, "retention")


# --- 15, 16: one a day, edits; twins ------------------------------------------------------------------


def test_one_proposal_a_day_is_one_step_and_the_next_only_when_asked_for() -> None:
    person = on_a().did("a", days=0.2)
    assert seen(person.next()) == ("none", None, "once_a_day")
    assert seen(person.next(asked=True)) == ("a", "stand", "vary")
    assert seen(on_a().did("a", how="lost", days=0.2).next()) == ("a", None, "start")
    assert seen(person.wait(0.8).next()) == ("a", "stand", "vary")


def test_a_rung_put_in_below_comes_first_when_it_is_not_easy() -> None:
    person = Person(a=1.0, b=3.0).did("b")
    person.ladder = replace(LADDER, rungs=(A, rung("new"), B))
    assert seen(person.next()) == ("b", "stand", "vary")
    assert seen(person.rate(new=1.5).next()) == ("b", "stand", "vary")
    assert seen(person.rate(new=2.0).next()) == ("new", None, "inserted")
    assert seen(person.rate(new=4.5).next()) == ("new", "short", "too_high")
    assert seen(person.rate(a=3.0, new=1.0).next()) == ("b", "stand", "vary"), "a was there before"
    hard = Person(a=1.0, b=3.0).did("b", peak=8.0).rate(b=3.0).did("b", peak=8.0)
    hard.ladder = replace(LADDER, rungs=(A, rung("new"), B))
    assert seen(hard.rate(new=3.0).next()) == ("new", None, "inserted"), "also where the current one was too hard"
    assert seen(hard.wait(14).next()) == ("rate", "new", "entering")


def test_without_the_current_rung_the_next_lower_is_current() -> None:
    person = on_a().mastered("a").rate(b=3.0).did("b", peak=3.0)
    person.ladder = replace(LADDER, rungs=(A, C, D))
    assert seen(person.next()) == ("rate", "c", "promotion")


def test_a_twin_shares_its_rungs_history() -> None:
    look = rung("look", sight_free="hear", tags=frozenset({"sight"}))
    hear = rung("hear", variations=(Variation("loud", "place", "Louder."), SHORT))
    ladder = replace(LADDER, rungs=(look, B), twins=(hear,))
    person = Person(ladder)
    assert seen(person.next()) == ("rate", "look", "entering")
    assert seen(person.next(sight_free=True)) == ("rate", "hear", "entering")
    assert seen(person.rate(hear=3.0).next(sight_free=True)) == ("hear", None, "start")
    assert seen(person.did("hear").next(sight_free=True)) == ("hear", "loud", "vary")
    assert seen(person.next()) == ("look", "stand", "vary")
    person.did("hear", peak=8.0).rate(look=3.0)
    assert seen(person.next(sight_free=True)) == ("hear", "short", "after_hard")


def test_variations_take_turns() -> None:
    history = on_a().did("a", variation="stand").did("a", variation="friend").did("a", variation="friend").history
    assert pick(A, history, easier=False) == STAND
    assert pick(A, history, easier=True) == SHORT
    assert pick(rung("a", variations=(STAND,)), history, easier=True) is None
    assert pick(B, history, easier=False) == STAND
    both = on_a().did("a", variation="friend").did("a", variation="stand").did("b", variation="friend")
    assert pick(A, both.history, easier=False) == FRIEND


def test_a_check_between_the_rating_and_the_step_below_makes_it_rated_anew() -> None:
    person = on_a().did("a").did("a", variation="stand").rate(b=3.0).did("b", how="too_much").did("b", how="too_much")
    assert seen(person.rate(a=3.0).next()) == ("a", None, "below")
    assert seen(person.wait(1).did("a", retention=True).next()) == ("rate", "a", "entering")
