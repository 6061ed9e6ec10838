"""Breathing and grounding: cautions first, paced to the second, slowed, paused and left by the person."""

from __future__ import annotations

import io
import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conversing import Turn, hold
from people import CLEAR, DAY, NOW, RULES, ZONE

from voice_coach.app import hold_typed
from voice_coach.coach import stabilise
from voice_coach.coach.exercises import BREATHING, GROUNDING
from voice_coach.coach.stepping import COMMANDS
from voice_coach.records import Upset
from voice_coach.settings import Settings
from voice_coach.words import Ask, Match, Move, Note, Reply, Say, Silence

SPOKEN = timedelta(seconds=0.6)
"""How long a short line takes to say here."""
T0 = datetime(2026, 3, 2, 18, tzinfo=UTC)
YES, NO = Match("yes_no", True, 1.0), Match("yes_no", False, 1.0)


def command(name: str) -> Match:
    return Match("command", name, 1.0)


def choice(name: str) -> Match:
    return Match("choice", name, 1.0)


class Led:
    """Leads a script on a clock: lines take their time, waits run to their end, questions get the next answer."""

    def __init__(
        self, script: Generator[Move, Reply, Any], answers: Mapping[str, Sequence[Match | Silence]], at_waits: Any = ()
    ) -> None:
        self.now, self.keys, self.begun = T0, [""], [T0]
        self.notes: list[dict[str, object]] = []
        self.asked: list[Ask] = []
        self._answers = {key: list(found) for key, found in answers.items()}
        self._at_waits: dict[int, Match] = at_waits or {}
        self._waits = 0
        waiting: Say | None = None
        reply: Reply | None = None
        while True:
            try:
                move = next(script) if reply is None else script.send(reply)
            except StopIteration as stop:
                self._say(waiting)
                self.left = stop.value
                return
            reply = Reply(None, self.now)
            if isinstance(move, Say):
                self._say(waiting)
                waiting = move
                continue
            self._say(waiting)
            waiting = None
            if isinstance(move, Ask):
                reply = Reply(self._answer(move), self.now)
            if isinstance(move, Note):
                self.notes.append(dict(move.value))

    def _say(self, say: Say | None) -> None:
        if say is not None:
            self.keys.append(say.key)
            self.begun.append(self.now)
            self.now += SPOKEN

    def _answer(self, ask: Ask) -> Match | Silence:
        if not ask.silent:
            self.asked.append(ask)
            self.keys.append(ask.key)
            self.begun.append(self.now)
            return self._answers[ask.key].pop(0)
        said = self._at_waits.get(self._waits)
        self._waits += 1
        if said is not None:
            assert str(said.value) in ask.accepts
            return said
        until = ask.until or self.now + timedelta(seconds=ask.seconds or 0.0)
        self.now = max(self.now, until)
        return Silence()

    def times(self, key: str) -> list[float]:
        """Seconds at which this line began, from its first one."""
        found = [at for at, one in zip(self.begun, self.keys, strict=True) if one == key]
        return [round((at - found[0]).total_seconds(), 3) for at in found]


def led(name: str, **at_waits: Match) -> Led:
    """A breathing or grounding exercise by its label. `w3`: what is said at the third wait."""
    said = {int(wait.removeprefix("w")): answer for wait, answer in at_waits.items()}
    if name in GROUNDING:
        answers = {"stabilise.which_ground": [choice(name)], "stabilise.now": [Match("rating", 4.0, 1.0)]}
        return Led(stabilise.ground(RULES), answers, said)
    answers = {
        "stabilise.which_breath": [choice(name)], "stabilise.holds": [NO], "stabilise.now": [Match("rating", 4.0, 1.0)],
    }  # fmt: skip
    return Led(stabilise.breathe(RULES), answers, said)


def test_there_are_four_breathing_and_five_grounding_exercises() -> None:
    assert len(BREATHING) == 4
    assert len(GROUNDING) == 5


@pytest.mark.parametrize(("name", "first", "round_seconds"), [
    ("box", "stabilise.in", 16), ("four seven eight", "stabilise.in", 19), ("belly", "stabilise.in", 10),
    ("nostril", "stabilise.in_left", 16), ("feet", "stabilise.feet.1", 90), ("press", "stabilise.press.1", 90),
])  # fmt: skip
def test_rounds_keep_to_the_second_for_three_minutes(name: str, first: str, round_seconds: int) -> None:
    times = led(name).times(first)
    assert times == [round_seconds * nth for nth in range(180 // round_seconds)]


def test_each_part_of_a_box_takes_four_seconds_and_the_first_round_is_counted() -> None:
    heard = led("box")
    start = heard.keys.index("stabilise.in")
    assert heard.keys[start : start + 8] == [
        "stabilise.in", *["stabilise.count"] * 3, "stabilise.hold", *["stabilise.count"] * 3,
    ]  # fmt: skip
    assert heard.keys.count("stabilise.count") == 12
    assert heard.times("stabilise.hold")[:4] == [0, 8, 16, 24]


def test_it_ends_with_how_one_is_now_and_keeps_that() -> None:
    heard = led("belly")
    assert heard.keys[-2:] == ["stabilise.now", "stabilise.noted"]
    assert heard.notes[-1] == {"exercise": "belly", "to_the_end": True, "now": 4.0}


def test_the_caution_comes_before_everything_and_holding_is_asked_about() -> None:
    heard = led("box")
    assert heard.keys[1:4] == ["stabilise.caution", "stabilise.which_breath", "stabilise.holds"]
    assert "stabilise.holds" not in led("belly").keys


@pytest.mark.parametrize("answer", [YES, command("dont_know")])
def test_nobody_holds_the_breath_who_has_reason_not_to(answer: Match) -> None:
    answers = {
        "stabilise.which_breath": [choice("box")], "stabilise.holds": [answer],
        "stabilise.now": [Match("rating", 4.0, 1.0)],
    }  # fmt: skip
    heard = Led(stabilise.breathe(RULES), answers)
    assert "stabilise.hold" not in heard.keys
    assert heard.notes[-1]["exercise"] == "belly"


def test_whoever_chooses_nothing_gets_the_gentlest() -> None:
    answers: dict[str, list[Match | Silence]] = {
        "stabilise.which_breath": [Silence(), Silence()],
        "stabilise.now": [Match("rating", 4.0, 1.0)],
    }
    assert Led(stabilise.breathe(RULES), answers).notes[-1]["exercise"] == "belly"


def test_slower_stretches_every_part_and_faster_has_an_end() -> None:
    slow = led("belly", w30=command("slower")).times("stabilise.in")
    assert round(slow[-1] - slow[-2], 3) == 12.5
    quick = led("belly", **{f"w{wait}": command("faster") for wait in (14, 16, 18, 20)}).times("stabilise.in")
    assert round(quick[-1] - quick[-2], 3) == 8.0


def test_pause_holds_with_no_end_and_the_round_begins_again() -> None:
    answers = {
        "stabilise.which_breath": [choice("belly")], "stabilise.paused": [command("resume")],
        "stabilise.now": [Match("rating", 4.0, 1.0)],
    }  # fmt: skip
    heard = Led(stabilise.breathe(RULES), answers, {20: command("pause")})
    at = heard.keys.index("stabilise.paused")
    assert heard.keys[at + 1 : at + 3] == ["stabilise.on", "stabilise.in"]
    assert [ask.seconds for ask in heard.asked if ask.key == "stabilise.paused"] == [math.inf]
    assert heard.notes[-1]["to_the_end"] is True


@pytest.mark.parametrize("name", ["done", "skip", "too_much", "dont_want", "goodbye"])
def test_leaving_ends_the_exercise_and_is_no_failure(name: str) -> None:
    heard = led("sounds", w3=command(name))
    assert heard.left == name
    assert heard.keys[-3:] == ["stabilise.left", "stabilise.now", "stabilise.noted"]


def test_ground_me_leads_out_of_counted_breathing() -> None:
    answers = {
        "stabilise.which_breath": [choice("belly")], "stabilise.which_ground": [choice("object")],
        "stabilise.now": [Match("rating", 4.0, 1.0)],
    }  # fmt: skip
    assert Led(stabilise.breathe(RULES), answers, {4: command("ground")}).notes[-1]["exercise"] == "object"


def test_after_panic_today_grounding_comes_before_breathing() -> None:
    assert stabilise.upset_today(replace(CLEAR, upsets=(Upset(NOW, ZONE),)), NOW, RULES)
    assert not stabilise.upset_today(replace(CLEAR, upsets=(Upset(NOW - DAY, ZONE),)), NOW, RULES)
    answers = {"stabilise.which_ground": [choice("feet")], "stabilise.now": [Match("rating", 4.0, 1.0)]}
    keys = Led(stabilise.breathe(RULES, gentle=True), answers).keys
    assert keys[1] == "stabilise.ground_first"
    assert not any(key.startswith("stabilise.in") for key in keys)


def test_it_is_no_command_of_the_step() -> None:
    assert not COMMANDS & stabilise.SWITCHING


def test_danger_is_heard_in_an_exercise(tmp_path: Path) -> None:
    turns = (
        Turn("ask.fear", "ground me"), Turn("stabilise.which_ground", "feet"),
        Turn("stabilise.feet.3", "I want to kill myself"), Turn("crisis.offer", "stop"),
    )  # fmt: skip
    held = hold(tmp_path, turns, T0, ZONE)
    assert (held.outcome.how, held.outcome.reason) == ("crisis", "suicide")


def test_doubtful_danger_is_asked_about_in_an_exercise(tmp_path: Path) -> None:
    turns = (
        Turn("ask.fear", "ground me"), Turn("stabilise.which_ground", "feet"),
        Turn("stabilise.feet.3", "there is no point any more"), Turn("danger.check", "no"),
        Turn("danger.thanks", "done"), Turn("stabilise.now", "three"), Turn("ask.fear", "stop"),
    )  # fmt: skip
    assert hold(tmp_path, turns, T0, ZONE).outcome.how == "stopped"


def test_on_a_pipe_the_lines_meant_for_questions_are_not_eaten_by_the_waits(tmp_path: Path) -> None:
    typed = io.BytesIO(b"breathe\nbelly\nfour\nstop\n")
    out = io.StringIO()
    outcome = hold_typed(Settings(tmp_path), typed, out, terminal=False, real_time=False)
    assert outcome.how == "stopped"
    told = out.getvalue()
    assert told.count("Noted. Thank you.") == 1
    assert told.count("\nOut.\n") == 18
