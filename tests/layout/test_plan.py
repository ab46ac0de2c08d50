"""Sheet chains, operands of elementwise nodes, parallel boxes, moved values, links."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.ir import Reindex
from matcube.layout import LayoutOptions, box_corners, place
from matcube.ops.reindex import Slice
from matcube.wire import Face, Layout
from tests.layout.graphs import Sketch, gpt2, llama
from tests.layout.judge import assert_faces_multiply, assert_sound


def placed(sketch: Sketch, **options: object) -> Layout:
    graph = sketch.graph()
    placement = place(graph, LayoutOptions(**options))  # type: ignore[arg-type]
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)
    return placement


def softmax_head() -> tuple[Sketch, list[int]]:
    """softmax(tril(A @ B)) @ V; returns the chain, finished first."""
    sketch = Sketch()
    scores = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 4))
    masked = sketch.map("tril", scores)
    weights = sketch.map("softmax", masked)
    sketch.product(weights, sketch.leaf(4, 5))
    return sketch, [weights, masked, scores]


def behind(face: Face, other: Face) -> np.ndarray:
    return np.subtract(other.origin, face.origin)


def test_a_closed_face_shows_the_finished_matrix_and_names_its_chain():
    sketch, chain = softmax_head()
    placement = placed(sketch)
    assert placement.faces[1].chain == tuple(chain)
    assert placement.faces[1].node == chain[0]
    assert [face.role for face in placement.faces].count("sheet") == 0


def test_open_sheets_stand_between_the_face_and_its_box_and_push_the_box():
    sketch, chain = softmax_head()
    closed, opened = placed(sketch, gap=4), placed(sketch, gap=4, sheets=(chain[0],))
    face, masked, scores = opened.faces[1:4]
    assert [sheet.node for sheet in (face, masked, scores)] == chain
    assert [sheet.sheet for sheet in (face, masked, scores)] == [0, 1, 2]
    assert {sheet.role for sheet in (masked, scores)} == {"sheet"}
    assert {sheet.box for sheet in (face, masked, scores)} == {1}
    assert face.origin == closed.faces[1].origin
    assert behind(face, masked).tolist() == [-4, 0, 0]
    assert behind(face, scores).tolist() == [-8, 0, 0]
    assert np.subtract(closed.boxes[1].corner, opened.boxes[1].corner).tolist() == [8, 0, 0]
    assert np.array(box_corners(opened.boxes[1]))[:, 0].max() == scores.origin[0] - 4
    assert opened.boxes[0].corner == closed.boxes[0].corner


def test_all_opens_every_stack_and_others_stay_closed():
    sketch, chain = softmax_head()
    assert len(placed(sketch, sheets="all").faces) == 7
    assert len(placed(sketch, sheets=(0,)).faces) == 5
    assert placed(sketch, sheets=(chain[1],)).faces == placed(sketch).faces


def test_maps_over_a_leaf_stack_outwards():
    sketch = Sketch()
    leaf = sketch.leaf(4, 3)
    sketch.product(sketch.map("relu", leaf), sketch.leaf(3, 5))
    placement = placed(sketch, gap=4, sheets="all")
    face, sheet = placement.faces[1:3]
    assert (face.chain, face.role, sheet.node, sheet.sheet) == ((1, leaf), "left", leaf, 1)
    assert behind(face, sheet).tolist() == [-4, 0, 0]


def test_a_bias_is_a_sheet_between_the_sum_and_the_product():
    sketch = Sketch()
    made = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 5))
    bias = sketch.leaf(5, name="bias")
    total = sketch.map("plus", made, bias)
    top = sketch.map("gelu", total)
    placement = placed(sketch, sheets="all")
    shown = [(face.node, face.rows, face.cols) for face in placement.faces if face.box == 0][:4]
    assert shown == [(top, 4, 5), (total, 4, 5), (bias, 1, 5), (made, 4, 5)]
    assert placement.faces[0].chain == (top, total, made)


@pytest.mark.parametrize(
    ("shape", "sizes"), [((), (1, 1)), ((4, 1), (4, 1)), ((1, 5), (1, 5)), ((4, 5), (4, 5))]
)
def test_any_broadcast_operand_is_shown_at_its_own_size(shape, sizes):
    sketch = Sketch()
    made = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 5))
    other = sketch.leaf(*shape)
    sketch.map("times", other, made)
    placement = placed(sketch, sheets="all")
    face = next(face for face in placement.faces if face.node == other)
    assert (face.rows, face.cols) == sizes
    assert placement.faces[0].chain == (4, made)


def test_two_products_of_an_elementwise_node_stand_parallel():
    sketch = Sketch()
    x = sketch.leaf(4, 3, name="x")
    gate = sketch.map("silu", sketch.product(x, sketch.leaf(3, 6)))
    up = sketch.product(x, sketch.leaf(3, 6))
    both = sketch.map("times", gate, up)
    sketch.product(both, sketch.leaf(6, 5))
    placement = placed(sketch)
    root, first, second = placement.boxes
    face = placement.faces[first.result]
    assert (face.node, face.chain[:2], first.node) == (both, (both, gate), gate - 1)
    other = placement.faces[second.result]
    assert (second.node, other.node, other.role) == (up, up, "result")
    assert (first.parent, second.parent) == (root.id, root.id)
    assert [(link.from_face, link.to_face) for link in placement.links] == [(other.id, face.id)]
    assert (other.across, other.down, second.k_step) == (face.across, face.down, first.k_step)
    step = behind(face, other)
    assert np.count_nonzero(step) == 1
    assert step @ np.array(other.across) == step @ np.array(other.down) == 0
    assert first.arrangement == second.arrangement


def test_the_first_product_owns_the_face_even_after_a_leaf():
    sketch = Sketch()
    leaf = sketch.leaf(4, 5)
    made = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 5))
    sketch.map("plus", leaf, made)
    placement = placed(sketch, sheets="all")
    assert placement.faces[0].chain == (4, made)
    assert [face.node for face in placement.faces if face.role == "sheet"] == [leaf, made]
    assert placement.links == ()


def test_three_products_stand_one_behind_the_other():
    sketch = Sketch()
    made = [sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 5)) for _ in range(3)]
    sketch.map("plus", sketch.map("plus", made[0], made[1]), made[2])
    placement = placed(sketch)
    depths = {box.node: placement.faces[box.result].origin[2] for box in placement.boxes}
    assert sorted(depths) == made
    assert len(set(depths.values())) == 3
    assert {link.to_face for link in placement.links} == {0}


def test_a_residual_is_joined_to_where_its_product_stands():
    sketch = Sketch()
    x = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 5))
    branch = sketch.product(sketch.map("layernorm", x), sketch.leaf(5, 5))
    total = sketch.map("plus", x, branch)
    placement = placed(sketch, sheets="all")
    face, owner = placement.faces[0], placement.faces[placement.boxes[0].left]
    assert face.chain == (total, branch)
    assert [(link.from_face, link.to_face) for link in placement.links] == [(owner.id, face.id)]
    sheet = next(face for face in placement.faces if face.node == x and face.box == 0)
    raw = next(face for face in placement.faces if face.node == x and face.box == 1)
    assert {sheet.alias_of, raw.alias_of} == {None, min(sheet.id, raw.id)}


def test_two_products_that_stand_elsewhere_are_both_joined():
    sketch = Sketch()
    first = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 5))
    second = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 5))
    scores = sketch.product(first, sketch.transpose(second))
    mixed = sketch.map("plus", first, sketch.map("tanh", second))
    sketch.product(scores, mixed)
    placement = placed(sketch)
    assert len(placement.boxes) == 4
    face = placement.faces[placement.boxes[0].right]
    assert (face.node, face.role) == (mixed, "right")
    results = {box.node: box.result for box in placement.boxes}
    assert {(link.from_face, link.to_face) for link in placement.links} == {
        (results[first], face.id),
        (results[second], face.id),
    }


def test_a_broadcast_product_stands_parallel_and_the_matrix_keeps_the_face():
    sketch = Sketch()
    matrix = sketch.leaf(4, 5)
    row = sketch.product(sketch.leaf(3), sketch.leaf(3, 5))
    sketch.map("times", row, matrix)
    placement = placed(sketch)
    assert (placement.faces[0].role, placement.faces[0].chain) == ("alone", (4, matrix))
    assert placement.boxes[0].node == row
    assert len(placement.links) == 1


def test_a_slice_of_a_product_is_a_face_with_the_whole_box_behind_it():
    sketch = Sketch()
    whole = sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 6))
    part = sketch.columns(whole, 0, 2)
    sketch.product(part, sketch.leaf(2, 5))
    placement = placed(sketch)
    left = placement.faces[placement.boxes[0].left]
    assert (left.node, left.chain, left.role, left.box) == (part, (part,), "left", 0)
    assert placement.boxes[1].node == whole
    assert [(link.from_face, link.to_face) for link in placement.links] == [
        (placement.boxes[1].result, left.id)
    ]


def test_heads_side_by_side_keep_their_boxes():
    sketch = Sketch()
    heads = [sketch.product(sketch.leaf(4, 3), sketch.leaf(3, 2)) for _ in range(3)]
    joined = sketch.beside(*heads)
    sketch.product(joined, sketch.leaf(6, 5))
    placement = placed(sketch)
    assert [box.node for box in placement.boxes[1:]] == heads
    assert len(placement.links) == 3
    assert {box.parent for box in placement.boxes[1:]} == {0}


def test_one_head_of_a_batch_leaf_is_drawn_and_the_leaf_is_not():
    sketch = Sketch()
    heads = sketch.leaf(2, 4, 3)
    head = sketch.add(Reindex(Slice(start=(0, 0, 0), stop=(1, 4, 3))), (heads,), "h i j -> (u i) j", (4, 3))
    sketch.product(head, sketch.leaf(3, 5))
    placement = place(sketch.graph(), LayoutOptions(sheets="all"))
    assert [face.node for face in placement.faces] == [3, head, 2]


@pytest.mark.parametrize("make", [gpt2, llama])
@pytest.mark.parametrize("sheets", [(), "all"])
def test_model_blocks_multiply_and_never_overlap(make, sheets):
    graph = make(2)
    placement = place(graph, LayoutOptions(sheets=sheets))
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)


def test_sheets_of_a_large_face_stand_apart_by_a_quarter_of_its_shorter_side():
    sketch = Sketch()
    made = sketch.product(sketch.leaf(80, 3), sketch.leaf(3, 60))
    sketch.map("relu", made)
    face, sheet = placed(sketch, gap=4, sheets="all").faces[:2]
    assert behind(face, sheet).tolist() == [0, 0, -15]
