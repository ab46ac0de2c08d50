"""Recipes of CONTRIBUTING.md, followed in a copy of the source; ``tried.py`` then uses what they added."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_STEP = re.compile(
    r"^In (?:the new file )?`src/(?P<path>[^`]+)`"
    r"(?:, (?P<how>above|a row of|among the imports)(?: `(?P<table>\w+)`)?)?"
    r":\n\n```python\n(?P<code>.*?)```$",
    re.MULTILINE | re.DOTALL,
)


def recipes(page: str) -> dict[str, list[re.Match[str]]]:
    """The steps of each recipe, by its heading."""
    sections = re.split(r"^### ", page.split("## Recipes", 1)[1].split("\n## ", 1)[0], flags=re.MULTILINE)[1:]
    return {text.split("\n", 1)[0]: list(_STEP.finditer(text)) for text in sections}


def follow(step: re.Match[str], source: Path) -> None:
    """Take one step of a recipe in a copy of ``src``."""
    path, code = source / step["path"], step["code"]
    if step["how"] is None:
        assert not path.exists(), f"{path} is not new"
        path.write_text(code, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if step["how"] == "among the imports":
        last = [node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)][-1]
        path.write_text(_insert(text, last.end_lineno or 0, 0, code), encoding="utf-8")
        return
    table = _table(text, step["table"])
    if step["how"] == "above":
        path.write_text(_insert(text, table.lineno - 1, 0, code + "\n\n"), encoding="utf-8")
        return
    rows = table.value
    assert rows is not None
    if isinstance(rows, ast.DictComp):  # rows that say their own names
        rows = rows.generators[0].iter
    entries = rows.values if isinstance(rows, ast.Dict) else rows.elts if isinstance(rows, ast.Tuple) else []
    last_row = entries[-1]
    place = (last_row.end_lineno or 0) - 1, last_row.end_col_offset or 0
    path.write_text(_insert(text, *place, ", " + code.strip().rstrip(",")), encoding="utf-8")


def _table(text: str, name: str) -> ast.AnnAssign:
    for node in ast.parse(text).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return node
    raise AssertionError(f"there is no table {name}")


def _insert(text: str, line: int, column: int, code: str) -> str:
    """Code put before a column (in bytes) of a line, both from 0."""
    lines = text.splitlines(keepends=True)
    before = lines[line].encode()[:column].decode() if column else ""
    rest = lines[line][len(before) :]
    return "".join([*lines[:line], before, code, rest, *lines[line + 1 :]])


CONTROL = "large_text"  # the example of the recipe
_CONTROL_STEP = re.compile(
    r"^In `(?P<path>[^`]+)`, (?:a row of|below the row of) `(?P<anchor>\w+)`:\n\n```\w+\n(?P<code>.*?)```$",
    re.MULTILINE | re.DOTALL,
)


def with_control(folder: Path) -> Path:
    """A copy of the library, the viewer and its documentation, with the control of the recipe."""
    for name in ("src", "viewer", "docs"):
        ignore = shutil.ignore_patterns("__pycache__", "node_modules", ".tsc")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    (folder / "viewer" / "node_modules").symlink_to(ROOT / "viewer" / "node_modules")
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = list(_CONTROL_STEP.finditer(page.split("## Add a control\n", 1)[1].split("\n## ", 1)[0]))
    assert [Path(step["path"]).suffix for step in steps] == [".ts", ".md"]
    for step in steps:
        path, anchor = folder / step["path"], step["anchor"]
        text = path.read_text(encoding="utf-8")
        # Up to the end of the table in TypeScript, or of the row in Markdown.
        before = re.search(rf"^const {anchor}: .*?(?=^\];$)|^\| `{anchor}` [^\n]*\n", text, re.M | re.S)
        assert before is not None, f"{path} has no {anchor}"
        path.write_text(text[: before.end()] + step["code"] + text[before.end() :], encoding="utf-8")
    return folder
