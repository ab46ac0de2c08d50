"""Shared nodes: drawn once, at the first use in program order; every other use is an alias."""

from __future__ import annotations

import pytest

from matcube.ir import Contraction
from matcube.layout import place
from tests.layout.graphs import Sketch, gpt2, llama
from tests.layout.judge import assert_faces_multiply, assert_sound


def test_a_shared_leaf_is_owned_by_its_first_use():
    sketch = Sketch()
    x = sketch.leaf(3, 4, name="x")
    q = sketch.product(x, sketch.leaf(4, 5))
    k = sketch.product(x, sketch.leaf(4, 5))
    sketch.product(q, sketch.transpose(k))
    graph = sketch.graph()
    placement = place(graph)
    uses = [face for face in placement.faces if face.node == x]
    assert [face.box for face in uses] == [1, 2]
    assert [face.alias_of for face in uses] == [None, uses[0].id]
    assert_sound(graph, placement)


def test_program_order_decides_and_not_the_side():
    sketch = Sketch()
    x = sketch.leaf(4, 4, name="x")
    late = sketch.leaf(4, 4)
    right = sketch.product(x, sketch.leaf(4, 4))  # written first, lies on the right
    sketch.product(sketch.product(x, late), right)
    graph = sketch.graph()
    placement = place(graph)
    owner = next(face for face in placement.faces if face.node == x and face.alias_of is None)
    assert placement.boxes[owner.box or 0].node == right
    assert_sound(graph, placement)


def test_a_shared_product_draws_one_box_and_a_repeated_face():
    sketch = Sketch()
    shared = sketch.product(sketch.leaf(4, 5), sketch.leaf(5, 4))
    sketch.product(shared, shared)
    graph = sketch.graph()
    placement = place(graph)
    assert [box.node for box in placement.boxes] == [3, shared]
    root = placement.boxes[0]
    left, right = placement.faces[root.left], placement.faces[root.right]
    assert (left.role, left.box, left.alias_of) == ("result", 1, None)
    assert (right.role, right.box, right.alias_of) == ("right", 0, left.id)
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)


def test_naming_a_transpose_early_is_no_use():
    sketch = Sketch()
    x = sketch.product(sketch.leaf(3, 4), sketch.leaf(4, 5))
    turned = sketch.transpose(x)
    first = sketch.product(x, sketch.leaf(5, 3))
    sketch.product(first, sketch.transpose(turned))
    graph = sketch.graph()
    placement = place(graph)
    assert not placement.boxes[1].transposed
    assert placement.faces[placement.boxes[1].left].node == x
    assert_sound(graph, placement)


def test_another_map_of_a_shared_product_is_a_face_of_its_own_without_a_box():
    sketch = Sketch()
    made = sketch.product(sketch.leaf(4, 5), sketch.leaf(5, 4))
    first, second = sketch.map("relu", made), sketch.map("tanh", made)
    sketch.product(first, second)
    graph = sketch.graph()
    placement = place(graph)
    left, right = (placement.faces[face] for face in (placement.boxes[0].left, placement.boxes[0].right))
    assert (left.role, left.chain) == ("result", (first, made))
    assert (right.role, right.chain, right.alias_of) == ("right", (second, made), None)
    assert len(placement.boxes) == 2
    assert_sound(graph, placement)


def test_a_leaf_whose_first_use_is_hidden_is_owned_by_the_first_face_that_shows_it():
    sketch = Sketch()
    x, bias = sketch.leaf(4, 4, name="x"), sketch.leaf(4, 4, name="bias")
    first = sketch.map("plus", sketch.product(x, sketch.leaf(4, 4)), bias)
    sketch.product(sketch.product(first, bias), bias)
    placement = place(sketch.graph())
    shown = [face for face in placement.faces if face.node == bias]
    assert [face.alias_of for face in shown] == [None, shown[0].id]


@pytest.mark.parametrize("make", [gpt2, llama])
@pytest.mark.parametrize("layers", [1, 2, 12])
def test_boxes_never_outnumber_contractions(make, layers):
    graph = make(layers)
    placement = place(graph)
    contractions = [node.id for node in graph.nodes if isinstance(node.kind, Contraction)]
    assert sorted(box.node for box in placement.boxes) == contractions
    assert len(placement.faces) <= 3 * len(contractions)
