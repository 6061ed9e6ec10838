"""The keyboard: a line an answer, and in a step every line as it comes."""

from __future__ import annotations

import os
from queue import Empty, SimpleQueue

import pytest

from voice_coach.listen.typed import Typed
from voice_coach.ports import Events, Turn
from voice_coach.words import Ended, Expects, Heard

STEP = Turn(Expects("command"), "exposure")
QUESTION = Turn(Expects("rating"))


def words(events: Events) -> str:
    event = events.get(timeout=5)
    assert isinstance(event, Heard)
    return event.text


def test_in_a_step_every_line_is_read_and_after_it_a_line_waits_for_its_question() -> None:
    ours, theirs = os.pipe()
    events: Events = SimpleQueue()
    with os.fdopen(theirs, "wb", buffering=0) as keyboard, os.fdopen(ours, "rb") as source:
        typed = Typed(source, events, lambda: 0.0)
        typed.start()
        typed.open(STEP)
        keyboard.write(b"reading it aloud\ndone\n")
        assert (words(events), words(events)) == ("reading it aloud", "done")
        typed.close()
        typed.open(QUESTION)
        keyboard.write(b"six\n")
        assert words(events) == "six"
        keyboard.write(b"seven\n")
        with pytest.raises(Empty):
            events.get(timeout=0.2)
        typed.open(QUESTION)
        assert words(events) == "seven"
        keyboard.close()
        typed.open(QUESTION)
        assert isinstance(events.get(timeout=5), Ended)
