"""A sound file in place of the microphone, in real time or as fast as it can be heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from voice_coach.errors import CoachError
from voice_coach.listen.audio import read_wav
from voice_coach.listen.ear import Ear
from voice_coach.listen.endpoint import SECONDS
from voice_coach.listen.recognizer import BLOCK, RATE, Recognizer
from voice_coach.listen.vad import Silero
from voice_coach.ports import Events, Turn
from voice_coach.words import Ended, Event, Heard

TAIL = 4.0
"""Seconds of silence after the file: its last utterance is to find an end too."""

_BYTES = 2 * BLOCK


class WavFile:
    """A `Listener` on a file. It plays once, then `Ended` is posted.

    As fast as possible, times are the file's own and it waits where nobody listens: from an utterance to the next
    `open`, except in an exposure. In real time it plays on from `start`, as a person at a microphone speaks on.
    """

    def __init__(
        self, path: Path, recognizer: Recognizer, events: Events, now: Callable[[], float] | None = None
    ) -> None:
        """`now`: session seconds, and the file plays in real time; None: as fast as possible."""
        self.name, self.manner = recognizer.name, recognizer.manner
        self.fault: CoachError | None = None
        """Why the recognizer could not be loaded; then no more input can come."""
        self._path, self._recognizer, self._events, self._now = path, recognizer, events, now
        self._orders: SimpleQueue[Turn | None] = SimpleQueue()
        self._changing = threading.Lock()
        self._ordered = self._obeyed = 0
        self._over = threading.Event()
        self._turn: Turn | None = None
        self._thread: threading.Thread | None = None
        self._sound = b""

    def start(self) -> None:
        self._sound = read_wav(self._path) + bytes(2 * round(TAIL * RATE))
        self._thread = threading.Thread(target=self._play, name="wav", daemon=True)
        self._thread.start()

    def open(self, turn: Turn) -> None:
        self._order(turn)

    def close(self) -> None:
        self._order(None)

    def shut(self) -> None:
        self._over.set()
        self._order(None)
        if self._thread:
            self._thread.join(timeout=5.0)
            self._thread = None

    def _order(self, turn: Turn | None) -> None:
        with self._changing:
            self._ordered += 1
            self._orders.put(turn)

    # --- the thread that owns the ear ---

    def _play(self) -> None:
        try:
            self._recognizer.load()
            self._hear_all(Ear(self._recognizer, Silero()))
        except CoachError as fault:
            self._give_up(fault)
        except Exception as fault:  # a broken recognizer must end in words, not in a coach that never answers
            self._give_up(CoachError(f"The recognizer {self.name} broke ({type(fault).__name__}). Start again."))
        finally:
            self._recognizer.close()

    def _give_up(self, fault: CoachError) -> None:
        self.fault = fault
        self._events.put(Ended(self._now() if self._now else 0.0, "input"))

    def _hear_all(self, ear: Ear) -> None:
        started, at = (self._now() if self._now else 0.0), 0.0
        for number, place in enumerate(range(0, len(self._sound) - _BYTES + 1, _BYTES), 1):
            at = started + number * SECONDS
            if self._now:
                time.sleep(max(0.0, at - self._now()))
            self._obey(ear)
            if self._over.is_set():
                return
            self._post(ear.feed(self._sound[place : place + _BYTES], at))
        self._events.put(Ended(at, "input"))

    def _obey(self, ear: Ear) -> None:
        """Takes the orders given meanwhile. As fast as possible, waits for one while nobody listens."""
        while not self._orders.empty() or (self._turn is None and self._now is None and not self._over.is_set()):
            self._turn = self._orders.get()
            self._obeyed += 1
            if self._turn is None:
                ear.close()
            else:
                ear.open(self._turn)

    def _post(self, events: list[Event]) -> None:
        with self._changing:
            if self._obeyed != self._ordered:  # the turn was closed while its last block was decoded
                return
            for event in events:
                self._events.put(event)
        heard = any(isinstance(event, Heard) for event in events)
        if heard and self._now is None and self._turn is not None and self._turn.pace != "exposure":
            self._turn = None
