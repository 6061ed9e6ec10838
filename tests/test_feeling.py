"""The one open question in a step: asked once, in its middle, kept, and never where the person is not alone."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from conversing import hold, read, rows
from people import INSIDE, NOW

from voice_coach.coach.stepping import APART, FEELING, cues_of
from voice_coach.records import Go, Tag

NAMED = read("feeling_named")


def test_what_is_felt_is_kept_with_the_step(tmp_path: Path) -> None:
    held = hold(tmp_path, NAMED.turns, NAMED.now, NAMED.zone)
    assert [line.key for line in held.lines].count(FEELING) == 1
    (kept,) = rows(tmp_path, "note", "feeling")
    assert json.loads(kept.value) == {"text": "my heart beats fast"}


def go(seconds: int, *tags: Tag) -> Go:
    return Go("go", replace(INSIDE, seconds=seconds, tags=frozenset(tags)), None, NOW, NOW)


@pytest.mark.parametrize(("seconds", "asked"), [(10, 30), (60, 30), (120, 70), (180, 90), (240, 130)])
def test_it_stands_in_the_middle_and_apart_from_the_other_cues(seconds: int, asked: float) -> None:
    cues = cues_of(go(seconds))
    assert [after for after, key in cues if key == FEELING] == [asked]
    assert all(later - earlier >= APART for (earlier, _), (later, _) in pairwise(cues))


@pytest.mark.parametrize("tag", ["user_speaks", "with_others"])
def test_nothing_is_asked_where_the_person_speaks_or_is_with_people(tag: Tag) -> None:
    assert cues_of(go(120, tag)) == []
