"""The ladders as their files have them: the order of the rungs, their tags, and which variations are easier."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True, slots=True)
class Ladder:
    """One ladder, easiest rung first."""

    rungs: tuple[str, ...]
    away: frozenset[str]
    """The rungs that lead away from home."""
    easier: frozenset[tuple[str, str]]
    """(rung, variation) of each variation that makes it easier."""
    varied: frozenset[str]
    """The rungs that have a variation at all."""
    twins: dict[str, str]
    """A twin's id and the rung for which it stands."""

    def name(self, rung: str) -> str:
        """The rung whose history this id belongs to."""
        return self.twins.get(rung, rung)

    def place(self, rung: str) -> int | None:
        """Counted from the easiest, 0; None: the ladder does not have it any more."""
        name = self.name(rung)
        return self.rungs.index(name) if name in self.rungs else None

    def eased(self, rung: str, variation: str | None) -> bool:
        """True where this variation makes this rung easier."""
        return variation is not None and (rung, variation) in self.easier

    def has_easier(self, rung: str) -> bool:
        """True where the rung can be made easier at all."""
        return any(owner == rung for owner, _ in self.easier)


def read_ladders(*folders: Path) -> dict[str, Ladder]:
    """Every ladder in these folders by its id; of two with one id, that of the later folder."""
    found: dict[str, Ladder] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            found[content["ladder"]] = ladder(content)
    return found


def ladder(content: dict[str, Any]) -> Ladder:
    """The ladder of one file's content."""
    rungs: list[dict[str, Any]] = content["rungs"]
    every = [*rungs, *(content.get("twins") or ())]
    return Ladder(
        rungs=tuple(rung["id"] for rung in rungs),
        away=frozenset(rung["id"] for rung in every if "away" in (rung.get("tags") or ())),
        easier=frozenset(
            (rung["id"], change["id"])
            for rung in every
            for change in rung.get("variations") or ()
            if change.get("easier")
        ),
        varied=frozenset(rung["id"] for rung in every if rung.get("variations")),
        twins={rung["sight_free"]: rung["id"] for rung in rungs if rung.get("sight_free")},
    )
