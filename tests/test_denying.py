"""What a person says it is not: a denied number is not heard again, and a doubtful correction asks anew."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from hearing import ENGLISH, quiet, say
from understanding import understanding

from voice_coach.coach import asking
from voice_coach.coach.asking import Answer
from voice_coach.listen import pronunciations
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.words import Ask, Correction, Expects, Heard, Manner, Match, Move, Nothing, Reply, Silence, Unsure

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
ECHOED = Expects("rating", corrects="rating", echoed=2.0)
AFTER = Ask("ask.after", ECHOED)


def read(heard: Heard, expects: Expects) -> Match | Unsure | Correction | Nothing:
    return understanding().understand(heard, expects).answer


def rough(text: str, score: float, *others: tuple[str, float]) -> Heard:
    return Heard(text, score=score, others=others, manner="rough")


def talk(script: Generator[Move, Reply, T], *replies: Reply) -> tuple[list[str], T]:
    """The keys of the questions that these replies answer, and what they come to; replies left over are not used."""
    keys: list[str] = []
    move = next(script)
    for reply in replies:
        assert isinstance(move, Ask)
        keys.append(move.key)
        try:
            move = script.send(reply)
        except StopIteration as ended:
            return keys, ended.value
    raise AssertionError(f"another question: {move}")


class TestWhatWasDenied:
    def test_the_next_best_counts_as_much_as_it_does_without_it(self) -> None:
        heard = rough("two", 0.8, ("zero", 0.15))
        answer = read(heard, Expects("rating"))
        assert isinstance(answer, Match)
        assert answer.value == 2.0
        without = read(heard, Expects("rating", denied=(2.0,)))
        assert isinstance(without, Match)
        assert without.value == 0.0
        assert without.score == pytest.approx(0.75, abs=0.05)

    def test_a_weak_next_best_is_asked_about_and_none_is_nothing(self) -> None:
        denied = Expects("rating", denied=(2.0,))
        weak = read(rough("two", 0.8, ("zero", 0.08)), denied)
        assert isinstance(weak, Unsure)
        assert weak.candidates == (0.0,)
        assert isinstance(read(rough("two", 0.8), denied), Nothing)
        assert isinstance(read(rough("about two", 0.8, ("two", 0.1)), denied), Nothing)

    def test_whoever_types_it_after_all_means_it(self) -> None:
        assert isinstance(read(Heard("two"), Expects("rating", denied=(2.0,))), Match)


class TestCorrections:
    def test_to_what_was_echoed_is_to_something_else(self) -> None:
        answer = read(rough("no two", 0.7, ("no zero", 0.25)), ECHOED)
        assert isinstance(answer, Correction)
        assert answer.value == 0.0

    def test_a_doubtful_one_denies(self) -> None:
        for heard, sure in (
            (rough("no six", 0.4, ("no eight", 0.3)), 0.7),
            (rough("nine", 0.4, ("no nine", 0.3)), 0.3),
        ):
            answer = read(heard, ECHOED)
            assert isinstance(answer, Correction)
            assert answer.value is None
            assert answer.score == pytest.approx(sure)
        plain = read(rough("no six", 0.4, ("no eight", 0.3)), Expects("yes-no", corrects="rating", echoed=7.0))
        assert isinstance(plain, Unsure), "the no alone may be meant"
        assert plain.candidates == (False,)
        assert isinstance(read(rough("nine", 0.8, ("no nine", 0.05)), ECHOED), Match)

    def test_to_what_was_echoed_and_nothing_else_it_is_that_number_to_be_asked_about(self) -> None:
        heard = rough("no two", 0.75, ("no zero", 0.01))
        answer = read(heard, ECHOED)
        assert isinstance(answer, Correction)
        assert answer.value == 2.0
        plain = read(heard, Expects("yes-no", corrects="rating", echoed=2.0))
        assert isinstance(plain, Unsure), "the no alone may be meant"
        assert plain.candidates == (False,)

    def test_a_likelier_yes_is_no_denial(self) -> None:
        agreeing = Expects("yes-no", corrects="rating", echoed=3.0)
        answer = read(rough("yes", 0.56, ("no five", 0.32)), agreeing)
        assert isinstance(answer, Unsure)
        assert answer.candidates == (True, False)
        less = read(rough("yes", 0.3, ("no five", 0.5)), agreeing)
        assert isinstance(less, Unsure)
        assert less.candidates == (False,)

    @pytest.mark.parametrize(("said", "value"), [("six", 6.0), ("no six", 6.0), ("no, six.", 6.0)])
    def test_another_number_alone_corrects_where_yes_or_no_is_asked(self, said: str, value: float) -> None:
        answer = read(Heard(said), Expects("yes-no", corrects="rating", echoed=7.0))
        assert isinstance(answer, Correction)
        assert answer.value == value
        assert not isinstance(read(Heard("six"), Expects("yes-no")), Correction)

    @pytest.mark.parametrize("said", ["no, not at all", "no, nothing", "nope, none at all"])
    def test_a_refusal_gives_no_zero(self, said: str) -> None:
        answer = read(Heard(said), Expects("yes-no", corrects="rating", echoed=4.0))
        assert isinstance(answer, Match)
        assert (answer.kind, answer.value) == ("yes_no", False)
        zero = read(Heard("no, zero"), Expects("yes-no", corrects="rating", echoed=4.0))
        assert isinstance(zero, Correction)

    def test_a_number_alone_answers_where_a_number_is_asked(self) -> None:
        assert isinstance(read(Heard("six"), Expects("rating", corrects="rating", echoed=7.0)), Match)


class TestAsking:
    def answered(self, *values: Match | Unsure | Correction | Nothing) -> list[Ask]:
        """The questions, until the script has its answer or the replies are used up."""
        script = asking.rating("ask.before")
        move = next(script)
        asked = [move]
        for value in values:
            move = script.send(Reply(value, NOW, "rough"))
            asked.append(move)
        assert all(isinstance(ask, Ask) for ask in asked)
        return [ask for ask in asked if isinstance(ask, Ask)]

    def test_the_question_is_asked_anew_without_what_was_denied(self) -> None:
        no = Match("yes_no", False, 0.95)
        asked = self.answered(Unsure((8.0,), 0.4), no, Unsure((3.0,), 0.4), no)
        assert [ask.key for ask in asked] == ["ask.before", "ask.did_you_say"] * 2 + ["ask.before"]
        assert [ask.expects.denied for ask in asked if ask.key == "ask.before"] == [(), (8.0,), (8.0, 3.0)]
        assert asked[1].expects == Expects("yes-no", corrects="rating", echoed=8.0)

    def test_something_third_is_asked_about(self) -> None:
        asked = self.answered(Unsure((6.0, 8.0), 0.4), Match("rating", 3.0, 0.8))
        assert [ask.key for ask in asked] == ["ask.before", "ask.which_rating", "ask.did_you_say"]
        assert asked[-1].blanks == {"value": 3.0}

    def test_something_third_in_doubt_is_asked_about_and_one_of_the_two_comes_first(self) -> None:
        asked = self.answered(Unsure((5.0, 9.0), 0.5), Unsure((8.0,), 0.4))
        assert (asked[-1].key, asked[-1].blanks) == ("ask.did_you_say", {"value": 8.0})
        asked = self.answered(Unsure((5.0, 1.0), 0.5), Unsure((4.0, 1.0), 0.4))
        assert (asked[-1].key, asked[-1].blanks) == ("ask.did_you_say", {"value": 1.0})

    def test_after_a_no_a_number_that_is_not_sure_is_asked_about(self) -> None:
        no = Match("yes_no", False, 0.95)
        asked = self.answered(Unsure((8.0,), 0.4), no, Match("rating", 3.0, 0.65))
        assert (asked[-1].key, asked[-1].blanks) == ("ask.did_you_say", {"value": 3.0})
        for first, score in ((Unsure((8.0,), 0.4), 0.9), (Nothing(0.9), 0.65)):
            said = [first, *([no] if isinstance(first, Unsure) else []), Match("rating", 3.0, score)]
            keys, answer = talk(asking.rating("ask.before"), *(Reply(value, NOW, "rough") for value in said))
            assert (keys[-1], answer.value) == ("ask.before", 3.0)

    def test_a_number_after_a_no_is_asked_about_once_and_taken_at_once_when_typed(self) -> None:
        asked = self.answered(Unsure((8.0,), 0.4), Correction(2.0, 0.8), Correction(9.0, 0.8))
        assert [ask.blanks.get("value") for ask in asked] == [None, 8.0, 2.0, None]
        assert asked[-1].expects.denied == (8.0, 2.0)
        typed = (Reply(value, NOW) for value in (Unsure((8.0,), 0.4), Correction(2.0, 0.9)))
        assert talk(asking.rating("ask.before"), *typed)[1].value == 2.0

    def test_what_was_settled_so_is_asked_about_no_more(self) -> None:
        doubt = Unsure((2.5, 3.5), 0.5)
        said = (doubt, Unsure((3.5, 2.5), 0.5), Correction(2.5, 0.8), Match("yes_no", True, 0.9))
        keys, answer = talk(asking.rating("ask.before"), *(Reply(value, NOW, "rough") for value in said))
        assert keys == ["ask.before", "ask.which_rating", "ask.did_you_say", "ask.did_you_say"]
        assert answer.value == 2.5

    def test_a_yes_and_a_no_as_likely_neither_settle_nor_deny(self) -> None:
        for doubt in (Unsure((True, False), 0.4), Unsure((False, True), 0.4)):
            asked = self.answered(Unsure((8.0,), 0.4), doubt)
            assert asked[-1].key == "ask.before"
            assert asked[-1].expects.denied == ()

    def test_a_number_still_corrects_the_one_before_where_a_no_is_asked_about(self) -> None:
        script = asking.yes_no("ask.agree", after=Answer(3.5, NOW))
        next(script)
        ask = script.send(Reply(Unsure((False,), 0.4), NOW, "rough"))
        assert isinstance(ask, Ask)
        assert (ask.key, ask.expects) == ("ask.did_you_say", Expects("yes-no", corrects="rating", echoed=3.5))

    def test_the_turn_after_knows_what_is_said_back(self) -> None:
        ask = next(asking.rating("ask.after", after=Answer(2.0, NOW)))
        assert isinstance(ask, Ask)
        assert ask.expects == ECHOED

    @pytest.mark.parametrize(
        ("said", "asked"),
        [
            ((Unsure((6.0, 8.0), 0.5), Match("rating", 6.0, 0.9)), ["ask.which_rating"]),
            ((Unsure((6.0,), 0.5), Nothing(0.9), Unsure((6.0,), 0.5)), ["ask.did_you_say", "ask.likelihood"]),
            ((Match("rating", 6.0, 0.66),), []),
        ],
    )
    def test_a_doubtful_number_that_no_echo_can_correct_is_asked_about_first(
        self, said: tuple[Match | Unsure | Nothing, ...], asked: list[str]
    ) -> None:
        replies = [*(Reply(value, NOW, "rough") for value in said), Reply(Match("yes_no", True, 0.9), NOW, "rough")]
        keys, answer = talk(asking.rating("ask.likelihood", final=True), *replies)
        assert (keys, answer.value) == (["ask.likelihood", *asked, "ask.did_you_say"], 6.0)
        keys, answer = talk(asking.rating("ask.likelihood"), *replies)
        assert (keys, answer.value) == (["ask.likelihood", *asked], 6.0)

    def test_a_number_that_is_heard_well_or_typed_is_not(self) -> None:
        for reply in (Reply(Match("rating", 6.0, 0.9), NOW, "rough"), Reply(Match("rating", 6.0, 0.5), NOW, "typed")):
            assert talk(asking.rating("ask.likelihood", final=True), reply)[0] == ["ask.likelihood"]

    @pytest.mark.parametrize(
        ("ends", "score", "manner", "asked"),
        [(True, 0.65, "rough", True), (True, 0.9, "rough", False), (True, 0.65, "typed", False),
         (False, 0.65, "rough", False)],
    )  # fmt: skip
    def test_a_weak_no_that_would_end_the_session_is_asked_about(
        self, ends: bool, score: float, manner: Manner, asked: bool
    ) -> None:
        keys, answer = talk(
            asking.yes_no("ask.agree", ends=ends),
            Reply(Match("yes_no", False, score), NOW, manner),
            Reply(Match("yes_no", True, 0.9), NOW, manner),
        )
        assert keys == ["ask.agree", *(["ask.did_you_say"] if asked else [])]
        assert isinstance(answer, Answer)
        assert answer.value is False


class TestTheScreen:
    """Yes, no or unsure."""

    def ends(self, *values: Match | Unsure | Nothing, manner: Manner = "rough") -> tuple[list[str], str]:
        """The questions' keys and the answer."""
        keys, (answer, _) = talk(asking.trit("screen.age"), *(Reply(value, NOW, manner) for value in values))
        return keys, answer

    def test_what_a_weak_recognizer_doubts_twice_is_asked_about(self) -> None:
        doubt = Unsure((True, False), 0.5)
        asked = ["screen.age", "screen.age", "ask.did_you_say"]
        assert self.ends(doubt, doubt, Match("yes_no", True, 0.9)) == (asked, "yes")
        assert self.ends(doubt, Unsure((False,), 0.5), Match("yes_no", True, 0.9)) == (asked, "no")

    def test_it_stays_unsure_without_a_clear_yes(self) -> None:
        doubt = Unsure((True, False), 0.5)
        for third in (Match("yes_no", False, 0.9), doubt, Nothing(0.9)):
            assert self.ends(doubt, doubt, third)[1] == "unsure"

    def test_a_person_who_doubts_twice_is_unsure(self) -> None:
        doubt = Unsure((True, False), 0.5)
        assert self.ends(doubt, doubt, manner="typed") == (["screen.age"] * 2, "unsure")


class TestOpenAnswers:
    """Of which a weak recognizer hears no words."""

    def test_a_word_that_is_heard_as_none_twice_is_somebodys_own(self) -> None:
        nothing, doubt = Reply(Nothing(0.9), NOW, "rough"), Reply(Unsure(("done",), 0.4), NOW, "rough", sounded=True)
        keys, answer = talk(asking.words("ask.action"), nothing, doubt)
        assert keys == ["ask.action"] * 2
        assert (answer.value, answer.manner, answer.sounded) == ("", "rough", True)

    def test_silence_is_no_word_and_what_is_typed_is_asked_for_until_it_is_there(self) -> None:
        silent, nothing = Reply(Silence(), NOW, "rough"), Reply(Nothing(0.9), NOW, "rough")
        keys, answer = talk(
            asking.words("ask.action"), silent, nothing, Reply(Match("text", "tea", 0.95), NOW, "rough")
        )
        assert (len(keys), answer.value) == (3, "tea")
        typed = Reply(Nothing(0.9), NOW, "typed")
        keys, answer = talk(asking.words("ask.action"), typed, typed, Reply(Match("text", "tea", 0.95), NOW, "typed"))
        assert (len(keys), answer.value) == (3, "tea")


def test_breath_may_be_drawn_after_a_no(pocketsphinx: PocketSphinx) -> None:
    phones = {"no": "N OW", "six": "S IH K S", "way": "W EY"}
    assert "N OW SIL S IH K S" in pronunciations.phrase_phones("no six", phones.get)
    assert pronunciations.phrase_phones("no way", phones.get) == ["N OW W EY"]
    pocketsphinx.forget_session()
    sound = say("no", ENGLISH) + quiet(0.2) + say("six", ENGLISH)
    heard = hear_recording(pocketsphinx, sound, understanding().phrases(ECHOED), "rating")
    answer = read(heard, ECHOED)
    assert isinstance(answer, Correction)
    assert answer.value in (6.0, None)
