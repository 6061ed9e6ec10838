"""Writes histories for the audit: a clear person on a plain ladder, a fact at a time."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

AUDITS = Path(__file__).resolve().parents[1] / "scripts" / "audits"
sys.path.insert(0, str(AUDITS))

from audit import (  # type: ignore[import-not-found]  # noqa: E402
    Findings,
    audit,
    look_at,
    look_at_fact,
    report,
)
from journals import ZONE  # noqa: E402
from ladders import ladder  # type: ignore[import-not-found]  # noqa: E402
from stored import Done, Fact, Stored, read  # type: ignore[import-not-found]  # noqa: E402

from voice_coach.ports import Entry  # noqa: E402
from voice_coach.remember.store import Store  # noqa: E402

__all__ = ["AUDITS", "DAY", "HOUR", "MINUTE", "Done", "Fact", "Findings", "Shape", "Stored", "Written", "look_at",
           "look_at_fact", "read", "report", "rungs"]  # fmt: skip
Shape = ladder
START = datetime.fromisoformat("2026-03-02T12:00+00:00")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SCREEN = {"age": "yes", "trauma": "no", "suicide": "no", "unreal": "no", "panic": "no", "daily_life": "no",
          "stress": "no"}  # fmt: skip
CHANGES = [{"id": "short", "easier": True}, {"id": "stand"}]


def rungs(*names: str) -> list[dict[str, Any]]:
    """Rungs of these ids as a ladder file has them; d leads away from home."""
    return [{"id": name, "variations": CHANGES, "tags": ["away"] if name == "d" else []} for name in names]


LADDER = {"ladder": "talk", "rungs": rungs(*"abcd")}


class Written:
    """A profile's journal, written a session at a time; nothing decides here, so anything can be planted."""

    def __init__(self, home: Path) -> None:
        self.path = home / "coach.db"
        self.store = Store(self.path, "rehearsed-x")
        self.now = START
        self.sessions = self.steps = self._seq = 0
        self.session = ""
        self.screened: datetime | None = None

    def write(self, kind: Any, key: str, value: dict[str, Any], later: timedelta = MINUTE / 4) -> None:
        self.now += later
        self.store.append(Entry(self.session, self._seq, self.now, ZONE, kind, key, 0, json.dumps(value)))
        self._seq += 1

    def note(self, name: str, **value: Any) -> None:
        self.write("note", name, value)

    def begin(self, **screen: str) -> Written:
        """A session with its questions asked as they have to be; `screen` changes or (with "") leaves out answers."""
        self.sessions += 1
        self.session, self._seq = f"s{self.sessions}", 0
        self.store.begin(self.session, self.now, ZONE, "hash")
        if self.sessions == 1:
            self.note("ladder", ladder="talk", fear="")
        due = self.screened is None or self.now - self.screened >= 14 * DAY
        asked = {**(SCREEN if due or "full" in screen else {"since": "no"}), **screen}
        asked.pop("full", None)
        for question, answer in asked.items():
            if answer:
                self.note(
                    "screen_answer", question=question, answer=answer, ladder="talk" if question == "trauma" else None
                )
        if "daily_life" in asked:
            self.note("screened", full=True)
            self.screened = self.now
        return self

    def rate(self, why: str = "entering", **ratings: float) -> Written:
        for rung, value in ratings.items():
            self.note("rung_rating", ladder="talk", rung=rung, value=value, why=why)
        return self

    def step(
        self, rung: str, *, before: float | None = 3.0, said: float | None = None, proposed: str | None = None,
        variation: str | None = None, lasts: timedelta = MINUTE, rest: timedelta = DAY, why: str = "start",
        **told: Any,
    ) -> Written:  # fmt: skip
        """The number, the proposal and a step as it went (good unless `told` otherwise); then time passes."""
        if before is not None:
            self.note("check_in", value=before if said is None else said)
        self.note("proposal", ladder="talk", rung=proposed or rung, variation=variation, why=why, retention=False)
        self.steps += 1
        began = self.now + MINUTE / 4
        name = f"go{self.steps}"
        fact: dict[str, Any] = {
            "id": name,
            "ladder": "talk",
            "rung": rung,
            "variation": variation,
            "started": began.isoformat(),
        }
        self.write("expose", name, fact)
        end = began + lasts
        done = fact | {"how": "done", "ended": end.isoformat(), "before": before, "peak": 1.5, "after": 1.0,
                       "reached_end": True, "happened": "no", "reflected": True, "retention": False} | told  # fmt: skip
        self.write("exposed", name, fact | {"how": done["how"], "ended": end.isoformat()}, lasts)
        self.note("exposure", **done)
        self.write("end", "went", {"how": "went", "reason": ""})
        self.now += rest
        return self

    def did(self, rung: str, **options: Any) -> Written:
        """A whole session with one step."""
        return self.begin().step(rung, **options)

    def mastered(self, rung: str) -> Written:
        """The rung entered, a good one, and a good one with a change."""
        self.begin().rate("entering", **{rung: 3.0}).step(rung)
        return self.did(rung, variation="stand", why="vary")

    def found(self) -> Findings:
        """What the audit finds."""
        self.store.close()
        return audit(read(self.path, "rehearsed-x"), {"talk": ladder(LADDER)})
