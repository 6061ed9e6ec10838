"""How the imagined person of a rehearsal answers where the coach has misheard: as people do, and no more cleverly."""

from __future__ import annotations

from pathlib import Path

import pytest
from understanding import understanding

from voice_coach.app import load_catalog
from voice_coach.ports import Line, Turn
from voice_coach.rehearsal.conduct import Conduct
from voice_coach.rehearsal.person import Asked, Timed, Wish
from voice_coach.settings import Settings
from voice_coach.speak.phrasing import Phrasing
from voice_coach.words import Expects

RATING = Turn(Expects("rating"))
ECHOED = Turn(Expects("rating", corrects="rating"))
AGREE = Turn(Expects("yes-no", corrects="rating"))
YES_NO = Turn(Expects("yes-no"))


class Decided:
    """Somebody who knows what to say to each question."""

    def __init__(self, **wishes: Wish) -> None:
        self._wishes = {key.replace("_", ".", 1): wish for key, wish in wishes.items()}

    def wish(self, asked: Asked) -> Wish:
        return self._wishes[asked.key]

    def insists(self, asked: Asked) -> bool:
        del asked
        return False

    def step(self, speaks_aloud: bool) -> tuple[Timed, ...]:
        del speaks_aloud
        return ()

    def reflection(self) -> tuple[Timed, ...]:
        return ()


@pytest.fixture
def person(tmp_path: Path) -> Conduct:
    catalog = load_catalog(Settings(tmp_path))
    mind = Decided(
        ask_rung=Wish("two and a half", "number two and a half", 2.5),
        ask_agree=Wish("no, not at all", "no"),
        ask_peak=Wish("five", "number five", 5.0, before=("why",)),
        ask_after=Wish("one", "number one", 1.0),
    )
    return Conduct(mind, understanding().understand, Phrasing(catalog, {}), ())


def says(person: Conduct, key: str, text: str, turn: Turn) -> str:
    replies = person.replies(Line(1, text, key), turn)
    assert replies is not None
    return " ".join(part.text for part in replies)


def test_a_number_is_remembered_past_an_answer_that_was_taken_for_another(person: Conduct) -> None:
    assert says(person, "ask.rung", "How anxious?", RATING) == "two and a half"
    assert says(person, "ask.agree", "Two and a half. Will you take this step today?", AGREE) == "no, not at all"
    assert says(person, "ask.agree", "Nine and a half. Will you take this step?", AGREE) == "no, two and a half"


def test_asked_again_after_a_correction_it_counts_as_asked_again(person: Conduct) -> None:
    says(person, "ask.rung", "How anxious?", RATING)
    said = []
    for _ in range(3):
        said.append(says(person, "ask.agree", "Two and a half. Will you take this step today?", AGREE))
        says(person, "ask.rung", "Nine and a half. How anxious?", ECHOED)
    assert said == ["no, not at all", "no, not at all", "no"]


def test_a_command_taken_for_a_number_is_not_that_number(person: Conduct) -> None:
    says(person, "ask.rung", "How anxious?", RATING)
    assert says(person, "ask.peak", "Two and a half. At its highest?", ECHOED) == "why"
    assert says(person, "ask.did_you_say", "Did you say nine?", YES_NO) == "no"
    assert says(person, "ask.after", "Nine. And now?", ECHOED) == "no, five"


def test_the_command_answered_the_number_before_it_still_stands(person: Conduct) -> None:
    says(person, "ask.rung", "How anxious?", RATING)
    assert says(person, "ask.peak", "Two and a half. At its highest?", ECHOED) == "why"
    assert says(person, "ask.peak", "Two and a half. At its highest?", ECHOED) == "five"
    assert says(person, "ask.after", "Five. And now?", ECHOED) == "one"


def test_a_correction_is_no_refusal(person: Conduct) -> None:
    says(person, "ask.rung", "How anxious?", RATING)
    assert says(person, "ask.agree", "Three and a half. Will you?", AGREE) == "no, two and a half"
    assert says(person, "ask.did_you_say", "Did you say no?", YES_NO) == "I said two and a half"
