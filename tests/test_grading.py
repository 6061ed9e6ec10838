"""How an exposure counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from people import DAY, RULES, exposed

from voice_coach.coach.grading import grade, score


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "good"),
        ({"peak": 2.0}, "plain"),
        ({"peak": 1.0, "after": 2.0}, "plain"),
        ({"peak": None}, "plain"),
        ({"after": None}, "plain"),
        ({"reached_end": False}, "plain"),
        ({"reached_end": None}, "plain"),
        ({"reflected": False}, "plain"),
        ({"happened": "partly"}, "good"),
        ({"happened": None}, "good"),
        ({"how": "time"}, "good"),
        ({"how": "away"}, "good"),
        ({"peak": 6.5}, "plain"),
        ({"peak": 7.0}, "hard"),
        ({"after": 7.0}, "hard"),
        ({"peak": 7.0, "after": None}, "hard"),
        ({"happened": "yes"}, "hard"),
        ({"how": "stopped"}, "hard"),
        ({"how": "too_much"}, "hard"),
        ({"how": "lost", "peak": 9.0, "happened": "yes"}, "lost"),
    ],
)
def test_how_an_exposure_counts(changes: dict[str, Any], expected: str) -> None:
    assert grade(exposed(DAY, **changes), RULES) == expected


def test_the_score_is_the_higher_rating() -> None:
    one = exposed(DAY, peak=1.0, after=4.5)
    assert score(one) == 4.5
    assert score(replace(one, after=None)) == 1.0
    assert score(replace(one, peak=None, after=None)) is None
