"""Tells the operator of a device that a message in danger began: runs a command, and never waits for it."""

from __future__ import annotations

import shlex
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress


def hook(command: str) -> Callable[[], None]:
    """Runs the command (split as a shell splits words, but without a shell) with nothing of what was said.

    Neither its failure nor its slowness reaches the session. An empty command does nothing.
    """

    def run() -> None:
        with suppress(OSError, ValueError):
            process = subprocess.Popen(
                shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            threading.Thread(target=process.wait, name="operator hook", daemon=True).start()

    return run if command else lambda: None
