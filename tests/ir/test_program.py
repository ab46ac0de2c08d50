"""Graph to program text, and back to the same graph."""

from dataclasses import replace

import pytest

from matcube.ir import Contraction, Graph, Hollow, IndexSpec, Leaf, Node
from matcube.ir.program import leaf_inputs, seed_of, to_program
from matcube.sources.program import parse, parse_leaf

LEAVES = {name: parse_leaf("gaussian(8, 8)") for name in ("A", "B", "x", "W")} | {
    name: parse_leaf("shape(8, 4)") for name in ("Q", "K", "V")
}


def bare(graph: Graph) -> Graph:
    return replace(graph, program="", nodes=tuple(replace(node, span=None) for node in graph.nodes))


@pytest.mark.parametrize(
    ("program", "written"),
    [
        ("A @ B", "A @ B"),
        ("A", "A"),
        (
            "attn = softmax(tril(Q @ K.T / sqrt(d))); attn @ V",
            "d = 4\nattn = softmax(tril(Q @ K.T / sqrt(d)))\nattn @ V",
        ),
        ("out = (attn = softmax(Q @ K.T)) @ V", "attn = softmax(Q @ K.T)\nout = attn @ V"),
        ("x = x + relu(x @ W); x = x @ W; x", "x = x + relu(x @ W)\nx = x @ W"),
        ("h = relu(x); g = h; h = h @ W; g @ h", "h = relu(x)\n_1 = h\nh = h @ W\n_1 @ h"),
        ("_s = Q @ K.T; relu(_s) @ _s", "_3 = Q @ K.T\nrelu(_3) @ _3"),
        ("S = A @ B; C = S @ x; S", "S = A @ B\nC = S @ x\nS"),
        ("A @ B; B @ A", "A @ B\nB @ A"),
        ("A - (B - x) - W", "A - (B - x) - W"),
        ("-(A @ B) ** 2 / 3", "-(A @ B) ** 2 / 3"),
        ("(-A) ** 2 - 1", "(-A) ** 2 - 1"),
        ("2 - A / (B * x)", "2 - A / (B * x)"),
        ("gaussian(3, 8) @ x", "gaussian(3, 8) @ x"),
        ("gaussian(3, 8, seed=2, min=0) @ x", "gaussian(3, 8, min=0, seed=2) @ x"),
        ('einsum("ik,jk->ij", Q, K)', 'einsum("i k, j k -> i j", Q, K)'),
    ],
)
def test_written_and_read_again(program: str, written: str) -> None:
    graph = parse(program, leaves=LEAVES, constants={"d": 4})
    assert to_program(graph) == written
    assert bare(parse(written, leaves=leaf_inputs(graph))) == bare(graph)


def test_free_names_are_the_named_leaves() -> None:
    graph = parse("A = gaussian(2, 3); A @ shape(3, 4)")
    result = leaf_inputs(graph)
    assert list(result) == ["A"]
    assert result["A"].unseeded
    assert graph[0].kind.source.seed == seed_of("A")  # type: ignore[union-attr]


def test_names_that_cannot_be_written_are_left_out() -> None:
    leaf = IndexSpec.parse("-> i j")
    A = Node(0, Leaf(Hollow()), (), leaf, (3, 3), name="A")
    hidden = Node(1, Contraction(), (0, 0), IndexSpec.parse("i k, k j -> i j"), (3, 3), name="h.0.attn")
    again = Node(2, Contraction(), (1, 1), IndexSpec.parse("i k, k j -> i j"), (3, 3), name="class")
    assert to_program(Graph((A, hidden, again), (2,))) == "_1 = A @ A\n_1 @ _1"


def test_a_long_chain_is_cut_into_statements() -> None:
    text = "; ".join(["y = x @ W", *["_z = relu(y)"], *["_z = relu(_z)"] * 60, "_z @ W"])
    graph = parse(text, leaves=LEAVES)
    written = to_program(graph)
    assert len(written.splitlines()) == 3
    again = parse(written, leaves=leaf_inputs(graph))
    assert [node.kind for node in again.nodes] == [node.kind for node in graph.nodes]
