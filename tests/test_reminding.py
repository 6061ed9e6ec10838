"""Reminders: a calendar file of one's own, by the command line."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voice_coach.reminding import calendar

LATER = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)


def remind(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voice_coach.cli", "--home", str(home), "remind", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_reminder_is_written_for_its_owner_alone_and_taken_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ran = remind(home, "--at", LATER.isoformat())
    file = home / "reminder.ics"
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"Open {file} with your calendar. It names no fear.\n"
    assert (home.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    text = file.read_bytes().decode()
    assert f"\r\nDTSTART:{LATER:%Y%m%dT%H%M%S}Z\r\n" in text
    assert remind(home, "--at", (LATER + timedelta(days=1)).isoformat()).returncode == 0, "a new one takes its place"
    assert file.read_bytes().decode() != text
    assert remind(home, "--off").stdout == "The reminder is gone.\n"
    assert not file.exists()
    assert remind(home, "--off").stdout == "There is no reminder.\n"


def test_it_is_a_calendar_of_one_event() -> None:
    lines = calendar(LATER, datetime(2026, 3, 2, tzinfo=UTC)).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    opened: list[str] = []
    names: list[str] = []
    for line in lines[:-1]:
        name, _, value = line.partition(":")
        names.append(name)
        if name == "BEGIN":
            opened.append(value)
        elif name == "END":
            assert opened.pop() == value
        assert len(line.encode()) <= 75
        assert "\n" not in line
    assert opened == []
    for once in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRIGGER", "VERSION", "PRODID"):
        assert names.count(once) == 1


def test_a_time_without_a_zone_is_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert remind(tmp_path, "--at", f"{LATER:%Y-%m-%d}T18:00", "--to", str(tmp_path / "mine.ics")).returncode == 0
    assert f"DTSTART:{LATER:%Y%m%d}T090000Z" in (tmp_path / "mine.ics").read_text()


@pytest.mark.parametrize(
    ("at", "code", "says"),
    [
        ("thursday", 2, "'thursday' is no day and time. Write it as 2026-12-01T18:00.\n"),
        ("2020-01-01T10:00", 1, "That time is over. Name one that is still to come.\n"),
        ("", 2, "'' is no day and time. Write it as 2026-12-01T18:00.\n"),
    ],
)
def test_a_bad_time_is_told(tmp_path: Path, at: str, code: int, says: str) -> None:
    ran = remind(tmp_path, "--at", at)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", says)
    assert not (tmp_path / "reminder.ics").exists()


def test_no_file_is_written_over(tmp_path: Path) -> None:
    mine = tmp_path / "mine.ics"
    mine.write_text("my own")
    ran = remind(tmp_path, "--at", LATER.isoformat(), "--to", str(mine))
    assert (ran.returncode, ran.stderr) == (1, f"{mine} is there already. Name another file.\n")
    assert mine.read_text() == "my own"
    assert "cannot be written" in remind(tmp_path, "--at", LATER.isoformat(), "--to", str(tmp_path / "no" / "x")).stderr
