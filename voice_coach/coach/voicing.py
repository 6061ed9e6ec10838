"""The coach's own voice in a session: phrases a line, speaks it to its end, and attends to little meanwhile."""

from __future__ import annotations

from dataclasses import replace

from voice_coach.coach import controls, danger
from voice_coach.coach.floor import Floor, Over, plain
from voice_coach.coach.means import Means
from voice_coach.ports import Line, Tone
from voice_coach.words import Ask, Expects, Flag, Heard, Match, Outcome, Say

SLOW = 150
"""Words a minute at most for what is said in danger, whatever rate is set."""
TAIL_WORDS = 3
"""So many words of rough text may be the end of the coach's own line, misheard."""


def is_own_tail(heard: Heard, ask: Ask) -> bool:
    """Too short for an open answer, begun in the tail of the question, and by a recognizer that mishears words."""
    few = len(plain(heard.free or heard.text)) <= TAIL_WORDS
    return heard.overlap and heard.manner == "rough" and ask.pace == "open" and few


class Voicing:
    """Speaks lines and keeps the danger that was heard meanwhile until it is taken."""

    def __init__(self, floor: Floor, means: Means, manner: controls.Manner) -> None:
        self._floor, self._means, self._manner = floor, means, manner
        self._spoken: list[str] = []
        self._overlapped: list[Flag] = []
        self._playing = False

    def phrase(self, say: Say, wording: int = 0) -> str:
        """The words of a line; in private mode without fear text and ratings."""
        key = controls.PRIVATE.get(say.key, say.key) if self._manner.private else say.key
        return self._means.phrase(key, wording, say.blanks)

    def line(self, say: Say) -> Line:
        """The line as a cue, spoken without waiting for its end."""
        return Line(0, self.phrase(say), say.key)

    def say(self, say: Say, lead: Say | None, tone: Tone, wording: int) -> None:
        """Speak to the end. Raises `Over` on a short stop; of a message that somebody may overhear also on a new topic,
        and then as "hushed": not one word follows."""
        sound = self._means.recording(say.recording) if say.recording else b""
        words = self.phrase(say.otherwise) if say.otherwise else ""
        if say.otherwise and not sound:
            say = say.otherwise
        text = " ".join(self.phrase(part, wording if part is say else 0) for part in (lead, say) if part)
        self._spoken = [*self._spoken[-1:], f"{text} {words}"]
        self._playing = bool(sound)
        slow = SLOW if say.key.startswith(danger.SLOWLY) else None
        line = Line(0, text, say.key, tone, slow, sound)
        turn = replace(self._means.turn(Expects("command"), "short"), speaking=True)
        hush = say.key.startswith("harm.")
        self._floor.speak(line, turn, lambda heard: self._overlap(heard, hush))

    def take_danger(self) -> list[Flag]:
        """What was heard while lines were spoken: on loudspeakers possible, never certain."""
        flags, self._overlapped = self._overlapped, []
        return flags

    def _overlap(self, heard: Heard, hush: bool) -> bool:
        """Half-duplex: of what is heard while a line is spoken, only a short stop and danger count."""
        if set(plain(heard.text)) <= set(plain(" ".join(self._spoken))):
            return False
        understood = self._means.interpret(heard, Expects("command"))
        # What a recording says was attended to when it was said.
        flags = () if self._playing else understood.flags
        self._overlapped += [replace(flag, tier="possible") for flag in flags if flag.category == "crisis"]
        stops = {"stop", "private"} if hush else {"stop"}
        stop = isinstance(understood.answer, Match) and understood.answer.value in stops
        if stop and len(plain(heard.text)) <= 2:
            self._floor.stop()
            raise Over(Outcome("stopped", "hushed" if hush else ""))
        return False
