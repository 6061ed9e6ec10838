"""Any history, any answers, any clock: there is no way around the door."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st
from people import (
    DAY,
    FRIEND,
    FULL,
    HOUR,
    INSIDE,
    OUTSIDE,
    PLAN,
    RULES,
    SHORT,
    TICK,
    exposed,
    moments,
    reason,
    zones,
)  # fmt: skip

from voice_coach.coach.proposals import Proposal
from voice_coach.coach.rules import LASTING, may_expose
from voice_coach.records import Answers, Block, CheckIn, Exposure, Go, History, Refer, Rest, Trit, Upset

trits: st.SearchStrategy[Trit] = st.sampled_from(("yes", "no", "unsure"))
halves = st.integers(0, 20).map(lambda n: n / 2)
offsets = st.one_of(
    st.sampled_from([timedelta(), HOUR, 3 * HOUR, DAY, 7 * DAY, 14 * DAY, 30 * DAY, 3 * HOUR - TICK, DAY - TICK]),
    st.timedeltas(-2 * DAY, 45 * DAY),
)
likely = {**FULL, "since": "no", "panic_helped": "yes"}


@st.composite
def exposures_before(draw: st.DrawFn, now: datetime) -> Exposure:
    ended = now - draw(offsets)
    return Exposure(
        id=str(draw(st.integers(0, 99))), ladder=draw(st.sampled_from(("talk", "phone"))), rung="inside",
        started=ended - draw(st.timedeltas(timedelta(), 5 * HOUR)), ended=ended, zone=draw(zones),
        how=draw(st.sampled_from(("done", "done", "done", "stopped", "too_much", "time", "lost", "away"))),
        peak=draw(st.none() | halves), after=draw(st.none() | halves), reached_end=draw(st.none() | st.booleans()),
        happened=draw(st.sampled_from((None, "yes", "partly", "no", "no"))), reflected=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def blocks_before(draw: st.DrawFn, now: datetime) -> Block:
    at = now - draw(offsets)
    until = draw(st.none() | st.timedeltas(timedelta(), 20 * DAY).map(lambda length: at + length))
    return Block(
        draw(st.sampled_from(("rest", "refer", "latch"))), draw(st.sampled_from(sorted(LASTING))), at, until,
        draw(zones), draw(st.sampled_from((None, "talk", "phone"))),
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, now: datetime) -> History:
    """Half of them nearly clear, so that many come close to a Go; the other half anything."""
    calm = draw(st.booleans())
    times = st.lists(offsets.map(lambda ago: now - ago), max_size=1).map(tuple)
    check_in = st.builds(CheckIn, halves, offsets.map(lambda ago: now - ago), zones)
    exposures = tuple(draw(st.lists(exposures_before(now), max_size=3)))
    if calm:
        exposures = tuple(replace(e, how="done", peak=3.0, after=2.0, happened="no") for e in exposures)
    return History(
        zone=draw(zones), ladder="talk" if calm else draw(st.sampled_from(("talk", "phone", None))),
        exposures=exposures, blocks=tuple(draw(st.lists(blocks_before(now), max_size=1))),
        check_ins=tuple(draw(st.lists(check_in, max_size=3))),
        trauma_asked=frozenset({"talk", "home"}) if calm else frozenset(),
        screens=(now - 2 * DAY,) if calm else draw(times), age_confirmed=calm or draw(st.booleans()),
        crises=draw(times), upsets=() if calm else tuple(Upset(at, draw(zones)) for at in draw(times)),
    )  # fmt: skip


@st.composite
def answers_given(draw: st.DrawFn) -> Answers:
    odd = draw(st.booleans())
    screen = {**likely, **draw(st.dictionaries(st.sampled_from(sorted(likely)), trits, max_size=2 if odd else 0))}
    for question in draw(st.sets(st.sampled_from(sorted(likely)), max_size=1 if odd else 0)):
        del screen[question]
    return Answers(screen, draw(st.one_of(st.integers(0, 13).map(lambda n: n / 2), halves, st.none())))


def proposals() -> st.SearchStrategy[Proposal | None]:
    rung = st.builds(
        replace, st.sampled_from((INSIDE, OUTSIDE)), ladder=st.sampled_from(("talk", "talk", "talk", "phone"))
    )
    return st.builds(Proposal, rung, st.sampled_from((None, FRIEND, SHORT)), st.just("again")) | st.none()


@settings(max_examples=600, deadline=None)
@given(data=st.data(), now=moments, answers=answers_given(), proposal=proposals(), zone=zones)
def test_no_way_around_the_door(
    data: st.DataObject, now: datetime, answers: Answers, proposal: Proposal | None, zone: str
) -> None:
    history = data.draw(histories(now))
    verdict = may_expose(history, now, answers, RULES, proposal, zone)
    event(reason(verdict))
    at = max(now, *(e.ended for e in history.exposures), *(b.at for b in history.blocks), *history.crises, now)
    if not isinstance(verdict, Go):
        assert isinstance(verdict, Rest | Refer)
        return
    assert verdict.at >= at
    assert verdict.until - verdict.at == timedelta(minutes=30)
    screen, before = answers.screen, answers.before
    assert before is not None
    assert before < 7.0
    assert before <= 5.0 or (verdict.variation is not None and verdict.variation.easier)
    assert proposal is not None
    assert verdict.rung is proposal.rung
    assert verdict.rung.ladder == history.ladder
    assert all(b.kind != "latch" or verdict.at - b.at >= DAY for b in history.blocks)
    assert not any(
        b.kind != "latch" and b.ladder in (None, history.ladder) and (b.until is None or verdict.at < b.until)
        for b in history.blocks
    )
    assert sum(verdict.at - e.started < DAY for e in history.exposures) < 3
    assert all(verdict.at - e.ended >= 3 * HOUR for e in history.exposures)
    assert screen.get("suicide", "no") == "no"
    assert screen.get("unreal", "no") == "no"
    assert screen.get("trauma", "no") == "no"
    assert screen.get("daily_life") != "yes"
    assert screen.get("stress") != "yes"
    assert screen.get("panic", "no") == "no" or screen.get("panic_helped") == "yes"
    assert history.age_confirmed or screen["age"] == "yes"
    recent = [s for s in history.screens if verdict.at - s < 14 * DAY and all(c < s for c in history.crises)]
    assert (screen.get("since") == "no" and recent) or set(FULL) - {"age"} <= set(screen)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), now=moments, answers=answers_given(), zone=zones)
def test_a_rest_ends_when_it_says(data: st.DataObject, now: datetime, answers: Answers, zone: str) -> None:
    history = data.draw(histories(now))
    verdict = may_expose(history, now, answers, RULES, PLAN, zone)
    if isinstance(verdict, Go) or verdict.until is None or verdict.reason in ("ask", "no_rung", "trauma"):
        return
    assert verdict.until > now
    if verdict.reason in ("latch", "hard_run", "hard_today", "cap", "spacing"):
        assert may_expose(history, verdict.until, answers, RULES, PLAN, zone) != verdict


@settings(max_examples=150, deadline=None)
@given(
    start=moments,
    zone=zones,
    steps=st.lists(
        st.tuples(
            st.timedeltas(-5 * HOUR, 30 * HOUR),
            st.timedeltas(timedelta(), 2 * HOUR),
            st.sampled_from(("talk", "phone")),
        ),
        max_size=14,
    ),
)
def test_who_tries_at_all_hours_is_never_let_in_too_often(
    start: datetime, zone: str, steps: list[tuple[timedelta, timedelta, str]]
) -> None:
    history = History(zone, age_confirmed=True, ladder="talk", trauma_asked=frozenset({"talk"}))
    now = start
    for wait, length, ladder in steps:
        now += wait
        history = replace(history, ladder=ladder)
        plan = Proposal(replace(INSIDE, ladder=ladder), None, "again")
        verdict = may_expose(history, now, Answers({**FULL, "since": "no"}, 3.0), RULES, plan, zone)
        if isinstance(verdict, Go):
            done = exposed(timedelta(), started=verdict.at, ended=verdict.at + length, zone=zone, ladder=ladder)
            history = replace(history, exposures=(*history.exposures, done))
    runs = history.exposures
    assert all(later.started - earlier.ended >= 3 * HOUR for earlier, later in pairwise(runs))
    assert all(later.started - earlier.started >= DAY for earlier, later in zip(runs, runs[3:], strict=False))
