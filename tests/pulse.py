"""A sound route without hardware: a PulseAudio server of the tests' own with the coach's loudspeaker (`coach_out`)
and a person's mouth (`user_mouth`) as null sinks, each of which can be listened to."""

from __future__ import annotations

import array
import contextlib
import functools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from voice_coach import devices

SPEAKER = "coach_out"
MICROPHONE = "user_mic"
MOUTH = "user_mouth"
TAP_RATE = 16_000
_LISTING = 20.0
"""Seconds that PortAudio gets to let all go and list its devices."""

_PULSE = """\
load-module module-native-protocol-unix socket={folder}/native.sock auth-anonymous=1
load-module module-null-sink sink_name=coach_out rate=22050 channels=1
load-module module-null-sink sink_name=user_mouth rate=16000 channels=1
set-default-sink coach_out
set-default-source user_mouth.monitor
"""
_ALSA = """\
</usr/share/alsa/alsa.conf>
pcm.coach_out { type pulse device "coach_out"          hint.description "coach speaker" }
pcm.user_mic  { type pulse device "user_mouth.monitor" hint.description "user microphone" }
pcm.echo_mic  { type pulse device "coach_out.monitor"  hint.description "a microphone beside the speaker" }
pcm.!default  { type pulse }
"""


@dataclass(slots=True)
class Route:
    """The running server and what the tests do with it."""

    folder: Path
    environment: dict[str, str]
    """What a process needs to find the server."""
    _alive: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _server: int = 0

    def start(self) -> None:
        """Start the server and keep its sinks from falling asleep."""
        command = ["pulseaudio", "-n", "-F", str(self.folder / "default.pa"), "--daemonize=no", "--exit-idle-time=-1"]
        command += ["--use-pid-file=no", "--log-target=null"]
        server = subprocess.Popen(command, env=self._whole(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._alive.append(server)
        self._server = server.pid
        until = time.monotonic() + 10.0
        while self.pactl("info").returncode != 0:
            if time.monotonic() > until:
                raise RuntimeError("the tests' PulseAudio server does not start")
            time.sleep(0.05)
        for sink in (SPEAKER, MOUTH):
            command = ["parec", "--latency-msec=20", "-d", f"{sink}.monitor"]
            self._alive.append(
                subprocess.Popen(command, env=self._whole(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )

    def kill(self) -> None:
        """End the server at once, as a crash or a pulled plug would."""
        if self._server:
            os.kill(self._server, signal.SIGKILL)
            self._server = 0
        for process in self._alive:
            process.kill()
            process.wait()
        self._alive.clear()
        # A killed server leaves its socket behind, and a new one would not replace it.
        (self.folder / "native.sock").unlink(missing_ok=True)

    def pactl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Ask the server."""
        command = ["timeout", "10", "pactl", *arguments]
        return subprocess.run(command, env=self._whole(), capture_output=True, text=True, check=False)

    def say(self, text: str) -> None:
        """The person says this; returns when it was said."""
        self.play(flite(text))

    def play(self, sound: Path, sink: str = MOUTH) -> None:
        """Play a WAV file into a sink to its end."""
        command = ["paplay", f"--device={sink}", "--latency-msec=20", str(sound)]
        process = subprocess.Popen(command, env=self._whole(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds(sound) + 2.0)
        except subprocess.TimeoutExpired:  # it has played everything and waits for a server that forgot it
            process.kill()
            process.wait()

    @contextlib.contextmanager
    def tap(self, sink: str = SPEAKER) -> Iterator[Tap]:
        """Record what a sink plays for as long as the block lasts."""
        command = ["parec", "--latency-msec=10", "--format=s16le", f"--rate={TAP_RATE}", "--channels=1"]
        process = subprocess.Popen(
            [*command, "-d", f"{sink}.monitor"], env=self._whole(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        tap = Tap(process)
        try:
            tap.wait_for_sound_system()
            yield tap
        finally:
            process.kill()
            process.wait()
            tap.thread.join()
            if process.stdout:
                process.stdout.close()

    def _whole(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


class Tap:
    """What a sink played, with the time at which each piece came out of it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._pieces: list[tuple[float, bytes]] = []
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def wait_for_sound_system(self) -> None:
        """Until the first samples came, silent ones included."""
        until = time.monotonic() + 5.0
        while not self._pieces and time.monotonic() < until:
            time.sleep(0.01)

    def loud(self, threshold: int = 300) -> list[tuple[float, float]]:
        """Stretches that can be heard, as (start, end) in time.monotonic() seconds; gaps below 0.15 s are bridged."""
        stretches: list[tuple[float, float]] = []
        for at, piece in list(self._pieces):
            samples = array.array("h", piece)
            for first in range(0, len(samples), 80):
                if max(map(abs, samples[first : first + 80])) < threshold:
                    continue
                start = at - (len(samples) - first) / TAP_RATE
                if stretches and start - stretches[-1][1] < 0.15:
                    stretches[-1] = (stretches[-1][0], start + 80 / TAP_RATE)
                else:
                    stretches.append((start, start + 80 / TAP_RATE))
        return stretches

    def _read(self) -> None:
        stream = self._process.stdout
        while stream and (piece := stream.read1(3200)):  # type: ignore[attr-defined]
            if len(piece) % 2:
                piece += stream.read(1)
            self._pieces.append((time.monotonic(), piece))


@functools.cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="voices-"))


@functools.cache
def flite(text: str, voice: str = "slt") -> Path:
    """A WAV file (16 kHz, mono) of the text in a voice that recognizers hear well."""
    path = _folder() / f"{abs(hash((text, voice)))}.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, timeout=60)
    return path


def seconds(sound: Path) -> float:
    """How long a WAV file is."""
    with wave.open(str(sound)) as file:
        return float(file.getnframes() / file.getframerate())


@pytest.fixture(scope="session")
def sound_route() -> Iterator[Route]:
    """One server for all tests that play and record; started anew by whoever kills it."""
    with open_route() as route:
        yield route


@contextlib.contextmanager
def open_route() -> Iterator[Route]:
    """A server of one's own, for as long as the block lasts; this process finds it too."""
    with tempfile.TemporaryDirectory(prefix="pulse-") as name:
        folder = Path(name)
        (folder / "default.pa").write_text(_PULSE.format(folder=folder))
        (folder / "asound.conf").write_text(_ALSA)
        environment = {
            "PULSE_SERVER": f"unix:{folder}/native.sock",
            "PULSE_RUNTIME_PATH": f"{folder}/run",
            "PULSE_STATE_PATH": f"{folder}/state",
            "ALSA_CONFIG_PATH": f"{folder}/asound.conf",
        }
        before = {key: os.environ.get(key) for key in environment}
        os.environ.update(environment)
        route = Route(folder, environment)
        route.start()
        _look_again()
        try:
            yield route
        finally:
            route.kill()
            for key, value in before.items():
                if value is None:
                    del os.environ[key]
                else:
                    os.environ[key] = value
            _look_again()


def _look_again() -> None:
    """PortAudio lists its devices once; a test before this one may have made it do so.

    A stream that was left behind when its server died may never let go: it is not waited for without end.
    """
    if "sounddevice" in sys.modules:
        import sounddevice

        def again() -> None:
            sounddevice._terminate()
            sounddevice._initialize()

        thread = threading.Thread(target=again, name="listing", daemon=True)
        thread.start()
        devices.wait_for(thread, _LISTING)
