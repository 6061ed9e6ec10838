"""The safety screen over plain sentences: what is danger is found, and what only sounds like it is not.

`safety/plain.tsv` has the columns text and label of `scripts/bench safety`; each sentence was written for this test.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from voice_coach import catalog_files
from voice_coach.understand.safety import Screen, screen_of
from voice_coach.understand.safety_reading import read_safety
from voice_coach.understand.safety_templates import Search, Templates
from voice_coach.words import Expects, Flag

ROWS = Path(__file__).parent / "safety" / "plain.tsv"


@cache
def screen() -> Screen:
    return screen_of(catalog_files.read_texts())


def flags(text: str) -> tuple[Flag, ...]:
    return screen().flags(text, Expects("text"))


def crises(text: str) -> list[Flag]:
    return [flag for flag in flags(text) if flag.category == "crisis"]


def texts(label: str) -> list[str]:
    with ROWS.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [row["text"] for row in rows if row["label"] == label]
    assert len(found) > 30
    return found


@pytest.mark.parametrize(("label", "category", "kind"), [
    ("si", "crisis", "suicide"), ("si_implicit", "crisis", "suicide"), ("self_harm", "crisis", "self_harm"),
    ("third_party", "crisis", "other_person"), ("trauma_ptsd", "contraindication", "trauma"),
    ("panic", "contraindication", "panic"), ("dissociation", "contraindication", "dissociation"),
])  # fmt: skip
def test_danger_is_found(label: str, category: str, kind: str) -> None:
    def finds(text: str) -> bool:
        return any((flag.category, flag.kind) == (category, kind) for flag in flags(text))

    assert [text for text in texts(label) if not finds(text)] == []


@pytest.mark.parametrize("label", ["negated_si", "neg_anxious"])
def test_a_denial_and_talk_of_fear_interrupt_nothing(label: str) -> None:
    assert {text: crises(text) for text in texts(label) if crises(text)} == {}


@pytest.mark.parametrize("label", ["neg_idiom", "neg_everyday"])
def test_a_manner_of_speaking_and_everyday_talk_are_not_flagged(label: str) -> None:
    assert {text: flags(text) for text in texts(label) if flags(text)} == {}


@pytest.mark.parametrize("text", [
    "I have not stopped wanting to die", "I'm not glad to be alive", "I never stopped feeling suicidal",
    "I'd be happy if I was dead", "I want to die I can't anymore", "I don't want to wake up I want to sleep forever",
    "I tried to kill myself one more time", "I'm suicidal I'm not okay", "I don't know who I am I want to die",
    "it's not getting better and I want to die", "I've never felt so suicidal", "I never wanted to die so badly",
    "nobody will have to worry about me for much longer", "I would be glad not to wake up",
    "I want to die no matter what they say", "I can't stop thinking of suicide", "I keep trying not to kill myself",
    "it would be a lie to say I don't want to die", "it's not that I don't want to die", "do I want to die, no idea",
    "am I suicidal, I don't know", "I'm not brave enough to kill myself", "I said I wanted to die and I meant it",
    "nobody wants to help me die so I'll kill myself", "no plans and no hope, I want to die",
    "nothing makes me want to live",
])  # fmt: skip
def test_a_not_that_does_not_reach_it_takes_nothing_away(text: str) -> None:
    assert "suicide" in {flag.kind for flag in crises(text)}


@pytest.mark.parametrize("text", [
    "I cut myself shaving on purpose", "I burned my arm on the oven deliberately",
    "I scalded my hand on the kettle on purpose again",
])  # fmt: skip
def test_an_accident_on_purpose_is_none(text: str) -> None:
    assert "self_harm" in {flag.kind for flag in crises(text)}
    assert crises(text.replace(" on purpose", "").replace(" deliberately", "").replace(" again", "")) == []


@pytest.mark.parametrize("text", [
    "not in all of those long years did wanting to die help", "my tomato plants want to die",
    "no wish no urge and no hope for death",
])  # fmt: skip
def test_a_doubtful_context_is_at_most_asked_about(text: str) -> None:
    assert {flag.tier for flag in crises(text)} <= {"possible"}


@pytest.mark.parametrize(("part", "labels"), [
    ("leads", {"negated_si"}), ("tails", {"negated_si"}), ("over", {"negated_si"}), ("refused", {"negated_si"}),
    ("returns", {"si", "self_harm"}),
])  # fmt: skip
def test_each_line_that_denies_or_takes_a_denial_back_has_a_sentence(part: str, labels: set[str]) -> None:
    lexicon = read_safety(catalog_files.read_texts(), [])
    search = Search(getattr(lexicon.denials, part))
    found = {index for label in labels for text in texts(label) for index, _, _ in search.spans(lexicon.folded(text))}
    assert [template.text for index, template in enumerate(search.templates) if index not in found] == []


@pytest.mark.parametrize("text", [
    "I was suicidal at sixteen and it passed but now it is back", "my wife thinks I'm suicidal because I don't eat",
    "killing myself, no doubt about it", "my doctor said I'm suicidal and I don't care",
    "I said I want to die and I meant it", "last week I wanted to die, it passed, I don't know",
    "what can I do instead of hurting myself", "I can't say that I don't want to die", "I want to kill myself, no",
    "I want to end my life, no, really", "do I want to die, no, I already decided to",
    "I'm suicidal, no, just tired of living",
    "I tried to kill myself, it passed, and I will try again", "I wanted to die, that is over, now I'm going to do it",
    "am I suicidal, no, but I want to kill myself",
    "I wanted to die years ago, it passed, and tonight it is here again",
    "my wife says I want to kill myself and she is not wrong", "I read a leaflet about suicide and I'm not okay",
    "they asked if I'm suicidal and I did not say yes because I was scared",
])  # fmt: skip
def test_what_only_sounds_like_a_denial_takes_nothing_away(text: str) -> None:
    assert {flag.kind for flag in crises(text)} & {"suicide", "self_harm"}


def test_danger_is_found_anywhere_in_a_long_text() -> None:
    weather = "and the weather was fine " * 100
    for text in ("I want to kill myself " + weather, weather + "I want to kill myself " + weather,
                 weather + "I want to kill myself"):  # fmt: skip
        assert [flag.kind for flag in crises(text)] == ["suicide"]


def test_what_opens_an_utterance_stands_at_its_beginning_only() -> None:
    search = Search((Templates({}).compile("^ as if"),))
    assert search.spans(("as", "if", "i", "would")) == [(0, 0, 2)]
    assert search.spans(("it", "is", "as", "if")) == []
    assert search.spans((*("well",) * 100, "as", "if")) == []


def test_the_end_of_an_utterance_is_its_own_end_not_that_of_a_stretch() -> None:
    assert crises("I want out")
    assert not crises("I want out " + "of this contract with the phone company " * 60)


@pytest.mark.parametrize(
    "text",
    [
        "the neighbours think I'm suicidal since I stopped going out",
        "if I wanted to kill myself you would be the last to know",
        "the nurse asked whether I was going to end my life",
    ],
)
def test_what_others_suppose_is_asked_about_and_never_certain(text: str) -> None:
    assert [flag.tier for flag in crises(text) if flag.kind == "suicide"] == ["possible"]


@pytest.mark.parametrize("text", ["I think I'm suicidal", "I thought about it and I am going to kill myself"])
def test_what_one_thinks_of_oneself_stays_certain(text: str) -> None:
    assert [flag.tier for flag in crises(text) if flag.kind == "suicide"] == ["certain"]
