"""What Vosk is told to listen for, and what its answers are worth. Pure: knows no engine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from voice_coach.listen.recognizer import Decoded

UNKNOWN = "[unk]"
"""The word that stands for any other, in models that have it."""
CONTRACTED: Mapping[str, str] = {
    "do not": "don't",
    "can not": "can't",
    "i am": "i'm",
    "i will": "i'll",
    "i have": "i've",
    "i would": "i'd",
    "it is": "it's",
    "that is": "that's",
    "that will": "that'll",
    "let us": "let's",
}
"""Folded words that people say in one breath: a folded phrase is listened for both ways."""

AGREED, ALONE, CONTRADICTED = 0.95, 0.75, 0.25
"""The most that a phrase can be worth: the free words are the same; they are few or none; they tell another story."""
AMID_OTHERS = 0.5
"""Factor where words outside the grammar were heard around the phrase."""
OTHER_STORY = 3
"""Free words that the phrase does not hold, from which on they contradict it."""


def ways(phrases: Iterable[str], knows: Callable[[str], bool]) -> dict[str, str]:
    """Every way to say a phrase in words that the model knows, with its phrase. Phrases it cannot hear are left out."""
    found: dict[str, str] = {}
    for phrase in phrases:
        spoken = " ".join(phrase.split())
        for way in (spoken, _contracted(spoken)):
            if way and all(knows(word) for word in way.split()):
                found.setdefault(way, phrase)
    return found


def grammar(said: Iterable[str], knows: Callable[[str], bool]) -> str:
    """Vosk's grammar for these wordings, at least one. Anything but a full JSON list of strings ends the process."""
    listed = [*said, *([UNKNOWN] if knows(UNKNOWN) else [])]
    if not listed:
        raise ValueError("A grammar needs at least one phrase that the model knows.")
    return json.dumps(listed, ensure_ascii=False)  # an escaped word would be one that the model does not know


def decoded(result: str, said: Mapping[str, str], free: str) -> Decoded:
    """What a grammar's result is worth beside the free words for the same sound.

    The result counts only as a whole: Vosk joins a grammar's words as it likes ("A B" may come back as "B" or "B A").
    The score is the least sure word's posterior, under a ceiling. Vosk is as sure of speech outside the grammar as of
    its phrases, so the ceilings, not the posteriors, carry the doubt. They are set with caution and not fitted to
    recordings: only a Korean model was at hand, and no English one.
    """
    found = json.loads(result)
    words = [word for word in found.get("result", ()) if word["word"] != UNKNOWN]
    phrase = said.get(" ".join(word["word"] for word in words))
    if phrase is None:
        return Decoded("", 0.0)
    sure = min(1.0, *(float(word["conf"]) for word in words))
    amid = AMID_OTHERS if len(words) < len(found["result"]) else 1.0
    return Decoded(phrase, sure * amid * _ceiling(" ".join(word["word"] for word in words), free))


def plain(text: str) -> str:
    """Free words without the model's marks for noises and unknown words."""
    return " ".join(word for word in text.split() if word[0] not in "[<")


def _contracted(phrase: str) -> str:
    words = phrase.split()
    for place in range(len(words) - 1):
        short = CONTRACTED.get(" ".join(words[place : place + 2]))
        if short:
            return " ".join([*words[:place], short, *words[place + 2 :]])
    return ""


def _ceiling(way: str, free: str) -> float:
    if way == free:
        return AGREED
    others = Counter(free.split()) - Counter(way.split())
    return CONTRADICTED if others.total() >= OTHER_STORY else ALONE
