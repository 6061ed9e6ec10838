"""A release is refused while a number may be out of date, a model is stale or something is not committed."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from voice_coach import catalog_files

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 28)


@pytest.fixture
def release() -> Any:
    loader = importlib.machinery.SourceFileLoader("release", str(ROOT / "scripts" / "release"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def verified(on: str) -> dict[str, str]:
    """The catalog, every helpline in it verified on this day."""
    texts = dict(catalog_files.read_texts())
    bare = re.sub(r"^    verified: .*\n", "", texts["helplines.yaml"], flags=re.MULTILINE)
    texts["helplines.yaml"] = re.sub(r"^    recorded: .*$", rf'\g<0>\n    verified: "{on}"', bare, flags=re.MULTILINE)
    return texts


@pytest.mark.parametrize(("on", "refused"), [("2026-06-01", False), ("2026-05-31", True)])
def test_every_helpline_has_been_verified_within_180_days(
    on: str, refused: bool, release: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = verified(on)
    monkeypatch.setattr(catalog_files, "read_texts", lambda: texts)
    told = release.helplines(TODAY)
    assert len(told) == (texts["helplines.yaml"].count("    recorded: ") if refused else 0)


@pytest.mark.parametrize("reason", ["helplines", "models", "uncommitted"])
def test_one_reason_is_enough_and_nothing_is_built(
    reason: str, release: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("helplines", "models", "uncommitted"):
        monkeypatch.setattr(release, name, lambda *_, found=(name == reason): ["Something is old."] if found else [])
    monkeypatch.setattr(release, "STEPS", (("false",),))
    assert release.main([]) == 1
    assert capsys.readouterr().out == "Something is old.\nRefused for 1 reasons.\n"


def test_nothing_is_built_where_a_step_fails(
    release: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("helplines", "models", "uncommitted"):
        monkeypatch.setattr(release, name, lambda *_: [])
    built = tmp_path / "built"
    monkeypatch.setattr(release, "STEPS", (("true",), ("false",), ("touch", str(built))))
    assert release.main([]) == 1
    assert "false failed" in capsys.readouterr().out
    assert not built.exists()
    monkeypatch.setattr(release, "STEPS", (("true",), ("touch", str(built))))
    assert release.main([]) == 0
    assert built.exists()


def test_the_steps_are_lint_tests_and_the_wheel(release: Any) -> None:
    assert [Path(str(step[0])).name for step in release.STEPS] == ["lint", "test", "python"]
    assert "hatchling" in release.STEPS[-1]
