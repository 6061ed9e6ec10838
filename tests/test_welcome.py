"""The start of a session: another line after a week and a month, and the note only for whoever asks for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from conversing import hold, prepare, read
from people import NOW, RULES

from voice_coach.catalog_files import read_texts
from voice_coach.coach.today import Today
from voice_coach.coach.welcome import note, opening
from voice_coach.records import History
from voice_coach.understand.loading import load
from voice_coach.words import Ask, Match, Move, Nothing, Reply, Say, Silence, Unsure


def today(**history: object) -> Today:
    return Today(History("UTC", **history), {}, RULES, NOW, "UTC")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "key"),
    [(1, "again"), (6.9, "again"), (7, "week"), (29.9, "week"), (30, "month"), (400, "month")],
)
def test_the_welcome_goes_by_how_long_it_has_been(days: float, key: str) -> None:
    last = NOW - timedelta(days=days)
    assert opening(today(sessions=3, last_session=last)).key == f"say.opening_{key}"


def test_the_first_time_is_a_first_time() -> None:
    assert opening(today()).key == "say.opening"
    assert opening(today(last_session=NOW)).key == "say.opening", "it was broken off before it began"
    assert list(note(today())) == []


def said(name: str, home: Path) -> list[str]:
    talk = read(name)
    prepare(home, talk)
    return [line.key for line in hold(home, talk.turns, talk.now, talk.zone).lines]


def test_go_on_plays_the_note(tmp_path: Path) -> None:
    keys = said("second_session", tmp_path)
    assert keys[:3] == ["say.opening_again", "ask.note", "say.note"]


GO_ON = Unsure(("resume",), 0.5)


@pytest.mark.parametrize(
    ("heard", "asked", "played"),
    [
        ((Match("command", "resume", 1.0),), 1, True),
        ((Match("command", "remind", 1.0),), 1, True),
        ((GO_ON, Match("command", "resume", 1.0)), 2, True),
        ((GO_ON, GO_ON), 2, True),
        ((GO_ON, Nothing(0.9)), 2, False),
        ((GO_ON, Match("command", "skip", 1.0)), 2, False),
        ((Unsure(("skip", "resume"), 0.5),), 1, False),
        ((Silence(),), 1, False),
    ],
)
def test_a_doubtful_go_on_is_asked_for_once_more(
    heard: tuple[Match | Unsure | Nothing | Silence, ...], asked: int, played: bool
) -> None:
    script = note(today(sessions=3, last_session=NOW, learned="it is over soon"))
    moves: list[Move] = [next(script)]
    for answer in heard:
        try:
            moves.append(script.send(Reply(answer, NOW, "rough")))
        except StopIteration:
            break
    keys = [move.key for move in moves if isinstance(move, Ask | Say)]
    assert keys == ["ask.note"] * asked + ["say.note"] * played
    assert [move.clarifies for move in moves if isinstance(move, Ask)] == [True] * asked, "go back passes over it"


def test_private_keeps_it_silent(tmp_path: Path) -> None:
    talk = read("note_in_private")
    prepare(tmp_path, talk)
    lines = hold(tmp_path, talk.turns, talk.now, talk.zone).lines
    assert lines[0].key == "say.opening_week"
    [kept] = [line.text for line in lines if line.key == "say.note"]
    assert "You learned" not in kept


def test_silence_goes_on_without_it(tmp_path: Path) -> None:
    keys = said("after_a_month", tmp_path)
    assert keys[0] == "say.opening_month"
    assert "say.note" not in keys


def test_the_step_comes_with_its_reason(tmp_path: Path) -> None:
    keys = said("second_session", tmp_path)
    assert keys[keys.index("say.step") + 1].startswith("why.")


@pytest.mark.parametrize("key", ["say.opening", "say.opening_again", "say.opening_week", "say.opening_month",
                                 "resume.welcome"])  # fmt: skip
def test_every_start_says_where_not_to_practise(key: str) -> None:
    assert "ractise only somewhere safe and still, never while driving." in load(read_texts()).lines[key].say
