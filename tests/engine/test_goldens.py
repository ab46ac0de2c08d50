"""What a scene says of a figure's structure, against committed files; see ``tools.write_goldens``."""

import difflib
import json
import re
from typing import Any

import pytest

import matcube as mc
from tools import write_goldens
from tools.write_goldens import FOLDER, names, text_of

FILES = sorted(FOLDER.glob("*.json"))
REMEDY = "if this was meant, run python -m tools.write_goldens and read the difference"


def difference(name: str, found: str) -> str:
    """The lines that differ from the committed file, as a diff; empty when none do."""
    wanted = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    lines = difflib.unified_diff(wanted.splitlines(), found.splitlines(), f"goldens/{name}.json", "now", n=1)
    return "\n".join(lines)


def marked(name: str) -> Any:
    """Figures of the gallery are large."""
    return pytest.param(name, marks=pytest.mark.slow) if name.startswith("gallery") else name


@pytest.mark.parametrize("name", [marked(name) for name in names()])
def test_the_structure_is_the_committed_one(name: str) -> None:
    diff = difference(name, write_goldens.golden(name))
    assert not diff, f"\n{diff}\n{REMEDY}"


def test_every_file_is_of_a_figure() -> None:
    assert sorted(path.stem for path in FILES) == sorted(names())
    assert sum(path.stat().st_size for path in FILES) < 450_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_golden_holds_a_hash_or_a_statistic(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"[0-9a-f]{32}", text)
    assert not re.search(r"\"(stats|scales|mean|std|histogram|values|pooled)\"", text)
    assert json.loads(text)["matrices"]


def test_a_change_of_the_picture_is_a_difference_that_can_be_read() -> None:
    fig = mc.figure("A @ B", A="gaussian(32, 24)", B="gaussian(24, 32)")
    assert difference("product", text_of(fig)) == ""
    other = difference("product", text_of(fig.layout(gap=7)))
    assert '"gap": 7.0' in other and 5 < len(other.splitlines()) < 60
    assert max(map(len, other.splitlines())) < 500
