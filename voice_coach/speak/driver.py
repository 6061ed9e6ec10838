"""pyttsx3 with a driver of its own: sound is handed over as PCM, so that it can be stopped and its end is known.

The stock driver plays through another program: it cannot be interrupted, and its first utterance ends too early.
"""

from __future__ import annotations

import functools
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

from voice_coach.speak import espeak
from voice_coach.speak.espeak import Espeak

NAME = "voice_coach"
NORMAL_WPM = 175
"""Words a minute at rate 1."""
_LOCK = threading.Lock()


class Driver:
    """What pyttsx3 asks of a driver. `finished-utterance` carries the sound as `pcm`."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._espeak = Espeak(*espeak.find())
        self._values: dict[str, object] = {}

    def say(self, text: str) -> None:
        self._proxy.notify("started-utterance")
        self._proxy.notify("finished-utterance", completed=True, pcm=self._espeak.synthesise(text))

    def setProperty(self, name: str, value: Any) -> None:  # the name that pyttsx3 calls
        match name:
            case "rate":
                self._espeak.use_rate(int(value))
            case "voice":
                self._espeak.use_voice(str(value))
            case _:
                raise KeyError(name)
        self._values[name] = value

    def getProperty(self, name: str) -> object:  # the name that pyttsx3 calls
        return self._values[name]

    def startLoop(self) -> None:  # the name that pyttsx3 calls
        # Saying is synchronous: letting the queue run is the whole loop, and it ends itself.
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # the name that pyttsx3 calls
        pass

    def iterate(self) -> Iterator[None]:
        self._proxy.setBusy(False)
        yield

    def stop(self) -> None:
        pass

    def destroy(self) -> None:
        pass


class Voice:
    """A pyttsx3 engine that makes sound without playing it."""

    def __init__(self) -> None:
        """Raises `Missing` where the speech engine is not whole."""
        module = types.ModuleType(f"pyttsx3.drivers.{NAME}")
        vars(module)["buildDriver"] = Driver
        sys.modules[module.__name__] = module
        import pyttsx3

        self._engine = pyttsx3.init(NAME)
        self._engine.connect("finished-utterance", self._finished)
        self._engine.connect("error", self._failed)
        self._pcm = b""
        self._error: Exception | None = None
        self._manner: tuple[str, int] | None = None

    def pcm(self, text: str, words_per_minute: int, voice: str) -> bytes:
        """The sound of a text (22,050 Hz, mono, signed 16 bit). Raises ValueError for an unknown voice."""
        self._pcm, self._error = b"", None
        if self._manner != (voice, words_per_minute):
            self._engine.setProperty("voice", voice)
            self._engine.setProperty("rate", words_per_minute)
        self._manner = (voice, words_per_minute)
        self._engine.say(text)
        self._engine.runAndWait()
        self._raise_error()
        return self._pcm

    def _raise_error(self) -> None:
        if self._error:
            self._manner = None
            raise self._error

    def _finished(self, name: str | None, completed: bool, pcm: bytes) -> None:  # noqa: ARG002  named by pyttsx3
        self._pcm += pcm

    def _failed(self, name: str | None, exception: Exception) -> None:  # noqa: ARG002  named by pyttsx3
        self._error = self._error or exception


@functools.cache
def _voice() -> Voice:
    return Voice()


def synthesise(text: str, words_per_minute: int = NORMAL_WPM, voice: str = "en") -> bytes:
    """The sound of a text: 22,050 Hz, mono, signed 16 bit; empty where there is nothing to speak.

    Raises `Missing` where the speech engine is not whole, ValueError for an unknown voice.
    """
    with _LOCK:  # the engine is one a process
        return _voice().pcm(text, words_per_minute, voice)
