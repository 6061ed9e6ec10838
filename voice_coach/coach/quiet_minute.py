"""The quiet minute of the reflection: a turn of fixed length that no pause ends."""

from __future__ import annotations

from dataclasses import replace

from voice_coach.coach.floor import Floor
from voice_coach.ports import Interpret, Line, Turn
from voice_coach.words import Ask, Heard, Match, Silence, Unsure


def keep_quiet_for(ask: Ask, floor: Floor, turn: Turn, interpret: Interpret) -> Heard | Silence:
    """Everything said until the time is over or "done", as one utterance; Silence where nothing was said.

    A command and danger end it at once and come back alone. A soft tone marks the end.
    """
    end = floor.seconds() + (ask.seconds or 0.0)
    kept: list[Heard] = []
    floor.watch(turn)
    while True:
        heard = floor.event(end)
        if isinstance(heard, Heard):
            understood = interpret(heard, ask.expects)
            if isinstance(understood.answer, Match) and understood.answer.kind == "command":
                if understood.answer.value != "done":
                    return heard
                break
            if any(flag.category == "crisis" for flag in understood.flags):
                return heard
            if isinstance(understood.answer, Unsure) and understood.answer.candidates[0] == "done":
                break  # ending a pause a little early harms nobody
            kept.append(heard)
        if isinstance(heard, Silence) or (kept and floor.skips):
            break
    floor.unwatch()
    floor.begin(Line(0, "", "", "soft"))
    return replace(kept[-1], text=" ".join(part.text for part in kept), free="") if kept else Silence()
