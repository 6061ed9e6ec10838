"""Vosk, with the Korean model: what it hears, and that nothing it is given can end the process."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hearing import SPEECH, STABLE, quiet, recorded, say

from voice_coach.errors import Missing
from voice_coach.listen.audio import read_wav
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.models import record_sizes
from voice_coach.listen.recognizer import BLOCK, Decoded
from voice_coach.listen.vosk import LONGEST_PHRASE, Vosk

PLANE, FATHER, THANKS, SEA = STABLE
MANY = (
    *STABLE, "네", "아니요", "둘", "넷", "다섯", "여섯", "여덟", "도움말", "대한민국",
    "서울", "내일", "어제", "시간", "엄마", "음악", "전화", "나무", "커피",
)  # fmt: skip
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ACT = 0.6
"""The probability from which on the coach acts without asking."""


def feed(recognizer: Vosk, sound: bytes) -> None:
    for place in range(0, len(sound), 2 * BLOCK):
        recognizer.feed(sound[place : place + 2 * BLOCK])


def hear(recognizer: Vosk, sound: bytes, phrases: tuple[str, ...] = STABLE) -> tuple[Decoded, str]:
    recognizer.begin(phrases)
    feed(recognizer, sound)
    closed = recognizer.closed()
    free = recognizer.free()
    recognizer.end()
    return closed, free


# --- what it hears --------------------------------------------------------------------------------


@pytest.mark.parametrize("word", STABLE)
@pytest.mark.parametrize("voice", ["ko+f2", "ko+f3"])
def test_a_word_of_the_grammar_is_heard(korean: Vosk, word: str, voice: str) -> None:
    assert hear(korean, say(word, voice))[0].text == word


@pytest.mark.parametrize("voice", ["ko+f2", "ko+f3"])
def test_a_short_word_cut_off_close_at_both_ends_is_heard(korean: Vosk, voice: str) -> None:
    sound = say("둘", voice)[len(quiet(0.4)) : -len(quiet(0.3))]
    assert hear(korean, sound, MANY)[0].text == "둘"


def test_speech_is_decoded_freely_beside_the_grammar(korean: Vosk) -> None:
    closed, free = hear(korean, say(FATHER), (PLANE, SEA))
    assert free == FATHER
    assert closed.text != FATHER


def test_free_words_alone_where_no_phrase_is_given(korean: Vosk) -> None:
    assert hear(korean, say(FATHER), ()) == (Decoded("", 0.0), FATHER)


def test_free_words_that_agree_make_a_phrase_surer(korean: Vosk) -> None:
    agreed, free = hear(korean, say(FATHER))
    alone, other = hear(korean, say(PLANE))
    assert free == FATHER
    assert other != PLANE
    assert agreed.score > alone.score


def test_one_utterance_after_another(korean: Vosk) -> None:
    assert [hear(korean, say(word))[0].text for word in (PLANE, SEA, PLANE, THANKS)] == [PLANE, SEA, PLANE, THANKS]


def test_equal_sound_gives_equal_results_whatever_was_heard_before(korean: Vosk) -> None:
    first = [hear(korean, say(word), MANY) for word in (PLANE, "네")]  # 네 hangs on the slightest noise
    hear(korean, say(THANKS))
    korean.begin(STABLE)
    feed(korean, say(SEA)[:20_000])
    korean.end()
    assert [hear(korean, say(word), MANY) for word in (PLANE, "네")] == first


def test_a_dropped_utterance_leaves_nothing_behind(korean: Vosk) -> None:
    korean.begin(STABLE)
    feed(korean, say(THANKS)[:-8_000])
    korean.begin(STABLE)
    assert korean.closed() == Decoded("", 0.0)
    assert korean.free() == ""
    korean.end()


def test_the_voice_may_go_on_after_a_closed_reading(korean: Vosk) -> None:
    both = f"{PLANE} {SEA}"
    korean.begin((both, PLANE))
    feed(korean, say(PLANE))
    assert korean.closed().text == PLANE
    assert korean.closed().text == PLANE
    feed(korean, say(SEA))
    assert korean.closed().text == both
    korean.end()


def test_its_own_endpoint_splits_nothing(korean: Vosk) -> None:
    both = f"{PLANE} {SEA}"
    assert hear(korean, say(PLANE) + quiet(2.5) + say(SEA), (both, PLANE, SEA))[0].text == both


def test_the_grammar_changes_from_utterance_to_utterance(korean: Vosk) -> None:
    grammars = (STABLE, (SEA, FATHER), (PLANE,), (), (FATHER, PLANE))
    assert [hear(korean, say(PLANE), grammar)[0].text == PLANE for grammar in grammars] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_the_grammar_changes_in_the_middle_of_an_utterance(korean: Vosk) -> None:
    korean.begin((SEA, FATHER))
    feed(korean, say(PLANE)[:16_000])
    assert hear(korean, say(PLANE), (PLANE, THANKS))[0].text == PLANE


def test_only_a_whole_phrase_counts(korean: Vosk) -> None:
    assert hear(korean, say(PLANE), (f"{PLANE} {SEA}", THANKS))[0].text == ""
    assert hear(korean, say(PLANE) + say(SEA), (PLANE, SEA))[0].text == ""


def test_what_is_longer_than_any_phrase_is_none(korean: Vosk) -> None:
    korean.begin(STABLE)
    feed(korean, say(PLANE))
    assert korean.closed().text == PLANE
    feed(korean, quiet(LONGEST_PHRASE))
    assert korean.closed() == Decoded("", 0.0)
    korean.end()
    assert hear(korean, say(PLANE))[0].text == PLANE


# --- what would end the process, were it handed on ------------------------------------------------

HOSTILE = (
    ("[]",), ("{}",), ("",), ("  ",), ('"', "\\"), ("\0",), ("#0 #1", "<eps>"), ("\ud800",), ("[unk]",), ("a" * 9_999,),
    ("never heard of", "nor of this"),
)  # fmt: skip


@pytest.mark.parametrize("phrases", HOSTILE)
def test_phrases_that_it_cannot_hear_leave_the_free_words(korean: Vosk, phrases: tuple[str, ...]) -> None:
    assert hear(korean, say(FATHER), phrases) == (Decoded("", 0.0), FATHER)


@pytest.mark.parametrize("phrases", HOSTILE)
def test_phrases_that_it_cannot_hear_spoil_no_other(korean: Vosk, phrases: tuple[str, ...]) -> None:
    assert hear(korean, say(PLANE), (*phrases, PLANE))[0].text == PLANE


def test_it_knows_which_words_it_can_hear(korean: Vosk) -> None:
    assert all(korean.can_hear(word) for word in STABLE)
    assert not any(korean.can_hear(word) for word in ("qqq", "", " ", "#0", "<eps>", "<s>", f"{PLANE} {SEA}"))


@pytest.mark.parametrize(
    "call",
    [
        lambda vosk: vosk.begin(STABLE),
        lambda vosk: vosk.feed(quiet(0.1)),
        lambda vosk: vosk.closed(),
        lambda vosk: vosk.free(),
        lambda vosk: vosk.end(),
    ],
    ids=["begin", "feed", "closed", "free", "end"],
)
def test_another_thread_is_turned_away(korean: Vosk, call: Callable[[Vosk], object]) -> None:
    faults: list[BaseException] = []

    def trespass() -> None:
        try:
            call(korean)
        except RuntimeError as fault:
            faults.append(fault)

    korean.begin(STABLE)
    feed(korean, say(PLANE))
    thread = threading.Thread(target=trespass)
    thread.start()
    thread.join()
    assert "thread" in str(faults[0])
    assert korean.closed().text == PLANE  # nothing was lost
    korean.end()


def test_calls_out_of_order_are_refused(korean: Vosk, tmp_path: Path) -> None:
    korean.end()
    for call in (korean.closed, korean.free, lambda: korean.feed(quiet(0.1))):
        with pytest.raises(RuntimeError, match="Begin"):
            call()
    with pytest.raises(RuntimeError, match="Load"):
        Vosk(tmp_path).begin(STABLE)


def test_sound_is_bytes_of_any_kind_and_nothing_else(korean: Vosk) -> None:
    korean.begin(STABLE)
    sound = say(PLANE)
    korean.feed(b"")
    for piece in (bytearray(sound[:16_000]), memoryview(sound)[16_000:]):
        korean.feed(piece)  # type: ignore[arg-type]
    assert korean.closed().text == PLANE
    for wrong in (None, "sound"):
        with pytest.raises(TypeError):
            korean.feed(wrong)  # type: ignore[arg-type]
    korean.end()


def test_it_is_closed_by_any_thread_and_can_be_loaded_again(korean: Vosk) -> None:
    korean.begin(STABLE)
    feed(korean, say(PLANE))
    thread = threading.Thread(target=korean.close)
    thread.start()
    thread.join()
    korean.close()
    with pytest.raises(RuntimeError, match="Load"):
        korean.begin(STABLE)
    korean.load()
    assert hear(korean, say(PLANE))[0].text == PLANE


# --- models that cannot be used -------------------------------------------------------------------


@pytest.fixture
def copied(korean_model: Path, tmp_path: Path) -> Path:
    """The Korean model with a file of its own for each small one, and links to the large ones."""
    place = tmp_path / "model"
    for path in (path for path in korean_model.rglob("*") if path.is_file()):
        target = place / path.relative_to(korean_model)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.stat().st_size > 100_000:
            target.symlink_to(path)
        else:
            shutil.copy(path, target)
    return place


def cut(path: Path, length: int) -> None:
    kept = path.read_bytes()[:length]
    path.unlink()
    path.write_bytes(kept)


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("graph/disambig_tid.int", 66),  # a segmentation fault
        ("ivector/splice.conf", 17),  # an abort
        ("am/final.mdl", 7_000_000),
        ("conf/model.conf", 275),
    ],
)
def test_a_model_that_would_end_the_process_is_refused(
    copied: Path, name: str, length: int, capfd: pytest.CaptureFixture[str]
) -> None:
    cut(copied / name, length)
    with pytest.raises(Missing, match="fetch-model"):
        Vosk(copied).load()
    assert capfd.readouterr() == ("", "")


def test_a_model_as_large_as_it_was_fetched_is_refused_where_vosk_refuses_it(
    copied: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    cut(copied / "am/final.mdl", 7_000_000)
    record_sizes(copied)
    with pytest.raises(Missing, match="damaged"):
        Vosk(copied).load()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["am/final.mdl", "conf/model.conf", "graph/Gr.fst"])
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(Missing, match=name):
        Vosk(copied).load()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="nowhere"):
        Vosk(tmp_path / "nowhere").load()


def test_a_folder_whose_name_cannot_be_handed_on_is_refused(copied: Path) -> None:
    odd = copied.with_name("mod\udce9l")
    copied.rename(odd)
    with pytest.raises(Missing, match="Rename"):
        Vosk(odd).load()


# --- English, where there is a model --------------------------------------------------------------


@pytest.fixture(scope="module")
def english() -> Iterator[Vosk]:
    recognizer = Vosk(Path(os.environ["VOICE_COACH_VOSK_MODEL"]))
    recognizer.load()
    yield recognizer
    recognizer.close()


@pytest.mark.english_vosk
@pytest.mark.parametrize(
    ("phrases", "least"),
    [(DIGITS, 0.70), (("yes", "no"), 0.85)],
    ids=["digits", "yes and no"],
)
def test_english_answers_are_heard(english: Vosk, phrases: tuple[str, ...], least: float) -> None:
    """No English model was at hand when this was written: the thresholds are modest guesses, not measured."""
    clips = [clip for clip in recorded() if clip.words in phrases]
    if not clips:
        pytest.skip(f"no recordings in {SPEECH}")
    heard = [(clip.words, hear_recording(english, read_wav(clip.path), phrases, "choice")) for clip in clips]
    right = sum(said == found.text for said, found in heard) / len(heard)
    wrongly_acted = sum(said != found.text and found.score >= ACT for said, found in heard) / len(heard)
    assert right >= least, f"{right:.3f} of {len(heard)} clips"
    assert wrongly_acted <= 0.10, f"{wrongly_acted:.3f} of {len(heard)} clips"


@pytest.mark.english_vosk
def test_english_knows_the_words_of_the_answers(english: Vosk) -> None:
    assert [word for word in (*DIGITS, "yes", "no", "stop", "half", "don't") if not english.can_hear(word)] == []
