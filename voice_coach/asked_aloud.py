"""In which words a command was said: some say more than its name ("remind me tomorrow at six")."""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.ports import Interpret
from voice_coach.words import Expects, Heard, Match, Understood


@dataclass(slots=True)
class AskedAloud:
    """Keeps what was said for one command until it is taken."""

    command: str
    _said: str = ""

    def attending(self, interpret: Interpret) -> Interpret:
        """The same understanding; on the way the words of the command are noted."""

        def attend(heard: Heard, expects: Expects) -> Understood:
            understood = interpret(heard, expects)
            match understood.answer:
                case Match(kind="command", value=value) if value == self.command:
                    self._said = heard.free or heard.text
                case _:
                    pass
            return understood

        return attend

    def take(self) -> str:
        """The words that it was said in last; "" where they were taken already."""
        said, self._said = self._said, ""
        return said
