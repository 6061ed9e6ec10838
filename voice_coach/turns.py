"""The turn-taking machine: one table, state × signal → state.

Two rules stand above the table. First, crisis and ended are reachable from every state in which something can be
heard, and nothing leads from crisis back to an exposure. Second, what the table does not name is a fault in the
program, not in the person: `step` raises KeyError and the runner never swallows it.
"""

from __future__ import annotations

from typing import Literal

State = Literal["idle", "speaking", "listening", "thinking", "exposing", "paused", "crisis", "ended"]
Signal = Literal["speak", "spoken", "heard", "silence", "expose", "step_over", "wait", "resume", "danger", "finish"]

TABLE: dict[tuple[State, Signal], State] = {
    ("idle", "speak"): "speaking",
    ("idle", "expose"): "exposing",
    ("idle", "finish"): "ended",
    ("idle", "danger"): "crisis",
    ("speaking", "spoken"): "listening",
    ("speaking", "finish"): "ended",
    ("listening", "heard"): "thinking",
    ("listening", "silence"): "thinking",
    ("listening", "speak"): "speaking",
    ("listening", "expose"): "exposing",
    ("listening", "finish"): "ended",
    ("thinking", "speak"): "speaking",
    # A paced line is listened to again without a word, as after a command that changes nothing there.
    ("thinking", "heard"): "thinking",
    ("thinking", "silence"): "thinking",
    ("thinking", "expose"): "exposing",
    ("thinking", "wait"): "paused",
    ("thinking", "danger"): "crisis",
    ("thinking", "finish"): "ended",
    ("exposing", "step_over"): "thinking",
    ("exposing", "danger"): "crisis",
    ("exposing", "finish"): "ended",
    ("paused", "resume"): "thinking",
    ("paused", "danger"): "crisis",
    ("paused", "finish"): "ended",
    ("listening", "wait"): "paused",
    ("listening", "danger"): "crisis",
    ("paused", "speak"): "paused",
    ("paused", "spoken"): "paused",
    ("paused", "heard"): "paused",
    ("paused", "silence"): "paused",
    ("crisis", "speak"): "crisis",
    ("crisis", "spoken"): "crisis",
    ("crisis", "heard"): "crisis",
    ("crisis", "silence"): "crisis",
    ("crisis", "finish"): "ended",
}


def step(state: State, signal: Signal) -> State:
    """The state after this signal. Raises KeyError for a pair that the table does not name."""
    return TABLE[state, signal]
