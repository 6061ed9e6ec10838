"""Answers that only their turn makes clear: corrections of the number just said back, ages, what is no clear no."""

from __future__ import annotations

import pytest
from understanding import told, understanding

from voice_coach.understand.output import to_json
from voice_coach.words import Correction, Expects, Heard, Kind, Match

TURNS: tuple[Kind, ...] = ("rating", "yes-no", "text")


@pytest.mark.parametrize("said", ["remind me tomorrow", "remind me what i learned", "give me a reminder for this"])
def test_both_kinds_of_reminding_are_printed_alike(said: str) -> None:
    line = to_json(said, understanding().understand(Heard(said), Expects("command")))
    assert (line["kind"], line["value"]) == ("command", "remind")


@pytest.mark.parametrize("said", ["six, not seven", "i didn't say seven, i said six", "could you make that a six",
                                  "you misheard me, i said six", "six is what i said"])  # fmt: skip
def test_a_denied_number_or_a_later_cue_corrects_too(said: str) -> None:
    for kind in TURNS:
        expects = Expects(kind, corrects="rating", echoed=7.0)
        read = understanding().understand(Heard(said), expects).answer
        assert isinstance(read, Correction)
        assert read.value == 6


@pytest.mark.parametrize(("said", "value"), [("it was seven, now five", 5), ("seven, no, six", 6), ("six please", 6)])
def test_a_present_answer_that_names_the_last_one_corrects_nothing(said: str, value: float) -> None:
    read = understanding().understand(Heard(said), Expects("rating", corrects="rating", echoed=7.0)).answer
    assert isinstance(read, Match)
    assert read.value == value


@pytest.mark.parametrize(("said", "value"), [
    ("I'm nineteen", True), ("i turned forty last month", True), ("i am eighteen years old", True),
    ("i'm seventeen", False), ("only twelve", None), ("i'm nearly eighteen", False), ("i'm turning eighteen", False),
    ("i'm in my sixties", True), ("i am five", None), ("i have nineteen dogs", None),
])  # fmt: skip
def test_an_age_says_whether_one_is_old_enough(said: str, value: bool | None) -> None:
    assert told(said, "yes-no") == (("nothing", None) if value is None else ("yes_no", value))


@pytest.mark.parametrize("said", ["not often", "rarely", "hardly ever", "once or twice", "not every day",
                                  "not as much as before", "used to", "the usual"])  # fmt: skip
def test_what_may_be_a_yes_to_a_question_of_the_screen_is_no_no(said: str) -> None:
    assert told(said, "yes-no")[0] == "unsure"
