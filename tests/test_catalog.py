"""The catalog's loader and its checks: what is right loads, and every fault is found where it stands."""

from __future__ import annotations

import importlib.util
import re
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice_coach.catalog_files import read_texts
from voice_coach.errors import BadInput
from voice_coach.records import Rule
from voice_coach.understand import strict_yaml
from voice_coach.understand.catalog import Fault
from voice_coach.understand.checking import check
from voice_coach.understand.loading import CatalogFaults, load

TEXTS = {
    "contract.yaml": """\
commands: [stop]
answers: [affirm, deny]
choices: [shop]
lines:
  hello: [name]
  ask.before: []
""",
    "rules.yaml": """\
cap_per_day: { value: 3, unit: exposures, source: article }
high: { value: 6.5, unit: rating, source: project }
""",
    "en/lines.yaml": """\
language: en
lines:
  hello: { say: "Hello, {name}." }
  ask.before:
    say: "How anxious are you now?"
    again: ["From zero to ten?"]
    choices: "Say a number."
""",
    "en/answers.yaml": """\
language: en
intents:
  stop:
    exact: ["stop"]
    phrases: ["I want to stop now", "that is enough for today"]
    tests: ["Stop!", "i want to stop now please", "that's enough for today"]
    not: ["don't stop"]
  affirm:
    exact: ["yes"]
    tests: ["yes"]
  deny:
    exact: ["no"]
    tests: ["no"]
choices:
  shop:
    exact: ["in a shop"]
    tests: ["in a shop"]
""",
    "en/words.yaml": """\
language: en
words:
  fillers: ["um", "uh"]
numbers: { "two": 2, "half": 0.5 }
homophones: { "too": "two" }
""",
    "en/ladders/social.yaml": """\
ladder: social
name: "being with people"
rungs:
  - id: nod
    say: "Nod to a neighbour."
    end: "you have nodded"
    seconds: 30
    tags: [with_others, sight]
    variations: [{ id: twice, changes: length, say: "Nod twice." }]
    sight_free: greet
  - id: ask
    say: "Ask for the time."
    end: "you have asked"
    seconds: 60
    tags: [user_speaks]
    variations: [{ id: friend, changes: person, say: "Ask a friend.", easier: true }]
    sight_free: null
twins:
  - id: greet
    say: "Greet a neighbour."
    end: "you have said hello"
    seconds: 30
    tags: [with_others, user_speaks]
    variations: []
""",
}


def changed(file: str, old: str, new: str) -> dict[str, str]:
    assert TEXTS[file].count(old) == 1, f"{old!r} must stand in {file} exactly once"
    return {**TEXTS, file: TEXTS[file].replace(old, new)}


# --- what is right --------------------------------------------------------------------------------


def test_a_valid_catalog_loads_with_every_value() -> None:
    catalog = load(TEXTS)
    assert catalog.language == "en"
    assert catalog.lines["ask.before"].again == ("From zero to ten?",)
    assert catalog.lines["ask.before"].choices == "Say a number."
    assert catalog.intents["stop"].excludes == ("don't stop",)
    assert catalog.choices["shop"].exact == ("in a shop",)
    assert catalog.words == {"fillers": ("um", "uh")}
    assert catalog.numbers == {"two": 2.0, "half": 0.5}
    assert catalog.homophones == {"too": "two"}
    assert catalog.rules["high"] == Rule(6.5, "rating", "project")
    ladder = catalog.ladders["social"]
    assert [rung.id for rung in ladder.rungs] == ["nod", "ask"]
    assert [twin.id for twin in ladder.twins] == ["greet"]
    assert ladder.rungs[0].sight_free == "greet"
    assert ladder.rungs[0].tags == {"with_others", "sight"}
    assert ladder.rungs[1].sight_free is None
    assert ladder.rungs[1].variations[0].easier is True


def test_the_digest_follows_every_change_of_name_and_text() -> None:
    digest = load(TEXTS).digest
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert load(dict(reversed(TEXTS.items()))).digest == digest
    assert load(changed("rules.yaml", "value: 3", "value: 4")).digest != digest
    assert load({**TEXTS, "en/safety.yaml": "anything"}).digest != digest


def test_the_shipped_catalog_loads() -> None:
    assert [str(fault) for fault in check(read_texts())] == []
    assert load(read_texts()).ladders


# --- faults, each at its place ----------------------------------------------------------------------

FAULTS = [
    ("en/lines.yaml", '  hello: { say: "Hello, {name}." }', '  hello: { say: "Hello, {name}."', 4, "be read as YAML"),
    ("rules.yaml", "high:", "---\nhigh:", 2, "a second document"),
    ("rules.yaml", "cap_per_day:", "a: &x { value: 1, unit: u, source: field }\nb: *x\ncap_per_day:", 1, "Anchors"),
    ("rules.yaml", "unit: rating", "unit: !unit rating", 2, "tag !unit"),
    ("en/lines.yaml", "    again:", "    agian:", 6, '"agian" is not known here'),
    ("en/lines.yaml", "  ask.before:\n", '  hello: { say: "Hi" }\n  ask.before:\n', 4, '"hello" is given twice'),
    ("en/answers.yaml", 'exact: ["no"]', "exact: [no]", 12, 'no needs quotes'),
    ("en/answers.yaml", "  deny:", "  no:", 11, "no needs quotes"),
    ("en/lines.yaml", '"How anxious are you now?"', "12:30", 5, "12:30 needs quotes"),
    ("en/words.yaml", '["um", "uh"]', '["um", 5]', 3, "5 needs quotes"),
    ("en/words.yaml", '["um", "uh"]', '["um", ~]', 3, "~ needs quotes"),
    ("en/words.yaml", '["um", "uh"]', '["um", ""]', 3, "there are none"),
    ("en/words.yaml", '["um", "uh"]', '"um"', 3, "a list"),
    ("en/words.yaml", '["um", "uh"]', '["um", ["uh"]]', 3, "not a list"),
    ("en/words.yaml", '["um", "uh"]', '["um", "um"]', 3, '"um" is given twice'),
    ("en/words.yaml", "0.5", '"0.5"', 4, "a number"),
    ("en/words.yaml", '"too": "two"', '"too": "tow"', 5, '"tow" is no number word'),
    ("en/words.yaml", "language: en", "language: fr", 1, "language"),
    ("en/lines.yaml", '  hello: { say: "Hello, {name}." }\n', "", 0, '"hello" is not worded'),
    ("en/lines.yaml", "  ask.before:\n", '  ask.after: { say: "And now?" }\n  ask.before:\n', 4, "not in the contract"),
    ("en/lines.yaml", "Hello, {name}.", "Hello, {name}, {time}.", 3, "{time}"),
    ("en/lines.yaml", "Hello, {name}.", "Hello.", 3, "never uses {name}"),
    ("en/lines.yaml", "Hello, {name}.", "Hello, {name}, {Name!r}.", 3, "no blank"),
    ("en/answers.yaml", '  deny:\n    exact: ["no"]\n    tests: ["no"]\n', "", 0, '"deny" is not worded'),
    ("en/answers.yaml", "  deny:", "  refuse:", 11, '"refuse" is not among the intents'),
    ("en/answers.yaml", "  shop:", "  street:", 15, '"street" is not among the choices'),
    ("en/answers.yaml", 'exact: ["no"]', 'exact: ["no", "nope"]', 12, 'No test hits "nope"'),
    ("en/answers.yaml", "i want to stop now please", "let us call it a day", 5, 'nearest to "I want to stop now"'),
    ("en/answers.yaml", '  deny:\n    exact: ["no"]\n', '  deny:\n    exact: ["no"]\n    anchors: ["no"]\n', 13,
     'No test holds "no" among other words'),
    ("en/answers.yaml", "that is enough for today", "enough now", 5, "shorter than three words"),
    ("en/answers.yaml", 'exact: ["no"]', 'exact: ["no", "YES"]', 12, '"YES" already means "affirm"'),
    ("en/answers.yaml", 'exact: ["no"]\n    tests', "tests", 11, "has no words"),
    ("en/ladders/social.yaml", "ladder: social", "ladder: sociable", 1, "The file is called"),
    ("en/ladders/social.yaml", "id: ask", "id: nod", 11, '"nod" is given twice'),
    ("en/ladders/social.yaml", "id: greet", "id: ask", 19, '"ask" is given twice'),
    ("en/ladders/social.yaml", "tags: [user_speaks]", "tags: [outside]", 15, '"outside" is no tag'),
    ("en/ladders/social.yaml", "changes: person", "changes: mood", 16, '"mood" is no change'),
    ("en/ladders/social.yaml", "seconds: 60", "seconds: 241", 14, "from 1 to 240"),
    ("en/ladders/social.yaml", "seconds: 60", "seconds: 0", 14, "from 1 to 240"),
    ("en/ladders/social.yaml", "seconds: 60", "seconds: 1.5", 14, "from 1 to 240"),
    ("en/ladders/social.yaml", "seconds: 60", 'seconds: "60"', 14, "a number"),
    ("en/ladders/social.yaml", "easier: true", "easier: yes", 16, "true or false"),
    ("en/ladders/social.yaml", '    end: "you have asked"\n', "", 11, '"end" is missing'),
    ("en/ladders/social.yaml", "sight_free: greet", "sight_free: wave", 4, "not among the twins"),
    ("en/ladders/social.yaml", "sight_free: greet", "sight_free: null", 4, "add a twin"),
    ("en/ladders/social.yaml", "sight_free: greet", "sight_free: null", 19, "No rung names the twin"),
    ("en/ladders/social.yaml", "[with_others, user_speaks]", "[sight]", 19, "must need no sight"),
    ("rules.yaml", "source: article", "source: hearsay", 1, '"hearsay" is no source'),
    ("rules.yaml", ", source: article", "", 1, '"source" is missing'),
    ("rules.yaml", ", unit: exposures", "", 1, '"unit" is missing'),
    ("rules.yaml", "value: 3", "value: three", 1, "a number"),
    ("contract.yaml", "answers: [affirm, deny]", "answers: [affirm, deny, stop]", 2, "both"),
]  # fmt: skip


@pytest.fixture(params=["C", "Python"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser in C where there is a wheel of it, and the one that stands in where there is none."""
    if request.param == "Python":
        monkeypatch.setattr(strict_yaml, "YAML", partial(YAML, pure=True))
    elif importlib.util.find_spec("_ruamel_yaml") is None:
        pytest.skip("ruamel.yaml.clib is not installed")


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(("file", "old", "new", "line", "message"), FAULTS)
def test_a_fault_is_found_where_it_stands(file: str, old: str, new: str, line: int, message: str) -> None:
    faults = check(changed(file, old, new))
    found = [(fault.file, fault.line) for fault in faults if message in fault.message]
    if line:
        assert (file, line) in found, [str(fault) for fault in faults]
    else:  # what a locale leaves out is shown where the contract asks for it
        assert [place[0] for place in found] == ["contract.yaml"], [str(fault) for fault in faults]


def test_a_missing_file_is_one_fault_and_not_a_list_of_its_content() -> None:
    texts = {name: text for name, text in TEXTS.items() if name != "en/answers.yaml"}
    assert [str(fault) for fault in check(texts)] == ["en/answers.yaml:1: This file is missing; add it."]


def test_an_empty_block_does_not_hide_what_is_missing() -> None:
    faults = check({**TEXTS, "en/lines.yaml": "language: en\nlines: {}\n"})
    assert {fault.message.split('"')[1] for fault in faults} == {"hello", "ask.before"}


def test_a_file_that_nothing_reads_is_a_fault() -> None:
    for name in ("en/linse.yaml", "line.yaml", "en/ladders/social.yml", "fr/lines.yaml"):
        assert [fault.file for fault in check({**TEXTS, name: "a: b"})] == [name]
    assert check({**TEXTS, "en/safety.yaml": "[", "en/safety/more.yaml": "[", "helplines.yaml": "["}) == []


def test_two_ladders_cannot_share_a_rung_id() -> None:
    other = TEXTS["en/ladders/social.yaml"].replace("ladder: social", "ladder: work").replace("id: greet", "id: hail")
    faults = check({**TEXTS, "en/ladders/work.yaml": other.replace("sight_free: greet", "sight_free: hail")})
    assert [(fault.file, fault.line) for fault in faults] == [("en/ladders/work.yaml", 4), ("en/ladders/work.yaml", 11)]


def test_the_dictionary_is_asked_only_when_it_is_handed_in() -> None:
    asked: list[str] = []

    def known(word: str) -> bool:
        asked.append(word)
        return word != "enough"

    faults = check(TEXTS, known)
    assert [(fault.file, fault.line) for fault in faults] == [("en/answers.yaml", 5)]
    assert '"enough"' in faults[0].message
    assert {"stop", "yes", "no", "shop"} <= set(asked)
    assert check(TEXTS) == []


def test_all_faults_are_shown_together_in_order() -> None:
    texts = changed("rules.yaml", "value: 3", "value: three")
    texts["en/words.yaml"] = texts["en/words.yaml"].replace("0.5", "half")
    texts["en/lines.yaml"] = "lines: ["
    with pytest.raises(CatalogFaults) as caught:
        load(texts)
    assert isinstance(caught.value, BadInput)
    assert [fault.file for fault in caught.value.faults] == ["en/lines.yaml", "en/words.yaml", "rules.yaml"]
    for fault in caught.value.faults:
        assert str(fault) in caught.value.message
    assert "3 faults" in caught.value.message


# --- whatever is handed in ----------------------------------------------------------------------------

SNIPPETS = st.sampled_from(
    [
        "&a ",
        "*a",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "\n",
        "? ",
        "!!int ",
        "!x ",
        "%YAML 9.9\n",
        "---\n",
        '"',
        "'",
        "|\n",
        "<<: ",
    ]
)


def assert_loads_or_names_faults(texts: dict[str, str]) -> None:
    """Whatever else is raised fails the test; faults found by `load` are among those that `check` shows."""
    faults = check(texts)
    assert all(fault.line >= 1 and fault.message for fault in faults)
    found: tuple[Fault, ...] | None = None
    try:
        load(texts)
    except CatalogFaults as raised:
        found = raised.faults
    assert found is None or (found and set(found) <= set(faults))


@settings(max_examples=300, deadline=None)
@given(file=st.sampled_from(sorted(TEXTS)), text=st.text() | st.lists(SNIPPETS | st.text(max_size=4)).map("".join))
def test_any_text_loads_or_names_its_faults(file: str, text: str) -> None:
    assert_loads_or_names_faults({**TEXTS, file: text})


@settings(max_examples=300, deadline=None)
@given(
    file=st.sampled_from(sorted(TEXTS)),
    place=st.floats(0, 1),
    drop=st.integers(0, 12),
    add=SNIPPETS | st.text(max_size=6),
)
def test_a_damaged_file_loads_or_names_its_faults(file: str, place: float, drop: int, add: str) -> None:
    text = TEXTS[file]
    start = int(place * len(text))
    assert_loads_or_names_faults({**TEXTS, file: text[:start] + add + text[start + drop :]})


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("text", ["[" * 5000, "a: " * 5000, "a: &a [*a]", "&a [*a, *a]", "\x00", "\ud800", "- " * 300])
def test_hostile_text_is_a_fault(text: str) -> None:
    with pytest.raises(CatalogFaults):
        load({**TEXTS, "rules.yaml": text})


def test_a_phrase_without_a_test_is_a_fault_but_does_not_silence_the_coach() -> None:
    texts = read_texts()
    name = "en/answers/yes_no.yaml"
    texts[name] = texts[name].replace('"by all means do"', '"quite so my dear old friend", "by all means do"', 1)
    assert any("quite so my dear old friend" in fault.message for fault in check(texts))
    load(texts)


def test_a_number_that_the_rules_read_cannot_be_left_out() -> None:
    texts = read_texts()
    texts["rules.yaml"] = "cap: {value: 3, unit: exposures, source: article}\n"
    with pytest.raises(CatalogFaults) as raised:
        load(texts)
    assert any('"spacing"' in fault.message for fault in raised.value.faults)


@pytest.mark.parametrize(("file", "content", "told"), [
    ("en/answers/more.yaml", 'intents:\n  deny: {exact: ["nay"], tests: ["nay"]}',
     '"deny" also stands in en/answers.yaml:11'),
    ("en/words/more.yaml", 'words:\n  fillers: ["oh"]', '"fillers" also stands in en/words.yaml:3'),
    ("en/words/more.yaml", 'numbers:\n  "two": 2', '"two" also stands in en/words.yaml:4'),
    ("en/words/more.yaml", 'homophones:\n  "too": "half"', '"too" also stands in en/words.yaml:5'),
])  # fmt: skip
def test_what_two_files_hold_is_a_fault_that_names_both(file: str, content: str, told: str) -> None:
    faults = check({**TEXTS, file: f"language: en\n{content}\n"})
    assert [str(fault) for fault in faults] == [f"{file}:3: {told}; keep one."]


def test_the_files_of_a_folder_are_as_good_as_one_and_their_order_decides_nothing() -> None:
    whole = load(TEXTS)
    intents, choices = TEXTS["en/answers.yaml"].split("choices:")
    stop, deny = intents.split("  affirm:")
    parts = {
        "en/answers/a.yaml": f"language: en\nchoices:{choices}",
        "en/answers/b.yaml": f"language: en\nintents:\n  affirm:{deny}",
        "en/answers/c.yaml": stop,
    }
    split = load({name: text for name, text in TEXTS.items() if name != "en/answers.yaml"} | parts)
    assert list(split.intents.items()) == list(whole.intents.items())
    assert split.choices == whole.choices


def test_what_no_file_of_a_folder_holds_is_missing_once() -> None:
    texts = {name: text for name, text in TEXTS.items() if name != "en/words.yaml"}
    texts["en/words/a.yaml"] = 'language: en\nwords: {fillers: ["um"]}\n'
    texts["en/words/b.yaml"] = "language: en\nnumbers: {two: 2}\n"
    assert [str(fault) for fault in check(texts)] == ['en/words/a.yaml:1: "homophones" is missing; add it.']


def test_a_folder_of_lines_adds_to_the_lines_and_says_nothing_twice() -> None:
    more = 'language: en\nlines:\n  ask.before: { say: "How bad is it?" }\n'
    split = TEXTS | {"en/lines/more.yaml": more}
    with pytest.raises(CatalogFaults) as caught:
        load(split)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [("en/lines/more.yaml", 3)]
    alone = TEXTS["en/lines.yaml"].split("  ask.before:")[0]
    assert load(split | {"en/lines.yaml": alone}).lines["ask.before"].say == "How bad is it?"
