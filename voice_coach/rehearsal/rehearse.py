"""A whole session with an imagined person, heard for real, and the same answers typed beside it."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from queue import SimpleQueue
from typing import TextIO

from voice_coach.app import Coach, open_understanding, run_stage
from voice_coach.coach.floor import Stage
from voice_coach.listen.recognizer import Recognizer
from voice_coach.ports import Events
from voice_coach.records import Rung
from voice_coach.rehearsal.conduct import Conduct, Mind, Person
from voice_coach.rehearsal.person import Drawn
from voice_coach.rehearsal.recording import write_wav
from voice_coach.rehearsal.script import Reader, Script
from voice_coach.rehearsal.sounds import Room, Voice
from voice_coach.rehearsal.stage import CoachHeard, CoachRead, Hearing, PersonHeard, SampleClock
from voice_coach.rehearsal.transcript import Mishearing, Transcript
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.speak.phrasing import Phrasing
from voice_coach.words import Outcome

ZONE = "UTC"
HOUR = time(18, 0, tzinfo=UTC)
"""When a rehearsed session is held: the seed decides alone, not the time of day."""
PROFILE = "rehearsed"
"""What the profiles of rehearsals begin with."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a session came to, by which two are compared."""

    how: str
    before: tuple[float, ...]
    rungs: tuple[tuple[str, float], ...]
    exposures: tuple[tuple[object, ...], ...]
    facts: tuple[str, ...]
    """What the coach said about the numbers, likelihoods among them."""


@dataclass(frozen=True, slots=True)
class Held:
    """One session as it was held."""

    outcome: Outcome
    result: Result
    transcript: Transcript
    seconds: float
    """How long it would have taken."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A spoken session and the same one typed."""

    spoken: Held
    typed: Held

    @property
    def right(self) -> bool:
        """The outcome is the one that the same answers give when typed."""
        return self.spoken.result == self.typed.result

    @property
    def culprit(self) -> Mishearing | None:
        """The first mishearing that changed the outcome; None where nothing changed or none is to blame."""
        return None if self.right else _culprit(self.spoken, self.typed)


class Rehearsal:
    """What rehearsals share: catalog, voice and recognizer."""

    def __init__(self, settings: Settings, recognizer: Recognizer) -> None:
        """`recognizer` is loaded here. Raises `CoachError` with what to do."""
        self._settings = Settings(settings.home, settings.language)
        self.catalog, self._understanding = open_understanding(settings)
        self.phrase = Phrasing(self.catalog, {})
        self._recognizer = recognizer
        recognizer.load()
        self._voice = Voice()
        self.voice = self._voice.name
        ladders = self.catalog.ladders.values()
        self._rungs: tuple[Rung, ...] = tuple(rung for ladder in ladders for rung in (*ladder.rungs, *ladder.twins))

    def hold(
        self, store: Store, seed: str, out: TextIO | None, *, script: Sequence[str] | None = None,
        wav: Path | None = None,
    ) -> Rehearsed:  # fmt: skip
        """The session of this seed, or of a script's lines, spoken into `store` and typed into a passing one."""
        with passing_store() as passing:
            at = datetime.combine(datetime.now(UTC).date(), HOUR)
            skips = script is not None
            mind: Mind
            if script is None:
                mind = self.person(seed)
                typed = self.hold_typed(passing, mind, at)
            else:
                clock = SampleClock(skips)
                reader = Reader(script, self._rungs, clock.now)
                typed = self._session(passing, at, clock, reader, None)
                mind = Script(reader.placed)
        room = Room(seed)
        return Rehearsed(self._session(store, at, SampleClock(skips), self._conduct(mind), room, out, wav), typed)

    def person(self, seed: str) -> Mind:
        """The person of this seed."""
        return Drawn(seed, self.catalog.ladders)

    def hold_typed(self, store: Store, person: Mind, now: datetime) -> Held:
        """A session typed into the matcher."""
        return self._session(store, now, SampleClock(), self._conduct(person), None)

    def hold_spoken(self, store: Store, person: Mind, now: datetime, seed: str) -> Held:
        """A session heard in the room of this seed."""
        return self._session(store, now, SampleClock(), self._conduct(person), Room(seed))

    def _conduct(self, mind: Mind) -> Conduct:
        return Conduct(mind, self._understanding.understand, self.phrase, self._rungs)

    def _session(
        self, store: Store, at: datetime, clock: SampleClock, person: Person, room: Room | None,
        out: TextIO | None = None, wav: Path | None = None,
    ) -> Held:  # fmt: skip
        events: Events = SimpleQueue()
        transcript = Transcript(out, self._understanding.understand, self.phrase, spoken=room is not None)
        voice = CoachRead(clock, transcript) if room is None else CoachHeard(clock, transcript)
        hearing = None if room is None else self._hearing(room)
        manner = self._recognizer.manner if room else "typed"
        listener = PersonHeard(events, clock, person, voice, transcript, hearing, manner)
        coach = Coach(self._settings, self.catalog, self._understanding, store, ZONE, lambda: at)
        outcome = run_stage(coach, Stage(clock, events, listener, voice))
        if wav and isinstance(voice, CoachHeard):
            write_wav(wav, voice.track(), listener.said)
        return Held(outcome, _result(store, outcome, transcript), transcript, clock.now())

    def _hearing(self, room: Room) -> Hearing:
        from voice_coach.listen.ear import Ear
        from voice_coach.listen.vad import Silero

        self._recognizer.forget_session()
        return Hearing(Ear(self._recognizer, Silero()), self._voice, room)


def open_store(home: Path) -> Store:
    """The journal with a profile that no other rehearsal has written to."""
    return Store(home / "coach.db", f"{PROFILE}-{uuid.uuid4().hex[:12]}")


@contextmanager
def passing_store() -> Iterator[Store]:
    """A journal that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="voice-coach-") as folder,
        closing(Store(Path(folder) / "coach.db", PROFILE)) as store,
    ):
        yield store


def _result(store: Store, outcome: Outcome, transcript: Transcript) -> Result:
    history = store.history(ZONE)
    return Result(
        outcome.how,
        tuple(check_in.value for check_in in history.check_ins),
        tuple((rated.rung, rated.value) for rated in history.rung_ratings),
        tuple(
            (done.rung, done.variation, done.how, done.before, done.peak, done.after, done.reached_end, done.happened)
            for done in history.exposures
        ),
        tuple(transcript.facts),
    )


def _culprit(spoken: Held, typed: Held) -> Mishearing | None:
    """Of what was not understood as spoken: the first on a question whose stored answer differs, else the last
    before the two sessions part, else the first."""
    wrong = spoken.transcript.mishearings
    keys = set(_changed(spoken.result, typed.result))
    for mishearing in wrong:
        if mishearing.key in keys:
            return mishearing
    parts = _parting(spoken.transcript.asked, typed.transcript.asked)
    before = [mishearing for mishearing in wrong if mishearing.asked <= parts]
    return before[-1] if before else next(iter(wrong), None)


def _changed(one: Result, other: Result) -> list[str]:
    """The questions whose stored answers differ."""
    keys = []
    if one.before != other.before:
        keys.append("ask.before")
    if one.rungs != other.rungs:
        keys.append("ask.rung")
    questions = ("ask.rung", "ask.rung", "say.begin", "ask.before", "ask.peak", "ask.after", "ask.reached_end",
                 "ask.happened")  # fmt: skip
    if len(one.exposures) == len(other.exposures):
        for mine, others in zip(one.exposures, other.exposures, strict=True):
            keys += [key for key, a, b in zip(questions, mine, others, strict=True) if a != b]
    if one.facts != other.facts:
        keys += ["ask.likelihood", "ask.likelihood_now"]
    return keys


def _parting(one: Sequence[str], other: Sequence[str]) -> int:
    """How many different questions the first session had put when its course left the second's."""
    others = _courses(other)
    for nth, (count, key) in enumerate(mine := _courses(one)):
        if nth >= len(others) or others[nth][1] != key:
            return count
    return mine[-1][0] + 1 if mine else 0


def _courses(keys: Sequence[str]) -> list[tuple[int, str]]:
    """The questions without their repetitions and without those about answers; the place of each."""
    course: list[tuple[int, str]] = []
    for place, key in enumerate(keys):
        aside = key.startswith(("ask.did_you_say", "ask.which_", "control.", "ask.paused", "ask.yes_right"))
        if not aside and (not course or course[-1][1] != key):
            course.append((place, key))
    return course
