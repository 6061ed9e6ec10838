"""Templates of words: how one line of `safety.yaml` finds itself in a folded utterance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WIDEST = 8
"""Most words that a gap may jump over: every template looks at a bounded stretch."""

_GAP = re.compile(r"~(\d)")


class BadTemplate(ValueError):
    """A template that cannot be read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Template:
    """One compiled line."""

    text: str
    found: re.Pattern[str]
    """Matches in folded words that each end with a space; begins at a word."""
    needs: tuple[frozenset[str], ...]
    """An utterance without one word of each of these cannot match: saves the search."""
    words: frozenset[str]
    """Every word that it can name."""


def compile_template(text: str, classes: Mapping[str, tuple[str, ...]]) -> Template:
    """The template of one line. Raises `BadTemplate`.

    Parts are divided by spaces: a word; `this|or_that` (an underscore joins the words of one way to say it);
    `<class>`; any of these with `?` when it may be missing; `~3` for at most three words of any kind; `$` for the
    end of the utterance.
    """
    parts: list[str] = []
    needs: list[frozenset[str]] = []
    named: set[str] = set()
    for part in text.split():
        gap = _GAP.fullmatch(part)
        if gap:
            if not 1 <= int(gap[1]) <= WIDEST:
                raise BadTemplate(f"{part} is too wide; use ~1 to ~{WIDEST}.")
            parts.append(rf"(?:\S+ ){{0,{gap[1]}}}?")
            continue
        if part == "$":
            parts.append("$")
            continue
        optional = part.endswith("?")
        ways = _ways(part.removesuffix("?"), classes)
        named.update(word for way in ways for word in way.split())
        alternatives = "|".join(re.escape(way) for way in sorted(ways, key=lambda way: (-len(way), way)))
        parts.append(f"(?:(?:{alternatives}) ){'?' if optional else ''}")
        if not optional:
            needs.append(frozenset(way.split()[0] for way in ways))
    if not needs:
        raise BadTemplate(f'"{text}" needs at least one word that must be there.')
    return Template(text, re.compile("(?<= )" + "".join(parts)), tuple(needs), frozenset(named))


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
            words += choose(_ways(part.removesuffix("?"), classes)).split()
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
