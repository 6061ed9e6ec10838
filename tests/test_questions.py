"""Questions about practice: understood by meaning at any question, answered briefly, never in place of an answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conversing import Turn, _understanding, hold, read

from voice_coach.understand.output import to_json
from voice_coach.words import Expects, Heard, Match, Nothing

CATALOG, UNDERSTANDING = _understanding()
TURNS = [Expects("rating"), Expects("yes-no"), Expects("choice", ("steady", "talk", "finish")), Expects("command")]
TESTS = [(name, test) for name, question in CATALOG.questions.items() for test in question.tests]
OTHER = (
    "what is for dinner tonight", "where did you put my keys", "how was your day at school", "is it raining outside",
    "can you pass me the salt", "do you want some tea", "who is at the door", "when does the train leave",
    "why is the dog barking", "what time is it", "are you coming with us", "should we order pizza",
    "will it snow tomorrow", "did you lock the car", "how do you spell bicycle", "is this your coat",
)  # fmt: skip


def meant(text: str, expects: Expects) -> object:
    answer = UNDERSTANDING.understand(Heard(text), expects).answer
    return answer.value if isinstance(answer, Match) and answer.kind == "question" else None


@pytest.mark.parametrize(("name", "text"), TESTS, ids=[text for _, text in TESTS])
def test_every_wording_is_understood_at_every_closed_question(name: str, text: str) -> None:
    assert [meant(text, expects) for expects in TURNS] == [name] * len(TURNS)


def test_there_are_many_questions_each_in_many_wordings() -> None:
    assert len(CATALOG.questions) >= 16
    for question in CATALOG.questions.values():
        assert len(question.phrases) >= 6, question.name
        assert not set(question.phrases) & set(question.tests), question.name


@pytest.mark.parametrize("name", [*CATALOG.questions, "unknown"])
def test_an_answer_is_two_or_three_sentences_and_more_gives_the_source(name: str) -> None:
    assert len(re.findall(r"[.?!](?: |$)", CATALOG.lines[f"question.{name}"].say)) in (2, 3)
    assert (f"source.{name}" in CATALOG.lines) == (name != "unknown")


@pytest.mark.parametrize("text", OTHER)
def test_other_talk_is_no_question(text: str) -> None:
    for expects in TURNS:
        assert meant(text, expects) is None, expects.kind


def test_a_question_nobody_has_an_answer_to_is_known_as_one() -> None:
    assert meant("what does the exposure cost", Expects("rating")) == "unknown"
    assert meant("who won the cup last year?", Expects("yes-no")) == "unknown"
    assert meant("seven?", Expects("rating")) is None
    rough = Heard("what does the exposure cost", manner="rough")
    assert isinstance(UNDERSTANDING.understand(rough, Expects("rating")).answer, Nothing)


def test_in_an_open_answer_only_the_catalogs_own_words_ask() -> None:
    for expects in (Expects("text", checks="prediction"), Expects("text", checks="fear")):
        assert meant("I wonder what happens if I panic in front of them", expects) is None
        assert meant("what if people laugh at me and I go red", expects) is None


def test_a_question_is_printed_as_nothing() -> None:
    heard = Heard("is this a kind of therapy")
    printed = to_json(heard.text, UNDERSTANDING.understand(heard, Expects("rating")))
    assert (printed["kind"], printed["value"]) == ("nothing", None)


def test_the_open_question_comes_back_and_more_gives_the_source(tmp_path: Path) -> None:
    talk = read("questions_at_any_time")
    held = hold(tmp_path, talk.turns, talk.now, talk.zone)
    keys = [line.key for line in held.lines]
    at = keys.index("question.is_therapy")
    assert keys[at - 1] == keys[at + 1] == "ask.before"
    assert keys[keys.index("source.is_therapy") + 1] == "ask.before"
    assert "question.unknown" in keys


def test_more_without_a_question_has_no_source(tmp_path: Path) -> None:
    talk = read("questions_at_any_time")
    held = hold(tmp_path, (*talk.turns[:1], Turn("ask.ladder", "more")), talk.now, talk.zone)
    assert not any(line.key.startswith("source.") for line in held.lines)


def test_a_question_that_shares_a_word_with_a_choice_is_still_a_question() -> None:
    ladders = Expects("choice", ("speaking in front of others", "another", "being judged at work"))
    assert meant("does it really work", ladders) == "works"
    answer = UNDERSTANDING.understand(Heard("judged at work"), ladders).answer
    assert isinstance(answer, Match)
    assert answer.value == "being judged at work"
