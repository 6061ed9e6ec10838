"""Turns a line key and its blanks into the words to speak."""

from __future__ import annotations

import calendar
from collections.abc import Mapping

from voice_coach.understand.catalog import Catalog, LineText
from voice_coach.words import Blank, When

WEEK = 7
"""Days ahead for which the weekday says enough."""


class Phrasing:
    """Fills lines of one catalog. `standing`: blanks that are the same all session (helpline, emergency number)."""

    def __init__(self, catalog: Catalog, standing: Mapping[str, Blank]) -> None:
        self._lines = catalog.lines
        self._standing = dict(standing)
        self._numbers = {value: word for word, value in reversed(list(catalog.numbers.items()))}

    def __call__(self, key: str, wording: int, blanks: Mapping[str, Blank]) -> str:
        """The words for this key. `wording` 0 is the line itself, 1… its re-prompts in order, -1 its choices.

        Past the last re-prompt the choices are spelled out. Raises KeyError for a key that no catalog has.
        """
        line = self._lines[key]
        filled = {name: self._spoken(value) for name, value in (self._standing | dict(blanks)).items()}
        return _sentences(_pick(line, wording).format(**filled))

    def _spoken(self, value: Blank) -> str:
        if isinstance(value, When):
            return _when(value)
        if isinstance(value, str):
            return value
        whole = int(value)
        if value == whole:
            return self._numbers.get(float(whole), str(whole))
        if value - whole == 0.5 and whole in self._numbers:
            return f"{self._numbers[whole]} and a half"
        return str(value)


def _pick(line: LineText, wording: int) -> str:
    again = [*line.again, *([line.choices] if line.choices else [])]
    if wording < 0:
        return line.choices or line.say
    if wording == 0 or not again:
        return line.say
    return again[min(wording, len(again)) - 1]


def _when(moment: When) -> str:
    clock = f"{moment.at:%H:%M}"
    if moment.days == 0:
        return f"today at {clock}"
    if abs(moment.days) == 1:
        return "tomorrow" if moment.days > 0 else "yesterday"
    if abs(moment.days) < WEEK:
        return f"on {calendar.day_name[moment.at.weekday()]}"
    return f"on {moment.at.day} {calendar.month_name[moment.at.month]}"


def _sentences(text: str) -> str:
    """A filled blank may start a sentence, and a sentence that it brings ends with its own stop."""
    text = text.replace("..", ".").replace("?.", "?").replace("!.", "!")
    return text[:1].upper() + text[1:]
