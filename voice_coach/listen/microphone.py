"""The microphone as a listener: the device only queues; one thread owns the ear and posts what it hears."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from voice_coach import devices
from voice_coach.errors import CoachError, Missing
from voice_coach.listen.capture import Capture, Gone
from voice_coach.listen.ear import Ear
from voice_coach.listen.noise_floor import NoiseFloor
from voice_coach.listen.own_output import records_own_output
from voice_coach.listen.recognizer import Recognizer
from voice_coach.listen.vad import Silero
from voice_coach.ports import Events, Turn
from voice_coach.words import DeviceBack, DeviceLost, Ended

REOPEN = 1.0
"""Seconds between two tries to open a lost microphone."""
OWN_OUTPUT = 5.0
"""Seconds between two looks at what the sound server records from."""
_WATCH = 0.25


@dataclass(frozen=True, slots=True)
class _Block:
    sound: bytes
    at: float


@dataclass(frozen=True, slots=True)
class _Opened:
    """A turn to listen for, or None to stop; numbered, so that a turn that is over posts nothing more."""

    number: int
    turn: Turn | None


class Microphone:
    """A `Listener` on a sound device. The recognizer is loaded in the background; what is said meanwhile waits."""

    def __init__(
        self, events: Events, recognizer: Recognizer, now: Callable[[], float], device: str | None = None
    ) -> None:
        """`now`: session seconds. `device`: the microphone's name, None for the system's own."""
        self.name, self.manner = recognizer.name, recognizer.manner
        self.fault: CoachError | None = None
        """Why the recognizer could not be loaded; then the session was told that no more input can come."""
        self.turn: Turn | None = None
        """What is listened for now."""
        self._events, self._recognizer, self._now, self._device = events, recognizer, now, device
        self._queue: SimpleQueue[_Block | _Opened | None] = SimpleQueue()
        self._capture = Capture(device, now, lambda block, at: self._queue.put(_Block(block, at)))
        self._opened = 0
        self._opening = threading.Lock()
        self._thread: threading.Thread | None = None
        self._lost = False
        self._tried = self._looked = time.monotonic()

    def start(self) -> None:
        devices.find("microphone", self._device)
        try:
            self._capture.open()
        except Gone as fault:
            raise Missing(
                f"The microphone cannot be opened ({fault}). Close what else uses it, or plug it in again."
            ) from None
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()

    def open(self, turn: Turn) -> None:
        self._turn_to(turn)

    def close(self) -> None:
        self._turn_to(None)

    def shut(self) -> None:
        self._turn_to(None)
        self._queue.put(None)
        if self._thread:
            devices.wait_for(self._thread, 5.0)
            self._thread = None

    def _turn_to(self, turn: Turn | None) -> None:
        with self._opening:
            self._opened += 1
            self.turn = turn
            self._queue.put(_Opened(self._opened, turn))

    # --- the thread that owns the ear ---

    def _listen(self) -> None:
        try:
            self._recognizer.load()
            ear = Ear(self._recognizer, Silero())
            self._hear_all(ear)
        except CoachError as fault:
            self._give_up(fault)
        except Exception as fault:  # a broken recognizer must end in words, not in a coach that never answers
            self._give_up(CoachError(f"The recognizer {self.name} broke ({type(fault).__name__}). Start again."))
        finally:
            self._capture.close()
            self._recognizer.close()

    def _give_up(self, fault: CoachError) -> None:
        self.fault = fault
        self._events.put(Ended(self._now(), "input"))

    def _hear_all(self, ear: Ear) -> None:
        opened, floor = 0, NoiseFloor()
        while True:
            try:
                item = self._queue.get(timeout=_WATCH)
            except Empty:
                self._watch()
                continue
            match item:
                case None:
                    return
                case _Block(sound=sound, at=at):
                    events = ear.feed(floor.under(sound), at)
                    with self._opening:
                        # A turn that was closed while its last block was decoded says nothing any more.
                        for event in events if opened == self._opened else ():
                            self._events.put(event)
                    self._watch()
                case _Opened(number=opened, turn=None):
                    ear.close()
                case _Opened(number=opened, turn=Turn() as turn):
                    ear.open(turn)

    def _watch(self) -> None:
        """Say when the device is lost or back; try a lost one again each second."""
        now = time.monotonic()
        if not self._lost:
            if self._capture.well() and not self._hears_itself(now):
                return
            self._lost = True
            self._events.put(DeviceLost(self._now(), "microphone"))
            self._capture.close()
        if now - self._tried < REOPEN:
            return
        self._tried = now
        try:
            self._capture.open()
        except (Gone, Missing):
            return
        self._looked = 0.0
        if self._hears_itself(now):
            self._capture.close()
            return
        self._lost = False
        self._events.put(DeviceBack(self._now(), "microphone"))

    def _hears_itself(self, now: float) -> bool:
        answering = self.turn is not None and not self.turn.speaking and self.turn.pace != "exposure"
        if answering or now - self._looked < OWN_OUTPUT:  # asking takes a moment, and an answer must not wait for it
            return False
        self._looked = now
        return records_own_output()
