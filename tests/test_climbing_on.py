"""People of every kind, step by step, on two ladders that they change: the door and the ladder keep every rule.

The oracle is the audit, which was written from the rules without any of the product's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from auditing import Done, Fact, Findings, Shape, Stored, look_at, look_at_fact
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from people import CLEAR, DAY, FULL, HOUR, LADDER, NOW, RULES, TICK, ZONE, rung

from voice_coach.coach.days import moment
from voice_coach.coach.ladder_form import plain, to_json, without
from voice_coach.coach.progression import NeedsRating, NoRung, Proposal, propose
from voice_coach.coach.rules import blocks, may_expose
from voice_coach.records import Answers, CheckIn, Exposure, Go, History, Ladder, Rest, RungRating, Trit

OTHER = Ladder("phone", "telephoning", tuple(replace(rung, ladder="phone") for rung in LADDER.rungs))
halves = st.integers(0, 20).map(lambda n: n / 2)


@dataclass(frozen=True, slots=True)
class Kind:
    """How people of one kind come back, what they say, and how their steps go."""

    waits: st.SearchStrategy[timedelta]
    ratings: st.SearchStrategy[float]
    befores: st.SearchStrategy[float]
    peaks: st.SearchStrategy[float]
    hows: st.SearchStrategy[str]
    ladders: tuple[str, ...] = ("talk",)


band = st.sampled_from((2.0, 3.0, 4.0, 2.5, 3.5))
calm = st.sampled_from((2.0, 3.0, 4.0) * 6 + (1.0, 5.0, 5.5, 6.5, 7.0, 0.0))
good = st.sampled_from((1.5, 0.5, 1.0, 1.5) * 4 + (2.0, 3.0, 6.5, 7.0))
done = st.sampled_from(("done",) * 24 + ("too_much", "stopped", "lost"))
soon = (HOUR, 3 * HOUR, 3 * HOUR - TICK, 8 * HOUR)
KINDS: Mapping[str, Kind] = {
    "steady": Kind(st.sampled_from((*(DAY,) * 9, *soon)), band, calm, good, done),
    "avoiding": Kind(
        st.sampled_from((DAY, 3 * DAY, 9 * DAY)), st.sampled_from((3.0, 4.0, 4.5, 6.0)),
        st.sampled_from((4.0, 5.0, 6.5, 7.0, 8.0)), st.sampled_from((1.5, 3.0, 7.0, 9.0)),
        st.sampled_from(("done", "time", "too_much", "stopped")),
    ),
    "dropping out": Kind(st.sampled_from((DAY, DAY, 13.9 * DAY, 14 * DAY, 30 * DAY, 31 * DAY)), band, calm, good, done),
    "lying": Kind(st.sampled_from((DAY, DAY, 8 * HOUR)), halves, halves.filter(lambda said: said < 7), halves, done),
    "clock changes": Kind(st.sampled_from((DAY, DAY, -2 * DAY, 3 * DAY, -HOUR, 40 * DAY)), band, calm, good, done),
    "several ladders": Kind(
        st.sampled_from((*(DAY,) * 9, *soon)), band, calm, good, done, ("talk", "phone"),
    ),
}  # fmt: skip


class Practice(RuleBasedStateMachine):
    """The door and the ladder together, driven by somebody of one kind; everything is told to the audit."""

    kind: Kind

    @initialize(start=st.timedeltas(timedelta(), 300 * DAY))
    def begin(self, start: timedelta) -> None:
        self.now = NOW + start
        self.history: History = replace(CLEAR, screens=(), trauma_asked=frozenset({"talk", "phone"}))
        self.ladders = {"talk": LADDER, "phone": OTHER}
        self.shapes = {name: Shape(plain(ladder)) for name, ladder in self.ladders.items()}
        self.facts: list[Fact] = []
        self.dones: list[Done] = []
        self.order = self.sessions = 0

    def tell(self, name: str, at: datetime, **value: Any) -> Fact:
        self.order += 1
        self.facts.append(Fact(self.order, f"s{self.sessions}", at, ZONE, name, value))
        return self.facts[-1]

    @rule(data=st.data(), asked=st.booleans(), stress=st.sampled_from(("no",) * 30 + ("yes",)))
    def practise(self, data: st.DataObject, asked: bool, stress: Trit) -> None:
        """Come back, answer honestly or not, do the step where the door opens."""
        kind = self.kind
        self.sessions += 1
        self.now += data.draw(kind.waits)
        name = data.draw(st.sampled_from(kind.ladders))
        self.history = replace(self.history, ladder=name)
        now = moment(self.history, self.now)
        self.tell("ladder", now, ladder=name)
        first = may_expose(self.history, now, Answers(), RULES, None, ZONE)
        if not isinstance(first, Go) and first.reason not in ("ask", "no_rung"):
            self.refused(first, now)  # before a number is asked for
            return
        screen: dict[str, Trit] = {**FULL, "stress": stress, "since": "no"}
        for question, answer in screen.items():
            self.tell("screen_answer", now, question=question, answer=answer, ladder=name)
        self.tell("screened", now, full=True)
        before = data.draw(kind.befores)
        self.tell("check_in", now, value=before)
        self.history = replace(
            self.history,
            check_ins=(*self.history.check_ins, CheckIn(before, now, ZONE)),
            screens=(*self.history.screens, now),
            stressed=now if stress == "yes" else None,
        )
        if asked:
            self.tell("asked_again", now)
        proposal = self.look(data, asked)
        now = moment(self.history, now)
        verdict = may_expose(self.history, now, Answers(screen, before), RULES, proposal, ZONE)
        if not isinstance(verdict, Go):
            self.refused(verdict, now)
            return
        assert proposal is not None
        self.step(verdict, proposal, before, data.draw(kind.peaks), data.draw(kind.hows))

    def look(self, data: st.DataObject, asked: bool) -> Proposal | None:
        """Ask for the next step, rating whatever has to be rated."""
        ladder = self.ladders[self.history.ladder or "talk"]
        for _ in range(12):
            answer = propose(self.history, ladder, self.now, RULES, ZONE, asked=asked)
            if not isinstance(answer, NeedsRating):
                return None if isinstance(answer, NoRung) else answer
            at = moment(self.history, self.now)
            value = data.draw(self.kind.ratings)
            self.tell("rung_rating", at, ladder=ladder.id, rung=answer.rung.id, value=value, why=answer.why)
            given = RungRating(ladder.id, answer.rung.id, value, at, answer.why)
            self.history = replace(self.history, rung_ratings=(*self.history.rung_ratings, given))
        raise AssertionError("ratings come to an end")

    def refused(self, verdict: Any, now: datetime) -> None:
        block = blocks(verdict, now, ZONE)
        if block:
            self.history = replace(self.history, blocks=(*self.history.blocks, block))
            until = block.until.isoformat() if block.until else None
            self.tell("block", now, kind=block.kind, reason=block.reason, until=until, ladder=block.ladder)
        ended = self.tell("end", now, how="rest" if isinstance(verdict, Rest) else "refer", reason=verdict.reason)
        found = Findings()
        look_at_fact(Stored(tuple(self.facts), tuple(self.dones)), ended, found)
        assert found.faults == [], found.faults

    def step(self, go: Go, proposal: Proposal, before: float, peak: float, how: str) -> None:
        self.tell("proposal", go.at, ladder=go.rung.ladder, rung=go.rung.id, why=proposal.why, **proposal.numbers)
        self.order += 1
        variation = go.variation.id if go.variation else None
        end = go.at + timedelta(minutes=3)
        told: dict[str, Any] = {
            "how": how, "before": before, "peak": peak, "after": peak, "reached_end": how == "done", "happened": "no",
            "reflected": True, "retention": proposal.retention,
        }  # fmt: skip
        mine = Exposure(go.id, go.rung.ladder, go.rung.id, go.at, end, ZONE, variation=variation, **told)
        self.history = replace(self.history, exposures=(*self.history.exposures, mine))
        theirs = Done(self.order, f"s{self.sessions}", go.id, go.rung.ladder, go.rung.id, variation, go.at, end, ZONE,
                      **told)  # fmt: skip
        self.dones.append(theirs)
        found = Findings()
        look_at(Stored(tuple(self.facts), tuple(self.dones)), self.shapes, theirs, found)
        assert found.faults == [], found.faults
        assert not found.unread
        self.now = end

    @rule(name=st.sampled_from(("talk", "phone")), place=st.integers(0, 8), takes=st.booleans())
    def change(self, name: str, place: int, takes: bool) -> None:
        """Put a rung in or take one off, sometimes."""
        if place > len(self.ladders[name].rungs):
            return
        rungs = self.ladders[name].rungs
        if takes and len(rungs) > 3 and place < len(rungs):
            self.ladders[name] = without(self.ladders[name], rungs[place].id)
        elif not takes and len(rungs) < 8:
            new = rung(f"new{self.order}", ladder=name)
            self.ladders[name] = replace(self.ladders[name], rungs=(*rungs[:place], new, *rungs[place:]))
        else:
            return
        self.tell("own_ladder", moment(self.history, self.now), ladder=name, body=to_json(self.ladders[name]))

    @invariant()
    def nothing_is_ever_taken_back(self) -> None:
        if hasattr(self, "history"):
            starts = [run.started for run in self.history.exposures]
            assert starts == sorted(starts), "a clock that was set back moves nothing in front of what was"


@pytest.mark.parametrize("kind", KINDS)
def test_people_of_every_kind_keep_every_rule(kind: str) -> None:
    class Someone(Practice):
        pass

    Someone.kind = KINDS[kind]
    run_state_machine_as_test(Someone, settings=settings(max_examples=25, stateful_step_count=60, deadline=None))
