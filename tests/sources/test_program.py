"""What program text means: operators, names, calls, leaves, numbers, places."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from matcube.errors import Span, UnknownNameError
from matcube.ir import Contraction, Data, Graph, Hollow, Leaf, LeafInput, Map, Reindex
from matcube.ops import INITIALISERS, MAPS, REINDEXES
from matcube.ops.formula import BinOp, Call, Compare, Const, UnaryOp, Var
from matcube.ops.initialisers import Formula, Gaussian
from matcube.ops.parameters import declared
from matcube.sources.program import parse, parse_binding, parse_leaf
from matcube.values import evaluate
from tests.effort import calls_in


def data(name: str, *shape: int) -> LeafInput:
    return LeafInput(shape, Leaf(Data(name, "float64", "0" * 64)))


SHAPES = {
    "A": (4, 3),
    "B": (3, 5),
    "Q": (6, 4),
    "K": (6, 4),
    "V": (6, 4),
    "x": (6, 4),
    "W": (4, 4),
    "b": (4,),
}
LEAVES = {name: data(name, *shape) for name, shape in SHAPES.items()}
ARRAYS = {
    name: np.random.default_rng(len(name) + shape[0]).normal(size=shape) for name, shape in SHAPES.items()
}


def read(text: str, **constants: float) -> Graph:
    return parse(text, leaves=LEAVES, constants=constants)


def value(text: str, **constants: float) -> Any:
    graph = read(text, **constants)
    return evaluate(graph, ARRAYS)[graph.root.id].cells.values


def ops(graph: Graph) -> list[Any]:
    return [node.kind.op for node in graph.nodes if isinstance(node.kind, Map | Reindex)]


def test_a_product() -> None:
    graph = read("A @ B")
    assert [node.name for node in graph.nodes] == ["A", "B", None]
    root = graph.root
    assert (root.kind, root.inputs, str(root.spec), root.shape) == (
        Contraction(),
        (0, 1),
        "i k, k j -> i j",
        (4, 5),
    )
    assert (root.text, root.span, graph.program, graph.outputs) == ("A @ B", Span(0, 5), "A @ B", (2,))


def test_attention() -> None:
    graph = read("attn = softmax(tril(Q @ K.T / sqrt(d)))\nattn @ V", d=4)
    assert [node.label for node in graph.nodes] == [
        "Q",
        "K",
        "K.T",
        "Q @ K.T",
        "Q @ K.T / sqrt(d)",
        "tril(Q @ K.T / sqrt(d))",
        "attn",
        "V",
        "attn @ V",
    ]
    assert graph.named("attn") is graph[6]
    assert graph[6].text == "softmax(tril(Q @ K.T / sqrt(d)))"
    assert ops(graph)[1] == MAPS["divide"](by=2.0)  # type: ignore[call-arg]
    assert graph.constants == {"d": 4}


ARITHMETIC = [
    "A @ B",
    "x @ W + b",
    "x * 2 - 3 * x",
    "2 - x / 4 + 1 / (x * x + 1)",
    "-x ** 2",
    "(-x) ** 2",
    "x - (Q - V)",
    "x - Q - V",
    "x / (Q / V)",
    "x * -2",
    "+x",
    "Q @ K.T @ V",
    "Q @ (K.T @ V)",
    "-Q @ K.T",
    "2 * Q @ K.T",
    "b @ W",
    "W @ b",
    "b @ b",
    "(x.T @ V).T",
]


@pytest.mark.parametrize("text", ARITHMETIC)
def test_operators_mean_what_python_means(text: str) -> None:
    expected = eval(text, {}, dict(ARRAYS))  # the text is one of the list above
    np.testing.assert_allclose(value(text), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "out = (attn = softmax(Q @ K.T)) @ V",
        "out = (attn := softmax(Q @ K.T)) @ V",
        "attn = softmax(Q @ K.T); out = attn @ V",
        "attn = (Q @ K.T).softmax()\nout = attn @ V",
        "  attn = softmax(\n      Q\n      @ K.T)  # scores; not (out = 3)\n\n  out = attn @ V\n",
        "out = (\n  attn = softmax(Q @ K.T)) @ V",
        "attn = softmax(Q @ \\\n  K.T)\r\nout = attn @ V",
    ],
)
def test_ways_to_write_attention(text: str) -> None:
    graph = read(text)
    assert [node.label for node in graph.nodes] == ["Q", "K", "K.T", "Q @ K.T", "attn", "V", "out"]
    attn = graph.named("attn")
    assert attn is not None
    assert attn.span is not None
    where = graph.program[attn.span.start : attn.span.end]
    assert where.replace("\n", "").replace("\\", "").replace(" ", "") in (
        "softmax(Q@K.T)",
        "(Q@K.T).softmax()",
    )


def test_a_keyword_in_a_call_is_no_name() -> None:
    graph = read("tril(Q, offset = 1)\n(y = K) @ Q.T")
    assert ops(graph)[0] == MAPS["tril"](offset=1)  # type: ignore[call-arg]
    assert graph.outputs == (1, 4)


def test_names_are_shared_and_may_be_given_again() -> None:
    graph = read("x = x + relu(x @ W); x = x @ W; x")
    assert [node.text for node in graph.nodes[2:]] == ["x @ W", "relu(x @ W)", "x + relu(x @ W)", "x @ W"]
    assert graph.named("x") is graph[5]
    assert graph[5].inputs == (4, 1)
    assert graph.uses(0) == (2, 4)


def test_a_second_name_of_a_value_is_not_shown() -> None:
    graph = read("y = x; y @ W")
    assert graph[0].name == "x"
    assert graph.root.text == "x @ W"


def test_names_with_an_underscore_are_not_shown() -> None:
    graph = read("_s = Q @ K.T; relu(_s) @ _s")
    assert [node.name for node in graph.nodes] == ["Q", "K", None, None, None, None]
    assert graph.root.text == "relu(Q @ K.T) @ (Q @ K.T)"


def test_several_outputs_the_last_is_the_root() -> None:
    graph = read("y = x @ W; Q @ K.T; z = relu(V)")
    assert [graph[output].label for output in graph.outputs] == ["y", "Q @ K.T", "z"]
    assert graph.root.name == "z"
    assert read("y = x @ W; z = relu(y); y").outputs == (3, 2)


@pytest.mark.parametrize(
    ("text", "label"), [("x", "x"), ("relu(x)", "relu(x)"), ("x + Q", "x + Q"), ("x;", "x")]
)
def test_programs_without_a_product(text: str, label: str) -> None:
    assert read(text).root.label == label


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("sqrt(16)", 4),
        ("d", 64),
        ("sqrt(d)", 8),
        ("2 ** 10", 1024),
        ("2 ** -1", 0.5),
        ("7 // 2 + 7 % 4", 6),
        ("min(3, 2, 4) + max(1, 2)", 4),
        ("floor(2.7) + trunc(2.2) + round(2.5)", 6),
        ("abs(-3)", 3),
        ("(2 < 3) + (2 >= 3) + (1 == 1) + (1 != 1)", 2),
        ("cos(0) + sin(0) + exp(0) + log(1)", 2),
        ("1e3", 1000),
        ("pi / e", np.pi / np.e),
        ("-(-3)", 3),
    ],
)
def test_numbers_fold(text: str, by: float) -> None:
    assert ops(read(f"x / ({text})", d=64))[-1].by == pytest.approx(by)


def test_numbers_by_name() -> None:
    graph = read("d = 16; s = 1 / sqrt(d); y = x * s; z = y + d")
    assert graph.constants == {"d": 16, "s": 0.25}
    assert [node.text for node in graph.nodes[1:]] == ["x * s", "y + d"]
    again = read("d = 16; y = x * d; d = 3; z = y * d")
    assert [node.text for node in again.nodes[1:]] == ["x * d", "y * 3"]
    assert again.constants == {"d": 16}


@pytest.mark.parametrize(
    "name", ["tril", "triu", "softmax", "rope", "layernorm", "rmsnorm", "gelu", "silu", "log"]
)
def test_functions_and_methods_are_one(name: str) -> None:
    function, method = read(f"{name}(x)"), read(f"x.{name}()")
    assert [(node.kind, node.text) for node in function.nodes] == [
        (node.kind, node.text) for node in method.nodes
    ]


@pytest.mark.parametrize("name", [*MAPS, *REINDEXES])
def test_every_operation_can_be_written(name: str) -> None:
    """A new row of a table is in the language at once."""
    op = {**MAPS, **REINDEXES}[name]
    arity = getattr(op, "arity", 1)
    samples = {
        "axis": "0",
        "parts": "2",
        "times": "2",
        "axes": "(1, 0)",
        "start": "(0, 0)" if name == "slice" else "1",
        "stop": "(2, 2)",
        "offset": "1",
        "first": "0",
        "second": "1",
    }
    options = [f"{parameter.name}={samples.get(parameter.name, '0.5')}" for parameter in declared(op)]
    matrices = ["diff(4)" if name == "diagonal" else "x", "formula(3, 0)" if name == "take" else "Q"][
        : max(arity, 1)
    ]
    call = {"T": "permute"}.get(name, name)
    graph = read(f"{call}({', '.join([*matrices, *options])})")
    assert ops(graph)[-1].name == name
    assert read(graph.root.text).root.kind == graph.root.kind


@pytest.mark.parametrize("name", [name for name in INITIALISERS if name != "formula"])
def test_every_initialiser_can_be_written(name: str) -> None:
    options = {"min": "0", "max": "2.5", "dropout": "0.5", "seed": "3", "value": "2", "fan_in": "9"}
    names = [field.name for field in fields(INITIALISERS[name]) if field.name != "shape"]
    text = f"{name}({', '.join(['4', '6', *(f'{word}={options[word]}' for word in names)])})"
    graph = parse(text)
    source: Any = graph.root.kind.source  # type: ignore[union-attr]
    assert (source.name, source.shape, graph.root.shape) == (name, (4, 6), (4, 6))
    assert {word: getattr(source, word) for word in names} == {word: float(options[word]) for word in names}
    assert parse(graph.root.text).root.kind == graph.root.kind
    assert parse_leaf(text).leaf == graph.root.kind


def test_tril_of_a_matrix_and_tril_of_a_shape() -> None:
    graph = parse("tril(tril(4, 4), -1)")
    assert isinstance(graph[0].kind, Leaf)
    assert ops(graph) == [MAPS["tril"](offset=-1)]  # type: ignore[call-arg]


def test_a_shape_without_values() -> None:
    graph = parse("X = shape(8192, 28672); X @ shape(28672)")
    assert graph[0].kind == Leaf(Hollow())
    assert (graph[0].shape, graph.root.shape, graph.root.text) == ((8192, 28672), (8192,), "X @ shape(28672)")


def test_sizes_may_be_numbers_by_name() -> None:
    assert parse("d = 4; ones(d * 2, d / 2, 3)").root.shape == (8, 2, 3)


def test_a_formula() -> None:
    graph = parse("n = 8; formula(32, 24, -2 * (i // n % 2) + max(j, 1) * (i <= h) - pi)")
    assert graph.root.kind == Leaf(
        Formula(
            (32, 24),
            BinOp(
                "-",
                BinOp(
                    "+",
                    BinOp(
                        "*",
                        UnaryOp("-", Const(2.0)),
                        BinOp("%", BinOp("//", Var("i"), Const(8.0)), Const(2.0)),
                    ),
                    BinOp("*", Call("max", (Var("j"), Const(1.0))), Compare("<=", Var("i"), Var("h"))),
                ),
                Const(np.pi),
            ),
        )
    )
    assert graph.root.text == "formula(32, 24, -2 * (i // 8 % 2) + max(j, 1) * (i <= h) - 3.141592653589793)"
    assert parse(graph.root.text).root.kind == graph.root.kind


def test_random_leaves_without_a_seed_differ_and_stay_the_same() -> None:
    text = "Q = gaussian(4, 4); K = gaussian(4, 4); Q @ K @ gaussian(4, 4) @ gaussian(4, 4)"
    seeds = [node.kind.source.seed for node in parse(text).nodes if isinstance(node.kind, Leaf)]  # type: ignore[union-attr]
    assert seeds == [352047, 455061, 753266, 664868]
    bound = parse("Q", leaves={"Q": parse_leaf("gaussian(4, 4)")})
    assert bound.root.kind == Leaf(Gaussian((4, 4), seed=352047))
    assert parse("Q", leaves={"Q": parse_leaf("gaussian(4, 4, seed=0)")}).root.kind == Leaf(Gaussian((4, 4)))


def test_einsum_letters() -> None:
    leaves = {"q": data("q", 2, 6, 4), "k": data("k", 2, 5, 4), "w": data("w", 2, 4, 3)}
    for text in ('einsum("h i d, h j d -> h i j", q, k)', "einsum('hid,hjd->hij', q, k)"):
        graph = parse(text, leaves=leaves)
        assert (str(graph.root.spec), graph.root.shape) == ("h i d, h j d -> h i j", (2, 6, 5))
        assert graph.root.text == 'einsum("h i d, h j d -> h i j", q, k)'
    assert parse('einsum("b t d, b d o -> t o", q, w)', leaves=leaves).root.shape == (6, 3)
    assert parse('einsum("h i d -> d h i", q)', leaves=leaves).root.text == "permute(q, axes=(2, 0, 1))"
    assert parse('einsum("h i d -> h i d", q)', leaves=leaves).root.label == "q"
    assert parse('einsum("h i k, h k j -> h i j", q, w)', leaves=leaves).root.text == "q @ w"
    assert parse("q @ k.mT", leaves=leaves).root.text == "q @ k.mT"


def test_transposes() -> None:
    assert str(read("A.T").root.spec) == "i j -> j i"
    assert read("A.mT").root.kind == read("A.T").root.kind == read("A.H").root.kind
    assert read("b.T").root.label == "b"


def test_spans_are_of_the_original_text() -> None:
    text = "  é = 1  # ü\n  ß = (attn=softmax( Q@K.T ))\n  ß + é"
    graph = read(text)
    spans = {node.label: text[node.span.start : node.span.end] for node in graph.nodes if node.span}
    assert spans == {
        "Q": "Q",
        "K": "K",
        "K.T": "K.T",
        "Q @ K.T": "Q@K.T",
        "attn": "softmax( Q@K.T )",
        "attn + é": "ß + é",
    }


def test_look_alikes_are_one_name_as_in_python() -> None:
    assert parse("ﬁ @ fi.T", leaves={"ﬁ": data("ﬁ", 2, 3)}).root.shape == (2, 2)


def test_what_a_name_is_bound_to() -> None:
    assert parse_binding("gaussian(64, 16)") == parse_leaf("gaussian(64, 16)")
    assert parse_binding("64") == 64
    assert parse_binding("sqrt(16) / 8") == 0.5
    assert parse_binding("shape(2, 3)") == LeafInput((2, 3), Leaf(Hollow()))


def test_long_texts_of_values_used_twice_are_cut() -> None:
    text = "_a = x + x; " + "_a = _a + _a; " * 200 + "_a @ W"
    graph = read(text)
    assert len(graph.nodes) == 204
    assert max(len(node.text) for node in graph.nodes) <= 410


def test_reading_takes_little_work() -> None:
    effort = calls_in(lambda: read("softmax(tril(Q @ K.T / sqrt(d))) @ V", d=64))
    assert effort < 10_000


def test_a_near_name_is_named_once_though_it_was_read_already():
    leaves = {name: data(name, 4, 4) for name in ("x", "w1", "w2")}
    with pytest.raises(UnknownNameError, match=r"did you mean (w2 or w1|w1 or w2)\?"):
        parse("h = x @ w1; h @ w9", leaves=leaves)
