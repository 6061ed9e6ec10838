"""Writes wheels.tsv: which file pip takes for each locked package on each target, by its sha256.

A lock holds bare hashes; this table says what they belong to, so that a missing wheel is seen here and not on a
user's Raspberry Pi. A file counts only if its hash is in the lock.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCKS = ("build", "run", "test")
TARGETS = [(machine, python) for machine in ("x86_64", "aarch64") for python in ("3.11", "3.13")]
GLIBC_MINORS = range(36, 16, -1)  # Debian 12 has glibc 2.36; 2.17 is what manylinux2014 wheels ask for
SOURCE_ONLY = ("readability", "srt")  # published as source alone; pure Python


def chosen_files(lock: Path, machine: str, python: str) -> list[tuple[str, str, str, str]]:
    """(package, version, file, sha256) of everything pip would install from `lock` on that target, sorted."""
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in GLIBC_MINORS]
    platforms += [f"manylinux2014_{machine}", f"linux_{machine}"]
    lines = [line for line in requirements(lock) if applies(line, machine, python) and not is_source_only(line)]
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text("\n".join(lines) + "\n")
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps"]
        command += ["--only-binary=:all:", "--target", folder, "--implementation", "cp", "--python-version", python]
        command += [f"--platform={platform}" for platform in platforms]
        command += ["--require-hashes", "--report", str(report), "-r", str(wanted)]
        subprocess.run(command, check=True)
        found = json.loads(report.read_text())["install"]
    rows = []
    for item in found:
        file = item["download_info"]["url"].rsplit("/", 1)[1]
        sha256 = item["download_info"]["archive_info"]["hashes"]["sha256"]
        rows.append((canonical(item["metadata"]["name"]), item["metadata"]["version"], file, sha256))
    return sorted(rows)


def requirements(lock: Path) -> list[str]:
    """Each locked requirement with its marker and hashes on one line."""
    return [line.strip() for line in lock.read_text().replace("\\\n", " ").splitlines() if line.strip()]


def applies(line: str, machine: str, python: str) -> bool:
    """Whether the requirement's marker holds on Linux with that machine and Python (pip would ask about this one)."""
    from pip._vendor.packaging.requirements import Requirement

    marker = Requirement(line.split(" --hash")[0]).marker
    full = f"{python}.0"
    place = {"platform_machine": machine, "python_version": python, "python_full_version": full}
    place |= {"sys_platform": "linux", "implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return marker is None or marker.evaluate(place)


def is_source_only(line: str) -> bool:
    return canonical(line.split("==")[0]) in SOURCE_ONLY


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    table = ["lock\tmachine\tpython\tpackage\tversion\tfile\tsha256"]
    for name in LOCKS:
        for machine, python in TARGETS:
            for row in chosen_files(HERE / f"{name}.lock", machine, python):
                table.append("\t".join((name, machine, python, *row)))
    (HERE / "wheels.tsv").write_text("\n".join(table) + "\n")
    print(f"{len(table) - 1} files for {len(TARGETS)} targets")


if __name__ == "__main__":
    main()
