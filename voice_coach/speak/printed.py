"""A speaker that prints: one line of text a spoken line, nothing redrawn, nothing coloured."""

from __future__ import annotations

import contextlib
from typing import TextIO

from voice_coach.ports import Events, Line
from voice_coach.speak.silent import Silent
from voice_coach.words import PlaybackEnded


class Printed(Silent):
    """Writes to a text stream; a stream that is gone ends nothing."""

    def __init__(self, stream: TextIO, events: Events) -> None:
        self._stream = stream
        self._events = events

    def say(self, line: Line) -> None:
        if line.text:
            # Where the reader went away, the answers already given are in the journal.
            with contextlib.suppress(BrokenPipeError, ValueError):
                print(line.text, file=self._stream, flush=True)
        self._events.put(PlaybackEnded(0.0, line.number))
