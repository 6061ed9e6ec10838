"""The simulation of imagined people: a course for each kind, the same for the same people."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "simulate"
KINDS = ("steady", "avoiding", "dropping out", "lying", "clock changes", "two ladders")


def simulate() -> list[str]:
    ran = subprocess.run([str(SCRIPT), "--people", "3"], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_every_kind_has_twelve_weeks_a_place_in_the_plot_and_an_end() -> None:
    lines = simulate()
    courses = {name: [line for line in lines if line.startswith(name)] for name in KINDS}
    medians = {}
    for name, (weeks, _) in courses.items():
        medians[name] = [float(number) for number in weeks.removeprefix(name).split()]
        assert len(medians[name]) == 12, name
        assert all(0 <= median <= 18 for median in medians[name])
    plot = {int(line.split()[0]): line.partition("|")[2].split() for line in lines if " rungs |" in line}
    for name, row in medians.items():
        for week, median in enumerate(row):
            assert name[0] in plot[round(median)][week], (name, week)
    assert medians["steady"][-1] > medians["dropping out"][-1]
    assert simulate() == lines
