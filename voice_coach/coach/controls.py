"""The commands that work everywhere and do not end anything: how it is spoken, where one is, what can be said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voice_coach.coach.keeping import note_of
from voice_coach.coach.ledger import Stored
from voice_coach.coach.proposals import BLANKS
from voice_coach.coach.protocol import STEPS
from voice_coach.records import History
from voice_coach.words import Ask, Correction, Match, Nothing, Say, Unsure

RATES = (0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
"""Factors of the normal rate; blind listeners follow three times the usual speed."""
VOLUMES = (0.3, 0.5, 0.75, 1.0)
PROMPTS = (8.0, 12.0, 20.0, 30.0, 45.0, 60.0, math.inf)
"""Seconds of silence after which a question is asked again; infinite for never."""
MINUTES_LEFT = (7, 6, 5, 4, 2)
"""About how long is left at the start of each of the five steps."""

SAVED = frozenset(
    {"ask.before", "ask.rung", "ask.larger", "ask.likelihood", "ask.likelihood_now", "ask.peak", "ask.after"}
)
"""Numbers that "where am I?" says back with their name."""
PRIVATE = {
    "echo.rating": "private.noted",
    "reflect.before": "private.noted",
    "facts.numbers": "private.noted",
    "facts.likelihood": "private.noted",
    "say.same_fear": "private.same_fear",
    "say.note": "private.note",
    "say.plan": "private.noted",
    "forget.ladder": "private.forget_ladder",
    "ladders.next_time": "private.next_time",
    "ask.own_note": "private.own_note",
    "build.read_back": "private.noted",
    "build.gap": "private.noted",
    "build.rate": "private.rate",
    **{key.replace("ask.", "saved."): "saved.other" for key in SAVED},
    **{f"why.{reason}": "why.step_3" for reason in (*BLANKS, "tense")},
}
"""What is said instead in private mode: no fear text and no rating; helplines always."""
UNSPOKEN = frozenset({"ask.did_you_say", "ask.which_rating", "ask.which_choice", "ask.which_answer"})
"""Questions that say an answer aloud: in private mode what was asked before is asked again instead."""


@dataclass(slots=True)
class Manner:
    """How the coach speaks now."""

    rate: float = 1.0
    volume: float = 1.0
    private: bool = False
    """Speak no fear text and no rating."""
    silence: float = 12.0
    """Seconds until a gentle re-prompt; infinite for off."""
    told: str = ""
    """What was asked about practice last: "more" gives its source."""


def adjust(manner: Manner, command: str) -> Say:
    """Change rate or volume by one step; the line that says so, also at the end of the scale."""
    match command:
        case "slower" | "faster":
            after = _step(RATES, manner.rate, 1 if command == "faster" else -1)
            moved, manner.rate = after != manner.rate, after
        case _:
            after = _step(VOLUMES, manner.volume, 1 if command == "louder" else -1)
            moved, manner.volume = after != manner.volume, after
    return Say(f"control.{command}" if moved else f"control.{command}_end")


def hurry(manner: Manner, command: str) -> Say:
    """Change how long the coach waits before it asks again; the line that says so."""
    if command == "ask_never":
        manner.silence = math.inf
        return Say("control.ask_never")
    before = manner.silence
    manner.silence = _step(PROMPTS, before, 1 if command == "ask_later" else -1)
    if math.isinf(manner.silence):
        return Say("control.ask_never")
    key = "ask_sooner_end" if manner.silence == before else command
    return Say(f"control.{key}", {"seconds": manner.silence})


def where(ask: Ask, asked: Sequence[str], said: Stored | None) -> tuple[Say, Say]:
    """Where the session stands, and what was saved last. `asked`: the keys of what was answered, the newest first.

    A question that belongs to no step, such as whether to go on, is asked in the step of the one before it.
    """
    step = next((step for key in (ask.key, *asked) if (step := step_of(key))), 1)
    if said is None:
        saved = Say("control.said_nothing")
    elif said.key in SAVED and isinstance(said.value, float | int):
        saved = Say(f"saved.{said.key.removeprefix('ask.')}", {"value": said.value})
    else:
        saved = Say("saved.other")
    return Say("control.where", {"step": step, "minutes": MINUTES_LEFT[step - 1]}), saved


def tell(command: str, ask: Ask, said: Stored | None, history: History, manner: Manner) -> Say | None:
    """The line that answers a question about the session; None: this is no such question.

    `ask`: the question that is open. `said`: the last answer.
    """
    match command:
        case "help" | "thanks":
            return Say(f"control.{command}")
        case "what_did_i_say":
            return _said(said, manner)
        case "why":
            return ask.why or Say(f"why.step_{step_of(ask.key) or 3}")
        case "number":
            return Say("crisis.number")
        case "skip":  # said where nothing can be left out
            return answer("can_skip", manner)
        case "more" if manner.told not in ("", "unknown"):
            return Say(f"source.{manner.told}")
        case "private":
            manner.private = not manner.private
            return Say("control.private_on" if manner.private else "control.private_off")
        case "remind" if history.learned and not manner.private:
            return note_of(history, Say("control.learned", {"text": history.learned}))
        case "remind":
            return Say("control.nothing_learned")
        case _:
            return None


def answered(said: Match | Unsure | Correction | Nothing, ask: Ask) -> Match | Unsure | Correction | Nothing:
    """What was understood; nothing for "I don't know" where it is no answer: the question comes in other words."""
    match said:
        case Match(kind="command", value="dont_know" | "dont_want" as name, score=score) if name not in ask.accepts:
            return Nothing(score)
    return said


def answer(question: str, manner: Manner) -> Say:
    """The line that answers a question about practice; "more" then gives its source."""
    manner.told = question
    return Say(f"question.{question}")


def step_of(key: str) -> int | None:
    """Which of the five steps a question belongs to (1 to 5); None: to whichever is under way."""
    for number, prefixes in enumerate(STEPS, start=1):
        if any(key == prefix or key.startswith(f"{prefix}.") for prefix in prefixes):
            return number
    return None


def _step(scale: tuple[float, ...], value: float, by: int) -> float:
    at = scale.index(value) if value in scale else min(range(len(scale)), key=lambda index: abs(scale[index] - value))
    return scale[max(0, min(len(scale) - 1, at + by))]


def _said(said: Stored | None, manner: Manner) -> Say:
    if said is None:
        return Say("control.said_nothing")
    value = said.value
    if manner.private or not said.readable or value is None:
        return Say("control.said_private")
    if isinstance(value, bool):
        return Say("control.said_yes" if value else "control.said_no")
    return Say("control.said", {"value": value})
