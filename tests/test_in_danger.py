"""Sessions in danger: no word leads past a question or out of a message, and what is promised there is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from conversing import Said, Turn, _understanding, hold, rows
from speaking import GRAMMARS

from voice_coach.app import Coach, run_stage
from voice_coach.clocks import PipeClock
from voice_coach.coach import danger
from voice_coach.coach.floor import Stage
from voice_coach.listen.typed import Piped
from voice_coach.ports import Events, Line
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.words import DeviceLost, Expects, Heard, Match, Outcome

T0 = datetime(2026, 3, 2, 18, tzinfo=UTC)
ZONE = "Europe/Berlin"
CATALOG, UNDERSTANDING = _understanding()
ANSWERED = ("asking a question in the weekly meeting", "speaking in front of others", "yes")
"""What was answered before, so that there is something to go back to."""
DANGER = {
    "suicide": "I want to kill myself", "possible": "I feel like a burden to everyone",
    "harm": "my husband is hurting me", "medical": "I have chest pain", "other": "my brother wants to die",
    "panic": "help I'm panicking", "possible harm": "he hits me every night",
}  # fmt: skip


def command(name: str) -> str:
    """How the command is given."""
    intent = CATALOG.intents[name]
    return (*intent.exact, *intent.phrases)[0]


def is_answer(name: str) -> bool:
    """It says yes or no where that is asked."""
    answer = UNDERSTANDING.understand(Heard(command(name)), Expects("yes-no")).answer
    return isinstance(answer, Match) and answer.kind == "yes_no"


COMMANDS = sorted(name for name in CATALOG.intents if not is_answer(name))


class Typing:
    """Types these lines, whatever is asked."""

    def __init__(self, *lines: str) -> None:
        self._lines = [f"{line}\n".encode() for line in lines]

    def readline(self, size: int | None = -1, /) -> bytes:
        del size
        return self._lines.pop(0) if self._lines else b""


UNPLUGGED = "(unplugged)"


class Interrupted(Said):
    """A speaker; while the line of this key is spoken, somebody says this once, or takes the loudspeaker away."""

    def __init__(self, events: Events, key: str, words: str) -> None:
        super().__init__(events)
        self._key, self._words = key, words
        self.stopped: list[str] = []
        self.otherwise: list[str] = []

    def say(self, line: Line) -> None:
        if line.key == self._key and self._words == UNPLUGGED:
            self._events.put(DeviceLost(0.0, "speaker"))
            return
        if line.key == self._key and self._words:
            self._events.put(Heard(self._words, overlap=True))
            self._words = ""
        super().say(line)

    def stop(self) -> None:
        self.stopped.append(self.lines[-1].key if self.lines else "")


def typed(
    home: Path, *said: str, now: datetime = T0, during: tuple[str, str] = ("", ""), **settings: Any
) -> tuple[Outcome, list[Line], Interrupted]:
    """One session in which these lines are typed. `during`: a line's key, and what is said while it is spoken."""
    catalog, understands = _understanding()
    home.mkdir(exist_ok=True)
    events: Events = SimpleQueue()
    speaker = Interrupted(events, *during)
    pipe = Piped(Typing(*said))  # type: ignore[arg-type]
    store = Store(home / "coach.db")
    coach = Coach(Settings(home, **settings), catalog, understands, store, ZONE, lambda: now, grammars=GRAMMARS)
    coach = replace(coach, last_resort=speaker.otherwise.append)
    try:
        return run_stage(coach, Stage(PipeClock(pipe.pull), events, pipe, speaker)), speaker.lines, speaker
    finally:
        coach.store.close()


def after(lines: list[Line], key: str) -> Iterator[str]:
    """The keys from this one on."""
    keys = [line.key for line in lines]
    yield from keys[keys.index(key) :]


# --- no command leads past it ---


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("kind", ["suicide", "harm", "medical"])
def test_no_command_leads_out_of_a_message(kind: str, name: str, tmp_path: Path) -> None:
    first = {"suicide": "crisis.thanks", "harm": "harm.thanks", "medical": "medical.stop"}[kind]
    surely = ("no",) if kind == "medical" else ()
    outcome, lines, _ = typed(tmp_path, *ANSWERED, DANGER[kind], *surely, command(name), "go back", "yes", "three")
    assert (outcome.how, outcome.reason) == ("crisis", kind)
    led = [key for key in after(lines, first) if not danger.is_of_danger(key) and not key.startswith("control.")]
    assert not led
    assert Store(tmp_path / "coach.db").history(ZONE).crises


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(("kind", "first"), [("possible", "danger.check"), ("medical", "danger.known_feeling")])
def test_no_command_leads_past_a_question(kind: str, first: str, name: str, tmp_path: Path) -> None:
    private = {"private": "private.check"} if kind == "possible" else {}
    _, lines, _ = typed(tmp_path, *ANSWERED, DANGER[kind], command(name))
    for key in after(lines, first):
        assert danger.is_of_danger(key) or key.startswith("control.") or key == private.get(name), key


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_leads_out_of_panic_but_to_the_end_of_the_day(name: str, tmp_path: Path) -> None:
    outcome, lines, _ = typed(tmp_path, *ANSWERED, DANGER["panic"], command(name), "go back", "yes", "breathe")
    assert outcome == Outcome("steadied", "panic_now")
    for key in after(lines, "now.stop"):
        assert key.startswith(("now.", "stabilise.feet", "stabilise.slower", "stabilise.faster", "control.")) or (
            key in ("stabilise.paused", "stabilise.on")
        ), key
    assert len(rows(tmp_path, "note", "upset")) == 1


def test_panic_in_the_grounding_does_not_begin_it_again_and_a_wish_to_die_is_still_heard(tmp_path: Path) -> None:
    _, lines, _ = typed(tmp_path / "a", DANGER["panic"], DANGER["panic"])
    assert [line.key for line in lines].count("now.stop") == 1
    outcome, _, _ = typed(tmp_path / "b", DANGER["panic"], DANGER["suicide"], "stop")
    assert outcome == Outcome("crisis", "suicide")


def test_an_exercise_for_panic_can_be_left(tmp_path: Path) -> None:
    _, lines, _ = typed(tmp_path, DANGER["panic"], "stop")
    assert [line.key for line in lines][-1] == "now.enough"
    assert len([line for line in lines if line.key.startswith("stabilise.feet.")]) <= 1


# --- the one question ---


def test_whoever_asks_for_private_words_is_asked_in_private_words(tmp_path: Path) -> None:
    turns = (
        Turn("ask.fear", DANGER["possible"]), Turn("danger.check", "private"), Turn("private.check", "yes"),
        Turn("ask.fear", "stop"),
    )  # fmt: skip
    assert hold(tmp_path, turns, T0, ZONE).outcome.how == "stopped"


@pytest.mark.parametrize("said", ["I think so", "probably", "I guess so", "yes I hope so"])
def test_only_a_clear_yes_says_that_all_is_well(said: str, tmp_path: Path) -> None:
    known = (
        Turn("ask.fear", DANGER["medical"]),
        *[Turn("danger.known_feeling", said)] * 2,
        Turn("medical.offer", "stop"),
    )
    assert hold(tmp_path / "medical", known, T0, ZONE).outcome == Outcome("crisis", "medical")
    safe = (
        Turn("ask.fear", DANGER["possible"]), Turn("danger.check", "private"), *[Turn("private.check", said)] * 2,
        Turn("crisis.offer", "stop"),
    )  # fmt: skip
    assert hold(tmp_path / "private", safe, T0, ZONE).outcome.how == "crisis"


def test_asking_for_the_number_is_a_yes(tmp_path: Path) -> None:
    turns = (Turn("ask.fear", DANGER["possible"]), Turn("danger.check", "number"), Turn("crisis.offer", "stop"))
    assert hold(tmp_path, turns, T0, ZONE).outcome.how == "crisis"


def test_silence_counts_where_nobody_is_hurried_too(tmp_path: Path) -> None:
    turns = (
        Turn("ask.fear", DANGER["possible"]), Turn("danger.check", ""), Turn("danger.check", ""),
        Turn("crisis.offer", "stop"),
    )  # fmt: skip
    said = tuple(turn.says for turn in turns)
    outcome, lines, _ = typed(tmp_path, *said, silence=float("inf"))
    assert outcome == Outcome("crisis", "suicide")
    checks = [line.text for line in lines if line.key == "danger.check"]
    assert len(checks) == len(set(checks)) == 2
    assert len(checks[1]) < len(checks[0])


def test_possible_danger_in_a_pause_may_be_met_with_silence(tmp_path: Path) -> None:
    outcome, lines, _ = typed(tmp_path, "wait", DANGER["possible"], "", "", "stop")
    assert outcome == Outcome("crisis", "suicide")
    assert "say.fault" not in [line.key for line in lines]


@pytest.mark.parametrize(("said", "how"), [
    (DANGER["medical"], "danger.known_feeling"), (DANGER["panic"], "now.stop"), (DANGER["possible"], "danger.check"),
])  # fmt: skip
def test_danger_is_attended_to_in_the_question_after_a_cut_too(said: str, how: str, tmp_path: Path) -> None:
    typed(tmp_path, *ANSWERED)
    _, lines, _ = typed(tmp_path, said, now=T0 + timedelta(minutes=5))
    assert [line.key for line in lines].count("screen.since") >= 1
    assert how in [line.key for line in lines]


# --- the messages ---


def test_number_repeats_only_the_number(tmp_path: Path) -> None:
    _, lines, _ = typed(tmp_path, DANGER["suicide"], "number", "repeat", "stop", country="US")
    keys = list(after(lines, "crisis.offer"))
    assert keys == ["crisis.offer", "crisis.number", "crisis.number"]


def test_after_a_minute_of_silence_it_says_once_that_it_is_here_and_listens_on(tmp_path: Path) -> None:
    outcome, lines, _ = typed(tmp_path, DANGER["suicide"], "", "number", "", "number")
    assert outcome == Outcome("crisis", "suicide")
    assert [line.text for line in lines if "still here" in line.text] == [CATALOG.lines["crisis.offer"].again[0]]


@pytest.mark.parametrize("said", ["no", "I didn't mean that"])
@pytest.mark.parametrize("kind", ["suicide", "harm"])
def test_a_denial_after_certain_words_is_thanked_for_and_changes_nothing(kind: str, said: str, tmp_path: Path) -> None:
    outcome, lines, _ = typed(tmp_path, DANGER[kind], said, "stop")
    assert outcome == Outcome("crisis", kind)
    assert [line.key for line in lines][-1] == "crisis.misheard"


def test_somebody_who_may_be_overheard_is_told_nothing_unasked(tmp_path: Path) -> None:
    _, lines, _ = typed(tmp_path, DANGER["harm"], "", "", country="US")
    assert list(after(lines, "harm.thanks")) == ["harm.thanks", "harm.offer"]
    _, lines, _ = typed(tmp_path / "b", DANGER["harm"], "repeat", "stop", country="US")
    assert list(after(lines, "harm.thanks")) == ["harm.thanks", "harm.offer", "harm.offer"]
    _, lines, _ = typed(tmp_path / "c", DANGER["harm"], "number", "repeat", "stop", country="US")
    assert list(after(lines, "harm.offer")) == ["harm.offer", "harm.number", "harm.number"]


def test_a_new_topic_falls_silent_at_once_in_the_middle_of_a_line_too(tmp_path: Path) -> None:
    outcome, lines, speaker = typed(tmp_path, DANGER["harm"], during=("harm.thanks", "new topic"))
    assert outcome == Outcome("crisis", "harm")
    assert [line.key for line in lines][-1] == "harm.thanks"
    assert speaker.stopped[-1] == "harm.thanks"


@pytest.mark.parametrize("said", ["new topic", "stop"])
def test_the_next_day_it_falls_silent_as_well(said: str, tmp_path: Path) -> None:
    typed(tmp_path, DANGER["harm"], "stop")
    _, lines, _ = typed(tmp_path, said, now=T0 + timedelta(hours=2))
    assert [line.key for line in lines] == ["harm.offer"]
    _, lines, _ = typed(tmp_path / "b", DANGER["harm"], "stop")
    _, lines, _ = typed(tmp_path / "b", now=T0 + timedelta(hours=2), during=("harm.offer", "new topic"))
    assert [line.key for line in lines] == ["harm.offer"]


def test_stop_ends_the_crisis_message_in_the_middle_of_a_line_and_the_latch_holds(tmp_path: Path) -> None:
    outcome, lines, _ = typed(tmp_path, DANGER["suicide"], during=("crisis.emergency", "stop"))
    assert outcome == Outcome("crisis", "suicide")
    assert [line.key for line in lines][-1] == "crisis.emergency"
    _, lines, _ = typed(tmp_path, "no", now=T0 + timedelta(minutes=2))
    assert [line.key for line in lines][:3] == ["crisis.welcome_back", "say.opening_again", "refuse.latch"]


def test_where_the_loudspeaker_stays_away_the_message_is_given_another_way(tmp_path: Path) -> None:
    outcome, lines, speaker = typed(tmp_path, DANGER["suicide"], "", "", during=("crisis.line", UNPLUGGED))
    assert outcome == Outcome("crisis", "suicide")
    assert [line.key for line in lines][-1] == "crisis.stop"
    assert speaker.otherwise == ["crisis"]


def test_words_of_its_own_that_are_heard_back_stop_nothing(tmp_path: Path) -> None:
    _, lines, _ = typed(tmp_path, DANGER["suicide"], "stop", during=("crisis.stop", "we stop practising now"))
    assert [line.key for line in lines][-1] == "crisis.offer"


@pytest.mark.parametrize("private", [False, True])
def test_a_new_topic_at_the_question_is_a_yes_without_a_word(private: bool, tmp_path: Path) -> None:
    outcome, lines, _ = typed(tmp_path, DANGER["possible harm"], "new topic", private=private)
    assert [line.key for line in lines][-1] == ("private.check" if private else "danger.check_harm")
    assert outcome == Outcome("crisis", "harm")
    assert [line.key for line in typed(tmp_path, "stop", now=T0 + timedelta(hours=1))[1]] == ["harm.offer"]


def test_what_is_said_over_a_line_is_only_possible_and_its_own_words_are_nothing(tmp_path: Path) -> None:
    _, lines, _ = typed(tmp_path / "a", "no", during=("ask.fear", DANGER["suicide"]))
    keys = [line.key for line in lines]
    assert keys[keys.index("ask.fear") + 1] == "danger.check"
    own = "are you thinking of ending your life or hurting yourself"
    _, lines, _ = typed(tmp_path / "b", DANGER["possible"], "no", during=("danger.check", own))
    assert [line.key for line in lines].count("danger.check") == 1


# --- cut off, and gone on with ---


def held(home: Path, now: datetime, *said: str) -> list[str]:
    return [line.key for line in typed(home, *said, now=now)[1]]


def test_a_message_that_is_cut_off_again_and_again_goes_on_within_ten_minutes(tmp_path: Path) -> None:
    assert held(tmp_path, T0, DANGER["suicide"])[-1] == "crisis.offer"
    for minute in (1, 2, 3):
        assert held(tmp_path, T0 + timedelta(minutes=minute))[0] == "crisis.thanks"
    assert held(tmp_path, T0 + timedelta(minutes=4), "stop")[-1] == "crisis.offer"


@pytest.mark.parametrize(("minutes", "first"), [(10, "crisis.thanks"), (11, "crisis.welcome_back")])
def test_later_the_number_is_offered_again(minutes: int, first: str, tmp_path: Path) -> None:
    held(tmp_path, T0, DANGER["suicide"])
    assert held(tmp_path, T0 + timedelta(minutes=minutes))[0] == first


def test_stop_is_an_answer_to_that_offer(tmp_path: Path) -> None:
    held(tmp_path, T0, DANGER["suicide"])
    assert held(tmp_path, T0 + timedelta(hours=1), "stop") == ["crisis.welcome_back", "say.stopped"]
    assert "refuse.latch" in held(tmp_path, T0 + timedelta(hours=2), "no")


# --- how it is spoken ---


def test_no_line_with_a_number_is_spoken_quickly_and_the_messages_never(tmp_path: Path) -> None:
    texts = {key: (line.say, *line.again, line.choices) for key, line in CATALOG.lines.items()}
    numbered = [key for key, said in texts.items() if any("{number}" in t or "{emergency}" in t for t in said if t)]
    assert len(numbered) >= 6
    assert all(key.startswith(danger.SLOWLY) for key in numbered if not key.startswith("build."))
    _, lines, _ = typed(tmp_path, DANGER["other"], "yes", DANGER["suicide"], "number", "stop", rate=3.0)
    slow = [line for line in lines if line.key.startswith(danger.SLOWLY)]
    assert {line.key for line in slow} > {"other.number", "crisis.thanks", "crisis.line", "crisis.number"}
    assert all(line.at_most == 150 for line in slow)
    assert all(line.at_most is None for line in lines if line.key.startswith("ask."))


@pytest.mark.parametrize(("rate", "spoken_at"), [(3.0, 150), (1.0, 150), (0.6, 105)])
def test_at_most_is_no_least(rate: float, spoken_at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from voice_coach.speak import pyttsx3_speaker, wav

    made: list[int] = []

    def synthesise(text: str, words_per_minute: int, voice: str) -> bytes:
        del text, voice
        made.append(words_per_minute)
        return b"\0\0"

    for module in (pyttsx3_speaker, wav):
        monkeypatch.setattr(module, "synthesise", synthesise)
    line = replace(Line(1, "nine"), at_most=150)
    speaker = pyttsx3_speaker.SpokenAloud(SimpleQueue(), lambda: 0.0)
    speaker.adjust(rate, 1.0)
    speaker.say(line)
    spoken = speaker._to_make.get_nowait()
    assert isinstance(spoken, pyttsx3_speaker._Spoken)
    assert spoken.words_per_minute == spoken_at
