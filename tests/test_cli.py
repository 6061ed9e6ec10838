"""The command line's contract: JSON out, exit codes, plain sentences."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from voice_coach.words import KINDS

PROGRAM = [sys.executable, "-m", "voice_coach.cli"]


def run(*arguments: str, said: bytes = b"", home: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    place = ["--home", str(home)] if home else []
    return subprocess.run([*PROGRAM, *place, *arguments], input=said, capture_output=True, timeout=60, check=False)


def understood(expects: str, *lines: str) -> list[dict[str, object]]:
    ran = run("understand", "--expects", expects, said="".join(f"{line}\n" for line in lines).encode())
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_understand_prints_one_object_a_line_in_order() -> None:
    found = understood("rating", "seven", "", "six or seven", "stop", "twelve", "the cat sat", "6.5")
    assert [(row["heard"], row["kind"], row["value"]) for row in found] == [
        ("seven", "rating", 7),
        ("", "nothing", None),
        ("six or seven", "unsure", [6, 7]),
        ("stop", "command", "stop"),
        ("twelve", "out_of_range", None),
        ("the cat sat", "nothing", None),
        ("6.5", "rating", 6.5),
    ]
    assert all(0.0 <= float(str(row["score"])) <= 1.0 for row in found)


def test_understand_takes_yes_no_and_choices() -> None:
    assert [row["value"] for row in understood("yes-no", "yes", "no", "maybe")] == [True, False, "dont_know"]
    found = understood("choice:first|second|third", "the second one", "third")
    assert [(row["kind"], row["value"]) for row in found] == [("choice", "second"), ("choice", "third")]


def test_heard_is_the_input_unchanged_and_output_is_ascii() -> None:
    ran = run("understand", "--expects", "text", said="  caf\u00e9 \r\n".encode() + b"\xff\nlast line without end")
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [row["heard"] for row in rows] == ["  caf\u00e9 \r", "\ufffd", "last line without end"]
    assert ran.stdout.isascii()


def test_lines_end_at_newline_alone() -> None:
    ran = run("understand", "--expects", "text", said="a\u2028b\x0bc\rd\n".encode())
    assert len(ran.stdout.splitlines()) == 1


def test_every_kind_is_taken() -> None:
    for kind in KINDS:
        expects = "choice:a|b" if kind == "choice" else kind
        assert len(understood(expects, "yes")) == 1


def test_explain_shows_candidates_and_guard() -> None:
    ran = run("understand", "--expects", "rating", "--explain", said=b"six or seven\n")
    row = json.loads(ran.stdout)
    assert row["guard"]
    assert row["candidates"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--nonsense",),
        ("fly",),
        ("understand",),
        ("understand", "--expects", "colour"),
        ("understand", "--expects", "choice:"),
        ("understand", "--expects", "choice:a||b"),
        ("understand", "--expects", "rating:a"),
    ],
)
def test_bad_usage_is_one_sentence_and_exit_2(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.returncode == 2
    assert ran.stderr.strip()
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("text", "named"),
    [("rate: fast\n", "rate"), ("colour: red\n", "colour"), ("[1, 2\n", "YAML"), ("silence: 3\n", "silence")],
)
def test_unreadable_settings_are_named_and_exit_2(text: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(text)
    ran = run("type", home=tmp_path)
    assert ran.returncode == 2
    assert named in ran.stderr.decode()
    assert b"Traceback" not in ran.stderr


def test_check_finds_the_shipped_catalog_sound(tmp_path: Path) -> None:
    ran = run("check", home=tmp_path)
    assert ran.returncode == 0, ran.stdout.decode()


def test_check_shows_every_fault_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("cap: {value: many, unit: exposures, source: article}\ncap: 3\n")
    ran = run("check", str(tmp_path))
    assert ran.returncode == 1
    assert b"rules.yaml:1" in ran.stdout
    assert b"rules.yaml:2" in ran.stdout


def test_check_of_no_folder_is_bad_usage(tmp_path: Path) -> None:
    assert run("check", str(tmp_path / "nowhere")).returncode == 2


def test_an_unwritable_home_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("type", home=tmp_path / "file" / "home", said=b"hello\n")
    assert ran.returncode == 3
    assert b"--home" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_version_and_help() -> None:
    assert run("--version").stdout.startswith(b"voice-coach ")
    assert b"understand" in run("--help").stdout


def test_environment_settings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_COACH_RATE", "99")
    ran = run("type", home=tmp_path)
    assert ran.returncode == 2
    assert b"VOICE_COACH_RATE" in ran.stderr
