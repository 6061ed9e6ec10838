"""What becomes of a session that was cut off (a crash, a power cut, the end of input)."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from voice_coach.coach.asking import trit
from voice_coach.coach.danger import FLAG, told_again
from voice_coach.coach.today import READY
from voice_coach.ports import Entry, OpenSession
from voice_coach.records import Rules, Trit
from voice_coach.words import Move, Outcome, Reply, Say

BLOCKING = ("block", "crisis", "upset")
"""Facts after which nothing is gone on with."""


@dataclass(frozen=True, slots=True)
class Resume:
    """What to do with a session that has no end."""

    how: Literal["changed", "lapsed", "anew", "reflect", "soon", "late"]
    """changed: begun under another catalog; lapsed: too long ago;
    anew: nothing was said yet, or it had already been refused: a new session finds that block, where an old one
    could be answered past it;
    reflect: the step had begun; soon: go on with the same question; late: the before-rating is asked anew as well."""
    anew_from: int | None = None
    """The seq from which answers are asked anew."""


def resume(cut: OpenSession, now: datetime, digest: str, rules: Rules) -> Resume:
    """Decide by how long ago the last row was written and how far the session had come."""
    if cut.catalog != digest:
        return Resume("changed")
    last = cut.entries[-1].at if cut.entries else cut.started
    gap = now - last
    if gap > timedelta(hours=rules["resume_late"].value):
        return Resume("lapsed")
    said = [entry for entry in cut.entries if entry.kind in ("answer", "note", "expose") or entry.key == FLAG]
    if not said or any(entry.kind == "note" and entry.key in BLOCKING for entry in said):
        return Resume("anew")
    if any(entry.kind == "expose" for entry in cut.entries):
        return Resume("reflect")
    soon = gap <= timedelta(minutes=rules["resume_soon"].value)
    # Where the step was allowed and not begun the door decides anew: a permission must not be used later.
    anew = READY if soon else "ask.before"
    return Resume("soon" if soon else "late", next((entry.seq for entry in cut.entries if entry.key == anew), None))


def safe_to_go_on(answers: list[Trit]) -> Generator[Move, Reply, Outcome | None]:
    """The one short safety question before an interrupted session goes on. Its answer is added to `answers`.

    The outcome where the session has to begin anew; None: it goes on.
    """
    yield Say("resume.welcome")
    answer, _ = yield from trit("screen.since")
    answers.append(answer)
    if answer == "no":
        return None
    yield Say("resume.again")
    return Outcome("changed")


def message_resumes(
    end: Entry | None, heard_out: bool, now: datetime, rules: Rules
) -> Generator[Move, Reply, Outcome | None] | None:
    """How a message in danger of an earlier session is taken up again; None: there is none, or it was long ago.

    `end`: the newest terminal row. `heard_out`: the message came to its end, so it is only offered again.
    """
    if end is None or end.key != "crisis" or now - end.at >= timedelta(hours=rules["latch"].value):
        return None
    soon = now - end.at <= timedelta(minutes=rules["message_goes_on"].value)
    return told_again(json.loads(end.value)["reason"], goes_on=soon and not heard_out)
