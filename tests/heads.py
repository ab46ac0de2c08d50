"""Programs with heads, for the tests of several layers: the text, and the shapes of what it reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Case(NamedTuple):
    program: str
    shapes: dict[str, tuple[int, ...]]


ATTENTION = """q = split(x @ wQ, axis=1, parts={H}).permute(axes=(1, 0, 2))
k = split(x @ wK, axis=1, parts={H}).permute(axes=(1, 0, 2))
v = split(x @ wV, axis=1, parts={H}).permute(axes=(1, 0, 2))
S = q @ k.mT / 2
P = softmax(tril(S))
z = P @ v
out = merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO + x"""

GPT = """h = layernorm(x) * g1 + c1
q = split(h @ wQ + bQ, axis=1, parts={H}).permute(axes=(1, 0, 2))
k = split(h @ wK + bK, axis=1, parts={H}).permute(axes=(1, 0, 2))
v = split(h @ wV + bV, axis=1, parts={H}).permute(axes=(1, 0, 2))
attn = softmax(tril(q @ k.mT / 8))
z = attn @ v
y = x + merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO + bO
y + gelu((layernorm(y) * g2 + c2) @ w1 + b1) @ w2 + b2"""

LLAMA = """h = rmsnorm(x) * g1
q = rope(split(h @ wQ, axis=1, parts=8).permute(axes=(1, 0, 2)))
k = rope(split(h @ wK, axis=1, parts=2).permute(axes=(1, 0, 2)))
v = split(h @ wV, axis=1, parts=2).permute(axes=(1, 0, 2))
attn = softmax(tril(q @ repeat(k, axis=0, times=4).mT / 4))
z = attn @ repeat(v, axis=0, times=4)
y = x + merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO
n = rmsnorm(y) * g2
y + (silu(n @ wG) * (n @ wU)) @ wD"""

LAYER = (
    "q{n} = split(x{m} @ wQ, axis=1, parts=2).permute(axes=(1,0,2))\n"
    "z{n} = softmax(tril(q{n} @ q{n}.mT)) @ q{n}\n"
    "x{n} = merge(permute(z{n}, axes=(1,0,2)), axis=1) @ wO + x{m}\n"
)


def attention(heads: int = 4, tokens: int = 6, width: int = 8) -> Case:
    shapes: dict[str, tuple[int, ...]] = {"x": (tokens, width)}
    shapes |= dict.fromkeys(("wQ", "wK", "wV", "wO"), (width, width))
    return Case(ATTENTION.format(H=heads), shapes)


def gpt(heads: int, tokens: int, width: int, hidden: int) -> Case:
    """A layer of GPT-2: biases, norms, residuals, MLP."""
    shapes: dict[str, tuple[int, ...]] = {"x": (tokens, width), "w1": (width, hidden), "w2": (hidden, width)}
    shapes |= dict.fromkeys(("wQ", "wK", "wV", "wO"), (width, width))
    shapes |= dict.fromkeys(("g1", "c1", "bQ", "bK", "bV", "bO", "g2", "c2", "b2"), (width,))
    return Case(GPT.format(H=heads), shapes | {"b1": (hidden,)})


def llama(tokens: int = 6, width: int = 16, hidden: int = 20) -> Case:
    """A layer of Llama: 8 query heads share 2 key and value heads."""
    shared = (width, width // 4)
    shapes: dict[str, tuple[int, ...]] = {"x": (tokens, width), "wQ": (width, width), "wO": (width, width)}
    shapes |= {"wK": shared, "wV": shared, "g1": (width,), "g2": (width,)}
    return Case(LLAMA, shapes | {"wG": (width, hidden), "wU": (width, hidden), "wD": (hidden, width)})


CASES: dict[str, Case] = {
    "attention": attention(),
    "a layer of GPT-2": gpt(4, 6, 8, 12),
    "a layer of Llama": llama(),
    "one head": attention(heads=1),
    "three layers": Case(
        "".join(LAYER.format(n=n + 1, m=n) for n in range(3)), {"x0": (5, 8), "wQ": (8, 8), "wO": (8, 8)}
    ),
    "leaves with heads": Case(
        'softmax(einsum("h i d, h j d -> h i j", q, k)) @ v', {"q": (3, 8, 4), "k": (3, 7, 4), "v": (3, 7, 5)}
    ),
    "scores": Case('einsum("h i d, h j d -> h i j", q, k)', {"q": (3, 8, 4), "k": (3, 7, 4)}),
    "scores of one matrix": Case(
        "q = split(x @ w, axis=1, parts=3).permute(axes=(1,0,2)); q @ q.mT", {"x": (6, 9), "w": (9, 12)}
    ),
    "summed over heads": Case('einsum("h i d, h d c -> i c", z, wO)', {"z": (3, 8, 4), "wO": (3, 4, 6)}),
    "heads into a sum": Case(
        'z = softmax(q @ k.mT) @ k; einsum("h i d, h d c -> i c", z, wO)',
        {"q": (3, 8, 4), "k": (3, 8, 4), "wO": (3, 4, 6)},
    ),
    "projected by einsum": Case(
        'q = einsum("i c, c h d -> h i d", x, wq); k = einsum("i c, h c d -> h i d", x, wk)\n'
        "softmax(q @ k.mT) @ q",
        {"x": (6, 9), "wq": (9, 3, 4), "wk": (3, 9, 4)},
    ),
    "a batch of rows": Case("X @ W", {"X": (3, 6, 4), "W": (4, 5)}),
    "a matrix a head": Case("X @ W", {"X": (3, 6, 4), "W": (3, 4, 5)}),
    "a batch of size 1": Case("X @ W", {"X": (3, 6, 4), "W": (1, 4, 5)}),
    "two batch letters": Case("q @ k.mT", {"q": (2, 3, 6, 4), "k": (2, 3, 6, 4)}),
    "batch and heads": Case(
        "q = split(x @ wQ, axis=2, parts=2).permute(axes=(0,2,1,3)); z = softmax(q @ q.mT) @ q\n"
        "merge(permute(z, axes=(0,2,1,3)), axis=2) @ wO + x",
        {"x": (3, 5, 8), "wQ": (8, 8), "wO": (8, 8)},
    ),
    "one key for all": Case(
        "q = split(x @ wQ, axis=1, parts=4).permute(axes=(1,0,2)); k = x @ wK; z = softmax(q @ k.T) @ k\n"
        "merge(permute(z, axes=(1,0,2)), axis=1) @ wO",
        {"x": (6, 8), "wQ": (8, 8), "wK": (8, 2), "wO": (8, 8)},
    ),
    "groups of queries": Case(
        "q = split(split(x @ wQ, axis=1, parts=4), axis=1, parts=2); k = split(x @ wK, axis=1, parts=2)\n"
        'P = softmax(einsum("i g r d, j g d -> g r i j", q, k))\n'
        'z = einsum("g r i j, j g d -> i g r d", P, k)\n'
        "merge(merge(z, axis=1), axis=1) @ wO",
        {"x": (6, 8), "wQ": (8, 8), "wK": (8, 4), "wO": (8, 8)},
    ),
    "im2col": Case("merge(take(x, formula(4, 3, i + j)), axis=1) @ K", {"x": (6, 2), "K": (6, 5)}),
    "windows": Case("take(x, formula(4, 3, i + j))", {"x": (6, 2)}),
    "some of the heads": Case(
        "q = split(x @ wQ, axis=1, parts=4).permute(axes=(1,0,2))\n"
        "k = slice(q, start=(1,0,0), stop=(3,6,2)); k @ k.mT",
        {"x": (6, 8), "wQ": (8, 8)},
    ),
    "a cache": Case(
        "k = concat(past, split(x @ wK, axis=1, parts=2).permute(axes=(1,0,2)), axis=1)\n"
        "q = split(x @ wQ, axis=1, parts=2).permute(axes=(1,0,2)); z = softmax(q @ k.mT) @ k\n"
        "merge(permute(z, axes=(1,0,2)), axis=1)",
        {"past": (2, 5, 4), "x": (1, 8), "wQ": (8, 8), "wK": (8, 8)},
    ),
    "cell by cell": Case("softmax(x * 2 + y)", {"x": (3, 4, 5), "y": (4, 5)}),
    "a number a head": Case("softmax(q @ k.mT + b)", {"q": (3, 4, 5), "k": (3, 4, 5), "b": (3, 1, 1)}),
    "a number for columns of one matrix": Case(
        "q = split(x @ w, axis=1, parts=2).permute(axes=(1,0,2)) + b; q @ q.mT",
        {"x": (4, 6), "w": (6, 6), "b": (2, 1, 1)},
    ),
    "experts": Case('einsum("i e, e i d -> i d", g, y)', {"g": (4, 3), "y": (3, 4, 5)}),
    "heads of nothing": Case("q @ k.mT", {"q": (3, 0, 4), "k": (3, 5, 4)}),
    "vectors": Case('einsum("h k, h k j -> h j", a, b)', {"a": (3, 4), "b": (3, 4, 5)}),
    "products of entries": Case('einsum("i h, h j -> i h j", a, b)', {"a": (3, 4), "b": (4, 5)}),
    "inner products": Case('einsum("i j, i j -> i", a, b)', {"a": (3, 4), "b": (3, 4)}),
    "heads of every third column": Case(
        "q = split(x @ w, axis=1, parts=3).permute(axes=(2,0,1)); q @ q.mT", {"x": (4, 6), "w": (6, 6)}
    ),
    "low rank": Case("x @ w + (x @ a) @ b", {"x": (5, 8), "w": (8, 8), "a": (8, 2), "b": (2, 8)}),
}


def arrays_of(case: Case, seed: int = 3) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=shape) for name, shape in case.shapes.items()}
