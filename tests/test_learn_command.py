"""The command that learns a voice from a list of recordings."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hearing import ENGLISH, quiet, say

from voice_coach.listen import example_file


def run(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voice_coach.cli", "--home", str(home), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=os.environ)


def write_wav(path: Path, sound: bytes) -> Path:
    import soundfile

    soundfile.write(path, np.frombuffer(sound, "<i2"), 16_000)
    return path


@pytest.mark.usefixtures("pocketsphinx")
def test_learn_takes_the_good_rows_and_names_the_bad_ones(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "sounds"
    folder.mkdir()
    for name, speed in (("a", 140), ("b", 160)):
        write_wav(folder / f"{name}.wav", say("seven", ENGLISH, speed))
    write_wav(folder / "yes.wav", say("yes", ENGLISH))
    write_wav(folder / "quiet.wav", quiet(1))
    rows = [
        "a.wav\tseven",
        "b.wav\tSeven",
        "",
        "yes.wav\tyes",
        "none.wav\tseven",
        "a.wav\tsvn",
        "quiet.wav\tyes",
        "a.wav",
    ]
    table = folder / "mine.tsv"
    table.write_text("\n".join(["path\tword", *rows, ""]), encoding="utf-8")
    ran = run("learn", "--recognizer", "pocketsphinx", table, home=home)
    assert ran.returncode == 1
    assert [json.loads(line) for line in ran.stdout.splitlines()] == [
        {"word": "seven", "given": 3, "kept": 2},
        {"word": "yes", "given": 2, "kept": 1},
    ]
    assert [line.split(":")[0].split(" is ")[0] for line in ran.stderr.splitlines()] == [
        "Line 6", "Line 7", "Line 8", "Line 9",
    ]  # fmt: skip
    path = example_file.path_of(home)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    heard = run("hear", "--recognizer", "pocketsphinx", "--expects", "rating", folder / "a.wav", home=home)
    assert json.loads(heard.stdout)["value"] == 7
    assert path.read_bytes() == before
    again = run("learn", "--recognizer", "pocketsphinx", table, home=home)
    assert again.stdout == ran.stdout
    assert len(example_file.read(path)) == 3


@pytest.mark.parametrize("text", [None, "", "file,word\n", "path word\n", "a.wav\tseven\n"])
def test_learn_without_a_list_or_its_header(tmp_path: Path, text: str | None) -> None:
    table = tmp_path / "mine.tsv"
    if text is not None:
        table.write_text(text, encoding="utf-8")
    ran = run("learn", table, home=tmp_path / "home")
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1)


# --- people


Poison = Callable[[list[str]], list[str]]
