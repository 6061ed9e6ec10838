""" "Why this one?" is answered by the rule that decided, with the person's own numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from conversing import hold, read
from people import NOW, PLAN, RULES, SHORT

from voice_coach.catalog_files import read_texts
from voice_coach.coach.controls import Manner, tell
from voice_coach.coach.proposals import BLANKS, NeedsRating, Proposal
from voice_coach.coach.whys import proposal_note, why_rate, why_step
from voice_coach.records import Go, History, Rung, Variation
from voice_coach.speak.phrasing import Phrasing
from voice_coach.understand.loading import load
from voice_coach.words import Ask, Expects, Say

PHRASE = Phrasing(load(read_texts()), {})
NUMBERS = {"rating": 3.5, "row": 1, "needed": 2, "tries": 4, "days": 5, "check": 2}


def go(rung: Rung, variation: Variation | None) -> Go:
    return Go("x", rung, variation, NOW, NOW)


@pytest.mark.parametrize("reason", BLANKS)
def test_each_reason_is_one_sentence_with_every_number(reason: str) -> None:
    numbers = {name: NUMBERS[name] for name in BLANKS[reason]}  # type: ignore[index]
    say = why_step(Proposal(PLAN.rung, None, reason, numbers=numbers), go(PLAN.rung, None), 3.0, RULES)  # type: ignore[arg-type]
    text = PHRASE(say.key, 0, say.blanks)
    assert text.count(".") == 1
    assert "{" not in text
    words = {
        "rating": "three and a half",
        "row": "one",
        "needed": "two",
        "tries": "four",
        "days": "five",
        "check": "two",
    }
    assert all(words[name] in text.lower() for name in numbers), text


def test_above_five_the_number_now_is_the_reason() -> None:
    said = why_step(PLAN, go(PLAN.rung, SHORT), 5.5, RULES)
    assert said == Say("why.tense", {"before": 5.5})
    assert "five and a half" in PHRASE(said.key, 0, said.blanks)
    assert why_step(PLAN, go(PLAN.rung, PLAN.variation), 5.0, RULES).key == "why.vary"


@pytest.mark.parametrize("why", ["entering", "after_hard", "away", "promotion"])
def test_a_rating_is_explained(why: str) -> None:
    say = why_rate(NeedsRating(PLAN.rung, why), RULES)  # type: ignore[arg-type]
    assert PHRASE(say.key, 0, say.blanks).count(".") == 1


def test_why_falls_back_to_the_step_and_private_mode_says_no_number() -> None:
    asked = Ask("ask.agree", Expects("yes-no"), why=Say("why.vary", {"row": 1, "needed": 2}))
    assert tell("why", asked, None, History("UTC"), Manner()) == asked.why
    assert tell("why", Ask("ask.before", Expects("rating")), None, History("UTC"), Manner()) == Say("why.step_2")


def test_the_decision_is_kept_as_a_fact() -> None:
    note = proposal_note(PLAN, go(PLAN.rung, PLAN.variation))
    assert note.name == "proposal"
    assert note.value["why"] == "vary"
    assert note.value["variation"] == "friend"


def test_why_is_said_in_the_conversation(tmp_path: Path) -> None:
    talk = read("why_this_one")
    lines = hold(tmp_path, talk.turns, talk.now, talk.zone).lines
    said = {line.key: line.text for line in lines}
    assert "why.rate_entering" in said
    assert "three" in said["why.start"]
