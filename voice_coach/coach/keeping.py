"""What was learned, in the person's own voice: asked about once, kept after a clear yes alone, played on asking."""

from __future__ import annotations

from collections.abc import Generator

from voice_coach.records import History
from voice_coach.words import Ask, Expects, Match, Move, Note, Reply, Say

TIMES_ASKED = 2
"""The question and once more; what is no clear yes by then is a no."""


def keep_sound(sounded: bool, history: History) -> Generator[Move, Reply, None]:
    """Keep the sentence just said as a recording, where that is allowed. `sounded`: its sound is held."""
    if not sounded:
        return
    first = history.own_voice != "yes"
    if first:
        allowed = yield from _allowed()
        yield Note("own_voice", {"answer": "yes" if allowed else "no"})
        if not allowed:
            yield Say("own_voice.no")
            return
    yield Note("recording")
    if first:
        yield Say("own_voice.yes")


def note_of(history: History, words: Say) -> Say:
    """The note from last time: the recording of it where there is one, else these words."""
    if not history.recording:
        return words
    return Say("own_voice.note", recording=history.recording, otherwise=words)


def _allowed() -> Generator[Move, Reply, bool]:
    accepts = frozenset({"dont_know", "dont_want", "skip"})
    for wording in range(TIMES_ASKED):
        reply = yield Ask("ask.own_voice", Expects("yes-no"), wording=wording, accepts=accepts)
        match reply.value:
            case Match(kind="yes_no", value=bool(said)):
                return said
            case Match(kind="command"):
                return False
    return False
