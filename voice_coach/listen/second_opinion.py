"""What a person's own examples make of a recognizer's reading: two opinions weighed as probabilities.

The recognizer's probabilities are the prior; how near the utterance lies to the examples of each word is the evidence.
Distances are those of `warping`, which are alike from speaker to speaker; docs/learned-voice.md has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from voice_coach.listen.pronunciations import DIGITS, NO, YES
from voice_coach.listen.recognizer import Decoded

NONE: Mapping[str, float] = MappingProxyType({})

EVEN, EVEN_NUMBER = 4.0, 4.4
"""The distance half-way between a word said again (3.3) and another word by the same person (4.7); and of numbers,
which hardly any other word comes as near to as to yes, no and stop."""
SLOPE = 7.0
"""Log odds for each unit of distance: what two such bells, 0.45 wide, give."""
MOST, LEAST = 8.0, -3.0
"""Log odds that examples may add or take: they may be badly recorded."""
SUREST = 0.6
"""How sure the recognizer may be by itself: of the worst heard speaker's words it was right so often."""
LIKELY = 0.05
"""The least probability of a word that the turn allows and the person gave examples of."""
ELSE = 0.3
"""The least probability of something that is none of the turn's words."""
HIGHEST = 0.99
APART, BEYOND = 3.3, 0.1
"""A word that is no number is made likelier only as near to an example as the person's examples of it lie to each
other, or as the same word usually lies, and a little beyond: "go" and "down" come near to a no."""
NAMED = 0.05
"""Probability from which another word is named."""


def weighed(read: Decoded, distances: Mapping[str, float], spreads: Mapping[str, float] = NONE) -> Decoded:
    """The reading under a second opinion. `distances`: words of the turn with examples → distance of the nearest.
    `spreads`: word → how far its examples lie apart, where there is more than one.

    Where nothing was read, or no example is near enough to speak for its word, the reading stays as it is.
    """
    if not read.text or all(distance >= _even(word) for word, distance in distances.items()):
        return read
    prior = {read.text: min(read.score, SUREST)} | dict(read.others)
    prior |= {word: 0.0 for word in distances if not any(_same(word, other) for other in prior)}
    evidence = {word: _evidence(word, distances) for word in prior}
    likely = {word: chance if evidence[word] is None else max(chance, LIKELY) for word, chance in prior.items()}
    weights = {word: chance * math.exp(evidence[word] or 0.0) for word, chance in likely.items()}
    total = sum(weights.values()) + max(ELSE, 1 - sum(likely.values()))
    chances = {word: min(HIGHEST, weight / total) for word, weight in weights.items()}
    text, *others = sorted(chances, key=lambda word: -chances[word])
    if chances[text] > read.score and not _near(distances, spreads):
        return read
    return Decoded(text, chances[text], tuple((word, chances[word]) for word in others if chances[word] >= NAMED))


def _near(distances: Mapping[str, float], spreads: Mapping[str, float]) -> bool:
    """Whether the nearest example is near enough to make its word likelier."""
    word = min(distances, key=lambda word: distances[word])
    return word in DIGITS or distances[word] <= max(APART, spreads.get(word, APART)) + BEYOND


def _evidence(word: str, distances: Mapping[str, float]) -> float | None:
    """Log odds that the examples lend to a word; None where it has none."""
    near = [_even(other) - distance for other, distance in distances.items() if _same(word, other)]
    return min(MOST, max(LEAST, SLOPE * max(near))) if near else None


def _even(word: str) -> float:
    return EVEN_NUMBER if word in DIGITS else EVEN


def _same(word: str, other: str) -> bool:
    return word == other or any(word in family and other in family for family in (YES, NO))
