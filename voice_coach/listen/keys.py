"""The keyboard beside the microphone: Enter says "done" in a step, and a typed line counts as said."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from voice_coach.ports import Events, Turn
from voice_coach.words import Heard

_DONE = ("exposure", "reflection")


class Keys:
    """Reads a terminal in a thread of its own and posts what is typed while somebody listens."""

    def __init__(
        self, terminal: int, events: Events, now: Callable[[], float], turn: Callable[[], Turn | None]
    ) -> None:
        """`terminal`: its file descriptor. `turn`: what is listened for now, None while nobody listens."""
        self._terminal, self._events, self._now, self._turn = terminal, events, now, turn

    def start(self) -> None:
        """Read from now on, until the end of the process."""
        # Not through sys.stdin: a thread that waits in its buffer breaks the interpreter's own end.
        threading.Thread(target=self._read, name="keys", daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                raw = os.read(self._terminal, 4096)
            except OSError:
                return
            if not raw:
                return
            for line in raw.decode("utf-8", errors="replace").splitlines():
                self._take(line.strip())

    def _take(self, line: str) -> None:
        turn = self._turn()
        if turn is None:
            return
        text = line or ("done" if turn.pace in _DONE else "")
        if text:
            now = self._now()
            self._events.put(Heard(text, began=now, at=now))
