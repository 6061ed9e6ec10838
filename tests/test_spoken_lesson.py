"""A voice learned, and forgotten, in a session that is spoken and heard; on a shared device none is."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

import pytest
from understanding import understanding

from voice_coach.app import Coach, lessons_of, load_catalog, open_coach, run_stage
from voice_coach.coach.floor import Stage
from voice_coach.lessons import TAKES, Lessons
from voice_coach.listen import example_file
from voice_coach.listen.ear import Ear
from voice_coach.listen.learned import Learned
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.vad import Silero
from voice_coach.ports import Events, Line, Turn
from voice_coach.rehearsal.person import Timed
from voice_coach.rehearsal.sounds import Room, Voice
from voice_coach.rehearsal.stage import CoachHeard, Hearing, PersonHeard, SampleClock
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.words import Heard, Outcome

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
FEW = ("four", "seven", "ten")
"""Of the numbers: the lesson with all of them takes too long for a test."""


@dataclass
class Pupil:
    """Asks for a lesson at the first question, says each word asked for, and then says the rest in turn."""

    wants: list[str]
    words: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def replies(self, line: Line, turn: Turn) -> tuple[Timed, ...] | None:
        del turn
        if line.key == "learn.word":
            self.words.append(line.text.removeprefix("Say ").rstrip("."))
            return (Timed(0.8, self.words[-1]),)
        return (Timed(0.8, self.wants.pop(0)),) if self.wants else None

    def goes_on(self, turn: Turn) -> tuple[Timed, ...] | None:
        del turn
        return ()

    def line(self, line: Line) -> None:
        self.lines.append(line.key)

    def silent(self, line: Line) -> None:
        pass

    def heard(self, spoken: str, line: Line, turn: Turn, heard: Heard | None) -> None:
        pass


def hold(coach: Coach, recognizer: Learned, pupil: Pupil) -> tuple[Outcome, float]:
    """The session by sound, on a clock that counts samples; its end and length in seconds."""
    events: Events = SimpleQueue()
    clock = SampleClock()
    speaker = CoachHeard(clock, pupil)
    hearing = Hearing(Ear(recognizer, Silero()), Voice(), Room("1"))
    listener = PersonHeard(events, clock, pupil, speaker, pupil, hearing, recognizer.manner)
    return run_stage(coach, Stage(clock, events, listener, speaker)), clock.now()


@pytest.fixture
def learned(pocketsphinx: PocketSphinx) -> Learned:
    pocketsphinx.forget_session()
    return Learned(pocketsphinx, ())


def kept(home: Path) -> Counter[str]:
    return Counter(example.word for example in example_file.read(example_file.path_of(home)))


def test_learn_my_voice_by_sound(learned: Learned, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    catalog = load_catalog(settings)
    few = replace(catalog, numbers={word: value for word, value in catalog.numbers.items() if word in FEW})
    lessons = Lessons(tmp_path, few, learned=learned, chance=random.Random(1))
    pupil = Pupil(["learn my voice", "stop"])
    with closing(Store(tmp_path / "coach.db")) as store:
        coach = Coach(settings, catalog, understanding(), store, "UTC", lambda: NOW, lessons=lessons, where="spoken")
        outcome, seconds = hold(coach, learned, pupil)
    assert outcome == Outcome("stopped")
    assert Counter(pupil.words) == dict.fromkeys((*FEW, "yes", "no", "stop"), TAKES), "stop is a word here"
    assert pupil.lines.index("learn.opening") < pupil.lines.index("learn.word") < pupil.lines.index("learn.done")
    found = kept(tmp_path)
    assert set(found) == set(pupil.words)
    assert sum(found.values()) > len(pupil.words) * 0.75
    assert seconds < 90


def test_a_shared_device_learns_nothing(learned: Learned, tmp_path: Path) -> None:
    settings = Settings(tmp_path, kiosk=True)
    pupil = Pupil(["learn my voice", "stop"])
    opened = open_coach(settings, zone="UTC")
    coach = replace(opened, lessons=lessons_of(settings, opened.catalog, learned), where="spoken")
    with closing(coach.store):
        outcome, _ = hold(coach, learned, pupil)
    assert outcome == Outcome("stopped")
    assert "learn.kiosk" in pupil.lines
    assert "learn.opening" not in pupil.lines
    assert coach.lessons is not None
    coach.lessons.keep()
    assert not example_file.path_of(tmp_path).parent.exists()
