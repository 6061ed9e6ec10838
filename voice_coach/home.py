"""Where the coach keeps what belongs to this person."""

from __future__ import annotations

import os
from pathlib import Path


def home_folder(given: str | None = None) -> Path:
    """The home: the one given, else VOICE_COACH_HOME, else voice-coach below XDG_DATA_HOME. It need not exist."""
    chosen = given or os.environ.get("VOICE_COACH_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    # The XDG base directory specification has a relative path ignored.
    data = os.environ.get("XDG_DATA_HOME", "")
    base = Path(data) if os.path.isabs(data) else Path.home() / ".local" / "share"
    return base / "voice-coach"
