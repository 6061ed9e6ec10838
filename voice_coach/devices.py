"""The machine's sound devices: is there a microphone, is there a loudspeaker, and quiet opening of both."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from voice_coach.errors import Missing

What = Literal["microphone", "speaker"]
STALE = 1.0
"""Seconds without sound from a microphone after which it counts as lost."""
WARM_UP = 4.0
"""Seconds after opening in which a sound server may stall for longer than that."""
RELEASE = 2.0
"""Seconds after which a stream that does not let go is left behind."""

_CHANNELS = {"microphone": "max_input_channels", "speaker": "max_output_channels"}
_MISSING = {
    "microphone": "There is no microphone. Plug one in, or use the keyboard: voice-coach type.",
    "speaker": "There is no loudspeaker. Plug one in, or use the keyboard: voice-coach type.",
}


@functools.cache
def sound() -> Any:
    """The sounddevice module. Raises `Missing` where PortAudio is not installed or does not start."""
    _hush_alsa()
    if _configured_by_hand() and _aborts():
        raise Missing(
            "The sound system's configuration breaks it. Mend ~/.asoundrc, /etc/asound.conf or what ALSA_CONFIG_PATH "
            "names, or use the keyboard: voice-coach type."
        )
    try:
        with hushed():
            import sounddevice
    except OSError:
        raise Missing(
            "The sound library PortAudio is missing. Install it: sudo apt-get install -y libportaudio2"
        ) from None
    except Exception as error:  # a broken ALSA configuration shows itself as PortAudio's own error
        raise Missing(f"The sound system does not start ({error}). Check it with aplay -l and arecord -l.") from None
    return sounddevice


def _configured_by_hand() -> bool:
    own = (Path(os.path.expanduser("~/.asoundrc")), Path("/etc/asound.conf"))  # a person may have no home
    return "ALSA_CONFIG_PATH" in os.environ or any(path.exists() for path in own)


def _aborts() -> bool:
    """Whether ALSA ends the whole process over its configuration. Tried in another one: it cannot be caught."""
    tried = subprocess.run([sys.executable, "-c", "import sounddevice"], capture_output=True, stdin=subprocess.DEVNULL)
    return tried.returncode < 0


def find(what: What, device: str | None = None) -> str:
    """The name of the device that would be used. Raises `Missing` with what to do."""
    module = sound()
    try:
        found = module.query_devices(device, kind="input" if what == "microphone" else "output")
    except (ValueError, module.PortAudioError):
        if device is not None:
            raise Missing(f"There is no {what} called {device}; voice-coach doctor lists what there is.") from None
        raise Missing(_MISSING[what]) from None
    if not found[_CHANNELS[what]]:
        raise Missing(_MISSING[what])
    return str(found["name"])


def names(what: What) -> tuple[str, ...]:
    """All devices of a kind, by name. Raises `Missing` where there is no sound system."""
    return tuple(str(one["name"]) for one in sound().query_devices() if one[_CHANNELS[what]])


def stale(opened: float, called: float) -> bool:
    """Whether a stream opened and last served at these times (time.monotonic) has come to a halt."""
    now = time.monotonic()
    return now - called > (STALE if now - opened > WARM_UP else WARM_UP)


def release(stream: Any) -> None:
    """Stop and close a stream without callback, whatever state it is in. One that never comes back is left behind."""

    def let_go() -> None:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)

    thread = threading.Thread(target=let_go, name="release", daemon=True)
    thread.start()
    wait_for(thread, RELEASE)


def wait_for(thread: threading.Thread, seconds: float) -> None:
    """Wait for a thread that uses a device; one that does not come back is left behind, also at the program's end.

    A sound server that hangs holds whoever asks it for anything, and so PortAudio, which lets its devices go at exit.
    """
    thread.join(seconds)
    if thread.is_alive() and "sounddevice" in sys.modules:
        atexit.unregister(sys.modules["sounddevice"]._exit_handler)


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Keep what C libraries write off the person's terminal; Python's own standard error still reaches it."""
    try:
        kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # no standard error at all: nothing to keep quiet
        yield
        return
    python_writes, sys.stderr = (
        sys.stderr,
        os.fdopen(os.dup(kept), "w", buffering=1, encoding="utf-8", errors="replace"),
    )
    os.dup2(null, 2)
    os.close(null)
    try:
        yield
    finally:
        own, sys.stderr = sys.stderr, python_writes
        own.close()
        os.dup2(kept, 2)
        os.close(kept)


@functools.cache
def _quiet_handler() -> Any:
    return ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(
        lambda *_: None
    )


def _hush_alsa() -> None:
    """ALSA reports every odd line of its configuration on standard error, from whatever thread it runs in."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_quiet_handler())
