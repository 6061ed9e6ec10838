"""A commitment that is more than its rung."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conversing import hold, read, rows
from test_building import today

from voice_coach.records import Rung

PAGE = Rung("page", "public_speaking", "Read one page aloud.", "you have spoken the last word of the page", 120)
HOME = Rung("home", "public_speaking", "Read one page aloud at home, alone.", "you have spoken the last word", 120)
MEETING = Rung(
    "meeting", "public_speaking", "Ask a question in a meeting.", "it is asked", 60, frozenset({"with_others"})
)
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
        ("I read it to everyone in the office", PAGE),
        ("I read it to the whole team at lunch", PAGE),
        ("I read it in front of one friend", HOME),
        ("I ask everybody at the station", FEW),
        ("I read twenty five pages", PAGE),
    ],
)
def test_more_is_larger(commitment: str, rung: Rung) -> None:
    assert today().words.larger(commitment, rung)


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
        ("I ask one question in front of everyone", MEETING),
        ("I read one page at home, alone, now", HOME),
    ],
)
def test_as_much_or_less_is_not(commitment: str, rung: Rung) -> None:
    assert not today().words.larger(commitment, rung)


def test_the_number_for_it_is_kept(tmp_path: Path) -> None:
    conversation = read("larger_commitment")
    hold(tmp_path, conversation.turns, conversation.now, conversation.zone)
    (kept,) = rows(tmp_path, "note", "larger")
    assert json.loads(kept.value) == {"ladder": "public_speaking", "rung": "read_alone", "value": 7.0}
