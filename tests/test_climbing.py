"""Simulated people climb a ladder: what must hold of every proposal, and any history has an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st
from people import DAY, FULL, HOUR, LADDER, RULES, moments, seen, zones

from voice_coach.coach.days import day_of, moment
from voice_coach.coach.grading import grade
from voice_coach.coach.ladder_form import gone, order, without
from voice_coach.coach.progression import NeedsRating, NoRung, Proposal, propose
from voice_coach.coach.rules import may_expose
from voice_coach.records import Answers, Exposure, Go, History, RungRating

halves = st.integers(0, 20).map(lambda n: n / 2)
low = st.integers(0, 9).map(lambda n: n / 2)


@st.composite
def days_lived(draw: st.DrawFn) -> list[tuple[timedelta, bool, float, str, float]]:
    """(wait, another one?, peak, how, rating of a rung): steady people, avoiders, droppers-out, liars."""
    peaks = draw(st.sampled_from((st.just(1.5), low, halves, st.sampled_from((0.5, 1.0, 1.5, 1.5, 3.0, 8.0)))))
    waits = draw(
        st.sampled_from(
            (
                st.just(DAY),
                st.sampled_from((DAY, DAY, 3 * DAY, 15 * DAY, 31 * DAY)),
                st.timedeltas(4 * HOUR, 2 * DAY),
                st.timedeltas(-3 * DAY, 4 * DAY),
            )
        )
    )
    rated = draw(st.sampled_from((st.sampled_from((2.0, 3.0, 4.0)), low, halves)))
    hows = st.sampled_from(("done",) * 9 + ("stopped", "too_much", "lost"))
    return draw(st.lists(st.tuples(waits, st.booleans(), peaks, hows, rated), min_size=5, max_size=40))


def latest(history: History, name: str) -> RungRating:
    return max((r for r in history.rung_ratings if r.rung == name), key=lambda r: r.at)


def tail(runs: Iterable[Exposure], name: str) -> list[str]:
    """The grades on this rung since the ladder was last on another one, checks and lost ones aside."""
    grades: list[str] = []
    for run in runs:
        result = grade(run, RULES)
        if run.retention or result == "lost":
            continue
        grades = [*grades, result] if run.rung == name else []
    return grades


def judge(history: History, proposal: Proposal) -> None:
    """What must hold of every proposal, from the history alone."""
    order = [r.id for r in LADDER.rungs]
    counted = [e for e in history.exposures if e.how != "lost"]
    worked = [e for e in counted if not e.retention]
    place = order.index(proposal.rung.id)
    if proposal.retention:
        assert any(e.rung == proposal.rung.id and grade(e, RULES) == "good" for e in worked)
        assert proposal.variation is None
        return
    if not worked:
        assert proposal.why == "start"
        assert 2.0 <= latest(history, proposal.rung.id).value <= 4.0
        return
    reached = max(order.index(e.rung) for e in worked)
    first = min(order.index(e.rung) for e in worked)
    assert all(any(r.rung == name for r in history.rung_ratings) for name in order[first : place + 1])
    if proposal.why == "up":
        below = worked[-1].rung
        assert 2.0 <= latest(history, proposal.rung.id).value <= 4.0
        assert latest(history, proposal.rung.id).at >= worked[-1].ended
        assert place - order.index(below) >= 1
        grades = [grade(e, RULES) for e in counted if e.rung == below and not e.retention]
        assert grades[-2:] == ["good", "good"]
        recent = [grade(e, RULES) for e in counted if e.rung == below][-3:]
        assert "hard" not in recent
        assert any(e.variation for e in counted if e.rung == below and grade(e, RULES) == "good")
    elif proposal.why != "below":
        assert place <= reached
        hard = tail(counted, proposal.rung.id)[-2:]
        assert hard != ["hard", "hard"]
        if hard[-1:] == ["hard"]:
            assert proposal.easier
    else:
        assert latest(history, proposal.rung.id).value <= 4.0


@settings(max_examples=500, deadline=None)
@given(start=moments, zone=zones, days=days_lived())
def test_simulated_people_climb_by_the_rules(
    start: datetime, zone: str, days: list[tuple[timedelta, bool, float, str, float]]
) -> None:
    history, now = History(zone, ladder="talk", age_confirmed=True), start
    for wait, asked, peak, how, rated in days:
        now += wait
        for _ in range(2 * len(LADDER.rungs)):
            answer = propose(history, LADDER, now, RULES, zone, asked=asked)
            if not isinstance(answer, NeedsRating):
                break
            said = RungRating("talk", answer.rung.id, rated, moment(history, now))
            history = replace(history, rung_ratings=(*history.rung_ratings, said))
        assert not isinstance(answer, NeedsRating), "a rating just given is never asked for again"
        event(seen(answer)[2])
        if not isinstance(answer, Proposal):
            continue
        judge(history, answer)
        verdict = may_expose(history, now, Answers({**FULL, "since": "no"}, 3.0), RULES, answer, zone)
        if not isinstance(verdict, Go):
            continue
        done = Exposure(
            id=verdict.id, ladder="talk", rung=verdict.rung.id, started=verdict.at,
            ended=verdict.at + timedelta(minutes=3), zone=zone, how=how,  # type: ignore[arg-type]
            variation=verdict.variation.id if verdict.variation else None, before=3.0, peak=peak, after=peak,
            reached_end=True, happened="no", reflected=True, retention=answer.retention,
        )  # fmt: skip
        history = replace(history, exposures=(*history.exposures, done))
    days_used = [(day_of(e.started, zone), e.retention) for e in history.exposures if e.how != "lost"]
    for place, (day, check) in enumerate(days_used):
        assert not check or day not in [earlier for earlier, _ in days_used[:place]], "a check is the day's first"


@settings(max_examples=200, deadline=None)
@given(data=st.data(), now=moments, zone=zones)
def test_any_history_has_an_answer(data: st.DataObject, now: datetime, zone: str) -> None:
    when = st.timedeltas(-3 * DAY, 60 * DAY).map(lambda ago: now - ago)
    names = st.sampled_from(("a", "b", "c", "d", "e", "gone", ""))
    ladders = st.sampled_from(("talk", "talk", "phone"))
    exposure = st.builds(
        lambda at, **rest: Exposure(started=at, ended=at, **rest),
        at=when, id=st.just("x"), ladder=ladders, rung=names, zone=zones,
        how=st.sampled_from(("done", "stopped", "too_much", "time", "lost", "away")),
        variation=st.sampled_from((None, "stand", "gone")), peak=st.none() | halves, after=st.none() | halves,
        reached_end=st.none() | st.booleans(), happened=st.sampled_from((None, "yes", "partly", "no")),
        reflected=st.booleans(), retention=st.booleans(),
    )  # fmt: skip
    history = History(
        zone,
        exposures=tuple(data.draw(st.lists(exposure, max_size=8))),
        rung_ratings=tuple(data.draw(st.lists(st.builds(RungRating, ladders, names, halves, when), max_size=8))),
    )
    ladder = replace(LADDER, rungs=tuple(data.draw(st.permutations(LADDER.rungs)))[: data.draw(st.integers(0, 5))])
    if data.draw(st.booleans()):
        former = (*ladder.rungs, replace(ladder.rungs[0], id="gone")) if ladder.rungs else ()
        ladder = replace(ladder, gone=gone(ladder, [order(LADDER), order(replace(LADDER, rungs=former))]))
        if len(ladder.rungs) > 1:
            ladder = without(ladder, ladder.rungs[-1].id)
    answer = propose(history, ladder, now, RULES, zone, asked=data.draw(st.booleans()))
    event(seen(answer)[2])
    assert isinstance(answer, NoRung) or answer.rung in ladder.rungs
