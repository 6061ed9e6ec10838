"""Where the shipped files are, in a wheel or in a clone, and the catalog's texts with a home's own in front."""

from __future__ import annotations

from pathlib import Path

from voice_coach.errors import BadInput, Missing

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The path of "intents" or "models/manifest.toml": below the package in a wheel, beside it in a clone."""
    for root in (_PACKAGE, _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise Missing(f"{name} is missing from this installation; install voice-coach again.")


def read_texts(locale: str = "en", replacing: Path | None = None) -> dict[str, str]:
    """The catalog's YAML texts of one locale by their names below `intents/`, for `understand.loading.load`.

    Files in the folder `replacing` (a home's `intents/`, which need not exist) take the place of shipped ones
    of the same name.
    """
    texts: dict[str, str] = {}
    for folder in (shipped("intents"), *([replacing] if replacing is not None else [])):
        for path in sorted([*folder.glob("*.y*ml"), *(folder / locale).rglob("*.y*ml")]):
            texts[path.relative_to(folder).as_posix()] = _text(path)
    return texts


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text; save it as UTF-8 and try again.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); check the file and try again.") from None
