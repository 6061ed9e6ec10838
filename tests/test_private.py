"""Nothing leaves the machine, and nothing said lands anywhere but in the journal."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Sequence
from pathlib import Path

import pytest
from conversing import Turn, hold, read
from pulse import Route

from voice_coach.coach import controls

MARK = "zanzibar quokka"
PROGRAM = [sys.executable, "-m", "voice_coach.cli"]
SCRIPT = "".join(f"{turn.says}\n" for turn in read("first_session").turns).replace("weekly meeting", MARK)
CONNECTION = re.compile(r"\b(socketpair|socket)\(AF_(?!UNIX)|sa_family=AF_(?!UNIX)")
"""What reaches beyond this machine: every family of sockets but the local one."""
SPOKEN = """
import sys
from datetime import timedelta
from pathlib import Path
from conversing import hold, read
from speaking import Knowing, speak
first = read("first_session")
cut = next(nth for nth, turn in enumerate(first.turns) if turn.coach == "ask.learned")
home = Path(sys.argv[1])
hold(home, first.turns[:cut], first.now, first.zone)
says = {"screen.since": "no", "ask.learned": "MARK", "ask.own_voice": "yes", "ask.action": "I will call MARK"}
done = speak(home, says, first.now + timedelta(minutes=10), Knowing())
assert done.outcome.how == "went", done.outcome
assert list((home / "recordings").iterdir()), "nothing was recorded"
""".replace("MARK", MARK)
"""A spoken session in which what was learned is kept as a recording."""
CRASHING = """
import sys
from voice_coach.coach import reflecting
def broken(*_, **__):
    raise RuntimeError("a part is broken")
reflecting.reinforce = broken
import voice_coach.coach.protocol as protocol
protocol.reinforce = broken
from voice_coach.cli import main
sys.exit(main(["--home", sys.argv[1], "type"]))
"""
"""A session that breaks after everything was said."""


def ran(
    folder: Path, arguments: Sequence[str], said: str = SCRIPT, code: int | None = 0, trace: Path | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """A process of the coach with no mask on what it creates and the tests' modules at hand."""
    watched = ["strace", "-f", "-e", "trace=network", "-o", str(trace)] if trace else []
    told = subprocess.run(
        [*watched, sys.executable, *arguments], input=said, capture_output=True, text=True, timeout=280, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder),
             "PYTHONPATH": str(Path(__file__).parent), **environment},
        preexec_fn=lambda: os.umask(0) and None,
    )  # fmt: skip
    assert code is None or told.returncode == code, told.stderr
    return told


def cli(home: Path, *arguments: str) -> list[str]:
    return ["-m", "voice_coach.cli", "--home", str(home), *arguments]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A recording of a moment of silence."""
    path = tmp_path / "word.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(32_000))
    return path


# --- the network ---


def connections(trace: Path) -> list[str]:
    seen = trace.read_text()
    assert "exited with" in seen or "killed by" in seen, "nothing was traced"
    return [line for line in seen.splitlines() if CONNECTION.search(line)]


def test_the_watch_finds_a_connection(tmp_path: Path) -> None:
    for family in ("AF_INET", "AF_INET6", "AF_NETLINK"):
        assert CONNECTION.search(f"12 socket({family}, SOCK_STREAM, IPPROTO_TCP) = 3")
        assert CONNECTION.search(f"12 sendto(3, x, 1, 0, {{sa_family={family}, sin_port=htons(53)}}, 16) = 1")
    assert not CONNECTION.search("12 connect(3, {sa_family=AF_UNIX, sun_path=x}, 110) = 0")
    if shutil.which("strace"):
        code = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
        ran(tmp_path, ["-c", code], trace=tmp_path / "trace")
        assert connections(tmp_path / "trace")


IN_A_ROW = [
    ("type",), ("type", "--real-time"), ("rehearse", "--seed", "2"), ("understand", "--expects", "text", "--explain"),
    ("hear", "word.wav", "--expects", "yes-no", "--recognizer", "pocketsphinx"), ("learn", "list.tsv"),
    ("remind", "--at", "2099-12-01T18:00"), ("progress",), ("export",), ("ladder", "list"), ("check",), ("doctor",),
]  # fmt: skip


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what a process asks of the network")
@pytest.mark.parametrize("arguments", IN_A_ROW, ids=" ".join)
def test_no_command_opens_a_connection(arguments: tuple[str, ...], tmp_path: Path, sound: Path) -> None:
    (tmp_path / "list.tsv").write_text(f"path\tword\n{sound.name}\tseven\n")
    named = [str(tmp_path / word) if word.endswith((".wav", ".tsv")) else word for word in arguments]
    said = "stop\n" if "--real-time" in arguments else SCRIPT
    ran(tmp_path, cli(tmp_path / "home", *named), said, code=None, trace=tmp_path / "trace")
    assert not connections(tmp_path / "trace")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what a process asks of the network")
@pytest.mark.parametrize("kiosk", ["no", "yes"])
def test_neither_does_a_message_in_danger_nor_a_kiosk(kiosk: str, tmp_path: Path) -> None:
    told = ran(
        tmp_path, cli(tmp_path / "home", "type"), "I want to kill myself\nnumber\nstop\n", trace=tmp_path / "trace",
        VOICE_COACH_KIOSK=kiosk,
    )  # fmt: skip
    assert "Please call" in told.stdout
    assert not connections(tmp_path / "trace")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what a process asks of the network")
def test_neither_does_a_session_that_records(tmp_path: Path) -> None:
    ran(tmp_path, ["-c", SPOKEN, str(tmp_path / "home")], trace=tmp_path / "trace")
    assert not connections(tmp_path / "trace")


@pytest.mark.pulse
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see what a process asks of the network")
def test_a_spoken_session_speaks_to_the_sound_of_this_machine_alone(sound_route: Route, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    process = subprocess.Popen(
        ["strace", "-f", "-e", "trace=network", "-o", str(trace), *PROGRAM, "--home", str(tmp_path / "home"), "talk",
         "--recognizer", "pocketsphinx"],
        env={**os.environ, **sound_route.environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 90
        while time.monotonic() < until and "AF_UNIX" not in (trace.read_text() if trace.exists() else ""):
            time.sleep(0.5)
        time.sleep(6.0)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert "AF_UNIX" in trace.read_text(), "it never reached the sound server"
    assert not connections(trace)


# --- what was said, and where it lands ---


def holding(folder: Path, *, but: Sequence[str]) -> list[str]:
    """The files in which a marked word stands."""
    words = [word.encode() for word in (MARK, *MARK.split())]
    found = [path for path in folder.rglob("*") if path.is_file() and any(w in path.read_bytes() for w in words)]
    return sorted(path.name for path in found if path.name not in but)


JOURNAL = ("coach.db", "coach.db-wal", "coach.db-shm")


def test_what_is_said_lands_in_the_journal_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    told = ran(tmp_path, cli(home, "type"))
    assert MARK not in told.stderr
    assert holding(tmp_path, but=()), "the journal does not hold it either"
    assert not holding(tmp_path, but=JOURNAL)
    ran(tmp_path, cli(home, "remind", "--at", "2099-12-01T18:00"))
    told = ran(tmp_path, cli(home, "type"), f"no\n{MARK}\nI want to kill myself with a {MARK}\n{MARK}\nstop\n", None)
    assert MARK not in told.stderr
    for command in (("progress",), ("doctor",), ("check",), ("ladder", "list")):
        told = ran(tmp_path, cli(home, *command), code=None)
        assert MARK not in told.stderr, command
    assert not holding(tmp_path, but=JOURNAL)


def test_nor_does_a_recording_or_what_is_beside_it_hold_a_word(tmp_path: Path) -> None:
    told = ran(tmp_path, ["-c", SPOKEN, str(tmp_path / "home")])
    assert MARK not in told.stderr + told.stdout
    assert not holding(tmp_path, but=JOURNAL)
    assert {path.suffix for path in (tmp_path / "home" / "recordings").iterdir()} == {".wav"}


def test_a_kiosk_keeps_it_nowhere(tmp_path: Path) -> None:
    ran(tmp_path, cli(tmp_path / "home", "type"), VOICE_COACH_KIOSK="yes")
    assert holding(tmp_path, but=()) == []


@pytest.mark.parametrize("traceback", ["", "1"], ids=["plain", "traceback"])
def test_a_crash_tells_nothing_of_what_was_said(traceback: str, tmp_path: Path) -> None:
    told = ran(tmp_path, ["-c", CRASHING, str(tmp_path / "home")], code=1, VOICE_COACH_TRACEBACK=traceback)
    assert "RuntimeError" in told.stderr, "nothing broke"
    assert ("Traceback" in told.stderr) is bool(traceback)
    assert not [word for word in (MARK, *MARK.split(), "shaking voice") if word in told.stderr]
    assert not holding(tmp_path, but=JOURNAL)


def test_no_fault_tells_what_was_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "intents").mkdir(parents=True)
    (home / "intents" / "rules.yaml").write_text("cap: {value: 3, unit: exposures, source: article}\n")
    told = ran(tmp_path, cli(home, "type"), code=1)
    assert MARK not in told.stderr + told.stdout
    assert "Traceback" not in told.stderr


# --- whose files they are ---


def modes(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home.parent)): oct(path.stat().st_mode & 0o777)
        for path in (home, *home.rglob("*"))
        if not path.is_symlink()
    }


def test_everything_in_the_home_is_for_this_person_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ran(tmp_path, ["-c", SPOKEN, str(home)])
    ran(tmp_path, cli(home, "remind", "--at", "2099-12-01T18:00"))
    ran(tmp_path, cli(home, "rehearse", "--seed", "2", "--days", "2"), code=None)
    speech = Path(__file__).parents[2] / "shared" / "speech"
    spoken = sorted(speech.rglob("*.wav"))[:1]
    if spoken:
        (tmp_path / "list.tsv").write_text(f"path\tword\n{spoken[0]}\tseven\n")
        ran(tmp_path, cli(home, "learn", str(tmp_path / "list.tsv")), code=None)
    process = subprocess.Popen(
        [*PROGRAM, "--home", str(home), "type", "--real-time"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, preexec_fn=lambda: os.umask(0) and None,
    )  # fmt: skip
    try:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        process.stdin.write("help\n")
        process.stdin.flush()
        while "repeat, slower" not in process.stdout.readline():
            pass
        found = modes(home)
    finally:
        process.kill()
        process.communicate()
    names = {Path(name).name for name in found}
    assert {"coach.db", "coach.db-wal", "coach.db-shm", "recordings", "reminder.ics", "helpline.json"} <= names
    wrong = {name: mode for name, mode in found.items() if mode not in ("0o600", "0o700")}
    assert not wrong
    assert {found["home"], found["home/recordings"]} == {"0o700"}
    assert {mode for name, mode in found.items() if "." in Path(name).name} == {"0o600"}


# --- private mode ---

NUMBER = re.compile(r"\b(zero|one|two|three|four|five|six|seven|eight|nine|ten)( and a half)?\b", re.IGNORECASE)


def test_private_mode_speaks_no_fear_and_no_rating(tmp_path: Path) -> None:
    told = ran(tmp_path, cli(tmp_path / "home", "type"), VOICE_COACH_PRIVATE="yes").stdout
    assert MARK not in told
    assert "Noted." in told
    assert not re.search(r"^(zero|one|two|three|four|five|six|seven|eight|nine|ten)( and a half)?\.", told, re.M | re.I)


def test_in_private_mode_no_doubtful_answer_is_said_aloud(tmp_path: Path) -> None:
    talk = read("first_session")
    turns: list[Turn] = []
    for turn in talk.turns:
        if turn.coach == "ask.before":
            turns += [Turn("ask.before", "six or seven"), Turn("ask.before", "two or three")]
        turns.append(turn)
    held = hold(tmp_path, tuple(turns), talk.now, talk.zone, private=True)
    assert (held.outcome.how, held.left) == ("went", 0)
    said = [line for line in held.lines if line.key in controls.UNSPOKEN or line.key == "private.once_more"]
    assert [line.text for line in said] == 2 * ["Please say it once more, as a single answer."]
    assert not any(NUMBER.search(line.text) for line in said)


def test_a_helpline_is_never_hidden(tmp_path: Path) -> None:
    said = "I feel like a burden to everyone\nno\nnumber\nstop\n"
    told = ran(
        tmp_path, cli(tmp_path / "home", "type"), said, VOICE_COACH_PRIVATE="yes", VOICE_COACH_COUNTRY="GB"
    ).stdout
    assert "Are you safe right now?" in told
    assert "ending your life" not in told
    assert told.lower().count("one one six, one two three") == 3
