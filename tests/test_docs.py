"""The documents are true: every command shown runs, every link leads somewhere, every command is told of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = DOCUMENTS[0].read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")
SCRIPTS_OF_THEIR_OWN = ("scripts/start", "scripts/test", "scripts/lint", "scripts/bench")
"""Run for real elsewhere (the scripts' own tests) or too long for a test (benches): here they must exist and parse."""

COMMANDS = [
    (document.name, command)
    for document in DOCUMENTS
    for block in BLOCK.findall(document.read_text(encoding="utf-8"))
    for command in block.strip().splitlines()
]


@pytest.mark.parametrize(("document", "command"), COMMANDS, ids=lambda part: part[:50])
def test_a_command_shown_runs(document: str, command: str, tmp_path: Path) -> None:
    script = command.split()[0]
    if script in SCRIPTS_OF_THEIR_OWN:
        assert os.access(ROOT / script, os.X_OK), f"{document} shows {script}, which cannot be run"
        return
    place = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"PATH": place, "VOICE_COACH_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    assert ran.returncode == 0, f"{document}: {command}\n{ran.stdout}\n{ran.stderr}"
    assert ran.stdout.strip()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_two_commands_come_first() -> None:
    assert [block.strip() for block in BLOCK.findall(README)[:2]] == ["scripts/start", "scripts/test"]


def test_every_command_is_told_of_and_none_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `voice-coach ([a-z-]+)", README, re.MULTILINE))
    helped = subprocess.run(
        [sys.executable, "-m", "voice_coach.cli", "--help"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    listed = set(re.findall(r"^    ([a-z-]+)(?:  |$)", helped, re.MULTILINE))
    assert told == listed


@pytest.mark.skipif(shutil.which("flite") is None, reason="the transcript was made with the voice of flite")
def test_the_transcript_is_what_a_rehearsal_prints(tmp_path: Path) -> None:
    shown = README.split("<!-- rehearsal:")[1].split("```text\n")[1].split("```")[0]
    ran = subprocess.run(
        [sys.executable, "-m", "voice_coach.cli", "--home", str(tmp_path), "rehearse", "--seed", "1"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout == shown
