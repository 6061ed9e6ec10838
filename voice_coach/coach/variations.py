"""Which changed element of a rung comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from voice_coach.records import History, Rung, Variation


def pick(rung: Rung, history: History, easier: bool) -> Variation | None:
    """The variation of this rung (easier ones, or the others) used least so far, then longest ago; None without any."""
    fitting = [variation for variation in rung.variations if variation.easier == easier]
    if not fitting:
        return None
    used = [e.variation for e in history.exposures if e.rung == rung.id and e.ladder == rung.ladder]
    times, last = Counter(used), {name: place for place, name in enumerate(used)}
    return min(fitting, key=lambda variation: (times[variation.id], last.get(variation.id, -1)))


def changed(rung: Rung, history: History) -> Variation | None:
    """One changed element that keeps the rung as hard as it is; an easier one where it has no other."""
    return pick(rung, history, easier=False) or pick(rung, history, easier=True)


def usual(texts: Mapping[str, str]) -> tuple[Variation, ...]:
    """Changes that fit any rung, for one that comes without its own: without any it could never be mastered."""
    return (
        Variation("other_place", "place", texts["other_place"]),
        Variation("other_time", "time", texts["other_time"]),
        Variation("half_of_it", "length", texts["half_of_it"], easier=True),
    )
