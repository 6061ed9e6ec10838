"""The stabilising exercises as data: what is said, and how long each part takes. By ear and touch alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: an introduction, then rounds of the same parts."""

    intro: str
    """Line key."""
    parts: tuple[tuple[str, str], ...]
    """Each part's line key and the rule that holds its seconds."""
    counted: bool = False
    """The seconds of the first round are counted aloud."""
    holds: bool = False
    """The breath is held in it."""


def _breath(intro: str, *parts: tuple[str, str], holds: bool = False) -> Exercise:
    keyed = tuple((f"stabilise.{key}", rule) for key, rule in parts)
    return Exercise(f"stabilise.{intro}", keyed, counted=True, holds=holds)


def _grounding(name: str) -> Exercise:
    parts = tuple((f"stabilise.{name}.{number}", "ground_part") for number in range(1, 7))
    return Exercise(f"stabilise.{name}", parts)


BREATHING: Mapping[str, Exercise] = {
    "belly": _breath("belly", ("in", "belly_in"), ("out", "belly_out")),
    "box": _breath(
        "box", ("in", "box_part"), ("hold", "box_part"), ("out", "box_part"), ("hold", "box_part"), holds=True
    ),
    "four seven eight": _breath(
        "478", ("in", "long_in"), ("hold", "long_hold"), ("out", "long_out"), holds=True
    ),
    "nostril": _breath(
        "nostril", ("in_left", "nostril_part"), ("out_right", "nostril_part"), ("in_right", "nostril_part"),
        ("out_left", "nostril_part"),
    ),
}  # fmt: skip
"""By the label that chooses it; the gentlest first."""

GROUNDING: Mapping[str, Exercise] = {
    "feet": _grounding("feet"),
    "object": _grounding("object"),
    "sounds": _grounding("sounds"),
    "five to one": _grounding("senses"),
    "press": _grounding("press"),
}
"""By the label that chooses it; the one that needs nothing at hand first."""
