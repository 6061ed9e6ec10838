"""What is shipped: the locks, the licences, and the wheel, which must work away from the clone."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
TARGETS = [(machine, python) for machine in ("x86_64", "aarch64") for python in ("3.11", "3.13")]
SOURCE_ONLY = {"readability", "srt"}


def locked(name: str) -> dict[str, tuple[Requirement, set[str]]]:
    """Each requirement of the lock by its package's name, with its hashes."""
    found = {}
    for line in (ROOT / "scripts" / f"{name}.lock").read_text().replace("\\\n", " ").splitlines():
        requirement = Requirement(line.split(" --hash")[0])
        hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
        found[canonicalize_name(requirement.name)] = (requirement, hashes)
    return {str(key): value for key, value in found.items()}


def applies(requirement: Requirement, machine: str, python: str) -> bool:
    place = {"platform_machine": machine, "python_version": python, "python_full_version": f"{python}.0"}
    place |= {"sys_platform": "linux", "implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return requirement.marker is None or requirement.marker.evaluate(place)


def wheels() -> list[dict[str, str]]:
    with (ROOT / "scripts" / "wheels.tsv").open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize(
    ("lock", "declared"),
    [
        ("run", PROJECT["project"]["dependencies"]),
        ("test", PROJECT["dependency-groups"]["test"]),
        ("build", PROJECT["dependency-groups"]["build"]),
    ],
)
def test_the_lock_covers_what_is_declared(lock: str, declared: list[str]) -> None:
    pins = locked(lock)
    for text in declared:
        wanted = Requirement(text)
        pin, hashes = pins[canonicalize_name(wanted.name)]
        (version,) = pin.specifier
        assert version.operator == "=="
        assert wanted.specifier.contains(version.version), f"{wanted} is locked at {version.version}"
        assert hashes
        for machine, python in TARGETS:
            assert applies(pin, machine, python) == applies(wanted, machine, python), f"{wanted} on {python}"


def test_pocketsphinx_is_left_out_where_it_has_no_wheel() -> None:
    pin, _ = locked("run")["pocketsphinx"]
    assert [python for python in ("3.11", "3.12", "3.13", "3.14") if applies(pin, "x86_64", python)] == ["3.11", "3.13"]


def test_packages_in_two_locks_have_one_version() -> None:
    pins: dict[str, str] = {}
    for lock in ("build", "run", "test"):
        for name, (requirement, _) in locked(lock).items():
            assert pins.setdefault(name, str(requirement.specifier)) == str(requirement.specifier)


@pytest.mark.parametrize(("machine", "python"), TARGETS)
@pytest.mark.parametrize("lock", ["build", "run", "test"])
def test_every_package_has_a_wheel_for_every_target(lock: str, machine: str, python: str) -> None:
    rows = {
        row["package"]: row
        for row in wheels()
        if (row["lock"], row["machine"], row["python"]) == (lock, machine, python)
    }
    wanted = {name: pin for name, pin in locked(lock).items() if applies(pin[0], machine, python)}
    assert set(rows) == set(wanted) - SOURCE_ONLY
    for name, row in rows.items():
        requirement, hashes = wanted[name]
        assert row["sha256"] in hashes
        project, version, _, tags = parse_wheel_filename(row["file"])
        assert (str(project), f"=={version}") == (name, str(requirement.specifier))
        assert any(fits(tag.interpreter, tag.abi, tag.platform, machine, python) for tag in tags), row["file"]


def fits(interpreter: str, abi: str, platform: str, machine: str, python: str) -> bool:
    if platform != "any" and not re.fullmatch(rf"(manylinux\w*|linux)_{machine}", platform):
        return False
    own = "cp" + python.replace(".", "")
    if abi == "abi3":
        return interpreter.startswith("cp3") and int(interpreter[3:]) <= int(own[3:])
    return interpreter in {"py3", own} and abi in {"none", own}


def test_no_lock_names_a_host() -> None:
    for path in (ROOT / "scripts").glob("*.lock"):
        assert "://" not in path.read_text()
        assert "index-url" not in path.read_text()


@pytest.mark.parametrize("lock", ["build", "run", "test"])
def test_the_licence_of_every_locked_package_is_listed(lock: str) -> None:
    text = (ROOT / "docs" / "licences.md").read_text()
    listed = dict(re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \|", text, re.MULTILINE))
    assert [name for name in locked(lock) if not listed.get(name)] == []


def test_the_models_licence_and_espeaks_are_listed() -> None:
    text = (ROOT / "docs" / "licences.md").read_text()
    for model in tomllib.loads((ROOT / "models" / "manifest.toml").read_text())["model"]:
        assert f"| {model['name']} | {model['licence']} |" in text
    assert "espeak-ng, which is GPL-3.0-or-later" in text


def test_the_manifest_pins_the_english_model() -> None:
    (model,) = tomllib.loads((ROOT / "models" / "manifest.toml").read_text())["model"]
    assert model["name"] == "vosk-model-small-en-us-0.15"
    assert model["bytes"] == 41_205_931
    assert re.fullmatch(r"[0-9a-f]{64}", model["sha256"])
    assert model["source"].startswith("https://")
    assert model["source"].endswith(f"/{model['name']}.zip")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment's programs: with the wheel, and by a path file with the dependencies of this one."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(place, symlinks=True)
    site = next(place.glob("lib/python*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--python", str(place), "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin"


def test_the_wheel_holds_the_catalog_the_manifest_and_the_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {"voice_coach/" + path.relative_to(ROOT).as_posix() for path in (ROOT / "intents").rglob("*.y*ml")}
    assert expected <= names
    assert {"voice_coach/models/manifest.toml", "voice_coach/py.typed"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "models/", "intents/"))]


def test_the_installed_wheel_says_its_version(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "voice-coach", "--version", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert PROJECT["project"]["version"] in done.stdout


def test_the_installed_wheel_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "python", "-c", "import voice_coach; print(voice_coach.__file__)", folder=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(installed.parent)


def test_the_installed_wheel_checks_its_own_catalog(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "voice-coach", "--home", str(tmp_path / "home"), "check", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def run(program: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
    )
