"""What recordings say, file by file, as `voice-coach hear` prints it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from voice_coach.errors import BadInput
from voice_coach.listen.audio import read_wav
from voice_coach.listen.hearing import hear_recording
from voice_coach.listen.recognizer import RATE, Recognizer
from voice_coach.understand.interpret import Understanding
from voice_coach.understand.output import Json, to_json
from voice_coach.words import Expects


def hear_files(
    files: Sequence[str], expects: Expects, understanding: Understanding, recognizer: Recognizer, *, apart: bool
) -> Iterator[dict[str, Json]]:
    """One object a file, in order. A bad file gives its error and the others are heard; `apart`: each alone."""
    phrases = understanding.phrases(expects) if expects.kind != "text" else ()
    for name in files:
        try:
            sound = read_wav(Path(name))
        except BadInput as fault:
            yield {"file": name, "error": fault.message}
            continue
        if apart:
            recognizer.forget_session()
        started = time.perf_counter()
        heard = hear_recording(recognizer, sound, phrases, expects.kind)
        took = time.perf_counter() - started
        understood = understanding.understand(heard, expects)
        yield {
            "file": name,
            **to_json(heard.text, understood, text_turn=expects.kind == "text"),
            "recognizer": recognizer.name,
            "audio_s": round(len(sound) / 2 / RATE, 3),
            "decode_s": round(took, 3),
        }
