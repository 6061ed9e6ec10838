"""The spoken session: joins the microphone, the ear's recognizer and the loudspeaker, and ends well on a signal."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue

from voice_coach import devices, plain
from voice_coach.app import lessons_of, load_catalog, open_coach
from voice_coach.clocks import RealClock
from voice_coach.coach.floor import Stage
from voice_coach.errors import BadInput
from voice_coach.learning import ready_to_learn
from voice_coach.listen.keys import Keys
from voice_coach.listen.learned import Learned
from voice_coach.listen.microphone import Microphone
from voice_coach.ports import Events, Line
from voice_coach.recognizers import pick_recognizer
from voice_coach.settings import Settings
from voice_coach.speak import rendered
from voice_coach.speak.pyttsx3_speaker import SpokenAloud
from voice_coach.understand.catalog import Catalog
from voice_coach.words import Ended, Outcome

_M_ARENA_MAX = -8
"""glibc's name for the number of pools, from malloc.h."""
_TURN = 0.0005
"""Seconds for which a thread holds the interpreter while another waits for it."""
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def hold_spoken(settings: Settings, tell: Callable[[str], None], terminal: int | None = None) -> Outcome:
    """One spoken session. `terminal`: a keyboard's file descriptor.

    `tell` is told with which recognizer, and of examples that cannot be used.
    Raises `Missing` without devices, saying what to do.
    """
    _share_memory()
    with devices.hushed():
        devices.find("microphone", settings.microphone or None)
        events: Events = SimpleQueue()
        clock = RealClock()
        picked = pick_recognizer(settings.recognizer, None, settings.home)
        # On a kiosk nobody's voice is learned, and nobody is heard by what was learned of another.
        recognizer = Learned(picked, ()) if settings.kiosk else ready_to_learn(picked, settings.home, tell)
        microphone = Microphone(events, recognizer, clock.now, settings.microphone or None)
        clips = partial(rendered.sound, settings.home)
        speaker = SpokenAloud(events, clock.now, settings.speaker or None, settings.language, clips)
        say_plainly = plain.teller(settings.home, sys.stdout, plain.loudspeaker(settings.speaker or None))
        if terminal is not None:
            Keys(terminal, events, clock.now, lambda: microphone.turn).start()
        with _signals_end(events, clock.now), closing(_Engines(microphone, speaker)) as engines:
            # The first word must not wait for all that is read: the loudspeaker opens meanwhile.
            try:
                with _short_turns(), ThreadPoolExecutor(1) as aside:
                    opening = aside.submit(speaker.start)
                    catalog = load_catalog(settings)
                    if recognizer.manner == "rough":
                        engines.announce(settings, catalog)
                    opened = open_coach(settings, read=catalog)
                    lessons = lessons_of(settings, opened.catalog, recognizer)
                    opening.result()
            except Exception:  # whatever is broken, whoever is in danger must hear the number
                speaker.shut()
                plain.lead(say_plainly, plain.spoken(events, clock, microphone), settings.language)
                raise
            coach = replace(opened, lessons=lessons, where="spoken")
            coach = replace(coach, last_resort=lambda response: plain.respond(say_plainly, response))
            with closing(coach.store):
                microphone.start()
                tell(f"Listening with {recognizer.name}. Enter ends a step; Ctrl-C ends the session and keeps it.")
                outcome = coach.hold(Stage(clock, events, microphone, speaker))
            try:
                lessons.keep()
            except BadInput as fault:
                tell(fault.message)
        if microphone.fault:
            raise microphone.fault
        return outcome


def _share_memory() -> None:
    """One pool of memory for all threads: glibc's pool for each holds on to what it once needed, some 25 MB."""
    with suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


@contextmanager
def _short_turns() -> Iterator[None]:
    """Threads take shorter turns: at the usual 5 ms the first words wait a fifth of a second for what is being read."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@dataclass(frozen=True, slots=True)
class _Engines:
    microphone: Microphone
    speaker: SpokenAloud

    def announce(self, settings: Settings, catalog: Catalog) -> None:
        """Say aloud that the weaker recognizer listens."""
        self.speaker.adjust(settings.rate, settings.volume)
        self.speaker.say(Line(0, catalog.lines["say.built_in"].say, "say.built_in"))

    def close(self) -> None:
        self.microphone.shut()
        self.speaker.shut()


@contextmanager
def _signals_end(events: Events, now: Callable[[], float]) -> Iterator[None]:
    """A first Ctrl-C, hang-up or SIGTERM ends the session in good order; a second one at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = False

    def end(*_: object) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True
        events.put(Ended(now(), "signal"))

    before = {number: signal.signal(number, end) for number in (getattr(signal, name) for name in _SIGNALS)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
