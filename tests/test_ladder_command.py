"""The command `ladder`: what it takes in and gives out, and that a faulty file leaves nothing behind."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conversing import Turn, hold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import NOW

from voice_coach.app import hold_typed, load_catalog
from voice_coach.coach.ladder_form import to_json
from voice_coach.coach.today import LadderWords
from voice_coach.errors import BadInput, BadUsage
from voice_coach.ladder_command import run
from voice_coach.ladder_files import LadderFaults, read_file, to_yaml
from voice_coach.ladders import read_kept, words_of
from voice_coach.records import Ladder, Rung, Variation
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.speak.phrasing import Phrasing

GOOD = """\
# For the next four weeks.
ladder: swimming_hall
name: "the swimming hall"
called: ["swimming"]
rungs:
  - id: hall_entrance
    say: "Stand inside the entrance of the swimming hall for two minutes."
    end: "two minutes are over"
    seconds: 120
    tags: [away]
    variations: []
  - id: hall_bench
    say: "Sit on a bench beside the shallow pool for three minutes."
    end: "three minutes are over"
    seconds: 180
    tags: [away, with_others]
    variations:
      - { id: bench_back, changes: place, easier: true, say: "Sit on the bench that is farthest from the water." }
  - id: hall_feet
    say: "Sit on the edge of the shallow pool with both feet in the water for one minute."
    end: "one minute is over"
    seconds: 60
    tags: [away, with_others]
    variations: []
"""


@cache
def words() -> LadderWords:
    catalog = load_catalog(Settings(Path("nowhere")))
    return words_of(catalog, Phrasing(catalog, {}))


def told(home: Path, action: str, name: str | None = None, to: Path | None = None) -> str:
    return "\n".join(run(Settings(home), action, name, to))


def kept(home: Path) -> dict[str, tuple[str, ...]]:
    with closing(Store(home / "coach.db")) as store:
        return store.own_ladders()


def test_a_rung_that_a_new_file_lacks_is_known_to_have_stood_above_another(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    top = GOOD[GOOD.index("  - id: hall_feet") :].replace("hall_feet", "hall_knees")
    for content in (GOOD + top, GOOD.replace("hall_feet", "hall_toes") + top):
        file.write_text(content, encoding="utf-8")
        told(tmp_path, "import", str(file))
    assert read_kept(kept(tmp_path))["swimming_hall"].gone == {"hall_feet": "hall_bench"}
    told(tmp_path, "delete", "swimming_hall")
    told(tmp_path, "import", str(file))
    assert read_kept(kept(tmp_path))["swimming_hall"].gone == {"hall_feet": "hall_bench"}
    file.write_text(GOOD, encoding="utf-8")
    told(tmp_path, "import", str(file))
    assert read_kept(kept(tmp_path))["swimming_hall"].gone == {"hall_toes": "hall_bench", "hall_knees": "hall_bench"}


def test_a_file_is_taken_and_comes_back_equal(tmp_path: Path) -> None:
    file, back = tmp_path / "mine.yaml", tmp_path / "back.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert "swimming_hall is taken, with 3 rungs" in told(tmp_path, "import", str(file))
    assert "swimming_hall: the swimming hall, 3 rungs (own)" in told(tmp_path, "list")
    told(tmp_path, "export", "swimming_hall", back)
    assert read_file(back, words()) == read_file(file, words()) == read_kept(kept(tmp_path))["swimming_hall"]
    assert back.stat().st_mode & 0o777 == 0o600
    assert told(tmp_path, "export", "the swimming hall") == back.read_text(encoding="utf-8").rstrip("\n")


def test_every_fault_is_told_with_its_line_and_nothing_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    text = GOOD.replace("seconds: 120", "seconds: 999").replace("tags: [away]", "tags: [wet]")
    text = text.replace("Sit on a bench beside the shallow pool", "Dive into the deep end").replace("called:", "caled:")
    text = text.replace("both feet in the water", "a needle in the hand").replace("id: hall_feet", "id: hall_bench")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LadderFaults) as caught:
        told(tmp_path, "import", str(file))
    found = [(fault.line, fault.message.split(";")[0]) for fault in caught.value.faults]
    assert [line for line, _ in found] == [2, 4, 9, 10, 12, 19]
    assert f"{file}:9: An exposure takes whole seconds" in caught.value.message
    assert "has to do with water" in caught.value.message
    assert kept(tmp_path) == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("ladder: swimming_hall", "ladder: Swimming Hall", 2, "no name for a ladder"),
        ("id: hall_feet", "id: Hall Feet", 19, "no name for a rung"),
        ("Stand inside", "Hold a needle inside", 6, "add asks: [fainted]"),
        ("Stand inside", "Confront my boss inside", 6, "add asks: [hurt]"),
        ('called: ["swimming"]', "asks: [sneezed]", 4, "nothing that can be asked"),
        ("Sit on the bench that is farthest", "Drive to the place farthest", 12, "driving"),
        ("  - id: hall_entrance", "  - name: hall_entrance", 6, '"id" is missing'),
        ('name: "the swimming hall"', "name: [1, 2]", 3, "words are wanted"),
    ],
)  # fmt: skip
def test_one_fault(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    file = tmp_path / "faulty.yaml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LadderFaults) as caught:
        read_file(file, words())
    assert any(fault.line == line and message in fault.message for fault in caught.value.faults), caught.value.message


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"- a\n- b\n", b"ladder: x\nrungs: []\n", b"a: b: c", b"\0"])
def test_what_is_no_ladder_at_all_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"odd\.yaml"):
        told(tmp_path, "import", str(file))
    with pytest.raises(BadInput, match="cannot be read"):
        told(tmp_path, "import", str(tmp_path / "nowhere.yaml"))


TEXT = st.text("abcXYZ ÄßÉ日🙂'\"\\:#{}[]-,&*!|>%@`~0.5?", min_size=1, max_size=20).filter(str.strip)
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TAGS = st.frozensets(st.sampled_from(("user_speaks", "with_others", "away")))
CHANGED = st.builds(Variation, IDS, st.sampled_from(("place", "person", "time", "length")), TEXT, st.booleans())
RUNGS = st.builds(
    Rung, IDS, st.just("l"), TEXT, TEXT, st.integers(1, 240), TAGS,
    st.lists(CHANGED, min_size=1, max_size=3, unique_by=lambda change: change.id).map(tuple),
)  # fmt: skip
LADDERS = st.builds(
    Ladder, st.just("l"), TEXT, st.lists(RUNGS, min_size=3, max_size=5, unique_by=lambda rung: rung.id).map(tuple),
    called=st.lists(TEXT, unique=True, min_size=1, max_size=3).map(tuple),
)  # fmt: skip


@given(ladder=LADDERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_ladder_is_written_so_that_it_reads_back_the_same(tmp_path: Path, ladder: Ladder) -> None:
    file = tmp_path / "l.yaml"
    file.write_text(to_yaml(ladder), encoding="utf-8", newline="")
    assert read_file(file, LadderWords()) == ladder
    assert read_kept({"l": [to_json(ladder)]}) == {"l": ladder}


def test_shipped_ladders_read_back_the_same(tmp_path: Path) -> None:
    for ladder in load_catalog(Settings(tmp_path)).ladders.values():
        file = tmp_path / f"{ladder.id}.yaml"
        file.write_text(to_yaml(ladder), encoding="utf-8")
        assert read_file(file, words()) == ladder


def test_the_chosen_ladder_is_the_next_sessions(tmp_path: Path) -> None:
    told(tmp_path, "use", "dogs")
    assert "dogs: dogs, 9 rungs (active)" in told(tmp_path, "list")
    held = hold(tmp_path, (Turn("screen.age", "stop"),), NOW, "Europe/Berlin")
    assert "We go on with dogs." in [line.text for line in held.lines]


def test_an_own_ladder_of_the_same_name_comes_first_and_can_be_deleted(tmp_path: Path) -> None:
    file = tmp_path / "dogs.yaml"
    shipped = load_catalog(Settings(tmp_path)).ladders["dogs"]
    file.write_text(to_yaml(replace(shipped, rungs=shipped.rungs[:4])), encoding="utf-8")
    told(tmp_path, "import", str(file))
    assert "dogs: dogs, 4 rungs (own)" in told(tmp_path, "list")
    told(tmp_path, "delete", "dogs")
    assert "dogs: dogs, 9 rungs" in told(tmp_path, "list")
    with pytest.raises(BadUsage, match="cannot be deleted"):
        told(tmp_path, "delete", "dogs")


@pytest.mark.parametrize("action", ["show", "export", "use", "delete"])
def test_an_unknown_ladder_is_told_with_those_there_are(tmp_path: Path, action: str) -> None:
    with pytest.raises(BadUsage, match=r"There is no ladder 'ghosts'; the ladders are car_passenger, dogs"):
        told(tmp_path, action, "ghosts")
    with pytest.raises(BadUsage, match="needs a name"):
        told(tmp_path, action)


def test_taking_a_ladder_in_neither_counts_as_a_session_nor_hides_the_last_end(tmp_path: Path) -> None:
    hold(tmp_path, (Turn("ask.fear", "i want to kill myself"), Turn("crisis.offer", "stop")), NOW, "Europe/Berlin")
    with closing(Store(tmp_path / "coach.db")) as store:
        before = store.last_end(), store.history("UTC").sessions, store.history("UTC").crises
    told(tmp_path, "use", "dogs")
    with closing(Store(tmp_path / "coach.db")) as store:
        assert (store.last_end(), store.history("UTC").sessions, store.history("UTC").crises) == before


SITUATIONS = (
    "asking for help in shops", "I ask one cashier for the time", "three", "I ask two people for the way, once each",
    "four", "I ring one shop and ask when they open", "five", "done", "done",
)  # fmt: skip


def build(home: Path, said: tuple[str, ...]) -> str:
    out = io.StringIO()
    lines = io.BytesIO("".join(f"{line}\n" for line in said).encode())
    held = hold_typed(Settings(home), lines, out, terminal=False, real_time=False, building=True)
    return held.how


@pytest.mark.parametrize("cut", range(len(SITUATIONS)))
def test_building_goes_on_after_a_crash(tmp_path: Path, cut: int) -> None:
    if cut:
        assert build(tmp_path, SITUATIONS[:cut]) == "input_ended"
    again = ("no", *SITUATIONS[cut:]) if cut else SITUATIONS
    assert build(tmp_path, again) == "built"
    ladder = read_kept(kept(tmp_path))["own_1"]
    assert ladder.name == "asking for help in shops"
    assert [rung.say for rung in ladder.rungs] == [f"{SITUATIONS[place].rstrip('.')}." for place in (1, 3, 5)]


def test_the_command_as_a_process(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD.replace("seconds: 60", "seconds: 0"), encoding="utf-8")
    program = [sys.executable, "-m", "voice_coach.cli", "--home", str(tmp_path / "home"), "ladder"]
    ran = subprocess.run([*program, "import", str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert f"{file}:22: An exposure takes whole seconds" in ran.stderr
    assert "Traceback" not in ran.stderr
    ran = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0
    assert "swimming_hall" not in ran.stdout
