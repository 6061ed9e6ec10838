"""Folding: one form for what is the same when spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understanding import english, folded

from voice_coach.understand.spoken import LONGEST, Phrases, Tails, fold, spelling


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Seven.", "seven"),
        ("  SEVEN!  ", "seven"),
        ("um, seven", "seven"),
        ("ummm uh seven", "seven"),
        ("s- six", "six"),
        ("s s six", "six"),
        ("f- f- four", "four"),
        ("no no no", "no"),
        ("don't", "do not"),
        ("dont", "do not"),
        ("can't", "can not"),
        ("won’t", "will not"),
        ("I'm", "i am"),
        ("she'd", "she would"),
        ("o'clock", "oclock"),
        ("uh-huh", "mhm"),
        ("uh huh", "mhm"),
        ("good bye", "goodbye"),
        ("bye bye", "goodbye"),
        ("7/10", "7 out of 10"),
        ("6,5", "6.5"),
        ("70%", "70 percent"),
        ("sixish", "six ish"),
        ("6ish", "6 ish"),
        ("-3", "minus 3"),
        ("2-3", "2 3"),
        ("6:30", "6:30"),
        ("ab123", "ab123"),
        ("it's a 7", "it is a 7"),
        ("nooo", "no"),
        ("i a b", "i a b"),
        ("", ""),
        ("?!…", ""),
        ("😀", ""),
    ],
)
def test_folds(said: str, words: str) -> None:
    assert folded(said) == words


def test_a_lone_letter_that_is_a_word_is_no_stutter() -> None:
    assert folded("i is") == "i is"
    assert folded("a apple") == "a apple"


def test_digits_that_repeat_stay() -> None:
    assert folded("7 7") == "7 7"


def test_folding_reads_no_further_than_its_limit() -> None:
    assert len(" ".join(fold("ab " * LONGEST, english()))) < LONGEST


@given(st.text(max_size=200))
def test_a_folded_word_is_plain(text: str) -> None:
    for word in fold(text, english()):
        assert word
        assert word == word.lower().strip(" -'")
        assert word not in english().fillers


@given(st.text(max_size=200))
def test_case_and_spaces_do_not_matter(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert folded(plain.upper()) == folded(plain)
    assert folded(f"  {plain.replace(' ', '  ')} ") == folded(plain)


def test_the_longest_sequence_is_found_first() -> None:
    phrases = Phrases([("no",), ("no", "way")])
    assert phrases.at(("no", "way", "out"), 0) == 2
    assert phrases.at(("no", "thanks"), 0) == 1
    assert phrases.at(("yes",), 0) == 0


def test_stripping_leaves_a_word() -> None:
    assert Phrases([("please",)]).strip_front(("please", "please")) == ("please",)
    assert Tails([("please",)]).strip(("stop", "please")) == ("stop",)
    assert Tails([("please",)]).strip(("please",)) == ("please",)


def test_a_spelling_may_join_split_words() -> None:
    rules = spelling((), ("any body = anybody", "ta = thanks"))
    assert fold("any body ta", rules) == ("anybody", "thanks")
