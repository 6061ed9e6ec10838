"""Where the coach keeps what belongs to this person."""

from __future__ import annotations

import os
from pathlib import Path

from voice_coach.errors import Missing


def home_folder(given: str | None = None) -> Path:
    """The home: the one given, else VOICE_COACH_HOME, else voice-coach below XDG_DATA_HOME. It need not exist."""
    chosen = given or os.environ.get("VOICE_COACH_HOME")
    # The XDG base directory specification has a relative path ignored.
    data = os.environ.get("XDG_DATA_HOME", "")
    base = data if os.path.isabs(data) else "~/.local/share"
    try:
        return Path(chosen or f"{base}/voice-coach").expanduser().absolute()
    except RuntimeError:
        raise Missing("This account has no folder of its own; name one with --home or VOICE_COACH_HOME.") from None
