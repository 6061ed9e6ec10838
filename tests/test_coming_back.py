"""Coming back after a cut near the step: what still counts, and that no old permission is used."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conversing import Held, Turn, hold, read, rows
from people import RULES

from voice_coach.coach.grading import grade
from voice_coach.ports import Entry
from voice_coach.records import Exposure
from voice_coach.remember.store import Store

PLAN = "at home now, until two minutes are over"
_READ = read("away_and_back")
AWAY = replace(
    _READ, turns=tuple(replace(one, says=PLAN) if one.coach == "ask.commitment" else one for one in _READ.turns)
)
LEFT = next(n for n, turn in enumerate(AWAY.turns) if turn.says == "I'll go") + 1
OUTCOME_ONLY = {"ask.reached_end", "ask.happened", "ask.learned", "ask.action"}


def cut(home: Path, turns: int) -> None:
    assert hold(home, AWAY.turns[:turns], AWAY.now, AWAY.zone).outcome.how == "input_ended"


def back(home: Path, later: timedelta, turns: tuple[Turn, ...]) -> Held:
    return hold(home, turns, AWAY.now + later, AWAY.zone, safe=True)


def exposures(home: Path) -> tuple[Exposure, ...]:
    with closing(Store(home / "coach.db")) as store:
        return store.history(AWAY.zone).exposures


@pytest.mark.parametrize("hours", [2.9, 3.1])
def test_a_step_told_of_within_three_hours_counts_and_later_is_lost(hours: float, tmp_path: Path) -> None:
    cut(tmp_path, LEFT)
    late = hours > 3
    asked = [turn for turn in AWAY.turns[LEFT + 2 :] if not late or turn.coach in OUTCOME_ONLY | {"ask.did_you_do_it"}]
    held = back(tmp_path, timedelta(hours=hours), tuple(asked))
    assert (held.outcome.how, held.left) == ("went", 0)
    (done,) = exposures(tmp_path)
    assert done.how == ("lost" if late else "away")
    assert grade(done, RULES) == ("lost" if late else "plain")
    assert (done.reached_end, done.happened) == (True, "no"), "outcome and learning are kept all the same"


def test_a_step_that_was_not_done_counts_for_nothing(tmp_path: Path) -> None:
    cut(tmp_path, LEFT)
    held = back(tmp_path, timedelta(hours=1), (Turn("ask.did_you_do_it", "no"),))
    assert held.outcome.how == "not_today"
    assert [grade(done, RULES) for done in exposures(tmp_path)] == ["lost"]


def test_a_permission_is_not_used_half_an_hour_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off once all was answered, before the step: the door decides anew."""
    append = Store.append

    def fail_at_the_step(store: Store, entry: Entry) -> None:
        if entry.kind == "expose":
            raise KeyboardInterrupt
        append(store, entry)

    with monkeypatch.context() as broken:
        broken.setattr(Store, "append", fail_at_the_step)
        with pytest.raises(KeyboardInterrupt):
            hold(tmp_path, AWAY.turns, AWAY.now, AWAY.zone)
    later = max(row.at for kind in ("answer", "note") for row in rows(tmp_path, kind)) + timedelta(minutes=30)
    went = hold(tmp_path, AWAY.turns[LEFT - 1 :], later, AWAY.zone, safe=True)
    assert (went.outcome.how, went.left) == ("went", 0)
    (begun,) = rows(tmp_path, "expose")
    assert datetime.fromisoformat(begun.key.rpartition("/")[2]) >= later, "the permission is a new one"
