"""Forgetting sessions for good: rows, recordings and words, and the proof that they are gone from the files."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from voice_coach.coach.in_force import from_exposures
from voice_coach.ports import Entry
from voice_coach.records import Block, Rules
from voice_coach.remember import forgetting
from voice_coach.remember.store import Store


@dataclass(frozen=True, slots=True)
class Erased:
    """What went, what stays without words, and how many texts were looked for in the files."""

    rows: int
    kept: int
    texts: int


def erase(
    store: Store,
    sessions: Collection[str],
    rules: Rules,
    now: datetime,
    zone: str,
    *,
    everything: bool,
) -> Erased:
    """Take these sessions out, one that is being held among them or not.

    Raises `CoachError` where the proof fails or another program holds the journal.
    """
    last = store.last_moment()
    now = max(now, last) if last else now
    blocks = from_exposures(store.history(zone), now, rules, zone)
    # First what follows from the exposures: a crash in between may leave too much, never too little.
    store.keep(str(uuid.uuid4()), now, zone, [("forgotten", {}), *(("block", _fact(block)) for block in blocks)])
    latch = timedelta(hours=rules["latch"].value)
    with store.reading() as db:
        recordings = forgetting.recordings_of(db, sessions)
    store.recordings.remove(recordings)
    with store.transaction() as db:
        words = forgetting.words_of(db, sessions)
        gone, kept = forgetting.erase(db, sessions, now, latch, everything=everything)
        left = forgetting.left_over(db)
        unclosed = forgetting.unclosed(db, sessions)
    # What keeps safe may be left of a session: nobody goes on with that.
    body = json.dumps({"how": "kept", "reason": "forgotten"})
    for session in unclosed:
        store.append(Entry(session, store.next_seq(session), now, zone, "end", "kept", 0, body))
    store.sweep()
    return Erased(gone, kept + len(blocks), forgetting.prove(store.path, words, left))


def _fact(block: Block) -> dict[str, object]:
    until = block.until.isoformat() if block.until else None
    return {"kind": block.kind, "reason": block.reason, "until": until, "ladder": block.ladder}
