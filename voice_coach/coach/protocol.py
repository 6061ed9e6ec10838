"""The five steps, in the order a session takes them: name the fear, rate it, the smallest rung, do it, reflect."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voice_coach.coach.asking import Answer, choice, rating, words, yes_no
from voice_coach.coach.choosing import Chosen, choose
from voice_coach.coach.naming import may_do, name_fear
from voice_coach.coach.progression import NoRung
from voice_coach.coach.reflecting import Account, Before, act, exposure_note, reflect, reinforce
from voice_coach.coach.rules import blocks, may_expose
from voice_coach.coach.screening import ask_raised, overhearing, rating_rungs, screen
from voice_coach.coach.smaller import make_from, make_smaller
from voice_coach.coach.spending import Spent
from voice_coach.coach.stabilise import ground, offer, upset_today
from voice_coach.coach.today import AGAIN, READY, Today, when
from voice_coach.coach.welcome import note, opening
from voice_coach.coach.whys import proposal_note, why_step
from voice_coach.records import Answers, CheckIn, Exposure, Go, History, Ladder, Refer, Rest, Rung, RungRating, Verdict
from voice_coach.words import Expose, Exposed, Move, Note, Outcome, Reply, Say, Script

STEPS = (
    ("ask.review", "ask.fear", "repair.fear", "ask.ladder", "build", "repair.rung", "screen", "clarify"),
    ("ask.before",),
    ("ask.rung", "ask.make_smaller", "ask.smaller", "ask.shrink", "ask.bridge", "ask.take_off", "ask.commitment",
     "repair.commitment", "ask.larger", "ask.safety", "ask.prediction", "ask.likelihood"),
    ("ask.did_you_do_it", "ask.after_stop"),
    ("ask.reflect", "ask.reached_end", "ask.happened", "ask.compared", "ask.surprise", "ask.likelihood_now",
     "ask.peak", "ask.after", "ask.learned", "ask.own_voice", "ask.action"),
)  # fmt: skip
"""Which questions belong to which step, for "where am I?"; a prefix stands for all its keys."""

LEFT_AFTER_PLAN = 7
"""Questions that follow the plan whatever turn it is: prediction, likelihood and five of the reflection."""


def session(today: Today) -> Script:
    """One session. Ends early only through the runner (stop, crisis, end of input)."""
    spent = Spent(today.history, today.rules)
    return (yield from spent.counting(_session(today, spent)))


@dataclass(frozen=True, slots=True)
class Rated:
    """What is known once the fear has a name and a number."""

    today: Today
    ladder: Ladder
    history: History
    """With the rungs rated on the way and the rating before."""
    answers: Answers
    before: Answer
    raised: set[str]
    """Questions of the screen that what was mentioned raises; more may come until the step."""
    last: Answer | None = None
    """The rating of the step that was made because the one before it was declined."""


def _session(today: Today, spent: Spent) -> Script:
    yield Note(AGAIN, dict(today.screen)) if today.again else opening(today)
    rated = yield from name_and_rate(today)
    if isinstance(rated, Outcome):
        return rated
    return (yield from plan_and_practise(rated, spent))


def name_and_rate(today: Today) -> Generator[Move, Reply, Rated | Outcome]:
    """Steps one and two: the fear, the screen, the rating before. An outcome where the session ends there."""
    verdict = may_expose(today.history, today.now, Answers(), today.rules, None, today.zone)
    closed = verdict.ladder if isinstance(verdict, Refer) else None
    if _closed(verdict) and closed is None:
        return (yield from refuse(today, verdict, today.now))
    yield from note(today)
    if isinstance(verdict, Refer) and closed:
        today, closed = yield from look_again(today, verdict)
    raised: set[str] = set()
    rungs: list[RungRating] = []
    ladder = yield from rating_rungs(overhearing(name_fear(today, closed), raised), rungs)
    if isinstance(ladder, Outcome):
        return ladder
    ended = yield from may_do(ladder)
    if ended:
        return ended
    history = replace(today.history, ladder=ladder.id, rung_ratings=(*today.history.rung_ratings, *rungs))
    during: set[str] = set()
    answers, verdict, now = yield from overhearing(screen(today, ladder.id), during)
    raised -= answers.screen.keys()
    raised |= {question for question in during if answers.screen.get(question, "no") == "no"}
    if raised and not _closed(verdict):
        answers, verdict, now = yield from ask_raised(today, history, answers, raised, now)
    if _closed(verdict):
        return (yield from refuse(today, verdict, now))
    before = yield from overhearing(rating("ask.before"), raised)
    yield Note("check_in", {"value": before.rating()})
    answers = replace(answers, before=before.rating())
    check_ins = (*history.check_ins, CheckIn(before.rating(), before.at, today.zone))
    history = replace(history, check_ins=check_ins)
    verdict = may_expose(history, before.at, answers, today.rules, None, today.zone)
    if _closed(verdict):
        return (yield from refuse(today, verdict, before.at))
    return Rated(today, ladder, history, answers, before, raised)


def plan_and_practise(rated: Rated, spent: Spent) -> Script:
    """Steps three to five: the smallest rung and its plan, then what `practise` does with it."""
    today, answers, raised = rated.today, rated.answers, rated.raised
    proposal, history, last = yield from next_step(rated)
    if isinstance(proposal, NoRung):
        return (yield from no_rung(proposal))
    verdict = may_expose(history, last.at, answers, today.rules, proposal, today.zone, today.refuses)
    if not isinstance(verdict, Go):
        return (yield from refuse(today, verdict, last.at))
    yield proposal_note(proposal, verdict)
    reason = why_step(proposal, verdict, rated.before.rating(), today.rules)
    if not (yield from overhearing(agree(today, verdict, last, reason, spent), raised)):
        made = yield from shrink(replace(rated, history=history), verdict.rung, last)
        if made:
            return (yield from plan_and_practise(made, spent))
        yield Say("say.not_today")
        return Outcome("not_today")
    likelihood = yield from overhearing(commit(today, verdict, last, reason, spent), raised)
    if likelihood is None:
        yield Say("say.not_today")
        return Outcome("not_today")
    answers, _, _ = yield from ask_raised(today, history, answers, raised, likelihood.at)
    now = (yield Note(READY)).at
    verdict = may_expose(history, now, answers, today.rules, proposal, today.zone, today.refuses)
    if not isinstance(verdict, Go):
        return (yield from refuse(today, verdict, now))
    facts = Before(
        rating=rated.before.rating(),
        likelihood=None if likelihood.command else likelihood.rating(),
        retention=proposal.retention,
    )
    if facts.likelihood is not None:
        yield Say("echo.rating", {"value": facts.likelihood})
    return (yield from practise(today, history, verdict, facts, spent))


def next_step(rated: Rated) -> Generator[Move, Reply, Chosen]:
    """The step that the ladder offers today; where it has none, a smaller one that is made at once."""
    today, raised, before = rated.today, rated.raised, rated.last or rated.before
    proposal, history, last = yield from overhearing(choose(today, rated.ladder, rated.history, before), raised)
    if isinstance(proposal, NoRung) and proposal.reason in ("make", "make_easier"):
        rungs: list[RungRating] = []
        making = overhearing(make_smaller(today, rated.ladder, history, proposal, last), raised)
        made = yield from rating_rungs(making, rungs)
        history = replace(history, rung_ratings=(*history.rung_ratings, *rungs))
        if made:
            ladder, last = made
            proposal, history, last = yield from overhearing(choose(today, ladder, history, last), raised)
    return proposal, history, last


def look_again(today: Today, closed: Refer) -> Generator[Move, Reply, tuple[Today, str | None]]:
    """A fear that was set aside: once its time is over it may be looked at anew. The ladder that stays closed."""
    if closed.until and closed.until <= today.now:
        review = yield from yes_no("ask.review", accepts=frozenset({"dont_know", "dont_want", "skip"}))
        if review.value is True:  # the screen in full decides, and asks about this fear anew
            return replace(today, screen={**today.screen, "review": "yes"}), None
    yield Say("say.ladder_closed")
    return today, closed.ladder


def shrink(rated: Rated, rung: Rung, last: Answer) -> Generator[Move, Reply, Rated | None]:
    """Whoever declines is offered a smaller step, once. None: it stays at that."""
    if rated.last:
        return None
    wanted = yield from yes_no("ask.make_smaller", accepts=frozenset({"dont_know", "dont_want", "skip"}))
    if wanted.value is not True:
        return None
    rungs: list[RungRating] = []
    making = overhearing(make_from(rated.today, rated.ladder, rung, last), rated.raised)
    made = yield from rating_rungs(making, rungs)
    if made is None:
        return None
    ladder, said = made
    history = replace(rated.history, rung_ratings=(*rated.history.rung_ratings, *rungs))
    return replace(rated, ladder=ladder, history=history, last=said)


def agree(today: Today, go: Go, last: Answer, why: Say, spent: Spent) -> Generator[Move, Reply, bool]:
    """The step, and whether it is taken; from the second one on that is asked with the plan."""
    yield Say("say.step", {"rung": go.rung.say, "end": go.rung.end})
    if today.history.sessions:
        yield why
    if go.variation:
        yield Say("say.variation", {"change": go.variation.say})
    if spent.daily:
        yield Say("say.or_not_today")
        return True
    agreed = yield from yes_no("ask.agree", after=last, accepts=frozenset({"dont_want", "skip"}), why=why, ends=True)
    return agreed.value is True


def commit(today: Today, go: Go, last: Answer, why: Say, spent: Spent) -> Generator[Move, Reply, Answer | None]:
    """The micro-commitment and the prediction; how likely it is. None: not today."""
    plan = yield from words("ask.commitment", "commitment", after=last if spent.daily else None, why=why)
    if plan.command == "dont_want":
        return None
    yield Note("commitment", {"text": plan.text()})
    if plan.text() and plan.manner != "rough":
        yield Say("say.plan", {"text": plan.text()})
    if today.words.larger(plan.text(), go.rung):
        anew = (yield from rating("ask.larger")).rating()
        yield Note("larger", {"ladder": go.rung.ladder, "rung": go.rung.id, "value": anew})
        if not today.rules["band_low"].value <= anew <= today.rules["band_high"].value:
            yield Say("say.as_agreed", {"rung": go.rung.say, "end": go.rung.end})
    if spent.takes("safety", planned=LEFT_AFTER_PLAN):
        yield from leave_out(today)
    prediction = yield from words("ask.prediction", about="prediction")
    yield Note("prediction", {"text": prediction.text()})
    likelihood = yield from rating("ask.likelihood", accepts=frozenset({"skip", "dont_know"}), final=True)
    return likelihood


def leave_out(today: Today) -> Generator[Move, Reply, None]:
    """One safety behaviour that is left out this time. Aids, medicine and company that somebody needs never are."""
    habit = yield from words("ask.safety")
    if not habit.text():
        return
    if today.words.is_aid(habit.text()):
        yield Say("say.keep_aid")
        return
    yield Note("safety", {"text": habit.text()})
    yield Say("say.left_out")


def practise(today: Today, history: History, go: Go, before: Before, spent: Spent) -> Script:
    """Steps four and five."""
    if not history.exposures:
        yield Say("say.need_not")
    yield Say(_begin(go))
    reply = yield Expose(go)
    exposed = reply.value
    if not isinstance(exposed, Exposed):
        raise TypeError("an exposure is answered with how it went")
    yield exposure_note(go, exposed, before, Account())
    if exposed.feeling:
        yield Note("feeling", {"text": exposed.feeling})
    late = False
    if exposed.how in ("lost", "away"):
        did = yield from yes_no("ask.did_you_do_it")
        late = did.at - exposed.started > timedelta(hours=today.rules["told_late_hours"].value)
        if late or did.value is not True:  # neither counts nor breaks a row
            exposed = replace(exposed, how="lost")
            yield exposure_note(go, exposed, before, Account())
        if did.value is not True:
            yield Say("say.kept_anyway")
            return Outcome("not_today", "lost")
    if exposed.how in ("stopped", "too_much"):
        chosen = yield from choice("ask.after_stop", ("steady", "talk", "finish"))
        if chosen.value == "steady":
            yield from ground(today.rules, "feet", also={"stop"})
        if chosen.value != "talk":
            return (yield from close(today, history, go, exposed, before, Account(), "stopped_step"))
    elif exposed.how == "time":
        yield Say("say.time_is_up")
    account = yield from reflect(history, go, exposed, before, late, spent)
    yield exposure_note(go, exposed, before, account)
    yield from reinforce(before, account)
    if spent.takes("action", planned=0):
        yield from act()
    ended = "stopped_step" if exposed.how in ("stopped", "too_much") else "went"
    return (yield from close(today, history, go, exposed, before, account, ended))


def _begin(go: Go) -> str:
    if "away" in go.rung.tags:
        return "say.begin_away"
    return "say.begin_silent" if go.rung.tags & {"user_speaks", "with_others"} else "say.begin"


def close(
    today: Today, history: History, go: Go, exposed: Exposed, before: Before, account: Account, how: str
) -> Script:
    """Say when to practise next, by the same rules that decide then."""
    done = Exposure(
        id=go.id, ladder=go.rung.ladder, rung=go.rung.id, started=exposed.started, ended=exposed.ended,
        zone=today.zone, how=exposed.how, variation=go.variation.id if go.variation else None, before=before.rating,
        peak=account.peak, after=account.after, reached_end=account.reached_end, happened=account.happened,
        reflected=account.reflected, retention=before.retention,
    )  # fmt: skip
    history = replace(history, exposures=(*history.exposures, done))
    yield Say("say.next", {"when": when(next_date(today, history, exposed.ended), exposed.ended, today.zone)})
    yield Say("say.goodbye")
    return Outcome("stopped_step" if how == "stopped_step" else "went")


def next_date(today: Today, history: History, now: datetime) -> datetime:
    """The first moment from tomorrow on at which nothing known now stands against practising (UTC)."""
    at = now + timedelta(days=1)
    verdict = may_expose(history, at, Answers(), today.rules, None, today.zone)
    until = None if isinstance(verdict, Go) else verdict.until
    return until if _closed(verdict) and until and until > at else at


def refuse(today: Today, verdict: Verdict, now: datetime) -> Script:
    """Say why not now, who helps, when to come back and what can be done now; store what must outlive the session."""
    if isinstance(verdict, Go):
        raise TypeError("a Go refuses nothing")
    block = blocks(verdict, now, today.zone)
    if block:
        until = block.until.isoformat() if block.until else None
        yield Note(
            "block", {"kind": block.kind, "reason": block.reason, "until": until, "ladder": block.ladder}, barrier=True
        )
    if verdict.reason == "crisis":
        return Outcome("crisis", "suicide")  # the runner answers it with the crisis message
    yield Say(f"refuse.{verdict.reason}")
    if verdict.until and verdict.until > now:
        ladder = isinstance(verdict, Refer) and verdict.ladder
        key = "say.look_again" if ladder else "say.come_back"
        yield Say(key, {"when": when(verdict.until, now, today.zone)})
    gentle = verdict.reason in ("panic", "unreal") or upset_today(today.history, now, today.rules)
    yield from offer(today.rules, gentle)
    yield Say("say.goodbye")
    return Outcome("rest" if isinstance(verdict, Rest) else "refer", verdict.reason)


def no_rung(none: NoRung) -> Script:
    """No step today, and why."""
    reason = none.reason if none.reason in ("once_a_day", "finished") else "no_rung"
    yield Say(f"refuse.{reason}")
    yield Say("say.goodbye")
    return Outcome("rest", reason)


def _closed(verdict: Verdict) -> bool:
    """True where the session cannot go on to an exposure, whatever is answered next."""
    return not isinstance(verdict, Go) and verdict.reason not in ("ask", "no_rung")
