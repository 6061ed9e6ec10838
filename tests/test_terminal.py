"""The typed session in a real terminal: whatever ends it, it ends at once, says so, and can be gone on with."""

from __future__ import annotations

import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from fcntl import ioctl
from pathlib import Path
from select import select

import pytest

PATIENCE = 60.0
"""Seconds until something is hung rather than slow."""


class Terminal:
    """`voice-coach type` on a terminal of its own."""

    def __init__(self, home: Path) -> None:
        self._fd, inner = pty.openpty()
        command = [sys.executable, "-m", "voice_coach.cli", "--home", str(home), "type"]
        self.process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, start_new_session=True)
        os.close(inner)
        self.shown = ""

    def waits_for(self, text: str, since: int = 0) -> None:
        end = time.monotonic() + PATIENCE
        while text not in self.shown[since:]:
            assert time.monotonic() < end, self.shown
            self._read()

    def type(self, line: bytes) -> None:
        os.write(self._fd, line)

    def resize(self) -> None:
        ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 5, 20, 0, 0))
        self.process.send_signal(signal.SIGWINCH)

    def code(self) -> int:
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, self.shown
            self._read()
        self._read()
        return self.process.returncode

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._fd)

    def _read(self) -> None:
        if select([self._fd], [], [], 0.1)[0]:
            try:
                self.shown += os.read(self._fd, 65536).decode(errors="replace").replace("\r", "")
            except OSError:
                time.sleep(0.05)  # nobody holds the other side any more


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    opened = Terminal(home)
    yield opened
    opened.close()


ENDS: dict[str, tuple[Callable[[Terminal], None], str]] = {
    "ctrl-c": (lambda one: one.process.send_signal(signal.SIGINT), "Stopped. What was said so far is kept."),
    "sigterm": (lambda one: one.process.send_signal(signal.SIGTERM), "Stopped. What was said so far is kept."),
    "ctrl-d": (lambda one: one.type(b"\x04"), "The input ended. What was said is kept; start again to go on."),
}


@pytest.mark.parametrize("way", ENDS)
def test_it_ends_in_one_sentence_and_goes_on_next_time(way: str, terminal: Terminal, home: Path) -> None:
    end, told = ENDS[way]
    terminal.waits_for("Which fear is it?")
    terminal.type(b"asking in meetings\n")
    terminal.waits_for("or another?")
    end(terminal)
    assert terminal.code() == 1, terminal.shown
    assert terminal.shown.rstrip().endswith(told)
    again = Terminal(home)
    try:
        again.waits_for("We were cut off. What you had said is kept, and we go on from there.")
    finally:
        again.close()


def test_odd_bytes_and_another_size_change_nothing(terminal: Terminal) -> None:
    terminal.waits_for("Which fear is it?")
    terminal.resize()
    terminal.type(b"\xff\xfe\x80 \xe6\x88\x91 \x1b[A asking in meetings\n")
    terminal.waits_for("or another?")
    terminal.type(b"stop\n")
    assert terminal.code() == 1
    assert terminal.shown.rstrip().endswith("We stop here. What you said is kept. Goodbye.")
    assert "\x1b" not in terminal.shown.replace("^[", "")
