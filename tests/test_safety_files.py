"""The files of the safety screen: read together, every fault named where it stands."""

from __future__ import annotations

import re

import pytest

from voice_coach import catalog_files
from voice_coach.errors import BadInput
from voice_coach.understand.safety import screen_of
from voice_coach.understand.safety_checking import check_safety


def test_every_pattern_agrees_with_its_own_sentences() -> None:
    assert check_safety(catalog_files.read_texts()) == []


@pytest.mark.parametrize(("text", "told"), [
    ("", "empty"),
    ("language: en\n", "missing"),
    ("patterns: [", "cannot be read as YAML"),
])  # fmt: skip
def test_a_broken_file_says_where(text: str, told: str) -> None:
    with pytest.raises(BadInput, match=f"en/safety.yaml:[12]: .*{told}"):
        screen_of({"en/safety.yaml": text})


def test_without_any_file_it_says_which_is_missing() -> None:
    with pytest.raises(BadInput, match=r"en/safety\.yaml:1: This file is missing"):
        screen_of({})


def with_changed(old: str, new: str) -> tuple[dict[str, str], str]:
    """The shipped texts with one thing changed where it stands first in the safety files, and that file's name."""
    texts = catalog_files.read_texts()
    file = next(name for name in sorted(texts) if name.startswith("en/safety/") and old in texts[name])
    return {**texts, file: texts[file].replace(old, new, 1)}, file


@pytest.mark.parametrize(("more", "line", "told"), [
    ("patterns:\n  wish_to_die: {kind: suicide, tier: certain, says: [want to die], tests: [i want to die]}", 3,
     '"wish_to_die" also stands in en/safety/10_wishing_to_be_dead.yaml:4; keep one.'),
    ('classes:\n  point: ["sense"]', 3, '"point" also stands in en/safety/01_classes.yaml:'),
    ('context:\n  outcomes: ["shall"]', 3, '"outcomes" also stands in en/safety/00_words.yaml:'),
    ('context:\n  outcome: ["shall"]', 3, '"outcome" is not known here; use denials,'),
    ('idioms:\n  - "bleeding money"', 3, '"bleeding money" also stands in en/safety/02_idioms.yaml:'),
    ("language: en", 2, '"language" is given twice'),
])  # fmt: skip
def test_what_stands_in_two_files_is_a_fault_that_names_both(more: str, line: int, told: str) -> None:
    texts = {**catalog_files.read_texts(), "en/safety/more.yaml": f"language: en\n{more}\n"}
    found = [fault for fault in check_safety(texts) if (fault.file, fault.line) == ("en/safety/more.yaml", line)]
    assert [fault.message.startswith(told) for fault in found] == [True]


def test_a_file_more_adds_patterns_that_use_the_words_of_the_others() -> None:
    more = "language: en\npatterns:\n  own: {kind: harm, tier: certain, says: [purple <die>], tests: [purple dye]}\n"
    assert any(
        flag.phrase == "own.0"
        for flag in screen_of({**catalog_files.read_texts(), "en/safety/own.yaml": more}).flags("purple dye")
    )


@pytest.mark.parametrize("gone", ["en/safety/00_words.yaml", "en/safety/01_classes.yaml", "en/safety/03_denials.yaml"])
def test_without_one_of_the_files_what_it_held_is_missing(gone: str) -> None:
    texts = catalog_files.read_texts()
    held = set(re.findall(r"^(\w+):", texts.pop(gone), re.MULTILINE)) - {"language"}
    told = [fault.message for fault in check_safety(texts)]
    assert held
    assert {f'"{key}" is missing; add it.' for key in held} <= set(told)


@pytest.mark.parametrize(("broken", "mended", "told"), [
    ("<want> ~1 to ~1 <die>", "<wanting> to die", "no class"),
    ("<want> ~1 to ~1 <die>", "<want> ~9 <die>", "too wide"),
    ("    kind: suicide", "    kind: sadness", "no kind"),
    ("    tier: certain", "    tier: sure", "no tier"),
])  # fmt: skip
def test_a_bad_pattern_is_a_fault_in_its_line(broken: str, mended: str, told: str) -> None:
    texts, file = with_changed(broken, mended)
    line = texts[file][: texts[file].index(mended)].count("\n") + 1
    assert any(told in fault.message and (fault.file, fault.line) == (file, line) for fault in check_safety(texts))
    with pytest.raises(BadInput, match=f"{file}:{line}: .*{told}"):
        screen_of(texts)


def test_a_sentence_that_is_not_found_is_a_fault() -> None:
    texts, file = with_changed('"please let me die"', '"the sun is out"')
    faults = check_safety(texts)
    assert {fault.file for fault in faults} == {file}
    told = [fault.message for fault in faults]
    assert any("does not find" in message for message in told)
    assert any("No test" in message for message in told)
