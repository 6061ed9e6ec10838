"""What the safety screen finds in labelled texts: typed, then spoken by a synthetic voice and heard by free decoding.

scripts/bench safety [FILE.tsv] [--typed] [--each N] [--speech DIR] [--processes 2]

FILE.tsv has the columns `text` and `label`. `--typed` leaves the voice out; `--each N` speaks at most N texts a label.
`--speech DIR` (a `manifest.tsv` with `path`, `transcript`, `kind`) counts false alarms over heard closed answers.
A text is never printed.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voice_coach import catalog_files
from voice_coach.app import open_likeness
from voice_coach.understand.safety import Screen, screen_of
from voice_coach.words import Expects, Flag, Heard

ROWS = Path("../shared/utterances/safety_dev.tsv")
TEXT = Expects("text")
ANSWERS = {"digit": Expects("rating"), "command": Expects("yes-no")}
"""What a clip of this kind answers."""
TURNS = 8
"""Open turns of a session."""
RIGHT = {
    "si": "suicide", "si_implicit": "suicide", "self_harm": "self_harm", "third_party": "other_person",
    "trauma_ptsd": "contraindication", "panic": "contraindication", "dissociation": "contraindication",
}  # fmt: skip
"""What is to be found in the texts of a label; of the others nothing is to interrupt."""
TARGET = {
    "si": "right >= 0.98", "si_implicit": "right >= 0.80", "self_harm": "right >= 0.95", "third_party": "right >= 0.80",
    "trauma_ptsd": "right >= 0.95", "panic": "right >= 0.95", "dissociation": "right >= 0.95",
    "neg_everyday": "flagged <= 0.01", "neg_anxious": "interrupted <= 0.02, certain 0",
    "neg_idiom": "flagged <= 0.10, certain <= 0.02", "negated_si": "interrupted <= 0.10, certain 0",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text."""

    text: str
    label: str


def main() -> int:
    """0 when it measured; 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="scripts/bench safety", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=ROWS)
    parser.add_argument("--typed", action="store_true")
    parser.add_argument("--each", type=int, default=30)
    parser.add_argument("--speech", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    if not given.file.is_file():
        print(f"{given.file} is not there; name a file with the columns text and label.", file=sys.stderr)
        return 2
    rows = read(given.file)
    print(f"{len(rows)} texts of {given.file.name}, as typed")
    table(rows, [screen().flags(row.text, TEXT) for row in rows])
    times([row.text for row in rows])
    if not given.typed:
        spoken(rows, given.each, given.processes)
    if given.speech:
        closed(given.speech, given.processes)
    return 0


def read(file: Path) -> list[Row]:
    """The rows of a file with `text` and `label` columns."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [
            Row(row["text"], row["label"]) for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


@cache
def screen() -> Screen:
    """The shipped screen."""
    return screen_of(catalog_files.read_texts(), likeness=open_likeness("en"))


def is_right(label: str, flags: Sequence[Flag]) -> bool:
    """Whether what is reported first is what the label asks for."""
    wanted, first = RIGHT.get(label), flags[0] if flags else None
    if wanted is None:
        return first is None if label == "neg_everyday" else first is None or first.category != "crisis"
    return first is not None and wanted in (first.kind, first.category)


def table(rows: Sequence[Row], found: Sequence[Sequence[Flag]]) -> None:
    """One line a label: flagged at all, interrupted, certain, and right as its target counts it."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row, flags in zip(rows, found, strict=True):
        crises = [flag for flag in flags if flag.category == "crisis"]
        facts = {"n": True, "flagged": bool(flags), "interrupted": bool(crises), "right": is_right(row.label, flags)}
        facts["certain"] = any(flag.tier == "certain" for flag in crises)
        facts["possible"] = bool(crises) and not facts["certain"]
        counted[row.label].update(name for name, true in facts.items() if true)
    print(f"{'label':14}{'n':>5}{'flagged':>9}{'interr.':>9}{'certain':>9}{'possible':>9}{'right':>7}  target")
    for label, count in sorted(counted.items()):
        shares = [count[name] / count["n"] for name in ("flagged", "interrupted", "certain", "possible", "right")]
        print(f"{label:14}{count['n']:5}" + "".join(f"{share:9.3f}" for share in shares[:4]) + f"{shares[4]:7.3f}"
              f"  {TARGET.get(label, '')}")  # fmt: skip
    anxious = counted.get("neg_anxious")
    if anxious:
        share = anxious["interrupted"] / anxious["n"]
        print(
            f"A session of {TURNS} open anxious turns is interrupted with probability {1 - (1 - share) ** TURNS:.3f}."
        )


def times(texts: Sequence[str]) -> None:
    """How long an utterance takes, and the longest that is read."""
    took = []
    for text in list(texts) * 5:
        began = time.perf_counter()
        screen().flags(text, TEXT)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    began = time.perf_counter()
    screen().flags(" ".join(texts)[:10_000], TEXT)
    longest = (time.perf_counter() - began) * 1000
    print(f"Milliseconds an utterance: median {took[len(took) // 2]:.3f}, p99 {took[int(len(took) * 0.99)]:.3f}, "
          f"most {took[-1]:.3f}; 10,000 characters {longest:.1f}.\n")  # fmt: skip


def spoken(rows: Sequence[Row], each: int, processes: int) -> None:
    """The same texts by voice, and what is lost on the way."""
    chosen: list[Row] = []
    taken: Counter[str] = Counter()
    for row in rows:
        if taken[row.label] < each:
            chosen.append(row)
            taken[row.label] += 1
    with multiprocessing.Pool(processes) as pool:
        heard = pool.map(say_and_hear, [row.text for row in chosen], chunksize=4)
    print(f"{len(chosen)} of them (at most {each} a label), spoken by a synthetic voice and heard by PocketSphinx")
    by_voice = [screen().hear(one, TEXT) for one in heard]
    table(chosen, by_voice)
    typed = [screen().flags(row.text, TEXT) for row in chosen]
    for label in RIGHT:
        here = [index for index, row in enumerate(chosen) if row.label == label]
        if here:
            before = sum(is_right(label, typed[index]) for index in here) / len(here)
            after = sum(is_right(label, by_voice[index]) for index in here) / len(here)
            print(f"  {label:14} recall typed {before:.3f}, heard {after:.3f}, lost {before - after:.3f}")
    print()


def say_and_hear(text: str) -> Heard:
    """The text through a synthetic voice and the recognizer's free decoding."""
    from voice_coach.listen.hearing import hear_recording

    recognizer, voice, room = _engines()
    recognizer.forget_session()
    return hear_recording(recognizer, b"".join(room.blocks(voice(text))), (), "text")


@cache
def _engines():  # type: ignore[no-untyped-def]
    from voice_coach.listen.pocketsphinx import PocketSphinx
    from voice_coach.rehearsal.sounds import Room, Voice

    recognizer = PocketSphinx(catalog_files.shipped("models"))
    recognizer.load()
    return recognizer, Voice(), Room("safety")


@cache
def _phrases(kind: str) -> tuple[str, ...]:
    from voice_coach.understand.interpret import Understanding
    from voice_coach.understand.loading import load

    return Understanding(load(catalog_files.read_texts())).phrases(ANSWERS[kind])


def closed(folder: Path, processes: int) -> None:
    """False alarms over clips of short answers."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        clips = [row for row in csv.DictReader(stream, delimiter="\t") if row["kind"] in ANSWERS]
    with multiprocessing.Pool(processes) as pool:
        found = pool.starmap(hear_answer, [(str(folder / row["path"]), row["kind"]) for row in clips], chunksize=16)
    crises: Iterable[Flag] = [flag for flags in found for flag in flags if flag.category == "crisis"]
    tiers = Counter(flag.tier for flag in crises)
    print(f"{len(clips)} heard closed answers: certain {tiers['certain']}, possible {tiers['possible']} "
          f"({1000 * tiers['possible'] / max(len(clips), 1):.1f} per 1,000; targets 0 and 5).")  # fmt: skip


def hear_answer(file: str, kind: str) -> tuple[Flag, ...]:
    """The flags of one clip in its closed turn."""
    from voice_coach.listen.audio import read_wav
    from voice_coach.listen.hearing import hear_recording

    recognizer, _, _ = _engines()
    recognizer.forget_session()
    expects = ANSWERS[kind]
    return screen().hear(hear_recording(recognizer, read_wav(Path(file)), _phrases(kind), expects.kind), expects)


if __name__ == "__main__":
    sys.exit(main())
