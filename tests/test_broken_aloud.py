"""Where no session can be led: aloud, over a real sound route, the number is asked for, played and heard."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from pulse import TAP_RATE, Route, Tap
from test_rendered import BREAKS, US, digits_in
from test_talk import settings

from voice_coach.errors import CoachError
from voice_coach.speak import rendered
from voice_coach.talking import hold_spoken

PATIENCE = 60.0
"""Seconds after which something is broken that should not be."""
QUIET = 2.5
"""Seconds of silence after which the coach has finished."""


def finished(tap: Tap, after: float) -> bytes:
    """All that came out of the loudspeaker after this moment, once it has spoken and fallen silent."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        loud = [end for _, end in tap.loud() if end > after]
        if loud and time.monotonic() - loud[-1] > QUIET:
            break
        time.sleep(0.1)
    return b"".join(piece for at, piece in list(tap._pieces) if at > after)


@pytest.mark.pulse
@pytest.mark.parametrize("broken", BREAKS)
def test_the_number_is_asked_for_and_heard(broken: Any, sound_route: Route, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    rendered.keep(home, US | {"number": "one one six, one two three"})
    broken(home)
    heard: list[bytes] = []

    def ask() -> None:
        with sound_route.tap() as tap:
            finished(tap, time.monotonic())
            for _ in range(3):
                sound_route.say("number")
                heard.append(finished(tap, time.monotonic()))
                if digits_in(heard[-1], TAP_RATE):
                    break
            sound_route.say("stop")

    person = threading.Thread(target=ask, daemon=True)
    person.start()
    with pytest.raises(CoachError):
        hold_spoken(settings(home), lambda _: None)
    person.join(timeout=PATIENCE)
    assert digits_in(heard[-1], TAP_RATE) == "one one six one two three"
