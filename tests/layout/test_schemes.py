"""Schemes against the arrangements of the article's figures, and rules that hold for every row."""

from __future__ import annotations

import pytest

from matcube.layout import SCHEMES, Arrangement, LayoutOptions, place
from tests.layout.graphs import Tree, tree_graph
from tests.layout.judge import assert_sound
from tests.layout.test_types import CODES

# Expression as a tree, and the arrangements of its boxes in reading order (a box, its left, its right).
FIGURES: list[tuple[Tree, str]] = [
    (("A", "B"), "-LTF"),
    ((("A", "B"), "C"), "-LTF +LBB"),
    (("A", ("B", "C")), "-LTF +RTB"),
    ((("A", "B"), ("C", "D")), "-LTF +LBB +RTB"),
    (((("A", "B"), "C"), "D"), "-LTF +LBB -LTF"),
    ((((("A", "B"), "C"), "D"), "E"), "-LTF +LBB -LTF +LBB"),
    # (Q K^T) V wO of one attention head
    (
        (((("x", "wQ"), ("wK", "y")), ("z", "wV")), "wO"),
        "-LTF +LBB -LTF +LBB +RTB -RTB",
    ),
    # the same, in low-rank weights
    (
        (
            ((("x", ("a", "b")), (("c", "d"), "y")), ("z", ("e", "f"))),
            ("g", "h"),
        ),
        "-LTF +LBB -LTF +LBB -RTB +RTB -LBB -RTB +LBB +RTB",
    ),
]


@pytest.mark.parametrize(("tree", "expected"), FIGURES)
def test_blocks_arranges_the_articles_figures(tree, expected):
    placement = place(tree_graph(tree))
    assert " ".join(str(box.arrangement) for box in placement.boxes) == expected


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("is_left", [True, False])
def test_a_child_stands_on_the_far_side_of_the_shared_face(name, code, is_left):
    parent = Arrangement.parse(code)
    child = SCHEMES[name].child(parent, is_left)
    side = parent.left_on_right if is_left else parent.right_on_bottom
    assert child.result_at_back == (parent.positive == side)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_row_has_its_name_and_one_line_of_help(name):
    scheme = SCHEMES[name]
    assert scheme.name == name
    assert scheme.help
    assert "\n" not in scheme.help


@pytest.mark.parametrize("code", CODES)
def test_blocks_and_zigzag_differ_in_the_free_side_alone(code):
    parent = Arrangement.parse(code)
    blocks, zigzag = SCHEMES["blocks"].child, SCHEMES["zigzag"].child
    left, zigzagged = blocks(parent, True), zigzag(parent, True)
    assert left.positive == zigzagged.positive == (not parent.positive)
    assert left.right_on_bottom == (not parent.right_on_bottom)
    assert zigzagged.right_on_bottom == parent.right_on_bottom
    assert left.left_on_right == zigzagged.left_on_right == (parent.positive != parent.result_at_back)
    right, zigzagged = blocks(parent, False), zigzag(parent, False)
    assert right.left_on_right == (not parent.left_on_right)
    assert zigzagged.left_on_right == parent.left_on_right
    assert right.right_on_bottom == zigzagged.right_on_bottom == (parent.positive != parent.result_at_back)


@pytest.mark.parametrize("code", ["-LTB", "+LTF", "-RBF", "+RBB"])
@pytest.mark.parametrize("is_left", [True, False])
def test_wheel_copies_where_a_copy_stands_outside(code, is_left):
    parent = Arrangement.parse(code)
    assert SCHEMES["wheel"].child(parent, is_left) == parent


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("code", CODES)
def test_every_scheme_from_every_root_is_sound(scheme, code):
    graph = tree_graph((("A", ("B", "C")), (("D", "E"), "F")), iter([3, 4, 5, 6, 7, 8, 9]))
    placement = place(graph, LayoutOptions(scheme=scheme, root=Arrangement.parse(code)))
    assert_sound(graph, placement)
    assert str(placement.boxes[0].arrangement) == code


def test_custom_lets_a_box_choose_and_the_others_follow_blocks():
    graph = tree_graph(((("A", "B"), "C"), "D"))
    root, middle, last = (box.node for box in place(graph).boxes)
    chosen = ((middle, Arrangement.parse("+LTB")), (root, Arrangement.parse("-RTF")))
    placement = place(graph, LayoutOptions(scheme="custom", custom=chosen))
    result = {box.node: str(box.arrangement) for box in placement.boxes}
    assert result[root] == "-RTF"
    assert result[middle] == "+LTB"
    assert result[last] == str(SCHEMES["blocks"].child(Arrangement.parse("+LTB"), True))
    assert_sound(graph, placement)


def test_custom_choices_rest_while_another_scheme_is_on():
    graph = tree_graph((("A", "B"), "C"))
    chosen = ((place(graph).boxes[1].node, Arrangement.parse("-RTB")),)
    assert place(graph, LayoutOptions(custom=chosen)).boxes == place(graph).boxes
