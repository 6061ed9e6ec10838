"""How well recordings of people are heard: `scripts/bench hear [--every N] [--apart | --simulated] [--clean]`.

Needs a folder of recordings with a manifest.tsv (path, transcript, speaker, kind), named by VOICE_COACH_SPEECH or
beside the clone in shared/speech. Everybody is a session of their own, in a fixed shuffled order; with --apart every
recording is.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from _simulated import Stock, simulate

from voice_coach.app import load_catalog
from voice_coach.home import home_folder
from voice_coach.listen.audio import read_wav
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.recognizer import RATE, Recognizer
from voice_coach.recognizers import pick_recognizer
from voice_coach.settings import Settings
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.interpret import Understanding
from voice_coach.words import Correction, Expects, Heard, Match, Nothing, Unsure, Value

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MEANT: dict[str, Value] = {
    **{word: float(n) for n, word in enumerate(DIGITS)},
    "yes": True,
    "no": False,
    "stop": "stop",
}
RATING, YES_NO = Expects("rating"), Expects("yes-no")
CORRECTING, AGREEING = Expects("rating", corrects="rating"), Expects("yes-no", corrects="rating")
Answer = Match | Unsure | Correction | Nothing


@dataclass(frozen=True, slots=True)
class Clip:
    path: Path
    word: str
    speaker: str
    kind: str


@dataclass(frozen=True, slots=True)
class Result:
    clip: Clip
    expects: Expects
    heard: Heard
    answer: Answer
    seconds: float

    @property
    def acted(self) -> bool:
        return isinstance(self.answer, Match)

    @property
    def right(self) -> bool:
        return isinstance(self.answer, Match) and self.answer.value == MEANT.get(self.clip.word, "")

    @property
    def wrong(self) -> bool:
        return self.acted and not self.right

    @property
    def found(self) -> bool:
        """Right at once, or among the two candidates that would be asked about."""
        asked = isinstance(self.answer, Unsure) and MEANT.get(self.clip.word, "") in self.answer.candidates[:2]
        return self.right or asked


Change = Callable[[bytes], bytes]


class Bench:
    """Hears clips as the product would, one session a speaker."""

    def __init__(self, recognizer: Recognizer, catalog: Catalog, apart: bool = False) -> None:
        self._recognizer, self.catalog, self._apart = recognizer, catalog, apart
        self.understanding = Understanding(catalog)

    def hear(self, clips: Iterable[Clip], change: Change = lambda sound: sound) -> list[Result]:
        results: list[Result] = []
        people: defaultdict[str, list[Clip]] = defaultdict(list)
        for clip in clips:
            people[clip.speaker if clip.speaker != "-" else str(clip.path)].append(clip)
        for own in people.values():
            self._recognizer.forget_session()
            random.Random(0).shuffle(own)
            for clip in own:
                results += [self._one(clip, expects, change) for expects in turns(clip)]
        return results

    def correct(self, clips: Iterable[Clip], refusals: Sequence[Clip]) -> list[tuple[Clip, Heard]]:
        """ "No" and the word, after an echo: a "no" by the same person where there is one, else by anybody, as loud."""
        found: list[tuple[Clip, Heard]] = []
        last = ""
        for nth, clip in enumerate(sorted(clips, key=lambda clip: clip.speaker)):
            if clip.speaker != last:
                self._recognizer.forget_session()
            last = clip.speaker
            own = [refusal for refusal in refusals if refusal.speaker == clip.speaker] or refusals
            word = read_wav(clip.path)
            found.append((clip, self._heard(levelled(read_wav(own[nth % len(own)].path), word) + word, CORRECTING)))
        return found

    def agree(self, clips: Iterable[Clip]) -> list[tuple[Clip, Heard]]:
        """Yes and no, asked "did you say seven?"."""
        found: list[tuple[Clip, Heard]] = []
        last = ""
        for clip in sorted(clips, key=lambda clip: clip.speaker):
            if clip.speaker != last:
                self._recognizer.forget_session()
            last = clip.speaker
            found.append((clip, self._heard(read_wav(clip.path), AGREEING)))
        return found

    def _heard(self, sound: bytes, expects: Expects) -> Heard:
        return hear_recording(self._recognizer, sound, self.understanding.phrases(expects), expects.kind)

    def _one(self, clip: Clip, expects: Expects, change: Change) -> Result:
        sound = change(read_wav(clip.path))
        if self._apart:
            self._recognizer.forget_session()
        started = time.process_time()
        heard = self._heard(sound, expects)
        answer = self.understanding.understand(heard, expects).answer
        return Result(clip, expects, heard, answer, time.process_time() - started)


def turns(clip: Clip) -> tuple[Expects, ...]:
    if clip.kind == "digit":
        return (RATING,)
    return (YES_NO,) if clip.word in ("yes", "no") else (RATING, YES_NO)


def read_clips(folder: Path) -> list[Clip]:
    with (folder / "manifest.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Clip(folder / row["path"], row["transcript"], row["speaker"], row["kind"])
                for row in rows if row["kind"] != "read"]  # fmt: skip


def mixed(noises: Sequence[bytes] | None, decibels: float) -> Change:
    """Adds noise so far below the sound: white, or one of the recordings in turn."""
    import numpy as np

    rng = np.random.default_rng(7)
    turn = iter(range(10**9))

    def change(sound: bytes) -> bytes:
        clean = np.frombuffer(sound, "<i2").astype(float)
        if noises is None:
            noise = rng.normal(0, 1, len(clean))
        else:
            noise = np.resize(np.frombuffer(noises[next(turn) % len(noises)], "<i2").astype(float), len(clean))
        level = np.sqrt((clean**2).mean() / max((noise**2).mean(), 1e-9)) * 10 ** (-decibels / 20)
        return bytes(np.clip(clean + level * noise, -32768, 32767).astype("<i2").tobytes())

    return change


def share(results: Sequence[Result]) -> dict[str, float | int]:
    count = max(1, len(results))
    return {
        "clips": len(results),
        "at_once": round(sum(result.right for result in results) / count, 3),
        "wrong": round(sum(result.wrong for result in results) / count, 3),
        "found": round(sum(result.found for result in results) / count, 3),
    }


def levelled(sound: bytes, other: bytes) -> bytes:
    """The sound as loud as the other, by the loudest quarter of each."""
    import numpy as np

    def loudness(pcm: bytes) -> float:
        power = np.sort(np.frombuffer(pcm, "<i2").astype(float) ** 2)
        return float(np.sqrt(power[-max(1, len(power) // 4) :].mean()))

    samples = np.frombuffer(sound, "<i2").astype(float) * loudness(other) / max(loudness(sound), 1.0)
    return bytes(np.clip(samples, -32768, 32767).astype("<i2").tobytes())


def simulated(bench: Bench, results: Sequence[Result]) -> dict[str, object]:
    """The simulated person of docs/hearing.md, with these recordings."""
    rated: defaultdict[tuple[str, str], list[Heard]] = defaultdict(list)
    corrected: defaultdict[tuple[str, str], list[Heard]] = defaultdict(list)
    agreed: defaultdict[str, list[Heard]] = defaultdict(list)
    for result in results:
        if result.clip.kind == "digit":
            rated[result.clip.speaker, result.clip.word].append(result.heard)
    plain = [result.clip for result in results if result.clip.word in ("yes", "no")]
    for clip, heard in bench.agree(plain):
        agreed[clip.word].append(heard)
    if not agreed["no"] or not agreed["yes"]:
        return {}
    digits = [result.clip for result in results if result.clip.kind == "digit"]
    digits = [clip for clip in digits if len(rated[clip.speaker, clip.word]) > 1]
    for clip, heard in bench.correct(digits, [clip for clip in plain if clip.word == "no"]):
        corrected[clip.speaker, clip.word].append(heard)
    meant = {word: float(n) for n, word in enumerate(DIGITS)}
    return simulate(Stock(rated, corrected, agreed), meant, bench.catalog, bench.understanding)


def curve(results: Sequence[Result]) -> list[dict[str, float]]:
    """Digits: what acting from another probability on would give."""
    rows = []
    for act in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        acted = [result for result in results if result.heard.score >= act]
        right = sum(result.heard.text == result.clip.word for result in acted)
        count = max(1, len(results))
        rows.append({"act_from": act, "asked": round(1 - len(acted) / count, 3),
                     "at_once": round(right / count, 3), "wrong": round((len(acted) - right) / count, 3)})  # fmt: skip
    return rows


def measure(bench: Bench, clips: Sequence[Clip], clean: bool = False) -> dict[str, object]:
    results = bench.hear(clips)
    said = [result for result in results if result.clip.kind in ("digit", "command")]
    digits = [result for result in said if result.clip.kind == "digit"]
    people: defaultdict[str, list[Result]] = defaultdict(list)
    for result in said:
        people[result.clip.speaker].append(result)
    worst = sorted((own for own in people.values() if len(own) >= 5), key=lambda own: share(own)["at_once"])[:5]
    other = {
        f"{kind} in {expects.kind}": share([r for r in results if (r.clip.kind, r.expects) == (kind, expects)])["wrong"]
        for kind in ("oov", "silence")
        for expects in (RATING, YES_NO)
    }
    few = [clip for clip in clips if clip.kind in ("digit", "command")][::5]
    silence = [read_wav(clip.path) for clip in clips if clip.kind == "silence"]
    noisy = {} if clean else {"clean": share(bench.hear(few))}
    for name, noises in (("white", None), ("recorded", silence)):
        if not clean and (noises is None or noises):
            noisy |= {f"{name} {db} dB": share(bench.hear(few, mixed(noises, db))) for db in (20, 10, 5)}
    audio = sum(result.heard.at for result in results)
    return {
        "words": {f"{word} in {expects.kind}": share(own) for word in MEANT for expects in (RATING, YES_NO)
                  if (own := [r for r in said if (r.clip.word, r.expects) == (word, expects)])},
        "corpora": {name: share([r for r in digits if r.clip.path.parent.name == name])
                    for name in sorted({r.clip.path.parent.name for r in digits})} | {"digits": share(digits)},
        "worst_speakers": [share(own) for own in worst],
        "taken_for_an_answer": other,
        "noise": noisy,
        "curve": curve(digits),
        "simulated": {} if clean else simulated(bench, results),
        "real_time_factor": round(sum(result.seconds for result in results) / max(audio, 1 / RATE), 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def measure_simulated(bench: Bench, clips: Sequence[Clip]) -> dict[str, object]:
    """The simulated person alone: the other words and the noises are not heard."""
    return {"simulated": simulated(bench, bench.hear(clip for clip in clips if clip.kind in ("digit", "command")))}


def show(found: dict[str, object]) -> None:
    for title, part in found.items():
        print(f"\n{title}")
        rows = (
            part.items() if isinstance(part, dict) else enumerate(part, 1) if isinstance(part, list) else [("", part)]
        )
        for name, row in rows:
            text = "  ".join(f"{key} {value}" for key, value in row.items()) if isinstance(row, dict) else row
            print(f"  {name!s:24} {text}")


def main() -> int:
    """Prints the tables; 3 when there are no recordings."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--every", type=int, default=1, help="take each Nth clip of a word only")
    options.add_argument("--apart", action="store_true", help="every recording is a session of its own")
    options.add_argument("--clean", action="store_true", help="neither added noise nor the simulated person")
    options.add_argument("--simulated", action="store_true", help="the simulated person alone")
    options.add_argument("--recognizer", default="auto")
    options.add_argument("--model", type=Path)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    beside = Path(__file__).resolve().parents[3] / "shared" / "speech"
    folder = Path(os.environ.get("VOICE_COACH_SPEECH", beside))
    if not (folder / "manifest.tsv").exists():
        print("There are no recordings; name their folder in VOICE_COACH_SPEECH.", file=sys.stderr)
        return 3
    home = home_folder(None)
    recognizer = pick_recognizer(given.recognizer, given.model, home)
    recognizer.load()
    bench = Bench(recognizer, load_catalog(Settings(home)), given.apart)
    clips = read_clips(folder)[:: given.every]
    found = measure_simulated(bench, clips) if given.simulated else measure(bench, clips, given.clean)
    print(f"recognizer {recognizer.name}")
    recognizer.close()
    show(found)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
