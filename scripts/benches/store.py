"""What thousands of stored sessions add to each reply of one more session, in processor time.

`scripts/bench store [--sessions 10000] [--runs 5]`
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

from voice_coach.app import Coach, open_understanding, run_stage
from voice_coach.clocks import PipeClock
from voice_coach.coach.floor import Stage
from voice_coach.listen.typed import Piped
from voice_coach.ports import Entry, EntryKind, Events, Line
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.speak.silent import Silent
from voice_coach.words import PlaybackEnded

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
ZONE = "Europe/Berlin"
SAID = {
    "ask.note": "go on", "ask.fear": "asking a question in the weekly meeting",
    "ask.ladder": "speaking in front of others", "screen.age": "yes", "ask.before": "three", "ask.rung": "three",
    "ask.agree": "yes", "ask.commitment": "I read one page in the kitchen now to its last word",
    "ask.prediction": "my voice will shake", "ask.likelihood": "six", "ask.reflect": "done", "ask.happened": "no",
    "ask.likelihood_now": "four", "ask.peak": "three", "ask.after": "one", "ask.learned": "a voice may shake",
    "ask.action": "I send the message now", "ask.safety": "skip", "ask.surprise": "skip",
}  # fmt: skip


class Speaker(Silent):
    """Remembers the line that was said last."""

    def __init__(self, events: Events) -> None:
        self._events, self.last = events, Line(0, "", "")

    def say(self, line: Line) -> None:
        self.last = line if line.text else self.last
        self._events.put(PlaybackEnded(0.0, line.number))


class Person(io.RawIOBase):
    """Types the next answer at once; the time from an answer to the next question is taken."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._speaker = speaker
        self._asked = False
        self._answered = ("start", time.process_time())
        self.took: dict[str, list[float]] = defaultdict(list)

    def readline(self, size: int | None = -1, /) -> bytes:
        del size
        now = time.process_time()
        key, since = self._answered
        self.took[key].append(now - since)
        key = self._speaker.last.key
        if key == "ask.before" and not self._asked:
            self._asked = True
            self._answered = ("how am I doing", time.process_time())
            return b"how am I doing\n"
        said = "coach, done" if key.startswith("say.begin") else "no" if key.startswith("screen.") else ""
        said = SAID.get(key, said)
        self._answered = (key, time.process_time())
        return f"{said}\n".encode() if said else b""


def fill(home: Path, sessions: int) -> None:
    """So many sessions of one step each, a day apart, the last one yesterday."""
    with closing(Store(home / "coach.db")) as store, store.transaction() as db:
        for number in range(sessions):
            at = NOW - timedelta(days=sessions - number)
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", (f"s{number}", store.profile,
                       at.isoformat(timespec="microseconds"), ZONE, "hash"))  # fmt: skip
            for seq, (kind, key, value) in enumerate(_rows(number, at)):
                entry = Entry(f"s{number}", seq, at + timedelta(seconds=seq), ZONE, kind, key, 0, json.dumps(value))
                store._append(db, entry)


def _rows(number: int, at: datetime) -> list[tuple[EntryKind, str, dict[str, object]]]:
    fact: dict[str, object] = {"id": f"go{number}", "ladder": "public_speaking", "rung": "read_alone",
                               "variation": None, "started": at.isoformat()}  # fmt: skip
    end = (at + timedelta(minutes=2)).isoformat()
    done = fact | {"how": "done", "ended": end, "before": 3.0, "peak": 3.0, "after": 1.0, "reached_end": True,
                   "happened": "no", "reflected": True, "retention": False, "likelihood": 6.0,
                   "likelihood_now": 4.0}  # fmt: skip
    answered = [("answer", f"ask.{n}", {"is": "match", "kind": "rating", "value": 3.0, "manner": "typed"})
                for n in range(11)]  # fmt: skip
    screen: list[tuple[EntryKind, str, dict[str, object]]] = [
        ("note", "ladder", {"ladder": "public_speaking", "fear": "meetings"}),
        ("note", "screen_answer", {"question": "age", "answer": "yes", "ladder": None}),
        ("note", "screen_answer", {"question": "trauma", "answer": "no", "ladder": "public_speaking"}),
        ("note", "screened", {"full": True}),
    ]
    return [
        *screen,
        *answered,  # type: ignore[list-item]
        ("note", "check_in", {"value": 3.0}),
        ("note", "rung_rating", {"ladder": "public_speaking", "rung": "read_alone", "value": 3.0, "why": "entering"}),
        ("expose", f"go{number}", fact),
        ("exposed", f"go{number}", fact | {"how": "done", "ended": end}),
        ("note", "exposure", done),
        ("note", "learned", {"text": "a voice may shake"}),
        ("end", "went", {"how": "went", "reason": ""}),
    ]


def replies(home: Path, runs: int) -> Mapping[str, float]:
    """The median time from each answer to the next question over so many days, in milliseconds."""
    settings = Settings(home)
    catalog, understanding = open_understanding(settings)
    took: dict[str, list[float]] = defaultdict(list)
    for day in range(runs):
        events: Events = SimpleQueue()
        speaker = Speaker(events)
        person = Person(speaker)
        pipe = Piped(person)  # type: ignore[arg-type]
        with closing(Store(home / "coach.db")) as store:
            coach = Coach(settings, catalog, understanding, store, ZONE, lambda day=day: NOW + timedelta(days=day))  # type: ignore[misc]
            run_stage(coach, Stage(PipeClock(pipe.pull), events, pipe, speaker))
        for key, times in person.took.items():
            took[key] += times
    return {key: 1000 * statistics.median(times) for key, times in took.items()}


def main() -> int:
    """Print the table and the largest difference."""
    parser = argparse.ArgumentParser(prog="bench store", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        fill(Path(few), 30)
        fill(Path(many), wanted.sessions)
        short, long = replies(Path(few), wanted.runs), replies(Path(many), wanted.runs)
    print(f"{'after':<20}{'30 sessions':>14}{f'{wanted.sessions} sessions':>18}{'more, ms':>10}")
    for key in short:
        if key in long:
            print(f"{key:<20}{short[key]:>14.1f}{long[key]:>18.1f}{long[key] - short[key]:>10.1f}")
    worst = max(long[key] - short[key] for key in short if key in long and key != "start")
    print(json.dumps({"sessions": wanted.sessions, "most_added_ms": round(worst, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
