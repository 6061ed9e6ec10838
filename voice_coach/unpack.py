"""Unpacks a fetched archive beside its place and puts it there in one step, whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from voice_coach.errors import Missing
from voice_coach.listen.models import Published, fault_in, record_sizes

_MOST_FILES = 1_000
_MOST_GROWTH = 10
"""Vosk's small models unpack to under three times the archive's size."""


def unpack(archive: Path, wanted: Published, folder: Path) -> Path:
    """The model's folder below `folder`. Raises `Missing` where the archive is unsafe, broken or no Vosk model."""
    for stale in folder.glob(".unpacking-*"):
        shutil.rmtree(stale)
    place = folder / wanted.name
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=folder) as work:
        fresh = Path(work, wanted.name)
        _extract(archive, wanted, Path(work))
        fault = fault_in(fresh)
        if fault:
            raise Missing(f"The fetched model is not used. {fault}")
        record_sizes(fresh)
        _flush(fresh)
        if place.exists():
            place.rename(Path(work, "replaced"))
        fresh.rename(place)
    _flush_folder(folder)
    return place


def _extract(archive: Path, wanted: Published, work: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            _refuse_unsafe(opened.infolist(), wanted)
            opened.extractall(work)
    except zipfile.BadZipFile:
        raise Missing("The fetched model is a broken archive and is not used.") from None


def _refuse_unsafe(members: Iterable[zipfile.ZipInfo], wanted: Published) -> None:
    members = list(members)
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or not parts or parts[0] != wanted.name or stat.S_ISLNK(member.external_attr >> 16):
            raise Missing("The fetched model holds a file that would land outside its folder, and is not used.")
    # zipfile reads no more of a member than the size it declares.
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_GROWTH * wanted.bytes:
        raise Missing("The fetched model would unpack to far more than it should, and is not used.")


def _flush(folder: Path) -> None:
    """On the disk before the rename is, or a power cut could leave a whole name over empty files."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
