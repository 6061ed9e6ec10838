"""A daily session: eleven answers at most, and one question that takes its turn."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from conversing import Held, hold, prepare, read, rows
from people import CLEAR, DAY, NOW, RULES, exposed

from voice_coach.coach.spending import Spent
from voice_coach.records import History
from voice_coach.words import Ask, Expects, Move, Reply

OUTSIDE = ("ask.note", "ask.reflect")
"""The offer of the note, and the quiet minute."""
WORDS_A_MINUTE = 150
"""The coach at its normal rate."""
ANSWERING = 8.0
"""Seconds for an answer, the wait for its end among them."""


def held(name: str, home: Path) -> Held:
    conversation = read(name)
    prepare(home, conversation)
    return hold(home, conversation.turns, conversation.now, conversation.zone)


@pytest.mark.parametrize("name", ["daily_habit", "daily_surprise", "daily_action", "daily_it_happened"])
def test_a_daily_session_takes_eleven_answers(name: str, tmp_path: Path) -> None:
    line_keys = [line.key for line in held(name, tmp_path).answered]
    asked = [key for key in line_keys if key not in OUTSIDE and not key.startswith("say.begin")]
    assert len(asked) == len(set(asked)) == RULES["most_answers"].value


@pytest.mark.parametrize("name", ["daily_habit", "daily_surprise", "daily_action", "daily_it_happened"])
def test_a_daily_session_takes_five_minutes_beside_the_step_and_the_quiet_minute(name: str, tmp_path: Path) -> None:
    told = held(name, tmp_path)
    spoken = sum(len(line.text.split()) for line in told.lines) / WORDS_A_MINUTE
    answered = len([line for line in told.answered if line.key != "ask.reflect"]) * ANSWERING / 60
    assert spoken + answered <= 5.0


def test_what_is_said_of_the_turn_is_kept_and_an_aid_is_not_left_out(tmp_path: Path) -> None:
    held("daily_action", tmp_path / "a")
    texts = {key: json.loads(rows(tmp_path / "a", "note", key)[-1].value) for key in ("safety", "surprise", "action")}
    assert texts == {
        "safety": {"text": "I do not rehearse every word"},
        "surprise": {"text": "that it was over so soon"},
        "action": {"text": "at seven I send the message"},
    }
    lines = [line.key for line in held("daily_it_happened", tmp_path / "b").lines]
    assert "say.keep_aid" in lines
    assert rows(tmp_path / "b", "note", "safety") == []


def test_the_plan_is_read_back(tmp_path: Path) -> None:
    (plan,) = [line.text for line in held("daily_habit", tmp_path).lines if line.key == "say.plan"]
    assert plan == "Your plan: I record a message in the kitchen now and stop after thirty seconds."


def test_what_a_rung_rated_anew_takes_is_not_asked_for_again() -> None:
    spent = Spent(exposures_of(1), RULES)
    ask(spent, "screen.since", "ask.before", "ask.commitment")
    assert spent.takes("safety", planned=7)
    assert not spent.takes("action", planned=0), "one question a day"
    ask(spent, "ask.rung")
    assert not spent.takes("safety", planned=7)


def test_each_has_its_turn_and_the_first_step_has_no_limit() -> None:
    turns = [[name for name in ("action", "safety", "surprise") if takes(steps, name)] for steps in range(7)]
    assert turns == [["action"], ["safety"], ["surprise"]] * 2 + [["action"]]
    first = Spent(exposures_of(0), RULES)
    ask(first, *(f"ask.{number}" for number in range(30)))
    assert first.takes("action", planned=0)


def test_a_question_counts_once_however_it_is_worded() -> None:
    spent = Spent(exposures_of(1), RULES)
    ask(spent, *("ask.before",) * 20)
    assert spent.has_room(planned=9)
    assert not spent.has_room(planned=10)


def takes(steps: int, name: str) -> bool:
    return Spent(exposures_of(steps), RULES).takes(name, planned=0)  # type: ignore[arg-type]


def exposures_of(steps: int) -> History:
    return replace(CLEAR, exposures=tuple(exposed(DAY * (steps - nth), id=str(nth)) for nth in range(steps)))


def ask(spent: Spent, *keys: str) -> None:
    """Have these questions asked."""

    def script() -> Generator[Move, Reply, None]:
        for key in keys:
            yield Ask(key, Expects("rating"))

    counted = spent.counting(script())
    next(counted)
    for _ in keys[1:]:
        counted.send(Reply(None, NOW))
    with pytest.raises(StopIteration):
        counted.send(Reply(None, NOW))
