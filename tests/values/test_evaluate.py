"""Graphs to arrays: attention end to end, masks, hollow leaves, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matcube import ops
from matcube.errors import DataError, ShapeError
from matcube.ir import Contraction, Data, Graph, Hollow, IndexSpec, Leaf, Map, Node, Reindex
from matcube.values import evaluate

MAPS: dict[str, Any] = dict(ops.MAPS)
INITIALISERS: dict[str, Any] = dict(ops.INITIALISERS)
MATMUL = "i k, k j -> i j"


class Builder:
    """A graph, a node at a time."""

    def __init__(self):
        self.nodes: list[Node] = []

    def add(self, kind, inputs, spec, shape, name=None):
        spec = IndexSpec.parse(spec) if isinstance(spec, str) else spec
        self.nodes.append(Node(len(self.nodes), kind, tuple(inputs), spec, shape, name))
        return self.nodes[-1].id

    def leaf(self, source, shape, name=None):
        return self.add(Leaf(source), (), IndexSpec((), tuple("hij"[-len(shape) :])), shape, name)

    def data(self, name, array, dtype=None):
        return self.leaf(Data(name, dtype or array.dtype.name, ""), array.shape, name)

    def matmul(self, a, b):
        shape = (self.nodes[a].shape[0], self.nodes[b].shape[1])
        return self.add(Contraction(), (a, b), MATMUL, shape)

    def map(self, name, *inputs, **parameters):
        return self.add(
            Map(MAPS[name](**parameters)),
            inputs,
            "i j -> i j",
            self.nodes[inputs[0]].shape,
            f"{name}{inputs}",
        )

    def graph(self):
        return Graph(tuple(self.nodes), (len(self.nodes) - 1,))


def attention(dtype, n=12, d=8):
    rng = np.random.default_rng(1)
    arrays = {name: rng.normal(size=(n, d)).astype(dtype) for name in "qkv"}
    build = Builder()
    q, k, v = (build.data(name, arrays[name]) for name in "qkv")
    flipped = build.add(Reindex(ops.REINDEXES["T"]()), (k,), "i j -> j i", (d, n))
    scores = build.map("divide", build.map("tril", build.matmul(q, flipped)), by=d**0.5)
    weights = build.map("softmax", scores)
    build.matmul(weights, v)
    q, k, v = (arrays[name].astype(np.float64) for name in "qkv")
    s = np.where(np.tri(n, dtype=bool), q @ k.T / d**0.5, -np.inf)
    w = np.exp(s - s.max(1, keepdims=True))
    w /= w.sum(1, keepdims=True)
    return build.graph(), arrays, weights, w, w @ v


@pytest.mark.parametrize(("dtype", "close"), [(np.float16, 1e-5), (np.float32, 1e-5), (np.float64, 1e-13)])
def test_causal_attention(dtype, close):
    graph, arrays, weights, w, out = attention(dtype)
    values = evaluate(graph, arrays)
    np.testing.assert_allclose(values[weights].cells.values, w, atol=close)
    np.testing.assert_array_equal(values[weights].cells.hidden, ~np.tri(12, dtype=bool))
    last = values[graph.root.id]
    np.testing.assert_allclose(last.cells.values, out, atol=close)
    assert last.cells.hidden is None, "a contraction yields no mask"
    assert values[0].dtype == np.dtype(dtype).name
    assert last.cells.values.dtype == (np.float64 if dtype == np.float64 else np.float32)
    assert len(values) == len(graph.nodes) and values.reason(0) is None


def test_a_contraction_reads_the_literal_value_of_masked_cells():
    build = Builder()
    a = build.leaf(INITIALISERS["ones"]((4, 4)), (4, 4))
    shifted = build.map("shift", build.map("tril", a), by=1)
    build.matmul(shifted, a)
    result = evaluate(build.graph(), {})[3].cells
    np.testing.assert_array_equal(result.values, (np.tril(np.ones((4, 4))) + 1) @ np.ones((4, 4)))


def test_heads():
    rng = np.random.default_rng(2)
    q, k = (rng.normal(size=(3, 5, 4)).astype(np.float32) for _ in range(2))
    build = Builder()
    a, b = build.data("q", q), build.data("k", k)
    build.add(Contraction(), (a, b), "h i d, h j d -> h i j", (3, 5, 5))
    result = evaluate(build.graph(), {"q": q, "k": k})[2].cells.values
    np.testing.assert_allclose(result, np.einsum("hid,hjd->hij", q, k), rtol=1e-5, atol=1e-6)


def test_bfloat16_is_float32_with_its_own_name():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    a = np.array([[1.5, -2.0]], dtype=ml_dtypes.bfloat16)
    build = Builder()
    build.data("a", a)
    result = evaluate(build.graph(), {"a": a})[0]
    assert result.dtype == "bfloat16" and result.cells.values.dtype == np.float32
    np.testing.assert_array_equal(result.cells.values, [[1.5, -2.0]])


def test_hollow_leaves_leave_their_dependents_absent():
    build = Builder()
    w = build.leaf(Hollow(), (4, 4), "W")
    x = build.leaf(INITIALISERS["eye"]((4, 4)), (4, 4), "x")
    product = build.matmul(x, w)
    after = build.map("relu", product)
    fine = build.map("relu", x)
    values = evaluate(build.graph(), {})
    assert set(values) == {x, fine}
    assert values.get(after) is None
    assert values.reason(after) == values.reason(w) == "W has a shape and no values"


def test_a_missing_array():
    build = Builder()
    build.data("weights", np.ones((2, 2)))
    with pytest.raises(
        DataError, match="weights is a data leaf, and no array of that name was given"
    ) as caught:
        evaluate(build.graph(), {"x": np.ones((2, 2))})
    assert caught.value.hint == "arrays given: x"


def test_an_array_of_another_shape():
    build = Builder()
    build.data("a", np.ones((2, 2)))
    with pytest.raises(ShapeError, match=r"a: values of shape \(2, 3\), expected \(2, 2\)"):
        evaluate(build.graph(), {"a": np.ones((2, 3))})


def test_progress_and_read_only_results():
    graph, arrays, *_ = attention(np.float32)
    steps: list[tuple[int, int, str]] = []
    values = evaluate(graph, arrays, progress=lambda done, total, label: steps.append((done, total, label)))
    assert [done for done, *_ in steps] == list(range(1, 10)) and {total for _, total, _ in steps} == {9}
    assert steps[0][2] == "q"
    for result in values.values():
        assert not result.cells.values.flags.writeable and result.cells.values.flags.c_contiguous
    assert arrays["q"].flags.writeable, "the reader's own array is left alone"


def test_nan_is_never_made_zero():
    a = np.array([[np.nan, 1.0], [np.inf, 0.0]], dtype=np.float32)
    build = Builder()
    leaf = build.data("a", a)
    build.matmul(leaf, leaf)
    result = evaluate(build.graph(), {"a": a})[1].cells.values
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(result, a.astype(float) @ a.astype(float))
    assert np.isnan(result[0]).all()
