"""One utterance in its turn: act, ask, or neither; corrections; two decodings; the printed result."""

from __future__ import annotations

import json
import string
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understanding import answer, folded, shipped, told, understanding

from voice_coach.understand.interpret import Understanding
from voice_coach.understand.output import to_json
from voice_coach.words import (
    KINDS,
    Correction,
    Expects,
    Flag,
    Heard,
    Kind,
    Match,
    MatchKind,
    Nothing,
    Understood,
    Unsure,
)

NEXT = ("steady", "talk", "finish")

YES = [
    "yes", "Yep", "aye", "uh-huh", "go for it", "why not", "no problem", "i guess so", "that's correct",
    "you're right", "i don't mind", "yes please", "by all means", "sure, why not", "i'd love to", "absolutely",
    "without a doubt", "ok then", "yes i have it in my bag", "i think that's right", "it did happen, yes",
]  # fmt: skip
NO = [
    "no", "nope", "nah mate", "not really", "i'd rather not", "i don't think so", "that isn't right",
    "that's wrong", "no thanks", "certainly not", "definitely not", "i would prefer not to", "false for sure",
    "absolutely not", "no i was at home", "please don't", "i don't agree", "not in the least", "i doubt it",
    "not a good idea",
]  # fmt: skip
LONGER_YES = [
    "it really does", "no trouble at all", "that's not wrong", "yes, a little", "i can't disagree", "who could say no",
    "what you said is right", "i'm pretty sure that's right", "take that as a yes", "yes it has been awful",
]  # fmt: skip
LONGER_NO = [
    "they weren't", "no, i'm fine", "not in the last two weeks", "it most certainly is not",
    "i don't really want to", "i'm quite sure it isn't", "no is my answer", "you misunderstood what i said",
    "definitely not true", "doesn't sound like a good idea",
]  # fmt: skip
DOUBT = [
    "sort of",
    "he said no",
    "not really, go for it",
    "a little",
    "yeah no",
    "yes and no",
    "no, well, yes",
    "yes but no",
    "i'm good",
    "kind of",
]


@pytest.mark.parametrize("said", YES + LONGER_YES)
def test_yes(said: str) -> None:
    assert told(said, "yes-no") == ("yes_no", True)


@pytest.mark.parametrize("said", NO + LONGER_NO)
def test_no(said: str) -> None:
    assert told(said, "yes-no") == ("yes_no", False)


@pytest.mark.parametrize("said", DOUBT)
def test_in_doubt_it_is_asked(said: str) -> None:
    assert told(said, "yes-no")[0] == "unsure"


@pytest.mark.parametrize(
    "said", ["maybe", "i don't know", "not sure", "no idea", "I really don't know", "could be", "could be right"]
)
def test_not_knowing_is_no_doubt_of_the_matcher(said: str) -> None:
    assert told(said, "yes-no") == ("command", "dont_know")


@pytest.mark.parametrize("said", ["no pain", "don't stop", "is it true", "what's wrong", "i know", "the right side"])
def test_neither_yes_nor_no(said: str) -> None:
    assert told(said, "yes-no")[0] not in ("yes_no",)


@given(st.lists(st.sampled_from(YES + NO + DOUBT), min_size=2, max_size=3))
def test_both_said_is_never_taken_for_one(parts: list[str]) -> None:
    """ "Absolutely" and "ok then" only stress what comes with them: "absolutely no" is a no."""
    if {"absolutely", "ok then", "without a doubt"} & set(parts):
        return
    words = " ".join(parts).split()
    if any(first == second for first, second in pairwise(words)):
        return  # a word said twice running is a stutter: "no no problem" is "no problem"
    kinds = {part in YES for part in parts if part not in DOUBT}
    result = answer(" ".join(parts), "yes-no")
    if len(kinds) == 2:
        assert not (isinstance(result, Match) and result.kind == "yes_no" and result.score >= 0.9)


@pytest.mark.parametrize(("said", "label"), [
    ("the second one", "talk"), ("number two", "talk"), ("2", "talk"), ("talk it through", "talk"),
    ("finish", "finish"), ("the last one", "finish"), ("the first", "steady"),
    ("i would like to calm down", "steady"), ("one", "steady"), ("the middle one", "talk"),
    ("let's talk", "talk"),
])  # fmt: skip
def test_choice(said: str, label: str) -> None:
    assert told(said, "choice", NEXT) == ("choice", label)


def test_choice_in_doubt() -> None:
    assert told("either", "choice", NEXT) == ("unsure", NEXT)
    assert told("the fourth one", "choice", NEXT) == ("nothing", None)
    assert told("none of those", "choice", NEXT) == ("command", "dont_want")
    assert told("voice", "choice", ("send a voice note", "leave a voice mail")) == (
        "unsure",
        ("send a voice note", "leave a voice mail"),
    )
    assert told("the note", "choice", ("send a voice note", "leave a voice mail")) == ("choice", "send a voice note")


@pytest.mark.parametrize(("said", "value"), [
    ("no, six", 6), ("I said six", 6), ("make that six", 6), ("no no six", 6), ("actually six", 6),
    ("no, I said six and a half", 6.5),
])  # fmt: skip
def test_a_correction_changes_the_echoed_rating(said: str, value: float) -> None:
    for kind in KINDS:
        assert answer(said, kind, corrects="rating") == Correction(value, 0.97)


@pytest.mark.parametrize(("said", "label"), [
    ("not the first, the second", "talk"), ("talk, not finish", "talk"), ("the final option", "finish"),
    ("the former", "steady"), ("the talking one", "talk"),
])  # fmt: skip
def test_the_choice_that_is_left(said: str, label: str) -> None:
    assert told(said, "choice", NEXT) == ("choice", label)


def test_two_places_are_asked_about() -> None:
    assert told("the first or the last", "choice", NEXT) == ("unsure", ("steady", "finish"))


def test_a_bare_value_answers_the_present_question() -> None:
    assert told("six", "rating") == ("rating", 6)
    assert answer("six", "rating", corrects="rating") == Match("rating", 6.0, 0.97)
    assert answer("no", "yes-no", corrects="rating") == Match("yes_no", False, 0.97)
    assert answer("no, I meant yes", "rating", corrects="yes-no") == Correction(True, 0.97)


def test_stop_comes_first_and_dont_stop_does_not_stop() -> None:
    for kind in KINDS:
        assert told("stop", kind, NEXT) == ("command", "stop")
        assert told("don't stop", kind, NEXT)[1] != "stop"


@pytest.mark.parametrize("said", ["done", "that's all", "nothing", "go back", "could you repeat that please", "wait"])
def test_a_command_ends_an_open_answer(said: str) -> None:
    assert told(said, "text")[0] == "command"


@pytest.mark.parametrize("said", [
    "driving", "talking too fast", "saying the wrong thing", "i'll have to stop talking and leave",
    "it was too hard for them", "being too slow", "nothing happened", "  Hello,  there ",
])  # fmt: skip
def test_an_open_answer_is_kept_word_for_word(said: str) -> None:
    assert told(said, "text") == ("text", said.strip())


@pytest.mark.parametrize(("said", "missing"), [
    ("anxiety", "situation"), ("social anxiety", "situation"), ("everything", "situation"),
    ("I'm scared", "situation"), ("speaking in meetings", None), ("dogs", None), ("my boss", None),
    ("when people look at me", None),
])  # fmt: skip
def test_a_fear_is_specific_or_not(said: str, missing: str | None) -> None:
    result = understanding().understand(Heard(said), Expects("text", checks="fear")).answer
    assert isinstance(result, Match)
    assert result.missing == missing


@pytest.mark.parametrize(("said", "missing"), [
    ("i will try", "what"), ("i will ask a question tomorrow", "where"),
    ("i will ask one question at work", "when"), ("i will ask questions at work today", "end"),
    ("i will ask one question in the shop at noon", None),
])  # fmt: skip
def test_a_commitment_names_what_is_missing(said: str, missing: str | None) -> None:
    result = understanding().understand(Heard(said), Expects("text", checks="commitment")).answer
    assert isinstance(result, Match)
    assert result.missing == missing


def test_rough_words_are_never_judged() -> None:
    result = understanding().understand(Heard("anxiety", manner="rough"), Expects("text", checks="fear")).answer
    assert result == Match("text", "anxiety", 0.95, None)


class TestTwoDecodings:
    """A closed grammar must not deafen the coach, and free decoding of one word is noise."""

    def meant(self, heard: Heard, kind: Kind = "rating") -> Match | Unsure | Correction | Nothing:
        return understanding().understand(heard, Expects(kind)).answer

    def test_a_sure_grammar_counts(self) -> None:
        heard = Heard("seven", free="heaven help us all", score=0.9, manner="rough")
        assert self.meant(heard) == Match("rating", 7.0, 0.97 * 0.9)

    def test_long_free_words_serve_where_the_grammar_explains_nothing(self) -> None:
        heard = Heard("", free="can you say that again", score=0.0, manner="rough")
        assert self.meant(heard) == Match("command", "repeat", 0.99)

    def test_one_free_word_never_replaces_an_unsure_grammar(self) -> None:
        heard = Heard("seven", free="eleven", score=0.4, others=(("eight", 0.3),), manner="rough")
        assert self.meant(heard) == Unsure((7.0, 8.0), 0.97 * 0.4)

    def test_one_free_word_of_rough_dictation_is_no_answer(self) -> None:
        assert isinstance(self.meant(Heard("", free="seven", score=0.0, manner="rough")), Nothing)

    def test_one_free_word_of_good_dictation_is(self) -> None:
        assert self.meant(Heard("", free="seven", score=1.0, manner="verbatim")) == Match("rating", 7.0, 0.97)

    def test_what_was_hardly_heard_is_nothing(self) -> None:
        assert isinstance(self.meant(Heard("seven", score=0.1, manner="rough")), Nothing)

    def test_a_stop_needs_less(self) -> None:
        assert self.meant(Heard("stop", score=0.45, manner="rough")) == Match("command", "stop", 0.99 * 0.45)


def test_completeness() -> None:
    rating = Expects("rating")
    assert understanding().is_complete("seven", rating) == "may_continue"
    assert understanding().is_complete("seven and a half", rating) == "complete"
    assert understanding().is_complete("ten", rating) == "complete"
    assert understanding().is_complete("i would say", rating) == "incomplete"
    assert understanding().is_complete("six or seven", rating) == "may_continue"
    assert understanding().is_complete("yes", Expects("yes-no")) == "complete"
    assert understanding().is_complete("no", Expects("yes-no", corrects="rating")) == "may_continue"
    assert understanding().is_complete("done", Expects("text")) == "complete"
    assert understanding().is_complete("i was at home", Expects("text")) == "may_continue"


@pytest.mark.parametrize("kind", ["rating", "yes-no", "choice", "command"])
def test_a_grammar_holds_only_what_is_understood(kind: Kind) -> None:
    expects = Expects(kind, NEXT if kind == "choice" else ())
    phrases = understanding().phrases(expects)
    assert len(set(phrases)) == len(phrases)
    assert [phrase for phrase in phrases if folded(phrase) != phrase] == []
    answers = {phrase: understanding().understand(Heard(phrase), expects).answer for phrase in phrases}
    asked = {phrase for phrase, result in answers.items() if not isinstance(result, Match)}
    assert {phrase for phrase in asked if " or " not in phrase} == set()
    assert bool(asked) == (kind == "rating")  # a range is asked about


def test_grammars_hold_their_answers() -> None:
    ratings = understanding().phrases(Expects("rating"))
    assert {"zero", "ten", "six and a half", "six point five", "i do not know", "stop"} <= set(ratings)
    assert {"yes", "no", "i do not know", "stop"} <= set(understanding().phrases(Expects("yes-no")))
    assert {"steady", "the second one", "stop"} <= set(understanding().phrases(Expects("choice", NEXT)))


def test_the_screen_and_the_matcher_do_not_see_each_other() -> None:
    flag = Flag("crisis", "suicide", "certain")
    seen: list[tuple[Heard, Expects]] = []

    def screen(heard: Heard, expects: Expects) -> tuple[Flag, ...]:
        seen.append((heard, expects))
        return (flag,)

    heard, expects = Heard("seven", free="something else"), Expects("rating")
    understood = Understanding(shipped(), screen).understand(heard, expects)
    assert seen == [(heard, expects)]
    assert understood == Understood(Match("rating", 7.0, 0.97), (flag,))


def test_printed() -> None:
    def printed(
        answer: Match | Unsure | Correction | Nothing, *flags: Flag, text_turn: bool = False
    ) -> dict[str, object]:
        return dict(to_json("x", Understood(answer, flags), text_turn=text_turn))

    seven = Match("rating", 7.0, 0.97)
    panic = Flag("contraindication", "panic", "possible")
    assert printed(seven) == {"heard": "x", "kind": "rating", "value": 7, "score": 0.97}
    assert json.dumps(printed(Match("rating", 6.5, 0.9))["value"]) == "6.5"
    assert printed(Match("yes_no", True, 1.0))["value"] is True
    assert printed(Unsure((6.0, 7.5), 0.5)) == {"heard": "x", "kind": "unsure", "value": [6, 7.5], "score": 0.5}
    assert printed(Nothing(0.9)) == {"heard": "x", "kind": "nothing", "value": None, "score": 0.9}
    assert printed(Correction(True, 0.9))["kind"] == "yes_no"
    assert printed(seven, panic) == {"heard": "x", "kind": "rating", "value": 7, "score": 0.97, "raised": ["panic"]}
    assert printed(Nothing(0.9), panic)["kind"] == "contraindication"
    assert printed(Match("text", "x", 0.9), panic, text_turn=True)["kind"] == "contraindication"
    crisis = printed(seven, panic, Flag("crisis", "suicide", "possible"))
    assert (crisis["kind"], crisis["value"], crisis["tier"]) == ("crisis", "suicide", "possible")


def test_explained() -> None:
    explained = understanding().explain(Heard("six or seven"), Expects("rating"))
    assert explained.answer == Unsure((6.0, 7.0), 0.5)
    assert [candidate[1] for candidate in explained.candidates] == [6.0, 7.0]
    assert explained.guard == "more than one number"


def test_what_keeps_a_command_out_is_explained() -> None:
    explained = understanding().explain(Heard("stop the washing machine"), Expects("command"))
    assert explained.answer == Nothing(0.95)
    assert explained.guard.endswith("stop, but for washing")


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(KINDS))
def test_any_text_gives_a_documented_result(text: str, kind: Kind) -> None:
    expects = Expects(kind, NEXT if kind == "choice" else ())
    line = to_json(text, understanding().understand(Heard(text), expects))
    assert json.loads(json.dumps(line))["heard"] == text
    assert line["kind"] in {*get_args(MatchKind), "unsure", "nothing"}
    assert isinstance(line["score"], float)
    assert 0 <= line["score"] <= 1
    understanding().is_complete(text, expects)


@pytest.mark.parametrize("text", ["no " * 1000, "a" * 10_000, "😀" * 10_000, "\x00" * 5000, "s- " * 3000, "1" * 10_000,
                                  "six or " * 2000, "نعم " * 2000, "i do not " * 2000, "é" * 10_000])  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_long_and_strange_input_is_answered(text: str, kind: Kind) -> None:
    result = understanding().understand(Heard(text), Expects(kind, NEXT)).answer
    assert isinstance(result, Match | Unsure | Nothing)


SPOKEN = {word for intent in shipped().intents.values() for test in intent.tests for word in test.split()}
PRINTED = st.text(string.printable, max_size=80)
WORDS = st.lists(st.sampled_from(sorted(SPOKEN | {"six", "seven", "half", "dog"})), min_size=1, max_size=8)


@settings(deadline=None)
@given(WORDS, st.sampled_from(["rating", "yes-no", "choice", "command"]))
def test_case_spaces_and_fillers_change_nothing(words: list[str], kind: Kind) -> None:
    text = " ".join(words)
    plain = told(text, kind, NEXT)
    assert told(text.upper(), kind, NEXT) == plain
    assert told(f"  {'  '.join(words)} ", kind, NEXT) == plain
    assert told(f"um {text}", kind, NEXT) == plain
    assert told(f"{text} um", kind, NEXT) == plain


@settings(deadline=None)
@given(PRINTED, st.sampled_from(["rating", "yes-no", "choice", "command"]))
def test_case_and_spaces_change_nothing_in_any_printed_text(text: str, kind: Kind) -> None:
    plain = told(text, kind, NEXT)
    assert told(text.upper(), kind, NEXT) == plain
    assert told(f"  {text}\n", kind, NEXT) == plain
    assert told(text.replace(" ", "  "), kind, NEXT) == plain


class TestADoubtfulRecognizer:
    def meant(self, heard: Heard, kind: Kind = "rating") -> object:
        return understanding().understand(heard, Expects(kind)).answer

    def test_a_doubtful_command_is_no_candidate_for_a_rating(self) -> None:
        heard = Heard("slower", score=0.45, others=(("four", 0.3),), manner="rough")
        meant = self.meant(heard)
        assert isinstance(meant, Unsure)
        assert meant.candidates == (4.0,)

    def test_a_doubtful_command_without_rivals_is_nothing(self) -> None:
        assert isinstance(self.meant(Heard("slower", score=0.4, manner="rough"), "yes-no"), Nothing)

    def test_long_free_words_serve_where_the_recognizer_doubts_its_grammar(self) -> None:
        heard = Heard("seven", free="i think it is a seven", score=0.3, manner="verbatim")
        meant = self.meant(heard)
        assert isinstance(meant, Match)
        assert meant.value == 7.0
