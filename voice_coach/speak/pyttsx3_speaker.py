"""The coach's voice on a loudspeaker: pyttsx3 makes the sound in one thread, another plays it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from voice_coach import devices
from voice_coach.errors import Missing
from voice_coach.ports import Events, Line
from voice_coach.speak import espeak
from voice_coach.speak.driver import NORMAL_WPM, synthesise
from voice_coach.speak.playback import Gone, Playback
from voice_coach.speak.recorded import at_output_rate
from voice_coach.speak.tones import tone
from voice_coach.speak.wav import louder
from voice_coach.words import DeviceBack, DeviceLost, PlaybackEnded

SLOWEST, FASTEST = 80, 600
"""Words a minute that the engine speaks."""
HOLDS = 12.0
"""Seconds for which a line waits for a lost loudspeaker before it is given up."""
REOPEN = 1.0
"""Seconds between two tries to open a lost loudspeaker."""
_WATCH = 0.5
_READY = 8
"""Texts kept ready."""


@dataclass(frozen=True, slots=True)
class _Prepare:
    text: str
    words_per_minute: int


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A line with the manner and the hush that held when it was said."""

    line: Line
    words_per_minute: int
    volume: float
    hushed: threading.Event


@dataclass(frozen=True, slots=True)
class _Sound:
    spoken: _Spoken
    pcm: bytes


class SpokenAloud:
    """A `Speaker` over pyttsx3 and a sound device that stays open. A line is made while the one before it plays."""

    def __init__(
        self,
        events: Events,
        now: Callable[[], float],
        device: str | None = None,
        voice: str = "en",
        rendered: Callable[[str, int], bytes] = lambda _key, _words_per_minute: b"",
    ) -> None:
        """`now`: session seconds. `device`: the loudspeaker's name, None for the system's own.

        `rendered`: the sound of a line by its key and rate, for when the engine cannot speak it; empty for none.
        """
        self._events, self._now, self._device, self._voice = events, now, device, voice
        self._rendered = rendered
        self._playback = Playback(device)
        self._to_make: SimpleQueue[_Spoken | _Prepare | None] = SimpleQueue()
        self._to_play: SimpleQueue[_Sound | None] = SimpleQueue()
        self._ready: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._rate, self._volume = 1.0, 1.0
        self._hushed = threading.Event()
        self._lost = False
        self._tried = 0.0
        self._threads: tuple[threading.Thread, ...] = ()
        self._turn_taking = threading.Lock()

    def start(self) -> None:
        espeak.find()
        devices.find("speaker", self._device)
        try:
            self._playback.open()
        except Gone as fault:
            raise Missing(
                f"The loudspeaker cannot be opened ({fault}). Close what else uses it, or plug it in again."
            ) from None
        self._threads = (
            threading.Thread(target=self._make_all, name="voice", daemon=True),
            threading.Thread(target=self._play_all, name="loudspeaker", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def say(self, line: Line) -> None:
        with self._turn_taking:
            wpm = min(self._words_per_minute(), line.at_most or FASTEST)
            self._to_make.put(_Spoken(line, wpm, self._volume, self._hushed))

    def prepare(self, text: str) -> None:
        self._to_make.put(_Prepare(text, self._words_per_minute()))

    def stop(self) -> None:
        with self._turn_taking:
            # What was said so far carries the old event; the next line gets a fresh one.
            self._hushed.set()
            self._hushed = threading.Event()

    def adjust(self, rate: float, volume: float) -> None:
        with self._turn_taking:
            self._rate, self._volume = rate, min(1.0, max(0.0, volume))

    def shut(self) -> None:
        self.stop()
        self._to_make.put(None)
        for thread in self._threads:
            devices.wait_for(thread, 3.0)
        self._threads = ()

    def _words_per_minute(self) -> int:
        return min(FASTEST, max(SLOWEST, round(NORMAL_WPM * self._rate)))

    # --- the thread that owns the engine ---

    def _make_all(self) -> None:
        while (job := self._to_make.get()) is not None:
            if isinstance(job, _Prepare):
                self._ready[job.text, job.words_per_minute] = self._made(job.text, job.words_per_minute)
                while len(self._ready) > _READY:
                    self._ready.popitem(last=False)
            else:
                pcm = b"" if job.hushed.is_set() else self._made(job.line.text, job.words_per_minute)
                if job.line.text and not pcm and not job.hushed.is_set():
                    pcm = self._rendered(job.line.key, job.words_per_minute)
                self._to_play.put(_Sound(job, pcm + at_output_rate(job.line.sound)))
        self._to_play.put(None)

    def _made(self, text: str, words_per_minute: int) -> bytes:
        made = self._ready.get((text, words_per_minute))
        # A text that the engine cannot speak must not end the thread: the lines after it are spoken.
        with contextlib.suppress(Exception):
            made = synthesise(text, words_per_minute, self._voice) if made is None else made
        return made or b""

    # --- the thread that owns the device ---

    def _play_all(self) -> None:
        while True:
            try:
                sound = self._to_play.get(timeout=_WATCH)
            except Empty:
                self._watch()
                continue
            if sound is None:
                break
            try:
                self._play(sound)
            except Exception:  # whatever fails, the line is over and the device is opened anew: never silence for good
                self._playback.close()
            self._events.put(PlaybackEnded(self._now(), sound.spoken.line.number))
        self._playback.close()

    def _play(self, sound: _Sound) -> None:
        hushed = sound.spoken.hushed
        pcm = louder(sound.pcm, sound.spoken.volume)
        if sound.spoken.line.tone:
            pcm += louder(tone(sound.spoken.line.tone), sound.spoken.volume)
        if not pcm or hushed.is_set():
            return
        until = time.monotonic() + HOLDS
        while not self._watch():
            if hushed.wait(_WATCH) or time.monotonic() >= until:
                return
        try:
            self._playback.play(pcm, hushed)
        except Gone:
            self._playback.close()
            self._watch()

    def _watch(self) -> bool:
        """Whether the device works; says so when that changes, and tries a lost one again each second."""
        if not self._lost:
            if self._playback.is_open:
                return True
            self._lost = True
            self._events.put(DeviceLost(self._now(), "speaker"))
            self._playback.close()
        if time.monotonic() - self._tried < REOPEN:
            return False
        self._tried = time.monotonic()
        try:
            self._playback.open()
        except (Gone, Missing):
            return False
        self._lost = False
        self._events.put(DeviceBack(self._now(), "speaker"))
        return True
