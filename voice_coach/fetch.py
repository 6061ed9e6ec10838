"""Fetches a model from its official address: the only part of the coach that opens a connection."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib.util
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voice_coach.errors import CoachError, Missing
from voice_coach.listen.models import Published, find_model, read_manifest
from voice_coach.unpack import unpack

if TYPE_CHECKING:
    import requests

_BLOCK = 1 << 16
_LAST_TRY = ".last-try"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds."""

    answer: float = 5.0
    """For the address to begin its answer, name look-up and redirects included."""
    pause: float = 30.0
    """For the next bytes of an answer that has begun."""
    again: float = 24 * 3600.0
    """After a failed try, before the next one that nobody asked for."""


def fetch_model(home: Path, manifest: Path, *, force: bool = True, patience: Patience | None = None) -> Path:
    """The folder of the manifest's first English model, fetched into the home's `models/` unless one is there.

    Raises `Missing`, saying what to do, when it cannot be fetched whole; what has arrived is kept and gone on with
    next time. Without `force`, a try that failed less than `patience.again` ago is not repeated.
    """
    patience = patience or Patience()
    known = read_manifest(manifest)
    folder = home / "models"
    found = find_model(None, (folder, manifest.parent), known)
    if found is not None:
        return found
    wanted = next((model for model in known if model.language == "en"), None)
    if wanted is None:
        raise Missing(f"{manifest} lists no English model; install voice-coach again.")
    last_try = folder / _LAST_TRY
    if not force and _is_recent(last_try, patience.again):
        raise Missing("There is no Vosk model here yet; `voice-coach fetch-model` tries to fetch it.")
    with _plain_faults(folder, wanted), _alone(folder):
        last_try.touch()
        archive = _archive(wanted, folder, patience)
        model = unpack(archive, wanted, folder)
        archive.unlink()
        last_try.unlink()
    return model


def fetch_if_missing(home: Path, manifest: Path, *, patience: Patience | None = None) -> str | None:
    """Fetches the model where none is there and no try failed lately; one sentence on who listens without it."""
    try:
        fetch_model(home, manifest, force=False, patience=patience)
    except CoachError as fault:
        if importlib.util.find_spec("pocketsphinx") is None:
            return f"{fault.message} This Python has no PocketSphinx either, so the coach cannot hear yet."
        return f"{fault.message} Until then PocketSphinx listens, with its own English model."
    return None


def _archive(wanted: Published, folder: Path, patience: Patience) -> Path:
    """The whole archive on disk, its size and hash being the manifest's."""
    part = folder / f"{wanted.name}.zip.part"
    resumed = _size(part)
    if resumed < wanted.bytes:
        _download(wanted, part, patience)
    if _sha256(part) == wanted.sha256:
        return part
    part.unlink()
    if resumed:
        # The beginning may be left from another version of the file.
        _download(wanted, part, patience)
        if _sha256(part) == wanted.sha256:
            return part
        part.unlink()
    raise Missing(f"What {_host(wanted)} sent is not the model that was expected; it was thrown away. Try again later.")


def _download(wanted: Published, part: Path, patience: Patience) -> None:
    import requests
    from tqdm import tqdm

    have = _size(part)
    with _answer(wanted, have, patience) as response:
        if response.status_code == requests.codes.ok:
            have = 0
        elif response.status_code != requests.codes.partial_content or not _goes_on_at(response, have):
            raise Missing(
                f"{_host(wanted)} does not offer the model now (status {response.status_code}). Try again later."
            )
        promised = response.headers.get("Content-Length", "")
        if promised.isdigit() and have + int(promised) != wanted.bytes:
            raise Missing(f"{_host(wanted)} offers another file than the expected model. Try again later.")
        with part.open("ab") as file, tqdm(
            desc="English model", total=wanted.bytes, initial=have, unit="B", unit_scale=True, disable=None
        ) as bar:  # fmt: skip
            file.truncate(have)
            for block in response.iter_content(_BLOCK):
                have += len(block)
                if have > wanted.bytes:
                    raise Missing(f"{_host(wanted)} sent more than the expected model. Try again later.")
                file.write(block)
                bar.update(len(block))
    if have != wanted.bytes:
        raise Missing("The model arrived cut off. Run `voice-coach fetch-model` to fetch the rest.")


def _answer(wanted: Published, have: int, patience: Patience) -> requests.Response:
    """The response, its body still to be read. A thread asks, for no time-out of the library bounds a name look-up."""
    import requests

    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    waiting: queue.SimpleQueue[requests.Response | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            waiting.put(
                requests.get(wanted.source, headers=headers, stream=True, timeout=(patience.answer, patience.pause))
            )
        except Exception as error:
            waiting.put(error)

    threading.Thread(target=ask, daemon=True).start()
    with contextlib.suppress(queue.Empty):
        answer = waiting.get(timeout=patience.answer)
        if not isinstance(answer, Exception):
            return answer
    raise Missing(
        f"{_host(wanted)} does not answer, so the Vosk model is not here. "
        "Run `voice-coach fetch-model` when there is a connection."
    )


def _goes_on_at(response: requests.Response, have: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _is_recent(stamp: Path, seconds: float) -> bool:
    with contextlib.suppress(OSError):
        # A stamp from the future comes from a clock that was wrong.
        return 0 <= time.time() - stamp.stat().st_mtime < seconds
    return False


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One fetch at a time: two would write into the same unfinished file."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Missing("The model is being fetched already; wait for that to end.") from None
        yield


@contextlib.contextmanager
def _plain_faults(folder: Path, wanted: Published) -> Iterator[None]:
    import requests

    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        yield
    except requests.RequestException:
        raise Missing(
            f"The connection to {_host(wanted)} broke off. Run `voice-coach fetch-model` to fetch the rest."
        ) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Missing(
                f"The disk of {folder} is full: the model needs about {wanted.bytes * 3 // 1_000_000} MB. "
                "Make room, then run `voice-coach fetch-model`."
            ) from None
        raise Missing(
            f"The model cannot be kept in {folder} ({error.strerror}). "
            "Make that folder one that you may write to, or choose another home with --home."
        ) from None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _host(wanted: Published) -> str:
    return wanted.source.split("/")[2]
