"""Messages for danger as sound made beforehand: they play when speech engine, catalog and database are all broken.

Joined by the standard library alone. A message holds no number: that is put together from clips of single digits, by
a plain file in the home that each start writes anew.
"""

from __future__ import annotations

import json
import re
import wave
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TextIO

FOLDER = Path(__file__).parent / "rendered"
INDEX = "index.json"
"""Each line's parts in order: a clip with its text, or a blank."""
RATES = (110, 150, 240)
"""Words a minute at which every message is there."""
SLOWEST_FOR_DIGITS = 150
"""Digits are never faster than this."""
CLIP_RATE = 11_025
"""Samples a second of a clip: half of what the loudspeaker takes."""
NUMBERS = "helpline.json"
"""In the home: whom to call, as it is spoken."""
ANYWHERE: Mapping[str, str] = {
    "line": "a helpline near you",
    "number": "listed on the web page find a helpline dot com",
    "emergency": "your local emergency number",
}
"""Where nothing is known of the country: never a number that may be wrong."""
WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "or text", "to", "home", "shout",
    "hello", *ANYWHERE.values(),
)  # fmt: skip
"""What numbers and text codes are put together from."""
RESPONSES: Mapping[str, tuple[str, ...]] = {
    "crisis": ("crisis.thanks", "crisis.stop", "crisis.line", "crisis.line", "crisis.emergency", "crisis.person"),
    "harm": ("harm.thanks",),
    "medical": ("medical.stop", "medical.call", "medical.call"),
}
"""What each response to danger says; nothing of the harm message names a number."""
_DIGIT_GAP, _GROUP_GAP, _PART_GAP = 0.28, 0.45, 0.15
_BLANK = re.compile(r"\{(\w+)\}")


def parts_of(text: str) -> list[str]:
    """A line's words cut at its blanks, the blanks among them as "{name}"."""
    cut = (part.strip(" .,;") for part in re.split(r"(\{\w+\})", text))
    return [part for part in cut if part]


def clip_name(words: str) -> str:
    """The file name of a clip that says this."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:60]


def keep(home: Path, blanks: Mapping[str, object]) -> None:
    """Write down whom to call, for times when nothing else can be read. A home that cannot be written is left."""
    told = {name: str(blanks.get(name, words)) for name, words in ANYWHERE.items()}
    if numbers(home) == told and (home / NUMBERS).exists():
        return
    new = home / f".{NUMBERS}.new"
    with suppress(OSError):
        new.touch(mode=0o600)
        new.write_text(json.dumps(told), encoding="utf-8")
        new.replace(home / NUMBERS)


def numbers(home: Path) -> Mapping[str, str]:
    """Whom to call: as it was written down, else what holds anywhere."""
    try:
        read = json.loads((home / NUMBERS).read_text(encoding="utf-8"))
        return {name: str(read[name]) for name in ANYWHERE}
    except (OSError, ValueError, KeyError, TypeError):
        return ANYWHERE


def sound(home: Path, key: str, words_per_minute: int) -> bytes:
    """A line as PCM (22,050 Hz, mono, signed 16 bit); empty where it was not rendered."""
    rate = max((rate for rate in RATES if rate <= words_per_minute), default=RATES[0])
    made = array("h")
    for part in _index().get(key, ()):
        blank = _BLANK.fullmatch(part)
        made.extend(_said(blank[1], home, rate) if blank else _clip(rate, part))
        made.extend(_silence(_PART_GAP))
    return _doubled(made)


def text(key: str, home: Path) -> str:
    """The same line as words, for where nothing can be played."""
    known = numbers(home)
    said = ""
    for part in _index().get(key, ()):
        # Where a blank ends a sentence its full stop is in no clip.
        joint = ". " if said and part[0].isupper() else " "
        said += joint + _BLANK.sub(lambda blank: known.get(blank[1], ""), part)
    return f"{said.strip()}." if said else ""


def tell(keys: tuple[str, ...], home: Path, play: Callable[[bytes], None] | None, out: TextIO) -> None:
    """Say these lines: played where that works, printed where it does not."""
    for key in keys:
        try:
            pcm = sound(home, key, SLOWEST_FOR_DIGITS)
            if play is None or not pcm:
                raise OSError
            play(pcm)
        except Exception:  # nothing may stand between a person in danger and the next line
            with suppress(OSError, ValueError):
                out.write(f"{text(key, home)}\n")
                out.flush()


def _said(blank: str, home: Path, rate: int) -> Iterator[int]:
    words = numbers(home).get(blank, "") if blank != "line" else ANYWHERE["line"]
    slow = min(rate, SLOWEST_FOR_DIGITS)
    for group in words.split(","):
        for word in _known(group.strip()):
            yield from _clip(slow, word)
            yield from _silence(_DIGIT_GAP)
        yield from _silence(_GROUP_GAP)


def _known(words: str) -> Iterator[str]:
    """These words as clips that there are, the longest first; what no clip says is left out."""
    rest = words.split()
    while rest:
        for length in range(len(rest), 0, -1):
            if " ".join(rest[:length]) in WORDS:
                yield " ".join(rest[:length])
                break
        else:
            length = 1
        del rest[:length]


@cache
def _index() -> Mapping[str, tuple[str, ...]]:
    with suppress(OSError, ValueError):
        read = json.loads((FOLDER / INDEX).read_text(encoding="utf-8"))
        return {key: tuple(parts) for key, parts in read.items()}
    return {}


def _clip(rate: int, words: str) -> array[int]:
    with suppress(OSError, wave.Error), wave.open(str(FOLDER / str(rate) / f"{clip_name(words)}.wav")) as file:
        return array("h", file.readframes(file.getnframes()))
    return array("h")


def _silence(seconds: float) -> array[int]:
    return array("h", bytes(2 * round(seconds * CLIP_RATE)))


def _doubled(samples: array[int]) -> bytes:
    """At twice the rate, each new sample half-way between its neighbours."""
    made = array("h", bytes(4 * len(samples)))
    made[::2] = samples
    following = samples[1:] + samples[-1:]
    made[1::2] = array("h", ((one + other) // 2 for one, other in zip(samples, following, strict=True)))
    return made.tobytes()
