"""What is said in danger. Each response is a short script of its own; nothing here leads back into an exposure."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Literal

from voice_coach.coach.controls import Manner
from voice_coach.coach.stabilise import ground_now
from voice_coach.ports import Entry
from voice_coach.records import Rules
from voice_coach.words import Ask, DangerKind, Expects, Match, Move, Outcome, Reply, Say, Silence

Response = Literal["crisis", "harm", "medical", "now", "other"]

Checked = Literal["yes", "cleared", "hushed"]
"""What came of the question. hushed: a yes, but somebody is listening, so not one word may follow."""

RESPONSE: dict[DangerKind, Response] = {
    "suicide": "crisis",
    "self_harm": "crisis",
    "substance": "crisis",
    "harm": "harm",
    "medical": "medical",
    "panic_now": "now",
    "dissociation_now": "now",
    "other_person": "other",
}
"""Only these interrupt; trauma, panic and dissociation that are merely mentioned raise the screen's question."""

ASK_FOR_THEMSELVES: frozenset[Response] = frozenset({"medical", "other"})
"""Their first words are the one question, so no other goes before it."""

FLAG, CLEARED = "danger.flag", "danger.cleared"
"""The journal's asides before a danger question and after it was cleared."""
STILL_HERE_SECONDS = 60.0
LISTENING_SECONDS = 600.0
HELD = frozenset({"repeat", "slower", "faster", "louder", "quieter", "choices", "help", "private"})
"""All that a command can do in a response to danger; every other one is an answer, and no clear one."""
LEAVING = frozenset({"stop", "goodbye", "done", "private", "too_much", "driving"})
"""Commands that end a message."""
SLOWLY = ("crisis.", "harm.", "medical.", "other.number")
"""Lines that are never spoken quickly: the messages, and every line with a number in it."""
OVER = Outcome("refer", "latch")
"""How a session ends that was only a message of an earlier one: practice is closed."""


def is_of_danger(key: str) -> bool:
    """Whether this question or line belongs to a response to danger: no command leads past it."""
    return key.startswith(("danger.", "private.check", "crisis.", "harm.", "medical.", "now.", "other."))


@dataclass(frozen=True, slots=True)
class Flagged:
    """Danger that was asked about."""

    kind: DangerKind
    phrases: tuple[str, ...]
    sure: bool


def taken_up(rows: Iterable[Entry]) -> tuple[list[Flagged], bool]:
    """What was asked about in these rows, and whether a crash cut off the last question."""
    flags: list[Flagged] = []
    still_open = False
    for row in rows:
        if row.kind == "aside" and row.key == FLAG:
            body = json.loads(row.value)
            flags.append(Flagged(body["kind"], tuple(body["phrases"]), body["sure"]))
            still_open = True
        elif row.kind == "aside" and row.key == CLEARED:
            still_open = False
    return flags, still_open


def check(kind: DangerKind, manner: Manner) -> Generator[Move, Reply, Checked]:
    """The one plain question for what is only possible. Nothing but a clear no clears it.

    In private mode the question is whether the person is safe, so there a clear yes is what clears it.
    """
    by_response = {"harm": "danger.check_harm", "now": "danger.check_now"}
    wording = 0
    while wording < 2:
        private = manner.private
        key = "private.check" if private else by_response.get(RESPONSE[kind], "danger.check")
        accepts = frozenset({"dont_know", "private"})
        expects = Expects("yes-no", checks="safe" if private else None)
        reply = yield Ask(key, expects, wording=wording, accepts=accepts, clarifies=True)
        match reply.value:
            case Match(kind="yes_no", value=bool(value)):
                if value is not private:
                    return "yes"
                yield Say("danger.thanks")
                return "cleared"
            case Match(kind="command", value="dont_know" | "number"):
                return "yes"
            case Match(kind="command", value="private") if RESPONSE[kind] == "harm":
                return "hushed"
            case Match(kind="command", value="private") if not private:
                manner.private, wording = True, 0  # the same, in words that tell a listener less
            case _:
                wording += 1
    return "yes"


def known_from_anxiety() -> Generator[Move, Reply, bool]:
    """The emergency question. True: a clear yes, this is a feeling known from anxiety."""
    reply = yield Ask("danger.known_feeling", Expects("yes-no", checks="safe"), clarifies=True)
    return isinstance(reply.value, Match) and reply.value.kind == "yes_no" and reply.value.value is True


def crisis_message() -> Generator[Move, Reply, None]:
    """The crisis message, then listening: "number" repeats only the number, "ground me" steadies, "stop" ends."""
    for key in ("crisis.thanks", "crisis.stop", "crisis.line", "crisis.line", "crisis.emergency", "crisis.person"):
        yield Say(key)
    yield from _stay("crisis.offer", "crisis.number")


def harm_message() -> Generator[Move, Reply, None]:
    """Names no number until asked: somebody may be listening."""
    yield Say("harm.thanks")
    yield from _stay("harm.offer", "harm.number", overheard=True)


def emergency_message() -> Generator[Move, Reply, None]:
    """For chest pain or trouble breathing that is not plainly known."""
    yield Say("medical.stop")
    yield Say("medical.call")
    yield Say("medical.call")
    yield from _stay("medical.offer", "medical.number")


def steady(rules: Rules) -> Generator[Move, Reply, None]:
    """Panic or dissociation now: grounding by touch and hearing, no helpline, and nothing asked."""
    yield Say("now.stop")
    yield Say("now.touch")
    yield Say("now.hear")
    yield from ground_now(rules)
    yield Say("now.enough")


def for_another() -> Generator[Move, Reply, None]:
    """Somebody else is in danger: offer a number that they or the person can ring."""
    reply = yield Ask("other.offer", Expects("yes-no"), clarifies=True)
    match reply.value:
        case Match(kind="yes_no", value=False):
            yield Say("other.thanks")
        case _:
            yield Say("other.number")
            yield Say("other.thanks")


MESSAGES: dict[Response, Callable[[], Generator[Move, Reply, None]]] = {
    "crisis": crisis_message,
    "harm": harm_message,
    "medical": emergency_message,
}
"""Those that end the session and set the latch."""

NUMBERS: dict[Response, str] = {"crisis": "crisis.number", "medical": "medical.number"}
"""What "the number again" is, by response; the harm message names none until it is asked for."""


def told_again(kind: DangerKind, goes_on: bool) -> Generator[Move, Reply, Outcome | None]:
    """After an earlier session's message: it goes on where a crash cut it off, or is offered again.

    The outcome where that ends the session; None: it goes on.
    """
    response = RESPONSE[kind]
    if goes_on:
        yield from MESSAGES[response]()
        return OVER
    if response == "harm":
        yield from _stay("harm.offer", "harm.number", overheard=True)
        return OVER
    reply = yield Ask("crisis.welcome_back", Expects("yes-no"), clarifies=True)
    match reply.value:
        case Match(kind="command", value=str(said)) if said in LEAVING:
            yield Say("say.stopped")
            return Outcome("stopped")
        case Match(kind="yes_no", value=False):
            return None
        case _:
            yield Say(NUMBERS[response])
            return None


def _stay(offer: str, number: str, overheard: bool = False) -> Generator[Move, Reply, None]:
    """Stay and listen. `overheard`: somebody may be listening, so nothing is said unasked, and no number."""
    accepts = LEAVING | {"repeat"}
    told = not overheard
    waited = overheard
    key, wording = offer, 0
    while True:
        seconds = LISTENING_SECONDS if waited else STILL_HERE_SECONDS
        reply = yield Ask(key, Expects("yes-no"), wording=wording, accepts=accepts, clarifies=True, seconds=seconds)
        match reply.value:
            case Match(kind="command", value="number"):
                key, wording, told = number, 0, True
            case Match(kind="command", value="repeat"):
                key, wording = (number, 0) if told else (offer, 0)
            case Match(kind="command", value="ground" | "breathe"):
                yield Say("now.touch")
                key, wording = "now.hear", 0
            case Match(kind="command", value=str(said)) if said in LEAVING:
                return
            case Match(kind="yes_no", value=False):
                key, wording = "crisis.misheard", 0
            case Silence() if waited:
                return
            case Silence():
                waited = True
                key, wording = offer, 1
            case _:
                key, wording = offer, 2
