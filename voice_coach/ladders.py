"""A person's own ladders: what scripts may ask about their words, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voice_coach.coach.ladder_form import gone, order, order_of
from voice_coach.coach.smaller import CHANGES
from voice_coach.coach.today import LadderWords
from voice_coach.ports import Phrase
from voice_coach.records import Ladder
from voice_coach.understand.catalog import Catalog, Fault
from voice_coach.understand.edits import Edits
from voice_coach.understand.larger import Larger
from voice_coach.understand.nearest import Nearest
from voice_coach.understand.reading_ladders import read_ladder
from voice_coach.understand.rungs import RungRules
from voice_coach.understand.spoken import spelling
from voice_coach.understand.strict_yaml import Document


def words_of(catalog: Catalog, phrase: Phrase) -> LadderWords:
    """What scripts may ask, by the word lists of this catalog."""
    rules = spelling(catalog.words.get("fillers", ()), catalog.words.get("spellings", ()))
    texts: dict[str, str] = {change: phrase(f"smaller.{change}", 0, {}) for change in CHANGES}
    texts |= {change: phrase(f"vary.{change}", 0, {}) for change in ("other_place", "other_time", "half_of_it")}
    judging = RungRules(catalog.words, catalog.numbers, rules)
    return LadderWords(
        nearest=Nearest(catalog.words, rules).rank,
        judge=judging.judge,
        is_aid=judging.is_aid,
        larger=Larger(catalog.words, catalog.numbers, rules).than,
        edit=Edits(catalog.words, catalog.numbers, rules).read,
        texts=texts | {name: catalog.lines[f"build.{name}"].say for name in ("end", "name", "seated")},
    )


def read_kept(kept: Mapping[str, Sequence[str]], shipped: Mapping[str, Ladder] | None = None) -> dict[str, Ladder]:
    """The ladders that a journal keeps, by id, each by its newest form. `shipped`: what each may have been at first.

    One that cannot be read is left out: the others must not fall silent.
    """
    found: dict[str, Ladder] = {}
    for name, bodies in kept.items():
        faults: list[Fault] = []
        document = Document(name, bodies[-1], faults)
        if document.root is not None:
            ladder, _ = read_ladder(document, document.root, name)
            if not faults:
                first = [order(shipped[name])] if shipped and name in shipped else []
                found[name] = replace(ladder, gone=gone(ladder, [*first, *map(order_of, bodies[:-1])]))
    return found
