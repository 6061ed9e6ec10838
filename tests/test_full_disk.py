"""A disk that fills up in the middle of a session: a really full one, a small file system of its own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "voice_coach.cli", "--home"]
LOST = "I could not save what you said last, so that is lost. What you said before is kept."
FEAR = "asking a question in the weekly meeting\n"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode
    except OSError:
        done = 1
    if done:
        pytest.skip("only root can mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no byte free."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def kept(home: Path) -> list[str]:
    query = "SELECT key FROM entries WHERE kind = 'answer' ORDER BY id"
    return [key for (key,) in sqlite3.connect(home / "coach.db").execute(query)]


def test_what_was_lost_is_said_and_the_next_session_goes_on_before_it(small: Path) -> None:
    home = small / "home"
    process = subprocess.Popen(
        [*PROGRAM, str(home), "type"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(FEAR)
    process.stdin.flush()
    while not (said := process.stdout.readline()).startswith("Is it about"):
        assert said, process.communicate()
    ballast = fill(small)
    out, told = process.communicate("public speaking\nyes\nno\nno\nno\n" * 20, timeout=60)
    assert LOST in out
    assert "What you said is kept" not in out
    assert "no room left on the disk" in told
    assert process.returncode == 3
    ballast.unlink()
    assert kept(home)[0] == "ask.fear"
    again = subprocess.run(
        [*PROGRAM, str(home), "type"], input="stop\n", capture_output=True, text=True, timeout=60, check=False
    )
    assert "We were cut off." in again.stdout, again
