"""The ear: where utterances begin and end, and what is told of them. Voice is given block by block."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from voice_coach.listen.ear import Ear
from voice_coach.listen.endpoint import LAG, PRE_ROLL, SECONDS
from voice_coach.listen.hearing import hear_out
from voice_coach.listen.recognizer import BLOCK, Decoded
from voice_coach.ports import Complete, Turn
from voice_coach.words import Event, Expects, Heard, Kind, Manner, SpeechBegan

YES = Decoded("yes", 0.9)
LOUD, SILENT = b"\x01\x00" * BLOCK, b"\0\0" * BLOCK


class Loudness:
    """A detector that takes what is not zero for speech."""

    def speech(self, block: bytes) -> float:
        return 1.0 if block[0] else 0.0

    def reset(self) -> None:
        pass


@dataclass
class Counting:
    """A recognizer that hears one phrase and keeps count of what it is asked."""

    reads: Decoded = YES
    words: str = "free words"
    leans: str = ""
    name: str = "counting"
    manner: Manner = "rough"
    fed: list[bytes] = field(default_factory=list)
    under: list[tuple[str, ...]] = field(default_factory=list)
    ended: int = 0
    decoded: int = 0

    def load(self) -> None:
        pass

    def begin(self, phrases: tuple[str, ...]) -> None:
        self.under.append(phrases)
        self.fed.clear()

    def feed(self, block: bytes) -> None:
        self.fed.append(block)

    def closed(self) -> Decoded:
        self.decoded += 1
        return self.reads

    def free(self) -> str:
        return self.words

    def leaning(self) -> str:
        return self.leans

    def end(self) -> None:
        self.ended += 1

    def forget_session(self) -> None:
        pass

    def close(self) -> None:
        pass


class Room:
    """Feeds an ear seconds of voice and quiet, and keeps the events."""

    def __init__(self, complete: Complete = "complete", **turn: object) -> None:
        self.recognizer = Counting()
        self.ear = Ear(self.recognizer, Loudness())
        self.turn = Turn(Expects("yes-no"), "short", ("yes", "no"), lambda _: complete)
        self.turn = replace(self.turn, **turn)  # type: ignore[arg-type]
        self.blocks = 0
        self.events: list[Event] = []

    def now(self) -> float:
        return self.blocks * SECONDS

    def feed(self, block: bytes, seconds: float) -> None:
        for _ in range(round(seconds / SECONDS)):
            self.blocks += 1
            self.events += self.ear.feed(block, self.now())

    def voice(self, seconds: float) -> None:
        self.feed(LOUD, seconds)

    def quiet(self, seconds: float) -> None:
        self.feed(SILENT, seconds)

    def heard(self) -> list[Heard]:
        return [event for event in self.events if isinstance(event, Heard)]


@pytest.mark.parametrize(
    ("complete", "seconds"), [("complete", 0.35 - LAG), ("may_continue", 0.6 - LAG), ("incomplete", 1.0)]
)
def test_an_utterance_is_heard_once_after_its_pause(complete: Complete, seconds: float) -> None:
    room = Room(complete)
    room.ear.open(room.turn)
    room.quiet(0.5)
    room.voice(0.5)
    spoken = room.now()
    room.quiet(2.0)
    began, heard = room.events
    assert isinstance(began, SpeechBegan)
    assert isinstance(heard, Heard)
    assert began.at == heard.began
    assert heard.began == pytest.approx(0.5, abs=SECONDS)
    assert seconds <= heard.at - spoken + SECONDS / 4 <= seconds + 2 * SECONDS
    assert (heard.text, heard.free, heard.score, heard.manner) == ("yes", "free words", 0.9, "rough")
    assert room.recognizer.under == [("yes", "no")]
    assert room.recognizer.decoded == 1  # looked at early, and not again at the end


def test_a_pause_inside_an_utterance_does_not_end_it() -> None:
    room = Room("may_continue")
    room.ear.open(room.turn)
    for _ in range(2):
        room.voice(0.5)
        room.quiet(0.45)
    assert not room.heard()
    room.quiet(1.0)
    assert len(room.heard()) == 1
    assert room.recognizer.decoded == 2  # once a pause, and not again at the end


def test_first_sounds_are_kept() -> None:
    room = Room()
    room.ear.open(room.turn)
    room.quiet(1.0)
    room.voice(0.5)
    before = room.recognizer.fed.index(LOUD)
    assert before * SECONDS >= 0.3
    assert before * SECONDS == pytest.approx(PRE_ROLL, abs=SECONDS)


def test_a_click_is_nothing_at_all() -> None:
    room = Room()
    room.ear.open(room.turn)
    room.voice(0.064)
    room.quiet(2.0)
    assert room.events == []
    assert room.recognizer.under == []


def test_doubtful_words_do_not_shorten_the_wait() -> None:
    room = Room("complete")
    room.recognizer.reads = Decoded("yes", 0.1)
    room.ear.open(room.turn)
    room.voice(0.5)
    room.quiet(0.9)
    assert not room.heard()
    room.quiet(0.2)
    assert len(room.heard()) == 1


def test_opening_a_turn_drops_what_was_begun() -> None:
    room = Room()
    room.ear.open(room.turn)
    room.voice(0.5)
    room.ear.open(room.turn)
    room.quiet(2.0)
    assert [type(event) for event in room.events] == [SpeechBegan]
    assert room.recognizer.ended == 1


def test_a_closed_ear_tells_nothing() -> None:
    room = Room()
    room.ear.open(room.turn)
    room.ear.close()
    room.voice(0.5)
    room.quiet(2.0)
    assert room.events == []


def test_speech_during_a_line_and_just_after_it_is_overlap() -> None:
    room = Room()
    room.ear.open(replace(room.turn, speaking=True))
    room.voice(0.5)
    room.quiet(1.0)
    room.ear.close()
    room.ear.open(room.turn)
    room.quiet(0.1)
    room.voice(0.5)
    room.quiet(1.0)
    room.voice(0.5)
    room.quiet(1.0)
    assert [heard.overlap for heard in room.heard()] == [True, True, False]


def test_the_coachs_own_last_word_does_not_lead_the_answer() -> None:
    room = Room()
    room.ear.open(replace(room.turn, speaking=True))
    room.feed(b"\0\x07" * BLOCK, 1.0)  # below the detector's notice, and yet the coach
    room.ear.close()
    room.ear.open(room.turn)
    room.quiet(0.25)
    room.voice(0.5)
    assert not any(block[1] for block in room.recognizer.fed)


def test_in_an_exposure_only_what_stands_alone_is_quiet() -> None:
    room = Room(pace="exposure", expects=Expects("command"))
    room.ear.open(room.turn)
    room.voice(0.5)
    room.quiet(1.0)
    room.voice(0.5)
    room.quiet(0.85)
    room.ear.open(room.turn)
    room.voice(3.0)
    room.ear.open(room.turn)  # in mid-speech: what follows is not apart from what came before
    room.voice(0.5)
    room.quiet(1.0)
    assert [heard.quiet for heard in room.heard()] == [True, True, False]


def test_an_exposures_utterance_ends_after_its_pause_whatever_the_words() -> None:
    room = Room("complete", pace="exposure")
    room.ear.open(room.turn)
    room.voice(0.5)
    room.quiet(0.7)
    assert not room.heard()
    room.quiet(0.2)
    assert len(room.heard()) == 1


def test_speech_without_end_is_cut_and_goes_on() -> None:
    room = Room()
    room.ear.open(room.turn)
    room.voice(61.0)
    first, second = room.heard()
    assert first.at == pytest.approx(30.0, abs=0.1)
    assert not first.quiet
    assert not second.quiet
    assert sum(isinstance(event, SpeechBegan) for event in room.events) == 3


def test_a_reflection_hands_on_every_long_pause() -> None:
    room = Room("may_continue", pace="reflection", expects=Expects("text"))
    room.recognizer.reads = Decoded("stop", 0.1)
    room.ear.open(room.turn)
    for _ in range(2):
        room.voice(1.0)
        room.quiet(2.4)
        room.voice(1.0)
        room.quiet(2.7)
    assert [heard.text for heard in room.heard()] == ["free words", "free words"]


def test_noise_without_words_is_a_miss() -> None:
    room = Room()
    room.recognizer.reads, room.recognizer.words = Decoded("", 0.0), ""
    room.ear.open(room.turn)
    room.voice(0.5)
    room.quiet(1.2)
    (heard,) = room.heard()
    assert (heard.text, heard.free, heard.score) == ("", "", 0.0)


def test_a_turn_for_text_takes_a_command_or_the_free_words() -> None:
    for reads, text in ((Decoded("stop", 0.9), "stop"), (Decoded("stop", 0.3), "free words")):
        room = Room(pace="open", expects=Expects("text"))
        room.recognizer.reads = reads
        room.ear.open(room.turn)
        room.voice(1.0)
        room.quiet(3.0)
        assert [heard.text for heard in room.heard()] == [text]


@pytest.mark.parametrize(
    ("kind", "score", "leaning"),
    [("yes-no", 0.9, ""), ("yes-no", 0.5, "leaned towards"), ("text", 0.9, "leaned towards")],
)
def test_words_leaned_towards_are_read_where_the_grammar_does_not_explain_the_sound(
    kind: Kind, score: float, leaning: str
) -> None:
    recognizer = Counting(reads=Decoded("yes", score), leans="leaned towards")
    assert hear_out(recognizer, None, kind).leaning == leaning
    assert recognizer.ended == 1
