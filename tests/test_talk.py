"""The spoken session over a real sound route: a person who answers by voice, a page read aloud, an echo, a signal."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest
from pulse import MICROPHONE, MOUTH, SPEAKER, Route

from voice_coach import talking
from voice_coach.listen.keys import Keys
from voice_coach.listen.microphone import Microphone
from voice_coach.ports import Events, Line, Turn
from voice_coach.settings import Settings
from voice_coach.speak.pyttsx3_speaker import SpokenAloud
from voice_coach.talking import hold_spoken
from voice_coach.words import Expects, Heard, Outcome

PROGRAM = [sys.executable, "-m", "voice_coach.cli"]
ANSWERS = {
    "ask.fear": "asking a question in the weekly meeting",
    "ask.ladder": "public speaking",
    "screen.age": "yes",
    "ask.before": "three",
    "ask.rung": "two",
    "ask.agree": "yes",
    "ask.commitment": "i read one page in the kitchen now to its end",
    "ask.prediction": "my voice will shake",
    "ask.likelihood": "six",
    "ask.happened": "no",
    "ask.likelihood_now": "four",
    "ask.peak": "five",
    "ask.after": "one",
    "ask.learned": "a shaking voice is still a voice",
    "ask.action": "send the message",
}
RATINGS = {"ask.before": 3, "ask.rung": 2, "ask.likelihood": 6, "ask.likelihood_now": 4, "ask.peak": 5, "ask.after": 1}
PAGE = [
    "The bus did not stop at the corner, and no one in the queue was surprised.",
    "She was done with waiting. The cold could kill a plant in one night.",
    "Stop.",
    "That was what the sign said. No.",
    "He had done what he could, and nobody asked him to stop or to go on.",
    "Done.",
]


class Person:
    """Answers each question by voice, once it has been asked to its end and somebody listens."""

    after_the_step = "done"

    def __init__(self, route: Route, answers: dict[str, str]) -> None:
        self.asked: list[str] = []
        self.route, self._answers = route, answers
        self._turns: SimpleQueue[tuple[Line, Turn]] = SimpleQueue()
        self._last = Line(0, "")
        self.turn = Turn(Expects("text"))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def attend(self, replace: Callable[[str, object], object]) -> None:
        """Sit down in front of the coach: the real speaker and microphone, watched.

        `replace`: puts a name of the module `talking` in place for as long as this lasts.
        """
        person = self

        class Speaker(SpokenAloud):
            def say(self, line: Line) -> None:
                if line.key:
                    person._last = line
                super().say(line)

        class Listener(Microphone):
            def open(self, turn: Turn) -> None:
                super().open(turn)
                if not turn.speaking:
                    person._turns.put((person._last, turn))

        replace("SpokenAloud", Speaker)
        replace("Microphone", Listener)
        self._thread.start()

    def leave(self) -> None:
        self._over.set()
        self._thread.join(timeout=30)

    def _live(self) -> None:
        while not self._over.is_set():
            try:
                line, turn = self._turns.get(timeout=0.2)
            except Empty:
                continue
            self.turn = turn
            self.asked.append(line.key)
            if turn.pace == "exposure":
                self.step()
            elif turn.pace == "reflection":
                self.insist(self.after_the_step)
            elif words := self.answer(line):
                self.route.say(words)

    def answer(self, line: Line) -> str:
        """What this person says to a question."""
        if line.key == "ask.did_you_say":
            before = next(key for key in reversed(self.asked) if key in self._answers)
            return "yes" if self._answers[before] in line.text.lower() else "no"
        if line.key.startswith("ask.which"):
            before = next(key for key in reversed(self.asked) if key in self._answers)
            return self._answers[before]
        return self._answers.get(line.key, "no" if line.key.startswith(("screen.", "danger.")) else "skip")

    def step(self) -> None:
        """The step itself."""
        time.sleep(1.0)
        self.insist("coach, done")

    def insist(self, words: str) -> None:
        """Says this, and again where nothing follows."""
        for _ in range(4):
            self.route.say(words)
            until = time.monotonic() + 4.0
            while time.monotonic() < until:
                if not self._turns.empty() or self._over.is_set():
                    return
                time.sleep(0.05)


class Reader(Person):
    """Reads a page aloud for a minute before it is done."""

    after_the_step = "stop"
    lasted = 0.0
    ended_early = False

    def step(self) -> None:
        began = time.monotonic()
        for sentence in itertools.cycle(PAGE):
            if time.monotonic() - began >= 60.0:
                break
            self.route.say(sentence)
            time.sleep(0.9)
        self.lasted = time.monotonic() - began
        self.ended_early = not self._turns.empty()
        self.insist("coach, done")


def settings(home: Path, **others: Any) -> Settings:
    return Settings(home, recognizer="pocketsphinx", rate=3.0, microphone=MICROPHONE, speaker=SPEAKER, **others)


def rows(home: Path, kind: str) -> list[tuple[str, Any]]:
    query = "SELECT key, value_json FROM entries WHERE kind = ? AND replaced_by IS NULL ORDER BY id"
    return [(key, json.loads(value)) for key, value in sqlite3.connect(home / "coach.db").execute(query, (kind,))]


def ratings(home: Path) -> dict[str, float]:
    """What was stored for each question of a rating, also where it took a second question to settle it."""
    found: dict[str, float] = {}
    open_key, doubted = "", 0.0
    for key, value in rows(home, "answer"):
        open_key = key if key in RATINGS else open_key
        match value:
            case {"is": "unsure", "candidates": [float() | int() as first, *_]}:
                doubted = first
            case {"is": "match", "kind": "rating", "value": stored} if key in (open_key, "ask.which_rating"):
                found[open_key] = stored
            case {"is": "match", "value": True} if key == "ask.did_you_say":
                found[open_key] = doubted
    return found


@pytest.mark.pulse
def test_a_whole_session_is_spoken_and_the_ratings_are_those_that_were_said(
    sound_route: Route, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    person = Person(sound_route, ANSWERS)
    person.attend(partial(monkeypatch.setattr, talking))
    outcome = hold_spoken(settings(tmp_path / "home"), told.append)
    person.leave()
    assert outcome == Outcome("went")
    assert ratings(tmp_path / "home") == RATINGS
    (exposure,) = [value for key, value in rows(tmp_path / "home", "note") if value.get("reflected") is True]
    assert (exposure["before"], exposure["peak"], exposure["after"]) == (3, 5, 1)
    assert [value["how"] for _, value in rows(tmp_path / "home", "exposed")] == ["done"]
    assert len(told) == 1
    assert "pocketsphinx" in told[0]


@pytest.mark.pulse
def test_a_page_read_aloud_ends_no_step_and_the_addressed_word_does(
    sound_route: Route, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    cut_before_the_step(home)
    reader = Reader(sound_route, ANSWERS)
    reader.attend(partial(monkeypatch.setattr, talking))
    outcome = hold_spoken(settings(home), lambda _: None)
    reader.leave()
    exposed = rows(home, "exposed")
    assert outcome == Outcome("stopped"), "after the step, where stop is meant"
    assert [value["how"] for _, value in exposed] == ["done"]
    assert reader.lasted >= 60.0
    assert not reader.ended_early
    began, ended = (datetime.fromisoformat(exposed[0][1][key]) for key in ("started", "ended"))
    assert (ended - began).total_seconds() > reader.lasted


def cut_before_the_step(home: Path) -> None:
    """A typed session that breaks off where the step is agreed on."""
    said = [ANSWERS["ask.fear"], ANSWERS["ask.ladder"], "yes", *["no"] * 6, "three", "two"]
    ran = subprocess.run(
        [*PROGRAM, "--home", str(home), "type"], input="\n".join(said), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1, ran.stderr


class Silent(Person):
    """Says nothing at all."""

    def answer(self, line: Line) -> str:  # noqa: ARG002  whatever is asked
        return ""


@pytest.mark.pulse
def test_the_coach_never_answers_itself(sound_route: Route, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loudspeaker is fed into the microphone, loud and clear, and nobody else speaks."""
    home = tmp_path / "home"
    person = Silent(sound_route, {})
    person.attend(partial(monkeypatch.setattr, talking))
    looped = sound_route.pactl(
        "load-module", "module-loopback", f"source={SPEAKER}.monitor", f"sink={MOUTH}", "latency_msec=20"
    )
    assert looped.returncode == 0
    patience = threading.Timer(30.0, lambda: os.kill(os.getpid(), signal.SIGTERM))
    patience.start()
    try:
        outcome = hold_spoken(settings(home, silence=8.0), lambda _: None)
    finally:
        patience.cancel()
        sound_route.pactl("unload-module", looped.stdout.strip())
        person.leave()
    assert outcome == Outcome("interrupted")
    assert person.asked[:2] == ["ask.fear", "ask.fear"], "it asked, and asked again"
    assert {value["is"] for _, value in rows(home, "answer")} == {"silence"}, rows(home, "answer")


@pytest.mark.pulse
def test_a_signal_ends_the_session_saved_and_with_a_goodbye(sound_route: Route, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with sound_route.tap() as tap:
        process = subprocess.Popen(
            [*PROGRAM, "--home", str(home), "talk", "--recognizer", "pocketsphinx"],
            env={**os.environ, **sound_route.environment, "VOICE_COACH_RATE": "3"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 20
        while not tap.loud() and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(4.0)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        out, told = process.communicate(timeout=30)
        assert [end for _, end in tap.loud() if end > asked + 0.3], "no goodbye"
    assert process.returncode == 1
    assert out == ""
    assert told.startswith("Listening with pocketsphinx.")
    assert len(told.splitlines()) == 1
    assert sqlite3.connect(home / "coach.db").execute("SELECT count(*) FROM entries WHERE kind = 'end'").fetchone() == (
        0,
    )


def talk_with(modules: Path) -> subprocess.CompletedProcess[str]:
    """The program with the modules of this folder in front of its own."""
    return subprocess.run(
        [*PROGRAM, "--home", str(modules / "home"), "talk"],
        env={**os.environ, "PYTHONPATH": str(modules)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_devices_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text(
        "class PortAudioError(Exception): pass\n"
        "def query_devices(*_, **__): raise PortAudioError('Error querying device -1')\n"
    )
    ran = talk_with(tmp_path)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == "There is no microphone. Plug one in, or use the keyboard: voice-coach type.\n"


def test_without_portaudio_it_names_the_package(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n")
    ran = talk_with(tmp_path)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "apt-get install -y libportaudio2" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_sound_configuration_that_ends_the_process_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    ran = subprocess.run(
        [*PROGRAM, "--home", str(tmp_path / "home"), "talk"],
        env={**os.environ, "ALSA_CONFIG_PATH": str(tmp_path / "empty")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("The sound system's configuration breaks it.")
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("pace", "typed", "heard"),
    [
        ("exposure", "\n", ["done"]),
        ("reflection", "\n", ["done"]),
        ("short", "\n", []),
        ("short", "seven\n", ["seven"]),
        (None, "seven\n", []),
    ],
)
def test_enter_ends_a_step_and_a_typed_line_counts_as_said(pace: Any, typed: str, heard: list[str]) -> None:
    events: Events = SimpleQueue()
    turn = Turn(Expects("command"), pace=pace) if pace else None
    keyboard, hand = os.pipe()
    Keys(keyboard, events, lambda: 5.0, lambda: turn).start()
    os.write(hand, typed.encode())
    got = []
    with contextlib.suppress(Empty):
        while True:
            event = events.get(timeout=0.5)
            assert isinstance(event, Heard)
            assert event.manner == "typed"
            got.append(event.text)
    os.close(hand)
    assert got == heard
