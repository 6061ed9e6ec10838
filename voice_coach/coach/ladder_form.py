"""A ladder as text for the journal: JSON in the form of a ladder file, so that one reader serves both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from voice_coach.records import Ladder, Rung

Order = tuple[tuple[str, ...], ...]
"""A ladder's rungs, easiest first, each by the ids under which its history is kept (its own, its twin's)."""


def order(ladder: Ladder) -> Order:
    """The order of this ladder."""
    return tuple((rung.id, rung.sight_free) if rung.sight_free else (rung.id,) for rung in ladder.rungs)


def order_of(body: str) -> Order:
    """The order of the ladder that `to_json` wrote; empty where it did not write this."""
    try:
        rungs = [(rung["id"], rung.get("sight_free")) for rung in json.loads(body)["rungs"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()
    return tuple(tuple(name for name in names if isinstance(name, str)) for names in rungs)


def gone(ladder: Ladder, before: Iterable[Order]) -> dict[str, str | None]:
    """For `Ladder.gone`, from the orders that the ladder had before, oldest first."""
    found: dict[str, str | None] = {}
    for former, following in pairwise([*before, order(ladder)]):
        found = _after(found, former, following)
    return found


def without(ladder: Ladder, rung: str) -> Ladder:
    """The ladder with one rung deleted; it is remembered which one was next below."""
    return edited(ladder, replace(ladder, rungs=tuple(kept for kept in ladder.rungs if kept.id != rung)))


def edited(before: Ladder, after: Ladder) -> Ladder:
    """The ladder after an edit; of what was deleted it is remembered which one was next below."""
    return replace(after, gone=_after(before.gone, order(before), order(after)))


def _after(known: Mapping[str, str | None], former: Order, following: Order) -> dict[str, str | None]:
    """One change more. A rung that stood in for a deleted one and is deleted itself hands on to the one below it."""
    has = {names[0] for names in following if names}
    taken: dict[str, str | None] = {}
    below: str | None = None
    for names in former:
        if has.isdisjoint(names[:1]):
            taken.update(dict.fromkeys(names, below))
        else:
            below = names[0]
    passed_on = {old: low if low is None else taken.get(low, low) for old, low in known.items() if old not in has}
    return passed_on | taken


def to_json(ladder: Ladder) -> str:
    """The ladder as JSON. What the reader of ladder files makes of it is the same ladder."""
    return json.dumps(plain(ladder), ensure_ascii=False)


def plain(ladder: Ladder) -> dict[str, Any]:
    """The ladder as a file writes it: mappings, lists, words and numbers; what is empty is left out."""
    form: dict[str, Any] = {"ladder": ladder.id, "name": ladder.name}
    if ladder.called:
        form["called"] = list(ladder.called)
    if ladder.asks:
        form["asks"] = list(ladder.asks)
    form["rungs"] = [_rung(rung) for rung in ladder.rungs]
    if ladder.twins:
        form["twins"] = [_rung(rung) for rung in ladder.twins]
    return form


def _rung(rung: Rung) -> dict[str, Any]:
    form: dict[str, Any] = {
        "id": rung.id, "say": rung.say, "end": rung.end, "seconds": rung.seconds, "tags": sorted(rung.tags),
    }  # fmt: skip
    if rung.sight_free is not None:
        form["sight_free"] = rung.sight_free
    form["variations"] = [
        {"id": change.id, "changes": change.changes, "easier": change.easier, "say": change.say}
        for change in rung.variations
    ]
    return form
