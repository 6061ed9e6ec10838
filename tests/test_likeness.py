"""The second tier of the screen: what danger is like, and where the patterns decide instead."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from voice_coach import catalog_files
from voice_coach.app import open_likeness
from voice_coach.errors import BadInput
from voice_coach.likeness import LAYERS, Likeness, read_likeness, written
from voice_coach.understand.safety import Screen, screen_of
from voice_coach.words import Expects, Flag, Heard

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts" / "screening"))
from screen_texts import row_of, rows_of, varied  # noqa: E402

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
    sizes = ((6, 2), (6, 2), (6, 2), (2, len(kinds)))
    layers = {
        layer: (np.zeros(size, np.float32), np.ones(size[1], np.float32))
        for layer, size in zip(LAYERS, sizes, strict=True)
    }
    return Likeness(kinds, (0.0,) * len(kinds), {"word": 1}, np.zeros((2, 2), np.int8), 1.0, layers)


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


def test_what_is_like_danger_is_asked_about_and_never_certain() -> None:
    assert screening("suicide").flags("a sentence that no pattern knows") == (
        Flag("crisis", "suicide", "possible", "like.suicide"),
    )
    assert screening("suicide", "self_harm").flags("a sentence that no pattern knows") == (
        Flag("crisis", "self_harm", "possible", "like.self_harm"),
    )


def test_what_is_like_somebody_else_in_danger_is_asked_about() -> None:
    assert screening("suicide", "other_person", "self_harm").flags("a sentence that no pattern knows") == (
        Flag("crisis", "self_harm", "possible", "like.self_harm"),
    )
    assert screening("other_person").flags("a sentence that no pattern knows") == (
        Flag("crisis", "other_person", "possible", "like.other_person"),
    )


def test_what_is_like_a_mention_raises_its_question_alone() -> None:
    flags = screening("trauma", "panic").flags("a sentence that no pattern knows")
    assert [(flag.category, flag.kind) for flag in flags] == [
        ("contraindication", "trauma"), ("contraindication", "panic"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["I really don't want to die at all", "I'm not suicidal and never was"])
def test_what_the_patterns_read_as_denied_is_not_asked_about(text: str) -> None:
    assert not screening("suicide").flags(text)


def test_a_manner_of_speaking_is_not_weighed() -> None:
    assert screening("self_harm").flags("they are cutting trees again")
    assert not screening("self_harm").flags("they are cutting jobs again")


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


def test_words_of_a_weak_recognizer_are_not_weighed() -> None:
    words = "they all said it again"
    assert not screening("suicide", "trauma").hear(Heard(words, free=words, manner="rough"), TEXT)
    assert screening("suicide").hear(Heard(words, free=words, manner="verbatim"), TEXT)


def test_words_that_the_grammar_explains_are_not_weighed() -> None:
    heard = Heard("seven", free="several of them are", score=0.9)
    assert not screening("suicide").hear(heard, Expects("rating"))
    doubtful = Heard("seven", free="several of them are", score=0.1)
    assert screening("suicide").hear(doubtful, Expects("rating"))


def test_other_languages_have_no_model() -> None:
    assert open_likeness("de") is None


def test_a_model_is_written_and_read_again(shipped: Likeness) -> None:
    again = read_likeness(written(shipped), "screen.npz")
    words = MODEL_LIKES["suicide"].split()
    assert again.scores(words) == shipped.scores(words)
    assert (again.kinds, again.margins, again.places) == (shipped.kinds, shipped.margins, shipped.places)


def test_words_that_are_not_known_say_nothing(shipped: Likeness) -> None:
    assert not shipped.alike(["xqzzt", "vrrgl", "plomf", "zzkra"])
    assert not shipped.alike([])


@pytest.mark.parametrize("harm", ["empty", "cut", "another", "short", "locked"])
def test_a_damaged_model_is_told_with_what_to_do(shipped: Likeness, harm: str) -> None:
    whole = written(shipped)
    fewer = written(replace(shipped, words=shipped.words[:-1]))
    damaged = {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "another": b"[]\n" + whole[:-9],
        "short": fewer,
        "locked": re.sub(rb"(PK\x01\x02.{4}).", b"\\g<1>\x01", whole, flags=re.DOTALL),  # told to want a password
    }[harm]
    with pytest.raises(BadInput, match=r"screen\.npz is damaged; install voice-coach again"):
        read_likeness(damaged, "screen.npz")


def train(*given: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(ROOT / "scripts" / "train-screen"), *given]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_training_tells_what_it_needs(tmp_path: Path) -> None:
    bad = tmp_path / "bad.tsv"
    bad.write_text("sentence\nhello\n", encoding="utf-8")
    ran = train(str(bad), "--out", str(tmp_path / "out.npz"))
    assert ran.returncode == 2
    assert "columns text and label" in ran.stderr
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.skipif(find_spec("torch") is not None, reason="all that training needs may be here")
def test_training_without_its_libraries_says_what_to_install(tmp_path: Path) -> None:
    texts = tmp_path / "texts.tsv"
    texts.write_text("text\tlabel\ni want to die\tsi\n", encoding="utf-8")
    ran = train(str(texts), "--out", str(tmp_path / "out.npz"))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "pip install -r scripts/screening/requirements.txt" in ran.stderr


def test_the_texts_that_are_made_are_the_same_each_time_and_of_like_words() -> None:
    rows = [row_of(MODEL_LIKES["suicide"], "si"), *(row_of(text, "", calm=True) for text in CALM)]
    made = varied(rows, {"kill": ["murder"], "bus": ["train"]})
    assert made == varied(rows, {"kill": ["murder"], "bus": ["train"]})
    assert len(made) > 100
    said = {word for row in rows for word in row.words}
    assert {word for text in made for word in text} - said == {"murder", "train"}


def test_calm_files_hold_no_danger_whatever_their_labels(tmp_path: Path) -> None:
    file = tmp_path / "calm.tsv"
    file.write_text("text\tlabel\nset an alarm\tsi\n...\tsi\n", encoding="utf-8")
    assert [(row.words, row.label, row.calm) for row in rows_of(file, calm=True)] == [
        (("set", "an", "alarm"), "", True)
    ]
    assert [row.label for row in rows_of(file)] == ["si"]


def test_what_was_held_out_to_judge_it_was_not_learned() -> None:
    tables = (ROOT / "models" / "screen_texts.tsv", ROOT / "tests" / "safety" / "plain.tsv")
    learned = {row.words for table in tables for row in rows_of(table)}
    held_out = rows_of(ROOT / "tests" / "safety" / "held_out.tsv")
    assert len(held_out) > 2_000
    assert {row.label for row in held_out} == {row.label for row in rows_of(tables[1])}
    assert [row.words for row in held_out if row.words in learned] == []
