"""A person's examples on disk: one file a profile, features and words alone, readable by its owner only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_coach.errors import BadInput
from voice_coach.listen.examples import Example
from voice_coach.listen.warping import COLUMNS, LONGEST, SHORTEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
"""Of the file and of the features in it: those of another version cannot be compared."""

_MOST_BYTES = 16_000_000


def path_of(home: Path, profile: str = "default") -> Path:
    """Where a profile's examples are."""
    return home / "learned" / f"{profile}.npz"


def read(path: Path) -> tuple[Example, ...]:
    """The examples in the file; none where there is no file.

    Raises `BadInput`, with what was done about it, where the file is damaged (it is set aside) or of another version.
    """
    import numpy as np

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("larger than any examples")
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        version = int(arrays["version"])
        found = _unpacked(arrays) if version == VERSION else ()
    except FileNotFoundError:
        return ()
    except OSError as fault:
        raise BadInput(
            f"What was learned of your voice cannot be read ({fault.strerror or 'damaged'}: {path}). "
            "The coach goes on without it; check the file's rights."
        ) from None
    except Exception:  # by where a file is damaged, NumPy and zipfile raise a dozen kinds of errors
        raise BadInput(_set_aside(path)) from None
    if version != VERSION:
        raise BadInput(
            f"What was learned of your voice ({path}) was written by another version of the coach. "
            "The coach goes on without it; move the file away and learn anew to use it here."
        )
    return found


def _unpacked(arrays: dict[str, NDArray[Any]]) -> tuple[Example, ...]:
    import numpy as np

    words, lengths, frames = (arrays[name] for name in ("words", "lengths", "frames"))
    heard, against = arrays["heard"], arrays["against"]
    sound = (
        words.dtype.kind == "U"
        and lengths.dtype.kind == "i"
        and words.shape == lengths.shape == heard.shape == against.shape == (len(words),)
        and frames.dtype == np.float32
        and frames.shape == (int(lengths.sum()), COLUMNS)
        and bool(np.isfinite(frames).all() and np.isfinite(heard).all() and np.isfinite(against).all())
        and bool(((lengths >= SHORTEST) & (lengths <= LONGEST)).all())
        and all(words)
    )
    if not sound:
        raise ValueError("not what was written")
    parts = np.split(frames, np.cumsum(lengths)[:-1])
    return tuple(
        Example(str(words[place]), part, float(heard[place]), float(against[place]))
        for place, part in enumerate(parts[: len(words)])
    )


def _set_aside(path: Path) -> str:
    aside = path.with_suffix(".damaged")
    try:
        path.replace(aside)
    except OSError:
        return f"What was learned of your voice is damaged ({path}). The coach goes on without it; delete that file."
    return f"What was learned of your voice was damaged and is set aside ({aside}). The coach goes on without it."


def write(path: Path, examples: tuple[Example, ...]) -> None:
    """Put these examples in the place of those in the file, whole or not at all. Raises `BadInput` where it cannot."""
    import numpy as np

    frames: NDArray[np.float32] = np.zeros((0, COLUMNS), np.float32)
    if examples:
        frames = np.concatenate([example.shape for example in examples])
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            np.savez(
                file,
                version=np.array(VERSION),
                words=np.array([example.word for example in examples], dtype=np.str_),
                lengths=np.array([len(example.shape) for example in examples], dtype=np.int64),
                heard=np.array([example.heard for example in examples], dtype=np.float64),
                against=np.array([example.against for example in examples], dtype=np.float64),
                frames=frames,
            )
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as fault:
        with suppress(OSError):
            new.unlink()
        raise BadInput(
            f"What was learned cannot be kept in {path.parent} ({fault.strerror}); make room there or name another "
            "folder with --home. What was there before still is."
        ) from None


def is_there(path: Path) -> bool:
    """Whether anything of this profile is kept: examples, or damaged ones that were set aside."""
    return any(file.exists() for file in _files(path))


def remove(path: Path) -> None:
    """Delete this profile's examples, damaged ones that were set aside too. Raises `BadInput` where it cannot."""
    try:
        for file in _files(path):
            file.unlink(missing_ok=True)
    except OSError as fault:
        raise BadInput(
            f"What was learned cannot be removed from {path.parent} ({fault.strerror}); delete that folder."
        ) from None


def _files(path: Path) -> tuple[Path, ...]:
    return path, path.with_suffix(".damaged"), path.with_suffix(".new")
