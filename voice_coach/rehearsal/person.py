"""An imagined person whose every answer is drawn by a seed, not by what is easy to hear."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from voice_coach.ports import Turn
from voice_coach.records import Ladder
from voice_coach.rehearsal import wording

T = TypeVar("T")

Course = Literal["went", "high", "too_much", "time", "not_today", "refused", "stopped"]
COURSES: Mapping[Course, int] = {
    "went": 60, "high": 7, "too_much": 9, "time": 4, "not_today": 6, "refused": 10, "stopped": 4,
}  # fmt: skip
"""How often a person's session takes which course, in a hundred."""
HALVES = 0.15
"""How often a number is said with a half."""
REFUSING = ("age", "trauma", "unreal", "panic", "daily_life", "stress")
INTERRUPTIBLE = ("ask.before", "ask.rung", "ask.agree", "ask.peak", "ask.after", "screen.panic", "screen.stress")
"""Questions at which somebody may say a command, be silent or go back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the person meets it."""

    key: str
    """The line that was spoken last."""
    text: str
    turn: Turn
    rung: str = ""
    """The rung that it names."""

    @property
    def identity(self) -> tuple[str, str]:
        """The same for the same question, however it is worded."""
        return self.key, self.rung


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to say to a question."""

    answer: str
    """Empty: silence is the answer."""
    other_words: str = ""
    """The same, put differently; empty: it is only ever said one way."""
    rating: float | None = None
    """The number that is meant: the echo is held against it."""
    before: tuple[str, ...] = ()
    """Said first, each once: commands; empty for a silence."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Words and when they are said."""

    after: float
    """Seconds from the moment the coach listens."""
    text: str


class Drawn:
    """Somebody whose answers, course and quirks all follow from the seed, each from a draw of its own.

    So one mishearing changes no other answer.
    """

    def __init__(
        self, seed: str, ladders: Mapping[str, Ladder], courses: Mapping[Course, int] = COURSES,
        refusing: Sequence[str] = REFUSING,
    ) -> None:  # fmt: skip
        """`courses`: how often which course is taken. `refusing`: the screen questions that may refuse practice."""
        self._seed, self._ladders = seed, ladders
        self._course = self._weighed("course", courses)
        self._refused_at = self._one("refused", refusing)
        self._quirk = self._weighed(
            "quirk", {"none": 35, "command": 25, "silence": 10, "back": 10, "slip": 12, "range": 8}
        )
        self._quirk_at = self._one("quirk at", INTERRUPTIBLE)
        self._stops_at = self._one("stops at", ("ask.before", "ask.agree", "screen.unreal"))
        traits = random.Random(f"{seed}/traits")
        self._ladder = traits.choice(tuple(wording.LADDERS))
        self._first_rung = traits.choice((1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 4.0, 5.0, 2.5, 3.5))
        self._rise = traits.choice((1.0, 1.0, 1.0, 0.5, 1.5))

    def wish(self, asked: Asked) -> Wish:
        """What is wanted to be said to this question, whenever it is asked."""
        if self._course == "stopped" and asked.key == self._stops_at:
            return Wish("stop", "stop, please")
        rating = self._rating(asked)
        if rating is not None:
            return self._rated(asked, rating)
        words = self._words(asked)
        return Wish(words, self._plainer(asked, words), before=self._interruption(asked))

    def insists(self, asked: Asked) -> bool:
        del asked
        return False

    def step(self, speaks_aloud: bool) -> tuple[Timed, ...]:
        """What is said during the exposure."""
        if self._course == "time":
            return ()
        ends = float(self._draw("step").randint(35, 130))
        said = wording.TOO_MUCH if self._course == "too_much" else wording.DONE
        ending = tuple(Timed(ends + 9.0 * nth, text) for nth, text in enumerate(said))
        if speaks_aloud and self._draw("aloud").random() < 0.5:
            return (Timed(6.0, self._one("murmur", wording.MURMURS)), *ending)
        return ending

    def reflection(self) -> tuple[Timed, ...]:
        """What is said in the quiet minute."""
        how = self._draw("reflection").random()
        if how < 0.3:
            return ()
        noticed = (Timed(4.0, self._one("noticed", wording.NOTICED)),) if how < 0.75 else ()
        return (*noticed, Timed(14.0, "done"), Timed(22.0, "done"), Timed(30.0, "I am done"))

    # --- numbers ---

    def _rating(self, asked: Asked) -> float | None:
        match asked.key:
            case "ask.before":
                high = (7.0, 8.0, 8.0, 9.0, 10.0, 7.5)
                return self._one("before", high if self._course == "high" else (0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 3.5, 6.5))
            case "ask.rung":
                place = next(
                    (nth for ladder in self._ladders.values() for nth, rung in enumerate(ladder.rungs)
                     if rung.id == asked.rung), 0
                )  # fmt: skip
                felt = self._first_rung + self._rise * place
                return min(20, max(0, round(felt * 2))) / 2
            case "ask.likelihood" | "ask.likelihood_now" | "ask.peak" | "ask.after":
                highest = {"ask.likelihood": 9, "ask.likelihood_now": 6, "ask.peak": 7, "ask.after": 4}[asked.key]
                value = float(self._draw(asked.key).randint(0, highest))
                # Most people answer in whole numbers; nobody says "zero and a half".
                halved = self._draw(f"half {asked.key}").random() < HALVES
                return value - 0.5 if halved and value >= 2.0 else value
            case _:
                return None

    def _rated(self, asked: Asked, value: float) -> Wish:
        at_quirk = asked.key == self._quirk_at
        said = value
        if at_quirk and self._quirk == "slip" and asked.key in ("ask.before", "ask.rung", "ask.peak"):
            # Only a slip that the echo can bring to light, and that closes no door.
            said = value + 1.0 if value < 3.5 else value - 1.0
        number = spoken_number(said)
        way = self._one(f"way {asked.identity}", wording.RATINGS).format(n=number)
        if at_quirk and self._quirk == "range" and value == int(value) and 1 <= value <= 5:
            way = f"{number} or {spoken_number(value + 1.0)}"
        return Wish(way, wording.OTHER_WORDS.format(n=number), value, self._interruption(asked))

    # --- words ---

    def _words(self, asked: Asked) -> str:
        key, kind = asked.key, asked.turn.expects.kind
        if key.startswith(("screen.", "clarify.")):
            return self._agree(asked, self._screened(key.partition(".")[2]))
        if key == "ask.commitment" and self._course == "not_today":
            return "not today"
        pool = _pool(key)
        if pool:
            return self._one(key, pool)
        match key:
            case "ask.fear":
                return self._one("fear", wording.FEARS)
            case "ask.ladder":
                return self._one("ladder words", wording.LADDERS[self._ladder])
            case "ask.agree":
                return self._one("agree", wording.AGREE) if self._course != "not_today" else self._agree(asked, False)
            case "ask.reached_end" | "ask.did_you_do_it":
                return self._agree(asked, True)
            case "ask.happened":
                return self._one(
                    "happened words", wording.HAPPENED[self._one("happened", ("no", "no", "partly", "yes"))]
                )
        match kind:
            case "yes-no":
                return self._agree(asked, False)
            case "choice":
                return asked.turn.expects.labels[0]
            case "rating":
                return "three"
            case "command":
                return "go on"
            case "text":
                return "I do not know"

    def _screened(self, question: str) -> bool:
        refuses = self._course == "refused" and question == self._refused_at
        return not refuses if question == "age" else refuses

    def _agree(self, asked: Asked, yes: bool) -> str:
        return self._one(f"agree {asked.identity}", wording.YES if yes else wording.NO)

    def _plainer(self, asked: Asked, words: str) -> str:
        if asked.turn.expects.kind != "yes-no":
            return words
        return "yes" if words in wording.YES + wording.AGREE else "no" if words in wording.NO else words

    def _interruption(self, asked: Asked) -> tuple[str, ...]:
        if asked.key != self._quirk_at:
            return ()
        match self._quirk:
            case "command":
                return (self._one("aside", wording.ASIDES),)
            case "silence":
                return ("",)
            case "back":
                return ("go back",)
            case _:
                return ()

    # --- draws ---

    def _draw(self, what: object) -> random.Random:
        return random.Random(f"{self._seed}/{what}")

    def _one(self, what: object, pool: Sequence[T]) -> T:
        return self._draw(what).choice(pool)

    def _weighed(self, what: object, weights: Mapping[T, int]) -> T:
        return self._draw(what).choices(tuple(weights), tuple(weights.values()))[0]


def spoken_number(value: float) -> str:
    """The number in words, halves as people say them."""
    names = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    whole = names[int(value)]
    if value == int(value):
        return whole
    return f"{whole} and a half"


def _pool(key: str) -> tuple[str, ...]:
    pools = {
        "repair.fear.situation": wording.SITUATIONS,
        "ask.commitment": wording.COMMITMENTS,
        "ask.prediction": wording.PREDICTIONS,
        "ask.safety": wording.HABITS,
        "ask.surprise": wording.SURPRISES,
        "ask.learned": wording.LEARNED,
        "ask.action": wording.ACTIONS,
        "ask.compared": wording.COMPARED,
        "ask.after_stop": wording.AFTER_STOP,
    }
    repair = wording.REPAIRS.get(key.removeprefix("repair.commitment."), ())
    return pools.get(key, ()) or repair
