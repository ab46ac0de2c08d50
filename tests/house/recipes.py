"""Recipes of CONTRIBUTING.md, followed in a copy of the source; ``tried.py`` then uses what they added."""

from __future__ import annotations

import ast
import re
from pathlib import Path

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
