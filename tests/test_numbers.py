"""Ratings as people say them: what is one, what is asked about, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understanding import rating

WHOLE = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@pytest.mark.parametrize(("said", "value"), [
    ("seven", 7), ("7", 7), ("10", 10), ("0", 0), ("nought", 0), ("nil", 0), ("a solid eight", 8), ("a ten", 10),
    ("about a six, maybe", 6), ("sixish", 6), ("7ish", 7), ("four or so", 4), ("probably an eight", 8),
    ("seven and a half", 7.5), ("six point five", 6.5), ("6.5", 6.5), ("6,5", 6.5), ("point five", 0.5),
    ("a half", 0.5), ("nine and a half out of ten", 9.5), ("ten out of ten", 10), ("7/10", 7), ("zero out of ten", 0),
    ("on a scale of one to ten i'd say seven", 7), ("s- six", 6), ("um seven", 7), ("six six", 6), ("SEVEN", 7),
    ("I'd put it at about seven today", 7), ("set it to seven", 7), ("call it a five", 5), ("i'm at a five", 5),
    ("put me down for a six", 6), ("it has gone down to three", 3), ("my anxiety is around six", 6),
    ("two, it's not too bad", 2), ("seven because my boss is here", 7), ("worse today, eight", 8), ("seven please", 7),
    ("number seven", 7), ("level six", 6), ("i would go for a three", 3), ("a one", 1), ("just one", 1),
    ("nearly an eight", 8), ("yes seven", 7), ("around the six mark", 6), ("i feel eight out of ten scared", 8),
    ("three point five zero", 3.5), ("four point oh", 4), ("five .5", 5.5), ("three plus a half", 3.5), ("3/2", 1.5),
    ("five halves", 2.5), ("one over two", 0.5), ("in all honesty seven", 7), ("nine, trust me", 9), ("X", 10),
])  # fmt: skip
def test_is_a_rating(said: str, value: float) -> None:
    assert rating(said) == value


@pytest.mark.parametrize(("said", "value"), [
    ("four, no, five", 5), ("seven, sorry, I meant six", 6), ("eight i mean nine", 9), ("three wait no four", 4),
    ("six actually seven", 7), ("not a ten, more like a six", 6), ("it's not a seven it's a four", 4),
    ("no not seven, eight", 8), ("seven, no, six and a half", 6.5), ("not five six", 6),
    ("six now, was eight before", 6), ("was eight, now six", 6), ("not five but six", 6), ("i thought five but six", 6),
])  # fmt: skip
def test_the_repair_counts(said: str, value: float) -> None:
    assert rating(said) == value


@pytest.mark.parametrize("said", ["none", "none at all", "nothing", "nothing at all", "not at all", "no anxiety",
                                  "not anxious at all", "nothing really"])  # fmt: skip
def test_none_is_zero(said: str) -> None:
    assert rating(said) == 0


@pytest.mark.parametrize(("said", "candidates"), [
    ("six or seven", (6, 7)), ("between five and six", (5, 6)), ("five to six", (5, 6)), ("six seven", (6, 7)),
    ("maybe a six or a seven", (6, 7)), ("2-3", (2, 3)), ("two maybe three", (2, 3)), ("from eight to five", (8, 5)),
    ("the worst it's ever been", (10,)), ("off the scale", (10,)), ("halfway", (5,)), ("less than five", (5,)),
    ("at least a six", (6,)), ("seven plus", (7,)), ("seven point two", (7, 7.5)), ("six and a quarter", (6, 6.5)),
    ("one and a third", (1.5, 1)), ("seveen", (7,)), ("seven, it was six", (7, 6)),
    ("could be four could be six", (4, 6)), ("anywhere from two to four", (2, 4)),
    ("torn between six and seven", (6, 7)),
    ("zero or one, hard to say", (0, 1)), ("five i'm not sure", (5,)),
])  # fmt: skip
def test_is_asked_about(said: str, candidates: tuple[float, ...]) -> None:
    assert rating(said) == candidates


@pytest.mark.parametrize("said", ["eleven", "twelve out of ten", "seventy percent", "70%", "a hundred", "minus two",
                                  "-2", "110", "sixty five", "seven hundred", "9" * 400,
                                  "a hundred and ten", "a thousand", "fifty percent", "infinity", "four out of five",
                                  "thirty out of a hundred"])  # fmt: skip
def test_is_off_the_scale(said: str) -> None:
    assert rating(said) == "outside"


@pytest.mark.parametrize("said", [
    "my flight is at seven", "one of those days", "since nineteen ninety", "i have two dogs", "at seven o'clock",
    "half past seven", "in five minutes", "room six", "the one with the teeth", "no one was there", "one day i will",
    "i woke up at six", "i got up at seven", "three people came", "my two kids", "that one", "he gave me ten pounds",
    "bus number nine", "for the first time", "page three", "there were six of them", "i won the game", "i ate lunch",
    "not a ten", "it's one thing after another", "catch twenty two", "a meeting at 6:30", "2019 was bad for us",
    "flight ab123", "yes", "banana",
])  # fmt: skip
def test_is_no_rating(said: str) -> None:
    assert rating(said) == "nothing"


@pytest.mark.parametrize(("heard", "value"), [("ate", 8), ("to", 2), ("too", 2), ("for", 4), ("won", 1), ("sicks", 6),
                                              ("tin", 10), ("a tin", 10), ("about ate", 8)])  # fmt: skip
def test_a_number_word_by_its_sound(heard: str, value: float) -> None:
    assert rating(heard) == value


@given(st.integers(0, 10), st.sampled_from(["{}", "{} please", "about {}", "i would say {}", "a {}", "{} i think",
                                            "maybe {} today", "it's a {}", "{} out of ten"]))  # fmt: skip
def test_every_number_in_words_and_digits(value: int, frame: str) -> None:
    assert rating(frame.format(WHOLE[value])) == value
    assert rating(frame.format(value)) == value


@given(st.integers(0, 9), st.sampled_from(["{} and a half", "{} point five", "about {} and a half"]))
def test_every_half(value: int, frame: str) -> None:
    assert rating(frame.format(WHOLE[value])) == value + 0.5


@given(st.text(alphabet="0123456789.,-/% ", max_size=30))
def test_any_digits_are_on_the_scale_or_none(text: str) -> None:
    value = rating(text)
    if isinstance(value, tuple):
        assert all(isinstance(one, float) and 0 <= one <= 10 for one in value)
    else:
        assert value in ("outside", "nothing") or (isinstance(value, float) and 0 <= value <= 10 and value * 2 % 1 == 0)


NUMBERLESS = st.lists(st.sampled_from(["the", "dog", "was", "at", "home", "my", "boss", "is", "here", "i", "feel",
                                       "bad", "really", "and", "there", "it", "went", "well", "people", "look"]),
                      min_size=1, max_size=8).map(" ".join)  # fmt: skip


@given(NUMBERLESS)
def test_no_number_that_nobody_said(text: str) -> None:
    assert not isinstance(rating(text), float)
    assert rating(text) != "outside"


@pytest.mark.parametrize(("said", "candidates"), [
    ("pretty high", (7, 6)), ("really quite bad today", (8, 9)), ("not too bad", (2, 3)), ("a little", (2, 3)),
    ("kinda medium", (5, 6)), ("i'm a bit nervous", (3, 4)), ("worse than it has ever been", (10, 9)),
    ("so-so", (5, 6)),
])  # fmt: skip
def test_a_degree_without_a_number_is_asked_about(said: str, candidates: tuple[float, ...]) -> None:
    assert rating(said) == candidates


@pytest.mark.parametrize("said", ["so", "very", "the traffic is bad", "he is very nervous", "it is really not that"])
def test_is_no_degree(said: str) -> None:
    assert rating(said) == "nothing"


@pytest.mark.parametrize(("said", "value"), [
    ("i know it's daft, but six", 6), ("i was late for the bus and it feels like a seven", 7), ("big fat zero", 0),
    ("no anxiety at all, zero", 0), ("nothing, nought", 0), ("i wouldn't call it a nine, more an eight", 8),
    ("five hang on four", 4), ("for out of ten", 4),
])  # fmt: skip
def test_the_clause_that_is_a_rating_counts(said: str, value: float) -> None:
    assert rating(said) == value


@pytest.mark.parametrize("said", ["i was late and two of us left", "so two of us left", "one eighty",
                                  "seven forty five", "what's six times seven", "i'm the only one"])  # fmt: skip
def test_a_clause_that_counts_something_is_none(said: str) -> None:
    assert rating(said) == "nothing"
