"""The session's clocks: real time, and one for pipes that skips what would only be waited for."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty

from voice_coach.ports import Events
from voice_coach.words import Deadline, Event

LOOKS_UP = 0.5
"""Seconds that are waited at a stretch. A signal that comes just before a wait, or to another thread, does not end it:
without looking up, a Ctrl-C would be noticed with the next answer only."""


class RealClock:
    """Monotonic time from the moment it was made."""

    skips = False

    def __init__(self) -> None:
        self._zero = time.monotonic()

    def now(self) -> float:
        return time.monotonic() - self._zero

    def next(self, events: Events, deadline: float | None) -> Event:
        while True:
            left = LOOKS_UP if deadline is None else max(0.0, deadline - self.now())
            try:
                return events.get(timeout=min(left, LOOKS_UP))
            except Empty:
                if deadline is not None and self.now() >= deadline:
                    return Deadline(self.now())


class PipeClock:
    """Time for a pipe: it pulls the next line when an answer is waited for, and jumps to deadlines.

    With `real_time` a blank line and a deadline are waited out; else time moves only by the deadlines that are
    skipped, so that a session's rules still see its length.
    """

    def __init__(self, pull: Callable[[float], Event | None], real_time: bool = False) -> None:
        self._pull = pull
        self._real = RealClock() if real_time else None
        self._jumped = 0.0
        self.skips = not real_time

    def now(self) -> float:
        return self._real.now() if self._real else self._jumped

    def next(self, events: Events, deadline: float | None) -> Event:
        try:
            return events.get_nowait()
        except Empty:
            pass
        event = self._pull(self.now())
        while isinstance(event, Deadline) and deadline is None:
            event = self._pull(self.now())  # a hold has no end: silence changes nothing
        if event is None or isinstance(event, Deadline):
            self._wait_until(deadline)
            return Deadline(self.now())
        return event

    def _wait_until(self, deadline: float | None) -> None:
        if deadline is None:
            return
        if self._real:
            time.sleep(max(0.0, deadline - self._real.now()))
        else:
            self._jumped = max(self._jumped, deadline)
