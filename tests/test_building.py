"""Scripts about ladders, driven move by move: what the typed conversations cannot reach."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from conversing import hold, read
from people import CLEAR, DAY, NOW, RULES, ZONE, exposed

from voice_coach.catalog_files import read_texts
from voice_coach.coach import building, naming
from voice_coach.coach.asking import Answer
from voice_coach.coach.in_force import from_exposures
from voice_coach.coach.progression import propose
from voice_coach.coach.proposals import NoRung, Proposal
from voice_coach.coach.smaller import CHANGES, changed, make_smaller
from voice_coach.coach.today import Today
from voice_coach.coach.variations import usual
from voice_coach.ladders import words_of
from voice_coach.records import History, Ladder, Rung, RungRating
from voice_coach.speak.phrasing import Phrasing
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.loading import load
from voice_coach.words import Ask, Manner, Match, Move, Note, Outcome, Reply, Say

T = TypeVar("T")


@cache
def catalog() -> Catalog:
    return load(read_texts())


def today(history: History = CLEAR, **own: Ladder) -> Today:
    words = words_of(catalog(), Phrasing(catalog(), {}))
    return Today(history, {**catalog().ladders, **own}, RULES, NOW, ZONE, own=tuple(own), words=words)


def drive(
    script: Generator[Move, Reply, T], said: list[tuple[str, object]], manner: Manner = "typed"
) -> tuple[T, list[str], list[Note]]:
    """Answer each question in turn; the result, the keys of the lines said, and the facts noted."""
    keys: list[str] = []
    notes: list[Note] = []
    reply: Reply | None = None
    while True:
        try:
            move = next(script) if reply is None else script.send(reply)
        except StopIteration as stop:
            assert not said, f"never asked: {said}"
            result: T = stop.value
            return result, keys, notes
        reply = Reply(None, NOW)
        match move:
            case Say(key=key):
                keys.append(key)
            case Note():
                notes.append(move)
            case Ask(key=key, expects=expects):
                keys.append(key)
                want, value = said.pop(0)
                assert key == want, keys
                kind = "yes_no" if expects.kind == "yes-no" else expects.kind
                reply = Reply(Match(kind, value, 0.99), NOW, manner)  # type: ignore[arg-type]


def test_rough_words_build_no_ladder_and_that_is_said() -> None:
    said: list[tuple[str, object]] = [
        ("ask.fear", "spiders in the cellar"), ("ask.ladder", "my own"), ("ask.ladder", "dogs"),
    ]  # fmt: skip
    named, keys, _ = drive(naming.name_fear(today(replace(CLEAR, ladder=None))), said, "rough")
    assert isinstance(named, Ladder)
    assert named.id == "dogs"
    assert "build.needs_words" in keys
    assert "build.intro" not in keys


@pytest.mark.parametrize("manner", ["typed", "verbatim"])
def test_words_that_can_be_trusted_build_one(manner: Manner) -> None:
    said: list[tuple[str, object]] = [("ask.fear", "spiders"), ("ask.ladder", "my own")]
    for number in range(1, 4):
        said += [("build.situation", f"hold a jar for {number} minutes"), ("build.rate", float(number))]
    said += [("build.situation", None), ("build.right", "done")]
    script = naming.name_fear(today(replace(CLEAR, ladder=None)))
    said = [(key, "done" if value is None else value) for key, value in said]
    # "done" answers an open question as a command.
    named, _, notes = drive(_commanding(script), said, manner)
    assert isinstance(named, Ladder)
    assert [rung.say for rung in named.rungs] == [f"Hold a jar for {number} minutes." for number in range(1, 4)]
    assert notes[-1].name == "ladder"


def _commanding(script: Generator[Move, Reply, T]) -> Generator[Move, Reply, T]:
    """The same script; the words "done" reach it as the command that they are."""
    try:
        move = next(script)
        while True:
            reply = yield move
            if isinstance(reply.value, Match) and reply.value.value == "done":
                reply = replace(reply, value=Match("command", "done", 0.99))
            move = script.send(reply)
    except StopIteration as stop:
        value: T = stop.value
        return value


def test_at_most_three_names_are_spoken_and_every_ladder_is_among_the_labels() -> None:
    script = naming.name_fear(today(replace(CLEAR, ladder=None)))
    move: Move = next(script)
    move = script.send(Reply(Match("text", "a meeting with strangers at a party", 0.9), NOW))
    names: list[str] = []
    for _ in range(5):
        assert isinstance(move, Ask)
        spoken = str(move.blanks["ladders"]).split(", ")
        assert 1 <= len(spoken) <= naming.OFFERED
        assert move.expects.labels[: len(spoken)] == tuple(spoken)
        assert {ladder.name for ladder in catalog().ladders.values()} <= set(move.expects.labels)
        names += spoken
        move = script.send(Reply(Match("choice", "another", 0.9), NOW))
    assert set(names) == {*(ladder.name for ladder in catalog().ladders.values()), "my own"}


def test_a_new_ladder_takes_no_id_that_anything_is_kept_under() -> None:
    history = replace(CLEAR, rung_ratings=(RungRating("own_1", "rung_1", 3.0, NOW),), exposures=(
        exposed(DAY, ladder="own_2"),), ladder=None)  # fmt: skip
    said: list[tuple[str, object]] = [("ask.fear", "spiders"), ("ask.ladder", "my own")]
    for _ in range(3):
        said += [("build.situation", "hold a jar for one minute"), ("build.rate", 3.0)]
    said += [("build.situation", "done"), ("build.right", "done")]
    named, _, _ = drive(_commanding(naming.name_fear(today(history))), said)
    assert isinstance(named, Ladder)
    assert named.id == "own_3"


def test_twelve_situations_are_the_most() -> None:
    said: list[tuple[str, object]] = [("ask.fear", "spiders"), ("ask.ladder", "my own")]
    for _ in range(12):
        said += [("build.situation", "hold a jar for one minute"), ("build.rate", 3.0)]
    said += [("build.right", "add one after two"), ("build.right", "done")]
    named, keys, _ = drive(naming.name_fear(today(replace(CLEAR, ladder=None))), said)
    assert isinstance(named, Ladder)
    assert len(named.rungs) == 12
    assert "build.full" in keys


def test_after_two_mended_situations_an_example_is_given_once() -> None:
    said: list[tuple[str, object]] = [("ask.fear", "spiders"), ("ask.ladder", "my own")]
    for _ in range(3):
        said += [
            ("build.situation", "sit beside the big jar"),
            ("repair.rung.end", "one minute is over"),
            ("build.rate", 3.0),
        ]  # fmt: skip
    said += [("build.situation", "done"), ("build.right", "done")]
    named, keys, _ = drive(_commanding(naming.name_fear(today(replace(CLEAR, ladder=None)))), said)
    assert isinstance(named, Ladder)
    assert named.rungs[0].say == "Sit beside the big jar, one minute is over."
    assert keys.count("build.example") == 1
    repairs = [n for n, key in enumerate(keys) if key == "repair.rung.end"]
    assert repairs[1] < keys.index("build.example") < repairs[2]


@pytest.mark.parametrize(("there", "invited"), [(3, True), (7, True), (8, False)])
def test_two_more_are_invited_until_there_are_eight(there: int, invited: bool) -> None:
    rungs = tuple(Rung(f"rung_{n}", "own_1", f"Hold jar {n}.", "it is held", 60) for n in range(1, there + 1))
    ladder = Ladder("own_1", "spiders", rungs)
    said: list[tuple[str, object]] = [("build.invite", True)] if invited else []
    for _ in range(2 * invited):
        said += [("build.situation", "hold a jar for one minute"), ("build.rate", 3.0)]
    said += [("build.right", "done")] if invited else []
    made, _, _ = drive(building.invite_more(today(CLEAR, own_1=ladder), ladder), said)
    assert isinstance(made, Ladder)
    assert len(made.rungs) == there + 2 * invited


@pytest.mark.parametrize(("question", "ended"), [("fainted", Outcome("refer", "fainted")), ("hurt", building.HARM)])
@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_what_a_ladder_asks_before_each_session(question: str, ended: Outcome, answer: str) -> None:
    ladder = Ladder("x", "x", (), asks=(question,))  # type: ignore[arg-type]
    value = {"yes": True, "no": False}.get(answer)
    script = naming.may_do(ladder)
    assert isinstance(next(script), Ask)
    reply = Match("command", "dont_know", 0.9) if value is None else Match("yes_no", value, 0.9)
    outcome: Outcome | None = None
    try:
        move = script.send(Reply(reply, NOW))
        while isinstance(move, Say):
            move = script.send(Reply(None, NOW))
    except StopIteration as stop:
        outcome = stop.value
    assert outcome == ended
    assert drive(naming.may_do(ladder), [(f"screen.{question}", False)])[0] is None


RATED = {"dog_aloud": 6.0}


def rated(values: Mapping[str, float]) -> History:
    ratings = tuple(RungRating("dogs", rung, value, NOW) for rung, value in values.items())
    return replace(CLEAR, ladder="dogs", rung_ratings=ratings)


@pytest.mark.parametrize("change", CHANGES)
def test_a_smaller_step_is_put_in_below_kept_and_then_proposed(change: str) -> None:
    history, ladder = rated(RATED), catalog().ladders["dogs"]
    assert propose(history, ladder, NOW, RULES, ZONE) == NoRung("make")
    script = make_smaller(today(history), ladder, history, NoRung("make"), Answer(None, NOW))
    made, _, notes = drive(script, [("ask.smaller", change), ("ask.rung", 3.0)])
    assert made is not None
    assert [note.name for note in notes] == ["rung_rating", "own_ladder"]
    rung = made[0].rungs[0]
    assert rung.id == f"dog_aloud_{change}"
    assert rung.say == f"{ladder.rungs[0].say} {catalog().lines[f'smaller.{change}'].say}"
    assert made[0].rungs[1:] == ladder.rungs
    after = replace(history, rung_ratings=(*history.rung_ratings, RungRating("dogs", rung.id, 3.0, NOW)))
    proposal = propose(after, made[0], NOW, RULES, ZONE)
    assert isinstance(proposal, Proposal)
    assert proposal.rung == rung


def test_below_the_lowest_rung_that_was_twice_too_hard_an_easier_one_is_made() -> None:
    ladder = catalog().ladders["dogs"]
    hard = [
        exposed(days * DAY, id=str(days), ladder="dogs", rung="dog_aloud", how="too_much", reached_end=False)
        for days in (9, 8)
    ]
    history = replace(rated({"dog_aloud": 3.0}), exposures=tuple(hard))
    none = propose(history, ladder, NOW, RULES, ZONE)
    assert none == NoRung("make_easier")
    script = make_smaller(today(history), ladder, history, none, Answer(None, NOW))
    made, _, _ = drive(script, [("ask.smaller", "half"), ("ask.rung", 2.0)])
    assert made is not None
    after = replace(history, rung_ratings=(*history.rung_ratings, RungRating("dogs", "dog_aloud_half", 2.0, NOW)))
    proposal = propose(after, made[0], NOW, RULES, ZONE)
    assert isinstance(proposal, Proposal)
    assert (proposal.rung.id, proposal.why) == ("dog_aloud_half", "inserted")


def test_where_every_rung_is_too_easy_none_is_made_smaller() -> None:
    ladder = catalog().ladders["dogs"]
    history = rated({rung.id: 1.0 for rung in ladder.rungs})
    assert propose(history, ladder, NOW, RULES, ZONE) == NoRung("make")
    made, keys, _ = drive(make_smaller(today(history), ladder, history, NoRung("make"), Answer(None, NOW)), [])
    assert (made, keys) == (None, [])


def test_a_recording_needs_nobody_and_somebody_along_makes_it_with_others() -> None:
    rung = Rung("r", "dogs", "Do it.", "done", 60, frozenset({"with_others", "away"}))
    assert changed(rung, "recorded", "").tags == frozenset()
    assert changed(replace(rung, tags=frozenset()), "someone", "").tags == {"with_others"}
    assert changed(rung, "half", "").seconds == 30


def test_a_rung_of_ones_own_can_be_mastered() -> None:
    """It takes a variation to master a rung, so every rung needs one."""
    changes = usual(today().words.texts)
    rung = Rung("rung_1", "own_1", "Do it.", "done", 60, variations=changes)
    ladder = Ladder("own_1", "mine", (rung, replace(rung, id="rung_2")))
    done = tuple(
        exposed(days * DAY, id=str(days), ladder="own_1", rung="rung_1", variation=variation)
        for days, variation in ((3, None), (2, "other_place"))
    )
    history = replace(CLEAR, exposures=done, rung_ratings=(RungRating("own_1", "rung_1", 3.0, NOW - 4 * DAY),))
    answer = propose(history, ladder, NOW, RULES, ZONE, asked=True)
    assert "rung_2" in str(answer) or getattr(answer, "retention", False)


def test_what_follows_from_exposures_alone_is_named_before_they_are_forgotten() -> None:
    history = replace(CLEAR, exposures=(exposed(timedelta(hours=1), how="too_much"),))
    assert [block.reason for block in from_exposures(history, NOW, RULES, ZONE)] == ["hard_today", "spacing"]
    assert from_exposures(CLEAR, NOW, RULES, ZONE) == ()


def test_in_private_mode_no_word_or_number_of_the_ladder_is_spoken(tmp_path: Path) -> None:
    conversation = read("own_ladder_private")
    held = hold(tmp_path, conversation.turns, conversation.now, conversation.zone, private=True)
    spoken = " ".join(line.text for line in held.lines if line.key != "say.step").lower()
    assert "noted." in spoken
    assert not any(word in spoken for word in ("cashier", "assistant", "one book back"))


def test_what_is_deleted_while_a_ladder_is_read_back_counts_in_the_same_session() -> None:
    own = Ladder("own_1", "spiders", tuple(Rung(name, "own_1", f"Do {name}.", "done", 60) for name in "abcd"))
    said: list[tuple[str, object]] = [
        ("build.invite", True),
        ("build.situation", "done"),
        ("build.right", "delete number three"),
        ("build.right", "done"),
    ]
    after, _, _ = drive(_commanding(building.invite_more(today(own_1=own), own)), said)
    assert isinstance(after, Ladder)
    assert [step.id for step in after.rungs] == ["a", "b", "d"]
    assert after.gone == {"c": "b"}


def test_a_step_with_needles_is_always_done_seated() -> None:
    said: list[tuple[str, object]] = [
        ("ask.fear", "the vaccination"), ("ask.ladder", "my own"),
        ("build.situation", "look at a needle for one minute"), ("screen.fainted", False), ("build.rate", 3.0),
    ]  # fmt: skip
    for _ in range(2):
        said += [("build.situation", "open the letter of the clinic once"), ("build.rate", 4.0)]
    said += [("build.situation", "done"), ("build.right", "done")]
    named, _, _ = drive(_commanding(naming.name_fear(today(replace(CLEAR, ladder=None)))), said)
    assert isinstance(named, Ladder)
    assert named.asks == ("fainted",)
    assert [rung.say.endswith(catalog().lines["build.seated"].say) for rung in named.rungs] == [True, False, False]
