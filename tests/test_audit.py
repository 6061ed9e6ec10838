"""The audit of a stored history: a clean one passes, and a violation of each row is found as that row's."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from auditing import AUDITS, DAY, HOUR, MINUTE, Written, read, report, rungs

SCRIPT = AUDITS.parent / "audit-rules"
HARD: dict[str, Any] = {"peak": 8.0, "variation": "short"}


def on_a(written: Written) -> Written:
    """The first step of all, a plain one."""
    return written.begin().rate(a=3.0).step("a", peak=3.0)


def latched(written: Written) -> Written:
    on_a(written).note("crisis", kind="suicide")
    return written.did("a", variation="stand", rest=HOUR)


def blocked(written: Written) -> Written:
    until = (on_a(written).now + 5 * DAY).isoformat()
    written.note("block", kind="rest", reason="stress", until=until, ladder=None)
    return written.did("a", variation="stand")


def three_hard(written: Written) -> Written:
    on_a(written)
    for _ in range(4):
        written.begin().rate("after_hard", a=3.0).step("a", **HARD)
    return written


def hard_twice_a_day(written: Written) -> Written:
    return written.begin().rate(a=3.0).step("a", rest=4 * HOUR, **HARD).did("a", variation="stand")


def four_a_day(written: Written) -> Written:
    on_a(written)
    for _ in range(4):
        written.did("a", variation="stand", rest=4 * HOUR)
    return written


def fell(written: Written) -> Written:
    """A rung worked on below one that was hard twice."""
    written.mastered("a").begin().rate(b=3.0).step("b", **HARD)
    return written.begin().rate("after_hard", b=3.0).step("b", **HARD)


def check(written: Written, rest: float = 0.0, **told: Any) -> Written:
    """A check of rung a, so many days later than the next day."""
    written.now += rest * DAY
    return written.did("a", retention=True, why="retention", **told)


def up_after(written: Written, *grades: dict[str, Any]) -> Written:
    """Rung a as told, then rung b as if that had been enough."""
    written.begin().rate(a=3.0)
    for number, told in enumerate(grades):
        if number:
            written.begin()
        written.step("a", **told)
    return written.begin().rate("promotion", b=3.0).step("b", why="up")


def inserted(written: Written) -> Written:
    written.begin().rate(b=3.0).step("b", peak=3.0)
    return written.begin().rate(a=2.5).step("b", variation="stand")


def deleted(written: Written, **rated: float) -> Written:
    """Begun on c, which is then taken off the ladder; a day later the next session has begun."""
    written.begin().rate(a=1.0, b=1.0, c=3.0).step("c", peak=3.0)
    written.begin().note("own_ladder", ladder="talk", body=json.dumps({"ladder": "talk", "rungs": rungs(*"abd")}))
    return written.rate("entering", **rated)


def passed_on_two_days(written: Written) -> Written:
    written.mastered("a").begin().rate("promotion", b=1.0, c=1.0).step("a", variation="stand", why="stay")
    return written.begin().rate("promotion", c=1.0, d=3.0).step("d", why="up")


def asked_late(written: Written) -> Written:
    on_a(written)
    written.now += 20 * DAY
    return written.begin(trauma="", suicide="").step("a", variation="stand")


GOOD: dict[str, Any] = {}
VARIED: dict[str, Any] = {"variation": "stand"}
Plant = Callable[[Written], Written]
PLANTED: dict[tuple[int, int], list[Plant]] = {
    (1, 1): [latched],
    (1, 2): [blocked],
    (1, 3): [three_hard],
    (1, 4): [hard_twice_a_day],
    (1, 5): [four_a_day],
    (1, 6): [lambda w: w.begin().rate(a=3.0).step("a", rest=2.9 * HOUR).did("a", variation="stand")],
    (1, 7): [lambda w: on_a(w).begin(since="").step("a", variation="stand"), asked_late,
             lambda w: w.begin().rate(a=3.0).step("a", before=None)],
    (1, 8): [lambda w: w.begin(suicide="unsure").rate(a=3.0).step("a")],
    (1, 9): [lambda w: w.begin(age="unsure").rate(a=3.0).step("a")],
    (1, 10): [lambda w: w.begin(unreal="yes").rate(a=3.0).step("a")],
    (1, 11): [lambda w: w.begin(panic="yes", panic_helped="no").rate(a=3.0).step("a")],
    (1, 12): [lambda w: w.begin(trauma="unsure").rate(a=3.0).step("a")],
    (1, 13): [lambda w: w.begin(daily_life="yes").rate(a=3.0).step("a")],
    (1, 14): [lambda w: on_a(w).did("a", before=8.0).did("a", before=7.0).did("a", before=7.5)],
    (1, 15): [lambda w: w.begin().rate(a=3.0).step("a", before=7.0)],
    (1, 16): [lambda w: on_a(w.begin(stress="yes")).did("a", variation="stand")],
    (1, 17): [lambda w: _at_night(w)],
    (1, 18): [lambda w: w.begin().rate(a=3.0).step("a", proposed="b"),
              lambda w: w.begin().rate(a=3.0).step("z")],
    (1, 19): [lambda w: w.begin().rate(a=3.0).step("a", before=5.5, variation="stand")],
    (1, 20): [lambda w: w.begin().rate(a=3.0).step("a", before=3.0, said=4.0)],
    (2, 1): [lambda w: up_after(w, GOOD, {"variation": "stand", "peak": None})],
    (2, 2): [lambda w: up_after(w, GOOD, {"variation": "stand", "happened": "yes"}, GOOD)],
    (2, 3): [lambda w: up_after(w, GOOD, {"variation": "stand", "peak": 2.0})],
    (2, 4): [lambda w: up_after(w, GOOD, {"variation": "stand", "how": "lost"})],
    (2, 5): [lambda w: up_after(w, VARIED, {"peak": 3.0}, VARIED)],
    (2, 6): [lambda w: up_after(w, GOOD), lambda w: up_after(w, GOOD, GOOD)],
    (2, 7): [lambda w: w.begin().rate(a=4.5).step("a"), lambda w: w.begin().rate(b=3.0).step("b"),
             lambda w: w.begin().rate(a=2.0, b=3.0).step("b")],
    (2, 8): [lambda w: w.mastered("a").begin().rate("promotion", b=4.5).step("b"),
             lambda w: w.mastered("a").begin().rate("promotion", b=1.0, c=1.0, d=3.0).step("d"),
             lambda w: w.mastered("a").begin().rate("promotion", c=3.0).step("c"),
             lambda w: passed_on_two_days(w), lambda w: w.mastered("a").begin().rate("promotion", b=3.0)
             .step("a", variation="stand"), lambda w: w.mastered("a").did("a", variation="stand")],
    (2, 9): [lambda w: w.mastered("a").did("b"),
             lambda w: w.begin().rate(a=3.0).step("a", **HARD).did("a", variation="short"),
             lambda w: w.begin().rate(a=3.0).step("a", peak=3.0, rest=15 * DAY).did("a", variation="stand"),
             lambda w: on_a(w).begin().rate(a=4.5).step("a", variation="stand")],
    (2, 10): [lambda w: w.begin().rate(a=3.0).step("a", **HARD).begin().rate(a=3.0).step("a")],
    (2, 11): [lambda w: fell(w).begin().rate(b=3.0).step("b", variation="short")],
    (2, 12): [lambda w: on_a(w).did("a", peak=3.0), lambda w: _eight_plain(w)],
    (2, 13): [lambda w: w.begin().rate(a=3.0).step("a", rest=31 * DAY).begin().rate(a=3.0)
              .step("a", variation="stand").begin().rate("promotion", b=3.0).step("b")],
    (2, 14): [lambda w: check(w.mastered("a").begin().rate("promotion", b=3.0).step("b", rest=4 * HOUR)),
              lambda w: check(check(w.mastered("a")), rest=1),
              lambda w: check(w.begin().rate(a=3.0).step("a")),
              lambda w: check(w.mastered("a").begin().rate("promotion", b=3.0).step("b", **HARD))],
    (2, 15): [lambda w: w.begin().rate(a=3.0).step("a", rest=4 * HOUR).did("a", variation="stand")],
    (2, 16): [inserted, lambda w: deleted(w, a=3.0, b=3.0).step("a")],
    (2, 17): [lambda w: w.begin().rate(a=3.0).step("a", lasts=6 * MINUTE)],
}  # fmt: skip


def _at_night(written: Written) -> Written:
    written.now = written.now.replace(hour=22)
    return written.begin().rate(a=1.0, b=1.0, c=1.0, d=3.0).step("d")


def _eight_plain(written: Written) -> Written:
    on_a(written)
    for _ in range(7):
        written.did("a", peak=3.0, variation="stand")
    return written


def test_a_clean_history_passes(tmp_path: Path) -> None:
    written = Written(tmp_path)
    check(written.mastered("a"))
    written.begin().rate("promotion", b=3.0).step("b", why="up").did("b", variation="stand", why="vary")
    found = written.found()
    assert found.faults == []
    assert found.checked.total() > 80


@pytest.mark.parametrize("row", PLANTED, ids=str)
def test_a_violation_of_each_row_is_found(row: tuple[int, int], tmp_path: Path) -> None:
    for number, plant in enumerate(PLANTED[row]):
        home = tmp_path / str(number)
        home.mkdir()
        found = plant(Written(home)).found()
        assert found.broken[row], f"plant {number}: {found.faults}"


@pytest.mark.parametrize(("rated", "rung"), [({"b": 3.0}, "b"), ({"b": 4.5, "a": 3.0}, "a")])
def test_the_rung_below_a_deleted_one_is_in_order(rated: dict[str, float], rung: str, tmp_path: Path) -> None:
    found = deleted(Written(tmp_path), **rated).step(rung).found()
    assert found.faults == []
    assert not found.unread


def test_below_a_deleted_rung_it_is_rated_anew(tmp_path: Path) -> None:
    found = deleted(Written(tmp_path)).step("b").found()
    assert found.broken[2, 9]


def test_every_row_of_the_two_tables_is_planted() -> None:
    assert list(PLANTED) == [(1, row) for row in range(1, 21)] + [(2, row) for row in range(1, 18)]


def test_a_refusal_without_its_reason_is_found(tmp_path: Path) -> None:
    written = on_a(Written(tmp_path)).begin()
    written.write("end", "rest", {"how": "rest", "reason": "cap"})
    assert written.found().broken[1, 5] == 1


def test_a_ladder_made_by_voice_is_read_from_the_journal_as_it_was_then(tmp_path: Path) -> None:
    written = Written(tmp_path)
    written.begin().note("own_ladder", ladder="talk", body=json.dumps({"ladder": "talk", "rungs": rungs("x", "y")}))
    written.rate(x=3.0).step("x")
    written.begin().note("own_ladder", ladder="talk", body=json.dumps({"ladder": "talk", "rungs": rungs("y", "x")}))
    written.rate("promotion", y=3.0).step("y", why="up")
    found = written.found()
    assert found.unread == {}
    assert not found.broken[2, 8], "y is the easier one by then"
    assert found.broken[2, 7] == 0
    assert found.checked[2, 7] > 0


def test_a_rung_that_no_ladder_has_is_told_not_passed_over(tmp_path: Path) -> None:
    written = Written(tmp_path).begin().rate(a=3.0).step("a").did("gone")
    found = written.found()
    assert found.unread == {"talk": 1}
    told = "\n".join(report(read(written.path, "rehearsed-x"), found))
    assert "§2 rows 1 to 17 not checked for 1 exposures: the ladder talk does not have their rung" in told


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(SCRIPT), *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_the_command_prints_each_row_and_the_sum(tmp_path: Path) -> None:
    assert run("--home", str(tmp_path)).returncode == 3
    written = on_a(Written(tmp_path))
    written.store.close()
    ran = run("--home", str(tmp_path))
    *_, idle, last = ran.stdout.splitlines()
    assert re.fullmatch(r"audited 1 exposures in 1 days: \d+ checks, 0 broken", last), ran
    assert "§1 row 1 (latch)" in idle
    assert "(asked)" not in idle
    assert ran.returncode == 0
    assert run("--home", str(tmp_path), "--profile", "nobody").returncode == 1


def test_the_audit_takes_nothing_from_the_product() -> None:
    for path in AUDITS.glob("*.py"):
        assert "voice_coach" not in path.read_text(encoding="utf-8"), path.name
