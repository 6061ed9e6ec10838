"""A reminder as a calendar file, for whoever asks for one: no cloud, and no word of what is practised.

The form is that of RFC 5545 (iCalendar).
"""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voice_coach.errors import BadInput, BadUsage

NAME = "reminder.ics"
LASTS = timedelta(minutes=10)
_STAMP = "%Y%m%dT%H%M%SZ"


def write_reminder(home: Path, at: str, now: datetime, to: str | None = None) -> Path:
    """Write a reminder for a day and time ("2026-12-01T18:00", local unless it names its zone); returns the file.

    `to`: another file than the home's, which is not written over. Raises `BadUsage` for what is no time, `BadInput`
    for a time that is over and for a file that cannot be written.
    """
    try:
        start = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadUsage(f"'{at}' is no day and time. Write it as 2026-12-01T18:00.") from None
    if start <= now:
        raise BadInput("That time is over. Name one that is still to come.")
    file = Path(to) if to else home / NAME
    try:
        if not to:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if to else os.O_TRUNC)
        with os.fdopen(os.open(file, mode, 0o600), "w", encoding="utf-8", newline="") as stream:
            stream.write(calendar(start, now))
    except FileExistsError:
        raise BadInput(f"{file} is there already. Name another file.") from None
    except OSError as fault:
        raise BadInput(f"{file} cannot be written ({fault.strerror}). Name another file with --to.") from None
    return file


def remove_reminder(home: Path) -> bool:
    """Take the home's reminder away; whether there was one. Raises `BadInput` where it cannot be removed."""
    try:
        (home / NAME).unlink()
    except FileNotFoundError:
        return False
    except OSError as fault:
        raise BadInput(f"{home / NAME} cannot be removed ({fault.strerror}). Delete it by hand.") from None
    return True


def calendar(start: datetime, now: datetime) -> str:
    """One event that reminds at its start (both times in UTC)."""
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//voice-coach//EN",
        "BEGIN:VEVENT", f"UID:{uuid.uuid4()}", f"DTSTAMP:{now.astimezone(UTC):{_STAMP}}",
        f"DTSTART:{start:{_STAMP}}", f"DTEND:{start + LASTS:{_STAMP}}",
        "SUMMARY:A few minutes for yourself", "CLASS:PRIVATE",
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:A few minutes for yourself", "TRIGGER:PT0S", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines)
