"""The shipped English understanding, compiled once for the tests that read it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from voice_coach.understand.catalog import Catalog
from voice_coach.understand.interpret import Understanding
from voice_coach.understand.loading import load
from voice_coach.understand.spoken import Spelling, fold, spelling
from voice_coach.words import Correction, Expects, Heard, Kind, Match, Nothing, Unsure, Value

INTENTS = Path(__file__).parent.parent / "intents"


@cache
def shipped() -> Catalog:
    """The catalog in this clone."""
    texts = {path.relative_to(INTENTS).as_posix(): path.read_text("utf-8") for path in INTENTS.rglob("*.yaml")}
    return load(texts)


@cache
def understanding() -> Understanding:
    """The matcher over the shipped catalog."""
    return Understanding(shipped())


@cache
def english() -> Spelling:
    """The shipped spelling rules."""
    words = shipped().words
    return spelling(words["fillers"], words["spellings"])


def folded(text: str) -> str:
    """The folded words of a text, joined."""
    return " ".join(fold(text, english()))


def answer(
    text: str, kind: Kind = "command", labels: tuple[str, ...] = (), corrects: Kind | None = None
) -> Match | Unsure | Correction | Nothing:
    """What a typed line is taken for in a turn."""
    return understanding().understand(Heard(text), Expects(kind, labels, corrects)).answer


def told(text: str, kind: Kind = "command", labels: tuple[str, ...] = ()) -> tuple[str, object]:
    """Kind and value of a typed line's answer: ("unsure", candidates) and ("nothing", None) included."""
    match answer(text, kind, labels):
        case Match(kind=name, value=value):
            return name, value
        case Unsure(candidates=candidates):
            return "unsure", candidates
        case Correction(value=value):
            return "correction", value
        case Nothing():
            return "nothing", None


def rating(text: str) -> Value | tuple[Value, ...] | str:
    """A rating's value; the candidates when it is asked about; "outside" or "nothing"."""
    match answer(text, "rating"):
        case Match(kind="rating", value=value):
            return value
        case Match(kind="out_of_range"):
            return "outside"
        case Match(value=value):
            return f"command {value}"
        case Unsure(candidates=candidates):
            return candidates
        case _:
            return "nothing"
