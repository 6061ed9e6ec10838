"""How many answers a daily session takes, and which question takes its turn today."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Literal, TypeVar

from voice_coach.records import History, Rules
from voice_coach.words import Ask, Move, Reply

T = TypeVar("T")
Turn = Literal["action", "safety", "surprise"]
ROTATING: tuple[Turn, ...] = ("action", "safety", "surprise")
"""Each in turn, a step each; the first step of all ends with an action."""


class Spent:
    """What was asked so far. The first step of all has no limit; then a question beyond the limit is left out."""

    def __init__(self, history: History, rules: Rules) -> None:
        steps = len(history.exposures)
        self.daily = steps > 0
        self._turn = ROTATING[steps % len(ROTATING)]
        self._most = rules["most_answers"].value if self.daily else math.inf
        self._asked: list[tuple[str, str]] = []

    def counting(self, script: Generator[Move, Reply, T]) -> Generator[Move, Reply, T]:
        """The same script; its questions are counted, each once, however often it is put in other words."""
        try:
            move = next(script)
            while True:
                reply = yield move
                match move:
                    case Ask(clarifies=False, silent=False, pace="short" | "open") as ask:
                        question = (ask.key, str(ask.blanks))
                        if question not in self._asked[-1:]:
                            self._asked.append(question)
                    case _:
                        pass
                move = script.send(reply)
        except StopIteration as stop:
            value: T = stop.value
            return value

    def has_room(self, planned: int) -> bool:
        """Whether one more question fits, with so many still to come."""
        return len(self._asked) + planned < self._most

    def takes(self, question: Turn, planned: int) -> bool:
        """Whether it is this question's turn, and it fits."""
        return question == self._turn and self.has_room(planned)
