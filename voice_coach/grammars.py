"""What each turn listens for: the closed grammar of its kind, made once a sitting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from voice_coach.coach.stepping import ADDRESSED, BACK, COMMANDS, LEAVING
from voice_coach.ports import Turn
from voice_coach.understand.interpret import Understanding
from voice_coach.words import Expects, Pace

Made = dict[Expects | Literal["exposure"], tuple[str, ...]]
"""The grammar of each kind of question, and of the step."""


@dataclass(frozen=True, slots=True)
class Grammars:
    """Makes turns; each grammar when it is first wanted."""

    understanding: Understanding
    patience: float
    """How much longer than usual this person is waited for."""
    made: Made
    """What was made so far."""

    def turn(self, expects: Expects, pace: Pace | Literal["exposure"]) -> Turn:
        """The turn of a question, or of the step."""
        return Turn(
            expects=expects,
            pace=pace,
            phrases=self._of_step() if pace == "exposure" else self._of(expects),
            is_complete=lambda text: self.understanding.is_complete(text, expects),
            patience=self.patience,
        )

    def _of_step(self) -> tuple[str, ...]:
        """What ends a step, and nothing else: running speech is forced into as little as can be."""
        if "exposure" not in self.made:
            ends = self.understanding.requests(COMMANDS)
            self.made["exposure"] = tuple(dict.fromkeys([*ADDRESSED, LEAVING.lower(), BACK.lower(), *ends]))
        return self.made["exposure"]

    def _of(self, expects: Expects) -> tuple[str, ...]:
        expects = replace(expects, denied=(), echoed=None)  # the same words, whatever was said before
        if expects not in self.made:
            self.made[expects] = self.understanding.phrases(expects)
        return self.made[expects]
