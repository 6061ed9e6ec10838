"""The operator's command: off by default, announced, told nothing of what was said, and never waited for."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from voice_coach.app import hold_typed
from voice_coach.errors import BadUsage
from voice_coach.settings import Settings, read_settings

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
CRISIS = b"I want to kill myself\nstop\n"
ANNOUNCED = "This device tells its operator"


def told(home: Path, command: str, typed: bytes = CRISIS) -> str:
    """What the coach says in a session whose settings name this command."""
    out = StringIO()
    settings = replace(Settings(home), on_crisis=command)
    hold_typed(settings, BytesIO(typed), out, terminal=False, real_time=False)
    return out.getvalue()


def script(folder: Path, body: str) -> Path:
    path = folder / "tell operator.sh"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return path


def wait_for(path: Path) -> str:
    until = time.monotonic() + 20.0
    while time.monotonic() < until:
        if path.exists() and path.read_text().endswith("\n"):
            return path.read_text()
        time.sleep(0.02)
    raise AssertionError(f"{path} was never written")


def test_it_runs_in_danger_and_is_told_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    path = script(tmp_path, f'{{ echo "$#"; cat; env; }} > "{mark}.part"; mv "{mark}.part" "{mark}"')
    assert "crisis" not in told(tmp_path, f"'{path}'").lower().partition("hello")[0]
    written = wait_for(mark)
    assert written.splitlines()[0] == "0"
    assert "kill" not in written


def test_it_is_announced_at_the_opening_of_every_session_and_only_where_it_is_set(tmp_path: Path) -> None:
    assert told(tmp_path / "a", "true", b"").startswith(ANNOUNCED)
    assert told(tmp_path / "a", "true", b"no\nstop\n").startswith(ANNOUNCED), "a session that is taken up again"
    assert ANNOUNCED not in told(tmp_path / "b", "", b"")


def test_without_danger_nothing_runs(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    told(tmp_path, f"'{script(tmp_path, f'touch {mark}')}'", b"stop\n")
    time.sleep(0.3)
    assert not mark.exists()


@pytest.mark.parametrize("body", ["exit 3", "echo to nobody >&2; kill -9 $$"])
def test_its_failure_changes_nothing(body: str, tmp_path: Path) -> None:
    with_it = told(tmp_path / "with", f"'{script(tmp_path, body)}'").splitlines()[1:]
    assert with_it == told(tmp_path / "without", "").splitlines()


def test_a_command_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    with_it = told(tmp_path / "with", "/nowhere/at/all").splitlines()[1:]
    assert with_it == told(tmp_path / "without", "").splitlines()


def test_a_command_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    mark, go_on = tmp_path / "mark", tmp_path / "go on"
    path = script(tmp_path, f'while [ ! -e "{go_on}" ]; do sleep 0.05; done; echo ended > "{mark}"')
    assert "Please call" in told(tmp_path, f"'{path}'")
    assert not mark.exists(), "the message waited for the command"
    go_on.touch()
    assert wait_for(mark) == "ended\n"


@pytest.mark.parametrize(("written", "command"), [
    ("on_crisis: /usr/bin/tell me", "/usr/bin/tell me"), ("on_crisis: [tell, two words]", "tell 'two words'"),
    ("rate: 1", ""),
])  # fmt: skip
def test_it_is_a_setting_and_off_by_default(written: str, command: str, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(written)
    assert read_settings(tmp_path, {}).on_crisis == command


def test_open_quotes_are_named(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text('on_crisis: "tell \'me"\n')
    with pytest.raises(BadUsage, match="on_crisis is no command"):
        read_settings(tmp_path, {})
