"""What a session is given at its start. It never changes while the session runs, so that replay finds the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from voice_coach.records import History, Judgement, Ladder, LadderEdit, Rules, Rung, Trit
from voice_coach.words import When

AGAIN = "again"
"""The first fact of a session that follows right upon another; its value holds the screen answers it was given."""
READY = "ready"
"""The fact that everything before the step was answered: its time is the one at which the step is allowed."""


@dataclass(frozen=True, slots=True)
class LadderWords:
    """What a script may ask about words that belong to ladders. Pure: the same words, the same answer."""

    nearest: Callable[[str, Iterable[Ladder]], tuple[str, ...]] = lambda _, __: ()
    """(a fear, ladders) → the ids of those it shares words with, nearest first."""
    judge: Callable[[str], Judgement] = lambda _: Judgement()
    """What a situation lacks to be a rung."""
    edit: Callable[[str, Sequence[str]], LadderEdit | None] = lambda _, __: None
    """(words, the situations in order) → the change to a ladder that is meant."""
    larger: Callable[[str, Rung], bool] = lambda _, __: False
    """Whether a commitment is more than the rung that it is made for."""
    is_aid: Callable[[str], bool] = lambda _: False
    """Whether the words name what nobody should leave out: medicine, an aid, somebody who helps."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Sentences that become part of a rung: what makes it smaller, its usual changes, and an end for one without."""


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
    own: tuple[str, ...] = ()
    """The ids of the ladders that this person made or brought; they are among `ladders`."""
    words: LadderWords = field(default_factory=LadderWords)
    again: bool = False
    """It follows right upon another session: no welcome, and no note from last time."""

    def refuses(self, rung: Rung) -> bool:
        """True where this rung may not be done, whoever wrote it."""
        return self.words.judge(rung.say).refused is not None


def when(at: datetime, now: datetime, zone: str) -> When:
    """The moment `at` as it is spoken of from `now`, both UTC, in this zone."""
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    return When(local, (local.date() - now.astimezone(there).date()).days)
