"""How well typed words are understood, beside the libraries one would pick instead, on the same rows.

scripts/bench understand [--commands ROWS.tsv] [--peers DIR] [--no-peers]

ROWS.tsv has `text`, `intent` and `source` columns (labels of CLINC150); without it only number phrases are measured.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
import venv
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from voice_coach import catalog_files  # noqa: E402
from voice_coach.app import open_likeness  # noqa: E402
from voice_coach.understand.catalog import Catalog  # noqa: E402
from voice_coach.understand.interpret import Understanding  # noqa: E402
from voice_coach.understand.loading import load  # noqa: E402
from voice_coach.understand.safety import screen_of  # noqa: E402
from voice_coach.words import Expects, Heard, Kind, Match  # noqa: E402

PEERS = ("rapidfuzz", "word2number", "text2num", "ovos-number-parser", "recognizers-text-number", "padacioso",
         "hassil", "adapt-parser")  # fmt: skip
NEEDS = {"recognizers-text-number": ["emoji<2"]}
"""What a library needs and does not ask for."""
ALIKE = 85.0
"""rapidfuzz ratio from which a saying is so like a row that it is taken out, to see what unseen text would give."""
SECONDS = 60.0
"""Time a peer has for all rows of one kind; rows it did not reach count as no answer."""
MEANT = {
    "repeat": {"repeat"}, "stop": {"stop", "go_back"}, "help": {"help"}, "dont_know": {"dont_know"},
    "speed": {"slower", "faster"}, "thanks": {"thanks"}, "goodbye": {"goodbye"},
}  # fmt: skip
NOT_OURS = ("other", "skip_next_song")
OURS_TOO = {"please speak louder", "make the volume louder", "am i talking to a real live person"}
"""Rows labelled as other talk that mean a command of this product."""

WHOLE = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
PHRASES = ("{}", "a {}", "about {}", "maybe a {}", "{} i think", "um {}", "{} out of ten", "probably {}", "a solid {}")
HALVES = ("{} and a half", "{} point five", "about {} and a half")
SENTENCES = ("i'd put it at about {} today", "set it to {}", "my anxiety is at {} right now", "i would say it's a {}",
             "i'm feeling like a {} because of tomorrow", "give it a {}", "it has gone down to {}")  # fmt: skip
NO_RATING = (
    "my flight is at seven", "one of those days", "since nineteen ninety", "i have two dogs", "half past seven",
    "in five minutes", "the one with the teeth", "no one was there", "one day i will", "i woke up at six",
    "three people came", "my two kids", "that one", "bus number nine", "for the first time", "there were six of them",
    "i won the game", "i ate lunch", "one thing after another", "catch twenty two", "we met ten years ago",
    "he gave me ten pounds", "to be honest with you", "page three", "i am too tired for this",
)  # fmt: skip


@dataclass
class Rows:
    """What everybody is asked."""

    numbers: list[tuple[str, float | None, str]] = field(default_factory=list)
    """Text, the rating meant (None: none), and the group it is counted in."""
    intents: list[tuple[str, str]] = field(default_factory=list)
    """Text and label."""


@dataclass
class Result:
    """One contender's answers, in the order of the rows; numbers and intents are None where it has none to give."""

    name: str
    numbers: list[Any] | None
    intents: list[Any] | None
    times: list[float]
    fault: str = ""
    scores: list[float] = field(default_factory=list)


def rows(commands: Path | None) -> Rows:
    """Number phrases made here, and the labelled utterances where there are any."""
    made = Rows()
    for value, word in enumerate(WHOLE):
        made.numbers += [(phrase.format(word), value, "phrases") for phrase in PHRASES]
        made.numbers += [(sentence.format(word), value, "sentences") for sentence in SENTENCES]
        made.numbers.append((str(value), value, "digits"))
        if value < 10:
            made.numbers += [(half.format(word), value + 0.5, "phrases") for half in HALVES]
            made.numbers.append((f"{value}.5", value + 0.5, "digits"))
    made.numbers += [(text, None, "none") for text in NO_RATING]
    if commands is not None:
        with commands.open(encoding="utf-8", newline="") as file:
            made.intents = [
                (row["text"], row["intent"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            ]
    return made


def ours(catalog: Catalog, asked: Rows) -> Result:
    """This product's answers: ratings in a rating turn; yes and no in a yes-no turn; the rest in every closed turn."""
    understanding = Understanding(catalog, screen_of(catalog_files.read_texts(), open_likeness("en")).hear)
    result = Result("voice-coach", [], [], [])

    def answer(text: str, kind: Kind) -> Any:
        start = time.thread_time()
        meant = understanding.understand(Heard(text), Expects(kind)).answer
        result.times.append(time.thread_time() - start)
        return meant

    for text, _, _ in asked.numbers:
        meant = answer(text, "rating")
        assert result.numbers is not None
        result.numbers.append(meant.value if isinstance(meant, Match) and meant.kind == "rating" else None)
    for text, label in asked.intents:
        turns: tuple[Kind, ...] = ("yes-no",) if label in ("yes", "no") else ("command",)
        turns = turns if label in MEANT or turns == ("yes-no",) else ("command", "yes-no", "rating")
        taken = [meant for kind in turns if isinstance(meant := answer(text, kind), Match)]
        names = [("yes" if meant.value else "no") if meant.kind == "yes_no" else str(meant.value) for meant in taken]
        assert result.intents is not None
        result.intents.append(names[0] if names else None)
        result.scores.append(taken[0].score if taken else 0.0)
    return result


def peer(name: str, folder: Path, catalog: Catalog, asked: Rows) -> Result:
    """A library's answers, from its own environment; `fault` when it cannot be installed or run."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDS.get(name, ()), name]
    if subprocess.run(pip, capture_output=True, check=False).returncode:
        return Result(name, None, None, [], "did not install")
    names = {"affirm": "yes", "deny": "no"}
    sayings = {names.get(key, key): [*intent.exact, *intent.phrases] for key, intent in catalog.intents.items()}
    job = {"peer": name, "sayings": sayings, "seconds": SECONDS, "numbers": [row[0] for row in asked.numbers],
           "intents": [row[0] for row in asked.intents]}  # fmt: skip
    script = Path(__file__).with_name("_peers.py")
    run = subprocess.run([str(python), str(script)], input=json.dumps(job), capture_output=True, text=True, check=False)
    if run.returncode:
        return Result(name, None, None, [], "failed: " + (run.stderr.strip().splitlines() or ["no message"])[-1][:80])
    told = json.loads(run.stdout)
    reached = len(told["intents"])
    label = f"{name} ({reached} of {len(asked.intents)} rows in time)" if 0 < reached < len(asked.intents) else name
    told["intents"] += [None] * (len(asked.intents) - reached if reached else 0)
    return Result(label, told["numbers"] or None, told["intents"] or None, told["times"])


def share(hits: int, of: int) -> str:
    """A share with two digits, or a dash for none of none."""
    return f"{hits / of:.2f}" if of else "–"


def table(asked: Rows, result: Result) -> list[str]:
    """The figures of one contender, in the order of `COLUMNS`."""
    cells: list[str] = []
    pairs = list(zip(asked.numbers, result.numbers or (), strict=False))
    for group in ("phrases", "digits", "sentences"):
        of = [(row, told) for row, told in pairs if row[2] == group]
        cells.append(share(sum(told is not None and abs(told - (row[1] or 0)) < 1e-6 for row, told in of), len(of)))
    empty = [told for row, told in pairs if row[2] == "none"]
    cells.append(f"{sum(told is not None for told in empty)}/{len(empty)}" if empty else "–")
    labelled = list(zip(asked.intents, result.intents or (), strict=False))
    for label in ("yes", "no"):
        of_label = [told for row, told in labelled if row[1] == label]
        cells.append(share(of_label.count(label), len(of_label)))
    swaps = sum({row[1], told} == {"yes", "no"} for row, told in labelled)
    cells.append(str(swaps) if labelled else "–")
    recalls = []
    for label in ("repeat", "stop", "help", "dont_know"):
        of_label = [told for row, told in labelled if row[1] == label]
        recalls.append(sum(told in MEANT[label] for told in of_label) / len(of_label) if of_label else 0.0)
    cells.append(f"{sum(recalls) / 4:.2f}" if labelled else "–")
    other = [told for row, told in labelled if row[1] in NOT_OURS and row[0] not in OURS_TOO]
    cells.append(f"{sum(told is not None for told in other)}/{len(other)}" if other else "–")
    times = sorted(result.times)
    cells.append(f"{times[int(len(times) * 0.99)] * 1000:.2f}" if times else "–")
    cells.append(f"{len(times) / sum(times):,.0f}" if times else "–")
    return cells


COLUMNS = ("phrases", "digits", "in sentence", "none taken", "yes", "no", "yes↔no", "4 commands", "other taken",
           "p99 ms", "per s")  # fmt: skip


def calibration(asked: Rows, result: Result) -> str:
    """How far the scores can be trusted on the labelled rows."""
    pairs = list(zip(asked.intents, result.intents or (), strict=True))
    right = [
        told in (label, *MEANT.get(label, ())) or (label in NOT_OURS and (told is None or text in OURS_TOO))
        for (text, label), told in pairs
    ]
    sure = [hit for hit, score in zip(right, result.scores, strict=True) if score >= 0.9]
    known = [score for hit, score in zip(right, result.scores, strict=True) if hit and score]
    high = sum(score >= 0.9 for score in known)
    part = share(high, len(known))
    return f"score ≥ 0.9: {len(sure)} answers, {sure.count(False)} wrong; {part} of right answers score so"


def left_out(catalog: Catalog, asked: Rows) -> list[str]:
    """Repeat, stop, help and don't know, each row without every saying that is like it: as on unseen text."""
    from rapidfuzz import fuzz

    labels = ("repeat", "stop", "help", "dont_know")
    tried: dict[str, list[tuple[bool, float]]] = {label: [] for label in labels}
    for text, label in asked.intents:
        if label not in labels:
            continue
        intents = {name: intent if name in ("affirm", "deny") else replace(
            intent,
            exact=tuple(saying for saying in intent.exact if fuzz.ratio(saying, text) < ALIKE),
            phrases=tuple(saying for saying in intent.phrases if fuzz.ratio(saying, text) < ALIKE),
        ) for name, intent in catalog.intents.items()}  # fmt: skip
        meant = Understanding(replace(catalog, intents=intents)).understand(Heard(text), Expects("command")).answer
        if isinstance(meant, Match):
            tried[label].append((meant.value in MEANT[label], meant.score))
        else:
            tried[label].append((False, 0.0))
    recalls = {label: sum(hit for hit, _ in of) / len(of) for label, of in tried.items() if of}
    known = [score for of in tried.values() for hit, score in of if hit]
    sure = [hit for of in tried.values() for hit, score in of if score >= 0.9]
    each = ", ".join(f"{label} {recall:.2f}" for label, recall in recalls.items())
    return [
        f"without every saying alike: {each}; macro {sum(recalls.values()) / len(recalls):.2f}",
        f"without them, score ≥ 0.9: {len(sure)} answers, {sure.count(False)} wrong; "
        f"{share(sum(score >= 0.9 for score in known), len(known))} of right answers score so",
    ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside = ROOT.parent / "shared" / "utterances" / "commands_dev.tsv"
    parser.add_argument("--commands", type=Path, default=beside if beside.exists() else None)
    parser.add_argument("--peers", type=Path, default=ROOT / "build" / "bench-peers")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    catalog = load(catalog_files.read_texts())
    asked = rows(options.commands)
    if options.commands is None:
        print("No labelled utterances: give --commands ROWS.tsv to measure yes, no, commands and other talk.")
    mine = ours(catalog, asked)
    results = [mine] + ([] if options.no_peers else [peer(name, options.peers, catalog, asked) for name in PEERS])
    print(f"{len(asked.numbers)} number rows, {len(asked.intents)} labelled rows")
    print("| contender | " + " | ".join(COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 1))
    for result in results:
        cells = [result.fault] + [""] * (len(COLUMNS) - 1) if result.fault else table(asked, result)
        print(f"| {result.name} | " + " | ".join(cells) + " |")
    if asked.intents:
        print(calibration(asked, mine))
        print(*left_out(catalog, asked), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
