"""A device that many people use: nothing is left of a visit, nothing is learned, its owner's things stay."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from conversing import _understanding as understanding
from conversing import hold, read
from hearing import ENGLISH, say
from speaking import Knowing, speak

from voice_coach.app import hold_typed, lessons_of, open_coach
from voice_coach.listen.example_file import path_of
from voice_coach.listen.learned import Learned, Uttered
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import Decoded
from voice_coach.settings import Settings, read_settings
from voice_coach.words import Expects, Heard

FIRST = read("first_session")
TYPED = "".join(f"{turn.says}\n" for turn in FIRST.turns)
ANNOUNCED = "This device is for everybody: when we end, nothing that you said is kept."


def visit(home: Path, typed: str, on_crisis: str = "") -> str:
    """What a visitor is told who types this."""
    out = io.StringIO()
    settings = Settings(home, kiosk=True, on_crisis=on_crisis)
    hold_typed(settings, io.BytesIO(typed.encode()), out, terminal=False, real_time=False)
    return out.getvalue()


def content(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_nothing_is_left_of_a_visit_and_the_next_one_finds_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = visit(home, TYPED)
    assert "Before, three. At its highest, five." in first, "a whole session is held"
    assert "kept" not in first.replace(ANNOUNCED, "")
    assert list(content(home)) == ["helpline.json"]
    second = visit(home, "stop\n")
    assert "Hello. I am a voice coach" in second
    assert "Welcome back" not in second
    assert "What you said is kept" not in second
    assert second.endswith("We stop here, and nothing of it is kept. Goodbye.\n")


def test_a_visit_that_was_cut_off_is_not_the_next_visitors(tmp_path: Path) -> None:
    home = tmp_path / "home"
    visit(home, "".join(TYPED.splitlines(keepends=True)[:8]))
    assert "We were cut off" not in visit(home, "stop\n")


def test_it_is_said_first_and_so_is_that_the_operator_is_told(tmp_path: Path) -> None:
    lines = visit(tmp_path / "home", "stop\n", on_crisis="true").splitlines()
    assert lines[0] == ANNOUNCED
    assert lines[1].startswith("This device tells its operator")
    out = io.StringIO()
    hold_typed(Settings(tmp_path / "own"), io.BytesIO(b"stop\n"), out, terminal=False, real_time=False)
    assert ANNOUNCED not in out.getvalue()


def test_what_belongs_to_its_owner_is_neither_told_nor_taken_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    hold(home, FIRST.turns, FIRST.now, FIRST.zone)
    path = path_of(home)
    path.parent.mkdir()
    path.write_bytes(b"the owner's")
    before = content(home)
    said = visit(home, "remind me\nmy ladders\nforget my voice\nforget everything\nyes\n")
    assert "shaking voice" not in said
    assert "You are on no ladder yet." in said
    assert "Everything is forgotten" in said
    assert {name: held for name, held in content(home).items() if name != "helpline.json"} == before


def test_no_voice_is_learned_or_recorded(tmp_path: Path) -> None:
    said = visit(tmp_path / "home", "learn my voice\nkeep my voice\nmy recordings\nstop\n")
    assert "Here I learn nobody's voice." in said
    assert "Here I keep nobody's voice." in said
    assert "There are no recordings of your voice." in said


def test_aloud_nobody_is_asked_and_no_sound_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    coach = open_coach(Settings(home, kiosk=True), zone=FIRST.zone)
    says = {turn.coach: turn.says for turn in FIRST.turns} | {"ask.rung": ("one", "two and a half")}
    spoken = speak(home, says, FIRST.now + timedelta(hours=1), Knowing(), coach=coach)
    assert spoken.outcome.how == "went"
    assert "ask.learned" in spoken.asked
    assert not [line for line in spoken.lines if line.key.startswith(("ask.own_voice", "own_voice."))]
    assert list(content(home)) == ["helpline.json"]


@pytest.mark.parametrize("kiosk", [False, True])
def test_a_spoken_visit_learns_from_no_answer(tmp_path: Path, pocketsphinx: PocketSphinx, kiosk: bool) -> None:
    settings = Settings(tmp_path, kiosk=kiosk)
    catalog, understands = understanding()
    learned = Learned(pocketsphinx, ())
    learned.latest = Uttered(say("seven", ENGLISH), Decoded("seven", 0.9))
    lessons = lessons_of(settings, catalog, learned)
    attend = lessons.attending(understands.understand)
    attend(Heard("seven", manner="rough"), Expects("rating"))
    attend(Heard("two", manner="rough"), Expects("rating", corrects="rating"))  # so the seven was let stand
    lessons.keep()
    assert bool(content(tmp_path)) == (not kiosk)


def test_it_is_a_setting_and_off_by_default(tmp_path: Path) -> None:
    assert not read_settings(tmp_path, {}).kiosk
    assert read_settings(tmp_path, {"VOICE_COACH_KIOSK": "yes"}).kiosk
