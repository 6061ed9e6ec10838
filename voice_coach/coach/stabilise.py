"""Steadying oneself: breathing and grounding, paced by the session's clock, which the person slows, pauses or leaves.

Never a part of an exposure: there it would teach that the fear has to be made smaller.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice_coach.coach.asking import rating, trit
from voice_coach.coach.days import next_day
from voice_coach.coach.exercises import BREATHING, GROUNDING, Exercise
from voice_coach.records import History, Rules
from voice_coach.words import Ask, Blank, Expects, Match, Move, Note, Reply, Say, Silence, Unsure

LEAVING = frozenset({"done", "skip", "too_much", "dont_want", "goodbye"})
"""Commands that end the exercise and nothing else."""
PACING = frozenset({"slower", "faster", "pause", "resume", "repeat"})
SWITCHING = frozenset({"ground", "breathe"})
UNTOLD = frozenset({"skip", "dont_know", *LEAVING})
ANEW = "anew"
"""The round begins again: the pace changed, or it was paused."""

Running = Generator[Move, Reply, str]
"""Returns "" where it came to its end, else the command that ended it."""


@dataclass(slots=True)
class _Pace:
    """How fast it goes, and the moment up to which the time is used (UTC)."""

    rules: Rules
    accepts: frozenset[str]
    factor: float = 1.0
    at: datetime | None = None

    def change(self, command: str) -> None:
        step = self.rules["pace_step"].value
        slowest, fastest = self.rules["pace_slowest"].value, self.rules["pace_fastest"].value
        self.factor = min(slowest, max(fastest, self.factor * (step if command == "slower" else 1 / step)))


def upset_today(history: History, now: datetime, rules: Rules) -> bool:
    """Whether panic or dissociation happened and its local day is not over: then grounding comes before breathing."""
    start = rules["day_start"].value
    return any(now < next_day(upset.at, upset.zone, start) for upset in history.upsets)


def breathe(rules: Rules, gentle: bool = False, also: Iterable[str] = ()) -> Running:
    """A breathing exercise of the person's choice, its cautions first. `gentle`: grounding instead of counted breath.

    `also`: further commands that end it, like "stop" where that must not end the session.
    """
    if gentle:
        yield Say("stabilise.ground_first")
        return (yield from ground(rules, also=also))
    yield Say("stabilise.caution")
    name = yield from _which("stabilise.which_breath", tuple(BREATHING))
    if name == "ground":
        return (yield from ground(rules, also=also))
    if name not in BREATHING:
        return name
    if BREATHING[name].holds:
        answer, _ = yield from trit("stabilise.holds")
        if answer != "no":
            yield Say("stabilise.without_holding")
            name = next(iter(BREATHING))
    return (yield from _do(name, BREATHING[name], rules, also))


def ground(rules: Rules, name: str = "", also: Iterable[str] = ()) -> Running:
    """A grounding exercise: the one of this name, or of the person's choice. `also` as for `breathe`."""
    yield Say("stabilise.seated")
    name = name or (yield from _which("stabilise.which_ground", tuple(GROUNDING)))
    if name not in GROUNDING:
        return name
    return (yield from _do(name, GROUNDING[name], rules, also))


def ground_now(rules: Rules) -> Running:
    """Grounding without a question before or after it, for panic or dissociation that is happening."""
    pace = _Pace(rules, LEAVING | PACING | {"stop"})
    return (yield from _rounds(next(iter(GROUNDING.values())), pace))


def offer(rules: Rules, gentle: bool) -> Generator[Move, Reply, None]:
    """What can be done now: say so, and wait a moment for "breathe" or "ground me"; saying nothing declines."""
    yield Say("stabilise.offer")
    accepts = SWITCHING | LEAVING | {"stop"}
    seconds = rules["offer_wait"].value
    reply = yield Ask(
        "stabilise.offer", Expects("command"), accepts=accepts, clarifies=True, silent=True, seconds=seconds
    )
    match reply.value:
        case Match(kind="command", value="breathe"):
            yield from breathe(rules, gentle, also={"stop"})
        case Match(kind="command", value="ground"):
            yield from ground(rules, also={"stop"})
        case _:
            pass


def _which(key: str, names: tuple[str, ...]) -> Running:
    """The exercise that was chosen, or the command that leads elsewhere. Who does not choose gets the first."""
    for wording in (0, 1):
        reply = yield Ask(key, Expects("choice", names), wording=wording, accepts=LEAVING | SWITCHING, clarifies=True)
        match reply.value:
            case Match(kind="choice", value=str(name)):
                return name
            case Match(kind="command", value=str(command)) if command in LEAVING | {"ground"}:
                return command
            case Unsure(candidates=(str(name), *_)) if name in names:
                return name
            case _:
                pass
    return names[0]


def _do(name: str, exercise: Exercise, rules: Rules, also: Iterable[str]) -> Running:
    pace = _Pace(rules, LEAVING | PACING | SWITCHING | frozenset(also))
    said = yield from _rounds(exercise, pace)
    if said in SWITCHING:
        other = ground(rules, also=also) if said == "ground" else breathe(rules, also=also)
        return (yield from other)
    if said == "stop":
        return said
    yield Say("stabilise.left" if said else "stabilise.end")
    now = yield from rating("stabilise.now", accepts=UNTOLD)
    yield Note("stabilised", {"exercise": name, "to_the_end": not said, "now": None if now.command else now.rating()})
    yield Say("stabilise.noted")
    return said


def _rounds(exercise: Exercise, pace: _Pace) -> Running:
    """Whole rounds for as long as the exercise lasts, one at least."""
    seconds = sum(pace.rules[rule].value for _, rule in exercise.parts)
    left = pace.rules["stabilise_length"].value
    blanks: dict[str, Blank] = {rule: pace.rules[rule].value for _, rule in exercise.parts if exercise.counted}
    yield Say(exercise.intro, blanks)
    counted = exercise.counted
    first = True
    while first or left >= seconds * pace.factor:
        said = yield from _round(exercise, pace, counted)
        if said and said != ANEW:
            return said
        if not said:
            left -= seconds * pace.factor
            counted = first = False
    return ""


def _round(exercise: Exercise, pace: _Pace, counted: bool) -> Running:
    if pace.at is None:  # what was said before takes as long as it takes: the time counts from here
        said = yield from _wait(pace, exercise.intro, pace.rules["stabilise_ready"].value)
        if said:
            return said
    for key, rule in exercise.parts:
        seconds = pace.rules[rule].value
        yield Say(key)
        beats = int(seconds) if counted else 1
        for beat in range(2, beats + 2):
            said = yield from _wait(pace, key, seconds / beats)
            if said:
                return said
            if beat <= beats:
                yield Say("stabilise.count", {"count": beat})
    return ""


def _wait(pace: _Pace, key: str, seconds: float) -> Running:
    """Wait until the time is over. What is said meanwhile changes the pace, ends it, or is passed over."""
    length = timedelta(seconds=seconds * pace.factor)
    until = pace.at + length if pace.at else None
    while True:
        reply = yield Ask(
            key, Expects("command"), accepts=pace.accepts, clarifies=True, silent=True,
            seconds=length.total_seconds(), until=until,
        )  # fmt: skip
        match reply.value:
            case Silence():
                pace.at = reply.at
                return ""
            case Match(kind="command", value="slower" | "faster" as command):
                pace.change(str(command))
                pace.at = None
                yield Say(f"stabilise.{command}")
                return ANEW
            case Match(kind="command", value="pause"):
                pace.at = None
                return (yield from _paused(pace))
            case Match(kind="command", value="repeat"):
                pace.at = None
                return ANEW
            case Match(kind="command", value=str(command)) if command in pace.accepts - {"resume"}:
                return command
            case _:
                until = until or reply.at + length


def _paused(pace: _Pace) -> Running:
    """Hold with no end."""
    accepts = pace.accepts - {"slower", "faster"}
    while True:
        reply = yield Ask("stabilise.paused", Expects("command"), accepts=accepts, clarifies=True, seconds=math.inf)
        match reply.value:
            case Match(kind="command", value="resume" | "repeat"):
                yield Say("stabilise.on")
                return ANEW
            case Match(kind="command", value=str(command)) if command != "pause":
                return command
            case _:
                pass
