"""The person's day: it starts at four in the morning, where they are, whatever the clocks do that night."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from voice_coach.records import History

DAY_START = 4.0


def zone_of(name: str) -> tzinfo:
    """The zone of this IANA name; UTC where the name is not known, so that a bad name never ends a session."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def moment_at(day: date, hour: float, zone: str) -> datetime:
    """When the wall clock first shows this hour (0 to 24, fractions too) on this date, in UTC.

    An hour that the clocks leap over is taken as the moment of the leap or shortly after it.
    """
    wall = datetime.combine(day, time()) + timedelta(hours=hour)
    return wall.replace(tzinfo=zone_of(zone)).astimezone(UTC)


def day_of(at: datetime, zone: str, start: float = DAY_START) -> date:
    """The local day in which a moment lies: its date, or the date before until `start` o'clock.

    Compares moments, not wall times, so days never overlap and never run backwards.
    """
    day = at.astimezone(zone_of(zone)).date()
    while at < moment_at(day, start, zone):
        day -= timedelta(days=1)
    return day


def next_day(at: datetime, zone: str, start: float = DAY_START) -> datetime:
    """When the local day after this moment's begins, in UTC: always later than `at`."""
    day = day_of(at, zone, start)
    begins = at
    while begins <= at:
        day += timedelta(days=1)
        begins = moment_at(day, start, zone)
    return begins


def hour_of(at: datetime, zone: str) -> float:
    """What the wall clock shows, as hours and fractions from 0 up to 24."""
    wall = at.astimezone(zone_of(zone))
    return wall.hour + wall.minute / 60 + (wall.second + wall.microsecond / 1e6) / 3600


def next_hour(at: datetime, hour: float, zone: str) -> datetime:
    """When the wall clock next shows this hour, in UTC: always later than `at`."""
    day = at.astimezone(zone_of(zone)).date() - timedelta(days=1)
    then = moment_at(day, hour, zone)
    while then <= at:
        day += timedelta(days=1)
        then = moment_at(day, hour, zone)
    return then


def moment(history: History, now: datetime) -> datetime:
    """The later of this time and everything in the history: a clock that was set back shortens nothing."""
    known = [now, *(times[-1] for times in (history.screens, history.crises) if times)]
    known += [upset.at for upset in history.upsets[-1:]]
    known += [time for exposure in history.exposures[-1:] for time in (exposure.started, exposure.ended)]
    known += [check_in.at for check_in in history.check_ins[-1:]]
    known += [block.at for block in history.blocks[-1:]]
    known += [rated.at for rated in history.rung_ratings[-1:]]
    return max(known)
