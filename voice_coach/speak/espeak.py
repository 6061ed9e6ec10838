"""espeak-ng out of its wheel: text to PCM, with no system package and no sound device."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_short, c_size_t, c_uint, c_void_p
from pathlib import Path

from voice_coach.errors import Missing

RATE = 22_050
"""Samples a second of what is made: mono signed 16-bit little-endian."""

_NEEDED = ("phontab", "phonindex", "phondata", "intonations")
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_RATE_PARAMETER = 1
_BUFFER_MS = 60
_Callback = CFUNCTYPE(c_int, POINTER(c_short), c_int, c_void_p)


def find() -> tuple[Path, Path]:
    """The library and its data folder. Raises `Missing` where either is gone."""
    try:
        import espeakng_loader

        library, data = Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
    except (ImportError, RuntimeError):
        raise Missing("The speech engine espeak-ng is missing; install voice-coach again.") from None
    check(library, data)
    return library, data


def check(library: Path, data: Path) -> None:
    """Raises `Missing` unless everything is there: over missing data espeak-ng ends the whole process."""
    for path in (library, *(data / name for name in _NEEDED)):
        if not path.is_file() or not path.stat().st_size:
            raise Missing(f"The speech engine's file {path} is missing or empty; install voice-coach again.")


class Espeak:
    """The engine. There is one a process, and it belongs to one thread at a time."""

    def __init__(self, library: Path, data: Path) -> None:
        """Raises `Missing` where the engine cannot be started."""
        check(library, data)
        try:
            self._dll = ctypes.CDLL(str(library))
        except OSError as error:
            raise Missing(f"The speech engine cannot be loaded ({error}); install voice-coach again.") from None
        self._dll.espeak_Initialize.argtypes = [c_int, c_int, c_char_p, c_int]
        self._dll.espeak_SetVoiceByName.argtypes = [c_char_p]
        self._dll.espeak_SetParameter.argtypes = [c_int, c_int, c_int]
        self._dll.espeak_Synth.argtypes = [
            c_char_p, c_size_t, c_uint, c_int, c_uint, c_uint, POINTER(c_uint), c_void_p,
        ]  # fmt: skip
        self._pieces: list[bytes] = []
        # The engine keeps only the pointer: the callback must live as long as it does.
        self._callback = _Callback(self._collect)
        made = self._dll.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, str(data).encode(), _DO_NOT_EXIT)
        if made != RATE:
            raise Missing("The speech engine does not start; install voice-coach again.")
        self._dll.espeak_SetSynthCallback(self._callback)

    def use_voice(self, name: str) -> None:
        """Speak with the voice or language of this name ("en", "en-us+f2"). Raises ValueError for an unknown one."""
        if self._dll.espeak_SetVoiceByName(name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {name}")

    def use_rate(self, words_per_minute: int) -> None:
        """Speak at this rate, from 80 words a minute up."""
        self._dll.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)

    def synthesise(self, text: str) -> bytes:
        """The sound of a text, `RATE` samples a second; empty where there is nothing to speak."""
        self._pieces.clear()
        # A zero byte would end the text for the engine.
        raw = text.replace("\0", " ").encode("utf-8", errors="replace") + b"\0"
        if self._dll.espeak_Synth(raw, len(raw), 0, 1, 0, _UTF8, None, None) != 0:
            raise RuntimeError("espeak-ng could not speak a text")
        return b"".join(self._pieces)

    def _collect(self, samples: ctypes._Pointer[c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, count * 2))
        return 0
