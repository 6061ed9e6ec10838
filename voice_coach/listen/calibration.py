"""From a decoder's scores to the probability that the phrase was said."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a phrase."""

    phrase: str
    margin: float
    """Its score less that of the best phrase that means something else."""
    fit: float
    """Its acoustic score a frame; 0 is the best that any sound of the language could score."""
    seconds: float
    """How long it is in the sound."""


def probability(evidence: Evidence) -> float:
    """That the phrase is what was said, 0 to 1."""
    margin = min(evidence.margin, 1000.0)
    return 1 / (1 + math.exp(-(margin / 150 - 0.5)))


def runner_up(score: float, margin: float) -> float:
    """That the second best phrase is what was said."""
    return (1 - score) * 0.7 if margin < 400 else (1 - score) * 0.3
