"""What is said where there is no step now: why, who helps, when to come back, and what can be done instead."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from cases import CASES, HARD, HARD_RUN
from people import CLEAR, DAY, HOUR, NOW, RULES, ZONE, decide, exposed

from voice_coach.catalog_files import read_texts
from voice_coach.coach.days import moment
from voice_coach.coach.protocol import next_date, refuse
from voice_coach.coach.rules import LASTING
from voice_coach.coach.today import Today
from voice_coach.records import Go, History, Refer, Rest
from voice_coach.understand.loading import load
from voice_coach.words import Ask, Match, Note, Outcome, Reply, Say, Silence

LINES = load(read_texts()).lines
HELPS = re.compile(r"\b(doctor|psychologist|professional|trained person)\b")
SHUT = [number for number, (_, expected) in CASES.items() if expected not in ("go", "crisis", "ask")]
ENDLESS = {"minor", "no_rung"}


def refused(given: dict[str, Any]) -> tuple[Rest | Refer, list[str], list[Note], Outcome]:
    """The verdict of this case; the keys said, the facts kept and how the session ends, where nothing is answered."""
    verdict = decide(**given)
    assert not isinstance(verdict, Go)
    now = given.get("now", NOW)
    history = given.get("history", History(ZONE))
    script = refuse(Today(history, {}, RULES, now, ZONE), verdict, moment(history, now))
    keys: list[str] = []
    notes: list[Note] = []
    reply: Reply | None = None
    try:
        while True:
            match next(script) if reply is None else script.send(reply):
                case Say(key=key):
                    keys.append(key)
                case Note() as note:
                    notes.append(note)
                case Ask(key=key):
                    assert key == "stabilise.offer"
                case other:
                    raise AssertionError(other)
            reply = Reply(Silence(), now)
    except StopIteration as stop:
        return verdict, keys, notes, stop.value


@pytest.mark.parametrize("number", SHUT)
def test_why_when_and_what_can_be_done_now(number: int) -> None:
    verdict, keys, notes, outcome = refused(CASES[number][0])
    again = [] if verdict.reason in ENDLESS else ["say.look_again" if verdict.reason == "trauma" else "say.come_back"]
    assert keys == [f"refuse.{verdict.reason}", *again, "stabilise.offer", "say.goodbye"]
    assert outcome == Outcome("rest" if isinstance(verdict, Rest) else "refer", verdict.reason)
    assert [note.name for note in notes] == ["block"] * (verdict.reason in LASTING)
    assert all(note.barrier for note in notes), "nobody goes back past it"


@pytest.mark.parametrize("number", [n for n in SHUT if n not in (1, 2)])
def test_who_helps_is_named_wherever_somebody_else_is_needed(number: int) -> None:
    verdict, _, _, _ = refused(CASES[number][0])
    say = LINES[f"refuse.{verdict.reason}"].say
    assert bool(HELPS.search(say)) == isinstance(verdict, Refer)
    assert "?" not in say


def test_a_crisis_is_answered_with_its_message_and_nothing_else() -> None:
    _, keys, notes, outcome = refused(CASES[8][0])
    assert (keys, outcome) == ([], Outcome("crisis", "suicide"))
    assert [(note.name, note.value["kind"]) for note in notes] == [("block", "latch")]


@pytest.mark.parametrize(("number", "grounded"), [(10, True), (11, True), (13, False), (16, False)])
def test_after_panic_or_unreality_breathing_is_not_what_can_be_done(number: int, grounded: bool) -> None:
    given = CASES[number][0]
    script = refuse(Today(History(ZONE), {}, RULES, NOW, ZONE), decide(**given), NOW)
    move = next(script)
    while not isinstance(move, Ask):
        move = script.send(Reply(None, NOW))
    then = script.send(Reply(Match("command", "breathe", 1.0), NOW))
    assert (then == Say("stabilise.ground_first")) == grounded


def test_the_next_time_is_a_day_later_or_when_nothing_known_stands_against_it() -> None:
    now = Today(CLEAR, {}, RULES, NOW, ZONE)
    assert next_date(now, CLEAR, NOW) == NOW + DAY
    assert next_date(now, replace(CLEAR, exposures=(exposed(HOUR, **HARD),)), NOW) == NOW + DAY
    hard = (*HARD_RUN[:2], exposed(HOUR, **HARD))
    assert next_date(now, replace(CLEAR, exposures=hard), NOW) == NOW - HOUR + 7 * DAY
