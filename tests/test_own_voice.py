"""What was learned, in the person's own voice: kept after a clear yes alone, played, listed, deleted, given out."""

from __future__ import annotations

import io
import shutil
import wave
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import soxr
from conversing import Turn, hold, minutes, read
from speaking import Knowing, Spoken, speak

from voice_coach.app import hold_typed
from voice_coach.archive import Wanted, export, forget, take_in
from voice_coach.errors import BadUsage
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import Recognizer
from voice_coach.remember.exporting import EVERYTHING
from voice_coach.remember.recordings import Recordings
from voice_coach.remember.store import Store
from voice_coach.settings import Settings

FIRST = read("first_session")
LEARNED = "a shaking voice is still a voice"
REST = {"screen.since": "no", "ask.learned": LEARNED, "ask.action": "I will drink a glass of water"}
YES, NO = REST | {"ask.own_voice": "yes"}, REST | {"ask.own_voice": "no"}
NOW, TOMORROW = FIRST.now + minutes(10), FIRST.now + timedelta(days=1)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a session was cut off at the question what was learned."""
    home = tmp_path_factory.mktemp("told") / "home"
    cut = next(nth for nth, turn in enumerate(FIRST.turns) if turn.coach == "ask.learned")
    hold(home, FIRST.turns[:cut], FIRST.now, FIRST.zone)
    return home


@pytest.fixture
def home(told: Path, tmp_path: Path) -> Path:
    shutil.copytree(told, tmp_path / "home")
    return tmp_path / "home"


def said(
    home: Path, says: Mapping[str, str | tuple[str, ...]], days: int = 0, most: int = 50,
    settings: Settings | None = None, recognizer: Recognizer | None = None,
) -> Spoken:  # fmt: skip
    now = FIRST.now + timedelta(days=days) if days else NOW
    return speak(home, says, now, recognizer or Knowing(), most=most, settings=settings)


def files(home: Path) -> list[Path]:
    return sorted((home / "recordings").glob("*")) if (home / "recordings").exists() else []


def samples(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        return bytes(file.readframes(file.getnframes()))


def consent(home: Path) -> str:
    with closing(Store(home / "coach.db")) as store:
        return store.history("UTC").own_voice


# --- kept and played -------------------------------------------------------------------------------


def test_it_is_kept_after_a_yes_and_the_samples_played_are_those_that_were_spoken(
    home: Path, pocketsphinx: PocketSphinx
) -> None:
    first = said(home, YES, recognizer=pocketsphinx)
    assert first.outcome.how == "went"
    [file] = files(home)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    kept = samples(file)
    place = first.asked.index("ask.learned")
    assert [kept in sound for sound in first.said] == [nth == place for nth in range(len(first.said))]
    assert len(kept) > 32_000, "a whole sentence"

    go_on = {"ask.own_note": "go on", "screen.since": "no", "ask.before": "stop"}
    second = said(home, go_on, 1)
    assert second.words("own_voice.note") == "Here is your note, in your own voice."
    resampled = soxr.resample(np.frombuffer(kept, "<i2"), 16_000, 22_050).astype("<i2").tobytes()
    assert second.sounded["own_voice.note"].endswith(resampled)
    assert not [line for line in second.lines if LEARNED in line.text], "the words are not read out beside it"


def test_no_other_sound_of_the_session_is_anywhere(home: Path) -> None:
    first = said(home, YES)
    [kept] = files(home)
    for path in (path for path in home.rglob("*") if path.is_file() and path != kept):
        content = path.read_bytes()
        assert not [sound for sound in first.said if sound[20_000:20_200] in content]
    assert not [sound for nth, sound in enumerate(first.said) if first.asked[nth] != "ask.learned"
                and sound[20_000:20_200] in kept.read_bytes()]  # fmt: skip


def test_a_damaged_or_missing_file_leaves_the_words(home: Path) -> None:
    said(home, YES)
    [file] = files(home)
    file.write_bytes(file.read_bytes()[:30])
    again = said(home, {"ask.own_note": "go on"}, 1)
    assert again.words("say.note") == f"You learned: {LEARNED}."
    file.unlink()
    later = said(home, {"ask.note": "go on"}, 3)
    assert later.words("say.note") == f"You learned: {LEARNED}."


def test_remind_me_plays_it(home: Path) -> None:
    said(home, YES)
    again = said(home, {"ask.own_note": "skip", "screen.since": "remind me"}, 1, most=2)
    assert again.words("own_voice.note")
    assert len(again.sounded["own_voice.note"]) > 44_100


# --- asked once, and a no is a no ------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["no", "maybe", "what was that about the tea"])
def test_without_a_clear_yes_nothing_is_on_the_disk(home: Path, answer: str) -> None:
    first = said(home, REST | {"ask.own_voice": answer})
    assert first.outcome.how == "went"
    assert not (home / "recordings").exists()
    assert consent(home) == "no"
    again = said(home, {"ask.note": "go on", "screen.since": "no", "ask.before": "stop"}, 1)
    assert again.words("say.note") == f"You learned: {LEARNED}."


def test_it_is_asked_once(home: Path) -> None:
    said(home, YES)
    assert not learned_anew(home, REST), "kept without asking"
    assert len(files(home)) == 2


def test_after_a_no_it_is_never_asked_again(home: Path) -> None:
    said(home, NO)
    assert not learned_anew(home, REST)
    assert files(home) == []


def learned_anew(home: Path, says: Mapping[str, str]) -> bool:
    """Another session, on another day, up to what was learned. Whether the coach asked for consent."""
    again = read("second_session")
    turns = [turn for turn in again.turns if turn.coach not in ("ask.note", "ask.commitment")]
    start = next(nth for nth, turn in enumerate(FIRST.turns) if turn.coach == "ask.commitment")
    stop = next(nth for nth, turn in enumerate(FIRST.turns) if turn.coach == "ask.learned")
    with closing(Store(home / "coach.db")) as store:
        note = "ask.own_note" if store.history("UTC").recording else "ask.note"
    first, habit = Turn(note, "skip"), Turn("ask.safety", "skip")
    plan, rest = FIRST.turns[start], FIRST.turns[start + 1 : stop]
    held = hold(home, (first, *turns, plan, habit, *rest), TOMORROW, FIRST.zone)
    assert held.lines[-1].key == "ask.learned"
    spoken = speak(home, says, TOMORROW + minutes(10), Knowing())
    assert "own_voice.no" not in [line.key for line in spoken.lines]
    return "ask.own_voice" in [line.key for line in spoken.lines]


def test_typed_it_is_neither_asked_nor_played(home: Path) -> None:
    typed = hold(home, FIRST.turns[-2:], NOW, FIRST.zone, safe=True)
    assert typed.outcome.how == "went"
    assert not [line for line in typed.lines if "own_voice" in line.key]
    assert consent(home) == ""


def test_typed_the_words_stand_for_the_recording(home: Path) -> None:
    said(home, YES)
    out = io.StringIO()
    typed = b"my recordings\ngo on\nstop\n"
    hold_typed(Settings(home), io.BytesIO(typed), out, terminal=False, real_time=False)
    assert f"You learned: {LEARNED}." in out.getvalue()
    assert "Recordings of your voice: one." in out.getvalue()
    assert "Here you type." in out.getvalue()


# --- private ---------------------------------------------------------------------------------------


def test_in_private_it_is_never_asked_and_nothing_is_kept(home: Path) -> None:
    private = said(home, YES, settings=Settings(home, private=True))
    assert private.outcome.how == "went"
    assert "ask.own_voice" not in private.asked
    assert files(home) == []


def test_private_said_in_the_session_counts_too(home: Path) -> None:
    toggled = said(home, YES | {"screen.since": ("private", "no")})
    assert toggled.words("control.private_on")
    assert toggled.outcome.how == "went"
    assert "ask.own_voice" not in toggled.asked
    assert files(home) == []


@pytest.mark.parametrize(("answer", "plays"), [("skip", False), ("remind me", False), ("go on", True)])
def test_in_private_it_is_played_only_to_go_on(home: Path, answer: str, plays: bool) -> None:
    said(home, YES)
    settings = Settings(home, private=True)
    says = {"ask.own_note": answer if answer != "remind me" else "skip", "screen.since": "remind me"}
    again = said(home, says, 1, most=2, settings=settings)
    assert "Private mode is on. Say go on to play your note aloud" in again.words("ask.own_note")
    assert ("own_voice.note" in again.sounded) == plays
    assert LEARNED not in " ".join(line.text for line in again.lines)


# --- a crash after every turn ----------------------------------------------------------------------


@pytest.mark.parametrize("cut", range(4))
def test_a_crash_after_each_turn_keeps_no_sound_without_consent_and_loses_no_words(home: Path, cut: int) -> None:
    first = said(home, YES, most=cut)
    assert first.outcome.how == "input_ended"
    assert bool(files(home)) == ("ask.own_voice" in first.asked), "kept at once after the yes, and never before"
    again = said(home, YES)
    assert again.outcome.how == "went"
    assert consent(home) == "yes"
    with closing(Store(home / "coach.db")) as store:
        history, known = store.history("UTC"), dict(store.recorded())
    assert history.learned == LEARNED
    assert [file.stem for file in files(home)] == list(known), "no file without its row"
    assert first.asked.count("ask.own_voice") + again.asked.count("ask.own_voice") == 1
    tomorrow = said(home, {"ask.own_note": "go on", "ask.note": "go on"}, 1)
    assert tomorrow.words("own_voice.note" if known else "say.note")


def test_whoever_goes_back_over_the_sentence_has_it_voided(home: Path) -> None:
    turned = said(home, YES | {"ask.action": "go back"}, most=4)
    assert turned.asked == ("screen.since", "ask.learned", "ask.own_voice", "ask.action")
    assert files(home) == [], "the answer that allowed it was taken back"
    assert consent(home) == ""


# --- listed and deleted by voice -------------------------------------------------------------------


def test_they_are_listed_and_played(home: Path) -> None:
    said(home, YES)
    listed = said(home, {"ask.own_note": "my recordings", "recordings.first": "yes"}, 1, most=2)
    assert listed.words("recordings.count") == "Recordings of your voice: one."
    assert listed.words("recordings.one") == "You said this yesterday."
    assert len(listed.sounded["recordings.one"]) > 44_100


@pytest.mark.parametrize("answer", ["no", "maybe", ""])
def test_anything_but_a_clear_yes_keeps_them(home: Path, answer: str) -> None:
    said(home, YES)
    before = [(file, file.read_bytes()) for file in files(home)]
    asked = said(home, {"ask.own_note": "delete my recordings", "forget.recordings": answer}, 1, most=4)
    assert (
        asked.words("forget.recordings")
        == "This deletes every recording of your voice for good: one. Say yes to do it."
    )
    assert [(file, file.read_bytes()) for file in files(home)] == before
    assert consent(home) == "yes"


def test_a_yes_deletes_them_and_takes_the_consent_back(home: Path) -> None:
    said(home, YES)
    [file] = files(home)
    with file.open("rb") as still_open:  # what the disk held under that name
        deleted = said(home, {"ask.own_note": "delete my recordings", "forget.recordings": "yes"}, 1, most=2)
        left = still_open.read()
    assert deleted.words("forget.recordings_done").startswith("Deleted.")
    assert files(home) == []
    assert left
    assert not any(left), "zeros were written over it first"
    assert consent(home) == "no"
    assert not learned_anew(home, REST)
    assert files(home) == []


def test_the_consent_is_taken_back_and_given_anew_by_voice(home: Path) -> None:
    said(home, YES)
    off = said(home, {"ask.own_note": "do not keep my voice"}, 1, most=1)
    assert off.words("own_voice.off")
    assert consent(home) == "no"
    assert len(files(home)) == 1, "what is kept stays until it is deleted"
    on = said(home, {"ask.own_note": "keep my voice", "own_voice.sure": "yes"}, 2, most=2)
    assert on.words("own_voice.on")
    assert consent(home) == "yes"


# --- given out, taken in, forgotten ----------------------------------------------------------------


def test_an_export_has_them_only_when_asked_and_an_import_brings_them_back(home: Path, tmp_path: Path) -> None:
    said(home, YES)
    [kept] = files(home)
    plain, whole, new = tmp_path / "plain.jsonl", tmp_path / "whole.jsonl", tmp_path / "new"
    list(export(Settings(home), EVERYTHING, "jsonl", plain))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "plain.jsonl"]
    told = list(export(Settings(home), EVERYTHING, "jsonl", whole, recordings=True))
    assert told[-1].startswith("1 recordings are in ")
    [copy] = (tmp_path / "whole.jsonl.recordings").iterdir()
    assert samples(copy) == samples(kept)
    assert copy.stat().st_mode & 0o777 == 0o600
    list(take_in(Settings(new), whole))
    assert [samples(file) for file in files(new)] == [samples(kept)]
    with closing(Store(home / "coach.db")) as one, closing(Store(new / "coach.db")) as other:
        assert one.history("UTC") == other.history("UTC")
        assert one.recorded() == other.recorded()
    with pytest.raises(BadUsage, match="name it with --to"):
        list(export(Settings(home), EVERYTHING, "jsonl", None, recordings=True))


@pytest.mark.parametrize("what", ["recordings", "all"])
def test_the_command_deletes_them(home: Path, what: str) -> None:
    said(home, YES)
    settings = Settings(home)
    list(forget(settings, Wanted(what), lambda _: False, TOMORROW))
    assert len(files(home)) == 1
    list(forget(settings, Wanted(what), lambda _: True, TOMORROW))
    assert files(home) == []
    assert consent(home) == ("no" if what == "recordings" else "")
    with closing(Store(home / "coach.db")) as store:
        assert store.recorded() == ()
        assert store.history("UTC").recording == ""


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path / "recordings")
    recordings.held = bytes(3200)
    for name in ("../outside", "a/b", "", "." * 3, "x" * 200):
        recordings.keep(name)
        assert recordings.sound(name) == b""
    assert not list(tmp_path.rglob("*.wav"))


def test_what_a_crash_left_behind_is_swept(home: Path) -> None:
    folder = home / "recordings"
    folder.mkdir()
    (folder / "nobody-3.wav").write_bytes(b"x")
    (folder / "nobody-4.new").write_bytes(b"x")
    said(home, {"screen.since": "stop"})
    assert files(home) == []
