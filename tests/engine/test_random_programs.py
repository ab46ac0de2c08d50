"""Random programs, from text to scene bytes: nothing is lost, and every value is what NumPy says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.errors import MatcubeError
from matcube.ir import Contraction, Graph, Leaf, Map, Node, Reindex
from matcube.ops import Array, Cells
from matcube.values import Values
from matcube.wire import Matrix
from matcube.wire.container import Scene, decode

SIZES = st.sampled_from([0, 1, 1, 2, 3, 5, 8])
POINTWISE = ["relu", "gelu", "gelu_tanh", "silu", "sigmoid", "tanh", "abs", "square"]
ROWWISE = ["softmax", "layernorm", "rmsnorm", "tril", "triu"]
SCHEMES = st.sampled_from(["blocks", "zigzag", "wheel"])


@dataclass
class Written:
    """A program as it is written: statements, leaves, and the values that later statements may use."""

    statements: list[str] = field(default_factory=list)
    leaves: dict[str, str] = field(default_factory=dict)
    values: list[tuple[str, tuple[int, int]]] = field(default_factory=list)

    def leaf(self, *shape: int) -> str:
        name = f"L{len(self.leaves)}"
        self.leaves[name] = f"gaussian({', '.join(map(str, shape))})"
        return name


@st.composite
def programs(draw: st.DrawFn) -> Written:
    """Chains of products, epilogues, transposes, biases, residuals, gates; values are used again."""
    made = Written()
    for number in range(draw(st.integers(1, 5))):
        text, shape = _operand(draw, made)
        for _ in range(draw(st.integers(1, 4))):
            text, shape = draw(st.sampled_from(STEPS))(draw, made, text, shape)
        if len(text) < 600:
            made.statements.append(f"x{number} = {text}")
            made.values.append((f"x{number}", shape))
    return made


Part = tuple[str, tuple[int, int]]
Step = Callable[[st.DrawFn, Written, str, tuple[int, int]], Part]


def _operand(draw: st.DrawFn, made: Written) -> Part:
    again: bool = draw(st.booleans())
    if made.values and again:
        return draw(st.sampled_from(made.values))
    shape = draw(SIZES), draw(SIZES)
    return made.leaf(*shape), shape


def _product(draw: st.DrawFn, made: Written, text: str, shape: tuple[int, int]) -> Part:
    other, (rows, cols) = _operand(draw, made)
    if rows == shape[1]:
        return f"({text} @ {other})", (shape[0], cols)
    if cols == shape[1]:
        return f"({text} @ {other}.T)", (shape[0], rows)
    if cols == shape[0]:
        return f"({other} @ {text})", (rows, shape[1])
    size = draw(SIZES)
    return f"({text} @ {made.leaf(shape[1], size)})", (shape[0], size)


def _epilogue(draw: st.DrawFn, made: Written, text: str, shape: tuple[int, int]) -> Part:
    return f"{draw(st.sampled_from(POINTWISE + ROWWISE))}({text})", shape


def _scaled(draw: st.DrawFn, made: Written, text: str, shape: tuple[int, int]) -> Part:
    return f"({text} {draw(st.sampled_from(['* 3', '/ sqrt(7)', '+ 0.5', '- 2']))})", shape


def _transposed(draw: st.DrawFn, made: Written, text: str, shape: tuple[int, int]) -> Part:
    return f"{text}.T" if text.isidentifier() else f"({text}).T", shape[::-1]


def _bias(draw: st.DrawFn, made: Written, text: str, shape: tuple[int, int]) -> Part:
    row = draw(st.booleans())
    return f"({text} + {made.leaf(shape[1]) if row else made.leaf(1, shape[1])})", shape


def _together(draw: st.DrawFn, made: Written, text: str, shape: tuple[int, int]) -> Part:
    same = [name for name, other in made.values if other == shape] or [made.leaf(*shape)]
    return f"({text} {draw(st.sampled_from('+-*'))} {draw(st.sampled_from(same))})", shape


STEPS: list[Step] = [_product, _product, _epilogue, _scaled, _transposed, _bias, _together]


@pytest.mark.slow
@pytest.mark.untraced
@given(programs(), SCHEMES, st.booleans())
@settings(max_examples=300, deadline=None)
def test_from_text_to_bytes_and_back(made: Written, scheme: Any, is_open: bool) -> None:
    if not made.statements:
        return
    fig = mc.figure("; ".join(made.statements), made.leaves)
    scene = fig.layout(scheme, sheets="open" if is_open else "closed").scene()
    _check_bytes(scene)
    _check_faces(scene)
    _check_buffers(scene, fig._program.values)
    _check_values(fig._program.graph, fig._program.values)


def _check_bytes(scene: Scene) -> None:
    again = decode(scene.encode(send=frozenset(scene.buffers)))
    assert again.buffers.keys() == scene.buffers.keys()
    for sha, array in scene.buffers.items():
        assert again.buffers[sha].dtype == array.dtype
        assert again.buffers[sha].tobytes() == array.tobytes()
    for name in scene.head.__struct_fields__:
        if name not in ("buffers", "parts"):  # where they are in the bytes, and hashes
            assert getattr(again.head, name) == getattr(scene.head, name), name


def _check_faces(scene: Scene) -> None:
    matrices = {matrix.node: matrix for matrix in scene.head.matrices}
    layout = scene.head.layouts[0]
    assert layout.faces and layout.root_face in range(len(layout.faces))
    for face in layout.faces:
        matrix = matrices[face.node]
        shape = (matrix.rows, matrix.cols)
        assert (face.rows, face.cols) == (shape[::-1] if face.transposed else shape)
        assert all(node in matrices for node in face.chain)
        assert all(map(math.isfinite, (*face.origin, *face.across, *face.down)))
    for box in layout.boxes:
        left, right, result = (layout.faces[place] for place in (box.left, box.right, box.result))
        i, j, k = box.sizes
        assert (left.rows, left.cols) == (i, k)
        assert (right.rows, right.cols) == (k, j)
        assert (result.rows, result.cols) == (i, j)


def _check_buffers(scene: Scene, values: Values) -> None:
    for matrix in scene.head.matrices:
        cells = values[matrix.node].cells
        assert matrix.values is not None
        sent = scene.buffers[matrix.values]
        np.testing.assert_array_equal(sent, cells.values.reshape(-1))
        assert sent.size == matrix.rows * matrix.cols
        _check_mask(scene, matrix, cells)


def _check_mask(scene: Scene, matrix: Matrix, cells: Cells) -> None:
    hidden = np.zeros(cells.values.size, bool) if cells.hidden is None else cells.hidden.reshape(-1)
    if matrix.mask is None:
        assert not hidden.any()
    else:
        np.testing.assert_array_equal(scene.buffers[matrix.mask].astype(bool), hidden)


def _check_values(graph: Graph, values: Values) -> None:
    """Every node against float64, given what its operands really hold."""
    for node in graph.nodes:
        if isinstance(node.kind, Leaf):
            continue
        operands = [values[one].cells for one in node.inputs]
        found = values[node.id].cells.values
        wanted, slack = _oracle(node, operands)
        with np.errstate(all="ignore"):
            narrow = wanted.astype(np.float32)
            good = (np.abs(found - wanted) <= slack) | (found == narrow)
        assert (good | (np.isnan(found) & np.isnan(wanted))).all(), node.text


def _oracle(node: Node, operands: list[Cells]) -> tuple[Array, Array]:
    """A node's values in float64, and by how much a float32 may differ from them."""
    wide = [one.values.astype(np.float64) for one in operands]
    with np.errstate(all="ignore"):
        match node.kind:
            case Contraction():
                return np.matmul(*wide), 1e-6 * np.matmul(*map(np.abs, wide))
            case Reindex():
                return wide[0].T, np.zeros(())
            case Map(op=op):
                wanted = ORACLES[op.name](op, operands, *wide)
                return wanted, 2e-6 * np.abs(wanted) + 1e-6 * (op.name in ROWWISE) + 1e-37
    raise AssertionError(node.text)


def _softmax(_op: object, operands: list[Cells], x: Array) -> Array:
    if operands[0].hidden is not None:
        x = np.where(operands[0].hidden, -np.inf, x)
    weights = np.exp(x - x.max(axis=-1, keepdims=True, initial=-np.inf))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _layernorm(op: object, _: list[Cells], x: Array) -> Array:
    if not x.size:
        return x
    spread = np.sqrt(x.var(axis=-1, keepdims=True) + getattr(op, "eps"))  # noqa: B009
    return np.asarray((x - x.mean(axis=-1, keepdims=True)) / spread)


def _rmsnorm(op: object, _: list[Cells], x: Array) -> Array:
    if not x.size:
        return x
    return np.asarray(x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + getattr(op, "eps")))  # noqa: B009


def _gelu(x: Array) -> Array:
    return np.asarray(x * 0.5 * np.vectorize(math.erfc, otypes=[np.float64])(-x / math.sqrt(2)))


def _gelu_tanh(x: Array) -> Array:
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return np.asarray(x / (1 + np.exp(-2 * inner)))


Oracle = Callable[..., Array]


def _plain(function: Callable[[Array], Array]) -> Oracle:
    return lambda _op, _operands, x: function(x)


def _by(function: Callable[[Array, float], Array]) -> Oracle:
    """An operation with one number, its only parameter."""
    return lambda op, _operands, x: function(x, *vars(op).values())


ORACLES: dict[str, Oracle] = {
    "relu": _plain(lambda x: np.maximum(x, 0)),
    "gelu": _plain(_gelu),
    "gelu_tanh": _plain(_gelu_tanh),
    "silu": _plain(lambda x: x / (1 + np.exp(-x))),
    "sigmoid": _plain(lambda x: 1 / (1 + np.exp(-x))),
    "tanh": _plain(np.tanh),
    "abs": _plain(np.abs),
    "square": _plain(np.square),
    "softmax": _softmax,
    "layernorm": _layernorm,
    "rmsnorm": _rmsnorm,
    "tril": _plain(np.tril),
    "triu": _plain(np.triu),
    "scale": _by(lambda x, by: x * by),
    "divide": _by(lambda x, by: x / by),
    "shift": _by(lambda x, by: x + by),
    "plus": lambda _op, _operands, x, y: x + y,
    "minus": lambda _op, _operands, x, y: x - y,
    "times": lambda _op, _operands, x, y: x * y,
}


WORDS = """
A B C x v @ @ + * - / ( ) .T ; y= 2 0 1e30 relu( softmax( tril( log( sqrt( concat( take( split( axis=0
parts=2 ,
"""
NOISE = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)
SHAPES = st.lists(st.integers(-1, 4), min_size=1, max_size=3).map(lambda sizes: ", ".join(map(str, sizes)))


@pytest.mark.untraced
@given(st.one_of(NOISE, programs().map(lambda made: "; ".join(made.statements))), st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_only_matcube_errors_are_raised(program: str, data: st.DataObject) -> None:
    names = sorted({word for word in program.replace("(", " ").split() if word.isidentifier()})
    bindings = {name: f"gaussian({data.draw(SHAPES)})" for name in names if name[0] in "ABCxvL"}
    try:
        fig = mc.figure(program, **bindings)
        fig.value()
        _check_bytes(fig.scene())
        fig.link()
    except MatcubeError as error:
        assert error.message
