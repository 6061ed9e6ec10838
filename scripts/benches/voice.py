"""How quick the spoken session is, over a sound route without hardware: end of an answer to first sound of the reply.

`scripts/bench voice [--sessions 2] [--json]`: needs PulseAudio and flite, as the tests do. Sounds are taken at the
sinks, so each figure holds the sound server's own delay too.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from pulse import MICROPHONE, MOUTH, SPEAKER, Route, Tap, open_route
from test_talk import ANSWERS, Person

from voice_coach import talking
from voice_coach.ports import Line
from voice_coach.settings import Settings

TARGETS = {"yes, no and commands": (0.5, 0.8), "ratings": (0.8, 1.1)}
"""Seconds: p50 and p95 at most."""
FIRST_WORD = 1.0
MEMORY = 220.0
_SHORT = {"yes-no": "yes, no and commands", "choice": "yes, no and commands", "command": "yes, no and commands"}
_KINDS = {**_SHORT, "rating": "ratings"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer and what followed it."""

    kind: str
    key: str
    seconds: float
    """From the last sound of the answer to the first of the reply; negative where the answer was cut off."""


class Timed(Person):
    """Notes when it spoke and to what kind of question."""

    def __init__(self, route: Route) -> None:
        super().__init__(route, ANSWERS)
        self.spoke: list[tuple[str, str, float, float]] = []

    def answer(self, line: Line) -> str:
        words = super().answer(line)
        began = time.monotonic()
        self.route.say(words)
        kind = _KINDS.get(self.turn.expects.kind, "open answers")
        self.spoke.append((kind, line.key, began, time.monotonic()))
        return ""


def hold(route: Route, home: Path) -> list[Reply]:
    """One session at three times the normal rate of speech; returns its replies."""
    settings = Settings(home, rate=3.0, microphone=MICROPHONE, speaker=SPEAKER)
    person = Timed(route)
    with route.tap() as coach, route.tap(MOUTH) as mouth, contextlib.ExitStack() as seats:
        person.attend(lambda name, value: seats.enter_context(patch.object(talking, name, value)))
        outcome = talking.hold_spoken(settings, lambda _: None)
        person.leave()
        if outcome.how != "went":
            print(f"A session ended as {outcome.how}.", file=sys.stderr)
        return replies(person, coach, mouth)


def replies(person: Timed, coach: Tap, mouth: Tap) -> list[Reply]:
    """What the two recordings say about each answer."""
    starts, spoken = [start for start, _ in coach.loud()], mouth.loud(100)
    found = []
    for kind, key, began, ended in person.spoke:
        ends = [end for start, end in spoken if began - 0.1 < start < ended]
        after = [start for start in starts if start > began]
        if ends and after:
            found.append(Reply(kind, key, after[0] - ends[-1]))
    return found


def first_words(route: Route, times: int) -> list[float]:
    """Seconds from the start of `voice-coach talk` to the first sound at the sink."""
    found = []
    for _ in range(times):
        with tempfile.TemporaryDirectory(prefix="voice-coach-") as home, route.tap() as tap:
            started = time.monotonic()
            command = [sys.executable, "-m", "voice_coach.cli", "--home", home, "talk"]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while not tap.loud() and time.monotonic() < started + 10:
                time.sleep(0.05)
            process.terminate()
            process.wait(30)
            found += [start - started for start, _ in tap.loud()[:1]]
    return found


def peak(route: Route) -> float:
    """Most megabytes that `voice-coach talk` held in a process of its own, answered until its step began or for 3 min.

    Whoever answers hears only that the coach has finished, so an answer may meet another question: for memory it does.
    """
    no, skipped = ["no"] * 6, ("ask.happened", "ask.likelihood_now", "ask.peak", "ask.after", "ask.learned")
    said = [answer for key, answer in ANSWERS.items() if key not in skipped]
    said = [*said[:3], *no, *said[3:], *said[5:], "skip", "skip", "coach, done", "done", *said[3:5]]
    with tempfile.TemporaryDirectory(prefix="voice-coach-") as home:
        command = [sys.executable, "-m", "voice_coach.cli", "--home", home, "talk"]
        environment = {**os.environ, "VOICE_COACH_RATE": "3"}
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        until = time.monotonic() + 180.0
        most = 0.0
        for words in said:
            with route.tap() as tap:
                while process.poll() is None and time.monotonic() < until:
                    time.sleep(0.2)
                    loud = tap.loud()
                    if loud and time.monotonic() - loud[-1][1] > 1.5:
                        break
            if process.poll() is not None or time.monotonic() > until:
                break
            route.say(words)
            status = Path(f"/proc/{process.pid}/status").read_text()
            most = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
        process.terminate()
        process.wait(30)
    return most


def summary(found: list[Reply], first: list[float], memory: float) -> dict[str, object]:
    """The figures."""
    figures: dict[str, object] = {"first_word_s": round(max(first), 2) if first else None}
    for kind in (*TARGETS, "open answers"):
        waits = sorted(reply.seconds for reply in found if reply.kind == kind)
        kept = [wait for wait in waits if wait > 0]
        if kept:
            last = kept[min(len(kept) - 1, round(0.95 * (len(kept) - 1)))]
            figures[kind] = {
                "answers": len(waits),
                "p50_s": round(statistics.median(kept), 2),
                "p95_s": round(last, 2),
                "cut_off": round(1 - len(kept) / len(waits), 3),
            }
    figures["peak_mb"] = round(memory)
    return figures


def table(figures: dict[str, object]) -> None:
    """The figures with their targets, for people."""
    print(f"first word at the sink   {figures['first_word_s']} s (target {FIRST_WORD})")
    for kind in (*TARGETS, "open answers"):
        row = figures.get(kind)
        if isinstance(row, dict):
            middle, high = TARGETS.get(kind, ("none", "none"))
            print(
                f"{kind:24} p50 {row['p50_s']} s (target {middle}), p95 {row['p95_s']} s (target {high}), "
                f"{row['answers']} answers, cut off {row['cut_off']:.1%}"
            )
    print(f"peak memory              {figures['peak_mb']} MB (target {MEMORY:.0f})")


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found: list[Reply] = []
    with open_route() as route:
        first = first_words(route, 3)
        memory = peak(route)
        for _ in range(arguments.sessions):
            with tempfile.TemporaryDirectory(prefix="voice-coach-") as home:
                found += hold(route, Path(home))
    figures = summary(found, first, memory)
    if arguments.json:
        print(json.dumps({**figures, "replies": [asdict(reply) for reply in found]}))
    else:
        table(figures)
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
