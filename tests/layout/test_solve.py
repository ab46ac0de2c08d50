"""No overlap and right projections: every tree of up to 8 leaves, random sizes, random programs."""

from __future__ import annotations

from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcube.ir import Contraction, Graph
from matcube.layout import SCHEMES, Arrangement, LayoutOptions, place
from tests.layout.graphs import Sketch, Tree, all_trees, gpt2, llama, tree_graph
from tests.layout.judge import assert_faces_multiply, assert_free_of_overlap, assert_sound
from tests.layout.test_types import CODES

pytestmark = [pytest.mark.slow, pytest.mark.untraced]

arrangements = st.sampled_from(CODES).map(Arrangement.parse)
repeatable = settings(deadline=None, derandomize=True, max_examples=150)


@pytest.mark.parametrize("leaves", range(2, 9))
def test_every_tree_of_equal_sizes_is_free_of_overlap(leaves):
    for tree in all_trees(leaves):
        assert_sound(graph := tree_graph(tree), place(graph))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_tree_of_unequal_sizes_is_free_of_overlap(scheme):
    for tree in all_trees(7):
        graph = tree_graph(tree, cycle([2, 9, 4, 1, 6]))
        assert_free_of_overlap(place(graph, LayoutOptions(scheme=scheme)))


def test_blocks_needs_pushes_for_few_trees_and_small_ones_for_none():
    """Bodies alone would overlap in 9 of the 429 trees of 8 leaves; with faces as slabs it is 63."""
    moved = {leaves: sum(map(is_pushed, all_trees(leaves))) for leaves in range(2, 9)}
    assert moved == {2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 8, 8: 63}


def is_pushed(tree: Tree) -> bool:
    """Whether an argument lies farther from its box than the gap."""
    placement = place(tree_graph(tree), LayoutOptions(gap=2))
    for box in placement.boxes:
        for face, step in ((placement.faces[box.left], box.j_step), (placement.faces[box.right], box.i_step)):
            near, size = (box.corner[a] * step[a] for a in range(3)), box.sizes[step is box.j_step]
            start = sum(near)
            where = sum(face.origin[a] * step[a] for a in range(3))
            if min(abs(where - start), abs(where - start - size)) != 2:
                return True
    return False


def trees(leaves: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.recursive(leaves, lambda part: st.tuples(part, part), max_leaves=12)


@repeatable
@given(
    tree=trees(st.just("M")).filter(lambda tree: tree != "M"),
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=13),
    scheme=st.sampled_from(list(SCHEMES)),
    root=arrangements,
    gap=st.none() | st.sampled_from([1, 2.5, 5, 11.21, 64]),
    scatter=st.sampled_from([0, 0, 3.7, 128]),
    blast=st.sampled_from([-2, -0.5, 0, 1, 2]),
)
def test_any_tree_and_any_options_are_sound(tree, sizes, scheme, root, gap, scatter, blast):
    graph = tree_graph(tree, cycle(sizes))
    options = LayoutOptions(scheme=scheme, root=root, gap=gap, scatter=scatter, blast=blast)
    assert_sound(graph, place(graph, options))


@st.composite
def programs(draw: st.DrawFn) -> Graph:
    """Random programs over square and oblong matrices: products, transposes, maps, sums, slices, reuse."""
    sketch = Sketch()
    size = st.integers(1, 6)
    nodes = [sketch.leaf(draw(size), draw(size)) for _ in range(2)]
    for _ in range(draw(st.integers(1, 14))):
        node = draw(st.sampled_from(nodes))
        rows, cols = sketch.nodes[node].shape
        step = draw(
            st.sampled_from(["right", "left", "both", "turn", "map", "sum", "bias", "slice", "beside"])
        )
        if step == "right":
            node = sketch.product(node, sketch.leaf(cols, draw(size)))
        elif step == "left":
            node = sketch.product(sketch.leaf(draw(size), rows), node)
        elif step == "both":
            node = sketch.product(node, sketch.transpose(node))
        elif step == "turn":
            node = sketch.transpose(node)
        elif step == "map":
            node = sketch.map(draw(st.sampled_from(["relu", "softmax"])), node)
        elif step == "bias":
            node = sketch.map("plus", node, sketch.leaf(cols))
        elif step == "slice":
            node = sketch.columns(node, 0, draw(st.integers(1, cols)))
        elif step == "sum":
            fitting = [node for node in nodes if sketch.nodes[node].shape == (rows, cols)]
            node = sketch.map("times", node, draw(st.sampled_from(fitting)))
        else:
            fitting = [node for node in nodes if sketch.nodes[node].shape[0] == rows]
            node = sketch.beside(node, draw(st.sampled_from(fitting)))
        nodes.append(node)
    used = {operand for node in sketch.nodes for operand in node.inputs}
    loose = [node.id for node in sketch.nodes[:-1] if node.id not in used]
    return sketch.graph(*loose, len(sketch.nodes) - 1)


@repeatable
@given(
    graph=programs(),
    scheme=st.sampled_from(list(SCHEMES)),
    root=arrangements,
    sheets=st.sampled_from([(), "all"]),
)
def test_any_program_is_sound_and_its_faces_multiply(graph, scheme, root, sheets):
    placement = place(graph, LayoutOptions(scheme=scheme, root=root, sheets=sheets))
    assert_sound(graph, placement)
    assert_faces_multiply(graph, placement)
    contractions = [node.id for node in graph.nodes if isinstance(node.kind, Contraction)]
    assert sorted(box.node for box in placement.boxes) == contractions


@repeatable
@given(data=st.data())
def test_any_custom_arrangements_are_sound(data):
    graph = data.draw(st.sampled_from([gpt2(1), llama(1)]))
    boxes = [node.id for node in graph.nodes if isinstance(node.kind, Contraction)]
    custom = tuple((node, data.draw(arrangements)) for node in boxes)
    assert_sound(graph, place(graph, LayoutOptions(scheme="custom", custom=custom)))
