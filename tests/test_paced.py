"""Breathing and grounding in the real session: real voice and real ear, on a clock that counts samples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from conversing import Turn, hold, read, rows
from people import RULES
from speaking import Knowing, Spoken, speak

from voice_coach.coach.exercises import BREATHING, GROUNDING, Exercise
from voice_coach.words import Outcome

T0 = datetime(2026, 3, 2, 18, tzinfo=UTC)
ZONE = "Europe/Berlin"
LENGTH = RULES["stabilise_length"].value
EXACT = 0.05
"""Seconds: no clock in the coach is coarser."""
EXERCISES: dict[str, Exercise] = {**BREATHING, **GROUNDING}


def done(home: Path, name: str) -> Spoken:
    """A session in which this exercise is asked for and followed in silence to its end."""
    kind, asked = ("breath", "breathe") if name in BREATHING else ("ground", "ground me")
    silent = {key: "" for key in ("stabilise.count", EXERCISES[name].intro, *dict(EXERCISES[name].parts))}
    answers: dict[str, str | tuple[str, ...]] = {
        **silent, "ask.fear": (asked, "stop"), f"stabilise.which_{kind}": name, "stabilise.holds": "no",
        "stabilise.now": "three",
    }  # fmt: skip
    return speak(home, answers, T0, Knowing(), most=500)


def gaps(spoken: Spoken, exercise: Exercise) -> list[tuple[str, float]]:
    """For each part but the last the seconds until the next one; counts in between do not count."""
    parts = {key for key, _ in exercise.parts}
    told = [(key, at) for key, at in spoken.began if key in parts]
    return [(key, after - at) for (key, at), (_, after) in pairwise(told)]


@pytest.mark.parametrize("name", EXERCISES)
def test_each_part_keeps_to_its_second_for_three_minutes(name: str, tmp_path: Path) -> None:
    exercise = EXERCISES[name]
    spoken = done(tmp_path, name)
    seconds = {key: RULES[rule].value for key, rule in exercise.parts}
    rounds = int(LENGTH // sum(RULES[rule].value for _, rule in exercise.parts))
    found = gaps(spoken, exercise)
    assert len(found) == rounds * len(exercise.parts) - 1
    assert all(abs(gap - seconds[key]) < EXACT for key, gap in found)
    assert spoken.asked[-2:] == ("stabilise.now", "ask.fear")
    first = next(key for key, _ in spoken.began if key.startswith("stabilise."))
    assert first == ("stabilise.caution" if name in BREATHING else "stabilise.seated")


@pytest.mark.parametrize("name", BREATHING)
def test_the_first_round_is_counted_softly_and_the_others_are_not(name: str, tmp_path: Path) -> None:
    exercise = BREATHING[name]
    spoken = done(tmp_path, name)
    counts = [at for key, at in spoken.began if key == "stabilise.count"]
    assert len(counts) == sum(int(RULES[rule].value) - 1 for _, rule in exercise.parts)
    first = next(at for key, at in spoken.began if key == exercise.parts[0][0])
    assert all(abs((at - first) - round(at - first)) < EXACT for at in counts)


# --- reachable from everywhere but the step ---

FIRST = read("first_session")
QUESTIONS = [turn.coach for turn in FIRST.turns if not turn.coach.startswith("say.begin")]


@pytest.mark.parametrize("asked", ["I need to breathe", "ground me"])
def test_it_can_be_asked_for_at_every_question_and_the_question_comes_again(asked: str, tmp_path: Path) -> None:
    turns: list[Turn] = []
    for turn in FIRST.turns:
        if turn.coach in QUESTIONS:
            which = "stabilise.which_breath" if "breathe" in asked else "stabilise.which_ground"
            name = "belly" if "breathe" in asked else "feet"
            turns += [Turn(turn.coach, asked), Turn(which, name), Turn("stabilise.now", "three")]
        turns.append(turn)
    held = hold(tmp_path, tuple(turns), FIRST.now, FIRST.zone)
    assert held.left == 0
    assert held.outcome == Outcome("went")
    assert len(rows(tmp_path, "note", "stabilised")) + len(rows(tmp_path, "aside", "stabilised")) == len(QUESTIONS)


@pytest.mark.parametrize("asked", ["I need to breathe", "ground me"])
def test_in_the_step_it_is_not_offered_and_not_begun(asked: str, tmp_path: Path) -> None:
    at = next(number for number, turn in enumerate(FIRST.turns) if turn.coach.startswith("say.begin"))
    step = FIRST.turns[at]
    turns = (*FIRST.turns[:at], Turn(step.coach, asked), *FIRST.turns[at:])
    held = hold(tmp_path, turns, FIRST.now, FIRST.zone)
    assert held.outcome == Outcome("went")
    assert not [line for line in held.lines if line.key.startswith("stabilise.")]


def test_it_can_be_asked_for_out_of_a_pause(tmp_path: Path) -> None:
    turns = (
        Turn("ask.fear", "wait"), Turn("control.waiting", "ground me"), Turn("stabilise.which_ground", "feet"),
        Turn("stabilise.now", "three"), Turn("ask.fear", "stop"),
    )  # fmt: skip
    assert hold(tmp_path, turns, T0, ZONE).left == 0


# --- after panic or unreality ---


@pytest.mark.parametrize("said", ["help I'm panicking", "nothing feels real right now"])
def test_after_panic_or_unreality_breathing_turns_into_grounding_for_the_day(said: str, tmp_path: Path) -> None:
    assert hold(tmp_path, (Turn("ask.fear", said),), T0, ZONE).outcome.how == "steadied"
    turns = (Turn("stabilise.offer", "breathe"), Turn("stabilise.which_ground", "feet"), Turn("stabilise.now", "three"))
    held = hold(tmp_path, turns, T0 + timedelta(hours=1), ZONE)
    keys = [line.key for line in held.lines]
    assert "stabilise.ground_first" in keys
    assert not [key for key in keys if key.startswith(("stabilise.in", "stabilise.caution", "stabilise.which_breath"))]
