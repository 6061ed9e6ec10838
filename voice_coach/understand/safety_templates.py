"""Templates of words: how one line of `safety.yaml` finds itself in a folded utterance."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

Shared = TypeVar("Shared", bound=Hashable)

WIDEST = 8
"""Most words that a gap may jump over: every template looks at a bounded stretch."""
STRETCH = 120
"""Words read at once."""
OVERLAP = 45
"""Words that one stretch shares with the next: more than any template spans."""

_GAP = re.compile(r"~(\d)")


class BadTemplate(ValueError):
    """A template that cannot be read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a part of a line can be."""

    ways: Mapping[str, tuple[tuple[str, ...], ...]]
    """Each way to say it, under its first word."""
    firsts: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One part of a line, after at most `gap` words of any kind."""

    gap: int
    part: _Part
    optional: bool
    at_end: bool
    """Whether the end of the utterance will do as well."""


@dataclass(frozen=True, slots=True)
class Template:
    """One line as steps over folded words. Words and sets, no regular expression: a thousand of those load slowly."""

    text: str
    steps: tuple[_Step, ...]
    starts: frozenset[str]
    """The words that it can begin with."""
    needs: tuple[frozenset[str], ...]
    """An utterance without one word of each of these cannot match: saves the search."""
    begins: bool = False
    """Whether it stands at the beginning of the utterance only."""

    def names(self, words: frozenset[str]) -> bool:
        """Whether it can name one of these words."""
        return any(not words.isdisjoint(step.part.words) for step in self.steps)

    def spans(
        self, words: Sequence[str], where: Mapping[str, Sequence[int]], whole: bool = True
    ) -> Iterator[tuple[int, int]]:
        """(first word, word after the last) of what it finds: the shortest from each place; `where` by `places_of`.

        `whole`: the utterance ends with these words.
        """
        for word in self.starts & where.keys():
            for start in where[word]:
                end = self._end(words, start, whole)
                if end > start:
                    yield start, end

    def _end(self, words: Sequence[str], start: int, whole: bool) -> int:
        """The word after the last of the shortest match from `start`; -1 for none."""
        places, count = {start}, len(words)
        for step in self.steps:
            reached = {at for place in places for at in range(place, min(place + step.gap, count) + 1)}
            after = reached if step.optional else {at for at in reached if at == count and whole and step.at_end}
            for at in tuple(reached):
                if at == count:
                    continue
                for way in step.part.ways.get(words[at], ()):
                    if len(way) == 1 or tuple(words[at : at + len(way)]) == way:
                        after.add(at + len(way))
            if not after:
                return -1
            places = after
        return min(places)


def places_of(words: Sequence[str]) -> dict[str, list[int]]:
    """Each word to the places where it stands."""
    where: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        where.setdefault(word, []).append(place)
    return where


@dataclass(frozen=True, slots=True)
class Templates:
    """Makes templates of lines. Most parts stand in many lines: each is read once, and what it can be is shared."""

    classes: Mapping[str, tuple[str, ...]]
    """The ways that each class of words stands for."""
    _parts: dict[str, _Part] = field(default_factory=dict)
    _same: dict[Hashable, Hashable] = field(default_factory=dict)

    def compile(self, text: str) -> Template:
        """The template of one line. Raises `BadTemplate`.

        Parts are divided by spaces: `^` first for the beginning of the utterance; a word; `this|or_that` (an underscore
        joins the words of one way to say it); `<class>`; any of these with `?` when it may be missing; `~3` for at most
        three words of any kind; `$`, alone or as one of several, for the end of the utterance.
        """
        steps: list[_Step] = []
        gap = 0
        parts = text.split()
        begins = parts[:1] == ["^"]
        for part in parts[begins:]:
            width = _GAP.fullmatch(part)
            if width:
                if not steps or not 1 <= int(width[1]) <= WIDEST:
                    raise BadTemplate(f"{part} is too wide or stands first; use ~1 to ~{WIDEST} between words.")
                gap = int(width[1])
                continue
            steps.append(_Step(gap, self._part(part), part.endswith("?"), "$" in part))
            gap = 0
        needs = tuple(step.part.firsts for step in steps if not step.optional and not step.at_end)
        if not needs:
            raise BadTemplate(f'"{text}" needs at least one word that must be there.')
        first = next(place for place, step in enumerate(steps) if not step.optional)
        starts = self._shared(frozenset().union(*(step.part.firsts for step in steps[: first + 1])))
        return Template(text, tuple(steps), starts, needs, begins)

    def _part(self, part: str) -> _Part:
        said = "|".join(way for way in part.removesuffix("?").split("|") if way != "$")
        if said not in self._parts:
            by_first: dict[str, tuple[tuple[str, ...], ...]] = {}
            for way in _ways(said, self.classes) if said else ():
                words = tuple(map(self._shared, way.split()))
                by_first[words[0]] = (*by_first.get(words[0], ()), self._shared(words))
            ways = {first: self._shared(found) for first, found in by_first.items()}
            words_of = frozenset(word for found in ways.values() for way in found for word in way)
            self._parts[said] = _Part(ways, self._shared(frozenset(ways)), self._shared(words_of))
        return self._parts[said]

    def _shared(self, value: Shared) -> Shared:
        """The first one made that is equal: thousands are, and would fill 15 MB."""
        return cast(Shared, self._same.setdefault(value, value))


class Search:
    """Many templates looked for in one utterance; those that lack a needed word are not tried."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self.templates = templates
        known: dict[frozenset[str], int] = {}
        self._needs = [
            frozenset(known.setdefault(need, len(known)) for need in template.needs) for template in templates
        ]
        by_word: dict[str, tuple[int, ...]] = {}
        for need, number in known.items():
            for word in need:
                by_word[word] = (*by_word.get(word, ()), number)
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}  # the words of one class are needed by the same templates
        self._by_word = {word: shared.setdefault(numbers, numbers) for word, numbers in by_word.items()}
        # Only the templates whose rarest need is there are looked at further: the one whose words serve fewest others.
        common = {number: sum(len(self._by_word[word]) for word in need) for need, number in known.items()}
        by_need: dict[int, list[int]] = {}
        for index, needs in enumerate(self._needs):
            by_need.setdefault(min(needs, key=lambda each: common[each]), []).append(index)
        self._by_need = {need: tuple(indices) for need, indices in by_need.items()}

    def spans(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """(template's index, first word, word after the last) of everything found."""
        found: set[tuple[int, int, int]] = set()
        # A long text is read in overlapping stretches: what stands far apart is not tried together.
        for begin in range(0, max(len(words) - OVERLAP, 1), STRETCH - OVERLAP):
            stretch = words[begin : begin + STRETCH]
            whole = begin + STRETCH >= len(words)
            where = places_of(stretch)
            there: set[int] = set()
            for word in where:
                there.update(self._by_word.get(word, ()))
            for need in there & self._by_need.keys():
                for index in self._by_need[need]:
                    if self._needs[index] <= there:
                        template = self.templates[index]
                        spans = template.spans(stretch, where, whole)
                        found.update(
                            (index, begin + at, begin + to) for at, to in spans if not (template.begins and begin + at)
                        )
        return sorted(found)


def one_way(
    text: str, classes: Mapping[str, tuple[str, ...]], choose: Callable[[Sequence[str]], str], between: Sequence[str]
) -> list[str]:
    """The words of one sentence that the line finds; `choose` picks every one of them, gaps take words of `between`."""
    words: list[str] = []
    for part in text.split():
        gap = _GAP.fullmatch(part)
        if gap:
            # Mostly little stands between the words of an idea.
            wide = int(choose("000112"[: 3 + int(gap[1])]))
            words += [choose(between) for _ in range(min(wide, int(gap[1])))]
        elif part not in ("^", "$") and not (part.endswith("?") and choose("yn") == "n"):
            said = "|".join(way for way in part.removesuffix("?").split("|") if way != "$")
            words += choose(_ways(said, classes)).split()
    return words


def read_class(entries: Sequence[str], read: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The ways that a class of words stands for, those of the classes it names among them. Raises `BadTemplate`."""
    return tuple(dict.fromkeys(way for entry in entries for way in _entry(entry, read)))


def _entry(entry: str, read: Mapping[str, tuple[str, ...]]) -> list[str]:
    ways = [""]
    for part in entry.split():
        ways = [f"{before} {way}".strip() for before in ways for way in _ways(part, read)]
    return ways


def _ways(part: str, classes: Mapping[str, tuple[str, ...]]) -> list[str]:
    ways: list[str] = []
    for way in part.split("|"):
        if way.startswith("<") and way.endswith(">"):
            if way[1:-1] not in classes:
                raise BadTemplate(f"{way} is no class; write it under classes, before it is used.")
            ways.extend(classes[way[1:-1]])
        elif re.fullmatch(r"[^\W\d][\w']*", way):
            ways.append(way.replace("_", " "))
        else:
            raise BadTemplate(f'"{way}" is no word; write words, <classes>, a|b, word? and ~2.')
    return ways
