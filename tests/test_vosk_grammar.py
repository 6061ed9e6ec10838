"""The grammar Vosk is given and what its results are worth: pure text in, pure text out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.listen.recognizer import Decoded
from voice_coach.listen.vosk_grammar import AGREED, ALONE, AMID_OTHERS, CONTRADICTED, decoded, grammar, plain, ways

ENGLISH = frozenset({"yes", "no", "i", "do", "not", "don't", "know"})


def result(*words: tuple[str, float]) -> str:
    """A result as Vosk writes it."""
    if not words:
        return json.dumps({"text": ""})
    listed = [{"conf": sure, "start": 0.0, "end": 0.1, "word": word} for word, sure in words]
    return json.dumps({"result": listed, "text": " ".join(word for word, _ in words)})


def read(*words: tuple[str, float], free: str = "", phrases: tuple[str, ...] = ("seven", "nine", "go back")) -> Decoded:
    return decoded(result(*words), ways(phrases, lambda _: True), free)


# --- the grammar ----------------------------------------------------------------------------------


def test_a_phrase_with_a_word_that_the_model_lacks_is_left_out() -> None:
    assert ways(("yes", "indubitably yes", "no"), ENGLISH.__contains__) == {"yes": "yes", "no": "no"}


def test_a_phrase_is_listened_for_as_it_is_spoken_in_one_breath_too() -> None:
    assert ways(("i do not know",), ENGLISH.__contains__) == {
        "i do not know": "i do not know",
        "i don't know": "i do not know",
    }


def test_a_phrase_is_heard_contracted_where_only_that_is_known() -> None:
    assert ways(("can not",), {"can't"}.__contains__) == {"can't": "can not"}


def test_the_letters_of_other_scripts_are_not_escaped() -> None:
    assert grammar(("비행기", "바다"), lambda _: False) == '["비행기", "바다"]'


def test_the_word_for_unknown_words_is_listened_for_where_the_model_has_it() -> None:
    assert grammar(("yes",), lambda _: True) == '["yes", "[unk]"]'


def test_an_empty_grammar_is_never_made() -> None:
    with pytest.raises(ValueError, match="at least one"):
        grammar((), lambda _: False)


@given(st.lists(st.text(), min_size=1))
def test_any_phrases_make_a_json_list_of_strings(phrases: list[str]) -> None:
    said = ways(phrases, lambda _: True)
    if said:
        made = json.loads(grammar(said, lambda _: False))
        assert made == list(said)
        assert all(isinstance(way, str) and way == way.strip() and way for way in made)
    else:
        assert not any(phrase.strip() for phrase in phrases)


# --- the reading ----------------------------------------------------------------------------------


def test_nothing_is_nothing() -> None:
    assert read() == Decoded("", 0.0)


def test_the_same_free_words_allow_the_highest_score() -> None:
    assert read(("seven", 1.0), free="seven") == Decoded("seven", AGREED)


@pytest.mark.parametrize("free", ["", "heaven", "the seven"])
def test_few_free_words_or_none_neither_agree_nor_contradict(free: str) -> None:
    assert read(("seven", 1.0), free=free) == Decoded("seven", ALONE)


@pytest.mark.parametrize("free", ["i want to fly", "turn that thing off", "seven of my friends came"])
def test_three_other_free_words_contradict(free: str) -> None:
    assert read(("seven", 1.0), free=free) == Decoded("seven", CONTRADICTED)


def test_free_words_that_the_phrase_holds_do_not_contradict_it() -> None:
    assert read(("go", 1.0), ("back", 1.0), free="oh go back then").score == ALONE


def test_the_least_sure_word_decides() -> None:
    assert read(("go", 0.9), ("back", 0.4), free="go back").score == pytest.approx(0.4 * AGREED)


def test_a_posterior_above_one_is_no_surer() -> None:
    assert read(("seven", 1.2), free="seven").score == AGREED


def test_parts_of_phrases_and_phrases_joined_are_nothing() -> None:
    for words in (("back",), ("back", "go"), ("seven", "nine"), ("go", "back", "go", "back")):
        assert read(*((word, 1.0) for word in words)) == Decoded("", 0.0)


def test_a_phrase_amid_unknown_words_is_doubtful() -> None:
    assert read(("[unk]", 1.0), ("nine", 1.0)) == Decoded("nine", AMID_OTHERS * ALONE)
    assert read(("[unk]", 1.0)) == Decoded("", 0.0)


def test_a_contraction_is_handed_on_as_the_folded_phrase() -> None:
    assert read(("don't", 1.0), ("stop", 1.0), free="don't stop", phrases=("do not stop",)) == Decoded(
        "do not stop", AGREED
    )


def test_marks_for_noise_are_no_words() -> None:
    assert plain("[unk] seven <noise> [laughter]") == "seven"
    assert plain("") == ""
