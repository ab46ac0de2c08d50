"""Rules about the files themselves: sizes, and names that must not stand in any of them."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = [
    *sorted((ROOT / "src").rglob("*.py")),
    *sorted((ROOT / "tools").glob("*.py")),
    *sorted(path for path in (ROOT / "viewer" / "src").rglob("*.ts") if not path.name.endswith(".gen.ts")),
]
IGNORED = {"node_modules", "__pycache__", "out", "dist", "build", "failures"}

# Written in halves, so that this file does not name them itself.
FORBIDDEN = ["registry" + ".npmjs", "python" + "hosted", "pypi" + ".org/simple", "/wor" + "k/", "/ro" + "ot/"]
DATA_FOLDER = "shared" + "/data"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_files() -> tuple[tuple[str, str], ...]:
    """Path and text of every text file that is not ignored."""
    return tuple(_text_files())


def _text_files() -> Iterator[tuple[str, str]]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in IGNORED and (name in (".ci", ".github") or name[0] != ".")
        ]
        for name in names:
            path = Path(folder) / name
            is_checkout = name == ".git"  # a file where the tree is a second working copy
            content = path.read_bytes() if path.is_file() and not is_checkout else b"\0"
            if b"\0" not in content:  # text has no NUL, pictures and fonts and weights do
                yield name_of(path), content.decode(encoding="utf-8")


def functions_over(source: str, *, lines: int) -> list[str]:
    """Names of the functions in ``source`` that are longer than ``lines``."""
    return [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > lines
    ]


def files_over(paths: list[Path], *, lines: int) -> list[str]:
    """Names of the files that are longer than ``lines``."""
    counts = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return [f"{name} ({count} lines)" for name, count in counts.items() if count > lines]


def test_no_file_is_longer_than_400_lines() -> None:
    assert len(CODE) > 200
    assert files_over(CODE, lines=400) == []


def test_no_function_is_longer_than_60_lines() -> None:
    long = {
        name_of(path): functions_over(path.read_text(encoding="utf-8"), lines=60)
        for path in CODE
        if path.suffix == ".py"
    }
    assert {name: functions for name, functions in long.items() if functions} == {}


def test_long_functions_and_files_are_reported() -> None:
    source = "def long():\n" + "    x = 1\n" * 60
    assert functions_over(source, lines=60) == ["long (61 lines)"]
    assert files_over([ROOT / "Makefile"], lines=3)[0].startswith("Makefile (")


def test_no_file_names_a_registry_or_a_machine() -> None:
    named = [(name, word) for name, text in text_files() for word in FORBIDDEN if word in text]
    assert named == []


def test_only_ci_names_the_data_folder() -> None:
    assert [name for name, text in text_files() if DATA_FOLDER in text] == [".ci/run"]
