"""The session's real clock: it waits for events, keeps deadlines, and a signal is noticed while nothing is said."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from voice_coach.clocks import LOOKS_UP, RealClock
from voice_coach.ports import Events
from voice_coach.words import Deadline, Ended

ENDED, TOO_LATE = Ended(0.0, "signal"), Ended(1.0, "input")


@pytest.fixture
def events() -> Iterator[Events]:
    """A signal ends the session; whoever waits in vain is told so after 20 s."""
    queue: Events = SimpleQueue()
    before = signal.signal(signal.SIGUSR1, lambda *_: queue.put(ENDED))
    timer = threading.Timer(20.0, lambda: queue.put(TOO_LATE))
    timer.start()
    yield queue
    timer.cancel()
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("deadline", [None, 60.0])
def test_a_signal_that_another_thread_takes_ends_the_wait(events: Events, deadline: float | None) -> None:
    taken = threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR1))
    taken.start()
    assert RealClock().next(events, deadline) is ENDED


def test_a_deadline_is_kept_over_several_looks(events: Events) -> None:
    clock = RealClock()
    assert isinstance(clock.next(events, 2.5 * LOOKS_UP), Deadline)
    assert clock.now() >= 2.5 * LOOKS_UP


def test_what_is_there_already_comes_before_a_deadline_that_is_over(events: Events) -> None:
    events.put(ENDED)
    assert RealClock().next(events, -1.0) is ENDED
    assert isinstance(RealClock().next(events, -1.0), Deadline)
