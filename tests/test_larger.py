"""A commitment that is more than its rung."""

from __future__ import annotations

import pytest

from voice_coach.coach.larger import is_larger
from voice_coach.records import Rung

PAGE = Rung("page", "public_speaking", "Read one page aloud.", "you have spoken the last word of the page", 120)
FEW = Rung("few", "public_speaking", "Ask 2 people one question.", "both have answered", 60)


@pytest.mark.parametrize(
    ("commitment", "rung"),
    [
        ("I read two pages in the kitchen", PAGE),
        ("I read for ten minutes", PAGE),
        ("I read for half an hour", PAGE),
        ("I ask them for 90 seconds", FEW),
        ("I read aloud for an hour and then one hour more", PAGE),
        ("I ask 5 people at the station", FEW),
        ("I ask three friendly strangers", FEW),
        ("two questions to each", FEW),
    ],
)
def test_more_is_larger(commitment: str, rung: Rung) -> None:
    assert is_larger(commitment, rung)


@pytest.mark.parametrize(
    ("commitment", "rung"),
    [
        ("I read one page in the kitchen now to its end", PAGE),
        ("I read it in two minutes", PAGE),
        ("I read a page, and stop after a minute", PAGE),
        ("in front of three people I know from home", PAGE),  # what the rung does not count is not compared
        ("at seven, in the kitchen, with the second book", PAGE),
        ("I ask two people", FEW),
        ("", FEW),
    ],
)
def test_as_much_or_less_is_not(commitment: str, rung: Rung) -> None:
    assert not is_larger(commitment, rung)
