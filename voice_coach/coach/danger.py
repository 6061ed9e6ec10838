"""What is said in danger. Each response is a short script of its own; nothing here leads back into an exposure."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Literal

from voice_coach.coach.stabilise import ground_now
from voice_coach.ports import Entry
from voice_coach.records import Rules
from voice_coach.words import Ask, DangerKind, Expects, Match, Move, Reply, Say, Silence

Response = Literal["crisis", "harm", "medical", "now", "other"]

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
YIELDING = frozenset({"dont_know", "dont_want", "stop", "skip", "goodbye", "go_back"})
"""Commands that do not lead past a danger question: they are no clear no."""


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


def check(kind: DangerKind, private: bool = False) -> Generator[Move, Reply, bool]:
    """The one plain question for what is only possible. True: it counts as yes, as all but a clear no does.

    In private mode the question is whether the person is safe, so there a clear yes is what clears it.
    """
    by_response = {"harm": "danger.check_harm", "now": "danger.check_now"}
    key = "private.check" if private else by_response.get(RESPONSE[kind], "danger.check")
    for wording in (0, 1):
        reply = yield Ask(key, Expects("yes-no"), wording=wording, accepts=YIELDING, clarifies=True)
        match reply.value:
            case Match(kind="yes_no", value=bool(value)):
                if value is not private:
                    return True
                yield Say("danger.thanks")
                return False
            case Match(kind="command", value="dont_know"):
                return True
            case _:
                pass
    return True


def known_from_anxiety() -> Generator[Move, Reply, bool]:
    """The emergency question. True: a clear yes, this is a feeling known from anxiety."""
    reply = yield Ask("danger.known_feeling", Expects("yes-no"), accepts=YIELDING, clarifies=True)
    return isinstance(reply.value, Match) and reply.value.kind == "yes_no" and reply.value.value is True


def crisis_message() -> Generator[Move, Reply, None]:
    """The crisis message, then listening: "number" repeats only the number, "ground me" steadies, "stop" ends."""
    for key in ("crisis.thanks", "crisis.stop", "crisis.line", "crisis.line", "crisis.emergency", "crisis.person"):
        yield Say(key)
    yield from _stay("crisis.offer", "crisis.number", denied="crisis.misheard")


def harm_message() -> Generator[Move, Reply, None]:
    """Names no number until asked: somebody may be listening."""
    yield Say("harm.thanks")
    yield from _stay("harm.offer", "harm.number")


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
    reply = yield Ask("other.offer", Expects("yes-no"), accepts=frozenset({"dont_know", "number"}), clarifies=True)
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


def told_again(kind: DangerKind, goes_on: bool) -> Generator[Move, Reply, bool]:
    """After an earlier session's message: it goes on where a crash cut it off, or is offered again."""
    response = RESPONSE[kind]
    if goes_on:
        yield from MESSAGES[response]()
    elif response == "harm":
        yield from _stay("harm.offer", "harm.number")
    else:
        reply = yield Ask("crisis.welcome_back", Expects("yes-no"), accepts=frozenset({"number"}), clarifies=True)
        if not (isinstance(reply.value, Match) and reply.value.kind == "yes_no" and reply.value.value is False):
            yield Say(NUMBERS[response])
    return True


def _stay(offer: str, number: str, denied: str = "") -> Generator[Move, Reply, None]:
    """Stay and listen. `denied`: what answers a "no", which takes nothing back."""
    accepts = frozenset({"number", "repeat", "ground", "breathe", "stop", "goodbye", "done", "private"})
    waited = False
    wording = 0
    while True:
        seconds = LISTENING_SECONDS if waited else STILL_HERE_SECONDS
        expects = Expects("yes-no" if denied else "command")
        reply = yield Ask(offer, expects, wording=wording, accepts=accepts, clarifies=True, seconds=seconds)
        match reply.value:
            case Match(kind="command", value="number" | "repeat"):
                yield Say(number)
            case Match(kind="command", value="ground" | "breathe"):
                yield Say("now.touch")
                yield Say("now.hear")
            case Match(kind="command", value="stop" | "goodbye" | "done" | "private"):
                return
            case Match(kind="yes_no", value=False) if denied:
                yield Say(denied)
            case Silence():
                if waited:
                    return
                waited = True
                wording = 1
            case _:
                wording = 2
