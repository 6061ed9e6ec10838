"""What is left when no session can be led: the coach says so, and gives the number to whoever asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from voice_coach import catalog_files
from voice_coach.coach.danger import RESPONSE
from voice_coach.ports import Clock, Events, Listener, Turn
from voice_coach.speak import rendered
from voice_coach.speak.playback import Playback
from voice_coach.understand.safety import screen_of
from voice_coach.words import Deadline, Ended, Expects, Heard

WAITS = 60.0
"""Seconds of silence after which it stops listening."""
NUMBER, STOP = "number", "stop"

Tell = Callable[[tuple[str, ...]], None]
"""Says the lines of these keys."""


def loudspeaker(device: str | None) -> Callable[[bytes], None]:
    """Plays a sound to its end on a loudspeaker that nobody else holds. It raises where there is none."""

    def play(pcm: bytes) -> None:
        playback = Playback(device)
        playback.open()
        try:
            playback.play(pcm, threading.Event())
        finally:
            playback.close()

    return play


def teller(home: Path, out: TextIO, play: Callable[[bytes], None] | None = None) -> Tell:
    """Says lines that were rendered beforehand: played where `play` works, else printed on `out`."""
    return lambda keys: rendered.tell(keys, home, play, out)


def respond(tell: Tell, response: str) -> None:
    """The whole message of a response to danger."""
    tell(rendered.RESPONSES.get(response, ()))


def lead(tell: Tell, said: Iterable[str], language: str = "en") -> None:
    """Say that no session can be led; then, for everything that is said, the number, a message or the end."""
    tell(("plain.broken",))
    for words in said:
        response = _danger(words, language)
        if response:
            respond(tell, response)
        elif NUMBER in words.lower().split():
            tell(("crisis.number",))
        elif STOP in words.lower().split():
            tell(("plain.stopped",))
            return


def typed(source: BinaryIO) -> Iterable[str]:
    """Each line until the end of the input."""
    for raw in source:
        yield raw.decode("utf-8", errors="replace")


def spoken(events: Events, clock: Clock, listener: Listener) -> Iterable[str]:
    """Each utterance until nobody speaks for long. Where nothing can be heard, as if the number were asked for."""
    try:
        turn = Turn(Expects("command"), phrases=(NUMBER, STOP))
        listener.start()
        listener.open(turn)
        while True:
            event = clock.next(events, clock.now() + WAITS)
            if isinstance(event, Deadline | Ended):
                return
            if isinstance(event, Heard):  # at anything else to listen anew would drop what has just begun
                listener.close()
                yield f"{event.text} {event.free}"
                listener.open(turn)
    except Exception:  # the recognizer or the microphone may be what is broken
        yield NUMBER


def _danger(words: str, language: str) -> str:
    """Which response to danger these words ask for; "" for none, or where the patterns cannot be read either."""
    with suppress(Exception):
        flags = screen_of(catalog_files.read_texts(language)).hear(Heard(words), Expects("text"))
        found = [RESPONSE[flag.kind] for flag in flags if flag.category == "crisis" and flag.tier == "certain"]
        return next((response for response in found if response in rendered.RESPONSES), "")
    return ""
