"""The small model: learns to judge as the teacher does, and is written down in bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from screen_teacher import KINDS
from screen_texts import Words

from voice_coach.likeness import LAYERS, Likeness

DIMENSIONS, CHANNELS, EPOCHS, BATCH, RATE = 32, 64, 15, 128, 3e-3
DROPPED, UNKNOWN = 0.1, 0.03
"""Shares of the values and of the words that are held back while it learns, so that it leans on no single one."""
_BESIDE = 3
_SHORTEST, _LONGEST = 4, 40


def learnt(
    texts: Sequence[Words], judged: Any, words: Sequence[str], vectors: Any, margins: Sequence[float]
) -> Likeness:
    """A model that gives about the values that were `judged`, (texts, kinds), of the texts.

    `vectors`: (words, n), what each word means to begin with. The same input gives the same model.
    """
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
    draw = random.Random(0)
    places = {word: place for place, word in enumerate(words, 1)}
    rows = [[places.get(word, 0) for word in text[:_LONGEST]] for text in texts]
    goal = torch.tensor(np.asarray(judged), dtype=torch.float32)
    held = _begun(vectors)
    bare = [value for name, value in held.items() if name.endswith("weights")]
    rest = [value for name, value in held.items() if not name.endswith("weights")]
    way = torch.optim.AdamW([{"params": bare, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=RATE)
    steps = EPOCHS * (len(rows) // BATCH + 45)
    pace = torch.optim.lr_scheduler.OneCycleLR(way, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in _batches([len(row) for row in rows], draw):
            said = _padded([rows[place] for place in batch])
            said[torch.rand(said.shape) < UNKNOWN] = 0
            loss = torch.nn.functional.smooth_l1_loss(_scores(held, said, DROPPED), goal[batch], beta=0.3)
            way.zero_grad()
            loss.backward()
            way.step()
            pace.step()
    return _exported(held, places, margins)


def _begun(vectors: Any) -> dict[str, Any]:
    """The weights before anything is learnt: the words' meanings in the directions in which they differ most."""
    import torch

    centred = vectors - vectors.mean(0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    meaning = centred @ directions[:DIMENSIONS].T
    held = {"words": torch.tensor(np.vstack([np.zeros((1, DIMENSIONS)), meaning / meaning.std()]), dtype=torch.float32)}
    sizes = (
        (_BESIDE * DIMENSIONS, CHANNELS),
        (_BESIDE * CHANNELS, CHANNELS),
        (3 * CHANNELS, CHANNELS),
        (CHANNELS, len(KINDS)),
    )
    for layer, (inputs, outputs) in zip(LAYERS, sizes, strict=True):
        held[f"{layer}_weights"] = (torch.rand(inputs, outputs) * 2 - 1) / inputs**0.5
        held[f"{layer}_bias"] = (torch.rand(outputs) * 2 - 1) / inputs**0.5
    return {name: value.requires_grad_() for name, value in held.items()}


def _scores(held: Mapping[str, Any], said: Any, dropped: float) -> Any:
    """As `Likeness.scores`, of many texts at once."""
    import torch

    def through(rows: Any, layer: str) -> Any:
        return torch.relu(rows @ held[f"{layer}_weights"] + held[f"{layer}_bias"])

    def beside(rows: Any, layer: str) -> Any:
        padded = torch.nn.functional.pad(rows, (0, 0, 1, 1))
        return through(torch.cat((padded[:, :-2], padded[:, 1:-1], padded[:, 2:]), dim=2), layer)

    def drop(values: Any) -> Any:
        return torch.nn.functional.dropout(values, dropped)

    known = (said > 0).float().unsqueeze(2)
    near = beside(drop(held["words"][said] * known), "near") * known
    wide = beside(near, "wide") * known
    mean = wide.sum(1) / known.sum(1).clamp(min=1)
    whole = torch.cat((near.max(1)[0], wide.max(1)[0], mean), dim=1)
    return drop(through(whole, "join")) @ held["out_weights"] + held["out_bias"]


def _batches(lengths: Sequence[int], draw: random.Random) -> Iterator[list[int]]:
    """Places of texts in a drawn order, about the same length together."""
    order = draw.sample(range(len(lengths)), len(lengths))
    for start in range(0, len(order), BATCH * 40):
        part = sorted(order[start : start + BATCH * 40], key=lambda place: lengths[place])
        batches = [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
        yield from draw.sample(batches, len(batches))


def _padded(rows: Sequence[Sequence[int]]) -> Any:
    import torch

    longest = max(_SHORTEST, *(len(row) for row in rows))
    return torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])


def _exported(held: Mapping[str, Any], places: Mapping[str, int], margins: Sequence[float]) -> Likeness:
    arrays = {name: value.detach().numpy() for name, value in held.items()}
    step = float(np.abs(arrays["words"]).max()) / 127
    words = np.round(arrays["words"] / step).astype(np.int8)
    words[0] = 0
    layers = {layer: (arrays[f"{layer}_weights"], arrays[f"{layer}_bias"]) for layer in LAYERS}
    return Likeness(tuple(KINDS), tuple(margins), dict(places), words, step, layers)
