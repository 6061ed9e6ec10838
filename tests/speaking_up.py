"""Holds a conversation file by voice: a synthetic voice in a quiet room, the real endpoint, recognizer and matcher."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from conversing import Conversation, Turn, _understanding

from voice_coach.app import Coach, run_stage
from voice_coach.coach.floor import Stage
from voice_coach.listen.ear import Ear
from voice_coach.listen.recognizer import Recognizer
from voice_coach.listen.vad import Silero
from voice_coach.ports import Events, Line
from voice_coach.ports import Turn as Listening
from voice_coach.records import Rung
from voice_coach.rehearsal.conduct import THINKS, TRIES, Conduct, asked_by
from voice_coach.rehearsal.person import Asked, Drawn, Timed, Wish
from voice_coach.rehearsal.sounds import Room, Voice
from voice_coach.rehearsal.stage import CoachHeard, Hearing, PersonHeard, SampleClock
from voice_coach.rehearsal.transcript import Mishearing, Transcript
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.speak.phrasing import Phrasing
from voice_coach.words import Expects, Heard, Match, Outcome

IN_STEP = ("say.begin", "step.", "cue.")
"""What the coach said last while a step runs."""
FIRST, APART, AGAIN = 35.0, 40.0, 9.0
"""Seconds into a step at which something is said, between two sayings, and until it is said again."""
DANGER = ("danger.check", "danger.check_harm", "danger.check_now")


@dataclass(frozen=True, slots=True)
class Placed:
    """One reply of the file and the question that it answers."""

    identity: tuple[str, str]
    says: str


def _lost(mishearing: Mishearing) -> bool:
    """Not even among what was asked about."""
    return mishearing.meant.removeprefix("the command ") not in mishearing.understood


class Follower(Drawn):
    """Somebody who says the lines of a file, each at its question; elsewhere, what an ordinary person would say."""

    def __init__(self, placed: Sequence[Placed], mishearings: Sequence[Mishearing], typed: Outcome) -> None:
        """`mishearings`: grows by whatever was not understood as it was said. `typed`: how it ended when typed."""
        catalog, self._hears = _understanding()
        self._mishearings, self._known = mishearings, 0
        self._again = 0
        super().__init__("1", catalog.ladders, courses={"went": 1})
        self._quirk = "none"
        self._endangered = typed.how == "crisis"
        """The danger in the file's words is meant, and is said to be so."""
        self._leaves = typed.how == "input_ended"
        self._placed = [one for one in placed if not one.identity[0].startswith((*IN_STEP, "ask.reflect"))]
        self._step = [one.says for one in placed if one.identity[0].startswith(IN_STEP) and one.says]
        self._reflection = [one.says for one in placed if one.identity[0] == "ask.reflect" and one.says]
        self._next = 0

    def wish(self, asked: Asked) -> Wish | None:  # type: ignore[override]
        if self._endangered and asked.key in DANGER:
            return Wish("yes")
        misheard = any(_lost(mishearing) for mishearing in self._mishearings[self._known :])
        self._known = len(self._mishearings)
        ahead = range(self._next, len(self._placed))
        place = next((place for place in ahead if self._placed[place].identity == asked.identity), None)
        last = self._placed[self._next - 1] if self._next else None
        if place != self._next and last is not None and last.identity == asked.identity:
            return self._said(last)  # asked again
        lost = place != self._next and last is not None and misheard
        if last is not None and lost and self._again < TRIES and self._means_anywhere(last.says):
            self._again += 1
            return self._said(last)  # the coach went on without it
        if place is None and self._next < len(self._placed) and self._means_anywhere(self._placed[self._next].says):
            place = self._next
        if place is None and self._leaves and self._next >= len(self._placed):
            return None
        if place is None:
            return super().wish(asked)
        self._again = 0
        self._next = place + 1
        return self._said(self._placed[place])

    def insists(self, asked: Asked) -> bool:
        if self._endangered and asked.key in DANGER:
            return True
        return self._next < len(self._placed) and self._placed[self._next].identity == asked.identity

    def paced(self, key: str) -> str | None:
        """What is said to a line of an exercise; None: it is followed in silence."""
        if self._next < len(self._placed) and self._placed[self._next].identity[0] == key:
            self._next += 1
            return self._placed[self._next - 1].says
        return None

    def step(self, speaks_aloud: bool) -> tuple[Timed, ...]:
        del speaks_aloud
        said = [Timed(FIRST + APART * nth, text) for nth, text in enumerate(self._step)]
        again = [Timed(said[-1].after + AGAIN * nth, said[-1].text) for nth in (1, 2)] if said else []
        return (*said, *again)

    def reflection(self) -> tuple[Timed, ...]:
        return tuple(Timed(4.0 + 10.0 * nth, text) for nth, text in enumerate(self._reflection))

    def _means_anywhere(self, text: str) -> bool:
        """A command or danger: it is meant whatever the question."""
        understood = self._hears.understand(Heard(text), Expects("text"))
        command = isinstance(understood.answer, Match) and understood.answer.kind == "command"
        return command or any(flag.category == "crisis" for flag in understood.flags)

    def _said(self, placed: Placed) -> Wish:
        return Wish(placed.says)


class Speaking(Conduct):
    """Conducts itself as people do, and speaks into an exercise where the file does."""

    def __init__(self, mind: Follower) -> None:
        catalog, hears = _understanding()
        self._follower = mind
        super().__init__(mind, hears.understand, Phrasing(catalog, {}), rungs())

    def replies(self, line: Line, turn: Listening) -> tuple[Timed, ...] | None:
        if line.key.startswith("stabilise.") and "?" not in line.text:
            text = self._follower.paced(line.key)
            return (Timed(THINKS, text),) if text else ()
        return super().replies(line, turn)


class Record(Transcript):
    """Writes down also each line that the coach said."""

    def __init__(self, out: io.StringIO) -> None:
        catalog, hears = _understanding()
        super().__init__(out, hears.understand, Phrasing(catalog, {}), spoken=True)
        self.lines: list[Line] = []

    def line(self, line: Line) -> None:
        self.lines.append(line)
        super().line(line)


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a conversation went by voice."""

    outcome: Outcome
    lines: tuple[Line, ...]
    asked: tuple[str, ...]
    """The keys of the questions that were answered, in order."""
    mishearings: tuple[Mishearing, ...]
    transcript: str
    seconds: float
    """How long it would have taken."""


@cache
def rungs() -> tuple[Rung, ...]:
    """Every rung of the shipped ladders."""
    ladders = _understanding()[0].ladders.values()
    return tuple(rung for ladder in ladders for rung in (*ladder.rungs, *ladder.twins))


def place(turns: Sequence[Turn], lines: Sequence[Line]) -> tuple[Placed, ...]:
    """The replies with the questions that they answered when typed."""
    listening = Listening(Expects("text"))
    return tuple(
        Placed(asked_by(line, listening, rungs()).identity, turn.aloud or turn.says)
        for turn, line in zip(turns, lines, strict=True)
    )


def hold_spoken(
    home: Path, conversation: Conversation, placed: Sequence[Placed], recognizer: Recognizer, voice: Voice,
    typed: Outcome,
) -> Spoken:  # fmt: skip
    """The conversation in this home, heard from a voice."""
    catalog, hears = _understanding()
    settings = Settings(home, private=conversation.private)
    events: Events = SimpleQueue()
    clock = SampleClock()
    out = io.StringIO()
    record = Record(out)
    speaker = CoachHeard(clock, record)
    recognizer.forget_session()
    hearing = Hearing(Ear(recognizer, Silero()), voice, Room(conversation.name))
    person = Speaking(Follower(placed, record.mishearings, typed))
    listener = PersonHeard(events, clock, person, speaker, record, hearing, recognizer.manner)
    store = Store(home / "coach.db")
    try:
        coach = Coach(settings, catalog, hears, store, conversation.zone, lambda: conversation.now)
        outcome = run_stage(coach, Stage(clock, events, listener, speaker))
    finally:
        store.close()
    return Spoken(
        outcome, tuple(record.lines), tuple(record.asked), tuple(record.mishearings), out.getvalue(), clock.now()
    )
