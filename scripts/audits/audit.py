"""Checks a stored history against sections 1 and 2 of the rules, without any of the product's code.

Reads `coach.db` alone, read-only. 0: nothing broken. 1: something broken, or no exposures. 3: no database.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import climbed
import who_may
from ladders import Ladder, ladder, read_ladders
from look import Look
from stored import Done, Fact, Stored, local_day, profiles, read

SHIPPED = Path(__file__).resolve().parents[2] / "intents"
Row = tuple[int, int]
"""A section and the row in its table."""


@dataclass(slots=True)
class Findings:
    """How often each row was checked, broken and decisive."""

    checked: Counter[Row] = field(default_factory=Counter)
    broken: Counter[Row] = field(default_factory=Counter)
    decided: Counter[Row] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    """Exposures by the ladder that could not be read, so that section 2 was not checked for them."""

    def check(self, row: Row, kept: bool, what: str, where: str) -> None:
        """One check of one row; a broken one is told with its place."""
        self.checked[row] += 1
        if not kept:
            self.broken[row] += 1
            self.faults.append(f"§{row[0]} row {row[1]}: {what} ({where})")


def audit(stored: Stored, ladders: dict[str, Ladder]) -> Findings:
    """Everything that the rules say of this history."""
    found = Findings()
    for done in stored.exposures:
        look_at(stored, ladders, done, found)
    for fact in stored.facts:
        look_at_fact(stored, fact, found)
    return found


def look_at(stored: Stored, ladders: dict[str, Ladder], done: Done, found: Findings) -> None:
    """Whether this exposure was allowed, and the one that should have come next."""
    had = forms(stored, ladders, done)
    shape = had[-1] if had else None
    _allowed(stored, done, shape, found)
    if shape is None or shape.place(done.rung) is None:
        found.unread[done.ladder] += 1
    else:
        past = sorted(
            (one for one in stored.earlier(done.order) if one.ladder == done.ladder and one.grade != "lost"),
            key=lambda one: one.ended,
        )
        look = Look(stored, shape, done, tuple(past), tuple(had[:-1]))
        for row, kept, what in climbed.checks(look):
            found.check((2, row), kept, what, _where(done))
    found.decided.update({(2, {"hard": 2, "good": 3, "lost": 4, "plain": 12}[done.grade]): 1})
    found.decided[2, 1] += done.score is not None
    found.decided[2, 17] += done.reached_end is True


def forms(stored: Stored, ladders: dict[str, Ladder], done: Done) -> list[Ladder]:
    """The forms that the ladder of this exposure had until then, its own last: as shipped, as changed or brought."""
    shipped = [ladders[done.ladder]] if done.ladder in ladders else []
    own = [
        fact
        for fact in stored.facts
        if fact.name in ("own_ladder", "ladder_gone") and fact.order < done.order
        and fact.value["ladder"] == done.ladder
    ]  # fmt: skip
    kept = [ladder(json.loads(fact.value["body"])) for fact in own if fact.name == "own_ladder"]
    taken_away = bool(own) and own[-1].name == "ladder_gone"
    return [*kept, *shipped] if taken_away else [*shipped, *kept]


def _allowed(stored: Stored, done: Done, shape: Ladder | None, found: Findings) -> None:
    case = who_may.Case(stored, done.order, done.session, done.started, done.zone, done.ladder, done, shape)
    for number, name, holds in who_may.ROWS:
        held = holds(case)
        if held is not None:
            found.check((1, number), not held, f"an exposure against {name}", _where(done))
    found.decided[1, 19 if (done.before or 0.0) > 5.0 else 20] += 1


def look_at_fact(stored: Stored, fact: Fact, found: Findings) -> None:
    """Refusals must have had their reason; what a proposal or a refusal came from has decided."""
    if fact.name == "proposal":
        found.decided[2, climbed.DECIDES.get(fact.value["why"], 8)] += 1
    elif fact.name == "asked_again":
        found.decided[2, 15] += 1
    elif fact.name == "rung_rating" and fact.value["why"] in ("after_hard", "away"):
        found.decided[2, 9] += 1
    elif fact.name == "screened":
        found.decided[1, 7] += 1
    elif fact.name == "end" and fact.value.get("how") in ("rest", "refer"):
        reason = str(fact.value.get("reason"))
        row = who_may.REFUSALS.get(reason)
        if reason in ("once_a_day", "finished", "make", "make_easier", "night"):
            found.decided[(1, 17) if reason == "night" else (2, 15) if reason == "once_a_day" else (1, 18)] += 1
        if row is None:
            return
        block = next((one.order for one in stored.named("block", session=fact.session)), fact.order)
        chosen = stored.named("ladder", block)
        active = str(chosen[-1].value["ladder"]) if chosen else None
        case = who_may.Case(stored, block, fact.session, fact.at, fact.zone, active)
        holds = next(holds for number, _, holds in who_may.ROWS if number == row)
        standing = who_may.standing(case)
        found.decided[1, 2 if standing else row] += 1
        found.check((1, row), standing or bool(holds(case)), f"refused for {reason} without it", f"{fact.at:%F %H:%M}")


def _where(done: Done) -> str:
    return f"{done.rung} on {done.started:%F %H:%M}"


def report(stored: Stored, found: Findings) -> Iterator[str]:
    """The lines to print; the last one is the sum."""
    names = {(1, number): name for number, name, _ in who_may.ROWS}
    names |= {(2, number): name for number, name in climbed.NAMES.items()}
    yield from found.faults
    for row, name in names.items():
        yield f"§{row[0]} row {row[1]:>2}  {name:<18} checked {found.checked[row]:>5}  broken {found.broken[row]}"
    for name, count in found.unread.items():
        yield f"§2 rows 1 to 17 not checked for {count} exposures: the ladder {name} does not have their rung"
    idle = [f"§{row[0]} row {row[1]} ({name})" for row, name in names.items() if not found.decided[row]]
    yield f"never decided: {', '.join(idle) or 'none'}"
    days = [local_day(done.started, done.zone) for done in stored.exposures]
    span = (max(days) - min(days)).days + 1 if days else 0
    exposures = len(stored.exposures)
    checks, broken = found.checked.total(), found.broken.total()
    yield f"audited {exposures} exposures in {span} days: {checks} checks, {broken} broken"


def main() -> int:
    """Print what was found; the exit code as the module says."""
    parser = argparse.ArgumentParser(prog="audit-rules", description=__doc__)
    parser.add_argument("--home", type=Path, help="where coach.db is (default: VOICE_COACH_HOME)")
    parser.add_argument("--profile", help="whose history (default: the newest rehearsed one)")
    wanted = parser.parse_args()
    home = wanted.home or Path(os.environ.get("VOICE_COACH_HOME") or ".")
    path = home / "coach.db"
    if not path.is_file():
        print(f"There is no {path}; name the folder that holds coach.db with --home.", file=sys.stderr)
        return 3
    try:
        names = profiles(path)
        newest = next((name for name in reversed(names) if name.startswith("rehearsed")), None)
        profile = wanted.profile or newest
        stored = read(path, profile) if profile else Stored()
    except sqlite3.DatabaseError as fault:
        print(f"{path} cannot be read as a journal ({fault}).", file=sys.stderr)
        return 3
    if profile is None:
        print("No profile here was rehearsed; name one with --profile.", file=sys.stderr)
    found = audit(stored, read_ladders(SHIPPED / "en" / "ladders", home / "intents" / "en" / "ladders"))
    if len(stored.exposures) != stored.projected:
        found.faults.append("The table of exposures does not hold what the journal tells; run voice-coach doctor.")
    print("\n".join(report(stored, found)))
    return 0 if stored.exposures and not found.broken.total() and not _odd(stored) else 1


def _odd(stored: Stored) -> bool:
    return len(stored.exposures) != stored.projected


if __name__ == "__main__":
    sys.exit(main())
