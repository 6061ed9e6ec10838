"""Numbers in folded words: where they stand and what they are worth, with halves, decimals and fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_DIGITS = 9
"""More digits than these are far off the scale anyway."""
PARTS: tuple[tuple[tuple[str, ...], float], ...] = tuple(
    (tuple(said.split()), value)
    for value, sayings in (
        (0.5, ("and a half", "and one half", "and half", "a half", "one half", "half", "and 1 out of 2", "1 out of 2")),
        (0.5, ("plus a half", "plus half", "plus one half")),
        (0.25, ("and a quarter", "and one quarter")),
        (0.75, ("and three quarters",)),
        (1 / 3, ("and a third", "and one third")),
        (2 / 3, ("and two thirds",)),
    )
    for said in sayings
)
"""What may follow a whole number and be added to it."""
WHOLE_SAYINGS = (
    (("point", "and", "a", "half"), 1.5), (("half", "a", "point"), 0.5), (("half", "of", "1"), 0.5),
    (("half", "of", "one"), 0.5), (("1", "out", "of", "2"), 0.5), (("one", "over", "two"), 0.5), (("one", "half"), 0.5),
)  # fmt: skip
"""Numbers said with a "one" or "a" in them that is none of its own."""
OVER_TWO = (("halves",), ("over", "two"), ("over", "2"), ("out", "of", "2"))


@dataclass(frozen=True, slots=True)
class Span:
    """A number and the words that say it, from `begin` up to `end`."""

    value: float
    begin: int
    end: int


class Figures:
    """Finds numbers; compiled once from the number words and word lists of the language."""

    def __init__(self, numbers: Mapping[str, float], words: Mapping[str, frozenset[str]]) -> None:
        self._numbers = dict(numbers)
        self._words = words

    def value(self, word: str) -> float | None:
        """What one word is worth as a number; None for a word that is none."""
        if word in self._numbers:
            return self._numbers[word]
        if word.replace(".", "", 1).isdecimal():
            return float(word[:MOST_DIGITS])
        return None

    def spans(self, words: tuple[str, ...]) -> list[Span]:
        """Every number in the words, in order."""
        spans: list[Span] = []
        place = 0
        while place < len(words):
            span = self._span(words, place)
            if span is None:
                place += 1
            else:
                spans.append(span)
                place = span.end
        return spans

    def _list(self, name: str) -> frozenset[str]:
        return self._words.get(name, frozenset())

    def _span(self, words: tuple[str, ...], begin: int) -> Span | None:
        for saying, worth in WHOLE_SAYINGS:
            if words[begin : begin + len(saying)] == saying:
                return Span(worth, begin, begin + len(saying))
        minus = words[begin] in self._list("minus") and begin + 1 < len(words)
        place = begin + 1 if minus else begin
        if words[place] in self._list("point"):
            part, end = self._decimals(words, place + 1)
            return Span(part, begin, end) if end > place + 1 else None
        value = self.value(words[place])
        if value is None:
            halved = words[place] == "half" and words[place + 1 : place + 2] != ()
            if words[place] == "half" and not (halved and words[place + 1] in self._list("half_not_after")):
                return Span(0.5, begin, place + 1)
            return None
        value, place = self._large(words, value, place + 1)
        value, place = self._fraction(words, value, place)
        return Span(-value if minus else value, begin, place)

    def _large(self, words: tuple[str, ...], value: float, place: int) -> tuple[float, int]:
        """ "Seventy five", "two hundred" and "a hundred and ten" as one number."""
        value, place = self._joined(words, value, place)
        large = words[place - 1] in self._list("multipliers")
        while place < len(words) and words[place] in self._list("multipliers"):
            value, place, large = (value or 1) * self._numbers[words[place]], place + 1, True
        if large:
            rest = place + (words[place : place + 1] == ("and",))
            more = self.value(words[rest]) if rest < len(words) else None
            if more is not None and 0 < more < 100:
                more, place = self._joined(words, more, rest + 1)
                value += more
        return value, place

    def _joined(self, words: tuple[str, ...], value: float, place: int) -> tuple[float, int]:
        """The tens with the ones that follow them."""
        while place < len(words) and value >= 20:
            more = self.value(words[place])
            if more is None or not 0 < more < 10 or value % 10:
                break
            value += more
            place += 1
        return value, place

    def _decimals(self, words: Sequence[str], place: int) -> tuple[float, int]:
        """The digits after a point, said one by one ("five zero"), and where they end."""
        digits = ""
        while place < len(words):
            digit = 0.0 if digits and words[place] == "oh" else self.value(words[place])
            if digit is None or not 0 <= digit < 10 or digit != int(digit):
                break
            digits += str(int(digit))
            place += 1
        return (float(f"0.{digits[:MOST_DIGITS]}") if digits else 0.0), place

    def _fraction(self, words: tuple[str, ...], value: float, place: int) -> tuple[float, int]:
        """The number with the half, the decimals or the fraction that follow it."""
        if words[place : place + 1] and words[place] in self._list("point"):
            part, end = self._decimals(words, place + 1)
            return (value + part, end) if end > place + 1 else (value, place)
        for half in OVER_TWO:
            if words[place : place + len(half)] == half and value % 2 == 1 and value < 20:
                return value / 2, place + len(half)
        follows = self.value(words[place]) if place < len(words) else None
        if follows is not None and 0 < follows < 1 and value == int(value):
            return value + follows, place + 1
        for saying, part in PARTS:
            if words[place : place + len(saying)] == saying and value < 100:
                return value + part, place + len(saying)
        return value, place
