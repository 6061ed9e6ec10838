"""The two commands: what they do the first time, the second time, and where something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_PATH = (
    "bash",
    "sh",
    "env",
    "cat",
    "sha256sum",
    "id",
    "xargs",
    "dirname",
    "rm",
    "flock",
    "grep",
    "mktemp",
    "timeout",
)


def run(command: list[str | Path], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=250,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of what a clone holds, without an environment."""
    place = tmp_path / "a clone"
    place.mkdir()
    for name in ("scripts", "voice_coach", "intents", "models"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "vosk-*"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, place / name)
    return place


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH without any Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in SHARED_PATH:
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


def pretend_python(tools: Path, name: str, version: str) -> None:
    """A program that answers as that Python does when asked for its version, and fails at everything else."""
    (tools / name).write_text(f'#!/bin/sh\ncase "$*" in *version_info*) echo {version} ;; *) exit 1 ;; esac\n')
    (tools / name).chmod(0o755)


@pytest.fixture
def environment(clone: Path) -> Path:
    """The clone with an environment that setup takes for ready: this one's Python, and the stamp that setup expects."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    coach = clone / ".venv" / "bin" / "voice-coach"
    coach.write_text('#!/bin/sh\necho "coach:$*"\n')
    coach.chmod(0o755)
    text = (clone / "scripts" / "setup").read_text()
    ask = text[: text.index("is_ready() {")] + 'printf "%s\\n" "$wanted"\n'
    (clone / "scripts" / "ask").write_text(ask)
    stamp = run(["bash", clone / "scripts" / "ask"], clone)
    assert stamp.returncode == 0, stamp.stderr
    (clone / ".venv" / ".ready-run").write_text(stamp.stdout)
    return clone


def test_a_fresh_clone_sets_itself_up_and_does_nothing_the_second_time(clone: Path) -> None:
    place = os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache" / "pip")
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")} | {"PIP_CACHE_DIR": place}
    first = run([clone / "scripts" / "setup"], clone, **kept)
    assert first.returncode == 0, first.stderr
    assert "Making the Python environment" in first.stderr
    version = run([clone / ".venv" / "bin" / "voice-coach", "--version"], clone)
    assert version.returncode == 0, version.stderr
    second = run([clone / "scripts" / "setup"], clone, **kept)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")

    interrupted = clone / ".venv" / "bin" / "voice-coach"
    interrupted.unlink()
    repaired = run([clone / "scripts" / "setup"], clone, **kept)
    assert repaired.returncode == 0, repaired.stderr
    assert "Making the Python environment" not in repaired.stderr
    assert interrupted.exists()

    moved = clone.parent / "moved"
    clone.rename(moved)
    again = run([moved / "scripts" / "setup"], moved, **kept)
    assert again.returncode == 0, again.stderr
    version = run([moved / ".venv" / "bin" / "voice-coach", "--version"], moved)
    assert version.returncode == 0, version.stderr


def test_start_hands_over_every_argument(environment: Path, tmp_path: Path) -> None:
    done = run([environment / "scripts" / "start", "type", "--home", "a b", "*"], tmp_path)
    assert (done.returncode, done.stdout) == (0, "coach:type --home a b *\n")


def test_start_ends_with_the_coachs_own_exit_code(environment: Path, tmp_path: Path) -> None:
    coach = environment / ".venv" / "bin" / "voice-coach"
    coach.write_text("#!/bin/sh\nexit 7\n")
    assert run([environment / "scripts" / "start", "type"], tmp_path).returncode == 7


def test_a_listening_command_goes_on_without_a_model(environment: Path, tmp_path: Path) -> None:
    # Nothing listens at the proxy, so that no machine with a network fetches the real model here.
    proxies = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    command: list[str | Path] = [environment / "scripts" / "start", "rehearse", "--home", str(tmp_path / "home")]
    for expected in ("does not answer", "no Vosk model here yet"):
        done = run(command, tmp_path, PYTHONPATH=":".join(path for path in sys.path if path), **proxies)
        assert done.returncode == 0
        assert done.stdout == f"coach:rehearse --home {tmp_path / 'home'}\n"
        line = done.stderr.strip().splitlines()[-1]
        assert expected in line
        assert "PocketSphinx listens" in line


@pytest.mark.parametrize("arguments", [["type"], ["--version"], ["rehearse", "--help"], ["talk", "--model", "x"]])
def test_what_needs_no_model_asks_for_none(environment: Path, tmp_path: Path, arguments: list[str]) -> None:
    home = tmp_path / "home"
    done = run([environment / "scripts" / "start", "--home", str(home), *arguments], tmp_path, PYTHONPATH=str(ROOT))
    assert (done.returncode, done.stderr) == (0, "")
    assert not home.exists()


def test_no_python_is_said_with_what_can_be_used_and_why(clone: Path, tools: Path) -> None:
    done = run([clone / "scripts" / "start"], clone, PATH=str(tools))
    assert done.returncode == 3
    assert "needs Python 3.11 or 3.13" in done.stderr
    assert "3.12 and 3.14 work with the Vosk recognizer alone" in done.stderr
    assert "apt-get install" in done.stderr


@pytest.mark.parametrize("version", ["3.10", "3.15", "2.7"])
def test_a_python_that_is_too_old_or_too_new_is_not_used(clone: Path, tools: Path, version: str) -> None:
    pretend_python(tools, "python3", version)
    done = run([clone / "scripts" / "setup"], clone, PATH=str(tools))
    assert done.returncode == 3
    assert "needs Python 3.11 or 3.13" in done.stderr


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        ({"python3": "3.12", "python3.11": "3.11"}, "3.11"),
        ({"python3": "3.11", "python3.13": "3.13"}, "3.13"),
        ({"python3": "3.12"}, "3.12"),
        ({"python3": "3.10", "python3.14": "3.14"}, "3.14"),
    ],
)
def test_a_python_with_both_recognizers_comes_first(
    clone: Path, tools: Path, there: dict[str, str], chosen: str
) -> None:
    for name, version in there.items():
        pretend_python(tools, name, version)
    (tools / "id").unlink()
    (tools / "id").write_text("#!/bin/sh\necho 1000\n")
    (tools / "id").chmod(0o755)
    done = run([clone / "scripts" / "setup"], clone, PATH=str(tools))
    # The pretended Python cannot make an environment: without root that is said, with what to install.
    assert done.returncode == 3
    assert f"Python {chosen} cannot make an environment here" in done.stderr
    assert "sudo apt-get install -y python" in done.stderr


def test_a_python_named_by_hand_is_the_only_one_tried(clone: Path, tools: Path) -> None:
    pretend_python(tools, "python3", "3.11")
    pretend_python(tools, "mine", "3.9")
    done = run([clone / "scripts" / "setup"], clone, PATH=str(tools), VOICE_COACH_PYTHON="mine")
    assert done.returncode == 3
    assert "mine" in done.stderr


def test_the_input_is_left_for_the_coach(environment: Path, tmp_path: Path) -> None:
    coach = environment / ".venv" / "bin" / "voice-coach"
    coach.write_text("#!/bin/sh\ncat\n")
    done = subprocess.run(
        [environment / "scripts" / "start", "type"],
        cwd=tmp_path,
        input="seven\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "seven\n"
