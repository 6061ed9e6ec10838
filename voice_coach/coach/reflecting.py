"""Step five: a quiet minute, what happened against what was expected, what was learned, and the next small act."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Literal

from voice_coach.coach.asking import Answer, choice, rating, words, yes_no
from voice_coach.coach.keeping import keep_sound
from voice_coach.coach.spending import Spent
from voice_coach.records import Go, History
from voice_coach.words import Exposed, Move, Note, Reply, Say, Value

QUIET_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Before:
    """What was said before the step."""

    rating: float
    likelihood: float | None
    retention: bool = False
    """The step checks a rung that was mastered."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the person says about the step."""

    peak: float | None = None
    after: float | None = None
    reached_end: bool | None = None
    happened: Literal["yes", "partly", "no"] | None = None
    likelihood: float | None = None
    reflected: bool = False


def exposure_note(go: Go, exposed: Exposed, before: Before, account: Account) -> Note:
    """The exposure as a fact. Written once it ended and again when the reflection completes it."""
    value: Mapping[str, Value | list[str]] = {
        "id": go.id,
        "ladder": go.rung.ladder,
        "rung": go.rung.id,
        "variation": go.variation.id if go.variation else None,
        "started": exposed.started.isoformat(),
        "ended": exposed.ended.isoformat(),
        "how": exposed.how,
        "before": before.rating,
        "peak": account.peak,
        "after": account.after,
        "reached_end": account.reached_end,
        "happened": account.happened,
        "reflected": account.reflected,
        "retention": before.retention,
        "likelihood": before.likelihood,
        "likelihood_now": account.likelihood,
    }
    return Note("exposure", value, barrier=not account.reflected)


def reflect(
    history: History, go: Go, exposed: Exposed, before: Before, late: bool, spent: Spent
) -> Generator[Move, Reply, Account]:
    """The reflection. `late`: told too long after the step, so only the outcome and the learning are asked."""
    if not late:
        yield from words("ask.reflect", pace="reflection", seconds=QUIET_SECONDS)
    reached = exposed.how == "done"
    if exposed.how in ("time", "lost", "away"):
        end = yield from yes_no("ask.reached_end", {"end": go.rung.end})
        reached = end.value is True
    yield Say("reflect.before", {"value": before.rating})
    happened = yield from choice("ask.happened", ("yes", "partly", "no"))
    if happened.value == "yes":
        surprise = yield from choice("ask.compared", ("worse", "same", "easier"))
        yield Note("surprise", {"label": surprise.value})
    elif not late and spent.takes("surprise", planned=4):
        yield from _surprise()
    likelihood: Answer | None = None
    peak: Answer | None = None
    after: Answer | None = None
    if not late:
        if before.likelihood is not None and spent.has_room(planned=3):
            likelihood = yield from rating("ask.likelihood_now", accepts=frozenset({"skip"}))
        peak = yield from rating("ask.peak", after=likelihood)
        after = yield from rating("ask.after", after=peak)
    yield from _learn(history, after)
    return Account(
        peak=peak.rating() if peak else None,
        after=after.rating() if after else None,
        reached_end=reached,
        happened=_outcome(happened.value),
        likelihood=likelihood.rating() if likelihood and not likelihood.command else None,
        reflected=True,
    )


def reinforce(before: Before, account: Account) -> Generator[Move, Reply, None]:
    """Facts only: what was done and what was counted. Never praise for a number."""
    yield Say("facts.reached" if account.reached_end else "facts.tried")
    if account.peak is not None and account.after is not None:
        yield Say("facts.numbers", {"before": before.rating, "peak": account.peak, "after": account.after})
    if account.happened:
        yield Say(f"facts.happened_{account.happened}")
    if before.likelihood is not None and account.likelihood is not None:
        yield Say("facts.likelihood", {"before": before.likelihood, "after": account.likelihood})


def act() -> Generator[Move, Reply, None]:
    """One action for the next minutes, in the person's words."""
    action = yield from words("ask.action")
    if action.text():
        yield Note("action", {"text": action.text()})
        yield Say("say.action_kept")


def _surprise() -> Generator[Move, Reply, None]:
    surprise = yield from words("ask.surprise")
    if surprise.text():
        yield Note("surprise", {"text": surprise.text()})


def _learn(history: History, after: Answer | None) -> Generator[Move, Reply, None]:
    learned = yield from words("ask.learned", about="learned", after=after)
    if learned.text():
        yield Note("learned", {"text": learned.text()})
        yield from keep_sound(learned.sounded, history)


def _outcome(value: Value) -> Literal["yes", "partly", "no"] | None:
    match value:
        case "yes":
            return "yes"
        case "partly":
            return "partly"
        case "no":
            return "no"
        case _:
            return None
