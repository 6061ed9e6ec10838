"""Every line the coach can speak, read for care: plain, short, no promise, no verdict, nothing to be seen."""

from __future__ import annotations

import re

import pytest

from voice_coach.catalog_files import read_texts
from voice_coach.understand.loading import load

CATALOG = load(read_texts())
LINES = {
    f"{key}#{index}": text
    for key, line in CATALOG.lines.items()
    for index, text in enumerate(part for part in (line.say, *line.again, line.choices) if part)
}
RUNGS = {
    rung.id: ". ".join((rung.say, rung.end, *(change.say for change in rung.variations)))
    for ladder in CATALOG.ladders.values()
    for rung in (*ladder.rungs, *ladder.twins)
}
SENTENCE = re.compile(r"[^.?!]+[.?!]?")

CLAIMS = r"\b(treats?|treatment|cures?|heals?|therapy for|diagnos\w+|disorder|phobic|clinically)\b"
PROMISES = r"\b(will (fall|drop|fade|go away|get easier|feel better)|calms? you|goes away|guarantee\w*)\b"
SOOTHING = r"\b(don't worry|do not worry|calm down|nothing to (fear|worry)|you are safe|it will be fine|relax)\b"
PRAISE = r"\b(well done|good job|great|excellent|congratulations|proud|lower is better|good number|bravo)\b"
VISUAL = r"\b(click|tap|see|look|watch|colou?rs?|shown?|display|button|screen)\b"
LEADING = r"\b(didn't it|isn't it|wasn't it|right\?|surely|of course you)\b"


@pytest.mark.parametrize("key", LINES)
def test_no_claim_promise_soothing_praise_or_leading(key: str) -> None:
    text = LINES[key]
    for what in (CLAIMS, PROMISES, SOOTHING, PRAISE):
        assert not re.search(what, text, re.IGNORECASE), f"{key}: {text}"
    if key.partition("#")[0] != "ask.yes_right":
        assert not re.search(LEADING, text, re.IGNORECASE), f"{key}: {text}"


@pytest.mark.parametrize("key", LINES)
def test_nothing_has_to_be_seen(key: str) -> None:
    assert not re.search(VISUAL, LINES[key], re.IGNORECASE), f"{key}: {LINES[key]}"


@pytest.mark.parametrize("key", LINES)
def test_one_question_and_at_the_end(key: str) -> None:
    text = LINES[key]
    if key.startswith(("ask.rung", "build.rate", "danger.check", "private.check")):
        return  # the rung stands inside the question; the danger questions spell out the answers
    assert text.count("?") <= 1, text
    assert "?" not in text or text.endswith("?"), text


@pytest.mark.parametrize("key", [*LINES, *RUNGS])
def test_sentences_are_short(key: str) -> None:
    text = LINES.get(key) or RUNGS[key]
    for sentence in SENTENCE.findall(text):
        assert len(sentence.split()) <= 25, sentence


@pytest.mark.parametrize("key", [key for key in CATALOG.lines if key.startswith(("ask.", "screen.", "clarify."))])
def test_a_question_is_never_repeated_in_the_same_words(key: str) -> None:
    line = CATALOG.lines[key]
    said = [line.say, *line.again, *([line.choices] if line.choices else [])]
    assert len(said) == len(set(said)), key


@pytest.mark.parametrize("key", [key for key in CATALOG.lines if key.startswith("cue.")])
def test_cues_in_the_step_tell_the_time_and_nothing_else(key: str) -> None:
    assert not re.search(r"breath|safe|fine|okay|good|calm", CATALOG.lines[key].say, re.IGNORECASE)


def test_the_harm_message_names_no_number_until_asked() -> None:
    for key in ("harm.thanks", "harm.offer"):
        line = CATALOG.lines[key]
        for text in (line.say, *line.again, line.choices):
            assert not re.search(r"\{|trust|police|violen|abuse", text), text
