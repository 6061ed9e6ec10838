"""A session's engines without hardware: a clock that counts samples, a person who speaks, a coach who is timed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty
from typing import TYPE_CHECKING, Protocol

from voice_coach.listen.recognizer import BLOCK, RATE
from voice_coach.ports import Events, Line, Turn
from voice_coach.rehearsal.conduct import Person
from voice_coach.rehearsal.person import Timed
from voice_coach.speak.silent import Silent
from voice_coach.speak.wav import Recorded
from voice_coach.words import Deadline, Ended, Event, Heard, Manner, PlaybackEnded

if TYPE_CHECKING:
    from voice_coach.rehearsal.sounds import Room, Voice

SECONDS = BLOCK / RATE
LEAD_IN = 0.5
"""Seconds of the room that are heard before the person speaks."""
TAIL = 4.0
"""Seconds of the room that are heard after it, unless the utterance was heard before; longer than any endpoint."""

READ = 15.0
"""Letters a second that somebody reads."""


class Ears(Protocol):
    """What hears blocks of sound (`voice_coach.listen.ear.Ear`)."""

    def open(self, turn: Turn) -> None: ...
    def close(self) -> None: ...
    def feed(self, block: bytes, at: float) -> list[Event]: ...


class Witness(Protocol):
    """Who writes down what was said and heard."""

    def line(self, line: Line) -> None:
        """The coach begins to speak a line."""

    def silent(self, line: Line) -> None:
        """The person says nothing to this line."""

    def heard(self, spoken: str, line: Line, turn: Turn, heard: Heard | None) -> None:
        """The person spoke, and this is what was heard of it; None: nothing at all."""


class SampleClock:
    """Counts samples while somebody speaks and jumps to what comes next while nobody does."""

    def __init__(self, skips: bool = False) -> None:
        self.skips = skips
        self.person: PersonHeard | None = None
        """Whoever answers; None: nobody."""
        self._ahead: list[Event] = []
        self._samples = 0

    def now(self) -> float:
        return self._samples / RATE

    def later(self, event: Event) -> Callable[[], None]:
        """Have this event at its own time; what is returned takes it back."""
        self._ahead.append(event)
        return lambda: self._ahead.remove(event)

    def next(self, events: Events, deadline: float | None) -> Event:
        while True:
            with suppress(Empty):
                return events.get_nowait()
            event = min(self._ahead, key=lambda ahead: ahead.at, default=None)
            speaks = self.person.due() if self.person else None
            comes = min((at for at in (speaks, event.at if event else None) if at is not None), default=None)
            if deadline is not None and (comes is None or deadline < comes):
                self._reach(deadline)
                return Deadline(self.now())
            if comes is None:
                return Ended(self.now(), "input")  # the person has left, and nobody else will speak
            self._reach(comes)
            if event and event.at <= comes:
                self._ahead.remove(event)
                return event
            if self.person:
                self.person.happen(self.now())

    def _reach(self, at: float) -> None:
        self._samples = max(self._samples, math.ceil(at * RATE - 1e-6))


class CoachHeard(Recorded):
    """The coach's voice as sound that nobody plays; tells the witness what is said."""

    def __init__(self, clock: SampleClock, witness: Witness) -> None:
        super().__init__(clock.now, clock.later)
        self._witness = witness
        self.last = Line(0, "")
        """The line that was spoken last, cues in the step left out."""

    def say(self, line: Line) -> None:
        super().say(line)
        if line.text:
            self._witness.line(line)
            if not line.key.startswith("cue."):
                self.last = line


class CoachRead(Silent):
    """The coach's lines as somebody reads them who types the answers."""

    def __init__(self, clock: SampleClock, witness: Witness) -> None:
        self._clock, self._witness = clock, witness
        self.last = Line(0, "")
        """As `CoachHeard.last`."""

    def say(self, line: Line) -> None:
        self._clock.later(PlaybackEnded(self._clock.now() + len(line.text) / READ, line.number))
        if line.text:
            self._witness.line(line)
            if not line.key.startswith("cue."):
                self.last = line


@dataclass(slots=True)
class Utterance:
    """What is being said, block by block."""

    text: str
    began: float
    left: deque[bytes]
    tail: int
    """How many of the last blocks hold nothing but the room."""
    heard: bool = False
    fed: list[bytes] = field(default_factory=list)

    @property
    def spoken(self) -> bool:
        """Nothing but the room is left."""
        return len(self.left) <= self.tail

    def next(self) -> bytes:
        """The next block."""
        self.fed.append(self.left.popleft())
        return self.fed[-1]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What it takes to be heard: ears, a voice and a room."""

    ears: Ears
    voice: Voice
    room: Room

    def utterance(self, text: str, at: float) -> Utterance:
        """The text as sound, with the room before and after it."""
        before, after = self.room.blocks(None, LEAD_IN), self.room.blocks(None, TAIL)
        return Utterance(text, at, deque([*before, *self.room.blocks(self.voice(text)), *after]), len(after))


class PersonHeard:
    """A listener whose microphone stands in front of the person; typed when there are no ears."""

    def __init__(
        self,
        events: Events,
        clock: SampleClock,
        person: Person,
        coach: CoachHeard | CoachRead,
        witness: Witness,
        hearing: Hearing | None,
        manner: Manner,
    ) -> None:
        """`hearing`: None where the person types. `manner`: how far the words can be trusted."""
        self._events, self._now, self._person, self._coach, self._witness = events, clock.now, person, coach, witness
        clock.person = self
        self._hearing = hearing
        self.manner = manner
        self.name = "rehearsed"
        self._turn: Turn | None = None
        self._line = Line(0, "")
        self._plan: deque[tuple[float, str]] = deque()
        self._saying: Utterance | None = None
        self._finished = False
        self.said: list[tuple[float, bytes]] = []
        """What sounded at the microphone: from when (session seconds), and the sound."""

    def start(self) -> None:
        pass

    def open(self, turn: Turn) -> None:
        if self._hearing:
            self._hearing.ears.open(turn)
        if turn.speaking:
            self._rest()
        elif turn is not self._turn:
            self._rest()
            self._turn, self._line = turn, self._coach.last
            self._take(self._person.replies(self._line, turn))
        elif not self._plan and not self._saying:
            self._take(self._person.goes_on(turn))

    def close(self) -> None:
        if self._hearing:
            self._hearing.ears.close()
        self._rest()

    def shut(self) -> None:
        pass

    def due(self) -> float | None:
        if self._turn and self._finished and not self._saying and not self._plan:
            self._finished = False
            self._take(self._person.goes_on(self._turn))
        if self._saying:
            return self._now() + SECONDS
        if self._plan:
            return self._plan[0][0] - (LEAD_IN if self._hearing else 0.0)
        return None

    def happen(self, at: float) -> None:
        if self._saying and self._hearing:
            self._hear(self._saying, self._hearing, at)
            return
        _, text = self._plan.popleft()
        if self._hearing:
            self._saying = self._hearing.utterance(text, at)
        else:
            self._finished = True
            self._post(text, Heard(text, began=at, at=at))

    def _take(self, said: tuple[Timed, ...] | None) -> None:
        if said is None:
            self._events.put(Ended(self._now(), "input"))
        elif said:
            self._plan.extend((self._now() + part.after, part.text) for part in said)
        elif self._turn and self._turn.pace not in ("exposure",):
            self._witness.silent(self._line)

    def _hear(self, said: Utterance, hearing: Hearing, at: float) -> None:
        for event in hearing.ears.feed(said.next(), at):
            if isinstance(event, Heard):
                said.heard = True
                self._post(said.text, event)
            else:
                self._events.put(event)
        if not said.left or (said.heard and said.spoken):
            if not said.heard:
                self._post(said.text, None)
            self._end(said)

    def _post(self, text: str, heard: Heard | None) -> None:
        if self._turn:
            self._witness.heard(text, self._line, self._turn, heard)
        if heard:
            self._events.put(heard)

    def _end(self, said: Utterance) -> None:
        self._saying, self._finished = None, True
        self.said.append((said.began, b"".join(said.fed)))

    def _rest(self) -> None:
        if self._saying:
            self._end(self._saying)
        self._turn, self._finished = None, False
        self._plan.clear()
