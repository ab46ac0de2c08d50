"""Columns beside a result: along its rows, in its plane, and free of everything else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.layout import SCHEMES, Arrangement, LayoutOptions, place, with_columns
from tests.layout.judge import assert_free_of_overlap, cell_centre

PROGRAMS = {
    "alone": "softmax(Q @ K.T) @ V",
    "turned": "(softmax(Q @ K.T) @ V).T",
    "left": "(softmax(Q @ K.T) @ V) @ W",
    "right": "W @ (softmax(Q @ K.T) @ V).T",
    "deep": "relu(softmax(tril((A @ W) @ K.T)) @ (B @ W)) @ W",
}
LEAVES = dict.fromkeys("QKVAB", "gaussian(6, 4)") | {"W": "gaussian(4, 4)"}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "custom"])
@settings(max_examples=25)  # of 96 cases, for each of 25 pairs
@given(
    code=st.tuples(*[st.booleans()] * 4),
    sheets=st.sampled_from([(), "all"]),
    gap=st.sampled_from([None, 1, 3]),
)
def test_the_columns_stand_beside_the_rows_and_nothing_overlaps(name, scheme, code, sheets, gap):
    program = PROGRAMS[name]
    graph = mc.figure(program, **{key: LEAVES[key] for key in LEAVES if key in program})._program.graph
    node = next(item.id for item in graph.nodes if item.text.startswith("softmax") and item.spec.summed)
    plain = place(graph, LayoutOptions(scheme=scheme, root=Arrangement(*code), sheets=sheets, gap=gap))
    placement = with_columns(plain, node, (100, 101))
    assert placement.faces[:-2] == plain.faces and placement.boxes == plain.boxes
    assert_free_of_overlap(placement)
    box = next(item for item in placement.boxes if item.node == node)
    result = placement.faces[box.result]
    for at, face in enumerate(placement.faces[-2:]):
        assert face.node == 100 + at and face.id == len(plain.faces) + at
        assert sorted((face.rows, face.cols)) == [1, 6]
        for row in range(6):
            spots = [(0, row) if item.transposed else (row, 0) for item in (face, result)]
            away = cell_centre(face, *spots[0]) - cell_centre(result, *spots[1])
            along = np.array(result.down if result.transposed else result.across)
            wide = result.rows if result.transposed else result.cols
            assert np.allclose(away, along * (away @ along))
            assert away @ along >= wide + max(2, placement.gap) - 1e-6
    assert with_columns(plain, 10_000, (100,)) == plain
