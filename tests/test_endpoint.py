"""When an utterance ends."""

from __future__ import annotations

import pytest

from voice_coach.listen.endpoint import LAG, LONGEST, LONGEST_OPEN, Voice, longest, looks_early, pause
from voice_coach.ports import Complete, Turn
from voice_coach.words import Expects

RATING = Turn(Expects("rating"), "short", ("seven",))
OPEN = Turn(Expects("text"), "open", ("stop",))


@pytest.mark.parametrize(
    ("complete", "seconds"), [("complete", 0.35 - LAG), ("may_continue", 0.6 - LAG), ("incomplete", 1.0)]
)
def test_a_short_answer_ends_the_sooner_the_more_complete_it_is(complete: Complete, seconds: float) -> None:
    assert pause(RATING, complete) == seconds


def test_patience_stretches_every_pause_but_that_of_the_exposure() -> None:
    patient = Turn(RATING.expects, "short", RATING.phrases, patience=2.0)
    assert pause(patient, "complete") == 2 * (0.35 - LAG)
    assert pause(Turn(OPEN.expects, "reflection", patience=2.0), "may_continue") == 5.0
    assert pause(Turn(OPEN.expects, "exposure", patience=2.0), "incomplete") == 0.8


def test_an_open_answer_may_pause_longer_unless_it_is_a_command_alone() -> None:
    assert pause(OPEN, "may_continue") >= 2.5
    assert pause(OPEN, "incomplete") >= 2.5
    assert pause(OPEN, "complete") < 2.5


def test_words_are_looked_at_early_only_where_they_decide() -> None:
    assert looks_early(RATING)
    assert looks_early(OPEN)
    assert not looks_early(Turn(OPEN.expects, "exposure", ("stop",)))
    assert not looks_early(Turn(OPEN.expects, "open"))


def test_open_turns_let_people_speak_longer() -> None:
    assert longest(RATING) == LONGEST
    assert longest(OPEN) == longest(Turn(OPEN.expects, "exposure")) == LONGEST_OPEN


def test_a_voice_that_trails_off_is_one_voice() -> None:
    voice = Voice()
    assert [voice.hear(each) for each in (0.35, 0.9, 0.35, 0.1, 0.35)] == [False, True, True, False, False]
