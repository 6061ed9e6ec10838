"""A person's own voice on disk: one WAV a recording, readable by its owner only. A file is there or it is gone."""

from __future__ import annotations

import os
import re
import wave
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from voice_coach.errors import CoachError

RATE = 16_000
"""Samples a second; mono, 16 bit little-endian."""
LONGEST = 90.0
"""Seconds: longer ones were not made here."""
_NAME = re.compile(r"[\w-]{1,80}")  # names come from imported journals too, and must not lead out of the folder


def recording_of(session: str, seq: int) -> str:
    """The name of the recording that this row of this session keeps."""
    return f"{session}-{seq}"


class Recordings:
    """The recordings in `folder`, which need not exist; None: nothing is ever kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.held = b""
        """The sound that `keep` writes, in memory alone."""

    def keep(self, name: str) -> None:
        """Write the sound that is held under this name, whole or not at all. What cannot be written is not kept."""
        self._put(name, self.held)

    def _put(self, name: str, sound: bytes) -> None:
        path = self._path(name)
        if path is None or not sound:
            return
        new = path.with_suffix(".new")
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.parent.chmod(0o700)
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _write(file, sound)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)

    def sound(self, name: str) -> bytes:
        """What the recording holds; empty where it is missing or damaged."""
        path = self._path(name)
        if path is None:
            return b""
        try:
            with wave.open(str(path)) as file:
                like = (file.getnchannels(), file.getsampwidth(), file.getframerate())
                if like != (1, 2, RATE) or file.getnframes() > LONGEST * RATE:
                    return b""
                return bytes(file.readframes(file.getnframes()))
        except (OSError, wave.Error, EOFError):
            return b""

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        path = self._path(name)
        return path is not None and path.is_file()

    def files(self, names: Iterable[str]) -> list[Path]:
        """The files of those of these that are there."""
        return [path for name in names if (path := self._path(name)) is not None and path.is_file()]

    def take_in(self, file: Path) -> bool:
        """A copy of a recording that lies elsewhere; False where it is none or there already."""
        path = self._path(file.stem)
        if path is None or path.exists():
            return False
        self._put(file.stem, Recordings(file.parent).sound(file.stem))
        return path.exists()

    def remove(self, names: Collection[str]) -> int:
        """Overwrite and delete these. Raises `CoachError` where one is still there; returns how many were."""
        found = self.files(names)
        for path in found:
            _erase(path)
        self.held = b""
        if left := self.files(names):
            raise CoachError(f"{left[0]} could not be deleted. Delete it by hand, with the folder that it is in.")
        return len(found)

    def sweep(self, known: Collection[str]) -> None:
        """Delete every file but those of these names: what a crash or a changed answer left behind."""
        if self._folder is None or not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.suffix == ".new" or (path.suffix == ".wav" and path.stem not in known):
                _erase(path)

    def _path(self, name: str) -> Path | None:
        return self._folder / f"{name}.wav" if self._folder is not None and _NAME.fullmatch(name) else None


def _write(file: BinaryIO, sound: bytes) -> None:
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(RATE)
        made.writeframes(sound)


def _erase(path: Path) -> None:
    """Zeros over the samples first: the disk's blocks are free afterwards, and not empty."""
    with suppress(OSError), path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    with suppress(OSError):
        path.unlink(missing_ok=True)
