"""The typed session as a person or a script meets it: a process, a pipe, a terminal, a power cut."""

from __future__ import annotations

import os
import pty
import select
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

from conversing import read

PROGRAM = [sys.executable, "-m", "voice_coach.cli"]
FIRST = read("first_session")
SCRIPT = "".join(f"{turn.says}\n" for turn in FIRST.turns)


def coach(home: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "--home", str(home), *arguments], input=said, capture_output=True, text=True, timeout=60, check=False
    )


def answers(home: Path) -> list[str]:
    query = "SELECT key FROM entries WHERE kind = 'answer' AND replaced_by IS NULL ORDER BY id"
    return [key for (key,) in sqlite3.connect(home / "coach.db").execute(query)]


def test_a_whole_session_through_a_pipe(tmp_path: Path) -> None:
    ran = coach(tmp_path / "home", "type", said=SCRIPT)
    assert ran.returncode == 0, ran.stderr
    assert "waits are skipped" in ran.stderr
    assert "Before, three. At its highest, five. Now, one and a half." in ran.stdout
    assert "Traceback" not in ran.stderr


def test_it_reads_well_line_by_line(tmp_path: Path) -> None:
    ran = coach(tmp_path / "home", "type", said=SCRIPT)
    assert "\x1b" not in ran.stdout
    assert "\r" not in ran.stdout
    assert not any(0x2500 <= ord(letter) <= 0x25FF for letter in ran.stdout), "a box character"
    assert ran.stdout.isascii()


def test_end_of_input_is_kept_and_gone_on_with(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = coach(home, "type", said="".join(SCRIPT.splitlines(keepends=True)[:12]))
    assert first.returncode == 1
    assert "start again to go on" in first.stderr
    again = coach(home, "type", said="no\n" + "".join(SCRIPT.splitlines(keepends=True)[12:]))
    assert again.returncode == 0, again.stdout
    assert answers(home).count("ask.before") == 1


def test_home_and_files_are_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    coach(home, "type", said="speaking up\n")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for path in home.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_killed_at_any_turn_it_goes_on(tmp_path: Path) -> None:
    lines = SCRIPT.splitlines(keepends=True)
    for cut in (1, 5, 11, 14):
        home = tmp_path / str(cut)
        process = subprocess.Popen(
            [*PROGRAM, "--home", str(home), "type"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin
        assert process.stdout
        process.stdin.write("".join(lines[:cut]))
        process.stdin.flush()
        wait_for_answers(home, cut)
        process.kill()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()
        again = coach(home, "type", said="no\n" + "".join(lines[cut:]))
        assert again.returncode == 0, (cut, again.stdout)


def wait_for_answers(home: Path, count: int) -> None:
    for _ in range(300):
        try:
            if len(answers(home)) >= count:
                return
        except sqlite3.Error:
            pass
        time.sleep(0.05)
    raise AssertionError("the answers never reached the journal")


def test_a_terminal(tmp_path: Path) -> None:
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "--home", str(tmp_path / "home"), "type"], stdin=secondary, stdout=secondary, stderr=secondary
    )
    os.close(secondary)
    seen = expect(primary, "First, the fear")
    os.write(primary, b"asking a question in a meeting\n")
    seen = expect(primary, "Is it about")
    os.write(primary, b"stop\n")
    process.wait(20)
    os.close(primary)
    assert process.returncode == 1
    assert "Traceback" not in seen


def expect(terminal: int, words: str) -> str:
    seen = ""
    for _ in range(200):
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
        if words in seen:
            return seen
    raise AssertionError(f"{words!r} never came; there was: {seen}")


def test_sigterm_keeps_what_was_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [*PROGRAM, "--home", str(home), "type"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin
    process.stdin.write("asking a question in a meeting\n")
    process.stdin.flush()
    wait_for_answers(home, 1)
    process.send_signal(signal.SIGTERM)
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "kept" in complaint
    assert "Traceback" not in complaint
    assert answers(home) == ["ask.fear"]


def test_odd_bytes_and_long_lines_break_nothing(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*PROGRAM, "--home", str(tmp_path / "home"), "type"],
        input=b"\xff\xfe\x00 fear\n" + b"no " * 5000 + b"\n" + "\U0001f600\n".encode() * 3,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr


def test_real_time_on_a_pipe_is_not_announced_as_skipped(tmp_path: Path) -> None:
    ran = coach(tmp_path / "home", "type", "--real-time", said="speaking up\nstop\n")
    assert ran.returncode == 1
    assert "skipped" not in ran.stderr


def test_a_crisis_since_the_cut_begins_anew_with_the_questions(tmp_path: Path) -> None:
    home = tmp_path / "home"
    coach(home, "type", said="".join(SCRIPT.splitlines(keepends=True)[:6]))
    again = coach(home, "type", said="yes\nstop\n")
    assert "Let us begin anew" in again.stdout
    assert again.stdout.rstrip().endswith("Goodbye."), again.stderr
    assert "broke" not in again.stdout + again.stderr
