"""The closed grammar of a turn: what a recognizer listens for."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable

from voice_coach.understand.catalog import Catalog
from voice_coach.understand.spoken import Spelling, fold
from voice_coach.words import Expects


def grammar(catalog: Catalog, rules: Spelling, expects: Expects) -> tuple[str, ...]:
    """Every short answer this turn takes, folded and with words for numbers; commands come last."""
    commands = catalog.words.get("heard_anywhere", ())
    corrected = _corrections(catalog) if expects.corrects == "rating" else []
    if expects.kind == "rating":
        return _folded([*_ratings(catalog), *corrected, *commands], rules)
    if expects.kind == "yes-no":
        answers = (*catalog.words.get("heard_yes", ()), *catalog.words.get("heard_no", ()))
        return _folded([*answers, *corrected, *commands], rules)
    if expects.kind == "choice":
        return _folded([*_labels(catalog, expects.labels), *corrected, *commands], rules)
    return requests(catalog, rules, frozenset(catalog.intents) - {"affirm", "deny"})


def requests(catalog: Catalog, rules: Spelling, names: Collection[str]) -> tuple[str, ...]:
    """Every short way to say one of these commands, folded."""
    said = (_heard(catalog, intent.exact) for name, intent in catalog.intents.items() if name in names)
    return _folded(itertools.chain.from_iterable(said), rules)


def _heard(catalog: Catalog, sayings: Iterable[str]) -> list[str]:
    left_out = frozenset(catalog.words.get("not_listened_for", ()))
    return [saying for saying in sayings if saying not in left_out]


def _whole(catalog: Catalog) -> list[str]:
    names = {value: word for word, value in reversed(list(catalog.numbers.items())) if 0 <= value <= 10}
    return [names[value] for value in sorted(names) if value == int(value)]


def _halves(catalog: Catalog) -> list[str]:
    return [f"{word} {half}" for word in _whole(catalog)[:-1] for half in catalog.words.get("halves", ())]


def _ratings(catalog: Catalog) -> list[str]:
    whole, halves = _whole(catalog), _halves(catalog)
    numbers = [*whole, *(half for half in halves if half.endswith(catalog.words["halves"][0]))]
    dressed = [form.format(number) for form in catalog.words.get("rating_forms", ()) for number in numbers]
    ranges = [form.format(low, high) for form in catalog.words.get("rating_ranges", ())
              for low, high in itertools.pairwise(whole)]  # fmt: skip
    return [*whole, *halves, *dressed, *ranges]


def _corrections(catalog: Catalog) -> list[str]:
    numbers = [*_whole(catalog), *_halves(catalog)]
    return [f"{cue} {number}" for cue in catalog.words.get("correcting_cues", ()) for number in numbers]


def _labels(catalog: Catalog, labels: tuple[str, ...]) -> list[str]:
    said: list[str] = []
    names = {value: word for word, value in reversed(list(catalog.numbers.items()))}
    ordinals = catalog.words.get("ordinals", ())
    for place, label in enumerate(labels):
        said.append(label)
        if label in catalog.choices:
            said += _heard(catalog, catalog.choices[label].exact)
        if place + 1 in names:
            said.append(names[place + 1])
        if place < len(ordinals):
            said += [f"the {ordinals[place]} one", ordinals[place]]
    return said + list(catalog.words.get("last", ()))


def _folded(sayings: Iterable[str], rules: Spelling) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(words) for saying in sayings if (words := fold(saying, rules))))
