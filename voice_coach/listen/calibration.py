"""From a decoder's scores to the probability that the phrase was said.

A logistic fit over recordings of 78 people (digits, yes, no and stop said, other words and noise as what was not
said), checked on people left out of it; docs/hearing.md has the figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from voice_coach.listen.pronunciations import ADDRESS, DIGITS, NO, PLAIN, SIDE, YES, number_in

_CONSTANT, _MARGIN, _CLOSE, _FIT, _UNREAD = 4.55, 0.42, -0.36, 0.99, -0.345
_DIGIT = 0.1
_LIKELIER = -0.6
"""For each 100 by which a word that is none of the answers is likelier."""
_YES, _NO, _PLAIN, _AGREED, _STOP = 1.2, 0.0, 0.6, -1.9, 0.65
"""The other short words for yes and no; the other ways to agree and to refuse; stop, which must not be missed."""
_DRESSED, _LONG = -0.9, -0.4
"""A number with one more word, and with several."""
_CHOSEN, _WORD_ASIDE, _PHRASE_ASIDE, _ADDRESSED = -0.3, -1.2, -0.6, -1.9
"""A choice; a command of one word beside a turn's own answers, and of several; one addressed to the coach in a step.
Nobody was recorded saying these and dressed numbers: set between four synthetic voices and people's other words."""
_SLOPE, _SHIFT = 0.45, 0.405
"""Set so that the dialogue's thresholds for acting and asking fall where few wrong answers are acted on."""
_WIDEST, _NARROW, _WORST_FIT, _MOST_UNREAD = 600.0, 150.0, -80.0, 0.6
_TAIL, _TAIL_UNREAD = 120.0, 30.0
"""Score that a stop is given over the no that its end sounds like, and for each frame of speech before that no."""
_DENIED = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a phrase."""

    phrase: str
    margin: float
    """Its score less that of the best phrase that means something else; infinite where none fits at all."""
    fit: float
    """Its acoustic score a frame; 0 is the best that any sound of the language could score."""
    unread: float = 0.0
    """Seconds of speech that lie outside it."""
    aside: bool = False
    """It is a command beside what the turn asks for."""
    likelier: float = 0.0
    """Score of a word that is no answer and sounds like it, beyond its own; 0 where there is none."""


def probability(evidence: Evidence) -> float:
    """That the phrase is what was said, 0 to 1."""
    margin = min(max(evidence.margin, -100.0), _WIDEST)
    logit = _CONSTANT + _MARGIN * margin / 100 + _CLOSE * min(margin, _NARROW) / 100
    logit += _FIT * max(evidence.fit, _WORST_FIT) / 10 + _UNREAD * min(evidence.unread, _MOST_UNREAD) * 10
    logit += _LIKELIER * evidence.likelier / 100
    return _logistic(_SLOPE * (logit + _offset(evidence)) + _SHIFT)


def runner_up(score: float, margin: float) -> float:
    """That the second best phrase is what was said: the more likely, the closer it came."""
    return 0.8 * (1 - score) * _logistic((200 - margin) / 60)


def ends_a_stop(margin: float, frames: int) -> bool:
    """Whether a no is rather the end of a stop: it is likelier by this margin, and leaves out so many more frames."""
    return margin < _TAIL + _TAIL_UNREAD * frames


def denied(margin: float) -> float:
    """That "no, six" was said where a bare number is likelier by this margin."""
    return _logistic((_DENIED - margin) / 60)


def _offset(evidence: Evidence) -> float:
    phrase = evidence.phrase
    if phrase in DIGITS:
        return _DIGIT
    if phrase == SIDE:
        return _STOP
    alone = " " not in phrase
    if evidence.aside:
        return _WORD_ASIDE if alone else _PHRASE_ASIDE
    if phrase in YES or phrase in NO:
        return {"yes": _YES, "no": _NO}.get(phrase, _PLAIN if phrase in PLAIN else _AGREED)
    if number_in(phrase):
        return _DRESSED if phrase.count(" ") == 1 else _LONG
    return _ADDRESSED if phrase.startswith(ADDRESS) else _CHOSEN


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
