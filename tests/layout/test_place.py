"""One product, chains, options, vectors, empty sizes, several outputs, errors."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.errors import OptionError, ShapeError
from matcube.layout import SCHEMES, Arrangement, LayoutOptions, bounds, face_corners, place
from tests.effort import calls_in
from tests.layout.graphs import Sketch, chain_graph, gpt2, llama, tree_graph
from tests.layout.judge import assert_faces_multiply, assert_free_of_overlap, assert_sound
from tests.layout.test_types import CODES


def test_one_product_stands_at_the_standard_corner():
    placement = place(chain_graph(4, 5, 6), LayoutOptions(gap=2))
    (box,) = placement.boxes
    result, left, right = placement.faces
    assert (result.role, result.origin, result.across, result.down) == (
        "result",
        (0.0, 0.0, 0.0),
        (1.0, 0.0, 0.0),
        (0.0, -1.0, 0.0),
    )
    assert (left.role, left.origin, left.across) == ("left", (-2.0, 0.0, -7.0), (0.0, 0.0, 1.0))
    assert (right.role, right.origin, right.down) == ("right", (0.0, 2.0, -7.0), (0.0, 0.0, 1.0))
    assert (box.sizes, box.corner, box.k_step) == ((4, 6, 5), (0.0, 0.0, -7.0), (0.0, 0.0, 1.0))
    assert [face.row_letter + face.col_letter for face in placement.faces] == ["ij", "ik", "kj"]
    assert [face.box for face in placement.faces] == [0, 0, 0]
    assert placement.root_face == 0


@pytest.mark.parametrize("code", CODES)
def test_each_of_the_16_arrangements_puts_its_faces_where_it_says(code):
    graph = chain_graph(4, 5, 6)
    placement = place(graph, LayoutOptions(root=Arrangement.parse(code)))
    assert_sound(graph, placement)


def test_a_childs_result_is_its_parents_argument():
    graph = chain_graph(3, 4, 5, 6)
    placement = place(graph)
    parent, child = placement.boxes
    assert parent.left == child.result
    assert (parent.parent, child.parent) == (None, 0)
    shared = placement.faces[child.result]
    assert (shared.role, shared.box, shared.chain) == ("result", 1, (2,))
    own = np.array(child.corner), *(np.array(v) for v in (child.i_step, child.j_step))
    taken = np.array(parent.corner), *(np.array(v) for v in (parent.i_step, parent.k_step))
    corners = np.array(face_corners(shared))
    for corner, down, across in (own, taken):
        grid = [corner + down * r + across * c for r in (0, shared.rows) for c in (0, shared.cols)]
        normal = np.abs(np.cross(down, across)) > 0
        assert np.allclose(np.array(grid)[:, ~normal], corners[:, ~normal])


@pytest.mark.parametrize(
    ("edge", "gap"), [(1, 1), (2, 1), (8, 2), (32, 5), (64, 7), (256, 14), (768, 24), (5000, 24)]
)
def test_the_automatic_gap_suits_small_and_large(edge, gap):
    assert place(chain_graph(edge, edge, edge)).gap == gap


def test_a_gap_that_is_given_is_kept():
    assert place(chain_graph(4, 4, 4), LayoutOptions(gap=11.21)).gap == 11.21


def test_scatter_pushes_boxes_and_leaves_leaves():
    graph = chain_graph(4, 4, 4, 4)
    near, far = place(graph, LayoutOptions(gap=2)), place(graph, LayoutOptions(gap=2, scatter=10))
    assert far.faces[1].origin[0] == near.faces[1].origin[0] - 10
    assert far.faces[4].origin == near.faces[4].origin
    assert_sound(graph, far)


def test_molecule_spares_small_children():
    graph = tree_graph(((("A", "B"), "C"), ("D", "E")))
    plain = place(graph, LayoutOptions(gap=2))
    pushed = place(graph, LayoutOptions(gap=2, scatter=10, molecule=2))
    left, right = pushed.faces[pushed.boxes[0].left], pushed.faces[pushed.boxes[0].right]
    assert left.origin[0] == plain.faces[left.id].origin[0] - 10
    assert right.origin == plain.faces[right.id].origin


@pytest.mark.parametrize(
    ("blast", "push"), [(0, 10), (1, 20), (2, 40), (0.5, 10 * 2**0.5), (-1, 10), (-2, 10)]
)
def test_blast_scales_the_push_by_the_number_of_products(blast, push):
    graph = chain_graph(4, 4, 4, 4, 4)  # the left child holds 2 of 3 products
    near = place(graph, LayoutOptions(gap=2))
    far = place(graph, LayoutOptions(gap=2, scatter=10, molecule=2, blast=blast))
    assert far.faces[1].origin[0] == pytest.approx(near.faces[1].origin[0] - push)


def test_a_negative_blast_goes_by_what_is_left():
    graph = chain_graph(4, 4, 4, 4, 4)
    near = place(graph, LayoutOptions(gap=2))
    far = place(graph, LayoutOptions(gap=2, scatter=10, blast=-2))
    steps = [np.abs(np.subtract(far.faces[n].origin, near.faces[n].origin)).max() for n in (1, 2)]
    assert steps == [10, 40]  # 3 - 2 = 1 product is left, then 3 - 1 = 2


@pytest.mark.parametrize("ranks", [(2, 1), (1, 2), (1, 1)])
def test_vectors_are_rows_or_columns_as_their_role_wants(ranks):
    sketch = Sketch()
    left = sketch.leaf(*((3, 4) if ranks[0] == 2 else (4,)))
    right = sketch.leaf(*((4, 5) if ranks[1] == 2 else (4,)))
    sketch.product(left, right)
    graph = sketch.graph()
    placement = place(graph)
    rows, cols = (3 if ranks[0] == 2 else 1), (5 if ranks[1] == 2 else 1)
    assert placement.boxes[0].sizes == (rows, cols, 4)
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)


def test_a_vector_result_turns_for_the_box_that_takes_it():
    sketch = Sketch()
    column = sketch.product(sketch.leaf(3, 4), sketch.leaf(4))  # (i,)
    sketch.product(column, sketch.leaf(3, 5))  # taken as a row 1 x 3
    graph = sketch.graph()
    placement = place(graph)
    assert placement.boxes[1].transposed
    assert (placement.faces[1].rows, placement.faces[1].cols) == (1, 3)
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)


def test_an_outer_product_has_depth_one():
    sketch = Sketch()
    sketch.product(sketch.leaf(3), sketch.leaf(4), "i, j -> i j")
    graph = sketch.graph()
    placement = place(graph)
    assert placement.boxes[0].sizes == (3, 4, 1)
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)


@pytest.mark.parametrize("sizes", [(0, 3, 4, 2), (3, 0, 4, 2), (3, 4, 0, 2), (3, 4, 2, 0), (0, 0, 0, 0)])
def test_empty_sizes_lay_out(sizes):
    graph = chain_graph(*sizes)
    placement = place(graph, LayoutOptions(sheets="all"))
    assert_sound(graph, placement)
    low, high = bounds(placement)
    assert all(a <= b for a, b in zip(low, high, strict=True))


def test_an_empty_leaf_alone_lays_out():
    sketch = Sketch()
    sketch.leaf(0, 3)
    assert bounds(place(sketch.graph())) == ((0.0, 0.0, 0.0), (3.0, 0.0, 0.0))


def test_a_leaf_stands_alone():
    sketch = Sketch()
    sketch.leaf(3, 5)
    placement = place(sketch.graph())
    (face,) = placement.faces
    assert (face.role, face.box, face.rows, face.cols) == ("alone", None, 3, 5)
    assert (placement.boxes, placement.links) == ((), ())
    assert bounds(placement) == ((0.0, -3.0, 0.0), (5.0, 0.0, 0.0))


def test_a_transposed_leaf_stands_alone():
    sketch = Sketch()
    sketch.transpose(sketch.leaf(3, 5))
    (face,) = place(sketch.graph()).faces
    assert (face.node, face.rows, face.cols, face.transposed) == (0, 3, 5, False)


def test_outputs_that_the_root_does_not_reach_stand_to_its_right():
    sketch = Sketch()
    x = sketch.leaf(4, 5, name="x")
    first = sketch.product(x, sketch.leaf(5, 6))
    second = sketch.product(x, sketch.leaf(5, 3))
    alone = sketch.leaf(2, 2)
    root = sketch.product(second, sketch.leaf(3, 7))
    graph = sketch.graph(first, alone, second, root)
    placement = place(graph)
    assert [box.node for box in placement.boxes] == [root, second, first]
    assert placement.faces[placement.root_face].node == root
    assert [face.role for face in placement.faces if face.node == alone] == ["alone"]
    assert len({face.origin[1:] for face in placement.faces if face.node in (root, first, alone)}) == 1
    assert_sound(graph, placement)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_deep_chains_need_no_deep_stack(scheme):
    graph = chain_graph(*(2 + place % 3 for place in range(1500)))
    placement = place(graph, LayoutOptions(scheme=scheme, gap=1))
    assert len(placement.boxes) == 1498


@pytest.mark.parametrize(("make", "boxes"), [(gpt2, 8), (llama, 9)])
def test_twelve_layers_take_twelve_times_the_boxes_and_about_twice_the_work_of_six(make, boxes):
    graph, half = make(12), make(6)
    placement = place(graph)
    effort = calls_in(lambda: place(graph))
    assert effort < 3 * calls_in(lambda: place(half))
    assert effort < 200_000
    assert len(placement.boxes) == 12 * boxes
    assert_free_of_overlap(placement)


@pytest.mark.parametrize("make", [gpt2, llama])
def test_placing_twice_gives_the_same(make):
    options = LayoutOptions(sheets="all", scheme="wheel")
    assert place(make(2), options) == place(make(2), options)


def test_batch_axes_are_refused_by_name():
    sketch = Sketch()
    sketch.product(sketch.leaf(2, 3, 4, name="Q"), sketch.leaf(2, 4, 5, name="K"))
    with pytest.raises(ShapeError) as caught:
        place(sketch.graph())
    assert str(caught.value) == (
        '"n2" has 3 dimensions (2×3×5), and a face has two\n  hint: expand heads before a graph is laid out'
    )


@pytest.mark.parametrize("spec", ["i k, i k -> i", "i j, i j -> i j", "i k, i k -> ()", "i k, j l -> i j"])
def test_a_contraction_that_is_no_box_is_refused(spec):
    sketch = Sketch()
    sketch.product(sketch.leaf(3, 3), sketch.leaf(3, 3), spec)
    with pytest.raises(ShapeError, match=r'"n2" \(.*\) cannot be drawn as one box') as caught:
        place(sketch.graph())
    assert 'like "i k, k j -> i j"' in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (LayoutOptions(scheme="heap"), 'there is no layout scheme "heap"'),
        (LayoutOptions(gap=0), "gap is 0; it must be from 1 to 64"),
        (LayoutOptions(gap=float("nan")), "gap is nan; it must be from 1 to 64"),
        (LayoutOptions(scatter=-1), "scatter is -1; it must be from 0 to 128"),
        (LayoutOptions(molecule=0), "molecule is 0; it must be at least 1"),
        (LayoutOptions(blast=3), "blast is 3; it must be from -2 to 2"),
        (LayoutOptions(scheme="custom", custom=((0, Arrangement()),)), "no box of node 0 to arrange"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        place(chain_graph(2, 2, 2), options)


def test_the_error_of_a_scheme_lists_the_schemes():
    with pytest.raises(OptionError) as caught:
        place(chain_graph(2, 2, 2), LayoutOptions(scheme="heap"))
    assert caught.value.hint == "there are: blocks, zigzag, wheel, custom"
