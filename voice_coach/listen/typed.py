"""The keyboard or a pipe as a listener: one line is one utterance, a blank line is silence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import BinaryIO

from voice_coach.ports import Events, Turn
from voice_coach.words import Deadline, Ended, Event, Heard, Manner


def read_line(stream: BinaryIO, now: Callable[[], float]) -> Event:
    """The next line as an event: Heard, Deadline for a blank one, Ended at the end of input. Blocks."""
    try:
        raw = stream.readline()
    except (OSError, ValueError):
        raw = b""
    if not raw:
        return Ended(now(), "input")
    text = raw.decode("utf-8", errors="replace").strip()
    return Heard(text, began=now(), at=now()) if text else Deadline(now())


class Typed:
    """Reads a terminal in a thread of its own. Lines typed before a question wait for it."""

    name = "typed"
    manner: Manner = "typed"

    def __init__(self, stream: BinaryIO, events: Events, now: Callable[[], float]) -> None:
        self._stream, self._events, self._now = stream, events, now
        self._wanted = threading.Semaphore(0)
        self._asked = False
        self._many = False
        """One line does not end the turn: in a step everything typed is read as it comes."""

    def start(self) -> None:
        threading.Thread(target=self._read, name="typed", daemon=True).start()

    def open(self, turn: Turn) -> None:
        if turn.speaking:
            return
        self._many = turn.pace == "exposure"
        if not self._asked:
            self._asked = True
            self._wanted.release()

    def close(self) -> None:
        self._many = False

    def shut(self) -> None:
        pass

    def _read(self) -> None:
        more = False
        while True:
            if not more:
                self._wanted.acquire()
            event = read_line(self._stream, self._now)
            self._asked = more = self._many
            self._events.put(event)
            if isinstance(event, Ended):
                return


class Piped:
    """A pipe. It is read by the clock, only when somebody waits for an answer, so every line meets its question."""

    name = "typed"
    manner: Manner = "typed"

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._listening = False

    def start(self) -> None:
        pass

    def open(self, turn: Turn) -> None:
        self._listening = not turn.speaking

    def close(self) -> None:
        self._listening = False

    def shut(self) -> None:
        pass

    def pull(self, now: float) -> Event | None:
        """The next line as an event; None while nobody listens."""
        return read_line(self._stream, lambda: now) if self._listening else None
