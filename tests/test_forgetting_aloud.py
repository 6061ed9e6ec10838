"""Forgetting by voice: read back first, kept after anything but a clear yes, gone from every file, never less safe."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conversing import Held, Turn, hold, read

from voice_coach.archive import Wanted, forget
from voice_coach.listen.example_file import path_of
from voice_coach.remember import forgetting
from voice_coach.remember.store import Store
from voice_coach.settings import Settings

FIRST = read("first_session")
TOMORROW = FIRST.now + timedelta(days=1)
SAID = ("weekly meeting", "my voice will shake", "shaking voice", "send the message", "in the kitchen")


def typed(home: Path, *turns: tuple[str, str], now: datetime = TOMORROW) -> Held:
    return hold(home, tuple(Turn(coach, says) for coach, says in turns), now, FIRST.zone)


def lived(home: Path, *names: str) -> Path:
    for name in names or ("first_session",):
        conversation = read(name)
        hold(home, conversation.turns, conversation.now, conversation.zone)
    return home


def found(home: Path, words: str) -> list[str]:
    """The files of the home that hold these words."""
    return [path.name for path in home.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


def keys(held: Held) -> list[str]:
    return [line.key for line in held.lines]


def test_everything_is_gone_from_every_file_while_the_session_still_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lived(tmp_path / "home")
    path = path_of(home)
    path.parent.mkdir()
    path.write_bytes(b"x")
    assert all(found(home, words) for words in SAID)
    left: list[list[str]] = []
    proved = forgetting.prove

    def look(*arguments: object) -> int:
        count = proved(*arguments)  # type: ignore[arg-type]
        assert (home / "coach.db-wal").exists(), "the journal is open"
        left.append([name for words in SAID for name in found(home, words)])
        return count

    monkeypatch.setattr(forgetting, "prove", look)
    held = typed(home, ("ask.note", "forget everything"), ("forget.all", "yes"))
    assert (held.outcome.how, held.outcome.reason, held.outcome.planned) == ("forgotten", "all_done", True)
    assert left == [[]]
    assert held.lines[-1].text.startswith("Everything is forgotten")
    [asked] = [line.text for line in held.lines if line.key == "forget.all"]
    assert "for good" in asked
    assert "Sessions: two." in asked
    with closing(Store(home / "coach.db")) as store:
        history = store.history(FIRST.zone)
        assert store.unfinished() is None
    assert (history.sessions, history.exposures, history.ladder, history.learned) == (0, (), None, "")
    again = typed(home, ("ask.fear", "stop"), now=TOMORROW + timedelta(days=1))
    assert keys(again)[0] == "say.opening", "as at the first time"


@pytest.mark.parametrize(
    ("command", "question", "answer"),
    [
        *(
            ("forget everything", "forget.all", answer)
            for answer in ("no", "maybe", "later perhaps", "sort of", "", "wait")
        ),
        ("forget this session", "forget.session", "no"),
        ("forget this ladder", "forget.ladder", "no"),
    ],
)
def test_anything_but_a_clear_yes_keeps_it_all(tmp_path: Path, command: str, question: str, answer: str) -> None:
    home = lived(tmp_path / "home")
    held = typed(home, ("ask.note", command), (question, answer))
    assert held.outcome.how == "input_ended"
    assert "forget.all_done" not in keys(held)
    assert all(found(home, words) for words in SAID)


def test_only_this_session_is_forgotten(tmp_path: Path) -> None:
    home = lived(tmp_path / "home")
    held = typed(
        home, ("ask.note", "skip"), ("screen.since", "no"), ("ask.before", "two"),
        ("ask.commitment", "I will whistle at my desk now until the tune is over"),
        ("ask.safety", "skip"), ("ask.prediction", "forget this session"), ("forget.session", "yes"),
    )  # fmt: skip
    assert held.outcome.how == "forgotten"
    assert not found(home, "whistle")
    assert all(found(home, words) for words in SAID)
    with closing(Store(home / "coach.db")) as store:
        assert [check.value for check in store.history(FIRST.zone).check_ins] == [3.0]
        assert store.unfinished() is None


def test_a_ladder_goes_with_what_was_said_on_it_and_the_others_stay(tmp_path: Path) -> None:
    home = lived(tmp_path / "home")
    later = TOMORROW + timedelta(days=1)
    typed(home, ("ask.note", "use the dogs ladder"), ("ladders.sure", "yes"), ("screen.since", "stop"))
    held = typed(home, ("ask.note", "forget this ladder"), ("forget.ladder", "yes"), now=later)
    [asked] = [line.text for line in held.lines if line.key == "forget.ladder"]
    assert "the ladder dogs and all that was said on it" in asked
    assert all(found(home, words) for words in SAID)
    with closing(Store(home / "coach.db")) as store:
        assert store.history(FIRST.zone).ladder == "public_speaking"
    held = typed(home, ("ask.note", "forget this ladder"), ("forget.ladder", "yes"), now=later)
    assert held.outcome.reason == "ladder_done"
    assert not [name for words in SAID for name in found(home, words)]


def test_without_a_ladder_there_is_none_to_forget(tmp_path: Path) -> None:
    assert "forget.no_ladder" in keys(typed(tmp_path, ("ask.fear", "forget this ladder")))


@pytest.mark.parametrize(
    ("conversation", "reason", "opening"),
    [
        ("suicide_yes", "latch", (("crisis.welcome_back", "no"),)),
        ("minor", "minor", ()),
    ],
)
def test_what_keeps_a_person_safe_outlives_forgetting(
    tmp_path: Path, conversation: str, reason: str, opening: tuple[tuple[str, str], ...]
) -> None:
    home, then = lived(tmp_path / "home", conversation), read(conversation).now
    turns = (*opening, ("stabilise.offer", "forget everything"), ("forget.all", "yes"))
    before = typed(home, *turns, now=then + timedelta(hours=1))
    assert before.outcome.how == "forgotten", keys(before)
    after = typed(home, *opening, now=then + timedelta(hours=21))
    assert f"refuse.{reason}" in keys(after)
    assert not [key for key in keys(after) if key.startswith(("resume.", "say.begin"))]


def test_after_a_harm_message_forgetting_takes_the_command_and_practice_stays_shut(tmp_path: Path) -> None:
    """Aloud not one word follows "stop", so nothing can be asked about there."""
    home, then = lived(tmp_path / "home", "danger_harm"), read("danger_harm").now
    assert list(forget(Settings(home), Wanted("all"), lambda _: True, then + timedelta(hours=1)))
    assert not found(home, "husband")
    after = typed(home, ("harm.offer", "stop"), now=then + timedelta(hours=21))
    assert (after.outcome.reason, keys(after)) == ("latch", ["harm.offer"])


def test_no_message_in_danger_is_left_by_forgetting(tmp_path: Path) -> None:
    held = typed(tmp_path, ("ask.fear", "I want to kill myself"), ("crisis.offer", "forget everything"))
    assert "forget.all" not in keys(held)
    assert held.outcome.how == "crisis"
    asked = typed(tmp_path / "b", ("ask.fear", "I feel like a burden to everyone"),
                  ("danger.check", "forget everything"))  # fmt: skip
    assert keys(asked).count("danger.check") == 2
    assert "forget.all" not in keys(asked)


def test_what_could_not_be_proved_is_not_called_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = lived(tmp_path / "home")
    monkeypatch.setattr(Store, "sweep", lambda _: None)
    monkeypatch.setattr(forgetting, "erase", lambda *_, **__: (0, 0))
    monkeypatch.setattr(forgetting, "left_over", lambda _: "")
    held = typed(home, ("ask.note", "forget everything"), ("forget.all", "yes"))
    assert held.outcome.reason == "not_proved"
    assert "could not prove" in held.lines[-1].text


def test_in_private_the_ladder_is_not_named(tmp_path: Path) -> None:
    home = lived(tmp_path / "home")
    turns = (Turn("ask.note", "forget this ladder"), Turn("forget.ladder", "no"))
    held = hold(home, turns, TOMORROW, FIRST.zone, private=True)
    [asked] = [line.text for line in held.lines if line.key == "forget.ladder"]
    assert "speaking" not in asked
