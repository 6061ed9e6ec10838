"""Examples of how one person says words, and which of them are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.listen.warping import Shapes

if TYPE_CHECKING:
    from voice_coach.listen.features import Floats
    from voice_coach.listen.warping import Shape

MOST = 5
"""Examples kept of a word."""
WITNESSED = 0.1
"""Probability from which on the recognizer, too, may have heard an example as its word."""
HONEST = 0.5
"""The share of examples that it may have heard so, from which on they are believed; with wrong words it is near 0.1."""
WEAK = 0.25
"""A smaller share that is enough where the examples bear each other out, too: whom it hears badly needs them most."""
ALIKE = 0.7
"""The share of examples nearer to another of their word than to any other word, from which on they do."""

CONTRADICTED = 0.55
"""Probability of another word from which on the recognizer contradicts an example that it did not hear as its word."""

LIKELIER = 0.6
"""The same where few witnesses are to be enough: what would be acted on; with wrong words nearly all reach it."""

_NEAR = 4.0
"""How near an example must lie to one that was heard as its word, to be believed though it is contradicted."""

_ALONE = 5.0
"""The distance to a word of which no other example is there: that of two words."""
_SAME_RECORDING = 0.05
_DOUBT = 0.5
"""Where another word's example is no further off than this beyond the own word's, the word is in doubt."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One utterance of a word by this person."""

    word: str
    """Folded, as a turn's grammar has it."""
    shape: Shape
    heard: float = 0.0
    """The probability that the recognizer gave to this word when it heard the utterance, 0 to 1."""
    against: float = 0.0
    """The highest that it gave to any other word."""


def chosen(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Those worth keeping, in the order given: believable, no recording twice, none that harms, at most `MOST` a word.

    A wrong word would be learned as readily as a right one, so the recognizer is the witness: none counts if it heard
    too few of them as the words they are given as, and one that it takes for another word counts only if it is near
    to one that was heard.
    Leave-one-out: each example in turn is taken out and the others are told apart by what is left. One without which
    fewer of them are taken for another word is thrown out; of too many, the one that helps least goes first.
    """
    if not examples:
        return ()
    compared = _Compared(examples)
    left = compared.believed(compared.each_once())
    while (harmful := compared.most_harmful(left)) is not None:
        left.remove(harmful)
    for word in dict.fromkeys(example.word for example in examples):
        while len(own := [place for place in left if examples[place].word == word]) > MOST:
            left.remove(min(own, key=lambda place: (compared.doubt(_less(left, place)), examples[place].heard)))
    return tuple(examples[place] for place in left)


def spreads(examples: Sequence[Example]) -> dict[str, float]:
    """How far each word's examples lie apart: the mean distance to the nearest other. Words with one have none."""
    found: dict[str, float] = {}
    for word in dict.fromkeys(example.word for example in examples):
        own = [example.shape for example in examples if example.word == word]
        if len(own) > 1:
            nearest = [Shapes([*own[:place], *own[place + 1 :]]).distances(one).min() for place, one in enumerate(own)]
            found[word] = float(sum(nearest)) / len(own)
    return found


class _Compared:
    """Every example's distance to every other; examples are named by their place."""

    def __init__(self, examples: Sequence[Example]) -> None:
        import numpy as np

        shapes = Shapes([example.shape for example in examples])
        words = np.array([example.word for example in examples])
        self._heard = [example.heard for example in examples]
        self._against = [example.against for example in examples]
        self._far = np.stack([shapes.distances(example.shape) for example in examples])
        self._same = words[:, None] == words

    def each_once(self) -> list[int]:
        """All of them but those that are a recording of the same word given before."""
        left: list[int] = []
        for place in range(len(self._far)):
            if not ((self._far[place, left] < _SAME_RECORDING) & self._same[place, left]).any():
                left.append(place)
        return left

    def believed(self, left: list[int]) -> list[int]:
        """Those of which the recognizer bears out that they are the word they are given as."""
        witnesses = [place for place in left if self._heard[place] >= WITNESSED]
        if len(witnesses) < HONEST * len(left) and not self._borne_out(left, len(witnesses)):
            return []
        near = (self._far[:, witnesses] < _NEAR) & self._same[:, witnesses]
        return [place for place in left if near[place].any() or self._against[place] < CONTRADICTED]

    def _borne_out(self, left: list[int], witnesses: int) -> bool:
        """Whether few witnesses are enough: the examples agree with each other, and fewer are likelier something else.

        Words that were exchanged agree as well, but then the recognizer contradicts more of them than it bears out.
        """
        contradicted = sum(self._against[place] >= LIKELIER and self._heard[place] < WITNESSED for place in left)
        if witnesses < WEAK * len(left) or witnesses <= contradicted:
            return False
        paired = [self._same[place, left].sum() > 1 for place in left]
        agree = (self._margins(left) > 0)[paired]
        return agree.size > 0 and bool(agree.mean() >= ALIKE)

    def most_harmful(self, left: list[int]) -> int | None:
        """The example without which most of the others are put right; of equals, the one least heard as its word."""
        import numpy as np

        wrong = self._margins(left) <= 0
        found: list[tuple[int, float, int]] = []
        for at, place in enumerate(left):
            gain = int(np.delete(wrong, at).sum()) - int((self._margins(_less(left, place)) <= 0).sum())
            if gain > 0:
                found.append((gain, -self._heard[place], place))
        return max(found)[2] if found else None

    def doubt(self, left: list[int]) -> float:
        """How close these come to being taken for another word."""
        import numpy as np

        return float(np.maximum(0.0, _DOUBT - self._margins(left)).sum())

    def _margins(self, left: list[int]) -> Floats:
        """How much nearer each is to the rest of its word than to any other word; below 0 it is taken for that."""
        import numpy as np

        far, same = self._far[np.ix_(left, left)], self._same[np.ix_(left, left)]
        alone = np.eye(len(left), dtype=bool)
        own = np.where(same & ~alone, far, _ALONE).min(axis=1, initial=_ALONE)
        others = np.where(same, _ALONE, far).min(axis=1, initial=_ALONE)
        margins: Floats = others - own
        return margins


def _less(left: list[int], place: int) -> list[int]:
    return [other for other in left if other != place]
