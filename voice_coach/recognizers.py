"""Picks the recognizer that a command listens with."""

from __future__ import annotations

from pathlib import Path

from voice_coach.catalog_files import shipped
from voice_coach.errors import BadUsage, Missing
from voice_coach.listen.models import find_model, read_manifest
from voice_coach.listen.pocketsphinx import PocketSphinx
from voice_coach.listen.recognizer import Recognizer

SPOKEN = ("auto", "vosk", "pocketsphinx")


def pick_recognizer(name: str, model: Path | None, home: Path) -> Recognizer:
    """The recognizer of this name, not loaded yet. "auto": Vosk where an English model is found, else PocketSphinx.

    `model`: a Vosk model's folder, before those in the home and the clone. Raises `CoachError` with what to do.
    """
    if name not in SPOKEN:
        raise BadUsage(f"--recognizer takes {', '.join(SPOKEN)} here, not '{name}'.")
    if name == "pocketsphinx":
        return PocketSphinx(_models())
    manifest = shipped("models/manifest.toml")
    found = find_model(model, (home / "models", manifest.parent), read_manifest(manifest))
    if found is not None:
        from voice_coach.listen.vosk import Vosk

        return Vosk(found)
    if name == "vosk":
        raise Missing(
            "There is no English model for Vosk. Name a model's folder with --model, or use --recognizer pocketsphinx."
        )
    return PocketSphinx(_models())


def _models() -> Path | None:
    try:
        return shipped("models")
    except Missing:
        return None  # one ear less; the words it would have heard are only ever asked about
