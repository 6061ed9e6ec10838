"""What of a verdict outlives the session."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import CASES
from people import CLEAR, DAY, FULL, HOUR, NOW, TICK, ZONE, decide, reason, said

from voice_coach.coach.rules import LASTING, blocks
from voice_coach.records import Answers, Block, Go


@pytest.mark.parametrize("number", [8, 9, 10, 11, 12, 13, 14, 15, 16])
def test_rows_eight_to_sixteen_survive_a_restart(number: int) -> None:
    given_case, expected = CASES[number]
    verdict = decide(**given_case)
    assert not isinstance(verdict, Go)
    block = blocks(verdict, NOW, ZONE)
    assert block is not None
    history = replace(CLEAR, blocks=(block,))
    again = decide(history, Answers(), NOW + HOUR)
    assert not isinstance(again, Go)
    assert (again.reason, again.until) == ("latch" if number == 8 else expected, verdict.until)
    if verdict.until is None:
        assert decide(history, Answers(FULL, 0.0), NOW + 999 * DAY) == again
        return
    assert reason(decide(history, Answers(FULL, 0.0), verdict.until - TICK)) == again.reason
    opened = Answers({**FULL, "since": "no", "review": "yes"}, 0.0)
    assert reason(decide(history, opened, verdict.until)) == "go"


def test_a_rating_given_anew_lifts_nothing() -> None:
    block = blocks(decide(answers=said(7.0)), NOW, ZONE)
    assert block is not None
    assert reason(decide(replace(CLEAR, blocks=(block,)), said(2.0), NOW + HOUR)) == "high_today"


@pytest.mark.parametrize("number", [1, 3, 4, 5, 6, 7, 17, 18, 19, 20])
def test_the_other_rows_store_nothing(number: int) -> None:
    assert blocks(decide(**CASES[number][0]), NOW, ZONE) is None


def test_telling_a_block_again_does_not_lengthen_it() -> None:
    for kept in LASTING - {"crisis"}:
        told = decide(replace(CLEAR, blocks=(Block("refer", kept, NOW - DAY, NOW + DAY, ZONE, "talk"),)))
        again = blocks(told, NOW, ZONE)
        assert again is not None
        assert (again.until, again.reason, again.ladder) == (NOW + DAY, kept, "talk")
