"""A session spoken in a rehearsal's room: the real ear and a real journal, on a clock that counts samples."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from conversing import _understanding as understanding

from voice_coach.app import Coach, run_stage
from voice_coach.coach.floor import Stage
from voice_coach.grammars import Made
from voice_coach.listen.ear import Ear
from voice_coach.listen.recognizer import Decoded, Recognizer
from voice_coach.listen.vad import Silero
from voice_coach.ports import Events, Line, Turn
from voice_coach.rehearsal.person import Timed
from voice_coach.rehearsal.sounds import Room, Voice
from voice_coach.rehearsal.stage import CoachHeard, Hearing, PersonHeard, SampleClock
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.words import Heard, Manner, Outcome

GRAMMARS: Made = {}
"""Made once for all sessions."""


class Overheard(Voice):
    """The voice, telling what it was asked to say."""

    def __init__(self) -> None:
        super().__init__()
        self.saying = ""

    def __call__(self, text: str) -> Any:
        self.saying = text
        return super().__call__(text)


class Knowing:
    """A recognizer that hears every word as it was said: what is tested is not how well it hears."""

    name = "knowing"
    manner: Manner = "rough"

    voice = Overheard()

    def load(self) -> None:
        pass

    def begin(self, phrases: tuple[str, ...]) -> None:
        pass

    def feed(self, block: bytes) -> None:
        pass

    def closed(self) -> Decoded:
        return Decoded(self.voice.saying, 1.0)

    def free(self) -> str:
        return ""

    def leaning(self) -> str:
        return ""

    def end(self) -> None:
        pass

    def forget_session(self) -> None:
        pass

    def close(self) -> None:
        pass


@dataclass
class Answering:
    """Says what there is to say to each question, of several one each time; leaves at others, or after `most`."""

    says: Mapping[str, str | tuple[str, ...]]
    most: int = 50
    asked: list[str] = field(default_factory=list)

    def replies(self, line: Line, turn: Turn) -> tuple[Timed, ...] | None:
        del turn
        if line.key not in self.says or len(self.asked) == self.most:
            return None
        self.asked.append(line.key)
        answers = self.says[line.key]
        text = answers if isinstance(answers, str) else answers[min(self.asked.count(line.key), len(answers)) - 1]
        return (Timed(0.8, text),) if text else ()

    def goes_on(self, turn: Turn) -> tuple[Timed, ...] | None:
        del turn
        return ()


class Unseen:
    """A witness that keeps the lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def line(self, line: Line) -> None:
        self.lines.append(line)

    def silent(self, line: Line) -> None:
        pass

    def heard(self, spoken: str, line: Line, turn: Turn, heard: Heard | None) -> None:
        pass


@dataclass(frozen=True)
class Spoken:
    """How a spoken session went."""

    outcome: Outcome
    asked: tuple[str, ...]
    lines: tuple[Line, ...]
    sounded: Mapping[str, bytes]
    """What sounded with each line: 22,050 Hz, mono, 16 bit."""
    said: tuple[bytes, ...]
    """What sounded at the microphone, an utterance each: 16 kHz, mono, 16 bit."""
    began: tuple[tuple[str, float], ...]
    """Each line's key and the second in which it began."""

    def words(self, key: str) -> str:
        return next(line.text for line in self.lines if line.key == key)


def speak(
    home: Path, says: Mapping[str, str | tuple[str, ...]], now: datetime, recognizer: Recognizer, *, most: int = 50,
    settings: Settings | None = None, coach: Coach | None = None,
) -> Spoken:  # fmt: skip
    """One session in this home, in which these answers are spoken aloud. `coach`: another than the home's own."""
    catalog, understands = understanding()
    home.mkdir(mode=0o700, exist_ok=True)
    recognizer.forget_session()
    events: Events = SimpleQueue()
    clock, witness, person = SampleClock(), Unseen(), Answering(says, most)
    voice = CoachHeard(clock, witness)
    spoken = recognizer.voice if isinstance(recognizer, Knowing) else Voice()
    hearing = Hearing(Ear(recognizer, Silero()), spoken, Room("1"))
    listener = PersonHeard(events, clock, person, voice, witness, hearing, recognizer.manner)
    if coach is None:
        store = Store(home / "coach.db")
        store.sweep_recordings()
        coach = Coach(settings or Settings(home), catalog, understands, store, "Europe/Berlin", grammars=GRAMMARS)
    with closing(coach.store):
        heard = replace(coach, wall=lambda: now, where="spoken")
        outcome = run_stage(heard, Stage(clock, events, listener, voice))
    return Spoken(
        outcome,
        tuple(person.asked),
        tuple(witness.lines),
        {piece.line.key: piece.pcm for piece in voice.pieces if piece.line.text},
        tuple(sound for _, sound in listener.said),
        tuple((piece.line.key, piece.began) for piece in voice.pieces if piece.line.text),
    )
