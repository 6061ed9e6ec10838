"""Step four: the exposure. Sparse cues, a ceiling of four minutes, and commands that running speech cannot give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from voice_coach.coach.floor import Floor
from voice_coach.ports import Line, Turn
from voice_coach.records import Go
from voice_coach.words import Correction, Expects, Flag, Heard, Match, Nothing, Say, Silence, Understood, Unsure, Value

CEILING_SECONDS = 240.0
CUES = ((60.0, "cue.minute"), (120.0, "cue.halfway"), (210.0, "cue.last_thirty"))
"""Seconds after the start. Left out where the person speaks or is with people."""
FEELING = "cue.feeling"
"""The one open question, in the middle of what the rung usually takes; what is said to it ends nothing."""
EARLIEST, APART = 30.0, 10.0
"""Seconds after the start at which it is asked at the earliest, and between it and another cue."""
COMMANDS = frozenset({"done", "stop", "too_much"})
DOUBTFUL = 0.26
"""Probability from which a doubtful addressed command ends the step: measured with a synthetic voice, commands came
out at 0.29 and more, running speech at 0.23 and less."""
REPEATED, AGAIN_SECONDS = 0.2, 30.0
"""The same below that, said twice within so many seconds: nobody who asks twice to stop is left in the step. Of 175
pieces of running speech one came out in between, as leaving, and none as stop, done or too much."""
ADDRESS = "coach"
"""What a command starts with while the person speaks or is with people."""
ADDRESSED = tuple(f"{ADDRESS} {command.replace('_', ' ')}" for command in sorted(COMMANDS))
"""The commands with their address, for the grammar of a step."""
LEAVING = f"{ADDRESS} I'll go"
BACK = f"{ADDRESS} I'm back"
"""Said on setting out for a step that is done elsewhere, and on coming back: there is no ceiling between the two."""
_How = Literal["done", "stopped", "too_much", "away"]
_Command = Literal["done", "stopped", "too_much", "going", "back"]


@dataclass(frozen=True, slots=True)
class Stepped:
    """How the step ended, and danger words in running speech that have to be asked about."""

    how: Literal["done", "stopped", "too_much", "time", "away"]
    noted: tuple[Flag, ...] = ()
    feeling: str = ""
    """What was said to the one open question."""


def alone(go: Go) -> bool:
    """The person neither speaks nor is with people during this step."""
    return not go.rung.tags & {"user_speaks", "with_others"}


def cues_of(go: Go) -> list[tuple[float, str]]:
    """What is said during this step, and when (seconds after its start); nothing where the person is not alone."""
    if not alone(go):
        return []
    middle = max(EARLIEST, min(go.rung.seconds, CEILING_SECONDS) / 2)
    while any(abs(middle - after) < APART for after, _ in CUES):
        middle += APART
    return sorted([*CUES, (middle, FEELING)])


def expose(
    go: Go,
    floor: Floor,
    turn: Turn,
    interpret: Callable[[Heard, Expects], Understood],
    line: Callable[[Say], Line],
    left: Callable[[], None],
) -> Stepped:
    """Run the step to its end. Certain danger ends it as stopped, the flag being the last one noted.

    `left` is told when the person sets out to do it away from the device; from then on nothing ends it but their word.
    """
    started = floor.seconds()
    end: float | None = started + CEILING_SECONDS
    cues = [(started + after, key) for after, key in cues_of(go)]
    noted: list[Flag] = []
    asked, feeling = False, ""
    doubtful = _Doubtful()
    floor.watch(turn)
    while True:
        heard = floor.event(cues[0][0] if cues else end)
        match heard:
            case Heard():
                flags, command, surely = _attend(go, heard, interpret, gone=end is None)
                noted.extend(flags)
                if command and not surely:
                    command = doubtful.again(command, floor.seconds())
                if any(flag.tier == "certain" for flag in flags):
                    command = "stopped"
                if command == "going":
                    if end is not None:
                        cues, end = [], None
                        left()
                        floor.begin(line(Say("step.left")))
                elif how := _end(command, gone=end is None):
                    floor.unwatch()
                    return Stepped(how, tuple(noted), feeling)
                elif asked and command is None and not (feeling or heard.overlap):
                    feeling = heard.text.strip()
            case Silence() if cues:
                _, key = cues.pop(0)
                floor.begin(line(Say(key)))
                asked = asked or key == FEELING
            case Silence():
                floor.unwatch()
                return Stepped("time", tuple(noted), feeling)
            case None:
                floor.watch(turn)


@dataclass(slots=True)
class _Doubtful:
    """Commands that are too doubtful to count when they are heard once."""

    last: tuple[_Command, float] | None = None

    def again(self, command: _Command, at: float) -> _Command | None:
        """The command where it was asked for shortly before, else None. `at`: seconds."""
        last, self.last = self.last, (command, at)
        if last is None or at - last[1] > AGAIN_SECONDS:
            return None
        if {command, last[0]} == {"stopped", "too_much"}:
            return "too_much"  # both end the step; this one is looked after
        return command if command == last[0] else None


def _end(command: _Command | None, gone: bool) -> _How | None:
    """How the step ends with this command; None: it goes on."""
    match command:
        case "done" | "back" if gone:
            return "away"
        case "done" | "stopped" | "too_much":
            return command
        case _:
            return None


def _attend(
    go: Go, heard: Heard, interpret: Callable[[Heard, Expects], Understood], gone: bool
) -> tuple[tuple[Flag, ...], _Command | None, bool]:
    """The flags that interrupt, the command, and whether it counts when it is heard once."""
    expects = Expects("command")
    flags = interpret(heard, expects).flags
    interrupting = tuple(flag for flag in flags if flag.category == "crisis")
    overheard = not alone(go) and heard.manner != "typed" and not gone
    if overheard:
        # A person reading aloud must not be taken at the word of the book; what is typed is meant for the coach.
        interrupting = tuple(replace(flag, tier="possible") for flag in interrupting)
    addressed = _addressed(heard)
    if not heard.quiet or (addressed is None and overheard):
        return interrupting, None, False
    return interrupting, *_command(interpret(addressed or heard, expects).answer, addressed is not None)


def _command(answer: Match | Unsure | Correction | Nothing, addressed: bool) -> tuple[_Command | None, bool]:
    """Which command this is, None where it is none that a step knows; and whether it counts when it is heard once.

    With the address even a doubtful command counts: a person who asks to stop must not be left in the step, and
    running speech between two silences that sounds like "coach" and a command is rarer than that.
    """
    match answer:
        case Match(kind="command", value=value):
            said, surely = value, True
        case Unsure(candidates=(value, *_), score=score) if addressed and score >= REPEATED:
            said, surely = value, score >= DOUBTFUL
        case _:
            return None, False
    known: dict[Value, _Command]
    known = {"stop": "stopped", "too_much": "too_much", "done": "done", "going": "going", "resume": "back"}
    return known.get(said), surely


def _addressed(heard: Heard) -> Heard | None:
    """The utterance without the address "coach", or None when it was not addressed to the coach."""
    first, _, rest = heard.text.strip().partition(" ")
    if not _is_address(first) or not rest.strip():
        return None
    # Two readings of the same sound that agree on the address leave no doubt about whom it was meant for.
    twice = _is_address(heard.free.strip().partition(" ")[0])
    return replace(heard, text=rest.strip(), free="", score=1.0 if twice else heard.score)


def _is_address(word: str) -> bool:
    return word.strip(",.!").lower() == ADDRESS
