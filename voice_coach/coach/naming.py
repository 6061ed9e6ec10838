"""Step one: the fear in the person's words, and the ladder that fits it: a known one or one of their own."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from voice_coach.coach.asking import Answer, choice, trit, words
from voice_coach.coach.building import HARM, build, invite_more, may_build
from voice_coach.coach.today import Today
from voice_coach.records import Ladder
from voice_coach.words import Move, Note, Outcome, Reply, Say

OFFERED = 3
"""Names a listener holds at once."""
COMMON = ("public_speaking", "social", "phone_calls")
"""Offered first where the fear's words point nowhere."""
ANOTHER, OWN = "another", "my own"


def name_fear(today: Today, closed: str | None = None) -> Generator[Move, Reply, Ladder | Outcome]:
    """The ladder to work on; an outcome where naming it ended the session. `closed`: a ladder that is not open now."""
    known = today.ladders.get(today.history.ladder or "")
    if known and today.history.fear and known.id != closed:
        yield Say("say.same_fear", {"ladder": known.name})
        return (yield from invite_more(today, known))
    fear = yield from words("ask.fear", about="fear")
    ladder: Ladder | Outcome | None = yield from _choose(today, fear, closed)
    if ladder is None:
        ladder = yield from build(today, fear)
    if isinstance(ladder, Ladder):
        yield Note("ladder", {"ladder": ladder.id, "fear": fear.text() or ladder.name})
    return ladder


def may_do(ladder: Ladder) -> Generator[Move, Reply, Outcome | None]:
    """What this ladder asks before each session; the outcome where the answer ends it."""
    for question in ladder.asks:
        answer, _ = yield from trit(f"screen.{question}")
        if answer == "no":
            continue
        if question == "hurt":
            return HARM
        yield Say(f"refuse.{question}")
        yield Say("say.goodbye")
        return Outcome("refer", question)
    return None


def _choose(today: Today, fear: Answer, closed: str | None) -> Generator[Move, Reply, Ladder | None]:
    """One of the ladders, offered a few at a time; None for a ladder of one's own."""
    ladders = {ladder.name: ladder for ladder in _in_order(today, fear) if ladder.id != closed}
    near = today.words.nearest(fear.text(), today.ladders.values())
    first = min(len([name for name in near if name != closed]), OFFERED) or OFFERED
    offers = pages((*ladders, OWN), first)
    page = 0
    while True:
        offered = offers[page % len(offers)]
        rest = tuple(name for name in (*ladders, OWN) if name not in offered)
        answers = ("yes", "no") if len(offered) == 1 else ()
        labels = (*offered, ANOTHER, *rest, *answers)
        chosen = yield from choice("ask.ladder", labels, {"ladders": ", ".join(offered)})
        if chosen.value == "yes":
            return ladders.get(offered[0])
        if chosen.value in (ANOTHER, "no"):
            page += 1
        elif chosen.value != OWN:
            return ladders[chosen.text()]
        elif may_build(chosen):
            return None
        else:
            yield Say("build.needs_words")


def _in_order(today: Today, fear: Answer) -> list[Ladder]:
    """The nearest first, then the person's own, the common ones and the others."""
    near = today.words.nearest(fear.text(), today.ladders.values())
    order = [*near, *today.own, *COMMON, *today.ladders]
    return [today.ladders[name] for name in dict.fromkeys(order) if name in today.ladders]


def pages(names: Sequence[str], first: int) -> list[tuple[str, ...]]:
    """The first so many names, then the others a few at a time."""
    rest = names[first:]
    return [tuple(names[:first]), *(tuple(rest[at : at + OFFERED]) for at in range(0, len(rest), OFFERED))]
