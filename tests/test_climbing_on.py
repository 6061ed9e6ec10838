"""Any person, step by step, on two ladders with a clock that jumps: no exposure ever breaks a row of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from people import CLEAR, DAY, FULL, HOUR, LADDER, NOW, RULES, TICK, ZONE

from voice_coach.coach.days import day_of, moment
from voice_coach.coach.grading import counted, grade
from voice_coach.coach.progression import NeedsRating, NoRung, Proposal, propose
from voice_coach.coach.rules import blocks, may_expose
from voice_coach.records import Answers, CheckIn, Exposure, Go, History, Ladder, RungRating

OTHER = Ladder("phone", "telephoning", tuple(replace(rung, ladder="phone") for rung in LADDER.rungs))
LADDERS = {"talk": LADDER, "phone": OTHER}
halves = st.integers(0, 20).map(lambda n: n / 2)
ratings = st.one_of(
    st.sampled_from((2.0, 3.0, 4.0)), st.sampled_from((2.5, 3.5)), st.sampled_from((2.0, 3.5, 3.0)), halves
)
befores = st.sampled_from((2.0, 3.0, 4.0) * 5 + (1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 3.0, 2.0, 1.0, 5.5, 6.5, 7.0, 0.0))
stresses = st.sampled_from(("no",) * 30 + ("yes",))
hows = st.sampled_from(("done",) * 24 + ("too_much", "stopped", "lost"))
peaks = st.sampled_from((1.5, 0.5, 1.0, 1.5) * 4 + (2.0, 3.0, 6.5, 7.0, 9.0))
names = st.sampled_from(("talk",) * 9 + ("phone",))
waits = st.sampled_from(
    (*(DAY,) * 14, HOUR, 3 * HOUR, 3 * HOUR - TICK, 8 * HOUR, 3 * DAY, 14 * DAY, 31 * DAY, -2 * DAY)
)


class Practice(RuleBasedStateMachine):
    """The door and the ladder together, driven by somebody who does as they please."""

    @initialize(start=st.timedeltas(timedelta(), 300 * DAY))
    def begin(self, start: timedelta) -> None:
        self.now = NOW + start
        self.history: History = replace(CLEAR, screens=(), trauma_asked=frozenset(LADDERS))

    def look(self, rating: float, asked: bool) -> Proposal | None:
        """Ask for the next step, rating whatever has to be rated."""
        ladder = LADDERS[self.history.ladder or "talk"]
        for _ in range(12):
            answer = propose(self.history, ladder, self.now, RULES, ZONE, asked=asked)
            if not isinstance(answer, NeedsRating):
                return None if isinstance(answer, NoRung) else answer
            at = moment(self.history, self.now)
            given = RungRating(ladder.id, answer.rung.id, rating, at, answer.why)
            self.history = replace(self.history, rung_ratings=(*self.history.rung_ratings, given))
        raise AssertionError("ratings come to an end")

    @rule(
        name=names,
        wait=waits,
        rating=ratings,
        asked=st.booleans(),
        before=befores,
        peak=peaks,
        how=hows,
        stress=stresses,
    )
    def practise(
        self, name: str, wait: timedelta, rating: float, asked: bool, before: float, peak: float, how: str, stress: str
    ) -> None:
        """Come back, answer honestly or not, do the step where the door opens."""
        self.now += wait
        self.history = replace(self.history, ladder=name)
        proposal = self.look(rating, asked)
        now = moment(self.history, self.now)
        first = may_expose(self.history, now, Answers(), RULES, None, ZONE)
        if not isinstance(first, Go) and first.reason not in ("ask", "no_rung"):
            return  # refused before a number is asked for
        self.history = replace(self.history, check_ins=(*self.history.check_ins, CheckIn(before, now, ZONE)))
        answers = Answers({**FULL, "stress": stress, "since": "no"}, before)  # type: ignore[dict-item]
        verdict = may_expose(self.history, now, answers, RULES, proposal, ZONE)
        self.history = replace(self.history, screens=(*self.history.screens, now))
        block = blocks(verdict, now, ZONE)
        if block:
            self.history = replace(self.history, blocks=(*self.history.blocks, block))
        if not isinstance(verdict, Go):
            return
        assert proposal is not None
        self.must_be_open(verdict, before, stress)
        self.must_come_next(verdict, proposal)
        done = Exposure(
            verdict.id, verdict.rung.ladder, verdict.rung.id, verdict.at, verdict.at + timedelta(minutes=3), ZONE,
            how, verdict.variation.id if verdict.variation else None, before, peak, peak, how == "done", "no",  # type: ignore[arg-type]
            True, proposal.retention,
        )  # fmt: skip
        self.history = replace(self.history, exposures=(*self.history.exposures, done))
        self.now = done.ended

    def must_be_open(self, go: Go, before: float, stress: str) -> None:
        """The rows of who may practise, said another way."""
        runs = self.history.exposures
        assert before < 7.0
        assert stress == "no"
        assert before <= 5.0 or (go.variation is not None and go.variation.easier)
        assert sum(go.at - run.started < DAY for run in runs) < 3
        assert all(go.at - run.ended >= 3 * HOUR for run in runs)
        today = day_of(go.at, ZONE)
        assert not any(grade(run, RULES) == "hard" and day_of(run.ended, ZONE) == today for run in runs)
        last = counted(runs)[-3:]
        three_hard = len(last) == 3 and all(grade(run, RULES) == "hard" for run in last)
        assert not three_hard or go.at - last[-1].ended >= 7 * DAY
        assert not any(one.value >= 7.0 and day_of(one.at, ZONE) == today for one in self.history.check_ins)

    def must_come_next(self, go: Go, proposal: Proposal) -> None:
        """The rows of what comes next, said another way."""
        ladder = LADDERS[go.rung.ladder]
        order = [rung.id for rung in ladder.rungs]
        runs = [run for run in counted(self.history.exposures) if run.ladder == ladder.id]
        worked = [run for run in runs if not run.retention]
        today = day_of(go.at, ZONE)
        if proposal.retention:
            assert not any(day_of(run.started, ZONE) == today for run in runs), "a check is the day's first"
            assert any(run.rung == go.rung.id and grade(run, RULES) == "good" for run in worked)
            return
        ratings = [one for one in self.history.rung_ratings if one.ladder == ladder.id and one.rung == go.rung.id]
        assert ratings, "nothing is done that was not rated"
        if not worked:
            assert 2.0 <= ratings[-1].value <= 4.0
            return
        if order.index(go.rung.id) > max(order.index(run.rung) for run in worked):
            assert 2.0 <= ratings[-1].value <= 4.0, "a new rung lies in the band"
            assert any(grade(run, RULES) == "good" for run in worked), "nobody moves up without a good one"
        own = [run for run in runs if run.rung == go.rung.id]
        if own and grade(own[-1], RULES) == "hard" and runs[-1] is own[-1]:
            assert ratings[-1].at >= own[-1].ended, "after a hard one it is rated anew"

    @invariant()
    def nothing_is_ever_taken_back(self) -> None:
        if hasattr(self, "history"):
            starts = [run.started for run in self.history.exposures]
            assert starts == sorted(starts), "a clock that was set back moves nothing in front of what was"


Practice.TestCase.settings = settings(max_examples=60, stateful_step_count=80, deadline=None)
TestPractice = Practice.TestCase
