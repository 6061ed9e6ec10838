"""Learning a voice in a session: by asking for words, by answers that were confirmed; forgetting it; and not at all."""

from __future__ import annotations

import io
import random
import stat
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hearing import ENGLISH, quiet, say
from understanding import shipped, understanding

from voice_coach.app import hold_typed
from voice_coach.coach.controls import Manner
from voice_coach.lessons import MOST_SILENCES, TAKES, Lessons
from voice_coach.listen import example_file
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.learned import Learned
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.settings import Settings
from voice_coach.words import Ask, Expects, Heard, Match, Move, Reply, Say, Silence

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = (*NUMBERS, "yes", "no", "stop")

Answering = Callable[[str, int], bytes]
"""(word asked for, how often it was asked before) → what the person says."""


@pytest.fixture
def learned(pocketsphinx: PocketSphinx) -> Learned:
    pocketsphinx.forget_session()
    return Learned(pocketsphinx, ())


def twice(word: str, before: int) -> bytes:
    return say(word, ENGLISH, 145 + 15 * before)


def hear(learned: Learned, sound: bytes, expects: Expects) -> Heard:
    return hear_recording(learned, sound, understanding().phrases(expects), expects.kind)


def hold(lessons: Lessons, learned: Learned, name: str, answering: Answering) -> tuple[list[str], list[str]]:
    """Run an errand with a person who answers; the words asked for, and the keys of the lines said."""
    asked: list[str] = []
    said: list[str] = []
    script = lessons.errands()[name]("ask.before", Manner())
    reply: Reply | None = None
    while True:
        try:
            move: Move = next(script) if reply is None else script.send(reply)
        except StopIteration:
            return asked, said
        reply = Reply(None, NOW)
        if isinstance(move, Say):
            said.append(move.key)
        if isinstance(move, Ask):
            word = str(move.blanks["word"]) if move.key == "learn.word" else move.key
            sound = answering(word, asked.count(word))
            asked.append(word)
            value = understanding().understand(hear(learned, sound, move.expects), move.expects).answer
            reply = Reply(value if sound else Silence(), NOW)


def kept(home: Path) -> Counter[str]:
    return Counter(example.word for example in example_file.read(example_file.path_of(home)))


def test_each_word_is_asked_for_twice_in_random_order_and_used_at_once(learned: Learned, tmp_path: Path) -> None:
    sound = say("seven", ENGLISH, 130)
    alone = hear(learned, sound, Expects("rating"))
    lessons = Lessons(tmp_path, shipped(), learned=learned, chance=random.Random(1))
    asked, said = hold(lessons, learned, "learn_voice", twice)
    assert Counter(asked) == dict.fromkeys(WORDS, TAKES)
    assert asked[: len(WORDS)] != sorted(asked[: len(WORDS)], key=WORDS.index)
    assert said == ["learn.opening", "learn.done"]
    found = kept(tmp_path)
    assert set(found) <= set(WORDS)
    assert sum(found.values()) >= len(WORDS)
    assert stat.S_IMODE(example_file.path_of(tmp_path).stat().st_mode) == 0o600
    assert found["seven"] > 0
    beside = hear(learned, sound, Expects("rating"))
    assert beside.text == "seven"
    assert beside.score > (alone.score if alone.text == "seven" else 0.6)


def test_done_leaves_the_lesson_and_keeps_what_there_is(learned: Learned, tmp_path: Path) -> None:
    order = Lessons(tmp_path, shipped(), learned=learned, chance=random.Random(2))._order()
    left_at = order.index("yes") if order.index("yes") > 2 else order.index("no")

    def leaves(word: str, before: int) -> bytes:
        return say("stop", ENGLISH) if word == order[left_at] else twice(word, before)

    asked, said = hold(
        Lessons(tmp_path, shipped(), learned=learned, chance=random.Random(2)), learned, "learn_voice", leaves
    )
    assert asked == order[: left_at + 1]
    assert said[-1] in ("learn.done", "learn.nothing")
    assert set(kept(tmp_path)) <= set(order[:left_at])


def test_nobody_there(learned: Learned, tmp_path: Path) -> None:
    asked, said = hold(Lessons(tmp_path, shipped(), learned=learned), learned, "learn_voice", lambda *_: b"")
    assert len(asked) == MOST_SILENCES
    assert said == ["learn.opening", "learn.nothing"]
    assert not example_file.path_of(tmp_path).exists()


def test_wrong_words_all_through_are_not_believed(learned: Learned, tmp_path: Path) -> None:
    def wrong(word: str, before: int) -> bytes:
        return twice(NUMBERS[(NUMBERS.index(word) + 3) % 11] if word in NUMBERS else word, before)

    hold(Lessons(tmp_path, shipped(), learned=learned), learned, "learn_voice", wrong)
    assert sum(kept(tmp_path)[word] for word in NUMBERS) <= 3


class TestConfirmed:
    """Answers that the person let stand become examples."""

    def session(self, learned: Learned, home: Path) -> tuple[Lessons, Callable[[bytes, Expects], object]]:
        lessons = Lessons(home, shipped(), learned=learned)
        attend = lessons.attending(understanding().understand)
        return lessons, lambda sound, expects: attend(hear(learned, sound, expects), expects).answer

    def test_an_echo_that_is_not_corrected(self, learned: Learned, tmp_path: Path) -> None:
        lessons, answer = self.session(learned, tmp_path)
        meant = answer(say("four", ENGLISH), Expects("rating"))
        assert isinstance(meant, Match)
        lessons.keep()
        assert kept(tmp_path) == {}
        answer(say("yes", ENGLISH), Expects("yes-no", corrects="rating"))
        lessons.keep()
        assert kept(tmp_path) == {"four": 1}
        assert example_file.read(example_file.path_of(tmp_path))[0].heard == 1.0

    @pytest.mark.parametrize("then", ["no six", "go back"])
    def test_one_that_is_corrected_is_none(self, learned: Learned, tmp_path: Path, then: str) -> None:
        lessons, answer = self.session(learned, tmp_path)
        answer(say("four", ENGLISH), Expects("rating"))
        expects = Expects("yes-no", corrects="rating")
        lessons.attending(understanding().understand)(Heard(then), expects)
        answer(say("yes", ENGLISH), expects)
        lessons.keep()
        assert kept(tmp_path) == {}

    @pytest.mark.parametrize(("reply", "examples"), [("yes", {"four": 1}), ("no", {})])
    def test_a_yes_to_did_you_say(self, learned: Learned, tmp_path: Path, reply: str, examples: dict[str, int]) -> None:
        lessons = Lessons(tmp_path, shipped(), learned=learned)
        attend = lessons.attending(understanding().understand)
        hear(learned, say("four", ENGLISH), Expects("rating"))
        attend(Heard("four", score=0.4, manner="rough"), Expects("rating"))  # too weak to be taken without asking
        attend(Heard(reply, score=0.99, manner="rough"), Expects("yes-no", corrects="rating"))
        lessons.keep()
        assert kept(tmp_path) == examples

    def test_what_was_more_than_the_word_is_none(self, learned: Learned, tmp_path: Path) -> None:
        lessons, answer = self.session(learned, tmp_path)
        hear(learned, say("about four", ENGLISH), Expects("rating"))
        more = Heard("about four", score=0.95, manner="rough")
        assert isinstance(lessons.attending(understanding().understand)(more, Expects("rating")).answer, Match)
        answer(say("yes", ENGLISH), Expects("yes-no", corrects="rating"))
        lessons.keep()
        assert kept(tmp_path) == {}


class TestForgetting:
    def test_after_a_yes_nothing_is_left_and_nothing_is_learned(self, learned: Learned, tmp_path: Path) -> None:
        lessons = Lessons(tmp_path, shipped(), learned=learned, chance=random.Random(1))
        hold(lessons, learned, "learn_voice", twice)
        path = example_file.path_of(tmp_path)
        path.with_suffix(".damaged").write_bytes(b"set aside before")
        alone = hear(Learned(learned._recognizer, ()), say("seven", ENGLISH), Expects("rating"))
        asked, said = hold(lessons, learned, "forget_voice", lambda *_: say("yes", ENGLISH))
        assert (asked, said) == (["forget.sure"], ["forget.done"])
        assert list(path.parent.iterdir()) == []
        assert hear(learned, say("seven", ENGLISH), Expects("rating")).text == alone.text
        attend = lessons.attending(understanding().understand)
        for expects in (Expects("rating"), Expects("rating", corrects="rating")):
            attend(hear(learned, say("seven", ENGLISH), expects), expects)
        lessons.keep()
        assert not path.exists()

    def test_anything_but_a_yes_keeps_it(self, learned: Learned, tmp_path: Path) -> None:
        lessons = Lessons(tmp_path, shipped(), learned=learned, chance=random.Random(1))
        hold(lessons, learned, "learn_voice", twice)
        before = example_file.path_of(tmp_path).read_bytes()
        _, said = hold(lessons, learned, "forget_voice", lambda *_: say("no", ENGLISH))
        assert said == ["forget.kept"]
        assert example_file.path_of(tmp_path).read_bytes() == before

    def test_where_nothing_was_learned(self, learned: Learned, tmp_path: Path) -> None:
        assert hold(Lessons(tmp_path, shipped()), learned, "forget_voice", twice) == ([], ["forget.nothing"])


@pytest.mark.parametrize("why", ["learn.typed", "learn.kiosk"])
def test_where_nothing_may_be_learned_it_says_so_and_keeps_nothing(learned: Learned, tmp_path: Path, why: str) -> None:
    lessons = Lessons(tmp_path, shipped(), unheard="learn.kiosk" if why == "learn.kiosk" else "learn.typed")
    assert hold(lessons, learned, "learn_voice", twice) == ([], [why])
    attend = lessons.attending(understanding().understand)
    for expects in (Expects("rating"), Expects("rating", corrects="rating")):
        attend(hear(learned, say("four", ENGLISH), expects), expects)
    lessons.keep()
    assert not example_file.path_of(tmp_path).exists()


def test_by_keyboard(tmp_path: Path) -> None:
    path = example_file.path_of(tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"examples")
    out = io.StringIO()
    typed = io.BytesIO(b"learn my voice\nforget my voice\nyes\nforget my voice\nstop\n")
    hold_typed(Settings(tmp_path), typed, out, terminal=False, real_time=False)
    lines = {key: shipped().lines[key].say for key in ("learn.typed", "forget.sure", "forget.done", "forget.nothing")}
    places = [out.getvalue().index(text) for text in lines.values()]
    assert places == sorted(places)
    assert not path.exists()


def test_silence_has_no_example(learned: Learned) -> None:
    hear(learned, quiet(1.0), Expects("rating"))
    assert learned.latest is not None
    assert learned.latest.read.score <= 1
