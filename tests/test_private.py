"""Nothing leaves the machine, and nothing said lands anywhere but in the journal."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conversing import read

MARK = "zanzibar quokka"
PROGRAM = [sys.executable, "-m", "voice_coach.cli"]
SCRIPT = "".join(f"{turn.says}\n" for turn in read("first_session").turns).replace("weekly meeting", MARK)
CONNECTION = re.compile(r"\b(socket\(AF_INET6?|connect\(|sendto\(|bind\()")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what a process asks of the network")
@pytest.mark.parametrize("arguments", [("type",), ("rehearse", "--seed", "2")], ids=lambda words: words[0])
def test_a_session_opens_no_connection(arguments: tuple[str, ...], tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    subprocess.run(
        ["strace", "-f", "-e", "trace=network", "-o", str(trace), *PROGRAM, "--home", str(tmp_path), *arguments],
        input=SCRIPT, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    seen = trace.read_text()
    assert "exited with" in seen, "nothing was traced"
    found = [line for line in seen.splitlines() if CONNECTION.search(line) and "AF_UNIX" not in line]
    assert not found, found[:5]


def test_what_is_said_lands_in_the_journal_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ran = subprocess.run(
        [*PROGRAM, "--home", str(home), "type"], input=SCRIPT, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert MARK not in ran.stderr
    holding = {path.name for path in tmp_path.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()}
    assert holding <= {"coach.db", "coach.db-wal"}
    assert holding, "the journal does not hold it either"


def test_no_fault_tells_what_was_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "intents").mkdir()
    (home / "intents" / "rules.yaml").write_text("cap: {value: 3, unit: exposures, source: article}\n")
    ran = subprocess.run(
        [*PROGRAM, "--home", str(home), "type"], input=SCRIPT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 1
    assert MARK not in ran.stderr + ran.stdout
    assert "Traceback" not in ran.stderr


def test_everything_in_the_home_is_for_this_person_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    subprocess.run(
        [*PROGRAM, "--home", str(home), "type"], input=SCRIPT, capture_output=True, text=True, timeout=60, check=True
    )
    assert home.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in home.rglob("*") if path.is_file()}
    assert modes
    assert set(modes.values()) == {0o600}, modes


def test_private_mode_speaks_no_fear_and_no_rating(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*PROGRAM, "--home", str(tmp_path / "home"), "type"], input=SCRIPT, capture_output=True, text=True, timeout=60,
        check=True, env=dict(os.environ) | {"VOICE_COACH_PRIVATE": "yes"},
    )  # fmt: skip
    assert MARK not in ran.stdout
    assert "Noted." in ran.stdout
    assert not re.search(
        r"^(zero|one|two|three|four|five|six|seven|eight|nine|ten)( and a half)?\.", ran.stdout, re.M | re.I
    )
