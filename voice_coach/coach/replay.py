"""Answers to and from the journal, and the walk of a fresh script through an old journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from voice_coach.ports import Entry
from voice_coach.words import (
    Ask,
    Correction,
    Expose,
    Exposed,
    Manner,
    Match,
    Move,
    Note,
    Nothing,
    Reply,
    Say,
    Silence,
    Unsure,
)

LEFT = "left"
"""The row that says that the person set out to do the step away from the device."""
_NAMES: dict[type, str] = {
    Match: "match",
    Unsure: "unsure",
    Correction: "correction",
    Nothing: "nothing",
    Silence: "silence",
}


def encode(reply: Reply) -> str:
    """The reply to an Ask as JSON; `decode` gives it back."""
    value = reply.value
    if value is None or isinstance(value, Exposed):
        raise TypeError("only the reply to a question is stored as an answer")
    body: dict[str, Any] = {"is": _NAMES[type(value)], "manner": reply.manner}
    if reply.raised:
        body["raised"] = list(reply.raised)
    if reply.sounded:
        body["sounded"] = True
    match value:
        case Match(kind=kind, value=inner, score=score, missing=missing):
            body |= {"kind": kind, "value": inner, "score": score, "missing": missing}
        case Unsure(candidates=candidates, score=score):
            body |= {"candidates": list(candidates), "score": score}
        case Correction(value=inner, score=score):
            body |= {"value": inner, "score": score}
        case Nothing(score=score):
            body |= {"score": score}
        case Silence():
            pass
    return json.dumps(body)


def decode(entry: Entry) -> Reply:
    """The stored reply with its stored time. Raises ValueError for a row that no version of this program wrote."""
    body = json.loads(entry.value)
    manner: Manner = body["manner"] if body.get("manner") in get_args(Manner) else "typed"
    raised, sounded = tuple(body.get("raised", ())), bool(body.get("sounded"))
    return replace(_decoded(body, entry, manner), raised=raised, sounded=sounded)


def _decoded(body: Any, entry: Entry, manner: Manner) -> Reply:
    match body.get("is"):
        case "match":
            kind, value, score, missing = body["kind"], body["value"], body["score"], body.get("missing")
            return Reply(Match(kind, value, score, missing), entry.at, manner)
        case "unsure":
            return Reply(Unsure(tuple(body["candidates"]), body["score"]), entry.at, manner)
        case "correction":
            return Reply(Correction(body["value"], body["score"]), entry.at, manner)
        case "nothing":
            return Reply(Nothing(body["score"]), entry.at, manner)
        case "silence":
            return Reply(Silence(), entry.at, manner)
        case other:
            raise ValueError(f"a stored answer of an unknown kind: {other!r}")


class Replay:
    """Sends stored replies while the script asks the same; the first difference ends it."""

    def __init__(self, rows: Sequence[Entry], now: datetime) -> None:
        """`rows`: the living rows in order. `now`: the time for an exposure whose end was never stored."""
        self._rows = [row for row in rows if row.kind not in ("aside", "end")]
        self._left = any(row.kind == "aside" and row.key == LEFT for row in rows)
        self._next = 0
        self._at = rows[0].at if rows else now
        self._now = now

    @property
    def active(self) -> bool:
        """Stored rows are left."""
        return self._next < len(self._rows)

    def rest(self) -> int | None:
        """The seq of the first row that the script did not ask for, or None."""
        return self._rows[self._next].seq if self.active else None

    def reply(self, move: Move) -> Reply | None:
        """The stored reply to this move; None: the script has to be answered live."""
        if not self.active:
            return None
        row = self._rows[self._next]
        match move:
            case Say():
                return Reply(None, self._at)
            case Ask(key=key) if row.kind == "answer" and row.key == key:
                self._take(row)
                return decode(row)
            case Note(name=name) if row.kind == "note" and row.key == name:
                self._take(row)
                return Reply(None, row.at)
            case Expose(go=go) if row.kind == "expose" and row.key == go.id:
                self._take(row)
                return self._exposed(row)
            case _:
                return None

    def _take(self, row: Entry) -> None:
        self._next += 1
        self._at = row.at

    def _exposed(self, begun: Entry) -> Reply:
        if self.active and self._rows[self._next].kind == "exposed":
            row = self._rows[self._next]
            self._take(row)
            body = json.loads(row.value)
            started = datetime.fromisoformat(body["started"])
            return Reply(Exposed(body["how"], started, row.at, body.get("feeling", "")), row.at)
        # The step began and its end was never stored: a crash. The clock is never started again.
        if self._left:
            return Reply(Exposed("away", begun.at, self._now), self._now)
        return Reply(Exposed("lost", begun.at, begun.at), self._now)
