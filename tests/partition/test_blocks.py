"""Which dimensions and uses a split reaches, how long blocks are, and what is said of a wrong name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.errors import OptionError
from matcube.ir import Graph
from matcube.partition import Partition, block, block_length, partition

ATTENTION = "Q = x @ wQ; K = x @ wK; V = x @ wV; attn = softmax(tril(Q @ K.T / 4)); out = attn @ V"
LEAVES = {"x": "shape(10, 8)", "wQ": "shape(8, 4)", "wK": "shape(8, 4)", "wV": "shape(8, 6)"}


def graph_of(program: str, **leaves: str) -> Graph:
    return mc.figure(program, **leaves)._program.graph


def named(graph: Graph, result: Partition) -> set[tuple[str, int]]:
    return {(graph[node].label, dim) for node, dim, _ in result.splits}


def uses(graph: Graph, result: Partition) -> set[tuple[str, int, int]]:
    return {(graph[user].label, position, dim) for user, position, dim, _ in result.use_splits}


@pytest.fixture
def attention() -> Graph:
    return graph_of(ATTENTION, **LEAVES)


def test_an_axis_splits_every_matrix_that_carries_it(attention: Graph) -> None:
    result = partition(attention, {"tokens": 4})
    assert named(attention, result) == {
        ("x", 0), ("Q", 0), ("K", 0), ("V", 0), ("K.T", 1), ("Q @ K.T", 0), ("Q @ K.T", 1),
        ("Q @ K.T / 4", 0), ("Q @ K.T / 4", 1), ("tril(Q @ K.T / 4)", 0), ("tril(Q @ K.T / 4)", 1),
        ("attn", 0), ("attn", 1), ("out", 0),
    }  # fmt: skip
    assert result.use_splits == ()
    assert {blocks for *_, blocks in result.splits} == {4}


def test_one_use_splits_queries_and_leaves_keys_whole(attention: Graph) -> None:
    result = partition(attention, {"attn.i": 8})
    assert named(attention, result) == {
        ("Q", 0), ("Q @ K.T", 0), ("Q @ K.T / 4", 0), ("tril(Q @ K.T / 4)", 0), ("attn", 0), ("out", 0),
    }  # fmt: skip
    assert uses(attention, result) == {("Q", 0, 0)}  # x, for the queries alone


def test_one_use_of_the_columns_splits_keys_and_values(attention: Graph) -> None:
    result = partition(attention, {"attn.j": 2})
    assert {("K", 0), ("K.T", 1), ("V", 0), ("attn", 1)} <= named(attention, result)
    assert not {("Q", 0), ("attn", 0), ("x", 0), ("out", 0)} & named(attention, result)
    assert uses(attention, result) == {("K", 0, 0), ("V", 0, 0)}


def test_a_summed_letter_is_found_below_the_softmax(attention: Graph) -> None:
    result = partition(attention, {"attn.k": 2})
    assert named(attention, result) == {("wQ", 1), ("wK", 1), ("Q", 1), ("K", 1), ("K.T", 0)}
    assert [attention[node].label for node in result.summed] == ["Q @ K.T"]


def test_a_leaf_of_one_use_is_split_itself() -> None:
    graph = graph_of("h = relu(x @ w1); h @ w2", x="shape(6, 4)", w1="shape(4, 8)", w2="shape(8, 4)")
    result = partition(graph, {"h.k": 4})
    assert named(graph, result) == {("x", 1), ("w1", 0)}
    assert result.lengths == {2: (6, 8, 1)}
    result = partition(graph, {"h.j": 4})
    assert named(graph, result) == {("w1", 1), ("x @ w1", 1), ("h", 1), ("w2", 0)}


def test_a_use_is_not_split_twice_by_itself() -> None:
    """A residual reaches its input from both sides: the input is split for every use, and no use apart."""
    graph = graph_of("y = x + relu(x @ W); z = y @ U", x="shape(6, 4)", W="shape(4, 4)", U="shape(4, 2)")
    result = partition(graph, {"x.i": 2})
    assert ("x", 0) in named(graph, result)
    assert result.use_splits == ()


def test_blocks_have_the_length_of_the_first() -> None:
    assert [block_length(10, n) for n in (1, 2, 3, 4, 10)] == [10, 5, 4, 3, 1]
    for size in range(25):
        for blocks in range(1, 30):
            cells = [list(range(size))[block(size, blocks, n)] for n in range(blocks)]
            length = block_length(size, blocks)
            assert [item for cell in cells for item in cell] == list(range(size))
            assert all(len(item) == length for item in cells[: size // length])


def test_lengths_along_the_letters_of_products(attention: Graph) -> None:
    result = partition(attention, {"tokens": 4, "wV.cols": 2})
    by_name = {attention[node].label: lengths for node, lengths in result.lengths.items()}
    assert by_name == {"Q": (3, 4, 8), "K": (3, 4, 8), "V": (3, 3, 8), "Q @ K.T": (3, 3, 4), "out": (3, 3, 3)}
    assert [attention[node].label for node in result.summed] == ["out"]


def test_heads_split_the_columns_that_they_are_made_of() -> None:
    program = "q = split(x @ w, axis=1, parts=4); y = merge(q, axis=1) @ wO"
    graph = graph_of(program, x="shape(6, 5)", w="shape(5, 12)", wO="shape(12, 5)")
    for name in ("q.rows", "w.cols"):
        result = partition(graph, {name: 2})
        assert {("w", 1), ("q", 1), ("wO", 0)} <= named(graph, result)
    result = partition(graph, {"w.cols": 3})  # 4 heads do not fall into 3 blocks
    assert named(graph, result) == {("w", 1), ("x @ w", 1)}
    result = partition(graph, {"q.h": 4})
    assert {("w", 1), ("q", 1), ("merge(q, axis=1)", 1)} <= named(graph, result)


def test_a_part_of_a_growing_cache_is_split_alone() -> None:
    graph = graph_of("concat(past, new, axis=0)", past="shape(4, 6)", new="shape(4, 6)")
    assert named(graph, partition(graph, {"past.rows": 2})) == {("past", 0)}
    assert len(partition(graph, {"past.cols": 2}).splits) == 3


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("x_rows", "x.rows"), ("tokens", "x.rows"), ("Q.rows", "x.rows"), ("out.cols", "wV.cols"),
        ("wQ_cols", "wQ.cols"), ("0.rows", "x.rows"), ("attn @ V.cols", "wV.cols"),
    ],
)  # fmt: skip
def test_an_axis_has_several_names(attention: Graph, asked: str, same: str) -> None:
    result = partition(attention, {asked: 2})
    assert result.splits == partition(attention, {same: 2}).splits
    assert result.groups[0].name == same


def test_one_block_splits_nothing(attention: Graph) -> None:
    assert partition(attention, {"tokens": 1}) == Partition()
    assert partition(attention, {}).devices == 1


@pytest.mark.parametrize(
    ("splits", "words"),
    [
        ({"token": 4}, ["no axis", '"token"', "did you mean tokens", "x.rows (10)", "x.cols (8)", "Q.i"]),
        ({"x.row": 4}, ["x has no letter row", "i, j", "x.rows (10)"]),
        ({"attn.z": 2}, ["attn has no letter z", "i, j"]),
        ({"nothing.i": 2}, ["no axis", "one use: Q.i"]),
        ({"tokens": 11}, ["x.rows has 10 places", "too few for 11", "at most 10"]),
        ({"tokens": 65}, ["cannot be split into 65 blocks", "1 to 64"]),
        ({"tokens": 0}, ["cannot be split into 0 blocks"]),
        ({"tokens": True}, ["cannot be split into True blocks"]),
        ({"tokens": 2, "attn.i": 2}, ["x.rows and attn.i both split i of Q"]),
        ({"tokens": 2, "x_rows": 2}, ["x.rows is given twice, under two names"]),
        ({"preset:megatrom": 2}, ['no preset "megatrom"', "did you mean megatron", "ring"]),
    ],
)
def test_what_is_wrong_is_said_with_the_remedy(
    attention: Graph, splits: dict[str, int], words: list[str]
) -> None:
    with pytest.raises(OptionError) as error:
        partition(attention, splits)
    for word in words:
        assert word in str(error.value)


@given(st.text("xQattni.jk_0123 ²preset:@", max_size=12), st.integers(-1, 70))
@settings(max_examples=300, deadline=None)
def test_whatever_the_name_only_options_are_refused(name: str, blocks: int) -> None:
    graph = graph_of(ATTENTION, **LEAVES)
    try:
        partition(graph, {name: blocks})
    except OptionError as error:
        assert error.message and error.hint


def test_a_word_for_two_axes_asks_which() -> None:
    program = "y = relu(x @ w1) @ w2; relu(y @ w3) @ w4"
    shapes = {
        "x": "shape(6, 4)",
        "w1": "shape(4, 8)",
        "w2": "shape(8, 4)",
        "w3": "shape(4, 9)",
        "w4": "shape(9, 4)",
    }
    with pytest.raises(OptionError) as error:
        partition(graph_of(program, **shapes), {"hidden": 2})
    assert "hidden is 2 axes here" in str(error.value)
    assert "w1.cols (8), w3.cols (9)" in str(error.value)


def test_an_empty_axis_has_one_block() -> None:
    graph = graph_of("A @ B", A="zeros(0, 3)", B="zeros(3, 2)")
    with pytest.raises(OptionError, match=r"A\.rows has 0 places: too few for 2 blocks"):
        partition(graph, {"A.rows": 2})
