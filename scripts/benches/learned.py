"""What a few examples of a person's words bring: people's recordings, with and without, by PocketSphinx.

usage: scripts/bench learned [--examples N] [--draws N] [--speech DIR]      DIR holds manifest.tsv and the recordings

Every clip is heard once in its speaker's session. Then N examples a word are drawn at random, learned as
`voice-coach learn` does, and the speaker's other clips are judged with them, draw after draw. What is none of a turn's
words comes from the same speaker and, drawn at random, from others.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from voice_coach.app import open_understanding
from voice_coach.catalog_files import shipped
from voice_coach.listen.audio import read_wav
from voice_coach.listen.examples import Example, chosen, spreads
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.pronunciations import DIGITS
from voice_coach.listen.recognizer import Decoded
from voice_coach.listen.second_opinion import weighed
from voice_coach.listen.warping import Shapes, shape
from voice_coach.settings import Settings
from voice_coach.understand.interpret import Understanding
from voice_coach.words import Expects, Heard, Kind, Match, Unsure

if TYPE_CHECKING:
    from voice_coach.listen.warping import Shape

TURNS: tuple[Kind, ...] = ("rating", "yes-no")
SAME = 0.05
"""Distance below which two clips are one recording."""
STRANGERS = 20


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording, as each turn's grammar hears it."""

    path: str
    word: str
    kind: str
    speaker: str
    shape: Shape | None
    heard: dict[Kind, Heard]

    @property
    def answers(self) -> tuple[Kind, ...]:
        """The turns in which its word is an answer or a command."""
        if self.word == "stop":
            return TURNS
        return ("rating",) if self.word in DIGITS else ("yes-no",) if self.word in ("yes", "no") else ()


def hear_all(speech: Path, understanding: Understanding) -> list[Clip]:
    """Every word, other word and noise in the list, a speaker's clips in one session in random order."""
    with (speech / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] != "read"]
    random.Random(1).shuffle(rows)
    rows.sort(key=lambda row: row["speaker"])
    recognizer = PocketSphinx(shipped("models"))
    recognizer.load()
    sounds = {row["path"]: read_wav(speech / row["path"]) for row in rows}
    heard: dict[str, dict[Kind, Heard]] = defaultdict(dict)
    for kind in TURNS:
        phrases, before = understanding.phrases(Expects(kind)), ""
        for row in rows:
            if row["speaker"] != before or before == "-":
                recognizer.forget_session()
            before = row["speaker"]
            if kind in Clip("", row["transcript"], "", "", None, {}).answers or row["kind"] in ("oov", "silence"):
                heard[row["path"]][kind] = hear_recording(recognizer, sounds[row["path"]], phrases, kind)
    recognizer.close()
    return [
        Clip(
            row["path"], row["transcript"], row["kind"], row["speaker"], shape(sounds[row["path"]]), heard[row["path"]]
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Known:
    """The examples that are kept, laid out to be compared."""

    examples: Sequence[Example]
    shapes: Shapes
    spreads: dict[str, float]


class Bench:
    """Judges clips with and without examples."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding
        self._phrases = {kind: frozenset(understanding.phrases(Expects(kind))) for kind in TURNS}
        self.found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.seconds: list[float] = []

    def judge(self, name: str, clip: Clip, kind: Kind, known: Known, group: str) -> None:
        """Count what becomes of a clip under these examples."""
        examples, shapes = known.examples, known.shapes
        heard = clip.heard[kind]
        started = time.perf_counter()
        nearest: dict[str, float] = {}
        if clip.shape is not None and examples:
            for example, distance in zip(examples, shapes.distances(clip.shape).tolist(), strict=True):
                if example.word in self._phrases[kind]:
                    nearest[example.word] = min(nearest.get(example.word, distance), distance)
        read = weighed(Decoded(heard.text, heard.score, heard.others), nearest, known.spreads)
        if examples:
            self.seconds.append(time.perf_counter() - started)
        heard = replace(heard, text=read.text, score=read.score, others=read.others)
        answer = self._understanding.understand(heard, Expects(kind)).answer
        self.found[group, name][verdict(answer, clip)] += 1


def verdict(answer: object, clip: Clip) -> str:
    """right, wrong, asked (the right one among the first two), asked amiss, or nothing."""
    meant: object = "stop" if clip.word == "stop" else clip.word == "yes"
    if clip.word in DIGITS:
        meant = float(DIGITS.index(clip.word))
    if isinstance(answer, Match):
        return "right" if clip.answers and answer.value == meant else "wrong"
    if isinstance(answer, Unsure):
        return "asked" if clip.answers and meant in answer.candidates[:2] else "asked amiss"
    return "nothing"


def example_of(clip: Clip, word: str) -> Example | None:
    """The clip as an example of a word, right or wrong."""
    if clip.shape is None:
        return None
    heard = clip.heard[clip.answers[0]]
    chances = dict(heard.others) | {heard.text: heard.score}
    against = max((chance for other, chance in chances.items() if other != word), default=0.0)
    return Example(word, clip.shape, chances.get(word, 0.0), against)


def draw(
    bench: Bench, clips: Sequence[Clip], examples_a_word: int, everyone: Sequence[Clip], chance: random.Random
) -> None:
    """One draw of examples from a speaker's clips, honest, wrong and none, and the judgement of the others."""
    takes: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        if clip.answers:
            takes[clip.word].append(clip)
    takes = {word: chance.sample(own, len(own)) for word, own in takes.items() if len(own) > examples_a_word}
    if len(takes) < 2:
        return
    learned = [(clip, word) for word, own in takes.items() for clip in own[:examples_a_word]]
    turned = dict(zip(takes, [*list(takes)[1:], next(iter(takes))], strict=True))
    corpus = clips[0].speaker.split("_")[0] if not clips[0].speaker.startswith("fsdd") else clips[0].speaker
    strangers = chance.sample([clip for clip in everyone if clip.kind == "oov"], STRANGERS)
    others = [clip for clip in clips if clip.kind == "oov"]
    noises = chance.sample([clip for clip in everyone if clip.kind == "silence"], 5)
    known = Shapes([clip.shape for clip, _ in learned if clip.shape is not None])
    tested = [clip for own in takes.values() for clip in own[examples_a_word : examples_a_word + 12]]
    tested = [clip for clip in tested if clip.shape is None or min(known.distances(clip.shape)) > SAME]
    for name, words in (("none", None), ("learned", {word: word for word in takes}), ("wrong words", turned)):
        given = [example_of(clip, words[word]) for clip, word in learned] if words else []
        kept = chosen([example for example in given if example is not None])
        judged_by = Known(kept, Shapes([example.shape for example in kept]), spreads(kept))
        for group, judged in (
            ("", tested),
            ("other words, same speaker", others),
            ("other words", strangers),
            ("noise", noises),
        ):
            for clip in judged:
                for kind in clip.answers if not group else TURNS:
                    what = group or ("digits" if clip.word in DIGITS else clip.word)
                    bench.judge(name, clip, kind, judged_by, f"{corpus} {what}, {kind}")


def table(found: dict[tuple[str, str], Counter[str]]) -> Iterable[str]:
    """Shares by group, and by what was learned."""
    columns = ("right", "wrong", "asked", "asked amiss", "nothing")
    yield f"{'':46}{'':12}{'clips':>6} " + " ".join(f"{column:>11}" for column in columns)
    for group in dict.fromkeys(group for group, _ in sorted(found)):
        for name in ("none", "learned", "wrong words"):
            count = found[group, name]
            shares = " ".join(f"{count[column] / max(1, count.total()):11.3f}" for column in columns)
            yield f"{group:46}{name:12}{count.total():6} {shares}"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=2, help="examples a word")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--speech", type=Path, default=Path(__file__).resolve().parents[3] / "shared" / "speech")
    given = parser.parse_args()
    if not (given.speech / "manifest.tsv").exists():
        print(f"There are no recordings in {given.speech}; name their folder with --speech.", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory() as home:
        _, understanding = open_understanding(Settings(Path(home)))
    clips = hear_all(given.speech, understanding)
    bench, chance = Bench(understanding), random.Random(1)
    speakers: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        speakers[clip.speaker].append(clip)
    for _ in range(given.draws):
        for own in speakers.values():
            draw(bench, own, given.examples, clips, chance)
    print(f"{given.examples} examples a word, {given.draws} draws; right and wrong are acted on without asking.")
    print("\n".join(table(bench.found)))
    print(f"Second opinion: {1000 * sum(bench.seconds) / len(bench.seconds):.2f} ms a word.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
