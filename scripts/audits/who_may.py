"""Section 1 of the rules, read from its table: whether each row held at a moment in a stored history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ladders import Ladder
from stored import Done, Fact, Stored, local_day

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ABSOLUTE_FULL = ("trauma", "suicide", "unreal", "panic", "daily_life", "stress")


@dataclass(frozen=True, slots=True)
class Case:
    """One moment: what had been written by then, and the exposure that was to follow, if there was one."""

    stored: Stored
    order: int
    session: str
    at: datetime
    zone: str
    ladder: str | None
    done: Done | None = None
    shape: Ladder | None = None
    """The ladder of the exposure; None where its file is not there."""

    def named(self, name: str) -> list[Fact]:
        return self.stored.named(name, self.order)

    def answers(self, question: str) -> list[Fact]:
        return [fact for fact in self.named("screen_answer") if fact.value["question"] == question]

    def latest(self, question: str) -> Fact | None:
        found = self.answers(question)
        return found[-1] if found else None

    def within(self, at: datetime, span: timedelta) -> bool:
        """The span that began then is not over; it is over at its end."""
        return self.at < at + span

    @property
    def exposures(self) -> list[Done]:
        return self.stored.earlier(self.order)

    @property
    def today(self) -> object:
        return local_day(self.at, self.zone)

    @property
    def before(self) -> float | None:
        """The number of this session."""
        said = [fact for fact in self.named("check_in") if fact.session == self.session]
        return float(said[-1].value["value"]) if said else None


Row = Callable[[Case], bool | None]
"""Whether the row holds; None where it cannot be told from what is stored."""


def _says(fact: Fact | None, *answers: str) -> bool:
    return fact is not None and fact.value["answer"] in answers


def latch(case: Case) -> bool:
    set_at = [fact.at for fact in case.named("crisis")]
    set_at += [fact.at for fact in case.named("block") if fact.value["kind"] == "latch"]
    return any(case.within(at, DAY) for at in set_at)


def standing(case: Case) -> bool:
    for fact in case.named("block"):
        kind, until, ladder = fact.value["kind"], fact.value.get("until"), fact.value.get("ladder")
        mine = kind != "latch" and (ladder is None or ladder == case.ladder)
        if mine and (until is None or case.at < datetime.fromisoformat(until)):
            return True
    return False


def hard_run(case: Case) -> bool:
    counted = sorted((done for done in case.exposures if done.grade != "lost"), key=lambda done: done.ended)[-3:]
    return (
        len(counted) == 3 and all(done.grade == "hard" for done in counted) and case.within(counted[-1].ended, 7 * DAY)
    )


def hard_today(case: Case) -> bool:
    happened = [(done.ended, done.zone) for done in case.exposures if done.grade == "hard"]
    happened += [(fact.at, fact.zone) for fact in case.named("upset")]
    # The day is that of the place where it happened, wherever the person is now.
    return any(local_day(case.at, zone) == local_day(at, zone) for at, zone in happened)


def cap(case: Case) -> bool:
    return sum(case.within(done.started, DAY) for done in case.exposures) >= 3


def spacing(case: Case) -> bool:
    return any(case.within(done.ended, 3 * HOUR) for done in case.exposures)


def ask(case: Case) -> bool:
    """Something that has to be asked was not: the number, or what the screen's age and the last crisis require."""
    if case.before is None:
        return True
    mine = {fact.value["question"]: fact.value["answer"] for fact in case.named("screen_answer")
            if fact.session == case.session}  # fmt: skip
    for fact in case.named("since"):
        if fact.session == case.session or case.at - fact.at < 12 * HOUR:
            mine.setdefault("since", "yes" if fact.value.get("value") is True else "no")
    if not case.answers("age"):
        return True
    began = min(fact.at for fact in case.stored.facts if fact.session == case.session)
    asked = [fact.at for fact in case.named("screened") if fact.session != case.session]
    troubled = [fact.at for fact in case.named("crisis") if fact.session != case.session]
    due = not asked or began - asked[-1] >= 14 * DAY or any(asked[-1] <= at for at in troubled)
    if due or mine.get("since") in ("yes", "unsure"):
        helped = "panic_helped" in mine or mine.get("panic") == "no"
        return not helped or any(question not in mine for question in ABSOLUTE_FULL)
    return "since" not in mine


def crisis(case: Case) -> bool:
    return any(_says(fact, "yes", "unsure") and case.within(fact.at, DAY) for fact in case.answers("suicide"))


def minor(case: Case) -> bool:
    return not _says(case.latest("age"), "yes")


def unreal(case: Case) -> bool:
    return _says(case.latest("unreal"), "yes", "unsure")


def panic(case: Case) -> bool:
    said, helped = case.latest("panic"), case.latest("panic_helped")
    alone = helped is None or said is None or helped.order < said.order or not _says(helped, "yes")
    return _says(said, "yes", "unsure") and alone


def trauma(case: Case) -> bool:
    said = [fact for fact in case.answers("trauma") if fact.value.get("ladder") in (None, case.ladder)]
    return not said or _says(said[-1], "yes", "unsure")


def daily_life(case: Case) -> bool:
    return any(_says(fact, "yes") and case.within(fact.at, 14 * DAY) for fact in case.answers("daily_life"))


def high_run(case: Case) -> bool:
    """The highest numbers of the last three days on which it was asked, within thirty days."""
    highest: dict[object, float] = {}
    for fact in case.named("check_in"):
        if case.at - fact.at <= 30 * DAY:
            highest[fact.day] = max(float(fact.value["value"]), highest.get(fact.day, 0.0))
    last = [highest[day] for day in sorted(highest, key=str)][-3:]
    return len(last) == 3 and all(value >= 7.0 for value in last)


def high_today(case: Case) -> bool:
    return any(fact.day == case.today and float(fact.value["value"]) >= 7.0 for fact in case.named("check_in"))


def stress(case: Case) -> bool:
    return any(_says(fact, "yes") and case.within(fact.at, 7 * DAY) for fact in case.answers("stress"))


def night(case: Case) -> bool | None:
    if case.done is None or case.shape is None:
        return None
    hour = case.at.astimezone(ZoneInfo(case.zone)).hour
    return case.done.rung in case.shape.away and not 6 <= hour < 22


def no_rung(case: Case) -> bool | None:
    """The step is the one that was proposed in this session, on the ladder that is practised."""
    if case.done is None:
        return None
    proposed = [fact for fact in case.named("proposal") if fact.session == case.session]
    chosen = [fact for fact in case.named("ladder")]
    on_it = not chosen or chosen[-1].value["ladder"] == case.done.ladder
    known = case.shape is None or case.shape.place(case.done.rung) is not None
    return not (proposed and proposed[-1].value["rung"] == case.done.rung and on_it and known)


def easier(case: Case) -> bool | None:
    """Above five the step was not made easier."""
    if case.done is None or case.shape is None or case.before is None or case.before <= 5.0:
        return None
    return not case.shape.eased(case.done.rung, case.done.variation)


def go(case: Case) -> bool | None:
    """The number on which the step was allowed is not the one that was said."""
    return None if case.done is None or case.done.before is None else case.done.before != case.before


ROWS: tuple[tuple[int, str, Row], ...] = (
    (1, "latch", latch), (2, "standing refusal", standing), (3, "hard run", hard_run), (4, "hard today", hard_today),
    (5, "cap", cap), (6, "spacing", spacing), (7, "asked", ask), (8, "crisis", crisis), (9, "age", minor),
    (10, "unreal", unreal), (11, "panic", panic), (12, "trauma", trauma), (13, "daily life", daily_life),
    (14, "high run", high_run), (15, "high today", high_today), (16, "stress", stress), (17, "night", night),
    (18, "rung as proposed", no_rung), (19, "easier above five", easier), (20, "the number said", go),
)  # fmt: skip
"""Every row with the reason for which it must not hold when an exposure begins."""

REFUSALS = {
    "latch": 1, "hard_run": 3, "hard_today": 4, "cap": 5, "spacing": 6, "crisis": 8, "minor": 9, "unreal": 10,
    "panic": 11, "trauma": 12, "daily_life": 13, "high_run": 14, "high_today": 15, "stress": 16,
}  # fmt: skip
"""The reasons that a refused session is stored with, and the row that must hold for them."""
