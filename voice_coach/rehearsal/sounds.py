"""The person's voice and the room around it: 16 kHz, mono, signed 16 bit."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voice_coach.listen.recognizer import BLOCK, RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 3000.0
"""Root mean square of the voice, of 32,768."""
SNR_DB = 30.0
"""How much louder the voice is than the room."""
ESPEAK_VOICE, ESPEAK_WPM = "en-us+f2", 145
"""espeak's best-heard voice."""


class Voice:
    """Speaks texts, each made once: flite where it is installed, else espeak."""

    def __init__(self) -> None:
        flite = shutil.which("flite")
        self.name = "flite slt" if flite else f"espeak {ESPEAK_VOICE}"
        self._make: Callable[[str], Floats] = (lambda text: _flite(flite, text)) if flite else _espeak
        self._made: dict[str, Floats] = {}

    def __call__(self, text: str) -> Floats:
        """The sound of a text at `LEVEL`."""
        if text not in self._made:
            self._made[text] = _levelled(self._make(text))
        return self._made[text]


class Room:
    """Faint noise that never stops, the same for the same seed."""

    def __init__(self, seed: str) -> None:
        import random

        import numpy as np

        quiet = LEVEL / 10 ** (SNR_DB / 20)
        self._noise = np.random.default_rng(random.Random(seed).getrandbits(64)).normal(0.0, quiet, 7 * RATE)
        self._place = 0

    def blocks(self, sound: Floats | None, seconds: float = 0.0) -> list[bytes]:
        """A sound in this room (None: nothing but the room for so long), cut into blocks."""
        import numpy as np

        given = np.zeros(round(seconds * RATE)) if sound is None else sound
        given = np.append(given, np.zeros(-len(given) % BLOCK))
        noise = np.take(self._noise, np.arange(self._place, self._place + len(given)), mode="wrap")
        self._place = (self._place + len(given)) % len(self._noise)
        mixed = np.clip(np.round(given + noise), -32768, 32767).astype("<i2").tobytes()
        return [mixed[start : start + 2 * BLOCK] for start in range(0, len(mixed), 2 * BLOCK)]


def at_16k(pcm: bytes, rate: int) -> Floats:
    """Mono 16-bit sound of another rate."""
    import numpy as np
    import soxr

    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    changed: Floats = soxr.resample(samples, rate, RATE) if rate != RATE and len(samples) else samples
    return changed


def _flite(program: str, text: str) -> Floats:
    import soundfile

    with tempfile.TemporaryDirectory(prefix="voice-coach-") as folder:
        file = Path(folder) / "said.wav"
        # Its output is taken, though it prints nothing: a wait without one looks up only now and then.
        command = [program, "-voice", "slt", "-t", text, "-o", str(file)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        samples, rate = soundfile.read(file, dtype="int16")
    return at_16k(samples.tobytes(), rate)


def _espeak(text: str) -> Floats:
    from voice_coach.speak import espeak
    from voice_coach.speak.driver import synthesise

    return at_16k(synthesise(text, ESPEAK_WPM, ESPEAK_VOICE), espeak.RATE)


def _levelled(sound: Floats) -> Floats:
    import numpy as np

    voiced = sound[np.abs(sound) > 0.02 * max(1.0, float(np.abs(sound).max(initial=0.0)))]
    loud = float(np.sqrt(np.mean(voiced**2))) if len(voiced) else 0.0
    return sound * (LEVEL / loud) if loud else sound
