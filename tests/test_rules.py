"""Who may practise and when: every row, both sides of every boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cases import CAP, CASES, HARD, HARD_RUN, LATCH, STRESSED, high_on
from people import (
    CLEAR,
    DAY,
    FRIEND,
    FULL,
    HOUR,
    INSIDE,
    NOW,
    OUTSIDE,
    RULES,
    SHORT,
    TICK,
    ZONE,
    decide,
    exposed,
    reason,
    said,
    utc,
)  # fmt: skip

from voice_coach.coach import rules as door
from voice_coach.coach.proposals import Proposal
from voice_coach.coach.questions import required
from voice_coach.coach.verdicts import ROWS
from voice_coach.records import Answers, Block, CheckIn, Go, History, Refer, Rest, Trit, Upset, Variation


def test_numbers_name_their_unit_and_source() -> None:
    assert {rule.source for rule in RULES.values()} == {"article", "field", "project"}
    assert all(rule.unit and isinstance(rule.value, int | float) for rule in RULES.values())


def test_rows_stand_in_the_stated_order() -> None:
    assert [number for number, _ in ROWS] == [*range(1, 7), *range(8, 14), 7, *range(14, 21)]


@pytest.mark.parametrize("number", CASES)
def test_each_row_decides_and_is_needed(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    given_case, expected = CASES[number]
    verdict = decide(**given_case)
    assert reason(verdict) == expected
    monkeypatch.setattr(door, "ROWS", tuple(row for row in ROWS if row[0] != number))
    assert decide(**given_case) != verdict


def test_without_any_row_the_door_stays_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "ROWS", ())
    assert decide() == Rest("no_rung", NOW)


# --- rows 1 to 6: before anything is asked ---------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "shut", "opens"),
    [
        (replace(CLEAR, blocks=(Block("latch", "crisis", NOW, None, ZONE),)), "latch", NOW + DAY),
        (replace(CLEAR, blocks=(Block("rest", "stress", NOW, NOW + 7 * DAY, ZONE),)), "stress", NOW + 7 * DAY),
        (replace(CLEAR, blocks=(Block("refer", "panic", NOW, NOW + 14 * DAY, ZONE),)), "panic", NOW + 14 * DAY),
        (replace(CLEAR, exposures=HARD_RUN), "hard_run", NOW + 3 * DAY),
        (replace(CLEAR, exposures=(exposed(5 * HOUR, **HARD),)), "hard_today", utc(2026, 3, 5, 3)),
        (replace(CLEAR, upsets=(Upset(NOW - 8 * HOUR, ZONE),)), "hard_today", utc(2026, 3, 5, 3)),
        (replace(CLEAR, exposures=CAP), "cap", NOW + HOUR - timedelta(minutes=1)),
        (replace(CLEAR, exposures=(exposed(2 * HOUR),)), "spacing", NOW + HOUR),
    ],
)
def test_a_block_is_over_at_its_end(history: History, shut: str, opens: datetime) -> None:
    for answers in (Answers(), said(), said(suicide="yes")):
        verdict = decide(history, answers)
        assert (reason(verdict), verdict.until) == (shut, opens)
        assert reason(decide(history, answers, opens - TICK)) == shut
    assert reason(decide(history, Answers(), opens)) == "ask"


def test_blocks_of_one_ladder_leave_the_others_open() -> None:
    shut = Block("refer", "trauma", NOW - DAY, NOW + 13 * DAY, ZONE, ladder="talk")
    assert decide(replace(CLEAR, blocks=(shut,))) == Refer("trauma", NOW + 13 * DAY, "talk")
    assert reason(decide(replace(CLEAR, blocks=(shut,), ladder="phone"))) == "ask"
    phone = Proposal(replace(INSIDE, ladder="phone"), None, "start")
    answers = Answers(FULL, 3.0)
    assert reason(decide(replace(CLEAR, blocks=(shut,), ladder="phone"), answers, proposal=phone)) == "go"


def test_a_ladder_tied_to_trauma_reopens_by_a_review_alone() -> None:
    shut = Block("refer", "trauma", NOW - 14 * DAY, NOW, ZONE, ladder="talk")
    history = replace(CLEAR, blocks=(shut,), screens=(NOW - DAY,))
    assert reason(decide(history, Answers(FULL, 3.0))) == "trauma"
    review = Answers({"review": "yes"}, 3.0)
    assert required(history, NOW, review, RULES)[0] == "trauma"
    assert reason(decide(history, review, NOW - TICK)) == "trauma"
    assert reason(decide(history, review)) == "ask"
    assert reason(decide(history, Answers({**FULL, "review": "yes"}, 3.0))) == "go"
    assert reason(decide(history, Answers({**FULL, "trauma": "unsure", "review": "yes"}, 3.0))) == "trauma"
    for ladder, ago, expected in (
        ("talk", 4 * HOUR, "go"),
        ("phone", 4 * HOUR, "trauma"),
        ("talk", 15 * DAY, "trauma"),
    ):
        went = replace(history, exposures=(exposed(ago, ladder=ladder),))
        assert reason(decide(went)) == expected


def test_the_same_again_is_told_in_the_same_way() -> None:
    assert decide(replace(CLEAR, blocks=(STRESSED,))) == Rest("stress", NOW + HOUR)
    assert decide(replace(CLEAR, blocks=(replace(STRESSED, kind="refer"),))) == Refer("stress", NOW + HOUR)
    assert decide(replace(CLEAR, blocks=(replace(STRESSED, until=None),))) == Refer("stress", None)
    both = (STRESSED, replace(STRESSED, kind="refer", reason="panic"), replace(STRESSED, reason="high_today"))
    assert decide(replace(CLEAR, blocks=both)) == Refer("panic", NOW + HOUR)


def test_of_several_the_last_to_end_is_told() -> None:
    older = replace(LATCH, at=NOW - 30 * HOUR)
    assert decide(replace(CLEAR, blocks=(LATCH, older, LATCH))) == Refer("latch", NOW + HOUR)
    both = (exposed(40 * HOUR, **HARD), exposed(8 * HOUR, **HARD))
    assert reason(decide(replace(CLEAR, exposures=both))) == "hard_today"
    assert reason(decide(replace(CLEAR, exposures=(exposed(9 * HOUR), exposed(HOUR))))) == "spacing"


def test_of_several_blocks_the_longest_is_told() -> None:
    longer = Block("refer", "panic", NOW - DAY, NOW + 2 * HOUR, ZONE)
    assert decide(replace(CLEAR, blocks=(longer, STRESSED))) == Refer("panic", NOW + 2 * HOUR)
    endless = Block("refer", "minor", NOW - 90 * DAY, None, ZONE)
    assert decide(replace(CLEAR, blocks=(longer, endless, STRESSED))) == Refer("minor", None)


@pytest.mark.parametrize("ago", [(6, 5), (6, 5, 4)])
def test_the_hard_run_is_the_last_three_of_all_rungs_and_ladders(ago: tuple[int, ...]) -> None:
    run = tuple(exposed(days * DAY, ladder=f"l{days}", rung=f"r{days}", **HARD) for days in ago)
    lost = exposed(3 * DAY, how="lost", **HARD)
    assert reason(decide(replace(CLEAR, exposures=(*run, lost)))) == ("hard_run" if len(ago) == 3 else "go")
    after = exposed(3 * DAY)
    assert reason(decide(replace(CLEAR, exposures=(*run, after)))) == "go"


def test_a_lost_exposure_is_never_hard_but_spaces_and_counts() -> None:
    lost = exposed(5 * HOUR, how="lost", **HARD)
    assert reason(decide(replace(CLEAR, exposures=(lost,)))) == "go"
    assert reason(decide(replace(CLEAR, exposures=(exposed(HOUR, how="lost"),)))) == "spacing"
    assert reason(decide(replace(CLEAR, exposures=(*CAP[:2], exposed(4 * HOUR, how="lost"))))) == "cap"


@pytest.mark.parametrize(
    "change",
    [{"how": "stopped"}, {"how": "too_much"}, {"peak": 7.0}, {"after": 7.0, "peak": None}, {"happened": "yes"}],
)
def test_what_makes_today_hard(change: dict[str, Any]) -> None:
    assert reason(decide(replace(CLEAR, exposures=(exposed(5 * HOUR, **change),)))) == "hard_today"


@pytest.mark.parametrize("change", [{"peak": 6.5}, {"happened": "partly"}, {"how": "time", "reached_end": False}])
def test_what_does_not_make_today_hard(change: dict[str, Any]) -> None:
    assert reason(decide(replace(CLEAR, exposures=(exposed(5 * HOUR, **change),)))) == "go"


def test_today_begins_at_four_in_the_zone_of_the_event() -> None:
    start = datetime(2026, 3, 4, 4, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    for ended, expected in ((start - TICK, "go"), (start, "hard_today")):
        hard = exposed(timedelta(), started=ended - HOUR, ended=ended, **HARD)
        assert reason(decide(replace(CLEAR, exposures=(hard,)))) == expected
    tokyo = exposed(timedelta(), started=start + HOUR, ended=start + HOUR, zone="Asia/Tokyo", **HARD)
    assert decide(replace(CLEAR, exposures=(tokyo,)), now=start + 6 * HOUR) == Rest("hard_today", start + 16 * HOUR)


def test_three_starts_over_all_ladders_are_the_most() -> None:
    elsewhere = tuple(replace(e, ladder=f"l{n}", rung=f"r{n}") for n, e in enumerate(CAP))
    assert reason(decide(replace(CLEAR, exposures=elsewhere))) == "cap"
    assert reason(decide(replace(CLEAR, exposures=elsewhere[1:]))) == "go"


def test_a_clock_set_back_opens_nothing() -> None:
    history = replace(CLEAR, exposures=(exposed(timedelta()),), screens=(NOW,))
    assert decide(history, now=NOW - 400 * DAY) == Rest("spacing", NOW + 3 * HOUR)


# --- rows 7 to 13: the screen ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answers", "expected", "until"),
    [
        ("suicide", ("yes", "unsure"), "crisis", NOW + DAY),
        ("age", ("no", "unsure"), "minor", None),
        ("unreal", ("yes", "unsure"), "unreal", NOW + DAY),
        ("trauma", ("yes", "unsure"), "trauma", NOW + 14 * DAY),
        ("daily_life", ("yes",), "daily_life", NOW + 14 * DAY),
        ("stress", ("yes",), "stress", NOW + 7 * DAY),
    ],
)
def test_each_answer_of_the_screen(
    question: str, answers: tuple[Trit, ...], expected: str, until: datetime | None
) -> None:
    every: tuple[Trit, ...] = ("yes", "no", "unsure")
    for answer in every:
        verdict = decide(answers=Answers({"since": "no", **FULL, question: answer}, 3.0))
        if answer in answers:
            assert not isinstance(verdict, Go)
            assert (verdict.reason, verdict.until) == (expected, until)
        else:
            assert reason(verdict) == "go"


@pytest.mark.parametrize("attacks", ["yes", "unsure"])
def test_panic_needs_somebody_who_helps_and_agrees(attacks: Trit) -> None:
    assert required(CLEAR, NOW, Answers({"since": "yes", "trauma": "no", "panic": attacks}), RULES)[:4] == (
        "suicide", "unreal", "panic_helped", "daily_life",
    )  # fmt: skip
    cases: tuple[tuple[Trit, str], ...] = (("yes", "go"), ("no", "panic"), ("unsure", "panic"))
    for helped, expected in cases:
        screen: dict[str, Trit] = {**FULL, "since": "yes", "panic": attacks, "panic_helped": helped}
        assert reason(decide(answers=Answers(screen, 3.0))) == expected
    assert reason(decide(answers=Answers({**FULL, "since": "yes", "panic": attacks}, 3.0))) == "ask"


def test_the_first_refer_ends_the_screen_before_what_is_missing() -> None:
    new = History(ZONE, ladder="talk")
    assert reason(decide(new, Answers())) == "ask"
    assert reason(decide(new, Answers({"age": "yes"}))) == "ask"
    assert reason(decide(new, Answers({"age": "yes", "trauma": "yes"}))) == "trauma"
    assert reason(decide(new, Answers({"age": "unsure", "suicide": "unsure", "trauma": "yes"}))) == "crisis"


def test_what_is_asked_first_and_later() -> None:
    new = History(ZONE)
    assert required(new, NOW, Answers(), RULES) == tuple(FULL)
    assert required(new, NOW, Answers(FULL), RULES) == ()
    assert required(CLEAR, NOW, Answers(), RULES) == ("since",)
    assert required(CLEAR, NOW, Answers({"since": "no"}), RULES) == ()
    worst: tuple[Trit, ...] = ("yes", "unsure")
    for worse in worst:
        assert required(CLEAR, NOW, Answers({"since": worse}), RULES) == tuple(FULL)[1:]
    assert required(replace(CLEAR, age_confirmed=False), NOW, Answers(), RULES) == ("since", "age")


def test_the_full_screen_is_due_after_a_fortnight_and_a_crisis() -> None:
    def due(**changes: Any) -> bool:
        return "trauma" in required(replace(CLEAR, **changes), NOW, Answers(), RULES)

    assert due(screens=(NOW - 14 * DAY,))
    assert not due(screens=(NOW - 14 * DAY + TICK,))
    assert due(screens=())
    assert not due(screens=(NOW - 90 * DAY, NOW - DAY))
    assert due(crises=(NOW - DAY,))
    assert due(crises=(NOW - 2 * DAY,))
    assert not due(crises=(NOW - 3 * DAY,))
    assert due(blocks=(Block("latch", "crisis", NOW - DAY, None, ZONE),))
    assert due(blocks=(Block("refer", "unreal", NOW - DAY - HOUR, NOW - HOUR, ZONE),))
    assert not due(blocks=(Block("refer", "unreal", NOW - 5 * DAY, NOW - 4 * DAY, ZONE),))
    assert not due(blocks=(Block("refer", "high_run", NOW - DAY, NOW - HOUR, ZONE),))


def test_before_is_required() -> None:
    assert decide(answers=said(None)) == Rest("ask", NOW)


# --- rows 14 to 20: the rating, the rung ------------------------------------------------------------


@pytest.mark.parametrize(
    ("check_ins", "before", "expected"),
    [
        (high_on(9, 2), 7.0, "high_run"),
        (high_on(9, 2), 6.5, "go"),
        (high_on(2), 7.0, "high_today"),
        (high_on(9, 2, value=6.5), 7.0, "high_today"),
        ((*high_on(9), *high_on(5, value=3.0), *high_on(2)), 7.0, "high_today"),
        ((*high_on(9), *high_on(2, value=3.0), *high_on(2)), 7.0, "high_run"),
        ((*high_on(9, 2), CheckIn(8.0, NOW - 6 * HOUR, ZONE)), 3.0, "high_run"),
        (high_on(30, 2), 7.0, "high_run"),
        (high_on(31, 2), 7.0, "high_today"),
        (tuple(CheckIn(9.0, NOW - n * HOUR, ZONE) for n in (3, 2, 1)), 7.0, "high_today"),
    ],
)
def test_three_high_days_of_check_ins(check_ins: tuple[CheckIn, ...], before: float, expected: str) -> None:
    assert reason(decide(replace(CLEAR, check_ins=check_ins), said(before))) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [(0.0, FRIEND), (5.0, FRIEND), (5.5, SHORT), (6.5, SHORT), (7.0, "high_today"), (10.0, "high_today")],
)
def test_the_rating_before(before: float, expected: Variation | str) -> None:
    verdict = decide(answers=said(before))
    assert (verdict.variation if isinstance(verdict, Go) else verdict.reason) == expected


def test_high_today_rests_until_four_in_the_morning() -> None:
    assert decide(answers=said(7.0)) == Rest("high_today", utc(2026, 3, 5, 3))


def test_a_little_high_needs_an_easier_variation() -> None:
    assert (
        reason(decide(answers=said(5.5), proposal=Proposal(replace(INSIDE, variations=(FRIEND,)), None, "start")))
        == "no_rung"
    )
    chosen = decide(answers=said(5.5), proposal=Proposal(INSIDE, SHORT, "after_hard"))
    assert isinstance(chosen, Go)
    assert chosen.variation == SHORT


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(21, 59, "go"), (22, 0, "night"), (0, 0, "night"), (5, 59, "night"), (6, 0, "go")]
)
def test_nothing_away_at_night(hour: int, minute: int, expected: str) -> None:
    now = datetime(2026, 3, 5, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    away = Proposal(OUTSIDE, None, "start")
    verdict = decide(now=now, proposal=away)
    assert reason(verdict) == expected
    if isinstance(verdict, Rest):
        six = datetime(2026, 3, 6 if hour >= 22 else 5, 6, tzinfo=ZoneInfo(ZONE))
        assert verdict.until == six
    assert reason(decide(now=now)) == "go"


def test_no_rung() -> None:
    assert decide(proposal=None) == Rest("no_rung", NOW)
    assert decide(proposal=Proposal(replace(INSIDE, ladder="phone"), None, "start")) == Rest("no_rung", NOW)


def test_a_go_lives_half_an_hour_and_has_its_own_id() -> None:
    first, again, later = decide(), decide(), decide(now=NOW + TICK)
    assert isinstance(first, Go)
    assert isinstance(later, Go)
    assert (first.rung, first.at, first.until) == (INSIDE, NOW, NOW + timedelta(minutes=30))
    assert first == again
    assert first.id != later.id


def test_the_trauma_question_is_asked_of_every_fear() -> None:
    """A full screen within two weeks was about one fear; another ladder's own question is still open."""
    other = replace(CLEAR, ladder="dogs")
    assert required(other, NOW, Answers(), RULES) == ("since", "trauma")
    assert required(CLEAR, NOW, Answers(), RULES) == ("since",)


def test_hard_things_told_once_hold_though_the_session_was_left_before_it_was_refused() -> None:
    told = replace(CLEAR, stressed=NOW - DAY)
    assert decide(told, Answers()) == Rest("stress", NOW + 6 * DAY)
    assert decide(told, said(stress="no")) == Rest("stress", NOW + 6 * DAY)
    assert reason(decide(told, now=NOW + 6 * DAY)) == "go"
    assert reason(decide(told, now=NOW + 6 * DAY - TICK)) == "stress"


def test_a_history_is_put_in_order_of_time_and_one_in_order_stays_as_it_is() -> None:
    told = (NOW - DAY, NOW - 3 * DAY, NOW - 2 * DAY)
    history = replace(CLEAR, crises=told)
    assert history.crises == (NOW - 3 * DAY, NOW - 2 * DAY, NOW - DAY)
    assert replace(history, fear="heights").crises is history.crises


@pytest.mark.parametrize(("where", "opens"), [
    ("Europe/Berlin", utc(2026, 3, 5, 3)), ("America/Los_Angeles", utc(2026, 3, 4, 12)),
    ("Asia/Tokyo", utc(2026, 3, 4, 19)),
])  # fmt: skip
def test_an_upset_keeps_the_door_shut_for_the_day_of_the_place_where_it_was(where: str, opens: datetime) -> None:
    at = utc(2026, 3, 4, 10)
    verdict = decide(replace(CLEAR, upsets=(Upset(at, where),)), Answers(), now=at + HOUR)
    assert verdict == Rest("hard_today", opens)
