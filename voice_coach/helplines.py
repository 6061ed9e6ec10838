"""Who can be called: `helplines.yaml` read, checked, and chosen from by country."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from ruamel.yaml.nodes import Node

from voice_coach.errors import BadInput
from voice_coach.understand.catalog import Fault
from voice_coach.understand.strict_yaml import Document

Kind = Literal["crisis", "emergency", "directory"]
ANYWHERE = "any"
LOCAL_EMERGENCY = "your local emergency number"
"""Spoken where no emergency number has a source."""
STALE_DAYS = 180
"""After so many days a row wants to be verified again."""
FILE = "helplines.yaml"

_DIGITS = {word: str(value) for value, word in enumerate(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))}  # fmt: skip
_REGION = re.compile(r"[a-z]{2,3}[_-]([A-Z]{2})\b")


@dataclass(frozen=True, slots=True)
class Helpline:
    """One line that can be called, or texted."""

    countries: tuple[str, ...]
    """ISO 3166 codes of two letters, or `ANYWHERE`."""
    kind: Kind
    name: str
    dial: str = ""
    """As it is dialled; empty where it can only be texted."""
    spoken: str = ""
    """The same digits as words, a comma between groups."""
    text: str = ""
    """Word and number for a text message, like "HOME to 741741"."""
    text_spoken: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    source: str = ""
    recorded: str = ""
    """The source's date: a year, month or day, as exactly as it is known."""
    verified: str = ""
    """The day on which a person found the number on the official page; empty: never."""
    line: int = 0
    """Where it stands in the file."""


def country_of(setting: str, locale: str) -> str:
    """The country for helplines: what was set, else the locale's region ("en_GB.UTF-8" → "GB"), else ""."""
    found = _REGION.match(locale)
    return setting.strip().upper() or (found[1] if found else "")


def read_helplines(text: str, faults: list[Fault], file: str = FILE) -> tuple[Helpline, ...]:
    """Every row, in order; what is wrong with the rows is put among `faults`."""
    document = Document(file, text, faults)
    if document.root is None:
        return ()
    found = document.fields(document.root, ("helplines",))
    nodes = document.items(found["helplines"]) if "helplines" in found else []
    rows = tuple(row for row in (_row(document, node) for node in nodes) if row is not None)
    if not any(ANYWHERE in row.countries for row in rows):
        document.fault(1, f'There is no row for "{ANYWHERE}"; add one for all other countries.')
    return rows


def standing_blanks(country: str, text: str) -> Mapping[str, str]:
    """What the coach says of help in this country: `line`, `number` in digit groups (and where to text), `emergency`.

    Raises `BadInput` with every fault of the file.
    """
    faults: list[Fault] = []
    rows = read_helplines(text, faults)
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise BadInput(f"The helplines cannot be used; mend what is listed here and try again.\n{listed}")
    crisis = next((row for row in rows if row.kind == "crisis" and country in row.countries and row.spoken), None)
    line = crisis or next(row for row in rows if ANYWHERE in row.countries)
    emergency = next((row for row in rows if row.kind == "emergency" and country in row.countries), None)
    text = next((row.text_spoken for row in rows if country in row.countries and row.text_spoken), "")
    return {
        "line": line.name,
        "number": f"{line.spoken}, or text {text}" if text else line.spoken,
        "emergency": emergency.spoken if emergency else LOCAL_EMERGENCY,
    }


def stale(rows: tuple[Helpline, ...], today: date) -> list[str]:
    """A plain sentence for every row that nobody verified within `STALE_DAYS`."""
    told = []
    for row in rows:
        checked = _day(row.verified or row.recorded)
        if checked is None or (today - checked).days > STALE_DAYS:
            when = f"last verified {row.verified}" if row.verified else f"recorded {row.recorded}, never verified"
            where = ", ".join(row.countries[:3]) + (" …" if len(row.countries) > 3 else "")
            told.append(f"{FILE}:{row.line}: {row.name} ({where}) is {when}; open its official page and date the row.")
    return told


def _row(document: Document, node: Node) -> Helpline | None:
    parts = document.fields(
        node,
        ("countries", "kind", "name", "source", "recorded"),
        ("dial", "spoken", "text", "text_spoken", "hours", "languages", "verified"),
    )
    if not {"countries", "kind", "name", "source", "recorded"} <= parts.keys():
        return None
    many = {"countries", "languages"}
    words = {key: document.text(part) for key, part in parts.items() if key not in many}
    lists = {key: tuple(text for text, _ in document.texts(parts[key])) for key in many & parts.keys()}
    line = document.line(node)
    named = words.pop("kind")
    if named not in get_args(Kind):
        document.fault(line, f"This kind is not known; use {', '.join(get_args(Kind))}.")
        return None
    row = Helpline(
        countries=lists["countries"], languages=lists.get("languages", ()), kind=cast(Kind, named), line=line, **words
    )
    for told in _wrong(row):
        document.fault(line, told)
    return row


def _wrong(row: Helpline) -> list[str]:
    told = [
        f'"{code}" is no country; write two capital letters, or "{ANYWHERE}".'
        for code in row.countries
        if code != ANYWHERE and not re.fullmatch("[A-Z]{2}", code)
    ]
    if not row.spoken and not row.text_spoken:
        told.append("Nothing of this row can be said; add dial and spoken, or text and text_spoken.")
    if row.kind != "directory":
        told += [
            f'"{said}" does not say the digits of "{written}"; write each digit as a word.'
            for said, written in ((row.spoken, row.dial), (row.text_spoken, row.text))
            if _said_digits(said) != re.sub(r"\D", "", written)
        ]
    told += [
        f'"{day}" is no date; write it like 2025-10-31 or 2025-10.'
        for day in (row.recorded, row.verified)
        if day and _day(day) is None
    ]
    return told


def _said_digits(spoken: str) -> str:
    return "".join(_DIGITS.get(word, "") for word in re.findall(r"\w+", spoken.lower()))


def _day(written: str) -> date | None:
    """The last day that a date of year, month or day can mean; None for no date."""
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", written):
        return None
    year, month, day = (*(int(part) for part in written.split("-")), 0, 0)[:3]
    try:
        month = month if "-" in written else 12
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None
