"""How often a rehearsed session ends as the same answers typed, and how many times faster than real time it runs.

`scripts/bench rehearse [--seeds 1-100] [--processes 2] [--json]`: the recognizer is the one that a session would use.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

ENOUGH_RIGHT = 0.95
ENOUGH_FASTER = 20.0


@dataclass(frozen=True, slots=True)
class Seed:
    """How one seed went."""

    seed: int
    right: bool
    typed: str
    spoken: str
    answers: int
    mishearings: int
    culprit: str
    seconds: float
    """What the session would have taken."""
    took: float
    """Wall-clock seconds for the spoken and the typed session together."""


def hold(seeds: list[int]) -> Iterator[Seed]:
    """Rehearse these seeds in this process, one recognizer for all."""
    from voice_coach.recognizers import pick_recognizer
    from voice_coach.rehearsal.rehearse import Rehearsal, open_store
    from voice_coach.settings import Settings

    with tempfile.TemporaryDirectory(prefix="voice-coach-") as folder:
        home = Path(folder)
        with closing(pick_recognizer("auto", None, home)) as recognizer:
            rehearsal = Rehearsal(Settings(home), recognizer)
            for seed in seeds:
                started = time.perf_counter()
                with closing(open_store(home)) as store:
                    held = rehearsal.hold(store, str(seed), None)
                took = time.perf_counter() - started
                transcript = held.spoken.transcript
                yield Seed(
                    seed, held.right, held.typed.outcome.how, held.spoken.outcome.how, len(transcript.asked),
                    len(transcript.mishearings), str(held.culprit or ""), held.spoken.seconds, took,
                )  # fmt: skip


def _work(seeds: list[int], queue: multiprocessing.Queue[Seed | None]) -> None:
    try:
        for found in hold(seeds):
            queue.put(found)
    finally:
        queue.put(None)


def run(seeds: list[int], processes: int) -> list[Seed]:
    """Every seed's end, in order; a line for each on standard error as it comes."""
    queue: multiprocessing.Queue[Seed | None] = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=_work, args=(seeds[nth::processes], queue)) for nth in range(processes)]
    for worker in workers:
        worker.start()
    found: list[Seed] = []
    running = len(workers)
    while running:
        one = queue.get()
        if one is None:
            running -= 1
            continue
        found.append(one)
        print(f"seed {one.seed}: {'right' if one.right else 'not right'}, {one.spoken}", file=sys.stderr, flush=True)
    for worker in workers:
        worker.join()
    return sorted(found, key=lambda one: one.seed)


def main() -> int:
    """Print the table or JSON; 1 where a seed was not held at all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-100", help="first-last")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    for library in ("OMP", "OPENBLAS"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    first, _, last = wanted.seeds.partition("-")
    seeds = list(range(int(first), int(last or first) + 1))
    found = run(seeds, wanted.processes)
    share = sum(one.right for one in found) / len(found) if found else 0.0
    faster = sorted(one.seconds / one.took for one in found) or [0.0]
    wrong = [one for one in found if not one.right]
    if wanted.json:
        summary = {"seeds": len(found), "right": share, "times_real_time": statistics.median(faster)}
        print(json.dumps(summary | {"wrong": [asdict(one) for one in wrong]}))
        return 0 if len(found) == len(seeds) else 1
    for one in wrong:
        print(f"seed {one.seed}: typed {one.typed}, spoken {one.spoken}. {one.culprit or 'No mishearing is to blame.'}")
    courses = Counter(one.typed for one in found)
    answers, misheard = sum(one.answers for one in found), sum(one.mishearings for one in found)
    print(f"courses       {', '.join(f'{how} {count}' for how, count in courses.most_common())}")
    print(f"answers       {answers}, not understood as spoken {misheard}")
    print(f"ended right   {share:.2f} of {len(found)} (wanted {ENOUGH_RIGHT})")
    print(
        f"faster        median {statistics.median(faster):.0f} times real time, slowest {faster[0]:.0f}"
        f" (wanted {ENOUGH_FASTER:.0f})"
    )
    return 0 if len(found) == len(seeds) else 1


if __name__ == "__main__":
    sys.exit(main())
