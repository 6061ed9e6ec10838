"""Where an utterance begins and ends: pure rules over one probability of speech a block."""

from __future__ import annotations

from voice_coach.listen.recognizer import BLOCK, RATE
from voice_coach.ports import Complete, Turn

SECONDS = BLOCK / RATE
"""One block."""
PRE_ROLL = 0.4
"""Seconds of sound kept from before the detector fires: soft first sounds ("s", "f") come before it."""
LEAST = 0.09
"""Seconds of voice below which a sound is a click and no utterance: three blocks are one."""
GAP = 0.3
"""Seconds of quiet after which a sound that was too short is forgotten, and the words so far are looked at."""
LOOK = 0.18
"""The same for the words of a short turn: they are read by the time that a complete answer's pause is over."""
APART = 0.8
"""Seconds of quiet that set an utterance apart from what was said before it."""
LONGEST = 30.0
LONGEST_OPEN = 60.0
"""Seconds after which an utterance is cut."""

_RISES, _FALLS = 0.4, 0.3  # two thresholds, so that a voice that trails off is not chopped
LAG = 2 * SECONDS
"""Seconds by which the detector outlasts the voice, which are silent already: over 85 recorded words the median was
0.09, a quarter 0.05 or less."""
_SHORT: dict[Complete, float] = {"complete": 0.35 - LAG, "may_continue": 0.6 - LAG, "incomplete": 1.0}
_OPEN = 2.5
_COMMAND = 1.2  # "repeat" and nothing else, where many words are expected


class Voice:
    """Voice or not, block by block, without flicker."""

    def __init__(self) -> None:
        self.sounds = False

    def hear(self, probability: float) -> bool:
        """Takes the next block's probability of speech."""
        self.sounds = probability >= (_FALLS if self.sounds else _RISES)
        return self.sounds


def looks_early(turn: Turn) -> bool:
    """Whether the words so far say how long to wait."""
    return turn.pace != "exposure" and bool(turn.phrases)


def gap(turn: Turn) -> float:
    """Seconds of quiet after which the words so far are looked at."""
    return LOOK if turn.pace == "short" else GAP


def pause(turn: Turn, complete: Complete) -> float:
    """Seconds of quiet that end an utterance of this turn, the words so far being so complete."""
    if turn.pace == "exposure":
        return APART
    if turn.pace == "short":
        return _SHORT[complete] * turn.patience
    return (_COMMAND if complete == "complete" else _OPEN) * turn.patience


def longest(turn: Turn) -> float:
    """Seconds after which an utterance of this turn is cut."""
    return LONGEST if turn.pace == "short" else LONGEST_OPEN
