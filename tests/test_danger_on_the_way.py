"""Danger at each point of a session: in the prediction, in the step, before it, and where the power is cut."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conversing import Held, Turn, _understanding, hold, read, rows

from voice_coach.coach.stepping import expose
from voice_coach.ports import Line
from voice_coach.ports import Turn as Listening
from voice_coach.records import Go, Rung, Tag
from voice_coach.remember.store import Store
from voice_coach.words import Expects, Heard, Outcome, Silence

FIRST = read("first_session")
T0 = datetime(2026, 3, 2, 18, tzinfo=UTC)
SUICIDE, PANIC, CHEST = "I want to kill myself", "I'm having a panic attack right now", "I have chest pain"
PROGRAM = [sys.executable, "-m", "voice_coach.cli"]


def up_to(key: str, *then: Turn) -> tuple[Turn, ...]:
    """The first session until this question, and what is said from there on."""
    at = next(number for number, turn in enumerate(FIRST.turns) if turn.coach == key)
    return (*FIRST.turns[:at], *then)


def held(home: Path, turns: tuple[Turn, ...], now: datetime = FIRST.now) -> Held:
    done = hold(home, turns, now, FIRST.zone)
    assert done.left == 0
    return done


def keys(done: Held) -> list[str]:
    return [line.key for line in done.lines]


# --- the prediction ---


@pytest.mark.parametrize("feared", ["I'll faint and die on stage", "I'll have a heart attack", "I will die"])
def test_a_feared_outcome_in_the_prediction_is_none(feared: str, tmp_path: Path) -> None:
    done = held(tmp_path, up_to("ask.prediction", Turn("ask.prediction", feared), Turn("ask.likelihood", "stop")))
    assert done.outcome.how == "stopped"


@pytest.mark.parametrize(("said", "asked"), [(SUICIDE, "crisis.offer"), (CHEST, "danger.known_feeling")])
def test_a_wish_or_a_present_symptom_is_one_there_too(said: str, asked: str, tmp_path: Path) -> None:
    done = held(tmp_path, up_to("ask.prediction", Turn("ask.prediction", said), Turn(asked, "stop")), FIRST.now)
    assert done.outcome.how == "crisis"


# --- the step ---


def test_panic_in_the_step_ends_it_and_is_grounded_without_a_helpline(tmp_path: Path) -> None:
    begun = next(turn.coach for turn in FIRST.turns if turn.coach.startswith("say.begin"))
    done = held(tmp_path, up_to(begun, Turn(begun, PANIC)))
    assert done.outcome == Outcome("steadied", "panic_now")
    after = keys(done)[keys(done).index("now.stop") :]
    assert all(key.startswith(("now.", "stabilise.feet")) for key in after)
    store = Store(tmp_path / "coach.db")
    history = store.history(FIRST.zone)
    store.close()
    assert [exposure.how for exposure in history.exposures] == ["stopped"]
    later = hold(tmp_path, (Turn("stabilise.offer", "stop"),), FIRST.now + timedelta(hours=5), FIRST.zone)
    assert later.outcome == Outcome("rest", "hard_today")


def test_danger_typed_in_the_step_ends_it_at_once(tmp_path: Path) -> None:
    begun = next(turn.coach for turn in FIRST.turns if turn.coach.startswith("say.begin"))
    done = held(tmp_path, up_to(begun, Turn(begun, SUICIDE), Turn("crisis.offer", "stop")))
    assert done.outcome == Outcome("crisis", "suicide")
    assert [entry.key for entry in rows(tmp_path, "exposed")]


class Heardly:
    """A floor on which these utterances are heard, one after the other."""

    def __init__(self, *said: Heard) -> None:
        self._said: list[Heard | Silence] = list(said)
        self._now = 0.0

    def seconds(self) -> float:
        return self._now

    def watch(self, turn: Listening) -> None:
        pass

    def unwatch(self) -> None:
        pass

    def begin(self, line: Line) -> Line:
        return line

    def event(self, deadline: float | None) -> Heard | Silence:
        del deadline
        heard = self._said.pop(0) if self._said else Silence()
        self._now = heard.began if isinstance(heard, Heard) else self._now
        return heard


def stepped(tags: frozenset[Tag], *said: Heard) -> tuple[str, list[tuple[str, str]]]:
    """How a step with these tags ended, and the danger noted in it with its tier."""
    rung = Rung("inside", "talk", "Read aloud.", "it is read", 60, tags=tags)
    go = Go("talk/inside/0", rung, None, T0, T0 + timedelta(minutes=30))
    floor = Heardly(*said)
    turn = Listening(Expects("command"), "exposure")
    understand = _understanding()[1].understand
    done = expose(go, floor, turn, understand, lambda say: Line(0, "", say.key), lambda: None)  # type: ignore[arg-type]
    return done.how, [(flag.kind, flag.tier) for flag in done.noted]


@pytest.mark.parametrize("tag", ["user_speaks", "with_others"])
def test_who_reads_aloud_is_not_taken_at_the_word_of_the_book(tag: Tag) -> None:
    read_aloud = Heard(SUICIDE, manner="verbatim", quiet=False)
    assert stepped(frozenset({tag}), read_aloud, Heard("coach done", manner="verbatim")) == (
        "done",
        [("suicide", "possible")],
    )


@pytest.mark.parametrize("tag", ["user_speaks", "with_others"])
@pytest.mark.parametrize("said", ["stop", "done", "too much", "help", "how long is left"])
def test_who_speaks_or_is_with_people_is_heard_only_when_the_coach_is_addressed(said: str, tag: Tag) -> None:
    for command, how in (("done", "done"), ("stop", "stopped"), ("too much", "too_much")):
        heard = [Heard(said, manner="verbatim"), Heard(f"coach {command}", manner="verbatim")]
        assert stepped(frozenset({tag}), *heard) == (how, [])
    assert stepped(frozenset({tag}), Heard("done", manner="typed")) == ("done", []), "the key"


@pytest.mark.parametrize(
    ("first", "second", "how"),
    [
        (("coach too much", 0.24, 10.0), ("coach stop", 0.24, 35.0), "too_much"),
        (("coach stop", 0.24, 10.0), ("coach stop", 0.24, 35.0), "stopped"),
        (("coach done", 0.24, 10.0), ("coach done", 0.24, 35.0), "done"),
        (("coach stop", 0.24, 10.0), ("coach stop", 0.24, 45.0), "time"),
        (("coach done", 0.24, 10.0), ("coach stop", 0.24, 20.0), "time"),
        (("coach stop", 0.17, 10.0), ("coach stop", 0.17, 20.0), "time"),
        (("stop", 0.24, 10.0), ("stop", 0.24, 20.0), "time"),
    ],
)
def test_whoever_asks_twice_is_not_left_in_the_step(
    first: tuple[str, float, float], second: tuple[str, float, float], how: str
) -> None:
    said = [Heard(text, score=score, began=at, manner="rough") for text, score, at in (first, second)]
    assert stepped(frozenset({"user_speaks"}), *said) == (how, [])
    assert stepped(frozenset({"user_speaks"}), said[0]) == ("time", [])


def test_who_is_alone_and_silent_is() -> None:
    said = Heard(SUICIDE, manner="verbatim")
    assert stepped(frozenset(), said) == ("stopped", [("suicide", "certain")])


def test_what_was_only_possible_in_the_step_is_asked_about_at_its_end(tmp_path: Path) -> None:
    begun = next(turn.coach for turn in FIRST.turns if turn.coach.startswith("say.begin"))
    turns = up_to(
        begun, Turn(begun, "I feel like a burden to everyone"), Turn(begun, "coach, done"), Turn("danger.check", "no"),
        Turn("ask.reflect", "stop"),
    )  # fmt: skip
    assert held(tmp_path, turns).outcome.how == "stopped"


# --- before the step: what is mentioned in passing ---


@pytest.mark.parametrize("at", ["screen.stress", "ask.before", "ask.rung", "ask.commitment", "ask.prediction"])
def test_what_is_mentioned_anywhere_is_asked_about_before_the_step(at: str, tmp_path: Path) -> None:
    told = "I was abused as a child"
    passing = {"screen.stress": told, "ask.before": f"three, {told}", "ask.rung": f"one, {told}"}
    words = passing.get(at, f"I will speak in the kitchen now though {told} and stop at the end")
    turns: list[Turn] = []
    for turn in up_to("say.begin_silent"):
        if turn.coach == at and not any(before.says == words for before in turns):
            turns.append(Turn(at, words))
            if at == "screen.stress":  # those words are no answer to it
                turns.append(turn)
                break  # and what they raise is asked about at once, where the screen ends
            continue
        turns.append(turn)
    done = hold(tmp_path, tuple(turns), FIRST.now, FIRST.zone)
    assert keys(done).count("screen.trauma") == 2, keys(done)[-6:]
    assert not [key for key in keys(done) if key.startswith("say.begin")]


# --- an absolute yes ---


def test_an_absolute_yes_is_read_back_once_and_stands_against_going_back(tmp_path: Path) -> None:
    turns = up_to(
        "screen.panic", Turn("screen.panic", "yes"), Turn("ask.yes_right", "yes"), Turn("screen.panic_helped", "yes"),
        Turn("screen.daily_life", "go back"), Turn("screen.panic_helped", "go back"),
        Turn("screen.panic_helped", "go back"), Turn("screen.panic_helped", "stop"),
    )  # fmt: skip
    done = held(tmp_path, turns)
    assert keys(done).count("ask.yes_right") == 1
    assert keys(done).count("screen.panic") == 1
    assert "control.cannot_go_back" in keys(done)


@pytest.mark.parametrize("question", ["trauma", "daily_life", "stress"])
def test_not_sure_is_asked_once_more_in_other_words(question: str, tmp_path: Path) -> None:
    asked = Turn(f"screen.{question}", "not sure")
    done = held(tmp_path, up_to(f"screen.{question}", asked, Turn(f"clarify.{question}", "stop")))
    assert keys(done).count(f"clarify.{question}") == 1


# --- the power is cut ---


@pytest.mark.parametrize("at", ["That took courage", "Please call", "I stay here"])
def test_killed_in_the_message_it_goes_on_and_practice_stays_shut(at: str, tmp_path: Path) -> None:
    def begun(said: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*PROGRAM, "--home", str(tmp_path), "type", "--real-time"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert process.stdin
        process.stdin.write(said)
        process.stdin.flush()
        return process

    for said in (f"{SUICIDE}\n", "", ""):
        process = begun(said)
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        first = next(lines)
        assert said or first.startswith("Thank you for telling me"), "the message does not go on"
        assert at in first or any(at in line for line in lines)
        process.kill()
        process.communicate()
    out, _ = begun("stop\nno\nyes\nthree\n").communicate(timeout=60)
    assert "Please call" in out
    assert not [line for line in out.splitlines() if "anxious" in line or "step:" in line]
    out, _ = begun("stop\n").communicate(timeout=60)
    assert "Practice stays closed" in out
