"""The recipe of a control in CONTRIBUTING.md, followed in a copy of the viewer, compiles and is bundled."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.house.recipes import CONTROL, with_control

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's sources, with the control added."""
    return with_control(tmp_path_factory.mktemp("control"))


@pytest.mark.parametrize("script", ["types", "lint"])
def test_the_row_compiles_in_the_house_style(copy: Path, script: str) -> None:
    run = subprocess.run(
        ["npm", "run", "--silent", script], cwd=copy / "viewer", capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_bundle_has_it(copy: Path) -> None:
    subprocess.run(["node", "build.mjs"], cwd=copy / "viewer", check=True, capture_output=True, timeout=300)
    bundle = (copy / "src" / "matcube" / "outputs" / "assets" / "viewer.js").read_text(encoding="utf-8")
    assert f'"{CONTROL}"' in bundle


def test_the_documentation_has_it_beside_the_others(copy: Path) -> None:
    page = (copy / "docs" / "controls.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert rows[rows.index(CONTROL) - 1] == "legend_size"
