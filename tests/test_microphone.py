"""The microphone: hears over a real sound route, tells when the device is lost, and never records the coach."""

from __future__ import annotations

import array
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue

import pytest
from pulse import MICROPHONE, SPEAKER, Route

from voice_coach.errors import Missing
from voice_coach.listen.capture import Capture
from voice_coach.listen.microphone import Microphone
from voice_coach.listen.noise_floor import NoiseFloor
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import BLOCK, RATE
from voice_coach.ports import Complete, Events, Turn
from voice_coach.speak.playback import Playback
from voice_coach.words import DeviceBack, DeviceLost, Ended, Event, Expects, Heard, SpeechBegan

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def complete(text: str) -> Complete:
    return "may_continue" if text in NUMBERS else "incomplete"


RATING = Turn(Expects("rating"), phrases=NUMBERS, is_complete=complete)


@pytest.fixture
def heard(sound_route: Route) -> Iterator[tuple[Microphone, Events]]:  # noqa: ARG001  the route must be there first
    events: Events = SimpleQueue()
    microphone = Microphone(events, PocketSphinx(), time.monotonic, MICROPHONE)
    microphone.start()
    yield microphone, events
    microphone.shut()


def next_of(kind: type[Event], events: Events, seconds: float = 10.0) -> Event:
    until = time.monotonic() + seconds
    while True:
        event = events.get(timeout=max(0.01, until - time.monotonic()))
        if isinstance(event, kind):
            return event


def quiet(events: Events, seconds: float) -> None:
    with pytest.raises(Empty):
        raise AssertionError(events.get(timeout=seconds))


@pytest.mark.pulse
def test_an_answer_is_heard_with_its_times(heard: tuple[Microphone, Events], sound_route: Route) -> None:
    microphone, events = heard
    microphone.open(RATING)
    began = time.monotonic()
    sound_route.say("seven")
    said = time.monotonic()
    first, second = events.get(timeout=10), events.get(timeout=10)
    assert isinstance(first, SpeechBegan)
    assert isinstance(second, Heard)
    assert (second.text, second.manner, second.overlap) == ("seven", "rough", False)
    assert began <= second.began == first.at < second.at <= said + 2.0


@pytest.mark.pulse
def test_a_closed_microphone_says_nothing_and_a_new_turn_hears_only_what_follows(
    heard: tuple[Microphone, Events], sound_route: Route
) -> None:
    microphone, events = heard
    sound_route.say("five")
    quiet(events, 1.5)
    microphone.open(RATING)
    sound_route.say("eight")
    next_of(SpeechBegan, events)
    microphone.close()
    quiet(events, 1.5)
    microphone.open(RATING)
    sound_route.say("nine")
    answer = next_of(Heard, events)
    assert isinstance(answer, Heard)
    assert answer.text == "nine"


@pytest.mark.pulse
def test_a_lost_microphone_is_told_once_and_hears_again_when_it_is_back(sound_route: Route) -> None:
    events: Events = SimpleQueue()
    microphone = Microphone(events, PocketSphinx(), time.monotonic, MICROPHONE)
    microphone.start()
    try:
        microphone.open(RATING)
        sound_route.kill()
        lost = events.get(timeout=5)
        assert isinstance(lost, DeviceLost)
        assert lost.what == "microphone"
        quiet(events, 1.5)
        sound_route.start()
        assert isinstance(events.get(timeout=10), DeviceBack)
        microphone.open(RATING)
        sound_route.say("three")
        answer = next_of(Heard, events)
        assert isinstance(answer, Heard)
        assert answer.text == "three"
    finally:
        microphone.shut()


@pytest.mark.pulse
def test_a_microphone_that_the_server_swaps_for_the_loudspeaker_counts_as_lost(
    heard: tuple[Microphone, Events], sound_route: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_coach.listen.microphone.OWN_OUTPUT", 1.0)
    microphone, events = heard
    playback = Playback(SPEAKER)
    playback.open()
    try:
        module = next(
            line.split()[0]
            for line in sound_route.pactl("list", "short", "modules").stdout.splitlines()
            if "sink_name=user_mouth" in line
        )
        assert sound_route.pactl("unload-module", module).returncode == 0
        assert isinstance(next_of(DeviceLost, events, 15), DeviceLost)
        sound_route.pactl("load-module", "module-null-sink", "sink_name=user_mouth", "rate=16000", "channels=1")
        sound_route.pactl("set-default-source", "user_mouth.monitor")
        assert isinstance(next_of(DeviceBack, events, 15), DeviceBack)
    finally:
        playback.close()
        microphone.shut()
        sound_route.kill()  # nothing keeps the new sink awake
        sound_route.start()


@pytest.mark.pulse
def test_a_microphone_that_knows_only_its_own_rate_is_converted(
    sound_route: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks: list[tuple[bytes, float]] = []
    capture = Capture(MICROPHONE, time.monotonic, lambda block, at: blocks.append((block, at)))
    monkeypatch.setattr(Capture, "_ways", lambda *_: [(99_000_000, 1), (44_100, 2)])
    capture.open()
    try:
        while len(blocks) < 60:  # a server that has just started stalls at first
            time.sleep(0.05)
        blocks.clear()
        began = time.monotonic()
        sound_route.say("seven")
        time.sleep(0.3)
        assert capture.well()
        lasted = time.monotonic() - began
    finally:
        capture.close()
    assert {len(block) for block, _ in blocks} == {2 * BLOCK}
    assert len(blocks) * BLOCK / RATE == pytest.approx(lasted, abs=0.5)
    times = [at for _, at in blocks]
    assert times == sorted(times)
    recognizer = PocketSphinx()
    recognizer.load()
    recognizer.begin(NUMBERS)
    for block, _ in blocks:
        recognizer.feed(block)
    assert recognizer.closed().text == "seven"
    recognizer.end()


@pytest.mark.pulse
@pytest.mark.usefixtures("sound_route")
def test_a_microphone_that_is_not_there_is_named() -> None:
    with pytest.raises(Missing, match="no microphone called kazoo"):
        Microphone(SimpleQueue(), PocketSphinx(), time.monotonic, "kazoo").start()


def test_digital_silence_gets_a_floor_far_below_any_voice() -> None:
    floor = NoiseFloor()
    made = [array.array("h", floor.under(bytes(2 * BLOCK))) for _ in range(40)]
    assert {len(block) for block in made} == {BLOCK}
    assert 5 < max(map(abs, made[0])) < 120
    loud = array.array("h", [32767, -32768] * (BLOCK // 2)).tobytes()
    assert max(array.array("h", floor.under(loud))) == 32767


class _Broken(PocketSphinx):
    """Fails as a recognizer whose files are gone does."""

    def load(self) -> None:
        raise Missing("The model is gone. Fetch it again.")


@pytest.mark.pulse
@pytest.mark.usefixtures("sound_route")
def test_a_recognizer_that_cannot_load_ends_the_input_and_keeps_its_reason() -> None:
    events: Events = SimpleQueue()
    microphone = Microphone(events, _Broken(), time.monotonic, MICROPHONE)
    microphone.start()
    try:
        assert isinstance(events.get(timeout=10), Ended)
        assert isinstance(microphone.fault, Missing)
    finally:
        microphone.shut()
