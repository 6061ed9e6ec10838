"""Whether a commitment in the person's own words is more than the rung that it is made for."""

from __future__ import annotations

import re

from voice_coach.records import Rung

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_ONES, 1)} | {
    "a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
    "hundred": 100,
}  # fmt: skip
_UNITS = {
    "second": "seconds", "minute": "seconds", "hour": "seconds", "page": "pages", "people": "people",
    "person": "people", "stranger": "people", "friend": "people", "colleague": "people", "call": "calls",
    "message": "messages", "email": "messages", "question": "questions", "sentence": "sentences", "time": "times",
    "shop": "shops",
}  # fmt: skip
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_AMOUNT = re.compile(rf"\b(\d{{1,4}}|{'|'.join(_NUMBERS)})\s+(?:\w+\s+)?({'|'.join(_UNITS)})s?\b", re.IGNORECASE)


def is_larger(commitment: str, rung: Rung) -> bool:
    """Whether it names more minutes than the rung takes, or more of something that the rung counts too."""
    own, wanted = _amounts(f"{rung.say} {rung.end}"), _amounts(commitment)
    own["seconds"] = max(own.get("seconds", 0), rung.seconds)
    return any(amount > own[unit] for unit, amount in wanted.items() if unit in own)


def _amounts(text: str) -> dict[str, int]:
    """The largest number of each thing that is counted; times in seconds."""
    found: dict[str, int] = {}
    for number, name in _AMOUNT.findall(text.lower()):
        amount = int(number) if number.isdigit() else _NUMBERS[number]
        unit = _UNITS[name]
        found[unit] = max(found.get(unit, 0), amount * _SECONDS.get(name, 1))
    return found
