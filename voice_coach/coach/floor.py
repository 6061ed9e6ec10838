"""Who has the floor: speaks a line to its end or listens for one utterance, and keeps the state by the table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voice_coach import turns
from voice_coach.ports import Clock, Events, Line, Listener, Speaker, Turn
from voice_coach.words import (
    Deadline,
    DeviceBack,
    DeviceLost,
    Ended,
    Heard,
    Outcome,
    PlaybackEnded,
    Silence,
    SpeechBegan,
)

LONGEST_UTTERANCE = 60.0
"""Seconds after which a speech that never ends no longer holds back the re-prompt."""
SOUND_BYTES = 32_000
"""Bytes a second of a line's own sound."""
DEVICE_PATIENCE = 120.0
"""Seconds to wait for a lost device before the session is ended, saved."""


class Over(Exception):
    """The session ends here, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.how)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Stage:
    """The engines that a session is handed."""

    clock: Clock
    events: Events
    listener: Listener
    speaker: Speaker


class Floor:
    """Speaks and listens. Raises `Over` at end of input, on a signal and when a device stays away."""

    def __init__(self, stage: Stage, started: datetime, say_lost: Callable[[str], str]) -> None:
        """`started`: UTC, the moment of clock zero. `say_lost`: what to say when a device is lost, by its name."""
        self._stage = stage
        self._started = started
        self._say_lost = say_lost
        self._number = 0
        self._said: list[str] = []
        self._deaf = False  # the microphone went away while a line was spoken
        self._mute = False  # the loudspeaker is away
        self._kept: Heard | Over | None = None
        self.state: turns.State = "idle"

    def now(self) -> datetime:
        """UTC: the start plus what the session's clock counted, whatever the wall clock does meanwhile."""
        return self._started + timedelta(seconds=self._stage.clock.now())

    def seconds(self) -> float:
        """Session seconds."""
        return self._stage.clock.now()

    def enter(self, signal: turns.Signal) -> None:
        """Take the step that the table names."""
        self.state = turns.step(self.state, signal)

    def renew(self) -> None:
        """Another session begins on the same stage."""
        self.state = "idle"

    def prepare(self, text: str) -> None:
        """Make a line ready that will probably come next."""
        self._stage.speaker.prepare(text)

    def begin(self, line: Line) -> Line:
        """Start a line without waiting for its end. Returns it with its number."""
        self._number += 1
        self._said = [*self._said[-1:], line.text]
        numbered = replace(line, number=self._number)
        self._stage.speaker.say(numbered)
        return numbered

    def speak(self, line: Line, turn: Turn, overlap: Callable[[Heard], bool]) -> None:
        """Speak to the end. `overlap` is told of every utterance meanwhile; where it returns True, speech stops.

        A line during which the loudspeaker went away is spoken again once it is back.
        """
        self.enter("speak")
        self._stage.listener.open(turn)
        while not self._spoken(self.begin(line), overlap):
            self._wait_for_device("speaker")
        self._stage.listener.close()
        self.enter("spoken")

    def _spoken(self, numbered: Line, overlap: Callable[[Heard], bool]) -> bool:
        """Wait for the end of a line. False: the loudspeaker went away."""
        # A speaker that never reports its end must not silence the session for good.
        deadline = self.seconds() + 20.0 + 0.25 * len(numbered.text) + len(numbered.sound) / SOUND_BYTES
        while True:
            match self._stage.clock.next(self._stage.events, deadline):
                case PlaybackEnded(line=number) if number >= numbered.number:
                    return True
                case Heard() as heard:
                    if overlap(heard):
                        self._stage.speaker.stop()
                case Ended(why=why):
                    self._ended(why)
                case DeviceLost(what="speaker"):
                    return False
                case DeviceLost():
                    self._deaf = True
                case DeviceBack(what="microphone"):
                    self._deaf = False
                case Deadline():
                    return True
                case _:
                    pass

    def farewell(self, line: Line) -> None:
        """Speak a last line to its end, whatever the state; nothing is listened to any more.

        Where the loudspeaker is away nobody would hear it, and whoever wants to leave is not kept.
        """
        self._stage.listener.close()
        if self._mute:
            return
        self._stage.speaker.stop()
        numbered = self.begin(line)
        deadline = self.seconds() + 20.0
        while True:
            match self._stage.clock.next(self._stage.events, deadline):
                case PlaybackEnded(line=number) if number >= numbered.number:
                    return
                case Deadline() | Ended() | DeviceLost(what="speaker"):
                    return
                case _:
                    pass

    def adjust(self, rate: float, volume: float) -> None:
        """The rate and volume from the next line on."""
        self._stage.speaker.adjust(rate, volume)

    def stop(self) -> None:
        """Fall silent at once."""
        self._stage.speaker.stop()

    def watch(self, turn: Turn) -> None:
        """Listen under this turn; events are taken with `event`."""
        self._stage.listener.open(turn)

    def unwatch(self) -> None:
        """Stop listening."""
        self._stage.listener.close()

    def event(self, deadline: float | None) -> Heard | Silence | None:
        """The next utterance, Silence at the deadline (session seconds), or None for what needs no answer."""
        event = self._stage.clock.next(self._stage.events, deadline)
        while isinstance(event, SpeechBegan):  # to listen anew now would drop what has just begun
            event = self._stage.clock.next(self._stage.events, deadline)
        match event:
            case Heard() as heard:
                return heard
            case Ended(why=why):
                self._ended(why)
                return None
            case DeviceLost(what=what):
                self._wait_for_device(what)
                return None
            case DeviceBack() | PlaybackEnded():
                return None
            case _:
                return Silence()

    def listen(self, turn: Turn, seconds: float) -> Heard | Silence:
        """One utterance, or Silence when nobody began to speak for so long (infinite: no end)."""
        if self._deaf:
            self._wait_for_device("microphone")
        kept, self._kept = self._kept, None
        if isinstance(kept, Over):
            raise kept
        if kept is not None:
            return kept
        self._stage.listener.open(turn)
        deadline = None if math.isinf(seconds) else self.seconds() + seconds
        while True:
            match self._stage.clock.next(self._stage.events, deadline):
                case Heard() as heard if not self._echoes(heard):
                    self._stage.listener.close()
                    return heard
                case SpeechBegan(at=at):
                    deadline = None if deadline is None else max(deadline, at + LONGEST_UTTERANCE)
                case Ended(why=why):
                    self._ended(why)
                case DeviceLost(what=what):
                    self._wait_for_device(what)
                    self._stage.listener.open(turn)
                    deadline = None if math.isinf(seconds) else self.seconds() + seconds
                case PlaybackEnded() | DeviceBack() | Heard():
                    pass
                case _:
                    self._stage.listener.close()
                    return Silence()

    def wait(self, turn: Turn, seconds: float, for_now: Callable[[Heard], bool]) -> Heard | Silence:
        """Listen in a silent wait. Where waits are skipped, words not meant for it are kept for the next question.

        So is the end of the input: nobody was asked anything.
        """
        if not self.skips:
            return self.listen(turn, seconds)
        if self._kept is not None:
            return Silence()
        try:
            heard = self.listen(turn, seconds)
        except Over as over:
            if over.outcome.how != "input_ended":
                raise
            self._kept = over
            return Silence()
        if isinstance(heard, Heard) and not for_now(heard):
            self._kept = heard
            return Silence()
        return heard

    def _echoes(self, heard: Heard) -> bool:
        """Begun in the tail of a spoken line and made of its words. One word alone may be a quick answer."""
        words = plain(heard.free or heard.text)
        if not heard.overlap or len(words) == 1:
            return False
        said = set(plain(" ".join(self._said)))
        return sum(word in said for word in words) >= len(words) / 2

    @property
    def skips(self) -> bool:
        """Waits are skipped: a turn of fixed length ends with its first utterance."""
        return self._stage.clock.skips

    def _wait_for_device(self, what: str) -> None:
        if what == "microphone":
            self.begin(Line(0, self._say_lost(what), f"device.{what}_lost"))
        else:
            self._mute = True
        until = self.seconds() + DEVICE_PATIENCE
        while True:
            match self._stage.clock.next(self._stage.events, until):
                case DeviceBack(what=back) if back == what:
                    self._deaf = self._mute = False
                    return
                case Ended(why=why):
                    self._ended(why)
                case Deadline():
                    raise Over(Outcome("device_lost", what))
                case _:
                    pass

    def _ended(self, why: str) -> None:
        self._stage.listener.close()
        raise Over(Outcome("input_ended" if why == "input" else "interrupted"))


def plain(text: str) -> list[str]:
    """The words, in small letters and without signs."""
    return "".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower()).split()
