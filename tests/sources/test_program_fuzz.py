"""Any text gives a graph or a MatcubeError, soon; and what is read can be written and read again."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matcube.errors import MatcubeError
from matcube.ir import Graph
from matcube.ir.axes import axes
from matcube.ir.program import leaf_inputs, to_program
from matcube.sources.program import parse, parse_binding, parse_leaf
from tests.effort import calls_in

SHAPES = {"Q": "4, 6", "K": "4, 6", "W": "6, 6", "v": "6", "b": "1, 6", "H": "2, 4, 6"}
LEAVES = {name: parse_leaf(f"gaussian({sizes})") for name, sizes in SHAPES.items()}
MAX_CALLS = 500_000

WORDS = """
Q K W v b H d x y _t @ + - * / ** // % ( ) , . = := == < ; : [ ] { } ' " \\ # é 漢 ﬁ 😀 … | & ~ ^ ! $ ?
.T .mT .H .relu() .softmax() relu( softmax( tril( rope( einsum( 'ik,kj->ij' "i k, k j -> i j" gaussian( shape(
formula( 6, 4) i j h w split( merge( repeat( concat( take( slice( permute( axis=0 axis=1 parts=2 times=2
axes=(1,0) start=(0,0) stop=(1,2) seed=3 min=0 sqrt( 0 1 2 9 0.5 1e999 99999999999999999999 0x1 1j (x= (y=
y= lambda if else for in not and import True None pi e
"""
BLANKS = ["\n", "  ", "\t", "\x00", "\ud800", "\x0c", "\r", "d=2", "_t = Q @ K.T; ", "y = relu(x)\n"]
TOKENS = [*WORDS.split(), *BLANKS]


def read(text: str) -> Graph | None:
    graphs: list[Graph] = []

    def attempt() -> None:
        try:
            graphs.append(parse(text, leaves=LEAVES, constants={"d": 4}))
        except MatcubeError as error:
            assert str(error)

    effort = calls_in(attempt)
    assert effort < MAX_CALLS
    return graphs[0] if graphs else None


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(TOKENS), max_size=25).map("".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_graph_or_an_error(text: str) -> None:
    read(text)


@given(st.lists(st.sampled_from(TOKENS), max_size=8).map("".join))
@settings(max_examples=100, deadline=None)
def test_any_binding_is_a_value_or_an_error(text: str) -> None:
    try:
        parse_binding(text)
    except MatcubeError as error:
        assert str(error)


@given(st.sampled_from(TOKENS), st.integers(1, 1000))
@settings(max_examples=150, deadline=None)
def test_any_repetition(token: str, times: int) -> None:
    read((token * times)[:4000])
    read(("Q" + (token + "Q") * times)[:4000])


VALUES = st.recursive(
    st.sampled_from(["Q", "K", "W", "v", "b", "H", "2", "d", "x", "_t", "gaussian(4, 6)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["@", "@", "+", "-", "*", "/", "**"]), inner).map(" ".join),
        st.tuples(st.sampled_from(["relu", "softmax", "tril", "sqrt", "-"]), inner).map(
            lambda p: f"{p[0]}({p[1]})"
        ),
        inner.map(lambda operand: f"({operand}).mT"),
        inner.map(lambda operand: f"split({operand}, axis=-1, parts=2)"),
        st.tuples(st.sampled_from(["x", "_t", "Q"]), inner).map(lambda p: f"({p[0]} = {p[1]})"),
    ),
    max_leaves=5,
)
STATEMENTS = st.tuples(st.sampled_from(["", "", "x = ", "_t = ", "Q = ", "d = "]), VALUES).map("".join)


@given(st.lists(STATEMENTS, min_size=1, max_size=4).map("; ".join))
@settings(max_examples=600, deadline=None)
def test_what_is_read_can_be_written_and_read_again(text: str) -> None:
    graph = read(text)
    if graph is None:
        return
    again = parse(to_program(graph), leaves=leaf_inputs(graph))
    assert bare(again) == bare(graph)
    for node in graph.nodes:
        assert node.span is not None
        assert 0 <= node.span.start < node.span.end <= len(graph.program)
    members = [place for axis in axes(graph) for place in axis.members]
    assert sorted(members) == [(node.id, dim) for node in graph.nodes for dim in range(len(node.shape))]


def bare(graph: Graph) -> Graph:
    """Without what the program text does not promise to keep: places, and how a number was written."""
    return replace(graph, program="", nodes=tuple(replace(node, span=None, text="") for node in graph.nodes))
