"""How many sessions a second the coach's script holds when every answer is ready: no words, no journal, no sound.

`scripts/bench coach [--sessions 2000] [--json]`
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from voice_coach import catalog_files
from voice_coach.coach.protocol import session
from voice_coach.coach.today import Today
from voice_coach.records import History
from voice_coach.understand.loading import load
from voice_coach.words import Ask, Expose, Exposed, Match, Move, Outcome, Reply

ENOUGH = 1000
STARTED = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
BATCHES = 10
NO_QUESTIONS = ("screen.", "clarify.")


def answer(move: Ask, ladder: str) -> Match:
    """A ready answer to any question of a session that goes through to its end."""
    match move.expects.kind:
        case "rating":
            return Match("rating", 3.0, 1.0)
        case "yes-no":
            return Match("yes_no", move.key == "screen.age" or not move.key.startswith(NO_QUESTIONS), 1.0)
        case "choice":
            labels = move.expects.labels
            return Match("choice", ladder if ladder in labels else labels[-1], 1.0)
        case "command":
            return Match("command", "resume", 1.0)
        case "text":
            return Match("text", "I read one page in the kitchen", 1.0)


def hold(today: Today, ladder: str) -> tuple[Outcome, int]:
    """One session to its end, and how many moves it took."""
    script = session(today)
    at, moves = STARTED, 0
    move: Move = next(script)
    while True:
        moves += 1
        at += timedelta(seconds=5)
        match move:
            case Ask():
                reply = Reply(answer(move, ladder), at)
            case Expose():
                reply = Reply(Exposed("done", at, at + timedelta(seconds=90)), at + timedelta(seconds=90))
            case _:
                reply = Reply(None, at)
        try:
            move = script.send(reply)
        except StopIteration as stop:
            outcome: Outcome = stop.value
            return outcome, moves


def main() -> int:
    """Print the figures; 1 where a session did not go through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    catalog = load(catalog_files.read_texts())
    today = Today(History("UTC"), catalog.ladders, catalog.rules, STARTED, "UTC", {})
    ladder = catalog.ladders["public_speaking"].name
    outcome, moves = hold(today, ladder)
    if outcome.how != "went":
        print(f"The session ended as {outcome.how}, not as one that went.", file=sys.stderr)
        return 1
    rates = []
    for _ in range(BATCHES):
        count = max(1, wanted.sessions // BATCHES)
        started = time.perf_counter()
        for _ in range(count):
            hold(today, ladder)
        rates.append(count / (time.perf_counter() - started))
    rate = statistics.median(rates)
    if wanted.json:
        print(json.dumps({"sessions_a_second": rate, "slowest": min(rates), "moves_a_session": moves}))
    else:
        print(f"moves a session    {moves}")
        print(f"sessions a second  median {rate:.0f}, slowest batch {min(rates):.0f} (wanted {ENOUGH})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
