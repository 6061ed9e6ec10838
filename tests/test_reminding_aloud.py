"""A reminder asked for by voice or keyboard in the session: read back, written after a yes alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from conversing import Held, Turn, hold, read

FIRST = read("first_session")
CASES: list[tuple[tuple[tuple[str, str], ...], str]] = [
    ((("ask.fear", "remind me tomorrow at six in the evening"), ("reminder.sure", "yes")), "20260303T170000Z"),
    ((("ask.fear", "remind me tomorrow at six"), ("reminder.sure", "no"), ("reminder.sure", "yes")),
     "20260303T050000Z"),
    ((("ask.fear", "remind me in two hours"), ("reminder.sure_today", "yes")), "20260302T190000Z"),
    ((("ask.fear", "set a reminder"), ("reminder.when", "some day"), ("reminder.when", "friday at noon"),
      ("reminder.sure", "yes")), "20260306T110000Z"),
    ((("ask.fear", "remind me tomorrow"), ("reminder.when", "skip")), ""),
    ((("ask.fear", "set a reminder"), ("reminder.when", "some day"), ("reminder.when", "soon")), ""),
    ((("ask.fear", "remind me tomorrow at six pm"), ("reminder.sure", "no")), ""),
    ((("ask.fear", "remind me tomorrow at six pm"), ("reminder.sure", "maybe")), ""),
]  # fmt: skip


def said(home: Path, *turns: tuple[str, str]) -> Held:
    replies = tuple(Turn(key, words) for key, words in (*turns, ("ask.fear", "stop")))
    return hold(home, replies, FIRST.now, FIRST.zone)


@pytest.mark.parametrize(("turns", "starts"), CASES)
def test_it_is_written_after_a_yes_alone(turns: tuple[tuple[str, str], ...], starts: str, tmp_path: Path) -> None:
    held = said(tmp_path, *turns)
    file = tmp_path / "reminder.ics"
    assert held.left == 0
    assert file.exists() == bool(starts)
    if starts:
        assert f"DTSTART:{starts}" in file.read_text()
        assert "reminder.done" in [line.key for line in held.lines]


def test_at_a_closed_question_it_is_heard_too_and_the_question_comes_again(tmp_path: Path) -> None:
    turns = (*FIRST.turns[:9], Turn("ask.before", "remind me on friday at noon"), Turn("reminder.sure", "yes"),
             Turn("ask.before", "stop"))  # fmt: skip
    assert hold(tmp_path, turns, FIRST.now, FIRST.zone).left == 0
    assert (tmp_path / "reminder.ics").exists()


def test_the_note_is_still_played_when_asked_for(tmp_path: Path) -> None:
    hold(tmp_path, FIRST.turns, FIRST.now, FIRST.zone)
    again = (Turn("ask.note", "skip"), Turn("screen.since", "remind me"), Turn("screen.since", "stop"))
    held = hold(tmp_path, again, FIRST.now + timedelta(days=1), FIRST.zone)
    assert "control.learned" in [line.key for line in held.lines]
    assert not (tmp_path / "reminder.ics").exists()
