"""docs/language.md: its programs read, and it names everything that the language has."""

import re
from pathlib import Path

import pytest

from matcube.errors import ShapeError
from matcube.ops import INITIALISERS
from matcube.ops.formula import FUNCTIONS
from matcube.sources.operations import OPERATIONS
from matcube.sources.program import parse, parse_leaf

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```matcube\n(.*?)```", PAGE, re.DOTALL)
LEAVES = {name: parse_leaf("gaussian(10, 16)") for name in ("Q", "K", "V", "x")} | {
    name: parse_leaf("linear(16, 16)") for name in ("wQ", "wK", "wV", "wO")
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_its_programs_read(program: str) -> None:
    assert parse(program, leaves=LEAVES).root.shape in ((10, 16), (32, 32))


def test_there_are_programs() -> None:
    assert len(PROGRAMS) == 3


@pytest.mark.parametrize("name", [*OPERATIONS, *INITIALISERS, *FUNCTIONS, "shape", "einsum"])
def test_it_names_everything(name: str) -> None:
    assert re.search(rf"\b{name}\b", PAGE)


def test_its_error_is_the_error() -> None:
    shown = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)[0]
    with pytest.raises(ShapeError) as caught:
        parse("softmax(Q @ K)", leaves={name: parse_leaf("shape(32, 64)") for name in "QK"})
    assert str(caught.value) == shown.rstrip("\n")
