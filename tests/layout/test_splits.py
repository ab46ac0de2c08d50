"""Blocks: places of cells, blocks along every letter, blocks of a single use, sheets of partial sums."""

from __future__ import annotations

from itertools import cycle, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcube.errors import OptionError
from matcube.ir import Contraction, Graph
from matcube.ir.axes import axes
from matcube.layout import SCHEMES, Arrangement, LayoutOptions, bounds, place
from matcube.layout.splits import split_of
from matcube.wire import Layout, Split, extent
from tests.layout.graphs import Sketch, all_trees, gpt2, llama, tree_graph
from tests.layout.judge import assert_faces_multiply, assert_sound, placed
from tests.layout.test_solve import programs
from tests.layout.test_types import CODES

repeatable = settings(deadline=None, derandomize=True, max_examples=150)
blocks = st.integers(1, 64)


@given(size=st.integers(1, 200), count=blocks, gap=st.floats(1, 64))
def test_cells_keep_their_order_and_blocks_stand_apart_by_the_gap(size, count, gap):
    split = split_of(size, count, gap)
    if split is None:
        assert count == 1 or -(-size // count) >= size
        return
    places = [split.place(cell) for cell in range(size)]
    steps = {after - before for before, after in pairwise(places)}
    assert places == [placed(cell, split) for cell in range(size)]
    assert steps <= {1, 1 + split.gap}
    assert places[-1] + 1 == extent(size, split)
    assert split.blocks(size) <= count
    assert split.gap >= 1


def split_everywhere(graph: Graph, counts: dict[int, int]) -> tuple[tuple[int, int, int], ...]:
    """Every dimension of every axis that has an entry, as the figure asks for it."""
    table = axes(graph)
    return tuple(
        (node.id, dim, counts[table.of(node.id, dim).id % len(counts)])
        for node in graph.nodes
        for dim in range(len(node.shape))
    )


@pytest.mark.parametrize("leaves", range(2, 8))
def test_every_tree_of_split_axes_is_sound(leaves):
    for tree in all_trees(leaves):
        graph = tree_graph(tree)
        assert_sound(graph, place(graph, LayoutOptions(splits=split_everywhere(graph, {0: 2, 1: 1, 2: 3}))))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_tree_of_unequal_split_sizes_is_sound(scheme):
    for tree in all_trees(6):
        graph = tree_graph(tree, cycle([2, 9, 4, 1, 6]))
        splits = split_everywhere(graph, {0: 4, 1: 2, 2: 64})
        assert_sound(graph, place(graph, LayoutOptions(scheme=scheme, splits=splits)))


@pytest.mark.slow
@repeatable
@given(
    graph=programs() | st.sampled_from([gpt2(1), llama(1)]),
    counts=st.lists(blocks, min_size=1, max_size=4),
    scheme=st.sampled_from(list(SCHEMES)),
    root=st.sampled_from(CODES).map(Arrangement.parse),
    sheets=st.sampled_from([(), "all"]),
    gap=st.none() | st.sampled_from([1, 2.5, 64]),
)
def test_any_program_in_blocks_is_sound_and_its_faces_multiply(graph, counts, scheme, root, sheets, gap):
    splits = split_everywhere(graph, dict(enumerate(counts)))
    placement = place(graph, LayoutOptions(scheme=scheme, root=root, sheets=sheets, gap=gap, splits=splits))
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)
    assert_blocks_agree(placement)


@pytest.mark.slow
@repeatable
@given(data=st.data())
def test_any_splits_of_uses_are_sound(data):
    graph = data.draw(programs() | st.sampled_from([gpt2(1), llama(1)]))
    uses = tuple(
        (node.id, at, dim, data.draw(blocks))
        for node in graph.nodes
        for at, operand in enumerate(node.inputs)
        for dim in range(len(graph[operand].shape))
    )
    placement = place(graph, LayoutOptions(use_splits=uses))
    assert_sound(graph, placement)
    assert_blocks_agree(placement)


def assert_blocks_agree(placement: Layout) -> None:
    """The letters of a box are split alike on its three faces."""
    for box in placement.boxes:
        left, right, result = (placement.faces[face] for face in (box.left, box.right, box.result))
        assert box.splits == (result.row_split, result.col_split, left.col_split)
        assert box.splits == (left.row_split, right.col_split, right.row_split)


def test_a_split_letter_widens_the_box_and_keeps_the_sizes():
    sketch = Sketch()
    product = sketch.product(sketch.leaf(32, 24), sketch.leaf(24, 32))
    placement = place(sketch.graph(), LayoutOptions(gap=6, splits=((0, 1, 4), (1, 0, 4), (2, 0, 2))))
    (box,) = placement.boxes
    assert box.sizes == (32, 32, 24)
    assert box.splits == (Split(16, 3), None, Split(6, 2))
    assert box.extents == (35, 32, 30)
    assert [face.node for face in placement.faces if face.part is not None] == [product] * 4
    low, high = bounds(placement)
    assert [b - a for a, b in zip(low, high, strict=True)] == [32 + 6, 35 + 6, 30 + 6 + 2]


def test_blocks_follow_through_transposes():
    sketch = Sketch()
    a, b = sketch.leaf(6, 4), sketch.leaf(8, 4)
    sketch.product(a, sketch.transpose(b))
    (box,) = place(sketch.graph(), LayoutOptions(splits=((1, 0, 4), (3, 1, 4)))).boxes
    assert box.splits == (None, Split(2, 1), None)
    (box,) = place(sketch.graph(), LayoutOptions(splits=((1, 1, 2),))).boxes
    assert box.splits == (None, None, Split(2, 1))
    (box,) = place(sketch.graph(), LayoutOptions(use_splits=((3, 1, 0, 2),))).boxes
    assert box.splits == (None, None, Split(2, 1))


def test_one_use_may_be_whole_where_the_other_is_split():
    sketch = Sketch()
    x = sketch.leaf(8, 4)
    scores = sketch.product(x, sketch.transpose(x))
    graph = sketch.graph()
    uses = ((scores, 0, 0, 4), (scores, 1, 1, 1))
    placement = place(graph, LayoutOptions(splits=((scores, 0, 4),), use_splits=uses))
    (box,) = placement.boxes
    owner, alias = placement.faces[box.left], placement.faces[box.right]
    assert alias.alias_of == owner.id
    assert owner.row_split == Split(2, 1)
    assert (alias.row_split, alias.col_split) == (None, None)
    assert_sound(graph, placement)


def test_a_bias_is_split_as_the_columns_it_is_added_to():
    sketch = Sketch()
    product = sketch.product(sketch.leaf(4, 6), sketch.leaf(6, 8))
    total = sketch.map("plus", product, sketch.leaf(8))
    placement = place(sketch.graph(), LayoutOptions(sheets="all", splits=((total, 1, 2), (product, 1, 2))))
    shown = [(face.sheet, face.row_split, face.col_split) for face in placement.faces[:3]]
    assert shown == [(0, None, Split(4, 1)), (1, None, Split(4, 1)), (2, None, Split(4, 1))]


def test_nothing_to_split_is_left_whole():
    sketch = Sketch()
    sketch.product(sketch.leaf(0, 3), sketch.leaf(3, 1))
    splits = split_everywhere(sketch.graph(), {0: 64})
    (box,) = place(sketch.graph(), LayoutOptions(splits=splits)).boxes
    assert box.splits == (None, None, Split(1, 1))


def test_a_number_of_blocks_below_one_is_refused():
    sketch = Sketch()
    sketch.leaf(2, 2)
    with pytest.raises(OptionError, match="0 blocks"):
        place(sketch.graph(), LayoutOptions(splits=((0, 0, 0),)))


def test_products_of_a_split_program_are_all_drawn():
    graph = gpt2(1)
    placement = place(graph, LayoutOptions(splits=split_everywhere(graph, {0: 4})))
    made = sorted(node.id for node in graph.nodes if isinstance(node.kind, Contraction))
    assert sorted(box.node for box in placement.boxes) == made


@pytest.mark.parametrize(("most", "sheets"), [(0, 0), (3, 0), (4, 4), (64, 4)])
def test_sheets_of_parts_are_left_out_where_they_are_too_many(most, sheets):
    sketch = Sketch()
    sketch.product(sketch.leaf(6, 8), sketch.leaf(8, 5))
    graph = sketch.graph()
    placement = place(graph, LayoutOptions(splits=((0, 1, 4), (1, 0, 4)), parts=most))
    assert sum(face.part is not None for face in placement.faces) == sheets
    assert_sound(graph, placement, most)
    with pytest.raises(OptionError, match="parts is 65"):
        place(graph, LayoutOptions(parts=65))
