"""Lazy matrices: the same graphs as program text, from Python."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from matcube.errors import DataError, MatcubeError, OptionError, ProgramError, ShapeError
from matcube.ir import Data, Leaf
from matcube.ir.program import leaf_inputs
from matcube.ops import MAPS
from matcube.sources.lazy import Matrix, apply, graph_of, matrix
from matcube.sources.lazy_einsum import einsum
from matcube.sources.operations import OPERATIONS
from matcube.sources.program import parse, parse_leaf
from matcube.values import evaluate

RNG = np.random.default_rng(3)
ARRAYS = {name: RNG.normal(size=(4, 4)) for name in ("Q", "K", "V", "x")} | {"b": RNG.normal(size=4)}
M: Any = SimpleNamespace(**{name: matrix(array, name=name) for name, array in ARRAYS.items()})


CASES = {
    "Q @ K.T": lambda: M.Q @ M.K.T,
    "softmax(tril(Q @ K.T / 2)) @ V": lambda: (M.Q @ M.K.T / 2).tril().softmax() @ M.V,
    "x @ Q + b": lambda: M.x @ M.Q + M.b,
    "2 - x * 3 - x": lambda: 2 - M.x * 3 - M.x,
    "2 * x + 1 / x": lambda: 2 * M.x + 1 / M.x,
    "3 + x": lambda: 3 + M.x,
    "-x ** 2": lambda: -(M.x**2),
    "x - Q": lambda: M.x - M.Q,
    "x * Q / K": lambda: M.x * M.Q / M.K,
    "tril(x, offset=-1)": lambda: M.x.tril(-1),
    "rope(x, base=100, start=2)": lambda: M.x.rope(base=100, start=2),
    "split(x, axis=1, parts=2)": lambda: M.x.split(1, 2),
    "concat(Q, K, V, axis=0)": lambda: M.Q.concat(M.K, M.V, axis=0),
    "permute(split(x, axis=1, parts=2), axes=(1, 0, 2))": lambda: M.x.split(1, 2).permute((1, 0, 2)),
    "split(x, axis=0, parts=2).mT": lambda: M.x.split(0, 2).mT,
    'einsum("i k, j k -> i j", Q, K)': lambda: einsum("ik,jk->ij", M.Q, M.K),
    "plus(Q, K)": lambda: M.Q.plus(M.K),
    "b @ x": lambda: M.b @ M.x,
    "+x.H": lambda: +M.x.H,
}


@pytest.mark.parametrize("text", CASES)
def test_the_same_graph_as_the_program_text(text: str) -> None:
    made: Matrix = CASES[text]()
    graph, arrays = made.to_graph()
    again = parse(text, leaves=leaf_inputs(graph))
    assert [replace(node, span=None) for node in again.nodes] == list(graph.nodes)
    assert again.outputs == graph.outputs
    assert made.shape == graph.root.shape
    assert all(arrays[name] is not ARRAYS[name] for name in arrays)
    assert evaluate(graph, arrays)[graph.root.id].cells.values.shape == made.shape


def test_values_are_those_of_numpy() -> None:
    graph, arrays = ((M.Q @ M.K.T + M.b).named("S") @ M.V / 3 - 1).to_graph()
    expected = (ARRAYS["Q"] @ ARRAYS["K"].T + ARRAYS["b"]) @ ARRAYS["V"] / 3 - 1
    np.testing.assert_allclose(evaluate(graph, arrays)[graph.root.id].cells.values, expected)


def test_names_of_leaves_and_of_results() -> None:
    A, B = matrix(np.ones((2, 3))), matrix("gaussian(3, 4)")
    graph, arrays = ((A @ B).named("C") @ matrix("eye(4, 4)", name="B")).to_graph()
    assert [node.name for node in graph.nodes] == ["A", "D", "C", "B", None]
    assert list(arrays) == ["A"]
    source = graph[0].kind.source  # type: ignore[union-attr]
    assert isinstance(source, Data)
    assert (source.name, source.dtype, len(source.sha256)) == ("A", "float64", 64)


def test_many_leaves_without_a_name() -> None:
    total = matrix("eye(2, 2)")
    for _ in range(27):
        total = total + matrix("eye(2, 2)")
    graph, _ = total.to_graph()
    names = [node.name for node in graph.nodes if isinstance(node.kind, Leaf)]
    assert names[:2] + names[-3:] == ["A", "B", "Z", "A2", "B2"]


def test_random_leaves_differ() -> None:
    graph, _ = (matrix("gaussian(3, 3)") @ matrix("gaussian(3, 3)")).to_graph()
    assert graph[0].kind != graph[1].kind
    assert (
        parse("A @ B", leaves={name: parse_leaf("gaussian(3, 3)") for name in "AB"}).nodes[0].kind
        == graph[0].kind
    )


def test_what_is_shared_is_one_node() -> None:
    h = M.x.relu()
    graph, _ = (h @ h.T + h).to_graph()
    assert [node.label for node in graph.nodes] == [
        "x",
        "relu(x)",
        "relu(x).T",
        "relu(x) @ relu(x).T",
        "relu(x) @ relu(x).T + relu(x)",
    ]


def test_several_roots() -> None:
    graph, _ = graph_of(M.x.relu(), M.x @ M.x)
    assert graph.outputs == (1, 2)


def test_numbers_of_every_kind() -> None:
    class Scalar:  # as a torch or JAX scalar
        shape = ()

        def item(self) -> float:
            return 2.0

    texts = [repr(number * M.x) for number in (2, 2.0, np.float32(2), np.int64(2), np.array(2.0), Scalar())]
    assert set(texts) == {"<Matrix 4 × 4: 2 * x>"}
    assert repr(M.x**-1) == "<Matrix 4 × 4: x ** -1>"
    assert repr(M.x - 2) == "<Matrix 4 × 4: x - 2>"
    assert repr(M.x + -2) == "<Matrix 4 × 4: x + -2>"


@pytest.mark.parametrize("symbol", ["@", "+", "-", "*", "/"])
def test_numpy_arrays_leave_the_operator_to_us(symbol: str) -> None:
    import operator

    function = {
        "@": operator.matmul,
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
    }
    left, right = function[symbol](np.ones((4, 4)), M.x), function[symbol](M.x, np.ones((4, 4)))
    assert repr(left) == f"<Matrix 4 × 4: A {symbol} x>"
    assert repr(right) == f"<Matrix 4 × 4: x {symbol} A>"


def test_lists_are_matrices_too() -> None:
    assert ([[1, 2, 3, 4]] @ M.x).shape == (1, 4)


@pytest.mark.parametrize("name", [name for name in MAPS if MAPS[name].arity == 1])
def test_every_map_is_a_method_and_a_function(name: str) -> None:
    options = {"scale": (2,), "divide": (2,), "shift": (2,), "power": (2,)}.get(name, ())
    assert repr(getattr(M.x, name)(*options)) == repr(apply(name, M.x, *options))
    assert getattr(M.x, name).__doc__ == MAPS[name].help
    assert name in dir(M.x)
    assert name in OPERATIONS


def test_labels() -> None:
    x = matrix(np.ones((2, 3)), name="x", rows=["a", "b"], cols=["u", "v", "w"])
    graph, _ = x.to_graph()
    assert graph.root.kind.labels == (("a", "b"), ("u", "v", "w"))  # type: ignore[union-attr]
    deep = matrix("ones(4, 2, 3)", rows=["a", "b"])
    assert deep.to_graph()[0].root.kind.labels == (None, ("a", "b"), None)  # type: ignore[union-attr]
    assert matrix([1, 2], cols=["a", "b"]).shape == (2,)


def test_a_leaf_of_any_kind() -> None:
    assert matrix(parse_leaf("shape(2, 3)")).shape == (2, 3)
    assert matrix(M.x) is M.x
    assert matrix(M.x, name="y").name == "y"
    assert repr(M.x) == "<Matrix x 4 × 4: x>"
    assert repr(matrix("gaussian(2, 3)", name="G")) == "<Matrix G 2 × 3: gaussian(2, 3)>"
    assert (M.x.ndim, M.x.softmax().T.mT.shape) == (2, (4, 4))


def test_long_chains_need_no_recursion() -> None:
    y = M.x
    for _ in range(2000):
        y = y + 1
    graph, _ = y.to_graph()
    assert len(graph.nodes) == 2001
    assert len(graph.root.text) < 450


def test_values_used_twice_many_times_stay_small() -> None:
    y = M.x
    for _ in range(100):
        y = y + y
    assert len(y.to_graph()[0].nodes) == 101


Q2: Any = matrix("shape(32, 64)", name="Q")  # some of the calls below are errors for a type checker too
K2 = matrix("shape(32, 64)", name="K")
ERRORS: list[tuple[Any, type[MatcubeError], str]] = [
    (
        lambda: Q2 @ K2,
        ShapeError,
        'in "Q @ K": k is 64 in Q (32 × 64) but 32 in K (32 × 64); did you mean K.T?',
    ),
    (
        lambda: (Q2 @ K2.T).named("S") @ K2.T,
        ShapeError,
        'in "S @ K.T": k is 32 in S (32 × 32) but 64 in K.T (64 × 32); did you mean K?',
    ),
    (
        lambda: matrix(np.ones((2, 3))) @ matrix(np.ones((2, 3))),
        ShapeError,
        'in "A @ B": k is 3 in A (2 × 3) but 2 in B (2 × 3); did you mean B.T?',
    ),
    (
        lambda: Q2 + K2.T,
        ShapeError,
        'in "Q + K.T": Q is 32 × 64 but K.T is 64 × 32; did you mean K?',
    ),
    (
        lambda: matrix("shape(3, 5)", name="x").rope(),
        ShapeError,
        'in "rope(x)": it turns pairs of columns, but shape (3, 5) has 5 of them, an odd number',
    ),
    (
        lambda: Q2.split(1, parts=7),
        ShapeError,
        'in "split(Q, axis=1, parts=7)": 64 in shape (32, 64) does not divide into 7 parts',
    ),
    (lambda: Q2 @ 2, ProgramError, "@ multiplies matrices; by the number 2 multiply with *"),
    (lambda: 2**Q2, ProgramError, "** takes a matrix first and a number as its power"),
    (lambda: Q2**K2, ProgramError, "** takes a number as its power, not a matrix"),
    (lambda: Q2.rope(bse=3), OptionError, "rope has no parameter bse; did you mean base?"),
    (lambda: Q2.rope(1, 2, 3), OptionError, "rope has 2 parameters, but 3 are given"),
    (lambda: Q2.split(axis=1), OptionError, "split needs parts"),
    (lambda: Q2.rope(base="x"), OptionError, "rope: base must be a number, not 'x'"),
    (Q2.plus, ProgramError, "plus takes two matrices, not 1"),
    (lambda: apply("sofmax", Q2), ProgramError, "the language has no function sofmax; did you mean softmax?"),
    (lambda: apply("concat", axis=0), ProgramError, "concat takes one matrix or more, not none"),
    (
        lambda: einsum("ik,kj->q", Q2, K2),
        ProgramError,
        'einsum "ik,kj->q" gives the result q, which no operand has',
    ),
    (
        (matrix([[1]], name="A") @ matrix([[2]], name="A")).to_graph,
        OptionError,
        "two matrices are named A",
    ),
    (lambda: Q2.named(" "), OptionError, "a name is one line of text, not ' '"),
    (lambda: matrix([1, 2], rows=["a"]), OptionError, "the matrix is 2 entries and has no rows to name"),
    (
        lambda: matrix([[1, 2]], name="A", cols=["a"]),
        OptionError,
        "A has 2 cols, but 1 name is given",
    ),
    (lambda: Q2.named(3), OptionError, "a name is one line of text, not 3"),
    (lambda: matrix([[1]], name="A", rows=3), OptionError, "rows of A are a list of names, not 3"),  # type: ignore[arg-type]
    (lambda: Q2.permute(axes=("a", "b")), OptionError, "('a', 'b') is not a tuple of whole numbers"),
    (lambda: Q2.gelu(approximate="erf"), ProgramError, "the language has no gelu of this kind"),
    (
        lambda: Q2 * 10**400,
        OptionError,
        "this number cannot be used with a matrix: it is too large, or not real",
    ),
    (lambda: matrix(3.0), DataError, "array is a single number, not a matrix"),
    (lambda: Q2 + "K", ProgramError, 'nothing is named "K"'),
]


@pytest.mark.parametrize(("act", "kind", "message"), ERRORS, ids=[message[:40] for *_, message in ERRORS])
def test_errors(act: Any, kind: type[MatcubeError], message: str) -> None:
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.message == message


def test_a_wrong_method_suggests_the_right_one() -> None:
    with pytest.raises(AttributeError, match=r"a Matrix has no sofmax; did you mean softmax\?"):
        M.x.sofmax()
    with pytest.raises(AttributeError):
        M.x._repr_html_()
