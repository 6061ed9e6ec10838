""" "How am I doing?": facts alone, short, at any question and as a command."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conversing import _understanding, hold, read
from people import CLEAR, DAY, LADDER, NOW, RULES, exposed

from voice_coach.cli import main
from voice_coach.coach.progress import Likelihood, progress, told
from voice_coach.records import History
from voice_coach.speak.phrasing import Phrasing
from voice_coach.words import Say

CATALOG, _ = _understanding()
PHRASE = Phrasing(CATALOG, {})
RUNS = tuple(exposed(n * DAY, rung="b", happened="yes" if n == 3 else "no") for n in range(9, 0, -1))
LIVED = replace(CLEAR, exposures=RUNS, sessions=11)
RATED = (Likelihood(8, 3), Likelihood(7, 2), Likelihood(6, 2))
WORDS_A_SECOND = 2.5


def spoken(history: History = LIVED, rated: tuple[Likelihood, ...] = RATED) -> list[str]:
    return [PHRASE(say.key, 0, say.blanks) for say in progress(history, LADDER, rated, RULES, NOW)]


def test_sessions_week_rung_expectations_and_likelihood() -> None:
    said = {say.key: dict(say.blanks) for say in progress(LIVED, LADDER, RATED, RULES, NOW)}
    assert said["progress.sessions"] == {"count": 11}
    assert said["progress.week"] == {"days": 6}
    assert said["progress.rung"] == {"place": 2, "all": 5}
    assert said["progress.expected"] == {"times": 9, "came": 1}
    assert said["progress.likelihood"] == {"before": 7.0, "after": 2.5}


def test_it_is_spoken_in_under_half_a_minute_with_three_numbers_a_sentence_at_most() -> None:
    lines = spoken()
    assert sum(len(line.split()) for line in lines) / WORDS_A_SECOND < 30
    names = "|".join(sorted(CATALOG.numbers, key=len, reverse=True))
    for line in lines:
        for sentence in re.split(r"[.;?]", line):
            assert len(re.findall(rf"\b(?:\d+|{names})\b", sentence.lower())) <= 3, sentence


def test_a_break_is_not_spoken_of() -> None:
    away = replace(LIVED, exposures=tuple(exposed(n * DAY) for n in (40, 41)))
    keys = [say.key for say in progress(away, None, (), RULES, NOW + timedelta(days=1))]
    assert keys == ["progress.sessions", "progress.expected"]


def test_at_the_beginning_there_is_nothing_to_tell() -> None:
    assert progress(History("UTC"), None, (), RULES, NOW) == (Say("progress.none"),)


def test_in_private_mode_no_number_is_said() -> None:
    assert list(told([Say("progress.sessions", {"count": 3})], private=True)) == [Say("private.progress")]


def test_it_is_told_at_a_question_and_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, again = read("first_session"), read("progress_asked")
    hold(tmp_path, first.turns, first.now, first.zone)
    lines = hold(tmp_path, again.turns, again.now, again.zone).lines
    keys = [line.key for line in lines]
    assert "progress.sessions" in keys
    assert main(["--home", str(tmp_path), "progress"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Sessions so far: two."
