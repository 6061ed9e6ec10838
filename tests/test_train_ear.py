"""The models that are made from the catalog: whether they are still what it makes is told, and never guessed."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import shutil
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "train-ear"


def script() -> Any:
    loader = importlib.machinery.SourceFileLoader("train_ear", str(SCRIPT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


TRAIN = script()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Fresh copies, noted as made now."""
    for path in (*TRAIN.files(TRAIN.OUT), TRAIN.OUT.with_name(TRAIN.MANIFEST)):
        shutil.copy(path, tmp_path / path.name)
    made: Path = tmp_path / TRAIN.OUT.name
    TRAIN.note(made)
    return made


def test_what_was_just_made_is_fresh_and_the_rest_of_the_manifest_stays(out: Path) -> None:
    assert TRAIN.stale(out) == ""
    TRAIN.note(out)
    manifest = tomllib.loads(out.with_name("manifest.toml").read_text())
    assert manifest["model"][0]["name"] == "vosk-model-small-en-us-0.15"
    assert set(manifest["made"]) == {"from", "leaning.lm.bin", "leaning.dict", "common.dict"}


@pytest.mark.parametrize(
    "file", ["en/safety/10_wishing_to_be_dead.yaml", "en/answers/stopping.yaml", "en/words/ratings.yaml"]
)
def test_one_sentence_more_in_the_catalog_makes_it_stale(file: str, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = TRAIN.catalog_files.read_texts()
    changed = texts[file].replace('["', '["a sentence that was not there", "', 1)
    assert changed != texts[file]
    monkeypatch.setattr(TRAIN.catalog_files, "read_texts", lambda: {**texts, file: changed})
    assert "catalog" in TRAIN.stale(out)


def test_what_the_coach_says_makes_nothing_stale(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = TRAIN.catalog_files.read_texts()
    changed = {**texts, "en/lines.yaml": texts["en/lines.yaml"].replace("Hello", "Good day")}
    assert changed != texts
    monkeypatch.setattr(TRAIN.catalog_files, "read_texts", lambda: changed)
    assert TRAIN.stale(out) == ""


@pytest.mark.parametrize("name", ["leaning.lm.bin", "leaning.dict", "common.dict"])
def test_a_file_that_was_not_made_so_is_named(name: str, out: Path) -> None:
    path = out.with_name(name)
    path.write_bytes(path.read_bytes() + b"\n")
    assert TRAIN.stale(out).startswith(name)


@pytest.mark.parametrize("content", [None, "", "[made", '[made]\nfrom = "0"\n'])
def test_without_a_note_it_is_stale(content: str | None, out: Path) -> None:
    manifest = out.with_name("manifest.toml")
    manifest.unlink()
    if content is not None:
        manifest.write_text(content)
    assert "run scripts/train-ear" in TRAIN.stale(out)


def test_the_command_says_which_and_its_exit_code_does_too(out: Path) -> None:
    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, SCRIPT, "--check", out], capture_output=True, text=True, check=False)

    fresh = check()
    assert (fresh.returncode, fresh.stdout) == (0, "The models are what the catalog makes now.\n")
    out.write_bytes(b"another")
    old = check()
    assert (old.returncode, old.stdout) == (1, "leaning.lm.bin is not what was made last; run scripts/train-ear.\n")


@pytest.mark.filterwarnings("default::UserWarning")
def test_stale_models_are_warned_about() -> None:
    """A release is refused then; the coach goes on with what it has."""
    why = TRAIN.stale(TRAIN.OUT)
    if why:
        warnings.warn(f"models/: {why}", stacklevel=1)
    assert all(path.exists() for path in TRAIN.files(TRAIN.OUT))
