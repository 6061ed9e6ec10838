"""The dictionary finds every word that its file holds, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_coach.listen.dictionary import Dictionary


@pytest.fixture(scope="module")
def shipped() -> tuple[Dictionary, dict[str, str]]:
    pocketsphinx = pytest.importorskip("pocketsphinx")
    file = Path(pocketsphinx.get_model_path("en-us")) / "cmudict-en-us.dict"
    entries = (line.partition(" ") for line in file.read_text(encoding="ascii").splitlines() if line.strip())
    return Dictionary(file), {word: phones.strip() for word, _, phones in entries}


def test_every_entry_is_found(shipped: tuple[Dictionary, dict[str, str]]) -> None:
    dictionary, entries = shipped
    assert {word: dictionary.phones(word) for word in entries} == entries


@pytest.mark.parametrize("word", ["", " ", "two words", "zzzzzz", "aaaaaaa", "yes(9)", "Yes", "\n", "ärger", "(2)"])
def test_what_is_not_there_has_no_phones(word: str, shipped: tuple[Dictionary, dict[str, str]]) -> None:
    assert shipped[0].phones(word) == ""


def test_a_file_of_one_line_and_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "one.dict").write_text("yes Y EH S", encoding="ascii")
    (tmp_path / "none.dict").write_text("", encoding="ascii")
    assert Dictionary(tmp_path / "one.dict").phones("yes") == "Y EH S"
    assert Dictionary(tmp_path / "none.dict").phones("yes") == ""
