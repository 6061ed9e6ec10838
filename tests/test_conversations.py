"""Every conversation file, as typed replies, and again with a crash after every turn."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conversing import FOLDER, Conversation, Held, hold, minutes, prepare, read, rows

NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
SAID_AGAIN = ("control.", "say.scale", "echo.")


def assert_ends(conversation: Conversation, home: Path, outcome: str, reason: str) -> None:
    ends = dict(conversation.ends)
    assert outcome == ends.pop("outcome")
    if "reason" in ends:
        assert reason == ends.pop("reason")
    exposures = [json.loads(row.value) for row in rows(home, "exposed")]
    checks: dict[str, Any] = {
        "exposure": lambda want: exposures[-1]["how"] == want,
        "rung": lambda want: exposures[-1]["rung"] == want,
        "variation": lambda want: exposures[-1]["variation"] == want,
        "easier": lambda want: want == (exposures[-1]["variation"] is not None),
        "check_in": lambda want: json.loads(rows(home, "note", "check_in")[-1].value)["value"] == want,
        "ratings": lambda want: all(last_rating(home, key) == value for key, value in want.items()),
        "latch": lambda want: want == any(row.key == "crisis" for row in rows(home, "end")),
    }
    for key, want in ends.items():
        assert checks[key](want), f"{key}: wanted {want}, exposures {exposures}"


def last_rating(home: Path, key: str) -> float:
    bodies = [json.loads(row.value) for row in rows(home, "answer")]
    keys = [row.key for row in rows(home, "answer")]
    at = max(index for index, found in enumerate(keys) if found == key)
    found = bodies[at]
    if found["is"] == "unsure":
        found = bodies[at + 1]
    return float(found["value"])


@pytest.mark.parametrize("name", NAMES)
def test_conversation(name: str, tmp_path: Path) -> None:
    conversation = read(name)
    prepare(tmp_path, conversation)
    held = hold(tmp_path, conversation.turns, conversation.now, conversation.zone, private=conversation.private)
    assert held.left == 0, f"{held.left} replies were never asked for"
    assert_ends(conversation, tmp_path, held.outcome.how, held.outcome.reason)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_with_a_crash_after_every_turn(name: str, tmp_path: Path) -> None:
    conversation = read(name)
    before = tmp_path / "before"
    before.mkdir()
    prepare(before, conversation)
    for cut in range(len(conversation.turns)):
        home = tmp_path / str(cut)
        shutil.copytree(before, home)
        first = hold(home, conversation.turns[:cut], conversation.now, conversation.zone, private=conversation.private)
        if first.outcome.how != "input_ended":
            continue  # it ends in a message, which is not gone on with by a script
        at_step = first.lines[-1].key.startswith(("say.begin", "cue.", "step."))
        rest = conversation.turns[asked_anew(conversation, cut) :]
        if rest and rest[0].coach == "control.waiting":
            rest = rest[1:]  # a hold is not gone on with: the question comes again
        if at_step:
            assert_asks_whether_it_was_done(home, conversation, first)
            continue
        later, private = conversation.now + minutes(10), conversation.private
        again = hold(home, rest, later, conversation.zone, safe=bool(cut or rest), private=private)
        assert again.left == 0, (cut, [line.key for line in again.lines])
        assert_ends(conversation, home, again.outcome.how, again.outcome.reason)


def asked_anew(conversation: Conversation, cut: int) -> int:
    """Where a person goes on after a cut: what a command began is not gone on with, so it is said again."""
    while cut < len(conversation.turns) and conversation.turns[cut].coach.startswith(("ladders.", "forget.")):
        cut -= 1
    return cut


def assert_asks_whether_it_was_done(home: Path, conversation: Conversation, first: Held) -> None:
    again = hold(home, (), conversation.now + minutes(10), conversation.zone, safe=True)
    assert again.lines[-1].key == "ask.did_you_do_it"
    assert not any(line.key.startswith("say.begin") for line in again.lines), "the step's clock was started again"
    assert first.outcome.how == "input_ended"


def test_no_sentence_is_said_twice_running_when_a_question_is_repeated(tmp_path: Path) -> None:
    held = hold(tmp_path, read("silence_then_pause").turns, read("silence_then_pause").now, "Europe/Berlin")
    texts = [line.text for line in held.lines if not line.key.startswith(SAID_AGAIN)]
    assert all(first != second for first, second in pairwise(texts))
