"""A ladder as text for the journal: JSON in the form of a ladder file, so that one reader serves both."""

from __future__ import annotations

import json
from typing import Any

from voice_coach.records import Ladder, Rung


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
