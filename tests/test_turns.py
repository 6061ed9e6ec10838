"""The table of turns: every state can end, and nothing leads from danger back to an exposure."""

from __future__ import annotations

from typing import get_args

import pytest

from voice_coach.turns import TABLE, Signal, State, step

STATES: tuple[State, ...] = get_args(State)
SIGNALS: tuple[Signal, ...] = get_args(Signal)


def reachable(start: State) -> set[State]:
    found: set[State] = {start}
    while True:
        more = {TABLE[pair] for pair in TABLE if pair[0] in found} - found
        if not more:
            return found
        found |= more


def test_every_state_and_signal_is_used() -> None:
    assert {state for state, _ in TABLE} | set(TABLE.values()) == set(STATES)
    assert {signal for _, signal in TABLE} == set(SIGNALS)


def test_every_state_is_reached_and_can_end() -> None:
    assert reachable("idle") == set(STATES)
    for state in STATES:
        assert "ended" in reachable(state)


def test_danger_leads_nowhere_but_to_the_end() -> None:
    assert reachable("crisis") == {"crisis", "ended"}


@pytest.mark.parametrize("state", ["thinking", "listening", "exposing", "paused"])
def test_danger_is_attended_to_wherever_something_is_heard(state: State) -> None:
    assert step(state, "danger") == "crisis"


def test_what_the_table_does_not_name_is_a_fault() -> None:
    with pytest.raises(KeyError):
        step("ended", "speak")
    with pytest.raises(KeyError):
        step("crisis", "expose")
