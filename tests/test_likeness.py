"""The second tier of the screen: what danger is like, and where the patterns decide instead."""

from __future__ import annotations

import csv
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from voice_coach import catalog_files
from voice_coach.app import open_likeness
from voice_coach.errors import BadInput
from voice_coach.understand.likeness import BUCKETS, WINDOW, Likeness, features, read_likeness, written
from voice_coach.understand.safety import Screen, screen_of
from voice_coach.words import Expects, Flag, Heard

ROOT = Path(__file__).resolve().parent.parent
TEXT = Expects("text")
CALM = (
    "i would like to talk about my exam next week",
    "the bus was late and i had to stand the whole way",
    "my voice shakes when i read aloud in front of the class",
    "can you put bread and cheese on the shopping list",
    "we are going to the lake with the children on sunday",
)
MODEL_LIKES = {
    "trauma": "after what my stepfather did to me as a child i still have nightmares and cannot be touched",
    "panic": "had another panic attack on the train and thought my heart would stop",
    "dissociation": "it is as if i watch myself from outside my body and nothing around me is real",
    "suicide": "i keep thinking how i want to kill myself and end this life",
}


@pytest.fixture(scope="module")
def shipped() -> Likeness:
    likeness = open_likeness("en")
    assert likeness is not None
    return likeness


def always(*kinds: str) -> Likeness:
    """A model that takes everything for these kinds."""
    many = len(kinds)
    return Likeness(kinds, memoryview(bytes(BUCKETS * many)).cast("b"), (1.0,) * many, (1.0,) * many, (0.0,) * many)


@cache
def screening(*kinds: str) -> Screen:
    return screen_of(catalog_files.read_texts(), likeness=always(*kinds))


@pytest.mark.parametrize(("kind", "text"), MODEL_LIKES.items())
def test_the_shipped_model_knows_danger_by_its_likeness(shipped: Likeness, kind: str, text: str) -> None:
    assert kind in shipped.alike(text.split())


@pytest.mark.parametrize("text", CALM)
def test_the_shipped_model_leaves_calm_talk_alone(shipped: Likeness, text: str) -> None:
    assert not shipped.alike(text.split())


def test_one_sentence_is_found_in_the_middle_of_a_long_utterance(shipped: Likeness) -> None:
    around = " ".join(CALM).split()
    assert "suicide" in shipped.alike([*around, *MODEL_LIKES["suicide"].split(), *around])


def test_features_have_length_one_and_do_not_know_the_window() -> None:
    values = features(["one", "two", "three", "two"])
    assert sum(value * value for value in values.values()) == pytest.approx(1.0)
    assert len(features(["word"] * (2 * WINDOW))) == len(features(["word"] * 2))


def test_what_is_like_danger_is_asked_about_and_never_certain() -> None:
    assert screening("suicide").flags("a sentence that no pattern knows") == (
        Flag("crisis", "suicide", "possible", "like.suicide"),
    )
    assert screening("suicide", "self_harm").flags("a sentence that no pattern knows") == (
        Flag("crisis", "self_harm", "possible", "like.self_harm"),
    )


def test_what_is_like_a_mention_raises_its_question_alone() -> None:
    flags = screening("trauma", "panic").flags("a sentence that no pattern knows")
    assert [(flag.category, flag.kind) for flag in flags] == [
        ("contraindication", "trauma"), ("contraindication", "panic"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["I really don't want to die at all", "I'm not suicidal and never was"])
def test_what_the_patterns_read_as_denied_is_not_asked_about(text: str) -> None:
    assert not screening("suicide").flags(text)


def test_the_patterns_decide_where_they_found_danger() -> None:
    found = screening("suicide", "self_harm").flags("I am going to kill myself tonight")
    assert [(flag.kind, flag.tier) for flag in found] == [("suicide", "certain")]


def test_three_words_are_too_few() -> None:
    assert not screening("suicide").flags("quite so sad")


def test_a_prediction_may_be_like_danger() -> None:
    assert not screening("suicide").flags("the whole room will stare", Expects("text", checks="prediction"))


def test_words_leaned_towards_are_not_weighed() -> None:
    heard = Heard("", free="they all said it again", leaning="they all said it again")
    only = Heard("", free="it", leaning="they all said it again")
    assert screening("suicide").hear(heard, TEXT)
    assert not screening("suicide").hear(only, TEXT)


def test_words_that_the_grammar_explains_are_not_weighed() -> None:
    heard = Heard("seven", free="several of them are", score=0.9)
    assert not screening("suicide").hear(heard, Expects("rating"))
    doubtful = Heard("seven", free="several of them are", score=0.1)
    assert screening("suicide").hear(doubtful, Expects("rating"))


def test_other_languages_have_no_model() -> None:
    assert open_likeness("de") is None


def test_a_damaged_model_is_told_with_what_to_do(shipped: Likeness) -> None:
    whole = written(shipped)
    assert read_likeness(whole, "screen.bin") == shipped
    for damaged in (b"", whole[:-1], whole[1:], b"[]\n" + whole, b'{"kinds": ["suicide"]}\n' + bytes(BUCKETS)):
        with pytest.raises(BadInput, match=r"screen\.bin is damaged; install voice-coach again"):
            read_likeness(damaged, "screen.bin")


def train(*given: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(ROOT / "scripts" / "train-screen"), *given]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_training_gives_the_same_model_twice_and_it_tells_its_kinds_apart(tmp_path: Path) -> None:
    texts = tmp_path / "texts.tsv"
    with texts.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter="\t", lineterminator="\n")
        rows.writerow(("text", "label"))
        rows.writerows((f"{text} number {place}", "si") for place, text in enumerate([MODEL_LIKES["suicide"]] * 8))
        rows.writerows((f"{text} number {place}", "neg_everyday") for place, text in enumerate(CALM * 4))
    made = [tmp_path / "one.bin", tmp_path / "two.bin"]
    for out in made:
        ran = train(str(texts), "--out", str(out), "--real", str(texts))
        assert ran.returncode == 0, ran.stderr
        assert MODEL_LIKES["suicide"] not in ran.stdout
    assert made[0].read_bytes() == made[1].read_bytes()
    model = read_likeness(made[0].read_bytes(), "one.bin")
    assert "suicide" in model.alike(MODEL_LIKES["suicide"].split())
    assert not model.alike(CALM[0].split())


def test_training_tells_what_it_needs(tmp_path: Path) -> None:
    bad = tmp_path / "bad.tsv"
    bad.write_text("sentence\nhello\n", encoding="utf-8")
    ran = train(str(bad), "--out", str(tmp_path / "out.bin"))
    assert ran.returncode == 2
    assert "columns text and label" in ran.stderr
    assert not (tmp_path / "out.bin").exists()
