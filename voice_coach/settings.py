"""What a person can set: defaults, then the file in the home, then the environment, then flags."""

from __future__ import annotations

import math
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from voice_coach.errors import BadUsage


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's settings."""

    home: Path
    """Where everything of this person is kept (mode 0700)."""
    language: str = "en"
    recognizer: str = "auto"
    """auto, vosk, pocketsphinx or typed."""
    country: str = ""
    """Two letters, for helplines; empty: from the locale."""
    silence: float = 12.0
    """Seconds until a gentle re-prompt, 8 to 60; infinite for off."""
    patience: float = 1.0
    """Factor on the end-of-speech times, 0.5 to 4."""
    rate: float = 1.0
    """Factor of the normal rate of speech, 0.6 to 3."""
    volume: float = 1.0
    """0 to 1."""
    sight_free: bool = False
    """Offer the steps that need no sight."""
    microphone: str = ""
    """The microphone's name; empty: the system's own."""
    speaker: str = ""
    """The loudspeaker's name; empty: the system's own."""
    private: bool = False
    """Speak no fear text and no rating."""
    kiosk: bool = False
    """For a device that many people use: nothing of a visit is kept, no voice is learned or recorded."""
    on_crisis: str = ""
    """A command that is run when a message in danger begins, for the operator of a kiosk; empty: none."""


RANGES = {"silence": (8.0, 60.0), "patience": (0.5, 4.0), "rate": (0.6, 3.0), "volume": (0.0, 1.0)}
RECOGNIZERS = ("auto", "vosk", "pocketsphinx", "typed")


def read_settings(home: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this home. Raises `BadUsage` naming the key, its value and what is allowed."""
    settings = Settings(home)
    path = home / "settings.yaml"
    if path.exists():
        for key, value in _file(path).items():
            settings = _with(settings, key, value, str(path))
    environment = os.environ if environment is None else environment
    for key in sorted({field.name for field in fields(Settings)} - {"home"}):
        value = environment.get(f"VOICE_COACH_{key.upper()}")
        if value:
            settings = _with(settings, key, value, f"VOICE_COACH_{key.upper()}")
    return settings


def _file(path: Path) -> Mapping[object, object]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise BadUsage(f"{path} cannot be read as YAML; mend or delete it. ({type(error).__name__})") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise BadUsage(f"{path} must hold lines like 'rate: 1.2'; mend or delete it.")
    return content


def _with(settings: Settings, key: object, value: object, where: str) -> Settings:
    known = {field.name: field.type for field in fields(Settings) if field.name != "home"}
    if not isinstance(key, str) or key not in known:
        raise BadUsage(f"{where}: '{key}' is not a setting; the settings are {', '.join(sorted(known))}.")
    checked: Any
    match getattr(settings, key):
        case bool():
            checked = _flag(value, key, where)
        case float():
            checked = _number(value, key, where)
        case _:
            checked = shlex.join(map(str, value)) if isinstance(value, list) else str(value)
            if key == "on_crisis":
                _check_command(checked, where)
            if key == "recognizer" and checked not in RECOGNIZERS:
                raise BadUsage(f"{where}: recognizer must be one of {', '.join(RECOGNIZERS)}, not '{checked}'.")
    return replace(settings, **{key: checked})


def _check_command(command: str, where: str) -> None:
    try:
        shlex.split(command)
    except ValueError as error:
        raise BadUsage(f"{where}: on_crisis is no command ({error}); close its quotes.") from None


def _flag(value: object, key: str, where: str) -> bool:
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    try:
        return known[str(value).lower()]
    except KeyError:
        raise BadUsage(f"{where}: {key} must be yes or no, not '{value}'.") from None


def _number(value: object, key: str, where: str) -> float:
    if key == "silence" and str(value).lower() in ("off", "false"):
        return math.inf
    low, high = RANGES[key]
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        off = " or off" if key == "silence" else ""
        raise BadUsage(f"{where}: {key} must be a number from {low:g} to {high:g}{off}, not '{value}'.")
    return number
