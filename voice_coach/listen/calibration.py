"""From a decoder's scores to the probability that the phrase was said.

A logistic fit over recordings of 78 people (digits, yes, no and stop said, other words and noise as what was not
said), checked on people left out of it; docs/hearing.md has the figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from voice_coach.listen.pronunciations import DIGITS, NO, SIDE, YES

_CONSTANT, _MARGIN, _CLOSE, _FIT, _BRIEF = 6.493, 0.413, -0.788, 1.204, 1.42
_YES_NO, _STOP, _OTHER = 0.25, 2.3, -2.795
_DRESSED, _LONG = -2.0, 2
"""A number with one more word, and the length from which a number is as sure as a bare one. Nobody was recorded saying
them: judged with a synthetic voice, between a digit and a command."""
_SLOPE, _SHIFT = 0.64, 0.2
"""Set so that the dialogue's thresholds for acting and asking fall where few wrong answers are acted on."""
_WIDEST, _NARROW, _WORST_FIT, _WORD = 600.0, 150.0, -60.0, 0.3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a phrase."""

    phrase: str
    margin: float
    """Its score less that of the best phrase that means something else; infinite where none fits at all."""
    fit: float
    """Its acoustic score a frame; 0 is the best that any sound of the language could score."""
    seconds: float
    """How long it is in the sound."""


def probability(evidence: Evidence) -> float:
    """That the phrase is what was said, 0 to 1."""
    margin = min(max(evidence.margin, -100.0), _WIDEST)
    brief = min(0.0, math.log(max(evidence.seconds, 0.05) / _WORD))
    logit = _CONSTANT + _MARGIN * margin / 100 + _CLOSE * min(margin, _NARROW) / 100
    logit += _FIT * max(evidence.fit, _WORST_FIT) / 10 + _BRIEF * brief + _offset(evidence.phrase)
    return _logistic(_SLOPE * logit + _SHIFT)


def runner_up(score: float, margin: float) -> float:
    """That the second best phrase is what was said: the more likely, the closer it came."""
    return 0.8 * (1 - score) * _logistic((200 - margin) / 60)


def _offset(phrase: str) -> float:
    if phrase in DIGITS:
        return 0.0
    if phrase in YES or phrase in NO:
        return _YES_NO
    if phrase == SIDE:
        return _STOP
    words = phrase.split()
    if any(word in DIGITS for word in words):
        return 0.0 if len(words) > _LONG else _DRESSED
    return _OTHER


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
