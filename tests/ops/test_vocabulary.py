"""Descriptions of operations for the panel."""

from __future__ import annotations

from typing import Any

import pytest

from matcube.errors import OptionError
from matcube.ops import INITIALISERS, MAPS, REINDEXES, OpInfo, ParamInfo, vocabulary

TABLES: dict[str, Any] = {"map": MAPS, "initialiser": INITIALISERS, "reindex": REINDEXES}


def test_lists_every_row_once():
    result = [(row.kind, row.name) for row in vocabulary()]
    assert result == [(kind, name) for kind, table in TABLES.items() for name in table]


@pytest.mark.parametrize("row", vocabulary(), ids=lambda row: f"{row.kind}-{row.name}")
def test_defaults_are_legal_and_of_their_type(row: OpInfo):
    types: dict[str, Any] = {"int": int, "float": (int, float), "bool": bool, "ints": tuple}
    for parameter in row.parameters:
        assert parameter.help and parameter.type in types
        if parameter.default is not None:
            assert isinstance(parameter.default, types[parameter.type])
    assert {1: ("x",), 2: ("a", "b"), -1: ("...",)}.get(
        getattr(TABLES[row.kind][row.name], "arity", 0), ()
    ) == (row.operands)


def test_what_is_written_after_the_operands():
    words = {(op.kind, op.name): op for op in vocabulary()}
    assert words["map", "rope"].parameters == (
        ParamInfo("base", "float", 10000.0, 1e-30, None, "how slowly the last pairs turn"),
        ParamInfo("start", "int", 0, 0, None, "the position of the first row"),
    )
    assert words["map", "tril"].operands == ("x",) and words["initialiser", "tril"].operands == ()
    assert [op.name for op in words["initialiser", "gaussian"].parameters] == [
        "min",
        "max",
        "dropout",
        "seed",
    ]
    assert words["map", "scale"].parameters[0].default is None, "a number that must be written"


def test_an_error_says_the_range():
    with pytest.raises(OptionError) as caught:
        TABLES["initialiser"]["uniform"]((2, 2), dropout=2.0)
    assert (
        str(caught.value)
        == "uniform: dropout=2.0 is out of its range\n  hint: it must be at least 0 and at most 1"
    )
