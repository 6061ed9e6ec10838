"""What a session says of itself on asking, and how it waits: where one is, what is saved, the quiet minute."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest
from conversing import Held, Turn, hold, prepare, read, rows
from people import NOW

from voice_coach.coach import controls
from voice_coach.coach.controls import PROMPTS, Manner
from voice_coach.coach.floor import Floor, Stage
from voice_coach.coach.quiet_minute import keep_quiet_for
from voice_coach.ports import Events, Line
from voice_coach.ports import Turn as Listening
from voice_coach.speak.silent import Silent
from voice_coach.words import (
    Ask,
    Deadline,
    Event,
    Expects,
    Flag,
    Heard,
    Match,
    Silence,
    Understood,
    Unsure,
)

FIRST = read("first_session")


def told(home: Path, at: str, *says: str, private: bool = False) -> Held:
    """A first session up to this question, and then these words."""
    upto = next(n for n, turn in enumerate(FIRST.turns) if turn.coach == at)
    turns = (*FIRST.turns[:upto], *(Turn(at, words) for words in says))
    return hold(home, turns, FIRST.now, FIRST.zone, private=private)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("ask.fear", "Step one of five. About seven minutes left. Nothing is saved yet."),
        ("ask.before", "Step two of five. About six minutes left. Your last answer is saved."),
        ("ask.rung", "Step three of five. About five minutes left. Last saved: before, three."),
        ("ask.commitment", "Step three of five. About five minutes left. Your last answer is saved."),
        ("ask.peak", "Step five of five. About two minutes left. Last saved: how likely next time, four."),
        ("ask.after", "Step five of five. About two minutes left. Last saved: at its highest, five."),
    ],
)
def test_where_am_i_names_the_step_and_what_was_saved_last(at: str, said: str, tmp_path: Path) -> None:
    assert said in [line.text for line in told(tmp_path, at, "where am I").lines]


def test_where_am_i_says_no_number_in_private_mode(tmp_path: Path) -> None:
    (where,) = [
        line.text for line in told(tmp_path, "ask.rung", "where am I", private=True).lines if "Step" in line.text
    ]
    assert where == "Step three of five. About five minutes left. Your last answer is saved."


def test_a_pause_belongs_to_the_step_that_it_interrupts() -> None:
    paused = Ask("ask.paused", Expects("command"))
    assert controls.where(paused, ("ask.paused", "ask.before"), None)[0].blanks["step"] == 2
    assert controls.where(paused, (), None)[0].blanks["step"] == 1


def test_how_much_time_is_left_is_told_alone(tmp_path: Path) -> None:
    texts = [line.text for line in told(tmp_path, "ask.rung", "how much longer").lines]
    assert "Step three of five. About five minutes left." in texts


@pytest.mark.parametrize(
    ("start", "command", "seconds", "key"),
    [
        (12.0, "ask_later", 20.0, "ask_later"),
        (60.0, "ask_later", math.inf, "ask_never"),
        (math.inf, "ask_later", math.inf, "ask_never"),
        (12.0, "ask_sooner", 8.0, "ask_sooner"),
        (8.0, "ask_sooner", 8.0, "ask_sooner_end"),
        (math.inf, "ask_sooner", 60.0, "ask_sooner"),
        (25.0, "ask_later", 30.0, "ask_later"),
        (12.0, "ask_never", math.inf, "ask_never"),
    ],
)
def test_the_time_until_a_re_prompt_is_set_by_voice(start: float, command: str, seconds: float, key: str) -> None:
    manner = Manner(silence=start)
    said = controls.hurry(manner, command)
    assert (manner.silence, said.key) == (seconds, f"control.{key}")
    assert (PROMPTS[0], PROMPTS[-2]) == (8.0, 60.0)


def test_a_re_prompt_comes_later_when_that_was_asked_for(tmp_path: Path) -> None:
    def waited(*says: str) -> float:
        """Seconds of silence after which the question came again."""
        home = tmp_path / str(len(says))
        told(home, "ask.before", *says, "")
        (silence,) = rows(home, "answer", "ask.before")
        return (silence.at - FIRST.now).total_seconds()

    assert waited("ask me again later") - waited() == 20.0 - 12.0


def test_back_within_the_reflection_and_not_into_the_step(tmp_path: Path) -> None:
    back = read("go_back_after_the_step")
    keys = [line.key for line in hold(tmp_path, back.turns, back.now, back.zone).lines]
    assert keys.count("say.begin_silent") == 1
    assert keys[keys.index("control.cannot_go_back") + 1] == "ask.reflect"


def test_one_need_not_be_calm_is_said_before_the_first_step_alone(tmp_path: Path) -> None:
    def keys(name: str, home: Path) -> list[str]:
        talk = read(name)
        prepare(home, talk)
        return [line.key for line in hold(home, talk.turns, talk.now, talk.zone).lines]

    assert "say.need_not" in keys("first_session", tmp_path / "first")
    later = keys("daily_habit", tmp_path / "later")
    assert "say.need_not" not in later
    assert "say.begin_silent" in later


def test_the_likelihood_is_said_back_before_the_step_begins(tmp_path: Path) -> None:
    texts = [line.text for line in told(tmp_path, "say.begin_silent").lines]
    assert texts[texts.index("How likely is that, from zero to ten?") + 1] == "Seven."


def test_wait_holds_however_long_nothing_is_said(tmp_path: Path) -> None:
    keys = [line.key for line in told(tmp_path, "ask.before").lines]
    turns = (*FIRST.turns[:9], Turn("ask.before", "wait"), *[Turn("control.waiting", "")] * 3)
    held = hold(tmp_path / "again", turns, FIRST.now, FIRST.zone)
    assert held.left == 0
    assert [line.key for line in held.lines] == [*keys, "control.waiting"], "no question comes meanwhile"


# --- the quiet minute ---

WORDS = Heard("it was warm", score=1.0)
DONE = Heard("done", score=1.0)


class Minute(Silent):
    """A clock, a listener and a speaker: what is said at which second."""

    name, manner, skips = "timed", "verbatim", False

    def __init__(self, *said: tuple[float, Event]) -> None:
        self._said = list(said)
        self._at = 0.0
        self.tones: list[tuple[float, str]] = []

    def now(self) -> float:
        return self._at

    def next(self, events: Events, deadline: float | None) -> Event:
        del events
        assert deadline is not None
        if self._said and self._said[0][0] <= deadline:
            self._at, event = self._said.pop(0)
            return event
        self._at = deadline
        return Deadline(self._at)

    def open(self, turn: Listening) -> None:
        pass

    def close(self) -> None:
        pass

    def say(self, line: Line) -> None:
        self.tones.append((self._at, line.tone))


def understood(heard: Heard, expects: Expects) -> Understood:
    del expects
    flags = (Flag("crisis", "suicide", "certain"),) if "die" in heard.text else ()
    if heard.text in ("done", "stop"):
        return Understood(Match("command", heard.text, 1.0), flags)
    if heard.text == "don":
        return Understood(Unsure(("done",), 0.5), flags)
    return Understood(Match("text", heard.text, 1.0), flags)


def minute(*said: tuple[float, Event]) -> tuple[Heard | Silence, Minute]:
    stage = Minute(*said)
    floor = Floor(Stage(stage, SimpleQueue(), stage, stage), NOW, str)  # type: ignore[arg-type]
    ask = Ask("ask.reflect", Expects("text"), pace="reflection", seconds=60.0)
    return keep_quiet_for(ask, floor, Listening(ask.expects, "reflection"), understood), stage


def test_a_quiet_minute_ends_at_its_sixtieth_second_with_a_soft_tone() -> None:
    heard, stage = minute()
    assert heard == Silence()
    assert (stage.now(), stage.tones) == (60.0, [(60.0, "soft")])


def test_a_silent_reflection_lasts_a_minute_in_a_session(tmp_path: Path) -> None:
    told(tmp_path, "ask.reflect", "")
    (step,), (reflected,) = rows(tmp_path, "exposed"), rows(tmp_path, "answer", "ask.reflect")
    assert (reflected.at - step.at).total_seconds() == 60.0


def test_a_pause_never_ends_it_and_all_that_was_said_is_kept() -> None:
    heard, stage = minute((2.0, WORDS), (40.0, replace(WORDS, text="and loud")))
    assert isinstance(heard, Heard)
    assert (heard.text, stage.now()) == ("it was warm and loud", 60.0)


@pytest.mark.parametrize("done", [DONE, Heard("don", score=0.5)])
def test_done_ends_it_early_and_keeps_what_was_said(done: Heard) -> None:
    heard, stage = minute((2.0, WORDS), (9.0, done))
    assert isinstance(heard, Heard)
    assert (heard.text, stage.now(), stage.tones) == ("it was warm", 9.0, [(9.0, "soft")])


@pytest.mark.parametrize("words", ["stop", "I want to die"])
def test_a_command_and_danger_end_it_at_once_and_come_back_alone(words: str) -> None:
    heard, stage = minute((2.0, WORDS), (9.0, Heard(words, score=1.0)))
    assert isinstance(heard, Heard)
    assert (heard.text, stage.now()) == (words, 9.0)


def test_it_begins_with_a_soft_tone_and_the_other_questions_with_the_usual_one(tmp_path: Path) -> None:
    held = hold(tmp_path, FIRST.turns, FIRST.now, FIRST.zone)
    tones = {line.key: line.tone for line in held.lines if line.key.startswith("ask.")}
    assert tones.pop("ask.reflect") == "soft"
    assert set(tones.values()) == {"listening"}
