"""Changing to another ladder: which ones there are, and the one that is chosen."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from voice_coach.coach.asking import choice, yes_no
from voice_coach.coach.naming import ANOTHER, COMMON, OFFERED, pages
from voice_coach.records import History, Ladder
from voice_coach.words import Move, Reply, Say

LEAVING = frozenset({"skip", "done", "dont_want", "dont_know"})


def told(history: History, ladders: Mapping[str, Ladder], private: bool) -> Generator[Move, Reply, None]:
    """Which ladder this person is on, and which others they began."""
    if private:
        yield Say("private.ladders")
        return
    active = ladders.get(history.ladder or "")
    yield Say("ladders.active", {"ladder": active.name}) if active else Say("ladders.no_active")
    begun = [name for name in _begun(history) if name in ladders and name != history.ladder]
    if begun:
        yield Say("ladders.begun", {"ladders": ", ".join(ladders[name].name for name in begun)})
    yield Say("ladders.change")


def chosen(
    history: History, ladders: Mapping[str, Ladder], own: Sequence[str], named: str | None
) -> Generator[Move, Reply, Ladder | None]:
    """The ladder to change to; None: stay. `named`: the one that was named on asking. `own`: their own ladders."""
    if named is not None and named != history.ladder:
        sure = yield from yes_no("ladders.sure", {"ladder": ladders[named].name}, accepts=LEAVING)
        if sure.value is True:
            return ladders[named]
        if sure.command:
            return None
    order = [*_begun(history), *own, *COMMON, *ladders]
    names = {ladders[name].name: name for name in dict.fromkeys(order) if name in ladders and name != history.ladder}
    offers = pages(tuple(names), OFFERED)
    page = 0
    while True:
        offered = offers[page % len(offers)]
        rest = tuple(name for name in names if name not in offered)
        labels = (*offered, ANOTHER, *rest)
        answer = yield from choice("ladders.which", labels, {"ladders": ", ".join(offered)}, accepts=LEAVING)
        if answer.command:
            return None
        if answer.value != ANOTHER:
            return ladders[names[answer.text()]]
        page += 1


def _begun(history: History) -> list[str]:
    """The ladders that something was done or rated on, the latest first."""
    used = [(done.ended, done.ladder) for done in history.exposures]
    used += [(rated.at, rated.ladder) for rated in history.rung_ratings]
    return list(dict.fromkeys(ladder for _, ladder in sorted(used, reverse=True)))
