"""What is stored and shown: ladders, exposures, blocks, and what the rules decide.

All datetimes are UTC and aware; `zone` is the IANA name of the zone in which the event happened.
Ratings are 0 to 10 in halves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal

Tag = Literal["user_speaks", "with_others", "away", "sight"]
Changes = Literal["place", "person", "time", "length"]
Trit = Literal["yes", "no", "unsure"]


@dataclass(frozen=True, slots=True)
class Variation:
    """One changed element of a rung."""

    id: str
    changes: Changes
    say: str
    easier: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One situation on a fear ladder: an act with an end that a bystander could see."""

    id: str
    ladder: str
    say: str
    end: str
    seconds: int
    """How long it usually takes; at most 240."""
    tags: frozenset[Tag] = frozenset()
    variations: tuple[Variation, ...] = ()
    sight_free: str | None = None
    """The id of the rung's twin that needs no sight."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A fear and its rungs, easiest first."""

    id: str
    name: str
    rungs: tuple[Rung, ...]
    twins: tuple[Rung, ...] = ()
    """Sight-free twins of rungs tagged `sight`, each as hard as its rung; never in the order themselves."""
    called: tuple[str, ...] = ()
    """Other names that people give this fear when they are asked which ladder."""
    asks: tuple[Literal["fainted", "hurt"], ...] = ()
    """What has to be asked before each session on it; anything but a no closes the session."""
    gone: Mapping[str, str | None] = field(default_factory=dict)
    """Rungs that it had before, their twins too → the next lower one that it still has; None: there is none."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a situation in the person's words lacks to be a rung, and what it would be tagged with."""

    refused: str | None = None
    """Why it may not be a step at all ("driving", "night", …); None: it may."""
    missing: str | None = None
    """The first thing to ask about: self, act, what, control, long, people, end; None: nothing."""
    asks: frozenset[Literal["fainted", "hurt"]] = frozenset()
    """What has to be asked before it may be a step."""
    tags: frozenset[Tag] = frozenset()


@dataclass(frozen=True, slots=True)
class LadderEdit:
    """A change to a ladder that is being built. Places count from 0; `to` is the place after a move."""

    kind: Literal["done", "move", "change", "delete", "add"]
    place: int = 0
    """Of the rung meant; to add: the place that the new one takes."""
    to: int = 0


@dataclass(frozen=True, slots=True)
class RungRating:
    """How hard a rung was said to be, and why it was asked ("entering", "after_hard", "away", "promotion")."""

    ladder: str
    rung: str
    value: float
    at: datetime
    why: str = "entering"


@dataclass(frozen=True, slots=True)
class Exposure:
    """One exposure as it went. None: not asked or not answered."""

    id: str
    ladder: str
    rung: str
    started: datetime
    ended: datetime
    zone: str
    how: Literal["done", "stopped", "too_much", "time", "lost", "away"]
    variation: str | None = None
    before: float | None = None
    peak: float | None = None
    after: float | None = None
    reached_end: bool | None = None
    happened: Literal["yes", "partly", "no"] | None = None
    reflected: bool = False
    retention: bool = False


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A before-rating."""

    value: float
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Upset:
    """Panic or dissociation that happened in a session."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Block:
    """A Rest or Refer that outlives the session. Over at `until`, not after it; None: until lifted by the owner."""

    kind: Literal["rest", "refer", "latch"]
    reason: str
    at: datetime
    until: datetime | None
    zone: str
    ladder: str | None = None
    """Only this ladder is blocked; None: the profile."""


@dataclass(frozen=True, slots=True)
class ScreenAnswer:
    """One answer to a question of the screen."""

    question: str
    answer: Trit
    at: datetime
    ladder: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Everything of one profile that the rules may look at. Tuples are put in order of time, oldest first.

    The rules look at the end of each: whatever order it is handed over in, no block may be missed.
    """

    zone: str
    exposures: tuple[Exposure, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    blocks: tuple[Block, ...] = ()
    screens: tuple[datetime, ...] = ()
    """When the screen was last asked in full to its end."""
    age_confirmed: bool = False
    trauma_asked: frozenset[str] = frozenset()
    """Ladders whose fear was asked about being tied to something terrible."""
    crises: tuple[datetime, ...] = ()
    stressed: datetime | None = None
    """When several hard things at once were said yes to; None where they were denied since, or never."""
    upsets: tuple[Upset, ...] = ()
    rung_ratings: tuple[RungRating, ...] = ()
    ladder: str | None = None
    """The active ladder."""
    fear: str = ""
    """The active fear in the person's words; empty when it was never named."""
    learned: str = ""
    """The sentence learned last: the retrieval cue."""
    recording: str = ""
    """The name of the recording of that sentence in the person's own voice; empty where there is none."""
    own_voice: Literal["", "yes", "no"] = ""
    """Whether such recordings may be kept; empty: never asked."""
    sessions: int = 0
    last_session: datetime | None = None

    def __post_init__(self) -> None:
        for name, time in _TIMES.items():
            events = getattr(self, name)
            times = list(map(time, events)) if time else list(events)
            # What is in order stays the same object: the reading of a long history is kept by it.
            if times != sorted(times):  # which is quick for times in order: ten thousand sessions are looked through
                object.__setattr__(self, name, tuple(sorted(events, key=time)))


_TIMES: Mapping[str, Callable[[Any], datetime] | None] = {
    "exposures": attrgetter("ended"),
    "check_ins": attrgetter("at"),
    "blocks": attrgetter("at"),
    "rung_ratings": attrgetter("at"),
    "upsets": attrgetter("at"),
    "screens": None,
    "crises": None,
}
"""When each event was; None where the event is the moment itself."""


@dataclass(frozen=True, slots=True)
class Go:
    """The permission for one exposure. Made by `coach.rules.may_expose` alone; single-use; lives 30 minutes."""

    id: str
    rung: Rung
    variation: Variation | None
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """Not now: why, and when it is over."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Refer:
    """Not alone: why, and the earliest time to ask again; None: only the owner can lift it."""

    reason: str
    until: datetime | None
    ladder: str | None = None


Verdict = Go | Rest | Refer


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said in this session so far. A missing answer is neither yes, no nor unsure."""

    screen: Mapping[str, Trit] = field(default_factory=dict)
    """By question: age, trauma, suicide, unreal, panic, panic_helped, daily_life, stress, since."""
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One number of `intents/rules.yaml` with its unit and source."""

    value: float
    unit: str
    source: str


Rules = Mapping[str, Rule]
