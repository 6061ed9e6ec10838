"""The command `hear`: one JSON object a file, in order, whatever the files are called."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_coach.cli import main
from voice_coach.listen.recognizer import RATE

SPEECH = Path(os.environ.get("VOICE_COACH_SPEECH", Path(__file__).parents[2] / "shared" / "speech"))
people = pytest.mark.skipif(not (SPEECH / "manifest.tsv").exists(), reason="no recordings of people here")
Found = dict[str, object]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_COACH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VOICE_COACH_RECOGNIZER", "pocketsphinx")


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "noise.wav"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.01, RATE), RATE)
    return path


def hear(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[Found]]:
    code = main(["hear", *arguments])
    out = capsys.readouterr().out
    assert out.isascii()
    return code, [json.loads(line) for line in out.splitlines()]


def test_a_file_gives_one_object(capsys: pytest.CaptureFixture[str], noise: Path) -> None:
    code, (found,) = hear(capsys, str(noise), "--expects", "rating")
    assert code == 0
    assert list(found) == ["file", "heard", "kind", "value", "score", "recognizer", "audio_s", "decode_s"]
    assert found["file"] == str(noise)
    assert found["kind"] in ("nothing", "unsure")
    assert (found["recognizer"], found["audio_s"]) == ("pocketsphinx", 1.0)


def test_a_bad_file_stands_in_its_place_and_the_others_are_heard(
    capsys: pytest.CaptureFixture[str], noise: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bäd.wav"
    bad.write_bytes(b"not a sound")
    code, found = hear(capsys, str(noise), str(bad), str(noise), "--expects", "yes-no", "--apart")
    assert code == 1
    assert list(found[1]) == ["file", "error"]
    assert found[1]["file"] == str(bad)
    assert [each["file"] for each in found] == [str(noise), str(bad), str(noise)]
    assert found[0]["kind"] == found[2]["kind"]


@pytest.mark.parametrize("flags", [["--expects", "nonsense"], [], ["--expects", "rating", "--recognizer", "typed"]])
def test_a_wrong_call_is_bad_usage(capsys: pytest.CaptureFixture[str], noise: Path, flags: list[str]) -> None:
    assert main(["hear", str(noise), *flags]) == 2
    assert capsys.readouterr().err.strip().count("\n") == 0


def test_a_model_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], noise: Path, tmp_path: Path) -> None:
    assert main(["hear", str(noise), "--expects", "rating", "--recognizer", "vosk", "--model", str(tmp_path)]) == 3
    assert "--model" in capsys.readouterr().err


def without(found: list[Found], *keys: str) -> list[Found]:
    return [{key: value for key, value in each.items() if key not in ("decode_s", *keys)} for each in found]


@people
def test_apart_neither_name_nor_folder_nor_order_matters(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [*sorted(SPEECH.glob("fsdd/*_1.wav"))[:6], *sorted(SPEECH.glob("gsc/*.wav"))[::90]]
    renamed: dict[str, str] = {}
    for number, path in enumerate(files):
        copy = tmp_path / f"{number % 3}" / f"{9 - number % 10}_stop_{number}.wav"
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, copy)
        renamed[str(copy)] = str(path)
    shuffled = list(renamed)
    random.Random(4).shuffle(shuffled)
    _, first = hear(capsys, *map(str, files), "--expects", "rating", "--apart")
    _, second = hear(capsys, *shuffled, "--expects", "rating", "--apart")
    by_path = {renamed[str(each["file"])]: without([each], "file") for each in second}
    assert len(first) == len(files) >= 12
    assert [without([each], "file") for each in first] == [by_path[str(path)] for path in files]


@people
def test_the_session_carries_over_in_the_order_given(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in sorted(SPEECH.glob("fsdd/*_nicolas_3.wav"))[:6]]
    _, together = hear(capsys, *files, "--expects", "rating")
    _, again = hear(capsys, *files, "--expects", "rating")
    _, apart = hear(capsys, *files, "--expects", "rating", "--apart")
    assert without(together) == without(again)
    assert without(together[:1]) == without(apart[:1])
    assert without(together) != without(apart)


@people
def test_text_prints_the_free_words(capsys: pytest.CaptureFixture[str]) -> None:
    _, (found,) = hear(capsys, str(SPEECH / "read" / "goforward.wav"), "--expects", "text")
    assert found["kind"] == "text"
    assert found["value"] == found["heard"]
    assert "go forward" in str(found["heard"])
