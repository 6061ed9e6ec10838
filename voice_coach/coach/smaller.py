"""No step between two and four: one is made from one that is too high, by a change that the person chooses."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Literal, get_args

from voice_coach.coach.asking import Answer, choice, rating
from voice_coach.coach.ladder_form import to_json
from voice_coach.coach.proposals import NoRung
from voice_coach.coach.standing import aliases
from voice_coach.coach.today import Today
from voice_coach.coach.variations import usual
from voice_coach.records import History, Ladder, Rung, Tag
from voice_coach.words import Move, Note, Reply, Say

Change = Literal["half", "fewer", "someone", "farther", "recorded"]
CHANGES: tuple[Change, ...] = get_args(Change)
TRIES = 3
"""Changes that are tried before the day is left at that."""


def make_smaller(
    today: Today, ladder: Ladder, history: History, none: NoRung, last: Answer
) -> Generator[Move, Reply, tuple[Ladder, Answer] | None]:
    """The ladder with a rung in the band put in, kept and rated; None where none came of it."""
    above = _too_high(today, ladder, history, none)
    if above is None:
        return None
    return (yield from _made(today, ladder, above, "smaller", last))


def make_from(
    today: Today, ladder: Ladder, rung: Rung, last: Answer
) -> Generator[Move, Reply, tuple[Ladder, Answer] | None]:
    """The same from a rung in the band that was declined: a smaller one below it."""
    names = aliases(ladder)
    declined = next(one for one in ladder.rungs if one.id == names[rung.id])
    return (yield from _made(today, ladder, declined, "shrink", last))


def make_bridge(
    today: Today, ladder: Ladder, above: Rung, last: Answer
) -> Generator[Move, Reply, tuple[Ladder, Answer] | None]:
    """The same with a rung between the one that is stayed on and the next one, which is too high."""
    return (yield from _made(today, ladder, above, "bridge", last))


def _made(
    today: Today, ladder: Ladder, above: Rung, key: Literal["smaller", "bridge", "shrink"], last: Answer
) -> Generator[Move, Reply, tuple[Ladder, Answer] | None]:
    base = without_sight(today, ladder, above)
    for _ in range(TRIES):
        known = {rung.id for rung in (*ladder.rungs, *ladder.twins)}
        left = tuple(change for change in CHANGES if f"{base.id}_{change}" not in known)
        # The way out is a label too: a command that is heard in doubt would not be asked about.
        labels, leaves = (*left, "skip"), frozenset({"dont_want", "dont_know"})
        chosen = yield from choice(f"ask.{key}", labels, {"rung": base.say}, after=last, accepts=leaves)
        change = next((change for change in left if change == chosen.value), None)
        if change is None:
            return None
        rung = replace(changed(base, change, today.words.texts[change]), variations=usual(today.words.texts))
        last = yield from rating("ask.rung", {"rung": rung.say})
        value = last.rating()
        yield Note("rung_rating", {"ladder": ladder.id, "rung": rung.id, "value": value, "why": "entering"})
        if value > today.rules["band_high"].value:
            yield Say("smaller.still_high")
            base = rung
        elif value < today.rules["band_low"].value:
            yield Say("smaller.too_low")
        else:
            place = ladder.rungs.index(above)
            ladder = replace(ladder, rungs=(*ladder.rungs[:place], rung, *ladder.rungs[place:]))
            yield Note("own_ladder", {"ladder": ladder.id, "body": to_json(ladder)})
            yield Say("bridge.kept" if key == "bridge" else "smaller.kept")
            return ladder, last
    return None


def changed(rung: Rung, change: Change, sentence: str) -> Rung:
    """The rung with this change, as a rung of its own. Its tags follow the change; it stays where it was on the way."""
    tags: frozenset[Tag] = rung.tags - {"sight"}
    if change == "someone":
        tags |= {"with_others"}
    if change == "recorded":
        tags -= {"with_others", "away"}
    seconds = max(1, rung.seconds // 2) if change == "half" else rung.seconds
    return Rung(f"{rung.id}_{change}", rung.ladder, f"{rung.say} {sentence}", rung.end, seconds, tags)


def _too_high(today: Today, ladder: Ladder, history: History, none: NoRung) -> Rung | None:
    """The easiest rung above the band, which a smaller one is made of."""
    if none.reason == "make_easier":
        return ladder.rungs[0]
    names = aliases(ladder)
    rated = {names.get(r.rung): r.value for r in history.rung_ratings if r.ladder == ladder.id}
    high = today.rules["band_high"].value
    return next((rung for rung in ladder.rungs if rated.get(rung.id, 0.0) > high), None)


def without_sight(today: Today, ladder: Ladder, rung: Rung) -> Rung:
    """The rung, or its twin where this person wants none that needs sight."""
    twin = next((twin for twin in ladder.twins if twin.id == rung.sight_free), None)
    return twin if today.sight_free and twin is not None else rung
