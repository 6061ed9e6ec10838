"""What is wrong in the words of the safety screen: faults of form, and patterns that their own sentences contradict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from voice_coach.understand.catalog import Fault
from voice_coach.understand.safety import Screen
from voice_coach.understand.safety_reading import Lexicon, Pattern, read_safety
from voice_coach.understand.safety_templates import places_of


def check_safety(texts: Mapping[str, str]) -> list[Fault]:
    """Every fault of one locale's safety texts, by file and line.

    Among them a sentence that is not found, one that is found and must not be, a template without one.
    """
    faults: list[Fault] = []
    lexicon = read_safety(texts, faults)
    for pattern in lexicon.patterns:
        file, line = lexicon.places[pattern.name]
        faults += (Fault(file, line, told) for told in _contradictions(lexicon, pattern))
    return sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.message))


def _contradictions(lexicon: Lexicon, pattern: Pattern) -> Iterator[str]:
    alone = Screen(replace(lexicon, patterns=(pattern,)))
    for sentence in pattern.tests:
        if not alone.flags(sentence):
            yield f'"{pattern.name}" does not find "{sentence}"; add words to says or take the sentence away.'
    for sentence in pattern.excludes:
        if alone.flags(sentence):
            yield f'"{pattern.name}" finds "{sentence}"; make its words narrower or write the idiom under idioms.'
    folded = [(words, places_of(words)) for words in map(lexicon.folded, pattern.tests)]
    for template in pattern.templates:
        if not any(any(template.spans(words, where)) for words, where in folded):
            yield f'No test of "{pattern.name}" is found by "{template.text}"; add one to tests.'
