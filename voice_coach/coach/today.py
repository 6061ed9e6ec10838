"""What a session is given at its start. It never changes while the session runs, so that replay finds the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from voice_coach.records import History, Ladder, Rules, Trit
from voice_coach.words import When


@dataclass(frozen=True, slots=True)
class Today:
    """One session's inputs."""

    history: History
    """Without this session's own rows."""
    ladders: Mapping[str, Ladder]
    rules: Rules
    now: datetime
    """When the session started (UTC)."""
    zone: str
    screen: Mapping[str, Trit] = field(default_factory=dict)
    """Screen answers that were given before the script began (on resuming)."""
    sight_free: bool = False
    """Offer the twins of rungs that need sight."""


def when(at: datetime, now: datetime, zone: str) -> When:
    """The moment `at` as it is spoken of from `now`, both UTC, in this zone."""
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    return When(local, (local.date() - now.astimezone(there).date()).days)
