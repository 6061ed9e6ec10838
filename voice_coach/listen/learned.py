"""A recognizer beside what it has learned of one person's voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from voice_coach.listen.examples import Example, spreads
from voice_coach.listen.recognizer import Decoded, Recognizer
from voice_coach.listen.second_opinion import weighed
from voice_coach.listen.warping import Shapes, shape

_GRAMMARS = 32


@dataclass(frozen=True, slots=True)
class Uttered:
    """One utterance that was heard to its end."""

    sound: bytes
    """16 kHz, mono, 16 bit little-endian; in memory only."""
    read: Decoded
    """The recognizer's own closed reading, without a second opinion."""


class Learned:
    """Another recognizer, with a second opinion on its closed readings by this person's examples.

    Where the turn's grammar holds no word with an example, its readings are handed on as they are.
    """

    def __init__(self, recognizer: Recognizer, examples: Sequence[Example]) -> None:
        self.name, self.manner = recognizer.name, recognizer.manner
        self._recognizer = recognizer
        self._phrases: tuple[str, ...] = ()
        self._sound = bytearray()
        self._read: Decoded | None = None
        self.latest: Uttered | None = None
        """The utterance that ended last; None before the first. Read by the session's thread once it was heard."""
        self.teach(examples)

    def teach(self, examples: Sequence[Example]) -> None:
        """Use these examples and no others from now on. May be called from another thread."""
        self._known = _Known(tuple(examples))

    def load(self) -> None:
        self._recognizer.load()
        _ = self._known.spreads  # made ready before anybody waits for an answer

    def begin(self, phrases: tuple[str, ...]) -> None:
        self._recognizer.begin(phrases)
        self._phrases = phrases
        self._sound.clear()
        self._read = None

    def feed(self, block: bytes) -> None:
        self._recognizer.feed(block)
        self._sound += block

    def closed(self) -> Decoded:
        read = self._read = self._recognizer.closed()
        known = self._known
        words, shapes = known.of(self._phrases)
        said = shape(bytes(self._sound)) if words and read.text else None
        if said is None:
            return read
        nearest: dict[str, float] = {}
        for word, distance in zip(words, shapes.distances(said).tolist(), strict=True):
            nearest[word] = min(nearest.get(word, distance), distance)
        return weighed(read, nearest, known.spreads)

    def free(self) -> str:
        return self._recognizer.free()

    def leaning(self) -> str:
        return self._recognizer.leaning()

    def end(self) -> None:
        self._recognizer.end()
        if self._read is not None:
            self.latest = Uttered(bytes(self._sound), self._read)

    def forget_session(self) -> None:
        self._recognizer.forget_session()

    def close(self) -> None:
        self._recognizer.close()


class _Known:
    def __init__(self, examples: tuple[Example, ...]) -> None:
        self._examples = examples
        self.of = lru_cache(_GRAMMARS)(self._of)

    @cached_property
    def spreads(self) -> dict[str, float]:
        """How far each word's examples lie apart."""
        return spreads(self._examples)

    def _of(self, phrases: tuple[str, ...]) -> tuple[tuple[str, ...], Shapes]:
        """The words with examples that this grammar allows, one for each shape."""
        own = [example for example in self._examples if example.word in phrases]
        return tuple(example.word for example in own), Shapes([example.shape for example in own])
