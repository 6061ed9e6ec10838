"""Section 2 of the rules, read from its table: whether each exposure was the one that should have come next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from look import Look, fell_through
from stored import Done, Fact, local_day

DAY = timedelta(days=1)
GAPS = (1, 4, 10)
NAMES = {
    1: "score", 2: "hard", 3: "good", 4: "lost", 5: "in a row", 6: "needed", 7: "start", 8: "up", 9: "rate anew",
    10: "first hard", 11: "second hard", 12: "plain", 13: "away", 14: "retention", 15: "one a day", 16: "edits",
    17: "completion",
}  # fmt: skip
DECIDES = {
    "start": 7, "vary": 6, "again": 5, "changed": 12, "easier": 12, "after_hard": 10, "below": 11, "too_high": 9,
    "up": 8, "bridge": 8, "stay": 8, "inserted": 16, "retention": 14,
}  # fmt: skip
"""The reasons with which a proposal is stored, and the row that chose it."""

Check = tuple[int, bool, str]
"""A row, whether it was kept, and what was found."""


def in_band(rated: Fact | None) -> bool:
    """Rated from two to four."""
    return rated is not None and 2.0 <= float(rated.value["value"]) <= 4.0


def row_of(look: Look, rung: str, grades: dict[str, str] | None = None, lost: bool = False, gaps: bool = False) -> int:
    """Good ones in a row on this rung at the moment of the look.

    `grades`: what another grade is taken for. `lost`: count lost ones as good. `gaps`: pass over a month away.
    """
    count = 0
    last: Done | None = None
    place, reached = look.shape.place(rung), -1
    runs = sorted(
        (done for done in look.stored.earlier(look.now.order) if done.ladder == look.now.ladder),
        key=lambda done: done.ended,
    )
    for done in runs:
        if done.grade == "lost" and not lost:
            continue
        if last is not None and not gaps and done.started - last.ended > 30 * DAY:
            count = 0
        last = done
        came_down = look.shape.place(done.rung) == place and place is not None and reached > place
        says, there = look.stands(done)
        if says:
            on = look.shape.place(there) if there is not None else None
            reached = -1 if on is None else on
        if look.name(done) != rung:
            continue
        count = 0 if came_down and not done.retention else count
        grade = "good" if done.grade == "lost" else (grades or {}).get(_grade(done), done.grade)
        if done.retention:
            count = 0 if fell_through(done) else count
        else:
            count = count + 1 if grade == "good" else 0 if grade in ("hard", "plain") else count
    return 0 if last is not None and not gaps and look.now.started - last.ended > 30 * DAY else count


def _grade(done: Done) -> str:
    """The grade, with "unrated" for what only lacks a rating."""
    return "unrated" if done.grade == "plain" and (done.peak is None or done.after is None) else done.grade


def needed(look: Look, rung: str) -> int:
    """Three where one of the last five on the rung was hard, else two."""
    recent = [done for done in look.of(rung, checks=True) if done.grade != "lost"][-5:]
    return 3 if any(done.grade == "hard" for done in recent) else 2


def mastered(look: Look, rung: str) -> Done | None:
    """The exposure with which the rung's row became long enough and since which nothing made it void."""
    found: Done | None = None
    row, varied = 0, False
    recent: list[str] = []
    reached: str | None = None
    last: Done | None = None
    for done in look.past:
        if last is not None and done.started - last.ended > 30 * DAY:
            row, varied = 0, False
            found = None if reached == rung else found
        last = done
        says, there = look.stands(done)
        if says:
            own, high = look.shape.place(rung), look.shape.place(reached) if reached is not None else None
            if not done.retention and there == rung and own is not None and high is not None and high > own:
                row, varied, found = 0, False, None  # came down
            reached = there
        if look.name(done) != rung:
            continue
        recent.append(done.grade)
        if done.retention:
            if fell_through(done):
                row, varied, found = 0, False, None
            continue
        if done.grade != "good":
            row, varied, found = 0, False, None
            continue
        row, varied = row + 1, varied or done.variation is not None
        if found is None and varied and row >= (3 if "hard" in recent[-5:] else 2):
            found = done
    gone = last is not None and look.now.started - last.ended > 30 * DAY
    return None if gone and reached == rung else found


def checks(look: Look) -> Iterator[Check]:
    """Every row that has something to say of this exposure."""
    yield from _each(look)
    if look.now.retention:
        yield from _retention(look)
    elif look.current is None:
        yield from _start(look)
    else:
        yield from _onward(look, look.current)


def _each(look: Look) -> Iterator[Check]:
    now, day = look.now, look.now.day
    same_day = [done for done in look.stored.earlier(now.order) if done.ladder == now.ladder and done.grade != "lost"
                and done.day == day]  # fmt: skip
    asked = look.stored.named("asked_again", now.order, now.session)
    if same_day:
        yield 15, bool(asked), "a further step on one day that was not asked for"
    if now.grade == "good":
        yield 17, now.reached_end is True, "counted as good without its end"
    if now.how in ("done", "time", "stopped", "too_much"):
        yield 17, now.ended - now.started <= timedelta(seconds=242), "longer than four minutes"
    yesterday = [done for done in look.past if done.day == day - DAY]
    if now.retention:
        yield 14, not same_day, "a check that is not the day's first exposure"
        yield 14, all(done.grade != "hard" for done in yesterday), "a check on the day after a hard one"


def _start(look: Look) -> Iterator[Check]:
    yield 7, in_band(look.rating(look.shape.name(look.now.rung))), "begun outside the band"
    for lower in look.shape.rungs[: look.shape.place(look.now.rung)]:
        rated = look.rating(lower)
        # One above the band is not skipped either: the lowest that lies in it is begun with.
        yield 7, rated is not None and not in_band(rated), "a lower rung was not passed by rating"


def _onward(look: Look, current: str) -> Iterator[Check]:
    now, rung = look.now, look.shape.name(look.now.rung)
    here, there = look.shape.place(current), look.shape.place(rung)
    if here is None or there is None:
        return
    if look.deleted is not None:
        yield from _after_deleted(look, current, look.deleted, here, there)
    yield from _rated(look, rung, rung != current)
    last = [done for done in look.past if look.name(done) == current]
    hards = _hards(last) if look.deleted is None else 0
    if hards >= 2 and _entered(look, current, hards):
        yield 11, there < here, "a second hard one in a row, and not a lower rung"
    elif hards == 1:
        eased = look.shape.eased(now.rung, now.variation) or not look.shape.has_easier(now.rung)
        yield 10, there < here or (there == here and eased), "a hard one, and not the same rung made easier"
    if there == here:
        yield from _stayed(look, rung, last)
        yield from _held_back(look, rung, here)
    elif there > here:
        yield from _up(look, current, here, there)
    for lower in look.shape.rungs[:there]:
        yield from _inserted(look, current, lower)


def _hards(runs: Sequence[Done]) -> int:
    """Hard ones in a row at the end, checks that were passed aside."""
    grades = [done.grade for done in runs if not done.retention or fell_through(done)]
    return next((count for count, grade in enumerate(reversed(grades)) if grade != "hard"), len(grades))


def _entered(look: Look, current: str, hards: int) -> bool:
    """The hard ones in a row all lie after the rung was last entered."""
    run = 0
    for done in reversed(look.past):
        if done.retention and not fell_through(done):
            continue
        if look.name(done) != current or done.grade != "hard":
            break
        run += 1
    return run >= min(hards, 2)


def _rated(look: Look, rung: str, entering: bool) -> Iterator[Check]:
    """9. Rated on entering, after a hard one and after a fortnight away; above four it comes easier."""
    now, rated, own = look.now, look.rating(rung), look.of(rung, checks=True)
    last = own[-1] if own else None
    if entering:
        new = rated is not None and (last is None or rated.at >= last.ended) and now.started - rated.at < 14 * DAY
        yield 9, new, "entered without being rated anew"
    elif last is not None and last.grade == "hard":
        yield 9, rated is not None and rated.at >= last.ended, "not rated anew after a hard one"
    ago = now.started - look.past[-1].ended
    if ago >= 14 * DAY:
        yield 9, rated is not None and now.started - rated.at < ago, "not rated anew after a fortnight away"
    since = rated is not None and (last is None or rated.at >= last.ended)
    if rated is not None and since and not entering and float(rated.value["value"]) > 4.0:
        eased = look.shape.eased(now.rung, now.variation) or not look.shape.has_easier(now.rung)
        yield 9, eased, "rated above four and not made easier"


def _stayed(look: Look, rung: str, last: Sequence[Done]) -> Iterator[Check]:
    now = look.now
    worked = [done for done in last if not done.retention]
    row = row_of(look, rung)
    yield from _told(look, row, row_of(look, rung, gaps=True))
    if row >= 1:
        varies = now.variation is not None or now.rung not in look.shape.varied
        yield 6, varies, "after the first good one the step carried no change"
    if worked and worked[-1].grade == "plain" and look.past[-1].grade == "plain" and look.deleted is None:
        varies = now.variation is not None or now.rung not in look.shape.varied
        yield 12, varies, "after a plain one nothing changed"
        tries = 0
        for done in reversed([done for done in look.past if not done.retention or fell_through(done)]):
            if look.name(done) != rung or done.retention:
                break
            tries += 1
        if tries >= 7 and look.shape.has_easier(now.rung):
            yield 12, look.shape.eased(now.rung, now.variation), "after seven no easier form was offered"


def _told(look: Look, row: int, unbroken: int) -> Iterator[Check]:
    """5, 13. The row with which the step was proposed is the one that the history has."""
    proposed = look.stored.named("proposal", look.now.order, look.now.session)[-1:]
    told = proposed[0].value.get("row") if proposed else None
    if told is None:
        return
    if unbroken != row:
        yield 13, told != unbroken, "a row that outlived a month away"
    yield 5, told in (row, unbroken), "proposed with another row than the history has"


def _held_back(look: Look, rung: str, here: int) -> Iterator[Check]:
    """8. With its row complete a rung is stayed on only where the next one, just rated, lies outside the band."""
    since, own = mastered(look, rung), look.rating(rung)
    last = look.of(rung, checks=True)[-1:]
    if since is None or not last or (own is not None and own.at >= last[0].ended and float(own.value["value"]) > 4.0):
        return
    for place, higher in enumerate(look.shape.rungs[here + 1 : here + 3]):
        rated = look.rating(higher)
        if place == 0 and rated is not None and rated.at >= since.ended and float(rated.value["value"]) < 2.0:
            continue
        yield 8, rated is not None and rated.at >= last[0].ended, "stayed with the row complete, the next not rated"
        yield 8, not in_band(rated), "stayed with the row complete and the next one in the band"
        return


def _up(look: Look, current: str, here: int, there: int) -> Iterator[Check]:
    """8, and whether the row that led here was one (1 to 6, 13)."""
    yield 8, in_band(look.rating(look.shape.rungs[there])), "a next rung outside the band was entered"
    since = mastered(look, current)
    passed = look.shape.rungs[here + 1 : there]
    for rung in passed:
        own = look.rating(rung)
        easy = own is not None and float(own.value["value"]) < 2.0 and (since is None or own.at >= since.ended)
        yield 8, easy, "a rung was skipped that was not rated below two"
    yield 8, len(passed) <= 1, "more than one rung passed by rating before one was entered"
    if since is not None:
        for row in (1, 2, 3, 4, 5, 6):
            yield row, True, ""
        return
    yield _culprit(look, current), False, "moved up without the row that it takes"


def _culprit(look: Look, rung: str) -> int:
    """Which row explains a promotion that was none: what it must have been read without."""
    takes = needed(look, rung)
    if row_of(look, rung) >= takes:
        return 6  # no variation among them
    if row_of(look, rung, gaps=True) >= takes:
        return 13
    if row_of(look, rung, lost=True) >= takes:
        return 4
    if row_of(look, rung, {"unrated": "good"}) >= takes:
        return 1
    if row_of(look, rung, {"hard": "good"}) >= 2:
        return 2
    good = sum(done.grade == "good" for done in look.of(rung))
    if good >= takes:
        return 5
    if row_of(look, rung, {"plain": "good", "unrated": "good"}) >= takes:
        return 3
    return 6


def _inserted(look: Look, current: str, lower: str) -> Iterator[Check]:
    """16. A rung that was put in below since this one was entered, rated two or more, comes first."""
    entered = None
    for done in reversed(look.past):
        says, there = look.stands(done)
        if says and there != current:
            break
        if says and look.shape.place(done.rung) is None:
            entered = done.ended
            break
        entered = done.started if says and not done.retention else entered
    rated = look.ratings(lower)
    if entered is None or not rated or look.of(lower, checks=True) or rated[0].at <= entered:
        return
    yield 16, float(rated[-1].value["value"]) < 2.0, "a rung that was put in below was passed over"


def _after_deleted(look: Look, current: str, deleted: Done, here: int, there: int) -> Iterator[Check]:
    """16. After a deleted current rung comes the next lower one, rated anew, and nothing below it but for cause."""
    rated = look.rating(current)
    if there < here:
        first = look.ratings(look.shape.rungs[there])[:1]
        put_in = not look.of(look.shape.rungs[there], checks=True) and bool(first) and first[0].at > deleted.ended
        too_high = rated is not None and rated.at >= deleted.ended and float(rated.value["value"]) > 4.0
        yield 16, put_in or too_high, "the current rung was deleted, and not the next lower one came"
    if mastered(look, current) is None:
        anew = rated is not None and rated.at >= deleted.ended
        yield 9, anew, "entered from a deleted rung without being rated anew"


def _retention(look: Look) -> Iterator[Check]:
    """14. One, four and ten local days after the last good check, counted from the day of mastery."""
    rung = look.shape.name(look.now.rung)
    since = mastered(look, rung)
    yield 14, since is not None, "a check of a rung that is not mastered"
    if since is None:
        return
    from_day, stage = local_day(since.ended, since.zone), 0
    for done in look.of(rung, checks=True):
        if not done.retention or done.started < since.ended:
            continue
        from_day = local_day(done.ended, done.zone)
        if done.score is not None:
            stage = stage + 1 if done.score < 2.0 else 0
    yield 14, stage < len(GAPS), "a fourth check"
    if stage < len(GAPS):
        yield 14, look.now.day - from_day >= timedelta(days=GAPS[stage]), "a check too soon"
    yield 14, look.now.variation is None or (look.now.before or 0.0) > 5.0, "a check in another form"
