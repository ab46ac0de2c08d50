"""What a scene says of a figure's structure, against committed files; see ``tools.write_goldens``.

The gallery's are compared in ``tests/gallery/test_facts.py``, which has their scenes.
"""

import json
import re

import pytest

import matcube as mc
from tools import write_goldens
from tools.write_goldens import FOLDER, GALLERY, difference, names, text_of

FILES = sorted(FOLDER.glob("*.json"))
REMEDY = "if this was meant, run python -m tools.write_goldens and read the difference"


@pytest.mark.parametrize("name", [name for name in names() if name not in GALLERY])
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
