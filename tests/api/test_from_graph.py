"""Graphs that code makes: a figure of any graph and its arrays, also longer than a program that is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

import matcube as mc
from matcube.api.opening import from_address
from matcube.errors import DataError, GraphError, MatcubeError, OptionError, ProgramError, WireError
from matcube.ir import Data, Graph, Leaf, Node
from matcube.session import Session
from matcube.wire import EditRequest, Problem, RewriteRequest, View
from matcube.wire.container import decode
from matcube.wire.link import encode_link

A = np.arange(6.0).reshape(2, 3)
B = np.arange(12.0).reshape(3, 4)


def product() -> tuple[Graph, dict[str, Any]]:
    return (mc.matrix(A, "A", rows=["x", "y"]) @ mc.matrix(B, "B") / 2).relu().to_graph()


def long_chain(nodes: int, weights: int = 2, name: str = "weight") -> mc.Matrix:
    rng = np.random.default_rng(0)
    found = mc.matrix(rng.normal(size=(3, 4)), "x")
    layers = [mc.matrix(rng.normal(size=(4, 4)) / 2, f"{name}{n}") for n in range(weights)]
    for n in range((nodes - weights - 1) // 2):
        found = (found @ layers[n % weights]).tanh()
    return found


def changed_leaf(graph: Graph, **changes: object) -> Graph:
    """The graph with another source of its first leaf of data."""
    node = next(node for node in graph.nodes if node.data is not None)
    kind = node.kind
    assert isinstance(kind, Leaf) and isinstance(kind.source, Data)
    source = replace(kind.source, **changes)  # type: ignore[arg-type]
    new = replace(node, kind=replace(kind, source=source), name=None)
    return replace(graph, nodes=tuple(new if one is node else one for one in graph.nodes))


def bare(nodes: tuple[Node, ...]) -> list[Node]:
    """Without places, texts and labels."""
    kinds = [replace(node.kind, labels=()) if isinstance(node.kind, Leaf) else node.kind for node in nodes]
    return [replace(node, span=None, text="", kind=kind) for node, kind in zip(nodes, kinds, strict=True)]


def test_the_figure_has_the_graph_the_arrays_and_the_labels() -> None:
    graph, arrays = product()
    fig = mc.from_graph(graph, arrays)
    assert fig.program == "relu(A @ B / 2)"
    np.testing.assert_array_equal(fig.value(), A @ B / 2)
    assert bare(fig._program.graph.nodes) == bare(graph.nodes)
    assert fig.state.labels == {"A.rows": ("x", "y")}


def test_dtype_and_hash_of_a_leaf_may_be_left_to_its_array() -> None:
    graph, arrays = product()
    open_leaf = changed_leaf(graph, name="first", dtype="", sha256="")
    fig = mc.from_graph(open_leaf, {"first": A.astype(np.float16), "B": arrays["B"]})
    assert fig.program == "relu(first @ B / 2)"
    assert fig.state.data["first"].dtype == "float16"


def test_bfloat16_of_a_lazy_matrix_is_recognised() -> None:
    torch = pytest.importorskip("torch")
    graph, arrays = (mc.matrix(torch.ones(2, 3, dtype=torch.bfloat16), "A") @ mc.matrix(B, "B")).to_graph()
    fig = mc.from_graph(graph, {name: np.array(array) for name, array in arrays.items()})
    assert fig.state.data["A"].dtype == "bfloat16"


@pytest.mark.parametrize(
    ("change", "arrays", "kind", "message", "hint"),
    [
        ({}, {"A": A, "b": B}, DataError, "the graph reads the array B, which is not given; did you mean b?",
         "given are A, b"),
        ({}, {"A": A, "B": B, "C": B}, OptionError, "no leaf of the graph reads the array C",
         "its leaves read A, B"),
        ({}, {"A": A.T, "B": B}, DataError,
         "the array A is 3 × 2, and the leaf that reads it 2 × 3", None),
        ({}, {"A": A + 1, "B": B}, DataError,
         "the array A has other values than the leaf that reads it was made with",
         "give the array that the graph was made with, or a leaf with sha256=''"),
        ({"name": "a b", "sha256": ""}, {"a b": A, "B": B}, OptionError,
         '"a b" cannot be a name in a program', "letters, digits and _: write a_b"),
        ({"name": "B", "sha256": ""}, {"B": B}, OptionError, "two matrices of the graph are named B",
         "give one another name"),
        ({}, {"A": ["text"], "B": B}, DataError, 'A holds text (dtype <U4), not numbers: "text" at [0]',
         'names go beside the numbers: labels={"A.rows": names}'),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_so(
    change: dict[str, str], arrays: dict[str, Any], kind: type[MatcubeError], message: str, hint: str | None
) -> None:
    graph, _ = product()
    with pytest.raises(kind) as caught:
        mc.from_graph(changed_leaf(graph, **change) if change else graph, arrays)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_an_illegal_graph_is_refused() -> None:
    graph, arrays = product()
    with pytest.raises(GraphError, match="the graph has no output"):
        mc.from_graph(replace(graph, outputs=()), arrays)


def test_two_thousand_nodes_work() -> None:
    root = long_chain(2000, weights=210)
    graph, arrays = root.to_graph()
    assert len(graph.nodes) > 1990
    fig = mc.from_graph(graph, arrays)
    assert len(fig.program) > 4000
    expected = arrays["x"]
    for n in range(895 - 1):
        expected = np.tanh(expected @ arrays[f"weight{n % 210}"])
    np.testing.assert_allclose(fig.value(), expected, atol=1e-12)
    with pytest.raises(WireError, match="and a link holds 4,000") as caught:
        fig.link()
    assert caught.value.hint is not None and "save a page" in caught.value.hint
    scene = decode(Session(fig.state, fig._engine).initial())
    assert scene.head.terms is not None and len(scene.head.terms) == len(graph.nodes)


@pytest.fixture(scope="module")
def long_page(tmp_path_factory):
    fig = long_chain(260, name="the_long_name_of_weights").figure()
    assert len(fig.program) > 4000
    return fig, fig.save(tmp_path_factory.mktemp("long") / "long.html")


def test_a_saved_page_of_a_long_program_opens_again(long_page) -> None:
    fig, path = long_page
    again = from_address(str(path), {})
    assert again.program == fig.program
    np.testing.assert_array_equal(again.value(), fig.value())


def test_its_own_address_opens_it_and_no_other_long_program(long_page, monkeypatch) -> None:
    fig, path = long_page
    monkeypatch.setattr("matcube.wire.link.MAX_TYPED_PROGRAM", 10**6)  # to write links that are too long
    own, other = encode_link(fig.state), encode_link(View(program="A @ " * 2000 + "A", data=fig.state.data))
    monkeypatch.undo()
    assert from_address(f"{path}{own}", {}).program == fig.program
    for address in (f"{path}{other}", own):
        with pytest.raises(WireError, match="and a link holds 4,000"):
            from_address(address, {})


def test_a_typed_program_keeps_its_limit(long_page) -> None:
    fig, _ = long_page
    with pytest.raises(ProgramError, match="the longest allowed has 4000") as caught:
        mc.figure(fig.program, x=A)
    assert caught.value.hint is not None and "lazy matrices" in caught.value.hint


def test_a_page_may_send_the_long_program_back_and_change_a_node_but_type_none(long_page) -> None:
    fig, _ = long_page
    session = Session(fig.state, fig._engine)
    session.initial()
    assert isinstance(session.answer(EditRequest(fig.state)), bytes)
    root = fig._program.graph.root.id
    renamed = session.answer(RewriteRequest(fig.state, node=root, change="rename", text="out"))
    assert isinstance(renamed, bytes)
    view = decode(renamed).head.view
    assert "out = " in view.program
    assert isinstance(session.answer(EditRequest(view)), bytes)
    typed = session.answer(EditRequest(msgspec.structs.replace(view, program=view.program + ".relu()")))
    assert isinstance(typed, Problem) and "the longest allowed has 4000" in typed.message
