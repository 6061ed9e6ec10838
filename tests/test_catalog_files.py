"""Where shipped files are found, and how a home's own files come in front."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voice_coach import catalog_files
from voice_coach.catalog_files import read_texts, shipped
from voice_coach.errors import BadInput, Missing

CLONE = Path(__file__).resolve().parent.parent


def test_in_a_clone_the_files_beside_the_package_are_found() -> None:
    assert shipped("intents") == CLONE / "intents"


def test_below_the_package_comes_first(tmp_path: Path) -> None:
    """The layout of a wheel: the package with the files in it, and its own code run from there."""
    package = tmp_path / "voice_coach"
    shutil.copytree(CLONE / "voice_coach", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "intents" / "en").mkdir(parents=True)
    (package / "intents" / "en" / "lines.yaml").write_text("language: en\n")
    (tmp_path / "intents").mkdir()
    code = "from voice_coach.catalog_files import shipped, read_texts; print(shipped('intents'), *read_texts())"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [str(package.resolve() / "intents"), "en/lines.yaml"]


def test_what_no_place_holds_says_what_to_do() -> None:
    with pytest.raises(Missing, match="install voice-coach again"):
        shipped("intents/nowhere.yaml")


def test_names_are_relative_and_of_one_locale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(
        tmp_path / "intents",
        {"contract.yaml": "a", "en/lines.yaml": "b", "en/ladders/x.yaml": "c", "de/lines.yaml": "d"},
    )
    monkeypatch.setattr(catalog_files, "_PACKAGE", tmp_path)
    assert read_texts("en") == {"contract.yaml": "a", "en/lines.yaml": "b", "en/ladders/x.yaml": "c"}
    assert read_texts("de") == {"contract.yaml": "a", "de/lines.yaml": "d"}


def test_a_file_of_the_same_name_replaces_and_others_are_added(tmp_path: Path) -> None:
    own = {"en/ladders/social.yaml": "mine", "en/ladders/dogs.yaml": "new", "en/ladders/old.yml": "odd ending"}
    write(tmp_path, {**own, "notes.txt": "not YAML"})
    texts = read_texts("en", replacing=tmp_path)
    assert texts == {**read_texts("en"), **own}


def test_a_home_without_files_changes_nothing(tmp_path: Path) -> None:
    assert read_texts("en", replacing=tmp_path / "intents") == read_texts("en")


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"en/lines.yaml": ""})
    (tmp_path / "en" / "lines.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match=r"lines\.yaml is not UTF-8"):
        read_texts("en", replacing=tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "en" / "lines.yaml").mkdir(parents=True)
    with pytest.raises(BadInput, match=r"lines\.yaml cannot be read"):
        read_texts("en", replacing=tmp_path)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
