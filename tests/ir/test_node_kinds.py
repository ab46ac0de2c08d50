"""The examples of docs/decisions/0003-node-kinds.md: the node kinds hold each, and it evaluates."""

from typing import NamedTuple

import numpy as np
import pytest

from matcube.ir import Contraction, Data, LeafInput, Map, Reindex
from matcube.ir.check import verify
from matcube.ir.graph import Leaf
from matcube.sources.program import parse
from matcube.values import evaluate

RNG = np.random.default_rng(7)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class Case(NamedTuple):
    program: str
    shapes: dict[str, tuple[int, ...]]
    specs: list[str]  # of the nodes that are no leaves
    kinds: list[type]
    expected: object  # a function of the arrays


CASES = {
    "bias": Case(
        "x @ W + b",
        {"x": (5, 4), "W": (4, 3), "b": (3,)},
        ["i k, k j -> i j", "i j, j -> i j"],
        [Contraction, Map],
        lambda x, W, b: x @ W + b,
    ),
    "residual": Case(
        "x + relu(x @ W)",
        {"x": (5, 4), "W": (4, 4)},
        ["i k, k j -> i j", "i j -> i j", "i j, i j -> i j"],
        [Contraction, Map, Map],
        lambda x, W: x + np.maximum(x @ W, 0),
    ),
    "masked softmax": Case(
        "softmax(tril(S))",
        {"S": (5, 5)},
        ["i j -> i j", "i j -> i j"],
        [Map, Map],
        lambda S: softmax(np.where(np.tri(5), S, -np.inf)),
    ),
    "affine LayerNorm": Case(
        "layernorm(x, eps=0.1) * g + b",
        {"x": (5, 4), "g": (4,), "b": (4,)},
        ["i j -> i j", "i j, j -> i j", "i j, j -> i j"],
        [Map, Map, Map],
        lambda x, g, b: (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 0.1) * g + b,
    ),
    "RoPE": Case(
        "rope(q, base=1.0)",
        {"q": (3, 2)},
        ["i j -> i j"],
        [Map],
        lambda q: np.stack(
            [[np.cos(p) * a - np.sin(p) * b, np.cos(p) * b + np.sin(p) * a] for p, (a, b) in enumerate(q)]
        ),
    ),
    "grouped-query attention": Case(
        'einsum("h i d, h j d -> h i j", q, repeat(k, axis=0, times=2))',
        {"q": (4, 5, 3), "k": (2, 6, 3)},
        ["h i j -> (h r) i j", "h i d, h j d -> h i j"],
        [Reindex, Contraction],
        lambda q, k: np.einsum("hid,hjd->hij", q, np.repeat(k, 2, axis=0)),
    ),
    "concatenation of heads": Case(
        "merge(permute(z, axes=(1, 0, 2)), axis=1)",
        {"z": (2, 5, 3)},
        ["h i j -> i h j", "h i j -> h (i j)"],
        [Reindex, Reindex],
        lambda z: np.concatenate([z[0], z[1]], axis=1),
    ),
    "KV-cache append": Case(
        "q @ concat(past, new, axis=0).T",
        {"q": (1, 3), "past": (5, 3), "new": (1, 3)},
        ["i1 j, i2 j -> (i1 + i2) j", "i j -> j i", "i k, k j -> i j"],
        [Reindex, Reindex, Contraction],
        lambda q, past, new: q @ np.concatenate([past, new]).T,
    ),
    "embedding look-up": Case(
        "take(E, formula(4, 3 - i))",
        {"E": (9, 2)},
        ["v j, i -> i j"],
        [Reindex],
        lambda E: E[[3, 3, 3, 3]],
    ),
    "im2col convolution": Case(
        "merge(take(x, formula(4, 3, i + j)), axis=1) @ K",
        {"x": (6, 2), "K": (6, 5)},
        ["v j, i w -> i w j", "h i j -> h (i j)", "i k, k j -> i j"],
        [Reindex, Reindex, Contraction],
        lambda x, K: np.stack([x[n : n + 3].reshape(-1) for n in range(4)]) @ K,
    ),
    "heads summed through the output projection": Case(
        'einsum("h i d, h d c -> i c", z, wO)',
        {"z": (2, 5, 3), "wO": (2, 3, 4)},
        ["h i d, h d c -> i c"],
        [Contraction],
        lambda z, wO: np.einsum("hid,hdc->ic", z, wO),
    ),
    "row times matrix": Case(
        "v @ A", {"v": (4,), "A": (4, 3)}, ["k, k j -> j"], [Contraction], lambda v, A: v @ A
    ),
    "matrix times column": Case(
        "A @ v", {"A": (5, 4), "v": (4,)}, ["i k, k -> i"], [Contraction], lambda A, v: A @ v
    ),
    "inner product": Case("u @ v", {"u": (4,), "v": (4,)}, ["k, k -> "], [Contraction], lambda u, v: u @ v),
    "inner product as a factor": Case(
        "A * (u @ v)",
        {"A": (2, 3), "u": (4,), "v": (4,)},
        ["k, k -> ", "i j, () -> i j"],
        [Contraction, Map],
        lambda A, u, v: A * (u @ v),
    ),
    "broadcast batch letter": Case(
        "X @ W",
        {"X": (2, 5, 4), "W": (4, 3)},
        ["h i k, k j -> h i j"],
        [Contraction],
        lambda X, W: X @ W,
    ),
    "batch letter of size 1": Case(
        "X @ W",
        {"X": (2, 5, 4), "W": (1, 4, 3)},
        ["h i k, u k j -> h i j"],
        [Contraction],
        lambda X, W: X @ W,
    ),
    "column stretched over a matrix": Case(
        "A / n", {"A": (5, 4), "n": (5, 1)}, ["i j, i u -> i j"], [Map], lambda A, n: A / n
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_node_kinds_hold_it(name: str) -> None:
    case = CASES[name]
    arrays = {key: RNG.normal(size=shape) for key, shape in case.shapes.items()}
    leaves = {
        key: LeafInput(shape, Leaf(Data(key, "float64", "0" * 64))) for key, shape in case.shapes.items()
    }
    graph = parse(case.program, leaves=leaves)
    verify(graph)
    inner = [node for node in graph.nodes if not isinstance(node.kind, Leaf)]
    assert [str(node.spec) for node in inner] == case.specs
    assert [type(node.kind) for node in inner] == case.kinds
    values = evaluate(graph, arrays)[graph.root.id].cells.values
    expected = np.asarray(case.expected(**arrays))  # type: ignore[operator]
    assert values.shape == expected.shape == graph.root.shape
    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-7)


def test_what_a_map_mixes_and_reads() -> None:
    graph = parse("q = shape(4, 6); softmax(tril(rope(q) @ q.T))")
    kinds = [node.kind for node in graph.nodes if isinstance(node.kind, Map)]
    assert [(kind.op.name, kind.mixes, kind.reads) for kind in kinds] == [
        ("rope", ("j",), ("i",)),
        ("tril", (), ("i", "j")),
        ("softmax", ("j",), ()),
    ]
