"""What the floor takes for an answer: never the tail of its own line."""

from __future__ import annotations

from datetime import UTC, datetime
from queue import SimpleQueue

import pytest

from voice_coach.clocks import RealClock
from voice_coach.coach.floor import Floor, Over, Stage
from voice_coach.ports import Events, Line, Turn
from voice_coach.speak.printed import Printed
from voice_coach.words import (
    DeviceBack,
    DeviceLost,
    Ended,
    Event,
    Expects,
    Heard,
    Manner,
    PlaybackEnded,
    Silence,
    SpeechBegan,
)

TURN = Turn(Expects("yes-no"))
LINE = Line(0, "Zero is no anxiety, ten is total panic. Which number?")


class Ready:
    """A listener that has heard all it will: the events are in the queue."""

    name = "ready"
    manner: Manner = "rough"
    opened = 0

    def start(self) -> None:
        pass

    def open(self, turn: Turn) -> None:  # noqa: ARG002  any turn is as good
        self.opened += 1

    def close(self) -> None:
        pass

    def shut(self) -> None:
        pass


class Nowhere:
    """A text stream that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass


def floor_after(line: Line, events: Events) -> tuple[Floor, Ready]:
    listener = Ready()
    stage = Stage(RealClock(), events, listener, Printed(Nowhere(), events))  # type: ignore[arg-type]
    floor = Floor(stage, datetime.now(UTC), lambda _: "")
    floor.speak(line, TURN, lambda _: False)
    return floor, listener


@pytest.mark.parametrize(
    "echo",
    [
        Heard("ten", free="ten is total panic", overlap=True),
        Heard("repeat", free="tennis total panic which number", overlap=True),
        Heard("", free="", overlap=True),
    ],
)
def test_the_tail_of_the_line_is_no_answer(echo: Heard) -> None:
    events: Events = SimpleQueue()
    floor, _ = floor_after(LINE, events)
    events.put(echo)
    events.put(Heard("three", free="three"))
    answer = floor.listen(TURN, 5.0)
    assert isinstance(answer, Heard)
    assert answer.text == "three"


@pytest.mark.parametrize(
    "quick",
    [
        Heard("ten", free="ten", overlap=True),
        Heard("yes", free="yes", overlap=True),
        Heard("stop", free="please stop it now", overlap=True),
        Heard("ten", free="ten is total panic", overlap=False),
    ],
)
def test_a_quick_answer_counts(quick: Heard) -> None:
    events: Events = SimpleQueue()
    floor, _ = floor_after(LINE, events)
    events.put(quick)
    assert floor.listen(TURN, 5.0) == quick


def test_speech_that_begins_in_a_step_is_not_listened_to_anew() -> None:
    events: Events = SimpleQueue()
    floor, listener = floor_after(LINE, events)
    floor.watch(TURN)
    before = listener.opened
    events.put(SpeechBegan(1.0))
    events.put(Heard("coach done", free="coach done"))
    assert isinstance(floor.event(5.0), Heard)
    assert listener.opened == before


def test_silence_is_a_value() -> None:
    events: Events = SimpleQueue()
    floor, _ = floor_after(LINE, events)
    assert isinstance(floor.listen(TURN, 0.01), Silence)


class Breaking(Printed):
    """A loudspeaker that goes away during its first line; what comes then decides whether it is back."""

    def __init__(self, events: Events, then: Event) -> None:
        super().__init__(Nowhere(), events)  # type: ignore[arg-type]
        self.lines: list[str] = []
        self._queue, self._then = events, then

    def say(self, line: Line) -> None:
        self.lines.append(line.text)
        if len(self.lines) > 1 and isinstance(self._then, DeviceBack):
            super().say(line)
            return
        for event in (DeviceLost(0.1, "speaker"), PlaybackEnded(0.1, line.number), self._then):
            self._queue.put(event)


def test_a_line_that_the_loudspeaker_lost_is_spoken_again() -> None:
    events: Events = SimpleQueue()
    speaker = Breaking(events, DeviceBack(0.2, "speaker"))
    floor = Floor(Stage(RealClock(), events, Ready(), speaker), datetime.now(UTC), lambda _: "")
    floor.speak(LINE, TURN, lambda _: False)
    assert speaker.lines == [LINE.text, LINE.text]


def test_a_microphone_lost_while_a_line_is_spoken_is_told_before_listening() -> None:
    events: Events = SimpleQueue()
    events.put(DeviceLost(0.0, "microphone"))
    told: list[str] = []
    stage = Stage(RealClock(), events, Ready(), Printed(Nowhere(), events))  # type: ignore[arg-type]
    floor = Floor(stage, datetime.now(UTC), lambda what: told.append(what) or "Plug it in.")  # type: ignore[func-returns-value]
    floor.speak(LINE, TURN, lambda _: False)
    events.put(DeviceBack(1.0, "microphone"))
    events.put(Heard("yes"))
    assert floor.listen(TURN, 5.0) == Heard("yes")
    assert told == ["microphone"]


def test_whoever_leaves_while_the_loudspeaker_is_away_is_not_kept_by_a_last_line() -> None:
    events: Events = SimpleQueue()
    speaker = Breaking(events, Ended(0.2, "signal"))
    floor = Floor(Stage(RealClock(), events, Ready(), speaker), datetime.now(UTC), lambda _: "")
    with pytest.raises(Over):
        floor.speak(LINE, TURN, lambda _: False)
    floor.farewell(Line(0, "Stopped."))
    assert speaker.lines == [LINE.text]
