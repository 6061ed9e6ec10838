"""What is asked right before the step, where no later question could correct it."""

from __future__ import annotations

from datetime import timedelta

from people import CLEAR, NOW, RULES, rung
from test_building import today

from voice_coach.coach.asking import Answer
from voice_coach.coach.protocol import commit
from voice_coach.coach.spending import Spent
from voice_coach.records import Go
from voice_coach.words import Ask, Manner, Match, Reply, Say, Unsure

GO = Go("talk/a/0", rung("a"), None, NOW, NOW + timedelta(minutes=30))
DOUBTFUL: dict[str, Match | Unsure] = {
    "ask.likelihood": Unsure((6.0, 8.0), 0.5),
    "ask.which_rating": Match("rating", 6.0, 0.9),
    "ask.did_you_say": Match("yes_no", True, 0.9),
}


def asked(manner: Manner) -> list[str]:
    """The questions from the doubtful likelihood on, to its end."""
    script = commit(today(), GO, Answer(3.0, NOW), Say("why.first"), Spent(CLEAR, RULES))
    keys: list[str] = []
    move = next(script)
    try:
        while True:
            if isinstance(move, Ask):
                keys.append(move.key)
            value = DOUBTFUL.get(move.key, Match("text", "some words", 0.95)) if isinstance(move, Ask) else None
            move = script.send(Reply(value, NOW, manner))
    except StopIteration as ended:
        answer = ended.value
    assert answer.rating() == 6.0
    return keys[keys.index("ask.likelihood") :]


def test_a_likelihood_that_was_heard_in_doubt_is_confirmed() -> None:
    assert asked("rough") == ["ask.likelihood", "ask.which_rating", "ask.did_you_say"]


def test_one_that_was_typed_is_not() -> None:
    assert asked("typed") == ["ask.likelihood", "ask.which_rating"]
