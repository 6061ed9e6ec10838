"""Rehearsals: one seed is one session, mishearings are marked, nothing reaches the person's own history."""

from __future__ import annotations

import argparse
import io
import re
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from speaking import Knowing, Overheard

from voice_coach import catalog_files
from voice_coach.app import load_catalog
from voice_coach.catalog_files import shipped
from voice_coach.cli import main
from voice_coach.errors import BadUsage
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import RATE, Decoded
from voice_coach.ports import Line, Turn
from voice_coach.rehearsal import rehearse as rehearsing
from voice_coach.rehearsal import wording
from voice_coach.rehearsal.command import Wanted, rehearse
from voice_coach.rehearsal.conduct import Conduct
from voice_coach.rehearsal.days import hold_days, tally
from voice_coach.rehearsal.person import Drawn, spoken_number
from voice_coach.rehearsal.rehearse import Rehearsal, open_store, passing_store
from voice_coach.rehearsal.sounds import LEVEL, SNR_DB, Room
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.speak.phrasing import Phrasing
from voice_coach.understand.interpret import Understanding
from voice_coach.understand.loading import load
from voice_coach.words import Expects, Heard, Match

AUDIT = Path(__file__).parents[1] / "scripts" / "audit-rules"


@cache
def pocketsphinx() -> PocketSphinx:
    recognizer = PocketSphinx(shipped("models"))
    recognizer.load()
    return recognizer


class Faulty(Knowing):
    """It hears the words as they were said, but for one fault."""

    name = "faulty"

    def __init__(self, voice: Overheard, takes: str = "", for_: str = "") -> None:
        """`takes` is heard as `for_`, every time."""
        self.voice, self._takes, self._for = voice, takes, for_

    def closed(self) -> Decoded:
        said = self.voice.saying
        return Decoded(self._for if said == self._takes else said, 1.0)


SCRIPT = """asking a question in the weekly meeting
speaking in front of others
yes
no
no
no
no
no
no
about a three
one
a solid three
yes
I record a message in the kitchen now and stop after thirty seconds
my voice will shake
seven
coach, done
done
no
four
five
one and a half
a shaking voice is still a voice
send the message
"""


def faultily(monkeypatch: pytest.MonkeyPatch, takes: str = "", for_: str = "") -> Faulty:
    voice = Overheard()
    monkeypatch.setattr(rehearsing, "Voice", lambda: voice)
    return Faulty(voice, takes, for_)


def script(home: Path, text: str = SCRIPT) -> Path:
    file = home / "script.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_same_seed_is_the_same_session(tmp_path: Path) -> None:
    first, second = io.StringIO(), io.StringIO()
    codes = [
        rehearse(Settings(tmp_path), Wanted(seed=1), out, PocketSphinx(shipped("models"))) for out in (first, second)
    ]
    assert first.getvalue() == second.getvalue()
    assert codes[0] == codes[1]
    lines = first.getvalue().splitlines()
    assert any(line.startswith("Coach: ") for line in lines)
    assert any(line.startswith('You: "') and "Heard: " in line and "Understood: " in line for line in lines)


def test_a_script_is_spoken_and_ends_as_it_does_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    wanted = Wanted(script=script(tmp_path))
    assert rehearse(Settings(tmp_path), wanted, out, faultily(monkeypatch)) == 0
    text = out.getvalue()
    assert "ended: went" in text
    assert 'You: "a solid three" Heard: "a solid three" Understood: three.' in text
    assert "0 answers were not understood as spoken." in text
    assert not list(tmp_path.glob("coach.db*")), "a single rehearsal writes into nobody's journal"


def test_a_mishearing_that_changes_the_outcome_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    wanted = Wanted(script=script(tmp_path))
    assert rehearse(Settings(tmp_path), wanted, out, faultily(monkeypatch, "seven", "eleven")) == 1
    text = out.getvalue()
    assert 'You: "seven" Heard: "eleven" Understood: a number off the scale. Misheard.' in text
    assert "ended: stopped" in text
    assert text.splitlines()[-1].startswith("At ask.likelihood, 'seven' was heard as 'eleven'")


def test_a_wrong_number_that_no_echo_shows_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    wanted = Wanted(script=script(tmp_path))
    assert rehearse(Settings(tmp_path), wanted, out, faultily(monkeypatch, "seven", "two")) == 1
    assert out.getvalue().splitlines()[-1].startswith("At ask.likelihood, 'seven' was heard as 'two'")


def test_a_wrong_echo_is_corrected_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    wanted = Wanted(script=script(tmp_path))
    assert rehearse(Settings(tmp_path), wanted, out, faultily(monkeypatch, "a solid three", "four")) == 0
    text = out.getvalue()
    assert 'You: "a solid three" Heard: "four" Understood: four. Misheard.' in text
    assert 'You: "no, three" Heard: "no, three" Understood: a correction to three.' in text


def test_who_is_never_understood_says_it_thrice_and_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    wanted = Wanted(script=script(tmp_path))
    assert rehearse(Settings(tmp_path), wanted, out, faultily(monkeypatch, "speaking in front of others", "")) == 1
    text = out.getvalue()
    assert text.count('You: "speaking in front of others"') == 3
    assert "ended: stopped" in text
    assert text.splitlines()[-1].startswith("At ask.ladder, 'speaking in front of others' was not heard")


def test_the_recording_has_the_coach_left_and_the_person_right(tmp_path: Path) -> None:
    wanted = Wanted(script=script(tmp_path, "stop\n"), wav=tmp_path / "out.wav")
    rehearse(Settings(tmp_path), wanted, io.StringIO(), PocketSphinx(shipped("models")))
    sound, rate = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert rate == RATE
    assert sound.shape[1] == 2
    coach, person = (np.abs(sound[:, channel].astype(int)) for channel in (0, 1))
    assert coach.max() > LEVEL
    assert person.max() > LEVEL
    spoken = np.flatnonzero(person > LEVEL)
    assert coach[: spoken[0]].max() > LEVEL, "the coach asks before the person answers"
    assert coach[spoken[0] : spoken[-1]].max() == 0, "nobody speaks over the other"


def test_days_are_held_one_after_the_other(tmp_path: Path) -> None:
    now = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
    rehearsal = Rehearsal(Settings(tmp_path), pocketsphinx())
    with closing(open_store(tmp_path)) as store:
        days = list(hold_days(rehearsal, store, 7, 20, now, spoken=False))
        history = store.history("UTC")
        told = tally(rehearsal, store, 20, len(days), now)
    moments = [day.at for day in days]
    assert moments == sorted(moments)
    assert datetime(2026, 3, 10, tzinfo=UTC) <= moments[0]
    assert moments[-1] < now
    assert history.exposures == tuple(day.exposure for day in days if day.exposure)
    assert len(history.exposures) > 5
    for day in days:
        assert day.decisions or day.held.outcome.how in ("stopped", "refer", "rest"), str(day)
        assert not day.exposure or f"Step {day.exposure.rung}" in str(day)
    assert (told.sessions, told.exposures, told.rungs) == (len(days), len(history.exposures), 9)
    with closing(Store(tmp_path / "coach.db")) as store:
        assert not store.history("UTC").exposures, "the person's own history has nothing of it"


def test_the_days_of_a_seed_are_the_same_again(tmp_path: Path) -> None:
    rehearsal = Rehearsal(Settings(tmp_path), pocketsphinx())
    now = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    told = []
    for seed in (3, 3, 4):
        with passing_store() as store:
            told.append([str(day) for day in hold_days(rehearsal, store, seed, 6, now, spoken=False)])
    assert told[0] == told[1] != told[2]


def test_twelve_weeks_climb_the_ladder(tmp_path: Path) -> None:
    out = io.StringIO()
    assert rehearse(Settings(tmp_path), Wanted(seed=5, days=84), out, pocketsphinx()) == 0
    *days, last = out.getvalue().splitlines()
    told = re.fullmatch(r"84 days, (\d+) sessions, (\d+) exposures, (\d+) of 9 rungs mastered", last)
    assert told, last
    sessions, exposures, mastered = map(int, told.groups())
    assert sessions == len(days)
    assert exposures == sum("Counts as" in day for day in days)
    assert mastered >= 3
    dates = [datetime.fromisoformat(day[:10]) for day in days]
    assert max(later - earlier for earlier, later in pairwise(dates)) > timedelta(days=14), "a fortnight away"
    with closing(sqlite3.connect(tmp_path / "coach.db")) as db:
        assert db.execute("SELECT count(*), count(DISTINCT profile) FROM exposures").fetchone() == (exposures, 1)
        assert db.execute("SELECT profile FROM exposures").fetchone()[0].startswith("rehearsed-")
    ran = subprocess.run([AUDIT, "--home", str(tmp_path)], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout
    assert re.search(rf"audited {exposures} exposures in \d+ days: \d{{4,}} checks, 0 broken$", ran.stdout.strip())


def test_seeds_lead_through_different_courses(tmp_path: Path) -> None:
    rehearsal = Rehearsal(Settings(tmp_path), pocketsphinx())
    ends = set()
    for seed in range(1, 21):
        with passing_store() as store:
            held = rehearsal.hold_typed(store, rehearsal.person(str(seed)), datetime(2026, 3, 2, 18, 0, tzinfo=UTC))
        ends.add(held.outcome.how)
        assert held.outcome.how != "input_ended"
    assert {"went", "rest", "refer", "not_today", "stopped_step"} <= ends


@cache
def understanding() -> Understanding:
    return Understanding(load(catalog_files.read_texts()))


@pytest.mark.parametrize("way", sorted({*wording.RATINGS, wording.OTHER_WORDS}))
def test_numbers_are_said_so_that_a_reader_would_understand(way: str) -> None:
    for half in range(21):
        words = way.format(n=spoken_number(half / 2))
        answer = understanding().understand(Heard(words), Expects("rating")).answer
        assert isinstance(answer, Match), words
        assert answer.value == half / 2, words


@pytest.mark.parametrize(
    ("words", "value"), [*((word, True) for word in wording.YES), *((word, False) for word in wording.NO)]
)
def test_yes_and_no_are_said_so_that_a_reader_would_understand(words: str, value: bool) -> None:
    answer = understanding().understand(Heard(words), Expects("yes-no")).answer
    assert isinstance(answer, Match)
    assert (answer.kind, answer.value) == ("yes_no", value)


def conduct(tmp_path: Path, seed: str = "5") -> Conduct:
    catalog = load_catalog(Settings(tmp_path))
    return Conduct(Drawn(seed, catalog.ladders), understanding().understand, Phrasing(catalog, {}), ())


def test_did_you_say_is_answered_truthfully(tmp_path: Path) -> None:
    person = conduct(tmp_path)
    asked = person.replies(Line(1, "How likely is that, from zero to ten?", "ask.likelihood"), Turn(Expects("rating")))
    assert asked
    answer = understanding().understand(Heard(asked[0].text), Expects("rating")).answer
    assert isinstance(answer, Match)
    assert isinstance(answer.value, float)
    right, wrong = spoken_number(answer.value), spoken_number(answer.value - 1 if answer.value >= 1 else 9.0)
    turn = Turn(Expects("yes-no"))
    assert [part.text for part in person.replies(Line(2, f"Did you say {right}?", "ask.did_you_say"), turn) or ()] == [
        "yes"
    ]
    corrected = person.replies(Line(3, f"Did you say {wrong}?", "ask.did_you_say"), turn)
    assert [part.text for part in corrected or ()] == [f"no, {right}"]


def test_the_room_is_as_quiet_as_it_says() -> None:
    noise = np.frombuffer(b"".join(Room("1").blocks(None, 2.0)), "<i2").astype(float)
    assert 20 * np.log10(LEVEL / np.sqrt(np.mean(noise**2))) == pytest.approx(SNR_DB, abs=0.5)
    assert Room("1").blocks(None, 0.1) == Room("1").blocks(None, 0.1)
    assert Room("1").blocks(None, 0.1) != Room("2").blocks(None, 0.1)


@pytest.mark.parametrize(
    "wanted",
    [Wanted(days=-1), Wanted(days=2, wav=Path("x.wav")), Wanted(spoken=True), Wanted(script=Path("/no/such/file")),
     Wanted(wav=Path("/no/such/folder/x.wav"))],
)  # fmt: skip
def test_what_does_not_fit_together_is_said(wanted: Wanted, tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match=r"\w+.*[.]$"):
        rehearse(Settings(tmp_path), wanted, io.StringIO(), pocketsphinx())


def test_without_a_terminal_a_session_is_rehearsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def rehearsed(arguments: argparse.Namespace, _: Settings) -> int:
        asked.append(arguments.seed)
        return 0

    monkeypatch.setattr("voice_coach.cli._rehearse", rehearsed)
    monkeypatch.setattr("voice_coach.cli._has_sound", lambda _: False)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["--home", str(tmp_path)]) == 0
    assert asked == [1]
    assert "rehearsal" in capsys.readouterr().err
