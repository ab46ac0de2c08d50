"""Transposes: pushed down, cancelled, and written in the spec; the displayed matrices always multiply."""

from __future__ import annotations

import pytest

from matcube.ir import Contraction
from matcube.layout import LayoutOptions, place
from matcube.wire import Layout
from tests.layout.graphs import Sketch
from tests.layout.judge import assert_faces_multiply, assert_sound


def placed(sketch: Sketch, **options: object) -> Layout:
    graph = sketch.graph()
    placement = place(graph, LayoutOptions(**options))  # type: ignore[arg-type]
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)
    return placement


def test_a_transposed_leaf_shows_the_leafs_own_buffer():
    sketch = Sketch()
    q, k = sketch.leaf(3, 4, name="q"), sketch.leaf(5, 4, name="k")
    sketch.product(q, sketch.transpose(k))
    placement = placed(sketch)
    right = placement.faces[placement.boxes[0].right]
    assert (right.node, right.transposed, right.rows, right.cols) == (k, True, 4, 5)


def test_a_transposed_product_is_the_box_of_transposed_operands():
    sketch = Sketch()
    a, b, c = sketch.leaf(3, 4, name="a"), sketch.leaf(4, 5, name="b"), sketch.leaf(3, 2, name="c")
    made = sketch.product(a, b)
    sketch.product(sketch.transpose(made), c)
    placement = placed(sketch)
    box = placement.boxes[1]
    assert (box.node, box.transposed, box.sizes) == (made, True, (5, 3, 4))
    left, right = placement.faces[box.left], placement.faces[box.right]
    assert (left.node, left.transposed) == (b, True)
    assert (right.node, right.transposed) == (a, True)
    assert placement.faces[box.result].transposed


@pytest.mark.parametrize("times", [0, 1, 2, 3, 4])
def test_double_transposes_cancel(times):
    sketch = Sketch()
    node = sketch.leaf(4, 4, name="x")
    for _ in range(times):
        node = sketch.transpose(node)
    sketch.product(node, sketch.leaf(4, 5))
    placement = placed(sketch)
    left = placement.faces[placement.boxes[0].left]
    assert (left.node, left.transposed) == (0, times % 2 == 1)


def test_transposes_go_through_maps_and_their_operands():
    sketch = Sketch()
    scores = sketch.product(sketch.leaf(3, 4), sketch.leaf(4, 5))
    biased = sketch.map("plus", scores, sketch.leaf(5, name="bias"))
    weights = sketch.map("softmax", biased)
    sketch.product(sketch.transpose(weights), sketch.leaf(3, 2))
    placement = placed(sketch, sheets="all")
    face = placement.faces[placement.boxes[1].result]
    assert (face.node, face.transposed, face.chain) == (weights, True, (weights, biased, scores))
    sheets = [sheet for sheet in placement.faces if sheet.role == "sheet"]
    assert [sheet.node for sheet in sheets] == [biased, 3, scores]
    assert [(sheet.rows, sheet.cols) for sheet in sheets] == [(5, 3), (5, 1), (5, 3)]
    assert all(sheet.transposed for sheet in sheets)


def test_a_transpose_inside_a_chain_turns_only_what_is_below():
    sketch = Sketch()
    made = sketch.product(sketch.leaf(3, 4), sketch.leaf(4, 5))
    sketch.map("relu", sketch.transpose(made))
    placement = placed(sketch, sheets="all")
    face, sheet = placement.faces[:2]
    assert (face.transposed, sheet.transposed) == (False, True)
    assert (face.rows, face.cols) == (sheet.rows, sheet.cols) == (5, 3)
    assert placement.boxes[0].transposed


@pytest.mark.parametrize("first", ["i k", "k i"])
@pytest.mark.parametrize("second", ["k j", "j k"])
@pytest.mark.parametrize("result", ["i j", "j i"])
def test_letters_in_any_order_are_shown_as_a_product(first, second, result):
    sizes = {"i": 3, "j": 5, "k": 4}
    sketch = Sketch()
    left, right = (sketch.leaf(*(sizes[letter] for letter in group.split())) for group in (first, second))
    sketch.product(left, right, f"{first}, {second} -> {result}")
    placement = placed(sketch)
    box, swapped = placement.boxes[0], result == "j i"
    assert box.sizes == ((5, 3, 4) if swapped else (3, 5, 4))
    assert box.transposed == swapped
    shown = {placement.faces[face].node: placement.faces[face].transposed for face in (box.left, box.right)}
    assert shown == {left: (first == "k i") != swapped, right: (second == "j k") != swapped}
    assert not placement.faces[0].transposed


def test_one_matrix_and_its_transpose_share_their_buffer():
    sketch = Sketch()
    x = sketch.leaf(3, 4, name="x")
    sketch.product(x, sketch.transpose(x))
    placement = placed(sketch)
    left, right = placement.faces[1:]
    assert left.node == right.node == x
    assert (left.alias_of, right.alias_of) == (None, left.id)


def test_a_transposed_root_is_shown_as_it_reads():
    sketch = Sketch()
    made = sketch.product(sketch.leaf(3, 4), sketch.leaf(4, 5))
    sketch.transpose(made)
    placement = placed(sketch)
    assert isinstance(sketch.nodes[made].kind, Contraction)
    assert placement.faces[0].node == made
