"""The start of a session: one line by how long it has been, and the note from last time for whoever asks for it."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

from voice_coach.coach.keeping import note_of
from voice_coach.coach.today import Today
from voice_coach.words import Ask, Expects, Match, Move, Reply, Say

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


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
    reply = yield Ask(key, Expects("command"), accepts=frozenset({"resume", "remind", "skip"}), clarifies=True)
    if isinstance(reply.value, Match) and reply.value.value in ("resume", "remind"):
        yield note_of(today.history, Say("say.note", {"text": learned}))
