"""The starter ladders: complete, speakable, varied, and doable without sight."""

from __future__ import annotations

import re

import pytest

from voice_coach.catalog_files import read_texts
from voice_coach.records import Ladder, Rung
from voice_coach.understand.catalog import Fault
from voice_coach.understand.reading_ladders import read_ladder
from voice_coach.understand.strict_yaml import Document

TEXTS = {name: text for name, text in read_texts().items() if name.startswith("en/ladders/")}
LADDERS = sorted(name.removeprefix("en/ladders/").removesuffix(".yaml") for name in TEXTS)
ARTICLE = ("email_messages", "phone_calls", "social", "work_performance")
OTHERS = ("car_passenger", "dogs", "heights", "home_alone", "needles", "shops_queues")
SEEING = {
    *("look", "looks", "looking", "see", "sees", "seeing", "seen", "watch", "click"),
    *("colour", "eye", "eyes", "camera", "slide", "slides"),
}


def shipped_ladder(name: str) -> Ladder:
    faults: list[Fault] = []
    document = Document(name, TEXTS[f"en/ladders/{name}.yaml"], faults)
    assert document.root is not None, faults
    ladder, _ = read_ladder(document, document.root, name)
    assert faults == []
    return ladder


def test_the_starter_ladders_are_there_in_full() -> None:
    assert {*ARTICLE, "public_speaking", *OTHERS} == set(LADDERS)
    assert [rung.id for rung in shipped_ladder("public_speaking").rungs] == [
        "read_alone", "voice_note", "group_chat", "question_camera_off", "question_camera_on",
        "status_update", "three_slides", "project_talk", "long_talk",
    ]  # fmt: skip
    assert all(len(shipped_ladder(name).rungs) == 5 for name in ARTICLE)
    assert all(8 <= len(shipped_ladder(name).rungs) <= 10 for name in OTHERS)
    assert shipped_ladder("needles").asks == ("fainted",)


def all_rungs() -> list[Rung]:
    ladders = [shipped_ladder(name) for name in LADDERS]
    return [rung for ladder in ladders for rung in (*ladder.rungs, *ladder.twins)]


@pytest.mark.parametrize("rung", all_rungs(), ids=lambda rung: rung.id)
def test_a_shipped_rung_can_be_spoken_varied_and_done_without_sight(rung: Rung) -> None:
    spoken = [rung.say, rung.end, *(variation.say for variation in rung.variations)]
    for sentence in spoken:
        assert len(sentence.split()) <= 25, sentence
    assert rung.say.endswith(".")
    assert rung.end[0].islower()
    assert not rung.end.endswith(".")
    assert len(rung.variations) >= 2
    assert any(variation.easier for variation in rung.variations)
    if "sight" not in rung.tags:
        words = set(re.findall(r"[a-z]+", " ".join(spoken).lower().replace("camera off", "")))
        assert not words & SEEING, words & SEEING
