"""Every recipe of CONTRIBUTING.md, followed word for word in a copy of the source, works end to end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.recipes import follow, recipes
from tests.house.tried import TRIED

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source, with every recipe followed."""
    source = tmp_path_factory.mktemp("recipes") / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    for steps in recipes(PAGE).values():
        for step in steps:
            follow(step, source)
    return source


@pytest.fixture(scope="module")
def outcome(copy: Path) -> dict[str, Any]:
    """What came of using each, in one process over the copy."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "house" / "tried.py")],
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    assert found["source"].startswith(str(copy)), "the copy is what was used"
    return found["outcome"]


def test_every_recipe_is_tried() -> None:
    assert list(recipes(PAGE)) == list(TRIED)
    assert all(steps for steps in recipes(PAGE).values())
    assert sum(map(len, recipes(PAGE).values())) == PAGE.count("```python\n")


@pytest.mark.parametrize("name", TRIED)
def test_it_works_end_to_end(name: str, outcome: dict[str, Any]) -> None:
    assert outcome[name] == ""


def test_what_they_add_is_in_the_house_style(copy: Path) -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--ignore", "I001,E501", "--config"]
    run = subprocess.run(
        [*ruff, str(ROOT / "pyproject.toml"), str(copy / "matcube" / "sources" / "chain.py"),
         str(copy / "matcube" / "ops")],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
