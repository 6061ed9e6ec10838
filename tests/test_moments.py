"""Days and times as people say them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_building import catalog

from voice_coach.understand.moments import Moments
from voice_coach.understand.spoken import spelling

NOW = datetime(2026, 3, 2, 17, 30)  # noqa: DTZ001 - wall-clock time
"""A Monday."""
SOME = ("in", "at", "half", "to", "6", "99", "two", "hours", "days", "pm", "tomorrow")
READ = Moments(
    catalog().words, catalog().numbers, spelling(catalog().words["fillers"], catalog().words["spellings"])
).read


@pytest.mark.parametrize(
    ("words", "moments"),
    [
        ("remind me tomorrow at six", ["03-03 18:00", "03-03 06:00"]),
        ("tomorrow at six in the morning", ["03-03 06:00"]),
        ("tomorrow at 6 pm", ["03-03 18:00"]),
        ("tomorrow at 6:45 p.m.", ["03-03 18:45"]),
        ("tomorrow at 18:00", ["03-03 18:00"]),
        ("at nine tomorrow", ["03-03 09:00", "03-03 21:00"]),
        ("at six", ["03-02 18:00", "03-03 06:00"]),
        ("at five", ["03-03 17:00", "03-03 05:00"]),
        ("today at five", []),
        ("tonight at eight", ["03-02 20:00"]),
        ("half past six tomorrow evening", ["03-03 18:30"]),
        ("quarter to seven tomorrow evening", ["03-03 18:45"]),
        ("quarter past seven tomorrow evening", ["03-03 19:15"]),
        ("six thirty five in the evening", ["03-02 18:35"]),
        ("on friday at noon", ["03-06 12:00"]),
        ("on monday at ten in the morning", ["03-09 10:00"]),
        ("in three days at ten in the morning", ["03-05 10:00"]),
        ("in two hours", ["03-02 19:30"]),
        ("in half an hour", ["03-02 18:00"]),
        ("in an hour", ["03-02 18:30"]),
        ("in twenty minutes", ["03-02 17:50"]),
        ("tomorrow at twelve", ["03-03 12:00"]),
        ("tomorrow", []),
        ("at forty", []),
        ("", []),
    ],
)
def test_moments(words: str, moments: list[str]) -> None:
    assert [f"{moment:%m-%d %H:%M}" for moment in READ(words, NOW)] == moments


@given(st.text(max_size=60) | st.lists(st.sampled_from(SOME)).map(" ".join))
def test_whatever_is_said_a_moment_is_still_to_come(text: str) -> None:
    assert all(moment > NOW for moment in READ(text, NOW))
