"""It learns how a person says words: examples, the file they are in, the second opinion, and the command."""

from __future__ import annotations

import random
import re
import stat
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hearing import ENGLISH, SPEECH, quiet, recorded, say
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.app import open_understanding
from voice_coach.errors import BadInput
from voice_coach.learning import Row, grammars, learn, with_learned
from voice_coach.listen import example_file
from voice_coach.listen.audio import read_wav
from voice_coach.listen.examples import MOST, Example, chosen
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.learned import Learned
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import Decoded, Recognizer
from voice_coach.listen.second_opinion import EVEN_NUMBER, weighed
from voice_coach.listen.warping import COLUMNS, Shapes, shape
from voice_coach.settings import Settings
from voice_coach.understand.interpret import Understanding
from voice_coach.words import Expects, Heard, Match

if TYPE_CHECKING:
    from voice_coach.listen.warping import Shape

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
needs_recordings = pytest.mark.skipif(not SPEECH.is_dir(), reason="the recordings are not here")


@cache
def spoken(word: str, words_per_minute: int = 145, voice: str = ENGLISH) -> Shape:
    found = shape(say(word, voice, words_per_minute))
    assert found is not None
    return found


def example(word: str, said: str, words_per_minute: int = 145, heard: float = 0.9) -> Example:
    return Example(word, spoken(said, words_per_minute), heard)


def honest(*speeds: int) -> list[Example]:
    return [example(word, word, speed) for word in WORDS for speed in speeds]


# --- shapes and distances


def test_the_same_word_at_another_speed_is_nearer_than_any_other_word() -> None:
    shapes = Shapes([spoken(word, 145) for word in WORDS])
    for word in WORDS:
        assert WORDS[int(shapes.distances(spoken(word, 175)).argmin())] == word


def test_a_distance_is_symmetric_and_nought_to_itself() -> None:
    one, other = spoken("seven"), spoken("eleven", 120)
    there, back = Shapes([other]).distances(one)[0], Shapes([one]).distances(other)[0]
    assert there == pytest.approx(back, rel=1e-5)
    assert Shapes([one, other]).distances(one)[0] == pytest.approx(0, abs=1e-2)


def test_a_distance_is_that_of_the_textbook() -> None:
    rng = np.random.default_rng(1)
    one, other = (rng.normal(size=(length, COLUMNS)).astype(np.float32) for length in (9, 14))
    cost = np.sqrt(((one[:, None] - other[None]) ** 2).sum(2))
    total = np.full((10, 15), np.inf)
    total[0, 0] = 0
    for i in range(1, 10):
        for j in range(1, 15):
            here = cost[i - 1, j - 1]
            total[i, j] = min(total[i - 1, j - 1] + 2 * here, total[i - 1, j] + here, total[i, j - 1] + here)
    filler = rng.normal(size=(30, COLUMNS)).astype(np.float32)  # the longest must not change the others
    assert Shapes([filler, other]).distances(one)[1] == pytest.approx(total[9, 14] / 23, rel=1e-4)


def test_loudness_and_silence_around_it_do_not_change_a_word() -> None:
    sound = say("seven", ENGLISH)
    softer = (np.frombuffer(sound, "<i2") // 4).astype("<i2").tobytes()
    found = shape(quiet(0.5) + softer + quiet(0.7))
    assert found is not None
    assert Shapes([spoken("seven")]).distances(found)[0] < 1.0


@pytest.mark.parametrize("sound", [b"", b"\0", b"\1\2\3", quiet(1), b"\1\0" * 100], ids=len)
def test_what_is_no_word_has_no_shape(sound: bytes) -> None:
    assert shape(sound) is None


def test_a_long_speech_has_no_shape() -> None:
    assert shape(say("this is no single word at all but a whole long sentence that goes on and on", ENGLISH)) is None


# --- which examples are kept


def test_honest_examples_are_kept_and_at_most_five_a_word() -> None:
    given_ = honest(120, 130, 140, 150, 160, 170, 180)
    kept = chosen(given_)
    assert {word: sum(one.word == word for one in kept) for word in WORDS} == dict.fromkeys(WORDS, MOST)
    assert all(any(one is other for other in given_) for one in kept)
    assert len(chosen(honest(140, 160))) == 2 * len(WORDS)


def test_the_same_recording_counts_once() -> None:
    assert len(chosen([example("seven", "seven"), example("seven", "seven")])) == 1


def test_an_example_that_makes_others_wrong_is_thrown_out() -> None:
    wrong = example("two", "seven", 150)
    kept = chosen([*honest(130, 140, 160), wrong])
    assert not any(one is wrong for one in kept)
    assert len(kept) == 3 * len(WORDS)


def test_the_recognizer_is_the_witness() -> None:
    near_one_heard = replace(example("six", "six", 150), heard=0.0, against=0.9)
    contradicted = replace(example("nine", "nine", 150), heard=0.0, against=0.9)
    unsure = replace(example("two", "two", 150), heard=0.0, against=0.4)
    others = [one for one in honest(140) if one.word not in ("nine", "two")]
    kept = chosen([*others, near_one_heard, contradicted, unsure])
    assert [any(one is other for other in kept) for one in (near_one_heard, contradicted, unsure)] == [
        True,
        False,
        True,
    ]


def test_where_the_recognizer_hears_too_few_of_the_words_none_is_believed() -> None:
    assert chosen([replace(one, heard=0.0, against=0.3) for one in honest(140, 160)]) == ()


def heard_badly(turned: int = 0) -> list[Example]:
    """Two takes of each word, of which the recognizer hears three in ten, given as another word where `turned`."""
    given: list[Example] = []
    for place, word in enumerate(WORDS):
        name = WORDS[(place + turned) % len(WORDS)]
        heard, against = (0.5, 0.2) if place % 10 < 3 else (0.0, 0.9 if place == 9 else 0.5)
        given += [replace(example(name, word, speed), heard=heard, against=against) for speed in (140, 160)]
    return given


def test_whom_the_recognizer_hears_badly_is_believed_where_the_takes_agree() -> None:
    assert len(chosen(heard_badly())) >= 18
    mixed = heard_badly()
    words = [one.word for one in mixed]
    random.Random(3).shuffle(words)
    assert chosen([replace(one, word=word) for one, word in zip(mixed, words, strict=True)]) == ()


def test_exchanged_words_agree_too_and_are_not_believed() -> None:
    exchanged = [replace(one, against=0.9) if not one.heard else one for one in heard_badly(turned=1)]
    assert chosen(exchanged) == ()


def test_no_examples_at_all() -> None:
    assert chosen([]) == ()


# --- the second opinion


@given(
    st.floats(0, 1),
    st.dictionaries(st.sampled_from(WORDS), st.floats(0, 9), max_size=10),
    st.lists(st.tuples(st.sampled_from(WORDS), st.floats(0, 0.5)), max_size=2, unique_by=lambda way: way[0]),
)
def test_an_opinion_is_a_probability(
    score: float, distances: dict[str, float], others: list[tuple[str, float]]
) -> None:
    read = Decoded("six", score, tuple(way for way in others if way[0] != "six"))
    found = weighed(read, distances)
    assert 0 <= found.score <= 1
    assert found.text not in dict(found.others)
    if min(distances.values(), default=EVEN_NUMBER) >= EVEN_NUMBER:
        assert found == read
    else:
        assert all(0 <= chance <= found.score for _, chance in found.others)


def test_agreement_raises_disagreement_asks_and_a_clear_margin_decides() -> None:
    read = Decoded("five", 0.65, (("nine", 0.1),))
    assert weighed(read, {"five": 3.0, "nine": 4.2}).score > 0.9
    doubted = weighed(read, {"five": 3.6, "nine": 3.35})
    assert doubted.score < 0.6
    assert {doubted.text, *dict(doubted.others)} == {"five", "nine"}
    decided = weighed(read, {"five": 4.4, "nine": 3.0})
    assert (decided.text, decided.score > 0.6) == ("nine", True)


def test_without_words_nothing_is_made_up() -> None:
    assert weighed(Decoded("", 0.0), {"five": 1.0}) == Decoded("", 0.0)


def test_another_way_of_saying_yes_is_no_disagreement() -> None:
    assert weighed(Decoded("yeah", 0.8), {"yes": 3.0, "no": 4.5}).text == "yeah"


@pytest.fixture(scope="module")
def understanding(tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    return open_understanding(Settings(tmp_path_factory.mktemp("home")))[1]


def hear(recognizer: Recognizer, sound: bytes, phrases: tuple[str, ...]) -> Heard:
    recognizer.forget_session()
    return hear_recording(recognizer, sound, phrases, "rating")


def test_it_hears_what_the_recognizer_hears_and_adds_its_opinion(pocketsphinx: PocketSphinx) -> None:
    sound = say("seven", ENGLISH, 160)
    alone = hear(pocketsphinx, sound, (*WORDS, "stop"))
    beside = hear(Learned(pocketsphinx, honest(145)), sound, (*WORDS, "stop"))
    assert (beside.text, beside.free, alone.text) == ("seven", alone.free, "seven")
    assert beside.score > alone.score


@pytest.mark.parametrize("examples", [[], [example("yes", "yes")]], ids=["none", "of no word of this turn"])
def test_without_examples_of_the_turns_words_nothing_changes(
    pocketsphinx: PocketSphinx, examples: list[Example]
) -> None:
    for word in WORDS:
        sound = say(word, ENGLISH)
        assert hear(Learned(pocketsphinx, examples), sound, WORDS) == hear(pocketsphinx, sound, WORDS)


def test_an_utterance_without_sound_is_nothing(pocketsphinx: PocketSphinx) -> None:
    learned = Learned(pocketsphinx, honest(145))
    learned.begin(WORDS)
    assert learned.closed() == Decoded("", 0.0)
    assert isinstance(learned.free(), str)
    learned.end()


# --- on disk


def test_examples_come_back_as_they_were(tmp_path: Path) -> None:
    path = example_file.path_of(tmp_path)
    examples = tuple(honest(140, 160))
    example_file.write(path, examples)
    found = example_file.read(path)
    assert [(one.word, one.heard, one.against) for one in found] == [
        (one.word, one.heard, one.against) for one in examples
    ]
    assert all(np.array_equal(one.shape, other.shape) for one, other in zip(found, examples, strict=True))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    example_file.write(path, ())
    assert example_file.read(path) == ()


def test_nothing_is_learned_where_there_is_no_file(tmp_path: Path, pocketsphinx: PocketSphinx) -> None:
    told: list[str] = []
    assert with_learned(pocketsphinx, tmp_path, told.append) is pocketsphinx
    assert told == []


@pytest.mark.parametrize(
    "damage", ["empty", "cut", "noise", "flipped", "locked", "other arrays", "not finite", "too long"]
)
def test_a_damaged_file_is_set_aside_and_the_coach_goes_on(
    tmp_path: Path, pocketsphinx: PocketSphinx, damage: str
) -> None:
    path = example_file.path_of(tmp_path)
    example_file.write(path, tuple(honest(140)))
    whole = path.read_bytes()
    if damage == "other arrays":
        np.savez(path, version=np.array(1), words=np.array(["one"]))
    elif damage == "not finite":
        example_file.write(path, (Example("one", np.full((20, COLUMNS), np.nan, np.float32)),))
    elif damage == "too long":
        example_file.write(path, (Example("one", np.zeros((2000, COLUMNS), np.float32)),))
    else:
        changed = {
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "noise": random.Random(1).randbytes(5000),
            "locked": re.sub(rb"(PK\x01\x02.{4}).", b"\\g<1>\x01", whole, flags=re.DOTALL),  # told to want a password
        }
        path.write_bytes(changed.get(damage, whole[:2000] + bytes([whole[2000] ^ 255]) + whole[2001:]))
    told: list[str] = []
    assert with_learned(pocketsphinx, tmp_path, told.append) is pocketsphinx
    assert len(told) == 1
    assert "set aside" in told[0]
    assert not path.exists()
    assert path.with_suffix(".damaged").exists()


def test_a_file_of_another_version_is_neither_used_nor_lost(tmp_path: Path) -> None:
    path = example_file.path_of(tmp_path)
    path.parent.mkdir()
    np.savez(path, version=np.array(99))
    with pytest.raises(BadInput, match="another version"):
        example_file.read(path)
    assert path.exists()


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = example_file.path_of(tmp_path)
    example_file.write(path, tuple(honest(140)))
    before = path.read_bytes()
    path.with_suffix(".new").mkdir()  # stands where the new file would be made
    with pytest.raises(BadInput, match="cannot be kept"):
        example_file.write(path, ())
    assert path.read_bytes() == before


# --- the command


def right(understanding: Understanding, recognizer: Recognizer, clips: list[tuple[str, bytes]]) -> float:
    expects = Expects("rating")
    phrases = understanding.phrases(expects)
    recognizer.forget_session()
    found = 0
    for word, sound in clips:
        answer = understanding.understand(hear_recording(recognizer, sound, phrases, "rating"), expects).answer
        found += isinstance(answer, Match) and answer.value == WORDS.index(word)
    return found / len(clips)


@needs_recordings
@pytest.mark.parametrize("speaker", ["theo", "nicolas"])
def test_two_examples_a_word_help_a_person_and_wrong_ones_do_not_harm(
    pocketsphinx: PocketSphinx, understanding: Understanding, tmp_path: Path, speaker: str
) -> None:
    takes: dict[str, list[Path]] = defaultdict(list)
    for row in recorded():
        if row.kind == "digit" and f"_{speaker}_" in row.path.name:
            takes[row.words].append(row.path)
    given_ = [(path, word) for word in WORDS for path in takes[word][:2]]
    clips = [(word, read_wav(path)) for word in WORDS for path in takes[word][2:6]]
    random.Random(1).shuffle(clips)
    before = right(understanding, pocketsphinx, clips)
    catalog, _ = open_understanding(Settings(tmp_path))
    after: dict[str, float] = {}
    for name, turned in (("honest", 0), ("wrong", 3)):
        words = [WORDS[(WORDS.index(word) + turned) % 10] for _, word in given_]
        rows = [Row(number, path, word) for number, ((path, _), word) in enumerate(zip(given_, words, strict=True))]
        complaints: list[str] = []
        pocketsphinx.forget_session()
        learn(rows, tmp_path / name, pocketsphinx, grammars(catalog, understanding), complaints.append)
        assert complaints == []
        after[name] = right(understanding, with_learned(pocketsphinx, tmp_path / name, complaints.append), clips)
    assert after["honest"] >= before + 0.05
    assert after["wrong"] >= before - 0.01
