"""What a finished utterance is handed on as; and one recording as one utterance."""

from __future__ import annotations

from dataclasses import replace

from voice_coach.listen.recognizer import BLOCK, RATE, Decoded, Recognizer
from voice_coach.words import EXPLAINS, Heard, Kind

_COMMANDS = 0.6
"""From this probability on, what was said in an open turn is a command of its grammar and no open answer."""
_MORE_WORDS = 2
"""A closed grammar forces a whole sentence into a short command: so many free words more show that it did."""
_FREE = {"rough": 0.5, "verbatim": 0.9}
"""How far free words are trusted as they stand."""


def hear_out(recognizer: Recognizer, decoded: Decoded | None, kind: Kind) -> Heard:
    """Ends the recognizer's utterance: the grammar's words, or in a turn for text the free words. No times in it.

    `decoded`: the closed reading of all that was fed, where it is there already.
    """
    decoded = decoded or recognizer.closed()
    free = recognizer.free()
    # Of what the grammar explains, the screen does not hear the leaning words: the reply need not wait for them.
    explained = kind != "text" and bool(decoded.text) and decoded.score >= EXPLAINS
    leaning = "" if explained else recognizer.leaning()
    recognizer.end()
    text, score, others = decoded.text, decoded.score, decoded.others
    long = len(free.split()) > len(text.split()) + _MORE_WORDS
    # One free word of a rough recognizer is noise and no open answer: better the doubtful command.
    noise = recognizer.manner == "rough" and bool(text) and len(free.split()) == 1
    if kind == "text" and free and not noise and (long or score < _COMMANDS):
        text, score, others = free, _FREE.get(recognizer.manner, 1.0), ()
    return Heard(text, free, score, others, recognizer.manner, leaning=leaning)


def hear_recording(recognizer: Recognizer, sound: bytes, phrases: tuple[str, ...], kind: Kind) -> Heard:
    """What a recording says under this grammar; times count from its start."""
    recognizer.begin(phrases)
    for place in range(0, len(sound), 2 * BLOCK):
        recognizer.feed(sound[place : place + 2 * BLOCK])
    heard = hear_out(recognizer, None, kind)
    return replace(heard, at=len(sound) / 2 / RATE)
