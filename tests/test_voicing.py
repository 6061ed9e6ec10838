"""Whose words they are: the tail of the coach's own question is no answer, a short answer by keyboard is."""

from __future__ import annotations

import pytest

from voice_coach.coach.voicing import is_own_tail
from voice_coach.words import Ask, Expects, Heard

OPEN = Ask("ask.fear", Expects("text"), pace="open")
TAIL = Heard("wish fear is it", free="wish fear", manner="rough", overlap=True)


def test_a_few_rough_words_in_the_tail_of_an_open_question_are_its_own() -> None:
    assert is_own_tail(TAIL, OPEN)


@pytest.mark.parametrize(
    ("heard", "ask"),
    [
        (Heard("wish fear is it", manner="rough"), OPEN),
        (Heard("phone calls", manner="verbatim", overlap=True), OPEN),
        (Heard("I fear asking in a meeting", manner="rough", overlap=True), OPEN),
        (TAIL, Ask("ask.agree", Expects("yes-no"))),
    ],
)
def test_later_longer_surer_or_closed_answers_are_answers(heard: Heard, ask: Ask) -> None:
    assert not is_own_tail(heard, ask)
