"""Finds a Vosk model's directory and looks it over before Vosk does: Vosk names no reason, or ends the process."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voice_coach.errors import Missing

SIZES = "sizes.tsv"
"""In a fetched model: each file's size. Vosk ends the process over some files that are merely cut short."""

_FST = b"\xd6\xfd\xb2\x7e"
_KALDI = b"\0B"
_NEEDED = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
_GRAPHS = (
    ("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"),
    ("graph/HCLG.fst", "graph/words.txt"),
)
_IVECTOR = ("final.dubm", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")


@dataclass(frozen=True, slots=True)
class Published:
    """A model as its makers publish it: one row of models/manifest.toml."""

    name: str
    """The archive's only top folder, and the model's folder below `models/`."""
    language: str
    """The locale it hears, such as "en"."""
    source: str
    """The official address of the zip archive."""
    bytes: int
    """The archive's size."""
    sha256: str
    """The archive's hash, 64 hexadecimal digits."""
    licence: str
    """Its SPDX identifier."""


def read_manifest(path: Path) -> tuple[Published, ...]:
    """The models that can be fetched, in the manifest's order."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["model"]
        return tuple(Published(**row) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Missing(f"The list of models {path} cannot be read ({error}); install voice-coach again.") from None


def find_model(chosen: Path | None, folders: Iterable[Path], known: Sequence[Published] = ()) -> Path | None:
    """The English model to listen with: the chosen directory, else the first sound one below `folders`, else none.

    Below each folder the manifest's names come first, then any other folder named as English models are
    (`vosk-model-…-en…`). A faulty directory is passed over, but a chosen one is refused with its fault (Missing).
    """
    if chosen is not None:
        fault = fault_in(chosen)
        if fault:
            raise Missing(f"{fault} Name a Vosk model's folder with --model, or leave --model out.")
        return chosen
    names = [model.name for model in known if model.language == "en"]
    for folder in folders:
        others = sorted(path.name for path in folder.glob("vosk-model-*") if "en" in path.name.split("-"))
        for name in [*names, *others]:
            if fault_in(folder / name) is None:
                return folder / name
    return None


def fault_in(directory: Path) -> str | None:
    """Why the directory is no usable Vosk model, as one sentence, or None."""
    if not directory.is_dir():
        return f"There is no folder {directory}."
    if not (directory / "am").is_dir():
        return f"{directory} is not a Vosk model: it has no folder am."
    graph = next((graph for graph in _GRAPHS if (directory / graph[0]).exists()), _GRAPHS[0])
    needed = [*_NEEDED, *graph]
    if (directory / "ivector").is_dir():
        needed += ["ivector/final.ie", *(f"ivector/{name}" for name in _IVECTOR)]
    for name in needed:
        fault = _fault_in_file(directory / name)
        if fault:
            return f"The Vosk model {directory} is not whole: {name} {fault}."
    changed = _first_changed(directory)
    return changed and f"The Vosk model {directory} is not whole: {changed} is not as it was fetched."


def record_sizes(directory: Path) -> None:
    """Keeps each file's size in the model's folder, for `fault_in` to compare."""
    sizes = {
        path.relative_to(directory).as_posix(): path.stat().st_size
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
    (directory / SIZES).write_text("".join(f"{name}\t{size}\n" for name, size in sizes.items()), encoding="utf-8")


def _first_changed(directory: Path) -> str | None:
    try:
        rows = (directory / SIZES).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return SIZES
    for name, _, size in (row.partition("\t") for row in rows):
        path = directory / name
        if not path.is_file() or str(path.stat().st_size) != size:
            return name
    return None


def _fault_in_file(path: Path) -> str | None:
    magic = {".fst": _FST, ".mdl": _KALDI}.get(path.suffix, b"")
    try:
        with path.open("rb") as file:
            start = file.read(len(_FST))
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if not start:
        return "is empty"
    return None if start.startswith(magic) else "is a file of another kind"
