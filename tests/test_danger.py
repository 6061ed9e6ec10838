"""What is said in danger, move by move."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime

import pytest
from people import RULES

from voice_coach.coach import danger
from voice_coach.coach.controls import Manner
from voice_coach.words import Ask, DangerKind, Match, Move, Nothing, Reply, Say, Silence

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
YES, NO = Match("yes_no", True, 1.0), Match("yes_no", False, 1.0)
Given = Match | Nothing | Silence


def command(name: str) -> Match:
    return Match("command", name, 1.0)


def run(script: Generator[Move, Reply, object], *answers: Given) -> tuple[list[str], list[Ask], object]:
    """Every key in order, the questions, and what came of it; it must ask exactly as often as it is answered."""
    keys: list[str] = []
    asked: list[Ask] = []
    left = list(answers)
    reply = Reply(None, AT)
    move = next(script)
    while True:
        assert isinstance(move, Say | Ask)
        keys.append(move.key)
        reply = Reply(None, AT)
        if isinstance(move, Ask):
            asked.append(move)
            reply = Reply(left.pop(0), AT)
        try:
            move = script.send(reply)
        except StopIteration as stop:
            assert left == []
            return keys, asked, stop.value


@pytest.mark.parametrize(("answers", "counts"), [
    ((NO,), False), ((YES,), True), ((command("dont_know"),), True), ((Nothing(1.0), Nothing(1.0)), True),
    ((Silence(), Silence()), True), ((Silence(), NO), False), ((command("stop"), command("stop")), True),
])  # fmt: skip
def test_only_a_clear_no_clears_it(answers: tuple[Given, ...], counts: bool) -> None:
    keys, asked, result = run(danger.check("suicide", Manner()), *answers)
    assert result == ("yes" if counts else "cleared")
    assert [ask.wording for ask in asked] == list(range(len(answers)))
    assert ("danger.thanks" in keys) is not counts


def test_in_private_mode_a_clear_yes_clears_it() -> None:
    for answer, counts in ((YES, False), (NO, True)):
        keys, _, result = run(danger.check("suicide", Manner(private=True)), answer)
        assert keys[0] == "private.check"
        assert result == ("yes" if counts else "cleared")


@pytest.mark.parametrize(("kind", "key"), [
    ("suicide", "danger.check"), ("self_harm", "danger.check"), ("substance", "danger.check"),
    ("harm", "danger.check_harm"), ("panic_now", "danger.check_now"), ("dissociation_now", "danger.check_now"),
])  # fmt: skip
def test_each_kind_has_its_own_question(kind: DangerKind, key: str) -> None:
    assert run(danger.check(kind, Manner()), NO)[0][0] == key


def test_the_crisis_message_says_the_line_twice_then_stays() -> None:
    keys, asked, _ = run(danger.crisis_message(), Silence(), Silence())
    assert keys[:6] == [
        "crisis.thanks", "crisis.stop", "crisis.line", "crisis.line", "crisis.emergency", "crisis.person",
    ]  # fmt: skip
    assert [(ask.seconds, ask.wording) for ask in asked] == [(60.0, 0), (600.0, 1)]


def test_the_emergency_message_says_whom_to_call_twice_then_stays() -> None:
    keys, asked, _ = run(danger.emergency_message(), Silence(), command("number"), command("stop"))
    assert keys == ["medical.stop", "medical.call", "medical.call", "medical.offer", "medical.offer", "medical.number"]
    assert [ask.seconds for ask in asked] == [60.0, 600.0, 600.0]


def test_number_repeats_only_the_number() -> None:
    keys, _, _ = run(danger.crisis_message(), command("number"), command("stop"))
    assert keys[-2:] == ["crisis.offer", "crisis.number"]


def test_a_denial_is_answered_and_the_number_stays() -> None:
    keys, _, _ = run(danger.crisis_message(), NO, command("number"), command("stop"))
    assert keys[-3:] == ["crisis.offer", "crisis.misheard", "crisis.number"]


def test_the_harm_message_names_no_number_until_asked() -> None:
    assert run(danger.harm_message(), command("stop"))[0] == ["harm.thanks", "harm.offer"]
    assert "harm.number" in run(danger.harm_message(), command("number"), command("stop"))[0]


@pytest.mark.parametrize(("answer", "known"), [
    (YES, True), (NO, False), (command("dont_know"), False), (Silence(), False), (Nothing(1.0), False),
])  # fmt: skip
def test_only_a_clear_yes_is_known_from_anxiety(answer: Given, known: bool) -> None:
    assert run(danger.known_from_anxiety(), answer)[2] is known


def test_panic_now_is_grounded_without_a_helpline() -> None:
    keys, asked, _ = run(danger.steady(RULES), *13 * [Silence()])
    assert all(ask.silent for ask in asked), "somebody in panic was asked something"
    assert all(key.startswith(("now.", "stabilise.feet")) for key in keys)
    assert keys[-1] == "now.enough"


@pytest.mark.parametrize(("answer", "told"), [(YES, True), (command("number"), True), (Silence(), True), (NO, False)])
def test_a_number_for_somebody_else(answer: Given, told: bool) -> None:
    assert ("other.number" in run(danger.for_another(), answer)[0]) is told
