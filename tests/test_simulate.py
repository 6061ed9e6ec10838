"""The simulation of imagined people: a course for each kind, the same for the same people."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "simulate"
KINDS = ("steady", "avoiding", "dropping out", "lying", "clock changes")


def simulate() -> list[str]:
    ran = subprocess.run([str(SCRIPT), "--people", "3"], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_every_kind_has_twelve_weeks_and_a_bar() -> None:
    lines = simulate()
    courses = {name: [line for line in lines if line.startswith(name)] for name in KINDS}
    for name, (weeks, bar) in courses.items():
        medians = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", weeks.removeprefix(name))]
        assert len(medians) == 12, name
        assert all(0 <= median <= 9 for median in medians)
        assert bar.endswith("|")
    steady, dropped = (float(courses[name][0].split()[-1]) for name in ("steady", "dropping out"))
    assert steady > dropped
    assert simulate() == lines
