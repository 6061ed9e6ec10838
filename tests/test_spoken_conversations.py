"""Conversation files by voice: each line is spoken, and heard by the real endpoint, recognizer and matcher.

A spread of them by default; all with VOICE_COACH_ALL_SPOKEN=1.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from conversing import FOLDER, Conversation, Held, hold, prepare, read, rows
from speaking_up import Spoken, hold_spoken, place
from test_conversations import assert_ends

from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.rehearsal.sounds import Voice

SPREAD = (
    "danger_cleared",
    "danger_denied",
    "danger_harm",
    "danger_third_flag",
    "first_session",
    "go_back",
    "grounding_left_early",
    "harm_next_day",
    "ladder_closed_another_open",
    "ladder_needles_fainted",
    "ladder_smaller_again",
    "latched",
    "minor",
)
"""Of each kind the shortest, and one whole session: what every run of the tests can afford."""
ALL = sorted(path.stem for path in FOLDER.glob("*.yaml"))
NAMES = ALL if os.environ.get("VOICE_COACH_ALL_SPOKEN") else SPREAD

OTHERWISE: dict[str, str] = {
    "asides_at_the_start": "time left and private are no sayings of a closed turn, and doubt there counts as unsure",
    "change_ladder_named": "a ladder's name is no saying of a closed turn",
    "change_ladder_stay": "a ladder's name is no saying of a closed turn, and stands where doubt counts as yes",
    "danger_panic_now": "its words are heard as others; nothing in them leads to panic",
    "commitment_mended": "roughly heard words are not judged, so nothing is asked for; and skip is heard in doubt",
    "late_at_night": "a yes to the one ladder that is offered is heard as another's name, which no echo tells",
    "more_questions": "questions are no sayings of a closed turn, and doubt there counts as unsure",
    "out_of_range": "no number off the scale is a saying of a rating: twelve is heard as one",
    "own_ladder": "a ladder of one's own needs words that are written down, which this recognizer does not do",
    "own_ladder_harm": "a ladder of one's own needs words that are written down",
    "own_ladder_two_people": "a ladder of one's own needs words that are written down",
    "own_ladder_private": "a ladder of one's own needs words that are written down",
    "six_and_a_half_passes": "skip is heard in doubt, which is no answer where a number is asked for",
    "suicide_unsure": "heard as self-harm, with the same response",
    "wait": "wait is heard in doubt where a number is asked for, too near to eight",
}
"""Conversations that a synthetic voice does not bring to their end, and why. They are held all the same."""

ASKED_AT_MOST = 4
"""So often one question is answered in a row: three tries and the way out, unless commands come between."""
TRIED_AGAIN = frozenset({"ask.rung", "ask.ladder", "build.situation", "build.rate"})
"""Questions of which a conversation holds several in a row."""


@cache
def voice() -> Voice:
    return Voice()


def spoken(name: str, folder: Path, recognizer: PocketSphinx) -> tuple[Conversation, Held, Spoken]:
    """The conversation typed and spoken, each in a home of its own below the folder (typed, spoken)."""
    conversation = read(name)
    prepare(folder / "typed", conversation)
    (folder / "typed").mkdir(exist_ok=True)
    shutil.copytree(folder / "typed", folder / "spoken")
    typed = hold(
        folder / "typed", conversation.turns, conversation.now, conversation.zone, private=conversation.private
    )
    placed = place(conversation.turns, typed.answered)
    return conversation, typed, hold_spoken(folder / "spoken", conversation, placed, recognizer, voice(), typed.outcome)


@pytest.mark.parametrize("name", NAMES)
def test_spoken_conversation(name: str, tmp_path: Path, pocketsphinx: PocketSphinx) -> None:
    conversation, typed, held = spoken(name, tmp_path, pocketsphinx)
    heard = held.transcript
    # What must hold however badly it is heard.
    assert held.outcome.how != "input_ended" or typed.outcome.how == "input_ended", heard
    assert held.lines[-1].text, heard
    if typed.outcome.how in ("crisis", "refer") or (typed.outcome.how == "rest" and name not in OTHERWISE):
        # Those of the sessions before are in both.
        assert len(rows(tmp_path / "spoken", "expose")) <= len(rows(tmp_path / "typed", "expose")), heard
    for key, run in groupby(held.asked):
        commands = sum(turn.coach == key for turn in conversation.turns)
        assert key in TRIED_AGAIN or key.startswith("stabilise.") or len(list(run)) <= ASKED_AT_MOST + commands, heard
    if name in OTHERWISE:
        return
    assert_ends(conversation, tmp_path / "spoken", held.outcome.how, held.outcome.reason)


def test_whoever_is_named_is_there() -> None:
    assert {*SPREAD, *OTHERWISE} <= set(ALL)
    assert not set(SPREAD) & set(OTHERWISE), "the spread ends as it does typed"
