"""What comes next on a ladder: a rung to do, a rung to rate, or none for now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from voice_coach.coach.days import day_of, moment
from voice_coach.coach.grading import counted, grade, since
from voice_coach.coach.proposals import NeedsRating, Next, NoRung, Proposal, Reason
from voice_coach.coach.standing import GAPS, Standing, Track, aliases, needed, standing
from voice_coach.coach.variations import changed, pick
from voice_coach.records import History, Ladder, Rules, Rung, RungRating, Variation

__all__ = ["NeedsRating", "Next", "NoRung", "Proposal", "propose"]

RECENT = 4
"""Days back in which all that counts for today and yesterday lies."""


def propose(
    history: History,
    ladder: Ladder,
    now: datetime,
    rules: Rules,
    zone: str,
    *,
    sight_free: bool = False,
    asked: bool = False,
) -> Next:
    """What to do next on this ladder, by the person's own history and ratings.

    One proposal a local day unless another was `asked` for. With `sight_free` a rung's twin stands in for it;
    both share one history. Ratings just given belong into `history.rung_ratings` before asking again.
    """
    now = moment(history, now)
    climb = _Climb(history, ladder, now, rules, zone, standing(history, ladder, now, rules))
    answer = climb.next(asked)
    if not sight_free or isinstance(answer, NoRung):
        return answer
    twins = {twin.id: twin for twin in ladder.twins}
    twin = twins.get(answer.rung.sight_free or "")
    if twin is None:
        return answer
    if isinstance(answer, NeedsRating):
        return replace(answer, rung=twin)
    if answer.variation is None:
        return replace(answer, rung=twin)
    return replace(answer, rung=twin, variation=pick(twin, history, answer.easier) or changed(twin, history))


@dataclass(frozen=True, slots=True)
class _Climb:
    """One look at one ladder."""

    history: History
    ladder: Ladder
    now: datetime
    rules: Rules
    zone: str
    standing: Standing

    def next(self, asked: bool) -> Next:
        recent = counted(since(self.history.exposures, self.now - timedelta(days=RECENT)))
        days = [(self.day(e.started, e.zone), e) for e in recent]
        today = self.day(self.now, self.zone)
        if any(day == today for day, _ in days):
            if not asked:
                return NoRung("once_a_day")
        elif not any(day == today - timedelta(days=1) and grade(e, self.rules) == "hard" for day, e in days):
            check = self.retention(today)
            if check is not None:
                return check
        if self.standing.current is None:
            return self.start()
        return self.onward(self.rung(self.standing.current), self.standing.tracks[self.standing.current])

    # --- before the first exposure ----------------------------------------------------------------

    def start(self) -> Next:
        """The lowest rung in the band; the ones below it were rated too."""
        rated = [(rung, self.rating(rung)) for rung in self.ladder.rungs]
        band = [n for n, (_, rating) in enumerate(rated) if rating is not None and self.in_band(rating.value)]
        for rung, rating in rated[: band[0]] if band else rated:
            if rating is None:
                return NeedsRating(rung, "entering")
            if not band and rating.value > self.number("band_high"):
                break
        if not band:
            return NoRung("make")
        rung = rated[band[0]][0]
        fresh = self.fresh(rung)
        return NeedsRating(rung, "entering") if fresh is None else self.plain(rung, "start", rating=fresh.value)

    # --- on a rung --------------------------------------------------------------------------------

    def onward(self, rung: Rung, track: Track) -> Next:
        """The rules for the current rung, the one that overrides the others first."""
        inserted = self.inserted(rung, track)
        if inserted is not None:
            return inserted
        if track.hards >= self.number("hard_drop"):
            return self.below(rung, track)
        unrated = self.rate_anew(rung, track)
        if unrated is not None:
            return unrated
        rating = self.rating(rung)
        if rating is not None and rating.value > self.number("band_high") and self.stands(rating, track):
            return self.ease(rung, track, "too_high", rating.value)
        if track.mastered is not None:
            return self.up(rung, track, track.mastered)
        if track.hards and rating is not None:
            return self.ease(rung, track, "after_hard", rating.value)
        return self.again(rung, track)

    def stands(self, rating: RungRating, track: Track) -> bool:
        """A good one since then says more than the number."""
        return track.row == 0 or track.last is None or rating.at >= track.last.ended

    def rate_anew(self, rung: Rung, track: Track) -> NeedsRating | None:
        last, away = track.last, self.days("rate_anew")
        if last is not None and track.hards and self.fresh(rung, last.ended) is None:
            return NeedsRating(rung, "after_hard")
        if track.entered is not None and not track.tries and track.mastered is None:
            # Entered without an exposure: by a check that fell through, or because the one above was deleted.
            since = max(track.entered, last.ended) if last is not None else track.entered
            if self.fresh(rung, since) is None:
                return NeedsRating(rung, "entering")
        for seen in (self.standing.last, last):
            if seen is not None and self.now - seen.ended >= away and self.fresh(rung, seen.ended + away) is None:
                return NeedsRating(rung, "away")
        return None

    def again(self, rung: Rung, track: Track) -> Proposal:
        """The same rung: towards a row, or with one thing changed after a plain one."""
        row = {"row": track.row, "needed": needed(track, self.rules)}
        if track.row:
            return self.varied(rung, "vary", changed(rung, self.history), **row)
        if not track.tries or track.recent[-1] == "good":
            return self.plain(rung, "again", **row)
        if track.tries >= self.number("easier_after"):
            easier = pick(rung, self.history, easier=True)
            if easier is not None:
                return self.varied(rung, "easier", easier, tries=track.tries)
        return self.varied(rung, "changed", changed(rung, self.history), tries=track.tries)

    def ease(self, rung: Rung, track: Track, why: Reason, rating: float) -> Next:
        easier = pick(rung, self.history, easier=True)
        if easier is None:
            return self.below(rung, track)
        return self.varied(rung, why, easier, rating=rating)

    # --- down -------------------------------------------------------------------------------------

    def below(self, rung: Rung, track: Track) -> Next:
        """The nearest lower rung that is not too high either."""
        for lower in reversed(self.ladder.rungs[: self.ladder.rungs.index(rung)]):
            own = self.standing.tracks.get(lower.id, Track()).last  # a check of it may lie between
            seen = [last.ended for last in (track.last, own) if last is not None]
            rating = self.fresh(lower, max(seen, default=None))
            if rating is None:
                return NeedsRating(lower, "entering")
            if rating.value <= self.number("band_high"):
                return self.plain(lower, "below", rating=rating.value)
        return NoRung("make_easier")

    def inserted(self, rung: Rung, track: Track) -> Next | None:
        """A rung that was put in below since this one was entered, and is not too easy: it comes first."""
        for lower in reversed(self.ladder.rungs[: self.ladder.rungs.index(rung)]):
            first = next(self.ratings(lower), None)
            if lower.id in self.standing.tracks or first is None or track.entered is None or first.at <= track.entered:
                continue  # it was there before
            rating = self.fresh(lower)
            if rating is None:
                return NeedsRating(lower, "entering")
            if rating.value < self.number("band_low"):
                continue
            if rating.value > self.number("band_high"):
                return self.ease(lower, Track(), "too_high", rating.value)
            return self.plain(lower, "inserted", rating=rating.value)
        return None

    # --- up ---------------------------------------------------------------------------------------

    def up(self, rung: Rung, track: Track, mastered: datetime) -> Next:
        """The next rung, rated anew. Until one is entered at most one is passed by rating."""
        above = self.ladder.rungs[self.ladder.rungs.index(rung) + 1 :]
        since = max(filter(None, (mastered, track.entered, track.last.ended if track.last is not None else None)))
        stays = self.varied(rung, "stay", changed(rung, self.history), row=track.row, needed=needed(track, self.rules))
        for place, higher in enumerate(above[:2]):
            easy = self.rating(higher)
            if place == 0 and easy is not None and easy.at >= mastered and easy.value < self.number("band_low"):
                continue
            rating = self.fresh(higher, since)
            if rating is None:
                return NeedsRating(higher, "promotion")
            if self.in_band(rating.value):
                return self.plain(higher, "up", row=track.row, rating=rating.value)
            if rating.value < self.number("band_low"):
                return replace(stays, above=above[0])
            if place == 0:
                numbers = {"row": float(track.row), "rating": rating.value}
                return replace(stays, why="bridge", numbers=numbers, above=higher)
            return stays
        return NoRung("finished")

    # --- checks -----------------------------------------------------------------------------------

    def retention(self, today: date) -> Proposal | None:
        """The check of a mastered rung that has been due longest."""
        due: list[tuple[date, int]] = []
        for place, rung in enumerate(self.ladder.rungs):
            track = self.standing.tracks.get(rung.id)
            if track is None or track.mastered is None or track.checked is None or track.stage >= len(GAPS):
                continue
            on = track.checked + timedelta(days=self.number(GAPS[track.stage]))
            if on <= today:
                due.append((on, place))
        if not due:
            return None
        rung = self.ladder.rungs[min(due)[1]]
        track = self.standing.tracks[rung.id]
        days = (today - track.checked).days if track.checked is not None else 0
        return Proposal(rung, None, "retention", True, {"days": days, "check": track.stage + 1})

    # --- small answers ----------------------------------------------------------------------------

    def plain(self, rung: Rung, why: Reason, **numbers: float) -> Proposal:
        return Proposal(rung, None, why, numbers=numbers)

    def varied(self, rung: Rung, why: Reason, variation: Variation | None, **numbers: float) -> Proposal:
        return Proposal(rung, variation, why, numbers=numbers)

    def ratings(self, rung: Rung, *, newest_first: bool = False) -> Iterator[RungRating]:
        """What this rung was said to be."""
        every = self.history.rung_ratings
        names = aliases(self.ladder)
        for rating in reversed(every) if newest_first else every:
            if rating.ladder == self.ladder.id and names.get(rating.rung) == rung.id:
                yield rating

    def rating(self, rung: Rung) -> RungRating | None:
        return next(self.ratings(rung, newest_first=True), None)

    def fresh(self, rung: Rung, since: datetime | None = None) -> RungRating | None:
        """The rung's rating, unless it is from before `since` or too long ago."""
        rating = self.rating(rung)
        if rating is None or (since is not None and rating.at < since):
            return None
        return rating if self.now - rating.at < self.days("rate_anew") else None

    def in_band(self, value: float) -> bool:
        return self.number("band_low") <= value <= self.number("band_high")

    def rung(self, name: str) -> Rung:
        return next(rung for rung in self.ladder.rungs if rung.id == name)

    def number(self, name: str) -> float:
        return self.rules[name].value

    def days(self, name: str) -> timedelta:
        return timedelta(days=self.number(name))

    def day(self, at: datetime, zone: str) -> date:
        return day_of(at, zone, self.number("day_start"))
