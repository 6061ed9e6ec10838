"""Several ladders a person, one active: told and changed by voice, each with a progression of its own."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from conversing import Held, Turn, hold, read, rows

from voice_coach.remember.store import Store

FIRST = read("first_session")
DAY = timedelta(days=1)


def typed(home: Path, *turns: tuple[str, str], days: int = 1, private: bool = False) -> Held:
    said = tuple(Turn(coach, says) for coach, says in turns)
    return hold(home, said, FIRST.now + days * DAY, FIRST.zone, private=private)


def active(home: Path) -> str | None:
    with closing(Store(home / "coach.db")) as store:
        return store.history(FIRST.zone).ladder


def lived(home: Path) -> Path:
    hold(home, FIRST.turns, FIRST.now, FIRST.zone)
    return home


def keys(held: Held) -> list[str]:
    return [line.key for line in held.lines]


def test_each_ladder_goes_on_where_it_was_left(tmp_path: Path) -> None:
    home = lived(tmp_path / "home")
    dogs = typed(home, ("ask.note", "change ladder"), ("ladders.which", "another"), ("ladders.which", "dogs"),
                 ("screen.since", "no"), ("screen.trauma", "no"), ("ask.before", "two"), ("ask.rung", "three"),
                 ("ask.commitment", "no"))  # fmt: skip
    assert dogs.outcome.how == "not_today"
    assert active(home) == "dogs"
    back = typed(home, ("ask.note", "use the public speaking ladder"), ("ladders.sure", "yes"), ("screen.since", "no"),
                 ("ask.before", "two"), ("ask.commitment", "no"), days=2)  # fmt: skip
    assert back.outcome.how == "not_today", "nothing is rated anew"
    step = next(line.text for line in back.lines if line.key == "say.step")
    assert "voice message" in step
    rated = [json.loads(row.value) for row in rows(home, "note", "rung_rating")]
    assert [(fact["ladder"], fact["value"]) for fact in rated] == [
        ("public_speaking", 1.0), ("public_speaking", 2.5), ("dogs", 3.0)
    ]  # fmt: skip


def test_the_welcome_is_not_said_twice(tmp_path: Path) -> None:
    home = lived(tmp_path / "home")
    said = keys(typed(home, ("ask.note", "use the dogs ladder"), ("ladders.sure", "yes"), ("screen.since", "stop")))
    assert said == ["say.opening_again", "ask.note", "ladders.sure", "say.same_fear", "screen.intro", "screen.since",
                    "say.stopped"]  # fmt: skip


def test_after_the_step_it_is_for_the_next_session(tmp_path: Path) -> None:
    home = tmp_path / "home"
    turns = [(turn.coach, turn.says) for turn in FIRST.turns]
    held = typed(home, *turns[:-1], ("ask.action", "use the dogs ladder"), ("ladders.sure", "yes"), turns[-1], days=0)
    assert held.outcome.how == "went"
    assert "ladders.next_time" in keys(held)
    assert active(home) == "dogs"


def test_a_question_about_danger_is_not_left_by_it(tmp_path: Path) -> None:
    held = typed(tmp_path / "home", ("ask.fear", "I feel like a burden to everyone"),
                 ("danger.check", "change ladder"))  # fmt: skip
    assert keys(held)[-2:] == ["danger.check", "danger.check"]
    assert "ladders.which" not in keys(held)


def test_they_are_told(tmp_path: Path) -> None:
    home = lived(tmp_path / "home")
    typed(home, ("ask.note", "use the dogs ladder"), ("ladders.sure", "yes"), ("screen.since", "stop"))
    held = typed(home, ("ask.note", "my ladders"), ("ask.note", "stop"), days=2)
    texts = [line.text for line in held.lines if line.key.startswith("ladders.")]
    assert texts == ["You are on dogs.", "You also began speaking in front of others.",
                     "Say change ladder to take another."]  # fmt: skip
    hidden = typed(home, ("ask.note", "my ladders"), ("ask.note", "stop"), days=3, private=True)
    assert "dogs" not in " ".join(line.text for line in hidden.lines)
    assert "ladders.same" in keys(typed(home, ("ask.note", "use the dogs ladder"), ("ask.note", "stop"), days=4))
