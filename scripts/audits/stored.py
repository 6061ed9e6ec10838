"""What the journal of one profile holds, read from `coach.db` alone: no code of the product takes part."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DAY_STARTS = timedelta(hours=4)


def local_day(at: datetime, zone: str) -> date:
    """The person's day: it starts at four in the morning, where they are."""
    return (at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - DAY_STARTS).date()


@dataclass(frozen=True, slots=True)
class Fact:
    """One living row of the journal that the rules may look at."""

    order: int
    """Its place in the whole journal."""
    session: str
    at: datetime
    zone: str
    name: str
    """The note's name; "end", "asked_again" or "since" for what is no note."""
    value: dict[str, Any]

    @property
    def day(self) -> date:
        return local_day(self.at, self.zone)


@dataclass(frozen=True, slots=True)
class Done:
    """One exposure."""

    order: int
    """The place of the row that began it."""
    session: str
    id: str
    ladder: str
    rung: str
    variation: str | None
    started: datetime
    ended: datetime
    zone: str
    how: str = "lost"
    before: float | None = None
    peak: float | None = None
    after: float | None = None
    reached_end: bool | None = None
    happened: str | None = None
    reflected: bool = False
    retention: bool = False

    @property
    def day(self) -> date:
        return local_day(self.started, self.zone)

    @property
    def score(self) -> float | None:
        """The higher of the two ratings after the step; the one that was given where the other is missing."""
        given = [rating for rating in (self.peak, self.after) if rating is not None]
        return max(given) if given else None

    @property
    def grade(self) -> str:
        """good, hard, plain or lost."""
        if self.how == "lost":
            return "lost"
        score = self.score
        if self.how in ("stopped", "too_much") or self.happened == "yes" or (score is not None and score >= 7.0):
            return "hard"
        whole = self.peak is not None and self.after is not None and self.reached_end is True and self.reflected
        return "good" if whole and score is not None and score < 2.0 else "plain"


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything of one profile, in the order in which it was written."""

    facts: tuple[Fact, ...] = ()
    exposures: tuple[Done, ...] = ()
    projected: int = 0
    """How many exposures the table beside the journal holds."""

    def named(self, name: str, before: int | None = None, session: str | None = None) -> list[Fact]:
        """The facts of this name, before this place, in this session."""
        return [
            fact
            for fact in self.facts
            if fact.name == name
            and (before is None or fact.order < before)
            and (session is None or fact.session == session)
        ]

    def earlier(self, than: int) -> list[Done]:
        """The exposures that began before this place."""
        return [done for done in self.exposures if done.order < than]


@dataclass(slots=True)
class _Steps:
    """Exposures as they come together from their rows."""

    found: dict[str, Done] = field(default_factory=dict)

    def take(self, order: int, session: str, zone: str, kind: str, value: dict[str, Any]) -> None:
        name = value["id"]
        started = datetime.fromisoformat(value["started"])
        known = self.found.get(name)
        if known is None:
            known = Done(order, session, name, value["ladder"], value["rung"], value.get("variation"), started,
                         started, zone)  # fmt: skip
        if kind != "expose":
            known = replace(known, how=value["how"], ended=datetime.fromisoformat(value["ended"]), started=started)
        if kind == "note":
            told: dict[str, Any] = {
                name: value.get(name) for name in ("before", "peak", "after", "reached_end", "happened")
            }
            known = replace(known, **told, reflected=bool(value.get("reflected")),
                            retention=bool(value.get("retention")))  # fmt: skip
        self.found[name] = known


def profiles(path: Path) -> list[str]:
    """The profiles of this journal, the newest session's last."""
    with _open(path) as db:
        return [row[0] for row in db.execute("SELECT profile FROM sessions GROUP BY profile ORDER BY max(rowid)")]


def read(path: Path, profile: str) -> Stored:
    """The journal of this profile."""
    steps = _Steps()
    facts: list[Fact] = []
    with _open(path) as db:
        rows = db.execute(
            "SELECT e.id, e.session, e.at_utc, e.zone, e.kind, e.key, e.value_json FROM entries e"
            " JOIN sessions s ON s.id = e.session WHERE s.profile = ? AND e.replaced_by IS NULL ORDER BY e.id",
            (profile,),
        )
        for order, session, at, zone, kind, key, text in rows:
            value = json.loads(text)
            if kind in ("expose", "exposed") or (kind == "note" and key == "exposure"):
                steps.take(order, session, zone, kind, value)
                continue
            facts += [
                Fact(order, session, datetime.fromisoformat(at), zone, name, value) for name in _names(kind, key, value)
            ]
        projected = db.execute("SELECT count(*) FROM exposures WHERE profile = ?", (profile,)).fetchone()[0]
    return Stored(tuple(facts), tuple(sorted(steps.found.values(), key=lambda done: done.order)), projected)


def _names(kind: str, key: str, value: dict[str, Any]) -> Iterator[str]:
    if kind == "note":
        yield key
    elif kind == "end":
        yield "end"
        if value.get("how") == "crisis":
            yield "crisis"
    elif key == "ask.another" and value.get("value") is True:
        yield "asked_again"
    elif kind == "aside" and key == "screen.since" and value.get("is") == "match":
        yield "since"


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
