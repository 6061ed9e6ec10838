"""The catalog's sayings: each test sentence lands on its intent, nothing steals it, and doubt stays doubt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understanding import answer, english, folded, shipped, told, understanding

from voice_coach.coach import stepping
from voice_coach.grammars import Grammars
from voice_coach.understand.catalog import Intent
from voice_coach.understand.matching import Matcher
from voice_coach.words import Expects, Match, Nothing, Unsure

COMMANDS = [intent for name, intent in shipped().intents.items() if name not in ("affirm", "deny")]
SAYINGS = [(intent.name, saying) for intent in COMMANDS for saying in (*intent.exact, *intent.phrases)]


@pytest.mark.parametrize("intent", COMMANDS, ids=lambda intent: intent.name)
def test_each_test_sentence_lands(intent: Intent) -> None:
    missed = {text: told(text) for text in intent.tests if told(text) != ("command", intent.name)}
    assert missed == {}


def test_a_step_listens_for_what_ends_it_and_for_nothing_else() -> None:
    phrases = Grammars(understanding(), 1.0, {}).turn(Expects("command"), "exposure").phrases
    assert {"coach done", "stop", "done", "too much"} <= set(phrases)
    told_apart = {phrase: told(phrase.removeprefix("coach ")) for phrase in phrases}
    ending = {("command", name) for name in stepping.COMMANDS}
    others = {phrase for phrase, (kind, name) in told_apart.items() if (kind, name) not in ending}
    assert others == {stepping.LEAVING.lower(), stepping.BACK.lower()}
    every = Grammars(understanding(), 1.0, {}).turn(Expects("command"), "short").phrases
    assert {phrase for phrase in every if told(phrase) in ending} <= set(phrases)


@pytest.mark.parametrize("intent", COMMANDS, ids=lambda intent: intent.name)
def test_what_must_not_land_does_not(intent: Intent) -> None:
    landed = [text for text in intent.excludes if told(text) == ("command", intent.name)]
    assert landed == []


@pytest.mark.parametrize(("name", "value"), [("affirm", True), ("deny", False)])
def test_yes_and_no_land(name: str, value: bool) -> None:
    intent = shipped().intents[name]
    assert [text for text in intent.tests if told(text, "yes-no") != ("yes_no", value)] == []
    assert [text for text in intent.excludes if told(text, "yes-no") == ("yes_no", value)] == []


@pytest.mark.parametrize("label", shipped().choices)
def test_each_wording_of_a_choice_lands(label: str) -> None:
    asked = (("steady", "talk", "finish"), ("yes", "partly", "no"), ("worse", "same", "easier"))
    rivals = next((labels for labels in asked if label in labels), (label,))
    tests = shipped().choices[label].tests
    assert [text for text in tests if told(text, "choice", rivals) != ("choice", label)] == []


@pytest.mark.parametrize("kind", ["rating", "yes-no"])
def test_commands_work_in_other_turns(kind: str) -> None:
    assert told("can you repeat that", kind) == ("command", "repeat")  # type: ignore[arg-type]
    assert told("go back", kind) == ("command", "go_back")  # type: ignore[arg-type]


@pytest.mark.parametrize("said", ["don't stop", "do not stop talking", "never stop", "i know", "i have no money",
                                  "banana", "my card was stopped at the shop", "what is the weather like"])  # fmt: skip
def test_is_no_command(said: str) -> None:
    assert told(said) == ("nothing", None)


@pytest.mark.parametrize(("said", "name"), [
    ("would you say that again, please", "repeat"), ("what can you do", "help"), ("i have no idea", "dont_know"),
    ("undo", "go_back"), ("cancel that", "go_back"), ("wait", "pause"), ("could you stop please", "stop"),
    ("never mind, stop", "stop"), ("thanks, bye", "goodbye"), ("speak a little slower please", "slower"),
    ("you're talking too fast, slow down", "slower"), ("affirmative thanks a million", ""),
])  # fmt: skip
def test_generalises(said: str, name: str) -> None:
    assert told(said) == (("command", name) if name else ("nothing", None))


def test_one_slip_in_a_long_word_is_forgiven() -> None:
    assert told("can you repeaat the question") == ("command", "repeat")
    assert told("stob") == ("nothing", None)


def test_two_intents_with_the_same_words_are_asked_about() -> None:
    intents = {name: Intent(name, phrases=(phrase,)) for name, phrase in
               (("one", "red blue green"), ("two", "green red blue"))}  # fmt: skip
    found = Matcher(intents, shipped().words, english()).candidates(("blue", "green", "red"))
    assert {candidate.name for candidate in found} == {"one", "two"}
    assert all(candidate.score < 0.6 for candidate in found)


@pytest.mark.parametrize(("said", "name"), [
    ("stop asking me all those questions", "stop"), ("i honestly have no idea whatsoever", "dont_know"),
    ("what sort of things could i say here", "help"), ("sorry i did not quite hear that last bit", "repeat"),
])  # fmt: skip
def test_an_anchor_among_its_company(said: str, name: str) -> None:
    assert told(said) == ("command", name)


@pytest.mark.parametrize(("said", "name"), [
    ("right i'm off to do it then", "going"), ("so what could i choose from here", "choices"),
    ("you speak very slowly to me", "faster"), ("tell me what i said before", "what_did_i_say"),
    ("i'd sooner not answer that one", "dont_want"), ("re repeat that please", "repeat"),
    ("thanks, that's enough", "stop"),
])  # fmt: skip
def test_every_command_is_understood_among_other_words(said: str, name: str) -> None:
    assert told(said) == ("command", name)


@pytest.mark.parametrize("said", ["i was driving when it happened", "the neighbours are too loud",
                                  "i'm going on holiday", "my private life", "i forget my keys",
                                  "remind my wife about dinner"])  # fmt: skip
def test_talk_with_the_same_words_is_no_command(said: str) -> None:
    assert told(said)[0] != "command"


@pytest.mark.parametrize("said", ["stop the washing machine", "i do not know my neighbours", "what can i cook tonight",
                                  "i am sure it is not", "do not ever stop", "cancel my flight"])  # fmt: skip
def test_an_anchor_among_strangers(said: str) -> None:
    assert told(said)[0] != "command"


@pytest.mark.parametrize(("said", "name"), [("rpeat", "repeat"), ("cancer", None), ("quiter", "quieter")])
def test_a_slip_in_a_word_said_alone(said: str, name: str | None) -> None:
    assert told(said) == (("command", name) if name else ("nothing", None))


def test_a_slip_that_two_words_may_explain_is_asked_about() -> None:
    assert told("restat") == ("unsure", ("start_over", "repeat"))


@given(st.sampled_from(SAYINGS), st.sampled_from(["um {}", "{} um", "UH {}"]))
def test_a_filler_changes_nothing(saying: tuple[str, str], frame: str) -> None:
    if folded(frame.format(saying[1])) == "mhm":
        return  # "uh huh" is a yes
    assert told(frame.format(saying[1])) == told(saying[1])


def test_a_slip_in_a_command_is_no_question_that_is_near_it() -> None:
    assert isinstance(answer("why o you ask"), Nothing)


@settings(deadline=None)
@given(st.sampled_from(SAYINGS), st.data())
def test_one_typo_lands_there_or_is_doubted(saying: tuple[str, str], data: st.DataObject) -> None:
    name, text = saying
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    mistyped = data.draw(st.sampled_from([
        text[:place] + text[place + 1 :], text[:place] + letter + text[place:],
        text[:place] + letter + text[place + 1 :],
    ]))  # fmt: skip
    words = {word for _, other in SAYINGS for word in folded(other).split()} | set(shipped().words["weak"])
    changed = set(folded(mistyped).split()) - set(folded(text).split())
    if changed & words or len(folded(mistyped).split()) != len(folded(text).split()):
        return
    match answer(mistyped):
        case Match(value=value):
            assert value == name
        case other:
            assert isinstance(other, Unsure | Nothing)
