"""Every line the coach can speak, read for care: plain, short, no promise, no verdict, nothing to be seen.

Each check is also shown a planted line, so that none of them can pass everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import readability

from voice_coach.catalog_files import read_texts
from voice_coach.understand.loading import load

CATALOG = load(read_texts())
LINES = {
    f"{key}#{index}": text
    for key, line in CATALOG.lines.items()
    for index, text in enumerate(part for part in (line.say, *line.again, line.choices) if part)
}
RUNGS = {
    f"{rung.id}#{part}": text
    for ladder in CATALOG.ladders.values()
    for rung in (*ladder.rungs, *ladder.twins)
    for part, text in {
        "say": rung.say, "end": f"It ends when {rung.end}.", **{change.id: change.say for change in rung.variations}
    }.items()
}  # fmt: skip
SIGHTED = {
    f"{rung.id}#"
    for ladder in CATALOG.ladders.values()
    for rung in (*ladder.rungs, *ladder.twins)
    if "sight" in rung.tags
}
"""Rungs that are about being looked at; each has a twin for those who cannot see."""
SENTENCE = re.compile(r"[^.?!]+[.?!]?")
BLANK = re.compile(r"\{\w+\}")
LONGEST = 25
"""Words a sentence."""
GRADE = 8.0
"""Flesch and Kincaid's school grade that is not reached: the seventh is read at twelve."""
FEWEST = 8
"""Words from which on the grade says something: of fewer, one long word decides it."""

CLAIMS = r"\b(treat(s|ed|ment)?|cures?d?|heals?|healing|therapy for)\b"
DIAGNOSES = r"\b(diagnos\w+|disorders?|phobi\w+|agoraphob\w+|syndrome|clinical\w*|ptsd|depressi\w+|your symptoms?)\b"
PROMISES = (
    r"\b((will|going to|always|soon) (fall|drop|fade|pass|go away|get (easier|better|less)|feel (better|calmer|less))"
    r"|(calms?|relaxes) you|goes away|guarantee\w*|(gets|becomes) easier|works for everyone"
    r"|you will (be fine|succeed))\b"
)
SOOTHING = (
    r"\b((don't|do not|no need to) worry|calm down|stay calm|nothing (bad )?(to|will) (fear|worry|happen)|you are safe"
    r"|(it|everything|you) will be (fine|okay|all right)|relax|(it|that) is only anxiety|just anxiety)\b"
)
PRAISE = (
    r"\b(well done|good job|great|excellent|congratulations|proud|bravo|impressive|perfect|nice work"
    r"|(lower|less|higher) is (better|good)|(good|better|low|nice) (number|rating|score)"
    r"|(zero|one|two|three|four|five|six|seven|eight|nine|ten) (is|was) (good|better|great|fine))\b"
    r"|\{\w+\} (is|was) (good|better|great|fine)\b"
)
VISUAL = r"\b(click|tap|see|sees|look|looks|watch|colou?rs?|shown?|display\w*|button|screen|picture|icon|visible)\b"
LEADING = (
    r"\b((did|is|was|are|were|do|does|wo|would|could|ca)n't (it|you|that|they)\b.*\?|right\?|surely|of course you"
    r"|agree\?|(don't|do) you feel (better|calmer)|it went (fine|well)|was it not|easier than you (thought|feared)\?$"
    r"|not so bad)"
)

Check = Callable[[str, str], bool]
"""Whether this line, by its key, is at fault."""


def _finds(pattern: str, *but: str) -> Check:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda key, text: key.partition("#")[0] not in but and bool(found.search(text))


def _many_questions(_: str, text: str) -> bool:
    return text.count("?") > 1 or ("?" in text and not text.endswith("?"))


def _long(_: str, text: str) -> bool:
    return any(len(sentence.split()) > LONGEST for sentence in SENTENCE.findall(text))


def grade(text: str) -> float:
    """The school grade by Flesch and Kincaid. A blank counts as a short word."""
    sentences = [re.findall(r"[\w'-]+", sentence) for sentence in SENTENCE.findall(BLANK.sub("three", text))]
    words = "\n".join(" ".join([*sentence, "."]) for sentence in sentences if sentence)
    return float(readability.getmeasures(words, lang="en")["readability grades"]["Kincaid"])


def _hard_to_read(_: str, text: str) -> bool:
    return len(text.split()) >= FEWEST and grade(text) >= GRADE


def _seen(key: str, text: str) -> bool:
    return not key.startswith(tuple(SIGHTED)) and bool(re.search(VISUAL, text, re.IGNORECASE))


CHECKS: dict[str, Check] = {
    "a claim": _finds(CLAIMS),
    "a diagnosis": _finds(DIAGNOSES),
    "a promise": _finds(PROMISES),
    "soothing": _finds(SOOTHING),
    "praise": _finds(PRAISE),
    # A yes is read back in these words, which lead nowhere.
    "a leading question": _finds(LEADING, "ask.yes_right"),
    "something to be seen": _seen,
    "more than one question, or not at the end": _many_questions,
    "a sentence too long": _long,
    "hard to read at twelve": _hard_to_read,
}
PLANTED = {
    "a claim": ["This exercise treats fear.", "Small steps heal; that cures you.", "Here is your treatment."],
    "a diagnosis": ["You have a phobia.", "That sounds like a panic disorder.", "Your symptoms are clinical."],
    "a promise": [
        "Your fear will drop in two minutes.", "It gets easier every time.", "Soon it will go away.",
        "You will feel better.",
    ],
    "soothing": ["Don't worry.", "Calm down now.", "Nothing bad will happen.", "It is only anxiety, that is all.",
                 "Everything will be fine."],
    "praise": ["Well done.", "Three is good.", "{value} is better.", "That is a good number.", "I am proud of you."],
    "a leading question": ["It went fine, didn't it?", "That was easy, right?", "Surely you can do it?",
                           "Isn't it better now?", "It was not so bad, was it not?"],
    "something to be seen": ["Click here.", "Look at the wall.", "See the list of steps.", "Name three colours."],
    "more than one question, or not at the end": ["Shall we begin? Are you sure?", "Ready? Then we begin."],
    "a sentence too long": [" ".join(["word"] * 26) + ".", "One. " + " ".join(["word"] * 26) + "?"],
    "hard to read at twelve": [
        "Habituation necessitates systematic confrontation with anticipatory apprehension across successive occasions."
    ],
}  # fmt: skip


@pytest.mark.parametrize("key", [*LINES, *RUNGS])
def test_every_line_is_said_with_care(key: str) -> None:
    text = LINES.get(key) or RUNGS[key]
    assert [name for name, fails in CHECKS.items() if fails(key, text)] == [], text


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in PLANTED.items() for text in texts])
def test_each_check_finds_what_is_planted(name: str, text: str) -> None:
    assert CHECKS[name]("planted#0", text)


def test_every_check_is_shown_something() -> None:
    assert PLANTED.keys() == CHECKS.keys()


def test_plain_words_are_read_early_and_learned_ones_late() -> None:
    assert grade("Sit down. Feel your feet on the floor.") < 3
    assert grade(PLANTED["hard to read at twelve"][0]) > 15
    assert grade(" ".join(LINES.values())) < 6


@pytest.mark.parametrize("key", [key for key in CATALOG.lines if key.startswith(("ask.", "screen.", "clarify."))])
def test_a_question_is_never_repeated_in_the_same_words(key: str) -> None:
    line = CATALOG.lines[key]
    said = [line.say, *line.again, *([line.choices] if line.choices else [])]
    assert len(said) == len(set(said)), key


@pytest.mark.parametrize("key", [key for key in CATALOG.lines if key.startswith(("cue.", "step.", "say.begin"))])
def test_nothing_in_the_step_breathes_or_reassures(key: str) -> None:
    line = CATALOG.lines[key]
    for text in (line.say, *line.again, line.choices or ""):
        assert not re.search(r"breath|safe|fine|okay|good|calm|slowly", text, re.IGNORECASE)


def test_the_harm_message_names_no_number_until_asked() -> None:
    for key in ("harm.thanks", "harm.offer"):
        line = CATALOG.lines[key]
        for text in (line.say, *line.again, line.choices):
            assert not re.search(r"\{|trust|police|violen|abuse|call|ring", text or ""), text


def test_nothing_makes_a_present_symptom_only_anxiety() -> None:
    for key, text in LINES.items():
        if key.startswith(("danger.known", "medical.")):
            assert not re.search(r"\b(only|just|probably|harmless|nothing)\b", text, re.IGNORECASE), text


@pytest.mark.parametrize("reason", ["minor", "unreal", "panic", "trauma", "daily_life", "fainted"])
def test_after_a_yes_it_thanks_and_says_who_helps(reason: str) -> None:
    text = CATALOG.lines[f"refuse.{reason}"].say
    assert text.startswith("Thank you")
    assert re.search(r"\b(doctor|psychologist|trained person)\b", text), text


@pytest.mark.parametrize("reason", sorted({key for key in CATALOG.lines if key.startswith("refuse.")}))
def test_every_no_says_why_in_few_words(reason: str) -> None:
    text = CATALOG.lines[reason].say
    assert 1 <= len(SENTENCE.findall(text)) <= 4
    assert "?" not in text
