"""How like an utterance is to what people say of each kind of danger: a small convolutional network over its words.

`scripts/train-screen` makes the model's file, in NumPy's own form. An utterance takes about a tenth of a millisecond.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voice_coach.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW, STEP = 24, 12
"""Words looked at together: in a longer utterance one sentence would be drowned by the others."""
LAYERS = ("near", "wide", "join", "out")
"""Three words together, three such together, what all of it comes to, and the kinds."""


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """One trained model."""

    kinds: tuple[str, ...]
    margins: tuple[float, ...]
    """From this margin on an utterance counts as like those of the kind."""
    places: Mapping[str, int]
    """Each word's row in `words`; the first row is that of a word that is not known."""
    words: NDArray[Any]
    """Signed bytes, (words + 1, dimensions); the first row is nought."""
    step: float
    """What one step of `words` is worth."""
    layers: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
    """Weights, (inputs, outputs), and biases of each of `LAYERS`."""

    def alike(self, words: Sequence[str]) -> Mapping[str, float]:
        """By kind, how far the likest stretch of these folded words lies above the kind's margin; only those above."""
        found: dict[str, float] = {}
        for start in range(0, max(len(words) - STEP, 1), STEP):
            for kind, margin, value in zip(self.kinds, self.margins, self.scores(words[start:][:WINDOW]), strict=True):
                if value > margin:
                    found[kind] = max(found.get(kind, 0.0), value - margin)
        return found

    def scores(self, words: Sequence[str]) -> list[float]:
        """The model's value for these folded words, by kind: about 1 where it takes them for the kind, -1 where not."""
        import numpy as np

        # As in training, no utterance is shorter than four places.
        rows = [self.places.get(word, 0) for word in words] + [0] * (4 - len(words))
        known = (np.array(rows) > 0).astype(np.float32)[:, None]
        near = self._beside(self.words[rows] * np.float32(self.step), "near") * known
        wide = self._beside(near, "wide") * known
        whole = np.concatenate((near.max(0), wide.max(0), wide.sum(0) / max(float(known.sum()), 1.0)))
        weights, bias = self.layers["out"]
        return [float(value) for value in self._through(whole, "join") @ weights + bias]

    def _beside(self, rows: NDArray[Any], layer: str) -> NDArray[Any]:
        """Each row together with the one before and the one after it, through a layer."""
        import numpy as np

        padded = np.pad(rows, ((1, 1), (0, 0)))
        return self._through(np.concatenate((padded[:-2], padded[1:-1], padded[2:]), axis=1), layer)

    def _through(self, rows: NDArray[Any], layer: str) -> NDArray[Any]:
        import numpy as np

        weights, bias = self.layers[layer]
        through: NDArray[Any] = np.maximum(rows @ weights + bias, 0.0)
        return through


def read_likeness(file: bytes, name: str) -> Likeness:
    """The model of one file. Raises `BadInput` where it is cut or no such file."""
    import numpy as np

    try:
        with np.load(io.BytesIO(file), allow_pickle=False) as held:
            kinds = tuple(map(str, held["kinds"]))
            vocabulary = bytes(held["vocabulary"]).decode().split("\n")
            words, step = held["words"], float(held["step"])
            layers = {
                layer: tuple(held[f"{layer}_{part}"].astype(np.float32) for part in ("weights", "bias"))
                for layer in LAYERS
            }
            margins = tuple(map(float, held["margins"]))
        model = Likeness(
            kinds,
            margins,
            {word: place for place, word in enumerate(vocabulary, 1)},
            words,
            step,
            {layer: (weights, bias) for layer, (weights, bias) in layers.items()},
        )
        fits = len(words) == len(vocabulary) + 1 and len(model.scores(vocabulary[:4])) == len(kinds) == len(margins) > 0
    except Exception:  # by where a file is damaged, NumPy and zipfile raise a dozen kinds of errors
        fits = False
    if not fits:
        raise BadInput(f"{name} is damaged; install voice-coach again.")
    return model


def written(model: Likeness) -> bytes:
    """The file of a model."""
    import numpy as np

    file = io.BytesIO()
    parts: dict[str, Any] = {
        f"{layer}_{part}": array.astype(np.float16)
        for layer, arrays in model.layers.items()
        for part, array in zip(("weights", "bias"), arrays, strict=True)
    }
    np.savez(
        file,
        kinds=np.array(model.kinds),
        margins=np.array(model.margins, dtype=np.float32),
        vocabulary=np.frombuffer("\n".join(model.places).encode(), dtype=np.uint8),
        words=model.words,
        step=np.float32(model.step),
        **parts,
    )
    return file.getvalue()
