"""Choosing the rung of the day where the next one is too high, or the next two are too easy."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from people import CLEAR, DAY, NOW, exposed
from test_building import catalog, drive, today

from voice_coach.coach.asking import Answer
from voice_coach.coach.choosing import choose
from voice_coach.coach.progression import Proposal
from voice_coach.records import History, RungRating

LADDER = catalog().ladders["public_speaking"]
FIRST, SECOND, THIRD, FOURTH, *_ = (rung.id for rung in LADDER.rungs)


def mastered_the_first() -> History:
    """Two good ones on the first rung, one of them with a change, and its three checks."""
    done: list[dict[str, Any]] = [{}, {"variation": "standing"}, *({"retention": True} for _ in range(3))]
    ago = (20, 19, 18, 14, 4)
    exposures = tuple(
        exposed(days * DAY, id=str(days), ladder=LADDER.id, rung=FIRST, **told)
        for days, told in zip(ago, done, strict=True)
    )
    ratings = (RungRating(LADDER.id, FIRST, 3.0, NOW - 21 * DAY),)
    return replace(CLEAR, ladder=LADDER.id, exposures=exposures, rung_ratings=ratings)


def chosen(*answers: tuple[str, Any]) -> tuple[Proposal, list[str]]:
    history = mastered_the_first()
    made, _, notes = drive(choose(today(history), LADDER, history, Answer(None, NOW)), list(answers))
    proposal = made[0]
    assert isinstance(proposal, Proposal)
    kept = [json.loads(str(note.value["body"])) for note in notes if note.name == "own_ladder"]
    return proposal, [rung["id"] for rung in kept[-1]["rungs"]] if kept else [rung.id for rung in LADDER.rungs]


def test_a_rung_is_built_below_the_next_one_that_is_too_high_and_today_stays() -> None:
    proposal, order = chosen(("ask.rung", 5.0), ("ask.bridge", "half"), ("ask.rung", 3.0))
    assert (proposal.rung.id, proposal.why) == (FIRST, "bridge")
    assert order[:3] == [FIRST, f"{SECOND}_half", SECOND]


@pytest.mark.parametrize("answers", [[("ask.bridge", "skip")], [("ask.bridge", "half"), ("ask.rung", 1.0)] * 3])
def test_without_a_rung_in_between_the_ladder_stays_as_it_is(answers: list[tuple[str, Any]]) -> None:
    proposal, order = chosen(("ask.rung", 5.0), *answers)
    assert (proposal.rung.id, proposal.why) == (FIRST, "bridge")
    assert order == [rung.id for rung in LADDER.rungs]


def test_of_two_that_are_too_easy_one_may_be_taken_off() -> None:
    easy = [("ask.rung", 1.0), ("ask.rung", 1.5)]
    proposal, order = chosen(*easy, ("ask.take_off", True), ("ask.rung", 3.0))
    assert (proposal.rung.id, proposal.why) == (FOURTH, "up")
    assert order[:3] == [FIRST, THIRD, FOURTH]
    proposal, order = chosen(*easy, ("ask.take_off", False))
    assert (proposal.rung.id, proposal.why) == (FIRST, "stay")
    assert order[:3] == [FIRST, SECOND, THIRD]
