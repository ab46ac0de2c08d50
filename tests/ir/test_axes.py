"""Axes: what is tied to what, what an axis is called, and where labels go."""

from matcube.ir import Graph, Hollow, Leaf, LeafInput
from matcube.ir.axes import Axes, Axis, Composition, axes
from matcube.sources.program import parse


def leaf(*shape: int, labels: tuple[tuple[str, ...] | None, ...] = ()) -> LeafInput:
    return LeafInput(shape, Leaf(Hollow(), labels))


def graph_and_axes(text: str, **leaves: LeafInput) -> tuple[Graph, Axes]:
    graph = parse(text, leaves=leaves)
    return graph, axes(graph)


def axis(text: str, node: str, dim: int, **leaves: LeafInput) -> Axis:
    graph, all_axes = graph_and_axes(text, **leaves)
    named = graph.named(node)
    assert named is not None
    return all_axes.of(named.id, dim)


def test_a_product_has_three_axes() -> None:
    _, all_axes = graph_and_axes("A @ B", A=leaf(2, 3), B=leaf(3, 4))
    assert [(axis.name, axis.size, axis.members) for axis in all_axes] == [
        ("A.rows", 2, ((0, 0), (2, 0))),
        ("A.cols", 3, ((0, 1), (1, 0))),
        ("B.cols", 4, ((1, 1), (2, 1))),
    ]


def test_a_transpose_swaps() -> None:
    assert axis("S = Q @ K.T", "S", 1, Q=leaf(2, 3), K=leaf(5, 3)).name == "K.rows"
    assert axis("S = Q @ K.T", "Q", 1, Q=leaf(2, 3), K=leaf(5, 3)).members == ((0, 1), (1, 1), (2, 0))


def test_self_attention_has_its_tokens_on_both_sides_of_the_scores() -> None:
    text = "attn = softmax((x @ wQ) @ (x @ wK).T); out = attn @ (x @ wV)"
    tokens = ("the", "cat", "sat")
    leaves = {"x": leaf(3, 8, labels=(tokens, None)), **{name: leaf(8, 4) for name in ("wQ", "wK", "wV")}}
    graph, all_axes = graph_and_axes(text, **leaves)
    attn = graph.named("attn")
    assert attn is not None
    assert all_axes.of(attn.id, 0) == all_axes.of(attn.id, 1) == all_axes.of(attn.id, -1)
    assert all_axes.of(attn.id, 1).labels == tokens
    assert all_axes.of(graph.root.id, 0).name == "x.rows"


def test_labels_do_not_spread_to_axes_of_the_same_size() -> None:
    tokens = ("a", "b", "c")
    graph, all_axes = graph_and_axes("x @ W", x=leaf(3, 3, labels=(tokens, None)), W=leaf(3, 3))
    assert [all_axes.of(graph.root.id, dim).labels for dim in (0, 1)] == [tokens, None]


def test_a_residual_ties_what_it_adds() -> None:
    _, all_axes = graph_and_axes("x + relu(x @ W)", x=leaf(5, 4), W=leaf(4, 4))
    assert [axis.name for axis in all_axes] == ["x.rows", "x.cols"]


def test_a_bias_is_tied_to_the_columns_and_a_stretched_column_to_the_rows() -> None:
    assert axis("y = x @ W + b", "b", 0, x=leaf(5, 4), W=leaf(4, 3), b=leaf(3)).name == "W.cols"
    _, all_axes = graph_and_axes("x / n", x=leaf(5, 4), n=leaf(5, 1))
    assert [axis.name for axis in all_axes] == ["x.rows", "x.cols", "n.cols"]


def test_split_and_merged_axes_say_what_they_are_made_of() -> None:
    graph, all_axes = graph_and_axes("split(x @ W, axis=1, parts=2)", x=leaf(5, 4), W=leaf(4, 6))
    width, head, place = all_axes.of(2, 1), all_axes.of(3, 1), all_axes.of(3, 2)
    assert width.made_of == Composition("product", (head.id, place.id))
    assert (head.name, head.size, place.size) == ("h", 2, 3)
    assert graph.root.shape == (5, 2, 3)


def test_a_growing_cache_is_a_sum_of_axes() -> None:
    graph, all_axes = graph_and_axes("concat(past, new, axis=0)", past=leaf(5, 3), new=leaf(1, 3))
    rows = all_axes.of(graph.root.id, 0)
    parts = (all_axes.of(0, 0).id, all_axes.of(1, 0).id)
    assert (rows.size, rows.made_of) == (6, Composition("sum", parts))
    assert all_axes.of(graph.root.id, 1).name == "past.cols"


def test_names_are_unique_and_prefer_a_labelled_leaf() -> None:
    labels = (tuple("abcd"), None)
    graph, all_axes = graph_and_axes("W @ x", W=leaf(3, 4), x=leaf(4, 2, labels=labels))
    assert all_axes.of(0, 1).name == "x.rows"
    assert all_axes.named("x.cols") == all_axes.of(graph.root.id, 1)
    assert all_axes.named("nobody") is None
    _, unnamed = graph_and_axes("shape(2, 3) @ shape(3, 4)")
    assert [axis.name for axis in unnamed] == ["i", "j", "j2"]
    assert len(unnamed) == 3


def test_names_of_one_and_three_dimensions() -> None:
    _, all_axes = graph_and_axes("X @ v", X=leaf(2, 5, 4), v=leaf(4))
    assert [axis.name for axis in all_axes] == ["X.dim0", "X.rows", "X.cols"]
    _, row = graph_and_axes("v * 2", v=leaf(4))
    assert [axis.name for axis in row] == ["v.entries"]
