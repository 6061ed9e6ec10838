"""Messages in danger play when the speech engine, the database or the catalog is broken; their digits are heard."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import io
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from conversing import Turn, hold
from pulse import SPEAKER, TAP_RATE, Route, Tap

from voice_coach import plain
from voice_coach.app import hold_typed
from voice_coach.catalog_files import read_texts
from voice_coach.errors import CoachError
from voice_coach.helplines import read_helplines
from voice_coach.ports import Events, Line
from voice_coach.settings import Settings
from voice_coach.speak import pyttsx3_speaker, rendered
from voice_coach.speak.espeak import RATE
from voice_coach.speak.pyttsx3_speaker import SpokenAloud
from voice_coach.words import PlaybackEnded

ROOT = Path(__file__).resolve().parent.parent
T0 = datetime(2026, 3, 2, 18, tzinfo=UTC)
US = {
    "line": "the Suicide and Crisis Lifeline", "emergency": "nine one one",
    "number": "nine eight eight, or text to nine eight eight",
}  # fmt: skip
LONG = "zero two two, two seven five four, six six six nine"
NUMBERS = sorted(
    {
        row.spoken.replace(",", "")
        for row in read_helplines(read_texts()["helplines.yaml"], [])
        if row.spoken and row.kind != "directory"
    }
)
DIGITS = f"#JSGF V1.0; grammar d; public <d> = {' | '.join(NUMBERS)};"
"""Every number of the list: what is heard must be one of them, and the right one."""


@cache
def _decoder() -> Any:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=16_000, lm=None, loglevel="FATAL")
    decoder.add_jsgf_string("digits", DIGITS)
    decoder.activate_search("digits")
    return decoder


def digits_in(sound: bytes, rate: int) -> str:
    """Which of all the numbers PocketSphinx hears in this sound, which holds nothing else; "" for none."""
    import numpy as np
    import soxr

    made = soxr.resample(np.frombuffer(sound, "<i2").astype(np.float32), rate, 16_000)
    decoder = _decoder()
    decoder.start_utt()
    room = np.random.default_rng(1).normal(0, 20, len(made) + 16_000)  # a recognizer is not made for digital silence
    room[8000 : 8000 + len(made)] += made
    decoder.process_raw(room.astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    heard = decoder.hyp()
    return heard.hypstr if heard else ""


def played(tap: Tap) -> bytes:
    """All that came out of the sink, its last moment too."""
    time.sleep(0.6)
    return b"".join(piece for _, piece in tap._pieces)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    rendered.keep(tmp_path, US)
    return tmp_path


def renderer() -> Any:
    """The script that makes the clips."""
    loader = importlib.machinery.SourceFileLoader("render_messages", str(ROOT / "scripts" / "render-messages"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


# --- the clips ---


def test_the_clips_say_what_the_catalog_says_now() -> None:
    wanted = renderer().lines()
    assert json.loads((rendered.FOLDER / rendered.INDEX).read_text(encoding="utf-8")) == wanted
    for rate in rendered.RATES:
        for parts in wanted.values():
            for part in parts:
                assert (
                    part.startswith("{") or (rendered.FOLDER / str(rate) / f"{rendered.clip_name(part)}.wav").exists()
                )


def test_they_are_small() -> None:
    assert sum(clip.stat().st_size for clip in rendered.FOLDER.rglob("*.wav")) <= 15_000_000


def test_no_clip_of_a_message_holds_a_number() -> None:
    digits = set(rendered.WORDS[:10])
    for key, parts in renderer().lines().items():
        if key not in ("other.thanks",):
            assert not any(digits & set(part.lower().split()) for part in parts if len(part.split()) < 3), key
            assert not any(character.isdigit() for part in parts for character in part), key


@pytest.mark.parametrize("rate", rendered.RATES)
def test_a_message_takes_less_time_at_a_quicker_rate_and_digits_never_do(rate: int, home: Path) -> None:
    slowest = rendered.sound(home, "crisis.thanks", rendered.RATES[0])
    assert len(rendered.sound(home, "crisis.thanks", rate)) <= len(slowest)
    at_most = rendered.sound(home, "crisis.number", rendered.SLOWEST_FOR_DIGITS)
    assert len(rendered.sound(home, "crisis.number", rate)) >= len(at_most)


@pytest.mark.parametrize(
    "number", ["nine eight eight", "nine one one", "one one six, one two three", "zero two four", LONG]
)
def test_the_digits_are_heard(number: str, tmp_path: Path) -> None:
    rendered.keep(tmp_path, US | {"number": number})
    assert digits_in(rendered.sound(tmp_path, "crisis.number", 150), RATE) == number.replace(",", "")


# --- the file beside them ---


def test_whom_to_call_is_kept_for_this_person_alone(home: Path) -> None:
    assert rendered.numbers(home) == US
    assert (home / rendered.NUMBERS).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"number": "nine"}', b"\xff\xfe"])
def test_without_the_file_no_number_is_made_up(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / rendered.NUMBERS).write_bytes(content)
    said = rendered.text("crisis.line", tmp_path) + rendered.text("crisis.emergency", tmp_path)
    assert "find a helpline dot com" in said
    assert "your local emergency number" in said
    assert len(rendered.sound(tmp_path, "crisis.number", 150)) > 2 * RATE


def test_a_session_writes_it_at_its_start(tmp_path: Path) -> None:
    hold_typed(Settings(tmp_path, country="GB"), io.BytesIO(b"stop\n"), io.StringIO(), terminal=False, real_time=False)
    number = "one one six, one two three, or text shout, to eight five two, five eight"
    assert rendered.numbers(tmp_path)["number"] == number


# --- the speech engine is broken ---


@pytest.mark.pulse
def test_without_the_engine_the_number_comes_out_of_the_loudspeaker(
    sound_route: Route, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("espeak-ng could not speak a text")

    monkeypatch.setattr(pyttsx3_speaker, "synthesise", broken)
    rendered.keep(home, US | {"number": "one one six, one two three"})
    events: Events = SimpleQueue()
    speaker = SpokenAloud(events, lambda: 0.0, SPEAKER, rendered=lambda key, wpm: rendered.sound(home, key, wpm))
    speaker.start()
    try:
        with sound_route.tap() as tap:
            speaker.say(Line(1, "nine eight eight", "crisis.number", at_most=150))
            while not isinstance(events.get(timeout=30), PlaybackEnded):
                pass
            sound = played(tap)
    finally:
        speaker.shut()
    assert digits_in(sound, TAP_RATE) == "one one six one two three"


# --- the database is broken ---


def breaking(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(statement)
        db.commit()


def test_a_database_that_breaks_in_the_session_keeps_no_message_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conversing import Person

    spoken = Person.readline

    def readline(person: Person, size: int | None = -1, /) -> bytes:
        line = spoken(person, size)
        if b"kill" in line:
            breaking(tmp_path / "coach.db", "ALTER TABLE entries RENAME TO gone")
        return line

    monkeypatch.setattr(Person, "readline", readline)
    held = hold(
        tmp_path, (Turn("ask.fear", "I want to kill myself"), Turn("crisis.offer", "stop")), T0, "Europe/Berlin"
    )
    assert held.outcome.how == "crisis"
    assert [line.key for line in held.lines].count("crisis.line") == 2
    with closing(sqlite3.connect(tmp_path / "coach.db")) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "gone" in tables, "the database was whole all the time"


# --- nothing can be started ---


def corrupt_database(home: Path) -> None:
    (home / "coach.db").write_bytes(b"this is no database at all" * 100)


def faulty_catalog(home: Path) -> None:
    (home / "intents" / "en").mkdir(parents=True)
    (home / "intents" / "en" / "lines.yaml").write_text("language: en\nlines: {}\n")


def faulty_helplines(home: Path) -> None:
    (home / "intents").mkdir()
    (home / "intents" / "helplines.yaml").write_text("helplines: nobody\n")


BREAKS = [corrupt_database, faulty_catalog, faulty_helplines]
"""What is told in a sentence that says what to do."""


def test_a_fault_that_nobody_foresaw_keeps_the_number_back_no_more(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("voice_coach.app.open_understanding", broken)
    out = io.StringIO()
    with pytest.raises(RuntimeError):
        hold_typed(Settings(home), io.BytesIO(b"number\n"), out, terminal=False, real_time=False)
    assert "nine eight eight" in out.getvalue()


@pytest.mark.parametrize("broken", BREAKS)
def test_it_says_that_it_cannot_lead_and_tells_the_number_when_asked(broken: Any, home: Path) -> None:
    broken(home)
    out = io.StringIO()
    typed = io.BytesIO(b"hello\nnumber\nstop\nnumber\n")
    with pytest.raises(CoachError):
        hold_typed(Settings(home), typed, out, terminal=False, real_time=False)
    told = out.getvalue().splitlines()
    assert told[0].startswith("I cannot lead a step now")
    assert told[1:] == ["nine eight eight, or text to nine eight eight.", "I stop here."]


@pytest.mark.parametrize("broken", BREAKS)
def test_danger_is_answered_all_the_same(broken: Any, home: Path) -> None:
    broken(home)
    out = io.StringIO()
    with pytest.raises(CoachError):
        hold_typed(Settings(home), io.BytesIO(b"I want to kill myself\n"), out, terminal=False, real_time=False)
    assert out.getvalue().count("The number is nine eight eight") == 2
    assert "nine one one" in out.getvalue()


@pytest.mark.pulse
def test_the_number_is_played_where_no_session_can_be_led(sound_route: Route, home: Path) -> None:
    rendered.keep(home, US | {"number": "one one six, one two three"})
    printed = io.StringIO()
    taps: list[bytes] = []

    def said() -> Iterator[str]:
        with sound_route.tap() as tap:
            yield "number"
            taps.append(played(tap))

    plain.lead(plain.teller(home, printed, plain.loudspeaker(SPEAKER)), said())
    assert printed.getvalue() == ""
    assert digits_in(taps[0], TAP_RATE) == "one one six one two three"


def test_without_a_loudspeaker_it_is_printed(home: Path) -> None:
    def dead(_: bytes) -> None:
        raise OSError

    out = io.StringIO()
    plain.lead(plain.teller(home, out, dead), ["number"])
    assert "nine eight eight" in out.getvalue()


def test_where_nothing_can_be_heard_the_number_is_told_unasked() -> None:
    class Deaf:
        name, manner = "deaf", "typed"

        def start(self) -> None:
            raise OSError

    assert list(plain.spoken(SimpleQueue(), None, Deaf())) == ["number"]  # type: ignore[arg-type]


# --- the message itself breaks ---


def test_whatever_breaks_in_the_message_another_way_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from voice_coach.speak.phrasing import Phrasing

    phrased = Phrasing.__call__

    def broken(self: Phrasing, key: str, wording: int, blanks: Any) -> str:
        if key.startswith("crisis."):
            raise KeyError(key)
        return phrased(self, key, wording, blanks)

    monkeypatch.setattr(Phrasing, "__call__", broken)
    out = io.StringIO()
    typed = io.BytesIO(b"I want to kill myself\n")
    outcome = hold_typed(Settings(home, country="US"), typed, out, terminal=False, real_time=False)
    assert outcome.how == "crisis"
    assert out.getvalue().count("The number is nine eight eight") == 2


def test_the_harm_message_tells_no_number_on_any_way(home: Path) -> None:
    out = io.StringIO()
    plain.respond(plain.teller(home, out), "harm")
    assert out.getvalue()
    assert not any(word in out.getvalue() for word in rendered.WORDS[:10])
    assert threading.active_count() < 50
