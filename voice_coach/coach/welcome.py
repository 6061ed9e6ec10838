"""The start of a session: one line by how long it has been, and the note from last time for whoever asks for it."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

from voice_coach.coach.keeping import note_of
from voice_coach.coach.today import Today
from voice_coach.words import Ask, Expects, Match, Move, Reply, Say, Unsure

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
WANTED = frozenset({"resume", "remind"})
"""What asks for the note."""
TIMES_ASKED = 2
"""A doubtful "go on" is asked for once more: somebody else may be in the room."""


def opening(today: Today) -> Say:
    """The first line. Being away is welcomed back, never counted."""
    last = today.history.last_session
    if today.history.sessions == 0 or last is None:
        return Say("say.opening")
    away = today.now - last
    return Say("say.opening_month" if away >= MONTH else "say.opening_week" if away >= WEEK else "say.opening_again")


def note(today: Today) -> Generator[Move, Reply, None]:
    """The learned sentence, spoken only to whoever says "go on": somebody else may be in the room."""
    learned = today.history.learned
    if not learned or today.again:
        return
    key = "ask.own_note" if today.history.recording else "ask.note"
    for wording in range(TIMES_ASKED):
        reply = yield Ask(key, Expects("command"), wording=wording, accepts=WANTED | {"skip"}, clarifies=True)
        match reply.value:
            case Match(value=str(said)) if said in WANTED:
                break
            case Unsure(candidates=(str(said), *_)) if said in WANTED:
                if wording:
                    break  # heard so twice, each time afresh
            case _:
                return
    yield note_of(today.history, Say("say.note", {"text": learned}))
