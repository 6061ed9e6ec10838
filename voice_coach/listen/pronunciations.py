"""How phrases sound and how likely they are: what turns any list of phrases into a grammar of single words.

A grammar path through several words can end half-way ("i don't"), and a phrase made one dictionary word cannot;
measured, it is the largest single gain. Phones are those of the CMU dictionary.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

Lookup = Callable[[str], str | None]
"""The dictionary: an entry such as "zero" or "zero(2)" → its phones, or None."""

EXTRA: Mapping[str, tuple[str, ...]] = {
    "stop": ("S T AA", "S T AO P", "S T AH P", "S T AO"),
    "five": ("AA AY V",),
    "six": ("S IH K", "S IY K S", "F IH K F", "F IH K", "F IY K F"),
    "four": ("F OW R", "F AO"),
    "zero": ("Z EH R OW", "Z IY R AO", "V IH R OW", "V IY R OW"),
    "three": ("TH R IH", "T R IY"),
    "seven": ("S EH V N", "F EH V AH N", "F EH V N"),
    "no": ("N AO", "N AH"),
}
"""Reduced, unreleased and non-American forms that the dictionary leaves out, and what is heard over a telephone: there
"s" comes through as "f" and "z" as "v"."""

CONTRACTED: Mapping[str, str] = {
    "do not": "D OW N T",
    "can not": "K AE N T",
    "i am": "AY M",
    "i will": "AY L",
    "i have": "AY V",
    "it is": "IH T S",
    "that is": "DH AE T S",
    "that will": "DH AE T AH L",
    "let us": "L EH T S",
    "i would": "AY D",
    "got to": "G AA T AH",
}
"""Folded words that people say in one breath: a folded phrase is heard both ways."""

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
YES = frozenset({
    "yes", "yeah", "yep", "yup", "aye", "ok", "sure", "absolutely", "of course", "go for it", "why not", "no problem",
    "i guess so", "correct", "that is right", "i do", "i will", "i think so", "yes please", "yes that is right",
    "yes i will", "yes i do", "yes i am", "yes i have", "yes i did", "yes it is", "yes it did",
})  # fmt: skip
NO = frozenset({
    "no", "nope", "nah", "not really", "not at all", "no thanks", "no thank you", "no way", "i do not think so",
    "not today", "not now", "wrong", "that is wrong", "no not really", "no not at all", "no i do not", "no i am not",
    "no i have not", "no i did not", "no it is not", "no it did not",
})  # fmt: skip
"""What means the same and is said in like words."""
PLAIN = frozenset({"yes", "yeah", "yep", "no", "nope"})
RARE = frozenset({"aye", "nah", "yup", "i do", "i will"})
"""Answers so short and open that any hum sounds like one, and few people say them."""
REFUSAL = "no"
LIKE_REFUSAL = ("go", "so", "low", "though", "toe", "dough", "show", "row", "bow", "oh")
"""Words that are no answer and sound like that one but for how they begin."""
SIDE = "stop"
"""Phrases before it in a list answer the question; from it on they are commands that may come at any time."""

_CHOICE = "the first one"
"""Only a choice can be answered so."""

ADDRESS = "coach "
"""What commands to the coach begin with while somebody speaks in a step."""
COMMON = frozenset(
    {"repeat", "again", "help", "pause", "wait", "skip", "slower", "go back", "i do not know", "not sure", "maybe"}
)
"""The commands that people are told of."""

_DRESS = frozenset({"about", "around", "number", "a", "solid", "maybe", "i", "would", "say"})
"""Words that may stand before a number and change nothing about it."""
_NUMBER = re.compile(
    rf"(?P<before>(?:\w+ )*?)(?P<number>{'|'.join(DIGITS)})(?P<half> and a half| point five)?(?P<after> out of ten)?"
)
_CUES = ("no ", "i said ")
"""What a number that puts another right begins with."""
_CHANGING = frozenset({"no", "not", "or", "half", *DIGITS})
"""Words that change what is said when they are added."""
_MOST = 4
"""Pronunciations a phrase of several words may have."""
_DENIAL, _PAUSE = "no", "SIL"
"""After a denial people draw breath before the number: "no, … six"."""
_SPREAD = 6
"""Entries of one word that are looked up."""


def entry(phrase: str) -> str:
    """The dictionary word that stands for a phrase."""
    return phrase.replace(" ", "_")


def phrase_of(entry: str) -> str:
    """The phrase that a dictionary word, or one of its variants, stands for."""
    return re.sub(r"\(\d+\)$", "", entry).replace("_", " ")


def word_phones(word: str, lookup: Lookup) -> list[str]:
    """Every pronunciation of one word in the dictionary, the usual one first; empty when it has none."""
    entries = [word, *(f"{word}({number})" for number in range(2, _SPREAD))]
    return [phones for name in entries if (phones := lookup(name))]


def phrase_phones(phrase: str, lookup: Lookup) -> list[str]:
    """Ways to say a phrase; empty when the dictionary lacks one of its words."""
    words = phrase.split()
    plain = [word_phones(word, lookup) for word in words]
    if not all(plain):
        return []
    if len(words) == 1:
        return [*plain[0], *EXTRA.get(phrase, ())]
    said = [" ".join(ways) for ways in _contractions(words, plain)]
    said += [" ".join(ways) for ways in itertools.islice(itertools.product(*plain), _MOST)]
    said = list(dict.fromkeys(said))[: _MOST + 1]
    if words[0] == _DENIAL and number_in(" ".join(words[1:])):
        said += [f"{plain[0][0]} {_PAUSE} {rest}" for rest in phrase_phones(" ".join(words[1:]), lookup)]
    return said


def _contractions(words: list[str], plain: list[list[str]]) -> list[list[str]]:
    for place in range(len(words) - 1):
        whole = " ".join(words[place : place + 2])
        short = CONTRACTED.get(whole)
        # Nothing but a "not" is shortened at the end: nobody answers "I'll", and every hum sounds like it.
        if short and (place + 2 < len(words) or whole.endswith(" not")):
            before, after = [ways[0] for ways in plain[:place]], [ways[0] for ways in plain[place + 2 :]]
            return [[*before, short, *after]]
    return []


def weights(phrases: Iterable[str]) -> dict[str, float]:
    """How likely each phrase is beside the others. Plain numbers, yes and no lead their turns' longer forms."""
    listed = list(dict.fromkeys(phrases))
    cut = listed.index(SIDE) if SIDE in listed else len(listed)
    answers, side = listed[:cut], listed[cut:]
    if not answers:
        return dict.fromkeys(side, 1.0 / max(1, len(side)))
    leading = [word for word in (*DIGITS, "yes", "no") if word in answers]
    if _CHOICE in answers or not ({"yes", "no"} <= set(leading) or set(DIGITS) <= set(leading)):
        leading = [answer for answer in answers if answer not in RARE]
    others = [phrase for phrase in answers if phrase not in leading]
    found = dict.fromkeys(leading, 1.0 / len(leading))
    found |= {phrase: 1e-7 if phrase in RARE else 0.05 / len(others) for phrase in others}
    return found | {phrase: _aside(phrase) for phrase in side}


def is_aside(phrase: str, phrases: Sequence[str]) -> bool:
    """Whether it is one of the commands that follow the turn's own answers."""
    return SIDE in phrases and phrase in phrases[phrases.index(SIDE) :]


def _aside(phrase: str) -> float:
    """The weight of a command beside a turn's own answers: one short word is soon mistaken for an answer."""
    if phrase == SIDE:
        return 1e4  # it loses too often to short open answers, and seldom wins where something else was said
    if phrase in COMMON:
        return 1e-5
    return 1e-8 if " " in phrase else 1e-12


def number_in(phrase: str) -> tuple[str, str] | None:
    """The number that a phrase says and what is said around it; None where it is no number, or more than one."""
    found = _NUMBER.fullmatch(phrase)
    if found is None or not set(found["before"].split()) <= _DRESS:
        return None
    return found["number"] + (" and a half" if found["half"] else ""), found["before"] + (found["after"] or "")


@lru_cache(maxsize=8)
def corrections(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Those that deny a number and say the right one."""
    return tuple(
        phrase for phrase in phrases if any(phrase.startswith(cue) and number_in(phrase[len(cue) :]) for cue in _CUES)
    )


def _longer(one: str, other: str) -> bool:
    """Whether one says the same as the other with a few words more ("the same", "same")."""
    mine, others = set(one.split()), set(other.split())
    return (mine < others or others < mine) and not (mine ^ others) & _CHANGING


def rivals(phrase: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """The phrases that mean something else: those that a doubt about `phrase` would be a doubt between.

    A command's rivals are the turn's answers and the commands that share no word with it.
    """
    listed = list(dict.fromkeys(phrases))
    cut = listed.index(SIDE) if SIDE in listed else len(listed)
    same = next((family for family in (YES, NO) if phrase in family), frozenset({phrase}))
    said, around = number_in(phrase) or (phrase, "")
    answers = []
    for other in listed[:cut]:
        number, dress = number_in(other) or (other, "")
        # What is said around a number makes no rival: only another number in the same words does, or a bare one.
        if other not in same and number != said and dress in ("", around) and not _longer(said, number):
            answers.append(other)
    if phrase in listed[:cut]:
        return (*answers, SIDE) if cut < len(listed) else tuple(answers)
    words = set(phrase.split())
    others = [other for other in listed[cut:] if not words & set(other.split())]
    return (*answers, SIDE) if answers and phrase != SIDE else tuple(answers or others)
