"""A device that many people use: the lines that elsewhere say that something is kept."""

from __future__ import annotations

from collections.abc import Mapping

from voice_coach.ports import Phrase
from voice_coach.words import Blank

INSTEAD: Mapping[str, str] = {
    "say.stopped": "kiosk.stopped",
    "say.driving": "kiosk.stopped",
    "say.fault": "kiosk.fault",
    "say.unsaved": "kiosk.fault",
    "build.kept": "kiosk.ladder",
    "smaller.kept": "kiosk.smaller",
    "question.who_hears": "kiosk.who_hears",
}
"""What a kiosk says for what other devices say."""


def worded(phrase: Phrase) -> Phrase:
    """The same words, but for what is not true where nothing is kept."""

    def said(key: str, wording: int, blanks: Mapping[str, Blank]) -> str:
        return phrase(INSTEAD.get(key, key), wording, blanks)

    return said
