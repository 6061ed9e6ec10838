"""Speech: the engine, the tones, and lines on a loudspeaker that can be stopped and say truthfully when they end."""

from __future__ import annotations

import array
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from pulse import SPEAKER, Route

from voice_coach.errors import Missing
from voice_coach.ports import Events, Line
from voice_coach.speak import espeak
from voice_coach.speak.driver import synthesise
from voice_coach.speak.pyttsx3_speaker import SpokenAloud
from voice_coach.speak.tones import tone
from voice_coach.words import DeviceBack, DeviceLost, PlaybackEnded

SENTENCE = "How anxious are you now, from zero to ten?"
LONG = "This sentence goes on and on, so that there is time to stop it. " * 4


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / espeak.RATE


def loudest(pcm: bytes) -> int:
    return max(map(abs, array.array("h", pcm)), default=0)


# --- the engine -----------------------------------------------------------------------------------


def test_speech_is_made_without_a_sound_device() -> None:
    made = synthesise(SENTENCE)
    assert 1.5 < seconds(made) < 5.0
    assert loudest(made) > 5000


def test_rate_and_voice_of_an_earlier_text_leave_no_trace() -> None:
    before = seconds(synthesise(SENTENCE))
    synthesise("Something else.", 300, "en-us")
    assert seconds(synthesise(SENTENCE)) == pytest.approx(before, rel=0.02)


@pytest.mark.parametrize(("slow", "fast"), [(105, 175), (175, 350), (350, 450), (450, 525)])
def test_faster_speech_is_shorter(slow: int, fast: int) -> None:
    assert seconds(synthesise(SENTENCE, fast)) < 0.95 * seconds(synthesise(SENTENCE, slow))


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_to_speak_is_no_sound(text: str) -> None:
    assert synthesise(text) == b""


@pytest.mark.parametrize(
    "text", ["zero\0byte", "half a \ud800 pair", "<speak>tags</speak>", "[[brackets]]", "“Ça va?” 😀"]
)
def test_odd_text_is_spoken_to_its_end(text: str) -> None:
    assert seconds(synthesise(text)) > 0.3


def test_an_unknown_voice_is_refused_and_the_next_text_is_spoken() -> None:
    before = seconds(synthesise(SENTENCE))
    with pytest.raises(ValueError, match="no voice nobody"):
        synthesise(SENTENCE, voice="nobody")
    assert seconds(synthesise(SENTENCE)) == pytest.approx(before, rel=0.02)


@pytest.mark.parametrize("gone", ["phontab", "phondata", "phonindex", "intonations"])
def test_missing_engine_data_is_said_and_ends_nothing(tmp_path: Path, gone: str) -> None:
    library, data = espeak.find()
    for file in data.iterdir():
        (tmp_path / file.name).symlink_to(file)
    espeak.check(library, tmp_path)
    (tmp_path / gone).unlink()
    with pytest.raises(Missing, match=f"{gone} is missing or empty; install"):
        espeak.check(library, tmp_path)
    (tmp_path / gone).touch()
    with pytest.raises(Missing, match="install voice-coach again"):
        espeak.Espeak(library, tmp_path)


@pytest.mark.parametrize("name", ["listening", "soft", "end"])
def test_tones_are_short_and_softer_than_speech(name: str) -> None:
    made = tone(name)
    assert 0.05 < seconds(made) < 0.6
    assert 1000 < loudest(made) < loudest(synthesise(SENTENCE))
    assert abs(array.array("h", made)[0]) < 100


def test_the_engine_loads_no_system_library_and_prints_nothing() -> None:
    code = (
        "from voice_coach.speak.driver import synthesise, _voice\n"
        f"assert len(synthesise({SENTENCE!r})) > 50000\n"
        "maps = open('/proc/self/maps').read()\n"
        "used = {line.split()[-1] for line in maps.splitlines() if 'libespeak' in line}\n"
        "assert used and all('espeakng_loader' in path for path in used), used\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


# --- on a loudspeaker -----------------------------------------------------------------------------


@pytest.fixture
def spoken(sound_route: Route) -> Iterator[tuple[SpokenAloud, Events]]:  # noqa: ARG001  the route must be there first
    events: Events = SimpleQueue()
    speaker = SpokenAloud(events, time.monotonic, SPEAKER)
    speaker.start()
    yield speaker, events
    speaker.shut()


def ended(events: Events, line: int) -> PlaybackEnded:
    event = events.get(timeout=30)
    assert isinstance(event, PlaybackEnded)
    assert event.line == line
    return event


def nothing_more(events: Events) -> None:
    with pytest.raises(Empty):
        events.get(timeout=0.3)


@pytest.mark.pulse
def test_the_end_is_told_after_the_last_sound_and_once(spoken: tuple[SpokenAloud, Events], sound_route: Route) -> None:
    speaker, events = spoken
    with sound_route.tap() as tap:
        for number, line in enumerate([Line(0, "Yes."), Line(1, SENTENCE, tone="listening"), Line(2, "", tone="end")]):
            said = time.monotonic()
            speaker.say(line)
            event = ended(events, number)
            time.sleep(0.2)
            sounds = [(start, end) for start, end in tap.loud() if start > said]
            assert sounds
            assert sounds[-1][1] < event.at
    nothing_more(events)


@pytest.mark.pulse
def test_lines_said_at_once_are_spoken_in_order_without_overlap(
    spoken: tuple[SpokenAloud, Events], sound_route: Route
) -> None:
    speaker, events = spoken
    texts = ["One.", "", SENTENCE]
    with sound_route.tap() as tap:
        began = time.monotonic()
        for number, text in enumerate(texts):
            speaker.say(Line(number, text))
        for number in range(len(texts)):
            last = ended(events, number)
        heard = sum(end - start for start, end in tap.loud() if start > began)
    assert heard < last.at - began < sum(seconds(synthesise(text)) for text in texts) + 1.5
    assert heard > 0.5 * sum(seconds(synthesise(text)) for text in texts)


@pytest.mark.pulse
def test_stop_is_followed_by_silence_and_drops_what_is_queued(
    spoken: tuple[SpokenAloud, Events], sound_route: Route
) -> None:
    speaker, events = spoken
    latencies = []
    with sound_route.tap() as tap:
        for turn in range(3):
            first = turn * 3
            for number in range(first, first + 3):
                speaker.say(Line(number, LONG))
            time.sleep(0.7 + 0.13 * turn)
            stopped = time.monotonic()
            speaker.stop()
            for number in range(first, first + 3):
                ended(events, number)
            time.sleep(0.6)
            last = tap.loud()[-1][1]
            latencies.append(last - stopped)
            assert last < time.monotonic() - 0.3
        said = time.monotonic()
        speaker.say(Line(9, "Yes."))
        ended(events, 9)
        time.sleep(0.2)
        assert [start for start, _ in tap.loud() if start > said]
    nothing_more(events)
    sys.stdout.write(f"stop to silence at the sink: {', '.join(f'{1000 * late:.0f}' for late in latencies)} ms\n")


@pytest.mark.pulse
def test_rate_and_volume_hold_from_the_next_line_on(spoken: tuple[SpokenAloud, Events], sound_route: Route) -> None:
    speaker, events = spoken

    def lasts(line: Line) -> float:
        said = time.monotonic()
        speaker.say(line)
        return ended(events, line.number).at - said

    usual = lasts(Line(0, SENTENCE))
    speaker.adjust(2.5, 1.0)
    assert lasts(Line(1, SENTENCE)) < 0.7 * usual
    assert lasts(Line(2, SENTENCE, at_most=120)) > 1.2 * usual
    speaker.adjust(3.0, 0.0)
    with sound_route.tap() as tap:
        said = time.monotonic()
        lasts(Line(3, SENTENCE))
        assert not [start for start, _ in tap.loud(30) if start > said]


@pytest.mark.pulse
def test_a_lost_loudspeaker_is_told_and_comes_back(sound_route: Route) -> None:
    events: Events = SimpleQueue()
    speaker = SpokenAloud(events, time.monotonic, SPEAKER)
    speaker.start()
    try:
        speaker.say(Line(0, LONG))
        time.sleep(0.5)
        sound_route.kill()
        told = [events.get(timeout=5) for _ in range(2)]
        assert {type(event) for event in told} == {PlaybackEnded, DeviceLost}
        speaker.say(Line(1, SENTENCE))
        time.sleep(1.5)
        sound_route.start()
        back = events.get(timeout=10)
        assert isinstance(back, DeviceBack)
        assert back.what == "speaker"
        ended(events, 1)
        with sound_route.tap() as tap:
            said = time.monotonic()
            speaker.say(Line(2, SENTENCE))
            ended(events, 2)
            assert [start for start, _ in tap.loud() if start > said]
    finally:
        speaker.shut()
    nothing_more(events)


@pytest.mark.pulse
@pytest.mark.usefixtures("sound_route")
def test_a_loudspeaker_that_is_not_there_is_named() -> None:
    with pytest.raises(Missing, match="no speaker called kazoo"):
        SpokenAloud(SimpleQueue(), time.monotonic, "kazoo").start()
