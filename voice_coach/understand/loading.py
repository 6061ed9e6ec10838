"""The way in: YAML texts to a catalog that can be relied on, or all of their faults at once."""

from __future__ import annotations

from collections.abc import Mapping

from voice_coach.errors import BadInput
from voice_coach.understand.catalog import Catalog, Fault
from voice_coach.understand.checking import unusable
from voice_coach.understand.reading import read


class CatalogFaults(BadInput):
    """The catalog cannot be used: `faults` holds every one, ordered by file and line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        listed = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"The catalog has {count}; mend what is listed here and try again.\n{listed}")
        self.faults = faults


def load(texts: Mapping[str, str]) -> Catalog:
    """The catalog of one locale from its texts by name.

    Raises `CatalogFaults` for faults with which the coach could not speak or listen. What only makes it less
    sure to be understood (a phrase without a test) is for `check`: it must not silence a person's coach.
    """
    reading = read(texts)
    faults = unusable(reading)
    if faults:
        raise CatalogFaults(tuple(faults))
    return reading.catalog
