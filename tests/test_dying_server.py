"""A sound server that dies or hangs under an open microphone: no core is burnt, and the program still ends.

Each time in a process of its own, which can neither write much nor go on for long.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from pulse import Route

LONGEST = 100.0
MOST_WRITTEN = 200_000_000
"""Bytes in a file; PulseAudio's shared memory takes 64 MiB."""
KILLED = """
import sys, threading, time
sys.path.insert(0, "tests")
from pulse import MICROPHONE, open_route
from voice_coach.listen.capture import Capture, Gone

with open_route() as route:
    for _ in range(12):
        route.kill()
        starting = threading.Thread(target=route.start)
        starting.start()
        capture = Capture(MICROPHONE, time.monotonic, lambda block, at: None)
        while True:  # as a session does that has lost its microphone
            try:
                capture.open()
                break
            except Gone:
                time.sleep(0.01)
        starting.join()
        route.kill()
        until = time.monotonic() + 10.0
        while capture.well() and time.monotonic() < until:
            time.sleep(0.02)
        print("noticed" if not capture.well() else "believed well")
        capture.close()
        route.start()
    used = time.process_time()
    time.sleep(2.0)
    print(f"burnt {time.process_time() - used}")
"""
FROZEN = """
import time
from voice_coach.listen.capture import Capture

capture = Capture("user_mic", time.monotonic, lambda block, at: None)
capture.open()
print("open", flush=True)
while capture.well():
    time.sleep(0.02)
print("noticed", flush=True)
capture.close()
print("closed", flush=True)
"""


@contextmanager
def own_process(script: str) -> Iterator[subprocess.Popen[str]]:
    """The script running in a process, which is ended with all that it started."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))

    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[1], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, start_new_session=True, preexec_fn=limit,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.mark.pulse
def test_a_server_killed_under_a_microphone_that_was_just_opened_leaves_nothing_running() -> None:
    with own_process(KILLED) as process:
        told, _ = process.communicate(timeout=LONGEST)
    *noticed, burnt = told.splitlines()
    assert noticed == ["noticed"] * 12
    assert float(burnt.removeprefix("burnt ")) < 1.0
    assert process.returncode == 0


@pytest.mark.pulse
def test_a_server_that_hangs_does_not_keep_the_program_from_ending(sound_route: Route) -> None:
    with own_process(FROZEN) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        try:
            os.kill(sound_route._server, signal.SIGSTOP)
            told, _ = process.communicate(timeout=LONGEST)
        finally:
            sound_route.kill()
            sound_route.start()
    assert told == "noticed\nclosed\n"
    assert process.returncode == 0
