"""The rows that decide who may practise, each a small function: a verdict, or None for "the next row decides"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voice_coach.coach.days import day_of, hour_of, next_day, next_hour
from voice_coach.coach.grading import grade, newest, since
from voice_coach.coach.proposals import Proposal
from voice_coach.coach.questions import required
from voice_coach.coach.variations import pick
from voice_coach.records import Answers, Block, Go, History, Refer, Rest, Rules, Rung, Trit, Variation, Verdict

LONGEST_DAY = timedelta(hours=49)
"""A local day is never longer, whatever the clocks do."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that one decision may look at."""

    history: History
    now: datetime
    answers: Answers
    rules: Rules
    proposal: Proposal | None
    zone: str
    refused: Callable[[Rung], bool] | None = None

    def number(self, name: str) -> float:
        return self.rules[name].value

    def hours(self, name: str) -> timedelta:
        return timedelta(hours=self.number(name))

    def days(self, name: str) -> timedelta:
        return timedelta(days=self.number(name))

    def day(self, at: datetime, zone: str) -> date:
        return day_of(at, zone, self.number("day_start"))

    def tomorrow(self, at: datetime, zone: str) -> datetime:
        return next_day(at, zone, self.number("day_start"))

    def said(self, question: str, *answers: Trit) -> bool:
        return self.answers.screen.get(question) in answers


Row = Callable[[Case], Verdict | None]


def latch(case: Case) -> Verdict | None:
    """1. A crisis keeps the door shut for a day, whatever is said."""
    set_at = [*case.history.crises, *(block.at for block in case.history.blocks if block.kind == "latch")]
    ends = [at + case.hours("latch") for at in set_at]
    until = max(ends, default=case.now)
    return Refer("latch", until) if case.now < until else None


def standing(case: Case) -> Verdict | None:
    """2. What was decided earlier and is not over. Of several, the one that lasts longest."""
    known = (*case.history.blocks, *_stressed(case))
    blocks = [block for block in known if block.kind != "latch" and _holds(case, block)]
    if not blocks:
        return None
    longest = max(blocks, key=lambda block: (block.until is None, block.until or case.now, block.kind == "refer"))
    if longest.kind == "rest" and longest.until is not None:
        return Rest(longest.reason, longest.until)
    return Refer(longest.reason, longest.until, longest.ladder)


def _stressed(case: Case) -> tuple[Block, ...]:
    """A yes to several hard things holds though the session was left before it was refused."""
    at = case.history.stressed
    return () if at is None else (Block("rest", "stress", at, at + case.days("stress_rest"), case.zone),)


def _holds(case: Case, block: Block) -> bool:
    if block.ladder is not None and block.ladder != case.history.ladder:
        return False
    if block.until is None or case.now < block.until:
        return True
    if block.reason != "trauma" or case.said("review", "yes"):
        return False
    # Time alone does not reopen this one: an exposure since is the sign that a review did.
    return not any(e.ladder == block.ladder and e.started >= block.at for e in case.history.exposures)


def hard_run(case: Case) -> Verdict | None:
    """3. Three hard ones in a row are a sign to do this with a professional."""
    size = int(case.number("hard_run"))
    last = newest(case.history.exposures, size)
    if len(last) < size or any(grade(exposure, case.rules) != "hard" for exposure in last):
        return None
    until = last[0].ended + case.days("hard_run_rest")
    return Refer("hard_run", until) if case.now < until else None


def hard_today(case: Case) -> Verdict | None:
    """4. After a hard one, panic or dissociation: rest until tomorrow."""
    hard = [e for e in since(case.history.exposures, case.now - LONGEST_DAY) if grade(e, case.rules) == "hard"]
    ends = [case.tomorrow(e.ended, e.zone) for e in hard]
    ends += [case.tomorrow(upset.at, upset.zone) for upset in case.history.upsets]
    until = max(ends, default=case.now)
    return Rest("hard_today", until) if case.now < until else None


def cap(case: Case) -> Verdict | None:
    """5. Three a day over all rungs and ladders."""
    most = int(case.number("cap"))
    recent = since(case.history.exposures, case.now - case.hours("cap_window"))
    starts = sorted(exposure.started for exposure in recent)
    if len(starts) < most:
        return None
    until = starts[-most] + case.hours("cap_window")
    return Rest("cap", until) if case.now < until else None


def spacing(case: Case) -> Verdict | None:
    """6. Some hours between two."""
    recent = since(case.history.exposures, case.now - case.hours("spacing"))
    ends = [exposure.ended + case.hours("spacing") for exposure in recent]
    until = max(ends, default=case.now)
    return Rest("spacing", until) if case.now < until else None


def crisis(case: Case) -> Verdict | None:
    """8. Thoughts of suicide or self-harm."""
    return Refer("crisis", case.now + case.hours("latch")) if case.said("suicide", "yes", "unsure") else None


def minor(case: Case) -> Verdict | None:
    """9. Not clearly old enough."""
    return Refer("minor", None) if case.said("age", "no", "unsure") else None


def unreal(case: Case) -> Verdict | None:
    """10. Often unreal, or out of control."""
    return Refer("unreal", case.now + case.hours("unreal_rest")) if case.said("unreal", "yes", "unsure") else None


def panic(case: Case) -> Verdict | None:
    """11. Panic attacks without somebody who helps and agrees."""
    alone = case.said("panic", "yes", "unsure") and case.said("panic_helped", "no", "unsure")
    return Refer("panic", case.now + case.days("panic_rest")) if alone else None


def trauma(case: Case) -> Verdict | None:
    """12. This ladder's fear is tied to something terrible; other ladders stay open."""
    if not case.said("trauma", "yes", "unsure"):
        return None
    return Refer("trauma", case.now + case.days("trauma_rest"), case.history.ladder)


def daily_life(case: Case) -> Verdict | None:
    """13. The fear stops daily life."""
    return Refer("daily_life", case.now + case.days("daily_life_rest")) if case.said("daily_life", "yes") else None


def ask(case: Case) -> Verdict | None:
    """7. Something has not been asked yet."""
    missing = case.answers.before is None or required(case.history, case.now, case.answers, case.rules)
    return Rest("ask", case.now) if missing else None


def high_run(case: Case) -> Verdict | None:
    """14. High on each of the last days on which it was asked."""
    since = case.now - case.days("high_window")
    highest: dict[date, float] = {}
    said = [(c.at, c.zone, c.value) for c in case.history.check_ins if c.at >= since]
    if case.answers.before is not None:
        said.append((case.now, case.zone, case.answers.before))
    for at, zone, value in said:
        day = case.day(at, zone)
        highest[day] = max(value, highest.get(day, value))
    size = int(case.number("high_days"))
    last = [highest[day] for day in sorted(highest)[-size:]]
    if len(last) < size or any(not value >= case.number("high") for value in last):
        return None
    return Refer("high_run", case.now + case.days("high_rest"))


def high_today(case: Case) -> Verdict | None:
    """15. Too high now: steady oneself instead; rating it anew does not lift it."""
    before = case.answers.before
    if before is None or before < case.number("high"):
        return None
    return Rest("high_today", case.tomorrow(case.now, case.zone))


def stressed(case: Case) -> Verdict | None:
    """What is left of an earlier yes to several hard things."""
    until = max((block.until for block in _stressed(case) if block.until), default=case.now)
    return Rest("stress", until) if case.now < until else None


def stress(case: Case) -> Verdict | None:
    """16. Several heavy things at once."""
    return Rest("stress", case.now + case.days("stress_rest")) if case.said("stress", "yes") else None


def night(case: Case) -> Verdict | None:
    """17. Nothing away from home at night."""
    if case.proposal is None or "away" not in case.proposal.rung.tags:
        return None
    hour = hour_of(case.now, case.zone)
    if case.number("night_to") <= hour < case.number("night_from"):
        return None
    return Rest("night", next_hour(case.now, case.number("night_to"), case.zone))


def no_rung(case: Case) -> Verdict | None:
    """18. No rung of this ladder to do, or one that may not be done alone."""
    proposal = case.proposal
    if proposal is None or proposal.rung.ladder != case.history.ladder:
        return Rest("no_rung", case.now)
    refused = case.refused is not None and case.refused(proposal.rung)
    return Rest("no_rung", case.now) if refused or (_tense(case) and _easier(case) is None) else None


def easier(case: Case) -> Verdict | None:
    """19. A little high: the rung, made easier."""
    variation = _easier(case)
    return _go(case, variation) if _tense(case) and variation is not None else None


def go(case: Case) -> Verdict | None:
    """20. The rung as proposed. Zero is fine."""
    before = case.answers.before
    if case.proposal is None or before is None or not before <= case.number("easier_above"):
        return None
    return _go(case, case.proposal.variation)


def _tense(case: Case) -> bool:
    before = case.answers.before
    return before is not None and case.number("easier_above") < before < case.number("high")


def _easier(case: Case) -> Variation | None:
    if case.proposal is None or case.proposal.easier:
        return case.proposal.variation if case.proposal is not None else None
    return pick(case.proposal.rung, case.history, easier=True)


def _go(case: Case, variation: Variation | None) -> Go | None:
    if case.proposal is None:
        return None
    rung = case.proposal.rung
    name = f"{rung.ladder}/{rung.id}/{len(case.history.exposures)}/{case.now.isoformat()}"
    until = case.now + timedelta(minutes=case.number("go_life"))
    return Go(name, rung, variation, case.now, until)


ROWS: tuple[tuple[int, Row], ...] = (
    (1, latch), (2, standing), (3, hard_run), (4, hard_today), (5, cap), (6, spacing),
    (8, crisis), (9, minor), (10, unreal), (11, panic), (12, trauma), (13, daily_life),
    (7, ask), (14, high_run), (15, high_today), (16, stress), (17, night), (18, no_rung), (19, easier), (20, go),
)  # fmt: skip
"""In the order in which they decide: what was answered comes before what is missing."""
