"""What is wrong in a catalog: the faults of form from `reading`, and those that show only across entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from voice_coach.understand.catalog import Fault, Intent
from voice_coach.understand.reading import SHARED, Reading, read
from voice_coach.understand.spoken import fold, spelling

InDictionary = Callable[[str], bool]
Fold = Callable[[str], str]

_BLANK = re.compile(r"\{([a-z_]+)\}")
FEWEST_WORDS = 3
"""A phrase has at least so many words: fuzzy matching of fewer confuses "stop" with "don't stop"."""
NEAR = 80.0
"""rapidfuzz ratio, 0 to 100, from which a test sentence counts as hitting the phrase it is nearest to."""


def check(texts: Mapping[str, str], in_dictionary: InDictionary | None = None) -> list[Fault]:
    """Every fault in the texts of one locale, by file and line; empty when `load` would give a catalog.

    `in_dictionary` says whether the recognizer can hear a folded word; without it that is not checked.
    """
    return faults_of(read(texts), in_dictionary)


def unusable(reading: Reading) -> list[Fault]:
    """The faults with which the coach could not speak or listen, by file and line."""
    return _sorted(
        [
            *reading.faults,
            *_lines(reading),
            *_names(reading, "intents", reading.contract.intents, reading.catalog.intents),
            *_reused_rungs(reading),
            *_rules(reading),
        ]
    )


def faults_of(reading: Reading, in_dictionary: InDictionary | None = None) -> list[Fault]:
    """Every fault of what was read, by file and line."""
    words = reading.catalog.words
    rules = spelling(words.get("fillers", ()), words.get("spellings", ()))

    def folded(text: str) -> str:
        return " ".join(fold(text, rules))

    # A ladder is a choice by its own name; only what the answers word is compared with the contract.
    choices = {name: intent for name, intent in reading.catalog.choices.items() if ("choices", name) in reading.places}
    worded = _names(reading, "choices", reading.contract.choices, choices)
    asked = _names(reading, "questions", reading.contract.questions, reading.catalog.questions)
    found = [*unusable(reading), *worded, *asked, *_stolen(reading, folded)]
    every = (("intents", reading.catalog.intents), ("choices", choices), ("questions", reading.catalog.questions))
    for kind, intents in every:
        for intent in intents.values():
            found += _short(reading, kind, intent)
            found += _unhit(reading, kind, intent, folded)
            if in_dictionary is not None:
                found += _unheard(reading, kind, intent, folded, in_dictionary)
    return _sorted(found)


def _sorted(faults: list[Fault]) -> list[Fault]:
    return sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.message))


def _at(reading: Reading, *place: str) -> Callable[[str], Fault]:
    file, line = reading.places[place]
    return lambda message: Fault(file, line, message)


def _unread(reading: Reading, name: str) -> bool:
    """Whether there is nothing to compare: the part's own fault would drown in all that it lacks."""
    return not reading.unread.isdisjoint(("contract.yaml", name))


def _lines(reading: Reading) -> Iterator[Fault]:
    wanted, worded = reading.contract.lines, reading.catalog.lines
    if _unread(reading, "lines"):
        return
    for key in wanted.keys() - worded.keys():
        yield _at(reading, "contract", "lines", key)(f'The line "{key}" is not worded; add it to lines.')
    for key, line in worded.items():
        fault = _at(reading, "lines", key)
        if key not in wanted:
            yield fault(f'The line "{key}" is not in the contract; add it there or delete it.')
            continue
        spoken = [line.say, *line.again, line.choices]
        used = {blank for text in spoken for blank in _BLANK.findall(text)}
        for blank in used - set(wanted[key]):
            yield fault(f'"{key}" uses {{{blank}}}, which the contract does not declare for it.')
        for blank in set(wanted[key]) - used:
            yield fault(f'"{key}" never uses {{{blank}}}, which the contract declares for it.')
        if any(brace in _BLANK.sub("", text) for text in spoken for brace in "{}"):
            yield fault(f'"{key}" has a brace that is no blank; write blanks as {{name}}.')


def _names(reading: Reading, kind: str, wanted: tuple[str, ...], worded: Mapping[str, Intent]) -> Iterator[Fault]:
    if _unread(reading, "answers"):
        return
    for name in set(wanted) - worded.keys():
        yield _at(reading, "contract", kind, name)(f'"{name}" is not worded; add it to {kind} in answers.')
    for name in worded.keys() - set(wanted):
        yield _at(reading, kind, name)(f'"{name}" is not among the {kind} of the contract; add it there or delete it.')


def _stolen(reading: Reading, folded: Fold) -> Iterator[Fault]:
    """Equal exacts of two intents. Choices are left out: labels of different questions may share a wording."""
    owner: dict[str, str] = {}
    for intent in reading.catalog.intents.values():
        for exact in intent.exact:
            first = owner.setdefault(folded(exact), intent.name)
            if first != intent.name:
                fault = _at(reading, "intents", intent.name, "exact", exact)
                yield fault(f'"{exact}" already means "{first}"; keep it in one of them.')


def _short(reading: Reading, kind: str, intent: Intent) -> Iterator[Fault]:
    for phrase in intent.phrases:
        if len(phrase.split()) < FEWEST_WORDS:
            fault = _at(reading, kind, intent.name, "phrases", phrase)
            yield fault(f'"{phrase}" is shorter than three words; move it to exact.')
    if not intent.exact and not intent.phrases:
        yield _at(reading, kind, intent.name)(f'"{intent.name}" has no words; add exact or phrases.')


def _unhit(reading: Reading, kind: str, intent: Intent, folded: Fold) -> Iterator[Fault]:
    """Wordings without a test of their own.

    An exact is hit by a test that folds to it; a phrase by a test whose nearest phrase (rapidfuzz ratio of the
    folded texts) it is, at `NEAR` or more; an anchor by one that holds its words among others. Whether a test lands
    on its intent is for the matcher's own tests.
    """
    tests = [folded(test) for test in intent.tests]
    for exact in intent.exact:
        if folded(exact) not in tests:
            yield _at(reading, kind, intent.name, "exact", exact)(f'No test hits "{exact}"; add one to tests.')
    phrases = {phrase: folded(phrase) for phrase in intent.phrases}
    nearest = (process.extractOne(test, phrases, scorer=fuzz.ratio, score_cutoff=NEAR) for test in tests)
    hit = {best[2] for best in nearest if best is not None}
    for phrase in intent.phrases:
        if phrase not in hit:
            fault = _at(reading, kind, intent.name, "phrases", phrase)
            yield fault(f'No test is nearest to "{phrase}"; add a sentence like it to tests.')
    for anchor in intent.anchors:
        if not any(_holds(test.split(), folded(anchor).split()) for test in tests):
            fault = _at(reading, kind, intent.name, "anchors", anchor)
            yield fault(f'No test holds "{anchor}" among other words; add one to tests.')


def _holds(test: Sequence[str], anchor: Sequence[str]) -> bool:
    """Whether the words of an anchor stand in a longer test, in order."""
    ahead = iter(test)
    return len(test) > len(anchor) and all(word in ahead for word in anchor)


def _unheard(reading: Reading, kind: str, intent: Intent, folded: Fold, in_dictionary: InDictionary) -> Iterator[Fault]:
    for key, wordings in (("exact", intent.exact), ("phrases", intent.phrases)):
        for wording in wordings:
            for word in folded(wording).split():
                if not in_dictionary(word):
                    fault = _at(reading, kind, intent.name, key, wording)
                    yield fault(f'The recognizer does not know the word "{word}"; use another.')


def _rules(reading: Reading) -> Iterator[Fault]:
    if not reading.unread.isdisjoint(SHARED):
        return
    for name in set(reading.contract.rules) - reading.catalog.rules.keys():
        yield _at(reading, "contract", "rules", name)(f'The number "{name}" is not given; add it to rules.yaml.')


def _reused_rungs(reading: Reading) -> Iterator[Fault]:
    """Rung ids that two ladders share: history stays with the id alone."""
    owner: dict[str, str] = {}
    for ladder in reading.catalog.ladders.values():
        for rung in (*ladder.rungs, *ladder.twins):
            first = owner.setdefault(rung.id, ladder.id)
            if first != ladder.id:
                fault = _at(reading, "rungs", ladder.id, rung.id)
                yield fault(f'The ladder "{first}" already has a rung "{rung.id}"; rename this one.')
