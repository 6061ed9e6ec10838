"""One contract, held by every recognizer; and one for the listeners, which need no device here."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import cast

import pytest
from hearing import ENGLISH, KOREAN, STABLE, quiet, say

from voice_coach.clocks import RealClock
from voice_coach.errors import BadInput, CoachError, Missing
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import BLOCK, RATE, Decoded, Recognizer
from voice_coach.listen.typed import Typed
from voice_coach.listen.vosk import Vosk
from voice_coach.listen.wav import WavFile
from voice_coach.ports import Events, Listener, Turn
from voice_coach.words import Ended, Event, Expects, Heard, SpeechBegan

ACT = 0.6
"""The probability from which on the coach acts without asking."""


@dataclass(frozen=True, slots=True)
class Case:
    """A recognizer and words of its language that it hears well."""

    recognizer: Recognizer
    fresh: Callable[[], Recognizer]
    """Another one, not loaded."""
    voice: str
    words: tuple[str, ...]
    odd: str
    """A word that it does not know."""

    def sound(self, place: int) -> bytes:
        return say(self.words[place], self.voice)


@pytest.fixture(params=["vosk", "pocketsphinx"])
def case(request: pytest.FixtureRequest) -> Case:
    recognizer: Recognizer
    if request.param == "vosk":
        recognizer, model = request.getfixturevalue("korean"), request.getfixturevalue("korean_model")
        made = Case(recognizer, lambda: Vosk(model), KOREAN, STABLE, "qqqq")
    else:
        recognizer = request.getfixturevalue("pocketsphinx")
        made = Case(recognizer, PocketSphinx, ENGLISH, ("seven", "yes", "nine", "repeat"), "qqqq")
    recognizer.forget_session()
    return made


def feed(recognizer: Recognizer, sound: bytes) -> None:
    for place in range(0, len(sound), 2 * BLOCK):
        recognizer.feed(sound[place : place + 2 * BLOCK])


def hear(case: Case, sound: bytes, phrases: tuple[str, ...] | None = None) -> tuple[Decoded, str]:
    case.recognizer.begin(case.words if phrases is None else phrases)
    feed(case.recognizer, sound)
    closed = case.recognizer.closed()
    free = case.recognizer.free()
    case.recognizer.end()
    return closed, free


def test_it_says_its_name_and_how_far_its_words_can_be_trusted(case: Case) -> None:
    assert (case.recognizer.name, case.recognizer.manner) in {("vosk", "verbatim"), ("pocketsphinx", "rough")}


@pytest.mark.parametrize("place", range(4))
def test_a_phrase_is_heard_with_its_probability(case: Case, place: int) -> None:
    closed, _ = hear(case, case.sound(place))
    assert closed.text == case.words[place]
    assert 0.3 < closed.score < 1.0


def test_a_closed_reading_can_be_asked_for_again(case: Case) -> None:
    case.recognizer.begin(case.words)
    feed(case.recognizer, case.sound(0))
    first = case.recognizer.closed()
    assert case.recognizer.closed() == first
    assert first.text == case.words[0]
    case.recognizer.end()


def test_asking_early_changes_nothing_later(case: Case) -> None:
    plain, _ = hear(case, case.sound(0))
    case.recognizer.forget_session()
    sound = case.sound(0)
    case.recognizer.begin(case.words)
    for place in range(0, len(sound), 2 * BLOCK):
        case.recognizer.feed(sound[place : place + 2 * BLOCK])
        if place % (10 * 2 * BLOCK) == 0:
            case.recognizer.closed()
    assert case.recognizer.closed().text == plain.text == case.words[0]
    case.recognizer.end()


def test_blocks_may_be_of_any_length(case: Case) -> None:
    sound = case.sound(1)
    case.recognizer.begin(case.words)
    for place in range(0, len(sound), 7_001 * 2):
        case.recognizer.feed(sound[place : place + 7_001 * 2])
    assert case.recognizer.closed().text == case.words[1]
    case.recognizer.end()


def test_nothing_fed_is_nothing(case: Case) -> None:
    assert hear(case, b"") == (Decoded("", 0.0), "")


@pytest.mark.parametrize("seconds", [0.3, 3.0])
def test_silence_is_nothing_to_act_on(case: Case, seconds: float) -> None:
    closed, _ = hear(case, quiet(seconds))
    assert closed.text == "" or closed.score < ACT


def test_the_free_words_are_there_with_and_without_a_grammar(case: Case) -> None:
    for phrases in (case.words, ()):
        assert hear(case, case.sound(1) + case.sound(0), phrases)[1]


def test_no_grammar_gives_no_closed_reading(case: Case) -> None:
    assert hear(case, case.sound(0), ())[0] == Decoded("", 0.0)


def test_only_phrases_of_the_grammar_are_returned(case: Case) -> None:
    for grammar in (case.words[2:], (f"{case.words[0]} {case.words[1]}", case.words[3])):
        for sound in (case.sound(0), case.sound(1), case.sound(1) + case.sound(0), quiet(1.0)):
            closed, _ = hear(case, sound, grammar)
            assert closed.text in ("", *grammar)
            assert {text for text, _ in closed.others} <= {*grammar} - {closed.text}
            assert all(0.0 <= score <= 1.0 for score in (closed.score, *(score for _, score in closed.others)))


def test_a_phrase_that_it_cannot_hear_spoils_no_other(case: Case) -> None:
    assert hear(case, case.sound(0), (case.odd, f"{case.odd} {case.words[0]}", *case.words))[0].text == case.words[0]


def test_phrases_that_it_cannot_hear_at_all_are_nothing(case: Case) -> None:
    assert hear(case, case.sound(0), (case.odd,))[0] == Decoded("", 0.0)


def test_one_utterance_after_another(case: Case) -> None:
    order = (0, 1, 0, 2, 1)
    assert [hear(case, case.sound(place))[0].text for place in order] == [case.words[place] for place in order]


def test_a_dropped_utterance_is_forgotten(case: Case) -> None:
    case.recognizer.begin(case.words)
    feed(case.recognizer, case.sound(1))
    case.recognizer.end()
    assert hear(case, case.sound(0))[0].text == case.words[0]
    case.recognizer.begin(case.words)
    feed(case.recognizer, case.sound(1))
    assert hear(case, b"") == (Decoded("", 0.0), "")


def test_ending_what_is_over_is_harmless(case: Case) -> None:
    hear(case, case.sound(0))
    case.recognizer.end()
    case.recognizer.end()
    assert hear(case, case.sound(0))[0].text == case.words[0]


def test_a_forgotten_session_changes_nothing_for_the_next(case: Case) -> None:
    first = hear(case, case.sound(0))
    hear(case, case.sound(1))
    hear(case, quiet(1.0))
    case.recognizer.forget_session()
    assert hear(case, case.sound(0)) == first


def test_loading_twice_loads_once(case: Case) -> None:
    case.recognizer.begin(case.words)
    feed(case.recognizer, case.sound(0))
    case.recognizer.load()
    assert case.recognizer.closed().text == case.words[0]
    case.recognizer.end()


def test_closing_twice_and_before_loading_is_harmless(case: Case) -> None:
    fresh = case.fresh()
    fresh.close()
    fresh.close()


def test_it_can_be_loaded_again_after_closing(case: Case) -> None:
    case.recognizer.close()
    case.recognizer.close()
    case.recognizer.load()
    assert hear(case, case.sound(0))[0].text == case.words[0]


# --- listeners ------------------------------------------------------------------------------------

ANSWER = Turn(Expects("choice", ("seven", "yes")), phrases=("seven", "yes"), is_complete=lambda _: "complete")


def next_event(events: Events, seconds: float = 60.0) -> Event:
    return events.get(timeout=seconds)


def next_heard(events: Events) -> Heard:
    while not isinstance(event := next_event(events), Heard):
        assert isinstance(event, SpeechBegan)
    return event


def write_wav(path: Path, sound: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
    return path


def spoken(tmp_path: Path, *words: str) -> Path:
    """A file with these words, 1.5 s apart."""
    gap = quiet(0.6)
    return write_wav(tmp_path / "said.wav", gap + b"".join(say(word, ENGLISH) + quiet(0.8) for word in words))


Listening = tuple[Listener, Events]


@pytest.fixture(params=["typed", "wav"])
def listening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listening]:
    """A listener to whom "seven" and then "yes" is said."""
    events: Events = SimpleQueue()
    listener: Listener
    if request.param == "typed":
        listener = Typed(io.BytesIO(b"seven\nyes\n"), events, lambda: 0.0)
    else:
        pytest.importorskip("pocketsphinx", reason="there is no PocketSphinx for this Python")
        listener = WavFile(spoken(tmp_path, "seven", "yes"), PocketSphinx(), events)
    yield listener, events
    listener.shut()


def test_every_utterance_meets_its_own_turn_and_then_input_ends(listening: Listening) -> None:
    listener, events = listening
    listener.start()
    for word in ("seven", "yes"):
        with pytest.raises(Empty):
            next_event(events, 0.3)  # nobody asked
        listener.open(ANSWER)
        heard = next_heard(events)
        listener.close()
        assert (heard.text, heard.manner) == (word, listener.manner)
    listener.open(ANSWER)
    assert isinstance(next_event(events), Ended)


def test_shutting_twice_and_before_starting_is_harmless(listening: Listening) -> None:
    listener, _ = listening
    listener.shut()
    listener.shut()


def test_shutting_in_the_middle_of_a_turn_ends_it_unheard(listening: Listening) -> None:
    listener, events = listening
    listener.start()
    listener.shut()
    with pytest.raises(Empty):
        next_event(events, 0.3)


# --- the file as a microphone ---------------------------------------------------------------------


def heard_in(path: Path, recognizer: Recognizer, turn: Turn) -> list[Event]:
    """Everything posted while one turn stays open until the file ends."""
    events: Events = SimpleQueue()
    listener = WavFile(path, recognizer, events)
    listener.start()
    listener.open(turn)
    found: list[Event] = []
    while not found or not isinstance(found[-1], Ended):
        found.append(next_event(events))
        if isinstance(found[-1], Heard) and turn.pace != "exposure":
            listener.open(turn)
    listener.shut()
    return found


def test_a_file_heard_as_fast_as_possible_tells_its_own_times(tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    found = heard_in(spoken(tmp_path, "seven", "yes"), PocketSphinx(), ANSWER)
    assert [type(event) for event in found] == [SpeechBegan, Heard, SpeechBegan, Heard, Ended]
    first = cast(Heard, found[1])
    assert 0.8 < first.began < 1.2
    assert first.began < first.at < cast(Heard, found[3]).began < found[4].at
    assert found == heard_in(tmp_path / "said.wav", PocketSphinx(), ANSWER)


def test_a_file_plays_on_through_an_exposure(tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    turn = Turn(Expects("command"), "exposure", ("seven", "yes"))
    found = heard_in(spoken(tmp_path, "seven", "yes"), PocketSphinx(), turn)
    assert [event.text for event in found if isinstance(event, Heard)] == ["seven", "yes"]


def test_a_file_in_real_time_does_not_run_ahead_of_the_clock(tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    events: Events = SimpleQueue()
    clock = RealClock()
    listener = WavFile(spoken(tmp_path, "seven"), PocketSphinx(), events, clock.now)
    listener.start()
    listener.open(ANSWER)
    heard = next_heard(events)
    assert heard.text == "seven"
    assert clock.now() >= heard.at > 0.6
    listener.close()
    assert isinstance(next_event(events), Ended)  # it plays on, though nobody listens
    listener.shut()


@pytest.mark.parametrize("content", [b"", b"no sound at all", None])
def test_a_file_that_is_none_is_refused_at_the_start(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=r"bad\.wav"):
        WavFile(path, PocketSphinx(), SimpleQueue()).start()


def test_a_recognizer_that_cannot_load_ends_the_input_and_says_why(tmp_path: Path) -> None:
    events: Events = SimpleQueue()
    listener = WavFile(write_wav(tmp_path / "still.wav", quiet(0.5)), Vosk(tmp_path / "nowhere"), events)
    listener.start()
    assert isinstance(next_event(events), Ended)
    assert isinstance(listener.fault, Missing)
    listener.shut()


def test_a_recognizer_that_breaks_ends_the_input_and_says_so(tmp_path: Path) -> None:
    class Broken(PocketSphinx):
        def load(self) -> None:
            raise OSError

    events: Events = SimpleQueue()
    listener = WavFile(write_wav(tmp_path / "still.wav", quiet(0.5)), Broken(), events)
    listener.start()
    assert isinstance(next_event(events), Ended)
    assert isinstance(listener.fault, CoachError)
    assert "OSError" in listener.fault.message
    listener.shut()
