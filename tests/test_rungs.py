"""What makes a situation a rung, what rules it out, and how a ladder that is being built is changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from voice_coach.catalog_files import read_texts
from voice_coach.coach.today import LadderWords
from voice_coach.ladders import words_of
from voice_coach.records import Ladder, LadderEdit, Rung
from voice_coach.speak.phrasing import Phrasing
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.checking import check
from voice_coach.understand.loading import load
from voice_coach.understand.rungs import REFUSED, RungRules
from voice_coach.understand.spoken import spelling

# Situations in words of this test's own, and how each is judged: why it is refused, what is asked first, or ok.
ROWS = [
    (judged, text)
    for judged, _, text in (
        line.partition("\t")
        for line in (Path(__file__).parent / "situations" / "rungs.tsv").read_text(encoding="utf-8").splitlines()[1:]
    )
]


@cache
def catalog() -> Catalog:
    return load(read_texts())


@cache
def words() -> LadderWords:
    return words_of(catalog(), Phrasing(catalog(), {}))


def rungs() -> list[Rung]:
    return [rung for ladder in catalog().ladders.values() for rung in (*ladder.rungs, *ladder.twins)]


def test_no_shipped_rung_or_variation_is_refused_and_all_are_rungs() -> None:
    assert len(rungs()) > 80
    for rung in rungs():
        judged = words().judge(rung.say)
        assert (judged.refused, judged.asks - set(catalog().ladders[rung.ladder].asks)) == (None, frozenset()), rung.id
        # Of a longer talk the first minutes are the step: the shipped text says so, which a rule cannot read.
        assert judged.missing in (None, "long"), (rung.id, judged.missing)
        for variation in rung.variations:
            assert words().judge(variation.say).refused is None, variation.say


@pytest.mark.parametrize(
    ("situation", "refused"),
    [
        ("I drive once around the block", "driving"),
        ("driving on the motorway for two minutes", "driving"),
        ("I climb up a ladder three steps", "heights"),
        ("stand on the roof for one minute", "heights"),
        ("stroke a stray dog once", "animals"),
        ("meet a dog off the lead for one minute", "animals"),
        ("swim out in the lake for two minutes", "water"),
        ("drink one beer at the party", "drugs"),
        ("skip my medicine once", "care"),
        ("go to work without eating for one day", "care"),
        ("walk to the shop without my cane once", "care"),
        ("hold my breath for one minute", "symptoms"),
        ("make myself dizzy for one minute", "symptoms"),
        ("hold a knife for one minute", "weapons"),
        ("leave one shop without paying", "crime"),
        ("get into a stranger's car once", "strangers"),
        ("walk down a dark street for two minutes", "night"),
        ("walk outside at night for four minutes", "night"),
        ("go to the place where it happened for one minute", "trauma"),
    ],
)
def test_what_is_never_a_step_is_refused(situation: str, refused: str) -> None:
    assert words().judge(situation).refused == refused


@pytest.mark.parametrize(("judged", "text"), ROWS, ids=[text for _, text in ROWS])
def test_situations_in_plain_words(judged: str, text: str) -> None:
    found = words().judge(text)
    if judged == "ok":
        assert (found.refused, found.asks) == (None, frozenset())
    elif judged in ("hurt", "fainted"):
        assert found.refused is None
        assert judged in found.asks
    else:
        assert found.refused == judged


@pytest.mark.parametrize("habit", [
    "I leave my cane in the hall", "my white cane", "my guide dog", "the sighted guide", "my hearing aids",
    "my tablets in my pocket", "the medicine in my bag", "my insulin pump", "my heart monitor", "my emergency phone",
    "the phone that I need for emergencies", "my access companion", "the friend who guides me", "my carer",
    "the person who interprets for me",
])  # fmt: skip
def test_aids_medicine_and_company_that_somebody_needs_are_no_safety_behaviour(habit: str) -> None:
    assert words().is_aid(habit)


@pytest.mark.parametrize("habit", [
    "my headphones", "rehearsing every sentence", "looking at the floor", "a friend beside me", "sitting by the door",
    "my phone in my hand",
])  # fmt: skip
def test_what_only_calms_is_one(habit: str) -> None:
    assert not words().is_aid(habit)


def test_every_kind_is_among_them() -> None:
    assert {judged for judged, _ in ROWS} == {*REFUSED, "hurt", "fainted", "ok"}


def test_words_of_an_entry_may_be_chosen_from_and_may_have_to_stand_in_a_row() -> None:
    lists = {"rung_refused_crime": ("take|grab the_cake box",)}
    judge = RungRules(lists, {}, spelling((), ())).judge
    assert judge("grab a box with the cake").refused == judge("the cake is in the box, take it").refused == "crime"
    assert judge("take the box of cake").refused is judge("the cake is in the box").refused is None


def test_an_entry_may_name_a_group_of_words_and_a_kind_may_be_spared() -> None:
    lists = {
        "rung_class_cake": ("tart", "cheese cake"),
        "rung_refused_crime": ("take|grab @cake|box",),
        "rung_spared_crime": ("own tart",),
    }
    judge = RungRules(lists, {}, spelling((), ())).judge
    assert judge("take a tart").refused == judge("take the cheese cake").refused == judge("grab a box").refused
    assert judge("take a tart").refused == "crime"
    assert judge("take the cheese").refused is judge("take my own tart").refused is None


def test_a_group_that_no_list_gives_is_a_fault() -> None:
    texts = dict(read_texts())
    texts["en/words/refused.yaml"] = texts["en/words/refused.yaml"].replace("rung_class_meal:", "rung_class_meel:")
    assert any('"@meal" is no list here' in fault.message for fault in check(texts))


def test_every_refused_kind_has_words_and_a_line() -> None:
    for kind in REFUSED:
        assert catalog().words[f"rung_refused_{kind}"]
        assert f"rung.refused.{kind}" in catalog().lines


@pytest.mark.parametrize(
    ("situation", "missing"),
    [
        ("they laugh at my joke", "self"),
        ("my colleagues, until they agree", "control"),
        ("be calm", "act"),
        ("feel confident", "act"),
        ("something", "what"),
        ("everything", "what"),
        ("go shopping", "what"),
        ("walk in the park for twenty minutes", "long"),
        ("stay in the shop for two hours", "long"),
        ("speak in a group", "people"),
        ("talk to my team about the plan", "people"),
        ("walk past the big dog next door", "end"),
        ("sit in the cafe with my laptop", "end"),
        ("say my name and role to five people in a meeting", None),
        ("ask one person in a shop for the time", None),
        ("ring the dentist and ask for an appointment", None),
        ("sit in the cafe for four minutes", None),
        ("be driven once around the block by my sister", None),
    ],
)
def test_one_slot_is_named(situation: str, missing: str | None) -> None:
    judged = words().judge(situation)
    assert judged.refused is None
    assert judged.missing == missing
    if missing:
        assert f"repair.rung.{missing}" in catalog().lines


@pytest.mark.parametrize(
    ("situation", "asks"),
    [
        ("I say no to my husband once", {"hurt"}),
        ("confront my boss about one thing", {"hurt"}),
        ("I hold a wrapped syringe for one minute", {"fainted"}),
        ("ask my boss one question", set()),
        ("say no to a shop assistant once", set()),
    ],
)
def test_what_has_to_be_asked_first(situation: str, asks: set[str]) -> None:
    assert words().judge(situation).asks == asks


def test_tags_follow_the_words() -> None:
    assert words().judge("ask one person in a shop for the time").tags == {"user_speaks", "with_others", "away"}
    assert words().judge("read one page in my room to its end").tags == frozenset()


LIST = ("Ring the dentist once.", "Ask one person for the time.", "Take one book back.", "Queue behind two.")


@pytest.mark.parametrize(
    ("said", "edit"),
    [
        ("move the phone call up", None),
        ("move the dentist up", LadderEdit("move", 0, 1)),
        ("move number two up", LadderEdit("move", 1, 2)),
        ("move the last one down", LadderEdit("move", 3, 2)),
        ("move number four up", LadderEdit("move", 3, 3)),
        ("move number four to two", LadderEdit("move", 3, 1)),
        ("change number three", LadderEdit("change", 2)),
        ("change the one about the time", LadderEdit("change", 1)),
        ("delete the last one", LadderEdit("delete", 3)),
        ("please remove the first one", LadderEdit("delete", 0)),
        ("delete number 2", LadderEdit("delete", 1)),
        ("add one after two", LadderEdit("add", 2)),
        ("add one before number two", LadderEdit("add", 1)),
        ("add another one", LadderEdit("add", 4)),
        ("delete", None),
        ("delete number nine", None),
        ("the weather is fine", None),
        ("done", LadderEdit("done")),
        ("yes", LadderEdit("done")),
        ("that is right", LadderEdit("done")),
    ],
)
def test_a_change_is_read(said: str, edit: LadderEdit | None) -> None:
    assert words().edit(said, LIST) == edit


def test_a_rung_is_found_by_a_word_that_it_alone_has() -> None:
    rungs = ("Take one book back.", "Ring the dentist, one phone call.", "Queue behind two.")
    assert words().edit("move the phone call up", rungs) == LadderEdit("move", 1, 2)


@pytest.mark.parametrize(
    ("fear", "first"),
    [
        ("asking a question in the weekly meeting", "public_speaking"),
        ("when I have to ring the dentist", "phone_calls"),
        ("I am nervous about strangers at a party", "social"),
        ("my boss writes an email", "email_messages"),
        ("big dogs in the park", "dogs"),
        ("an injection next week", "needles"),
        ("standing on a balcony", "heights"),
        ("the queue at the supermarket", "shops_queues"),
        ("being home by myself", "home_alone"),
        ("when somebody else drives the car", "car_passenger"),
    ],
)
def test_the_nearest_ladder_comes_first(fear: str, first: str) -> None:
    assert words().nearest(fear, catalog().ladders.values())[0] == first


def test_words_of_no_ladder_point_nowhere() -> None:
    assert words().nearest("spiders", catalog().ladders.values()) == ()
    assert words().nearest("", [Ladder("a", "ants", ())]) == ()
