"""Tells what is there and what is missing, and what to do about it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.app import load_catalog, make_home
from voice_coach.catalog_files import shipped
from voice_coach.errors import CoachError
from voice_coach.listen.models import find_model, read_manifest
from voice_coach.remember.store import Store
from voice_coach.settings import Settings

if TYPE_CHECKING:
    from voice_coach.devices import What


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `sound`: nothing has to be done; `needed`: the coach cannot go on without it."""

    what: str
    says: str
    sound: bool = True
    needed: bool = True


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, in the order in which a session needs the things. Never raises."""
    yield Finding("Python", f"{platform.python_version()} on {platform.machine()}")
    yield _try("home", lambda: str(make_home(settings.home)))
    yield _try("catalog", lambda: f"{len(load_catalog(settings).lines)} lines, sound")
    yield _try("journal", lambda: _journal(settings))
    yield _try("recognizer", lambda: _recognizer(settings))
    yield _try("speech", _speech, needed=False)
    yield _try("microphone", lambda: _device("microphone"), needed=False)
    yield _try("speaker", lambda: _device("speaker"), needed=False)


def _try(what: str, look: Callable[[], str], needed: bool = True) -> Finding:
    try:
        return Finding(what, look(), needed=needed)
    except CoachError as fault:
        return Finding(what, fault.message, sound=False, needed=needed)


def _journal(settings: Settings) -> str:
    with closing(Store(settings.home / "coach.db")) as store:
        store.rebuild()
        return f"{store.history('UTC').sessions} finished sessions; what is derived from it was derived anew"


def _recognizer(settings: Settings) -> str:
    from voice_coach.recognizers import pick_recognizer

    manifest = shipped("models/manifest.toml")
    model = find_model(None, (settings.home / "models", manifest.parent), read_manifest(manifest))
    with closing(pick_recognizer(settings.recognizer, None, settings.home)) as recognizer:
        fetch = "" if model else "; `voice-coach fetch-model` fetches Vosk's English model, which hears better"
        return f"{recognizer.name}{f' with {model.name}' if model else ''}{fetch}"


def _speech() -> str:
    from voice_coach.speak.espeak import find

    library, _ = find()
    return library.name


def _device(what: What) -> str:
    from voice_coach.devices import find, names

    others = ", ".join(name for name in names(what) if name != find(what))
    return find(what) + (f" (there are also: {others})" if others else "")
