"""Random utterances, scrambled from the catalog's words and from all of Unicode, until the time is up.

scripts/bench fuzz [--seconds N] [--seed N]

Every one must give a documented result in bounded time, the same in upper case, with doubled spaces and with "um".
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from voice_coach.understand.interpret import Understanding  # noqa: E402
from voice_coach.understand.loading import load  # noqa: E402
from voice_coach.understand.output import to_json  # noqa: E402
from voice_coach.words import KINDS, Expects, Heard, MatchKind  # noqa: E402

LABELS = ("steady", "talk", "finish")
RESULTS = {*get_args(MatchKind), "unsure", "nothing"}
SLOWEST = 1.0
"""Seconds that no utterance may take, 10,000 characters included."""


def utterance(chance: random.Random, words: list[str]) -> str:
    """A few known words, some of them mangled; or any characters at all."""
    if chance.random() < 0.2:
        length = chance.choice((3, 30, 300, 10_000))
        return "".join(chr(chance.choice((chance.randrange(128), chance.randrange(0xD800)))) for _ in range(length))
    picked = [chance.choice(words) for _ in range(chance.choice((1, 2, 3, 5, 8, 13, 50)))]
    return " ".join(mangled(chance, word) if chance.random() < 0.15 else word for word in picked)


def mangled(chance: random.Random, word: str) -> str:
    """The word with one letter changed."""
    place = chance.randrange(len(word))
    return word[:place] + chance.choice("abcdefghijklmnopqrstuvwxyz-'., 0123456789") + word[place + 1 :]


def faults(understanding: Understanding, text: str) -> list[str]:
    """What is wrong with the results for this text in every kind of turn."""
    found: list[str] = []
    for kind in KINDS:
        expects = Expects(kind, LABELS if kind == "choice" else ())
        start = time.thread_time()
        line = to_json(text, understanding.understand(Heard(text), expects))
        if time.thread_time() - start > SLOWEST:
            found.append(f"{kind}: slow")
        if line["kind"] not in RESULTS or not isinstance(line["score"], float) or not 0 <= line["score"] <= 1:
            found.append(f"{kind}: {line}")
        if kind == "text" or not text.isascii() or len(text) > 1000:
            continue
        for same in (text.upper(), f"  {text} ", text.replace(" ", "  "), f"um {text}"):
            other = to_json(text, understanding.understand(Heard(same), expects))
            if other != line:
                found.append(f"{kind}: {same!r} gives {other} and not {line}")
    return found


def main() -> int:
    """0 when nothing was found, 1 with the first fault printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = ROOT / "intents"
    catalog = load({path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.yaml")})
    understanding = Understanding(catalog)
    sayings = [saying for intent in catalog.intents.values() for saying in (*intent.exact, *intent.phrases)]
    listed = [word for group in catalog.words.values() for word in group]
    words = sorted({*" ".join([*sayings, *listed]).split(), *catalog.numbers, "7", "6.5", "11", "dog", "😀"})
    chance = random.Random(options.seed)
    ends = time.monotonic() + options.seconds
    tried = 0
    while time.monotonic() < ends:
        text = utterance(chance, words)
        tried += 1
        if found := faults(understanding, text):
            print(f"{text[:200]!r} after {tried} utterances: {found[0]}")
            return 1
    print(f"{tried} utterances in {options.seconds:.0f} s (seed {options.seed}): nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
