"""The simulated person of `scripts/bench hear`: rates by recordings, through the coach's own way of asking."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from voice_coach.coach import asking
from voice_coach.words import Ask, Correction, Match, Nothing, Reply, Say, Unsure, Value

MOST_TURNS = 4
"""Utterances after which somebody gives up."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)

Read = Match | Unsure | Correction | Nothing


@dataclass(frozen=True, slots=True)
class Stock:
    """What the coach made of every recording, by what was said in which turn."""

    rated: Mapping[tuple[str, str], Sequence[Read]]
    """Speaker and word → the readings of the word in a rating turn."""
    corrected: Mapping[tuple[str, str], Sequence[Read]]
    """Speaker and word → the readings of "no" and the word after an echo."""
    agreed: Mapping[str, Sequence[Read]]
    """ "yes" and "no" → readings in a yes-no turn, of anybody."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What stands in the journal when the person has got it right or given up; None: nothing."""

    value: Value
    turns: int


def simulate(stock: Stock, meant: Mapping[str, float], runs: int = 4000, seed: int = 1) -> dict[str, float]:
    """Wrong numbers in the journal and people who gave up without one, of 1,000, and utterances an answer."""
    rng = random.Random(seed)
    words = [key for key, readings in stock.rated.items() if len(readings) >= 2 and key in stock.corrected]
    count: Counter[str] = Counter()
    turns = 0
    for _ in range(runs):
        speaker, word = rng.choice(words)
        ended = _rate(stock, speaker, word, meant[word], rng)
        turns += ended.turns
        count["right" if ended.value == meant[word] else "gave up" if ended.value is None else "wrong"] += 1
    return {
        "wrong_per_1000": round(1000 * count["wrong"] / runs, 1),
        "turns": round(turns / runs, 2),
        "gave_up_per_1000": round(1000 * count["gave up"] / runs, 1),
    }


class _Said:
    """Recordings of one word by one person, none of them twice before all were used."""

    def __init__(self, readings: Sequence[Read], rng: random.Random) -> None:
        self._readings, self._rng = readings, rng
        self._left: list[Read] = []

    def next(self) -> Read:
        if not self._left:
            self._left = self._rng.sample(self._readings, len(self._readings))
        return self._left.pop()


def _rate(stock: Stock, speaker: str, word: str, meant: float, rng: random.Random) -> Ended:
    said: defaultdict[str, _Said] = defaultdict(lambda: _Said((), rng))
    said["rated"] = _Said(stock.rated[speaker, word], rng)
    said["corrected"] = _Said(stock.corrected[speaker, word], rng)
    said |= {answer: _Said(readings, rng) for answer, readings in stock.agreed.items()}
    script = asking.rating("ask.before")
    move = next(script)
    standing: Value = None
    turns = 0
    while turns < MOST_TURNS:
        if not isinstance(move, Ask):
            move = script.send(Reply(None, NOW))
            continue
        turns += 1
        read = _answer(move, said, meant)
        if isinstance(read, Match) and read.kind == "command":
            if read.value == "stop":
                return Ended(None, turns)
            continue  # it is done, and the question asked again
        try:
            move = script.send(Reply(read, NOW, "rough"))
        except StopIteration as stop:
            answer: asking.Answer = stop.value
            standing = answer.value
            break
    else:
        return Ended(None, turns)
    while asking.echo(asking.Answer(standing, NOW)) != Say("echo.rating", {"value": meant}) and turns < MOST_TURNS:
        turns += 1
        read = said["corrected"].next()
        if isinstance(read, Correction):
            standing = read.value
    return Ended(standing, turns)


def _answer(ask: Ask, said: Mapping[str, _Said], meant: float) -> Read:
    if ask.key == "ask.did_you_say":
        return said["yes" if ask.blanks["value"] == meant else "no"].next()
    return said["rated"].next()
