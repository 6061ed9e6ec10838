"""Templates of words: how one line of `safety.yaml` finds itself in a folded utterance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

WIDEST = 8
"""Most words that a gap may jump over: every template looks at a bounded stretch."""

_GAP = re.compile(r"~(\d)")


class BadTemplate(ValueError):
    """A template that cannot be read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One part of a line, after at most `gap` words of any kind."""

    gap: int
    ways: Mapping[str, tuple[tuple[str, ...], ...]]
    """Each way to say it, under its first word."""
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
    words: frozenset[str]
    """Every word that it can name."""

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
                for way in step.ways.get(words[at], ()):
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


def compile_template(text: str, classes: Mapping[str, tuple[str, ...]]) -> Template:
    """The template of one line. Raises `BadTemplate`.

    Parts are divided by spaces: a word; `this|or_that` (an underscore joins the words of one way to say it);
    `<class>`; any of these with `?` when it may be missing; `~3` for at most three words of any kind; `$`, alone or
    as one of several, for the end of the utterance.
    """
    steps: list[_Step] = []
    gap = 0
    for part in text.split():
        width = _GAP.fullmatch(part)
        if width:
            if not steps or not 1 <= int(width[1]) <= WIDEST:
                raise BadTemplate(f"{part} is too wide or stands first; use ~1 to ~{WIDEST} between words.")
            gap = int(width[1])
            continue
        by_first: dict[str, tuple[tuple[str, ...], ...]] = {}
        said = "|".join(way for way in part.removesuffix("?").split("|") if way != "$")
        for way in _ways(said, classes) if said else ():
            words = tuple(way.split())
            by_first[words[0]] = (*by_first.get(words[0], ()), words)
        steps.append(_Step(gap, by_first, part.endswith("?"), "$" in part))
        gap = 0
    needs = tuple(frozenset(step.ways) for step in steps if not step.optional and not step.at_end)
    if not needs:
        raise BadTemplate(f'"{text}" needs at least one word that must be there.')
    first = next(place for place, step in enumerate(steps) if not step.optional)
    starts = frozenset(word for step in steps[: first + 1] for word in step.ways)
    named = frozenset(word for step in steps for ways in step.ways.values() for way in ways for word in way)
    return Template(text, tuple(steps), starts, needs, named)


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
        elif part != "$" and not (part.endswith("?") and choose("yn") == "n"):
            said = "|".join(way for way in part.removesuffix("?").split("|") if way != "$")
            words += choose(_ways(said, classes)).split()
    return words


def read_classes(written: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The word classes with the classes named inside them written out. Raises `BadTemplate`."""
    read: dict[str, tuple[str, ...]] = {}
    for name, ways in written.items():
        read[name] = tuple(dict.fromkeys(way for entry in ways for way in _entry(entry, read)))
    return read


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
