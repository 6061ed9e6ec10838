"""Where a person stands on a ladder: the history of its exposures, read from the first to the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Generic, TypeVar

from voice_coach.coach.days import day_of
from voice_coach.coach.grading import Grade, counted, grade, score
from voice_coach.records import Exposure, History, Ladder, Rules

T = TypeVar("T")
GAPS = ("retention_gap_1", "retention_gap_2", "retention_gap_3")


@dataclass(slots=True)
class Track:
    """What happened on one rung so far."""

    row: int = 0
    """Good ones in a row."""
    varied: bool = False
    """One of that row was a variation."""
    hards: int = 0
    """Hard ones in a row since the rung was entered."""
    tries: int = 0
    """Exposures since the rung was entered, checks aside."""
    entered: datetime | None = None
    last: Exposure | None = None
    """The latest, checks included."""
    recent: list[Grade] = field(default_factory=list)
    mastered: datetime | None = None
    """When the row became long enough; None once that is void."""
    stage: int = 0
    """Retention checks passed in a row."""
    checked: date | None = None
    """The local day from which the next gap counts."""

    def start_over(self) -> None:
        """Row 0: what was reached must be shown again."""
        self.row, self.varied, self.mastered = 0, False, None

    def enter(self, at: datetime) -> None:
        """It becomes the current rung."""
        self.hards, self.tries, self.entered = 0, 0, at


@dataclass(frozen=True, slots=True)
class Standing:
    """The current rung (None before the first exposure), every rung's track, the ladder's last exposure."""

    current: str | None
    tracks: Mapping[str, Track]
    last: Exposure | None


def needed(track: Track, rules: Rules) -> int:
    """How many good ones in a row the rung takes: more after a hard one among the last few."""
    recent = track.recent[-int(rules["hard_lookback"].value) :]
    return int(rules["needed_after_hard" if "hard" in recent else "needed"].value)


def aliases(ladder: Ladder) -> dict[str, str]:
    """Every id under which a rung's exposures and ratings are kept (its twin's too) → the rung's id."""
    own = {rung.id: rung.id for rung in ladder.rungs}
    return {rung.sight_free: rung.id for rung in ladder.rungs if rung.sight_free is not None} | own


def standing(history: History, ladder: Ladder, now: datetime, rules: Rules) -> Standing:
    """Read the history of this ladder. Rungs that the ladder no longer has count for the time away only.

    Where the current one was deleted, the next lower one becomes current; where nobody knows where it stood, the last
    one that was worked on and is still there.

    Reading it again, with the same exposures, ladder and rules, costs nothing.
    """
    read = _read(_Same(history.exposures), _Same(ladder), _Same(rules))
    if read.last is None or now - read.last.ended <= timedelta(days=rules["away"].value):
        return read
    tracks = {rung: replace(track) for rung, track in read.tracks.items()}
    _came_back(tracks, read.current)
    return replace(read, tracks=tracks)


def read_once(history: History, ladder: Ladder | None, rules: Rules) -> None:
    """Read the history of this ladder before anybody waits for an answer: `standing` finds it."""
    if ladder is not None:
        _read(_Same(history.exposures), _Same(ladder), _Same(rules))


class _Same(Generic[T]):
    """A value that is only ever equal to itself: to compare thousands of exposures takes as long as to read them."""

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=4)
def _read(known: _Same[tuple[Exposure, ...]], on: _Same[Ladder], by: _Same[Rules]) -> Standing:
    """Where it stands at the end of the last exposure. Its tracks are shared: nobody changes them."""
    ladder, rules = on.value, by.value
    names = aliases(ladder)
    order = [rung.id for rung in ladder.rungs]
    tracks: dict[str, Track] = {}
    current: str | None = None
    last: Exposure | None = None
    away = timedelta(days=rules["away"].value)
    for exposure in counted(e for e in known.value if e.ladder == ladder.id):
        if last is not None and exposure.started - last.ended > away:
            _came_back(tracks, current)
        last = exposure
        rung = names.get(exposure.rung)
        if rung is None:
            current = _below_deleted(exposure, ladder, tracks, current, rules)
            continue
        track = tracks.setdefault(rung, Track())
        if exposure.retention:
            current = rung if _check(track, exposure, rules) else current
            continue
        if rung != current:
            if current is not None and order.index(rung) < order.index(current):
                track.start_over()
            track.enter(exposure.started)
            current = rung
        _count(track, exposure, rules)
    return Standing(current, tracks, last)


def _below_deleted(
    exposure: Exposure, ladder: Ladder, tracks: dict[str, Track], current: str | None, rules: Rules
) -> str | None:
    """The current rung after an exposure on one that the ladder no longer has: its own history stays with it."""
    stood = exposure.rung in ladder.gone and (not exposure.retention or _check(Track(), exposure, rules))
    if not stood:
        return current
    lower = ladder.gone[exposure.rung]
    if lower is not None:
        tracks.setdefault(lower, Track()).enter(exposure.ended)
    return lower


def _came_back(tracks: Mapping[str, Track], current: str | None) -> None:
    for rung, track in tracks.items():
        if rung == current:
            track.start_over()
        track.row, track.varied = 0, False


def _count(track: Track, exposure: Exposure, rules: Rules) -> None:
    result = grade(exposure, rules)
    track.last = exposure
    track.tries += 1
    track.recent.append(result)
    if result != "good":
        track.start_over()
        track.hards = track.hards + 1 if result == "hard" else 0
        return
    track.hards = 0
    track.row += 1
    track.varied = track.varied or exposure.variation is not None
    if track.mastered is None and track.varied and track.row >= needed(track, rules):
        track.mastered, track.stage = exposure.ended, 0
        track.checked = day_of(exposure.ended, exposure.zone, rules["day_start"].value)


def _check(track: Track, exposure: Exposure, rules: Rules) -> bool:
    """Count a retention check; True where the rung must be worked on again."""
    result, high = grade(exposure, rules), score(exposure)
    track.last = exposure
    track.recent.append(result)
    if result == "hard" or (high is not None and high > rules["band_high"].value):
        track.start_over()
        track.enter(exposure.started)
        track.hards = int(result == "hard")
        return True
    track.checked = day_of(exposure.ended, exposure.zone, rules["day_start"].value)
    if high is not None:
        track.stage = track.stage + 1 if high < rules["good_below"].value else 0
    return False
