"""What the tests of the rules share: the shipped numbers, a rung, a clear history, exposures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice_coach.coach.proposals import BLANKS, NeedsRating, Next, NoRung, Proposal
from voice_coach.coach.rules import may_expose
from voice_coach.records import Answers, Exposure, Go, History, Ladder, Rule, Rung, Trit, Variation, Verdict


def utc(*parts: int) -> datetime:
    """A moment in UTC from year, month, day, hour, …"""
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


YAML_RULES = Path(__file__).parents[1] / "intents" / "rules.yaml"
RULES = {name: Rule(**rule) for name, rule in YAML(typ="safe").load(YAML_RULES.read_text(encoding="utf-8")).items()}

ZONE = "Europe/Berlin"
NOW = utc(2026, 3, 4, 18)
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
FRIEND = Variation("friend", "person", "Ask a friend.")
SHORT = Variation("short", "length", "Make it shorter.", easier=True)
INSIDE = Rung("inside", "talk", "Say it aloud.", "it is said", 60, variations=(FRIEND, SHORT))
OUTSIDE = replace(INSIDE, id="outside", tags=frozenset({"away"}))
PLAN = Proposal(INSIDE, FRIEND, "vary")
CLEAR = History(
    ZONE, screens=(NOW - 2 * DAY,), age_confirmed=True, ladder="talk", trauma_asked=frozenset({"talk", "home"})
)
FULL: Mapping[str, Trit] = {
    "age": "yes", "trauma": "no", "suicide": "no", "unreal": "no", "panic": "no", "daily_life": "no", "stress": "no",
}  # fmt: skip


def exposed(ago: timedelta, **changes: Any) -> Exposure:
    """A good exposure of one minute that ended this long ago."""
    good = Exposure(
        id=f"{ago}", ladder="talk", rung="inside", started=NOW - ago - timedelta(minutes=1), ended=NOW - ago, zone=ZONE,
        how="done", before=3.0, peak=1.5, after=1.0, reached_end=True, happened="no", reflected=True,
    )  # fmt: skip
    return replace(good, **changes)


def said(before: float | None = 3.0, **screen: Trit) -> Answers:
    return Answers({"since": "no", **screen}, before)


def decide(
    history: History = CLEAR,
    answers: Answers | None = None,
    now: datetime = NOW,
    proposal: Proposal | None = PLAN,
    zone: str = ZONE,
    refused: Any = None,
) -> Verdict:
    return may_expose(history, now, said() if answers is None else answers, RULES, proposal, zone, refused)


def reason(verdict: Verdict) -> str:
    return "go" if isinstance(verdict, Go) else verdict.reason


STAND = Variation("stand", "place", "Do it standing.")


def rung(name: str, **changes: Any) -> Rung:
    return replace(Rung(name, "talk", f"Do {name}.", "done", 60, variations=(STAND, FRIEND, SHORT)), **changes)


A, B, C, D, E = (rung(name) for name in "abcde")
LADDER = Ladder("talk", "talking", (A, B, C, D, E))


def seen(answer: Next) -> tuple[str, str | None, str]:
    """(rung, variation, reason); for a rating ("rate", rung, why); for none ("none", None, reason)."""
    if isinstance(answer, NeedsRating):
        return "rate", answer.rung.id, answer.why
    if isinstance(answer, NoRung):
        return "none", None, answer.reason
    assert set(answer.numbers) == set(BLANKS[answer.why])
    return answer.rung.id, answer.variation.id if answer.variation else None, answer.why


ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Baku", "Europe/Helsinki", "Pacific/Apia",
    "Antarctica/Troll", "America/Santiago", "Asia/Kathmandu", "UTC", "Nowhere/Else", "", "../etc",
)  # fmt: skip
zones = st.sampled_from(ZONES)
CHANGES = (
    utc(2026, 3, 29, 1), utc(2026, 10, 25, 1), utc(2026, 3, 8, 7), utc(2025, 12, 31, 23, 59, 59), utc(2011, 12, 30, 10),
    utc(2015, 3, 28, 23, 59), utc(2026, 4, 4, 15),
)  # fmt: skip
moments = st.one_of(
    st.integers(150_000_000, 4_700_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.sampled_from(CHANGES),
)
