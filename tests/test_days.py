"""Local days, whatever the clocks do."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import DAY, HOUR, TICK, moments, utc, zones

from voice_coach.coach.days import day_of, hour_of, moment_at, next_day, next_hour, zone_of


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 28), utc(2026, 3, 28, 3), 23),
        ("Europe/Berlin", date(2026, 10, 24), utc(2026, 10, 24, 2), 25),
        ("Europe/Helsinki", date(2026, 10, 24), utc(2026, 10, 24, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 4), utc(2026, 4, 3, 17), 24.5),
        ("Asia/Baku", date(2015, 3, 28), utc(2015, 3, 28), 24),
        ("Asia/Baku", date(2015, 3, 29), utc(2015, 3, 29), 23),
        ("Pacific/Apia", date(2011, 12, 29), utc(2011, 12, 29, 14), 24),
        ("Europe/Berlin", date(2025, 12, 31), utc(2025, 12, 31, 3), 24),
    ],
)
def test_days_across_the_changing_of_the_clocks(zone: str, day: date, begins: datetime, hours: float) -> None:
    assert moment_at(day, 4, zone) == begins
    assert day_of(begins, zone) == day
    assert day_of(begins - TICK, zone) < day
    assert next_day(begins, zone) - begins == hours * HOUR
    assert next_day(begins + hours * HOUR - TICK, zone) - begins == hours * HOUR


@settings(max_examples=400, deadline=None)
@given(at=moments, zone=zones, step=st.timedeltas(timedelta(), 3 * DAY))
def test_days_follow_each_other_without_gap_or_overlap(at: datetime, zone: str, step: timedelta) -> None:
    tomorrow = next_day(at, zone)
    assert at < tomorrow <= at + 49 * HOUR
    assert day_of(tomorrow - TICK, zone) == day_of(at, zone) < day_of(tomorrow, zone)
    assert day_of(at, zone) <= day_of(at + step, zone)
    assert at < next_hour(at, 6, zone) <= at + 49 * HOUR
    wall = at.astimezone(zone_of(zone))
    seconds = timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second).total_seconds()
    assert hour_of(at, zone) * 3600 == pytest.approx(seconds)


def test_the_next_hour_is_never_now() -> None:
    six = utc(2026, 3, 5, 5)
    assert next_hour(six - TICK, 6, "Europe/Berlin") == six
    assert next_hour(six, 6, "Europe/Berlin") == six + DAY
