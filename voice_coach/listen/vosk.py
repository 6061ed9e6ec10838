"""Vosk with any model folder: a closed grammar and free words over the same sound.

Vosk ends the whole process over what others raise exceptions for: a grammar that is no full list, a grammar set in
mid-utterance, two threads in one recognizer, some cut model files. Each is caught here before Vosk sees it.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from voice_coach.errors import Missing
from voice_coach.listen.models import SIZES, fault_in
from voice_coach.listen.recognizer import RATE, Decoded
from voice_coach.listen.vosk_grammar import decoded, grammar, plain, ways
from voice_coach.words import Manner

LONGEST_PHRASE = 10.0
"""Seconds beyond which an utterance is none of a grammar's phrases; only its free words are still sought."""
TRIAL_SECONDS = 120.0
"""A model that takes longer to load cannot be used."""

_LONGEST_BYTES = round(LONGEST_PHRASE * RATE) * 2
_QUIET = bytes(2 * RATE // 5)
"""0.2 s. Words cut off close at either end are heard worse: 40 of 54 instead of 50, with the Korean model."""
_TRIAL = """
import sys, vosk
vosk.SetLogLevel(-1)
recognizer = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), float(sys.argv[2]))
recognizer.AcceptWaveform(bytes(16000))
recognizer.FinalResult()
"""
_NOT_A_WORD = ("#", "<")  # symbols in a model's word list that are no words: in a grammar they corrupt its graph


class Vosk:
    """Each utterance is heard by itself: nothing of a session is kept."""

    name = "vosk"
    manner: Manner = "verbatim"

    def __init__(self, model: Path) -> None:
        """`model`: a Vosk model's folder; looked at by `load`."""
        self._path = model
        self._model: Any = None
        self._free: Any = None
        self._closed: Any = None
        self._listed = ""
        """The grammar that `_closed` was given."""
        self._ways: dict[str, str] = {}
        self._known: dict[str, bool] = {}
        self._sound = bytearray()
        self._result: str | None = None
        """The closed result for all of `_sound`; taking it has ended the decoding."""
        self._words: str | None = None
        """The same for the free words."""
        self._open = False
        self._owner: int | None = None

    def load(self) -> None:
        if self._model is not None:
            return
        self._look_over()
        try:
            import vosk
        except (ImportError, OSError, TypeError):
            raise Missing("Vosk does not work on this system. Use --recognizer pocketsphinx.") from None
        vosk.SetLogLevel(-1)
        try:
            with _quiet():
                model = vosk.Model(str(self._path))
                free = vosk.KaldiRecognizer(model, float(RATE))
        except Exception:  # Vosk raises nothing narrower
            raise Missing(_unusable(self._path)) from None
        self._free, self._model = free, model

    def can_hear(self, word: str) -> bool:
        """Whether the model has this word; a phrase with a word that it lacks is never heard."""
        self.load()
        if word not in self._known:
            spoken = bool(word) and word.isprintable() and not word.startswith(_NOT_A_WORD)
            self._known[word] = spoken and self._model.vosk_model_find_word(word) > 0
        return self._known[word]

    def begin(self, phrases: tuple[str, ...]) -> None:
        self._check_thread()
        if self._model is None:
            raise RuntimeError("Load Vosk before it is to listen.")
        if self._open:
            self.end()
        self._ways = ways(phrases, self.can_hear)
        if self._ways:
            self._listen_for(grammar(self._ways, self.can_hear))
        self._sound.clear()
        self._result, self._words = None, None
        self._open = True
        _same_dither()

    def feed(self, block: bytes) -> None:
        self._check_open()
        sound = bytes(block)
        if not sound:
            return
        if not self._sound:
            sound = _QUIET + sound
        self._free.AcceptWaveform(sound)  # its own endpoint is ignored: the ear has found where speech ends
        self._words = None
        fits = len(self._sound) + len(sound) <= _LONGEST_BYTES
        self._sound += sound
        if not self._ways or not fits:
            return
        # A result ends the decoding. Where the voice goes on after one, the utterance is heard again from its start.
        self._closed.AcceptWaveform(sound if self._result is None else bytes(self._sound))
        self._result = None

    def closed(self) -> Decoded:
        self._check_open()
        if not self._ways or not self._sound or len(self._sound) > _LONGEST_BYTES:
            return Decoded("", 0.0)
        if self._result is None:
            self._closed.AcceptWaveform(_QUIET)
            self._result = self._closed.FinalResult()
        heard = self._words if self._words is not None else json.loads(self._free.PartialResult())["partial"]
        return decoded(self._result, self._ways, plain(heard))

    def free(self) -> str:
        self._check_open()
        if self._words is None and self._sound:
            self._free.AcceptWaveform(_QUIET)
            self._words = json.loads(self._free.FinalResult())["text"]
        return plain(self._words or "")

    def leaning(self) -> str:
        return ""  # its free words lose little

    def end(self) -> None:
        self._check_thread()
        if not self._open:
            return
        # Not Reset: it leaves the last quarter of a second, which then begins the next utterance.
        if self._ways and self._result is None:
            self._closed.FinalResult()
        if self._words is None:
            self._free.FinalResult()
        self._sound.clear()
        self._open = False

    def forget_session(self) -> None:
        pass

    def close(self) -> None:
        # Only let go, so that any thread may close: what another thread is using is released when that call returns.
        self._open = False
        self._model = self._free = self._closed = None
        self._listed = ""
        self._known = {}
        self._owner = None

    def _look_over(self) -> None:
        fault = fault_in(self._path)
        if fault:
            raise Missing(f"{fault} Fetch it with 'voice-coach fetch-model', or name another folder with --model.")
        try:
            str(self._path).encode()
        except UnicodeEncodeError:
            raise Missing("The model's folder has a name that is not UTF-8. Rename it.") from None
        if not (self._path / SIZES).exists() and not _survives(self._path):
            raise Missing(_unusable(self._path))

    def _listen_for(self, listed: str) -> None:
        """Takes the grammar. Between utterances only: in mid-utterance it would end the process."""
        if listed == self._listed:
            return
        if self._closed is None or (self._path / "graph" / "HCLG.fst").exists():  # a fixed graph takes none later
            import vosk

            self._closed = vosk.KaldiRecognizer(self._model, float(RATE), listed)
            self._closed.SetWords(True)
        else:
            self._closed.SetGrammar(listed)
        self._listed = listed

    def _check_open(self) -> None:
        self._check_thread()
        if not self._open:
            raise RuntimeError("Begin an utterance before Vosk is fed or asked.")

    def _check_thread(self) -> None:
        here = threading.get_ident()
        if self._owner is None:
            self._owner = here
        if self._owner != here:
            raise RuntimeError("Vosk belongs to the thread that listened first; another one called it.")


def _unusable(model: Path) -> str:
    return (
        f"Vosk cannot use the model {model}: it is damaged, of another kind, or too large for this computer. "
        "Fetch it again with 'voice-coach fetch-model', or name another folder with --model."
    )


def _survives(model: Path) -> bool:
    """Whether Vosk can load the model and listen with it, tried in a process of its own: some faults end it."""
    command = [sys.executable, "-P", "-c", _TRIAL, str(model), str(RATE)]
    try:
        return subprocess.run(command, capture_output=True, timeout=TRIAL_SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _same_dither() -> None:
    """Makes equal sound give equal results: the noise that Kaldi adds to it comes from the C library's generator."""
    if sys.platform == "linux":
        ctypes.CDLL(None).srand(1)


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing on the process's standard error: why a model fails is printed there at any log level."""
    try:
        kept = os.dup(2)
    except OSError:  # closed already
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
