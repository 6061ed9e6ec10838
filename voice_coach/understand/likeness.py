"""How like an utterance is to what people say of each kind of danger: a small linear model over words and word parts.

`scripts/train-screen` makes the model's file: a line of JSON, then one signed byte a weight, all kinds of a bucket in a
row. Pure Python on purpose: an utterance has a few hundred features, and nothing heavy need be loaded for them.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voice_coach.errors import BadInput

BUCKETS = 2**15
"""Features share this many weights a kind, by a hash of each."""
PARTS = (3, 4, 5)
"""Letters of a word part; the space at either end of a word is one of them."""
PART_COUNTS = 0.6
"""What a word part counts beside a word or a pair of words."""
WINDOW, STEP = 40, 20
"""Words looked at together: in a longer utterance one sentence would be drowned by the others."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One trained model."""

    kinds: tuple[str, ...]
    weights: memoryview
    """Signed bytes, `BUCKETS` times the number of kinds."""
    scales: tuple[float, ...]
    """What one step of a kind's weights is worth."""
    biases: tuple[float, ...]
    margins: tuple[float, ...]
    """From this margin on an utterance counts as like those of the kind."""

    def alike(self, words: Sequence[str]) -> Mapping[str, float]:
        """By kind, how far the likest stretch of these folded words lies above the kind's margin; only those above."""
        found: dict[str, float] = {}
        for start in range(0, max(len(words) - STEP, 1), STEP):
            for kind, margin, value in zip(self.kinds, self.margins, self.scores(words[start:][:WINDOW]), strict=True):
                if value > margin:
                    found[kind] = max(found.get(kind, 0.0), value - margin)
        return found

    def scores(self, words: Sequence[str]) -> list[float]:
        """The model's value for these folded words, by kind: above 0 it takes them for the kind."""
        many, sums = len(self.kinds), [0.0] * len(self.kinds)
        for bucket, value in features(words).items():
            for kind, weight in enumerate(self.weights[bucket * many : (bucket + 1) * many]):
                if weight:
                    sums[kind] += weight * value
        return [bias + total * scale for bias, total, scale in zip(self.biases, sums, self.scales, strict=True)]


def features(words: Sequence[str]) -> dict[int, float]:
    """Values by bucket of some folded words, their pairs and the parts of each; all together of length 1."""
    counts: dict[str, int] = {}
    for word in words:
        counts[f"w {word}"] = counts.get(f"w {word}", 0) + 1
        ends = f" {word} "
        for wide in PARTS:
            for start in range(max(1, len(ends) - wide + 1)):
                part = ends[start : start + wide]
                counts[part] = counts.get(part, 0) + 1
    for first, second in pairwise(words):
        pair = f"b {first} {second}"
        counts[pair] = counts.get(pair, 0) + 1
    values: dict[int, float] = {}
    for name, times in counts.items():
        bucket = zlib.crc32(name.encode()) % BUCKETS
        whole = name[1:2] == " " and name[0] in "wb"
        values[bucket] = values.get(bucket, 0.0) + (1.0 if whole else PART_COUNTS) * (1.0 + math.log(times))
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {bucket: value / length for bucket, value in values.items()}


def read_likeness(file: bytes, name: str) -> Likeness:
    """The model of one file. Raises `BadInput` where it is cut or no such file."""
    head, _, weights = file.partition(b"\n")
    try:
        said = json.loads(head)
        kinds = tuple(said["kinds"])
        numbers = [tuple(map(float, said[key])) for key in ("scales", "biases", "margins")]
        whole = len(weights) == BUCKETS * len(kinds) > 0 and all(len(each) == len(kinds) for each in numbers)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise BadInput(f"{name} is damaged; install voice-coach again.")
    return Likeness(kinds, memoryview(weights).cast("b"), *numbers)


def written(model: Likeness) -> bytes:
    """The file of a model."""
    head = {"kinds": model.kinds, "scales": model.scales, "biases": model.biases, "margins": model.margins}
    return json.dumps(head).encode() + b"\n" + bytes(model.weights.cast("B"))
