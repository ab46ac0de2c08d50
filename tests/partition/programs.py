"""Programs to be split, with the shapes of their leaves: small, of every kind that the language has."""

from __future__ import annotations

import zlib

import numpy as np

import matcube as mc
from matcube.api.figure import Figure

Shapes = dict[str, tuple[int, ...]]

MLP = "h = gelu(x @ w1 + b1)\nout = h @ w2 + b2"
MLP_SHAPES: Shapes = {"x": (8, 12), "w1": (12, 16), "b1": (16,), "w2": (16, 8), "b2": (8,)}
HEAD = "Q = x @ wQ; K = x @ wK; V = x @ wV; attn = softmax(tril(Q @ K.T / 4)); out = attn @ V @ wO + x"
HEAD_SHAPES: Shapes = {"x": (8, 12), "wQ": (12, 4), "wK": (12, 4), "wV": (12, 4), "wO": (4, 12)}
HEADS = """
n = layernorm(x)
q = split(n @ wQ, axis=1, parts=4).permute(axes=(1, 0, 2))
k = split(n @ wK, axis=1, parts=4).permute(axes=(1, 0, 2))
v = split(n @ wV, axis=1, parts=4).permute(axes=(1, 0, 2))
z = softmax(tril(q @ k.mT / 2)) @ v
y = x + merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO
out = y + relu(rmsnorm(y) @ w1) @ w2
"""
HEADS_SHAPES: Shapes = {
    "x": (8, 12), "wQ": (12, 8), "wK": (12, 8), "wV": (12, 8), "wO": (8, 12), "w1": (12, 16), "w2": (16, 12),
}  # fmt: skip
EXPERTS = 'out = einsum("e t f, e f d -> e t d", relu(einsum("e t d, e d f -> e t f", x, w1)), w2)'
EXPERTS_SHAPES: Shapes = {"x": (4, 8, 12), "w1": (4, 12, 16), "w2": (4, 16, 12)}

# What the sizes 4, 8, 12 and 16 are for: they divide by 4 devices; the others are uneven on purpose.
PROGRAMS: dict[str, tuple[str, Shapes]] = {
    "product": ("A @ B", {"A": (8, 12), "B": (12, 4)}),
    "chain": ("A @ B @ C", {"A": (8, 4), "B": (4, 12), "C": (12, 16)}),
    "epilogue": ("relu(A @ B)", {"A": (8, 12), "B": (12, 4)}),
    "softmax": ("softmax(A @ B) @ C", {"A": (8, 4), "B": (4, 12), "C": (12, 8)}),
    "norm": ("layernorm(x) @ W", {"x": (8, 12), "W": (12, 4)}),
    "rmsnorm": ("x + rmsnorm(x) @ W", {"x": (8, 12), "W": (12, 12)}),
    "residual": ("x + relu(x @ W)", {"x": (8, 12), "W": (12, 12)}),
    "gate": ("silu(x @ G) * (x @ U) @ D", {"x": (8, 12), "G": (12, 16), "U": (12, 16), "D": (16, 12)}),
    "lora": ("x @ W + (x @ A) @ B", {"x": (8, 12), "W": (12, 16), "A": (12, 4), "B": (4, 16)}),
    "gram": ("x @ x.T", {"x": (8, 12)}),
    "vector": ("A @ v", {"A": (8, 12), "v": (12,)}),
    "mlp": (MLP, MLP_SHAPES),
    "head": (HEAD, HEAD_SHAPES),
    "heads": (HEADS, HEADS_SHAPES),
    "experts": (EXPERTS, EXPERTS_SHAPES),
    "shared heads": (
        "k = repeat(K, axis=0, times=2); softmax(Q @ k.mT) @ repeat(V, axis=0, times=2)",
        {"Q": (8, 4, 4), "K": (4, 8, 4), "V": (4, 8, 4)},
    ),
    "cache": (
        "k = concat(past, x @ wK, axis=0); softmax(x @ wQ @ k.T) @ k",
        {"past": (12, 4), "x": (4, 8), "wK": (8, 4), "wQ": (8, 4)},
    ),
    "slice": ("slice(A @ B, start=(0, 4), stop=(8, 12))", {"A": (8, 12), "B": (12, 16)}),
    "two layers": (
        "a = softmax(x @ x.T) @ x + x; b = softmax(a @ a.T) @ a + a; b @ W",
        {"x": (8, 12), "W": (12, 16)},
    ),
    "uneven": (MLP, {"x": (7, 10), "w1": (10, 13), "b1": (13,), "w2": (13, 5), "b2": (5,)}),
    "uneven head": (HEAD, {"x": (7, 5), "wQ": (5, 6), "wK": (5, 6), "wV": (5, 6), "wO": (6, 5)}),
}


def figure_of(program: str, shapes: Shapes) -> Figure:
    """The program with float64 leaves that are the same each time."""
    leaves = {}
    for name, shape in shapes.items():
        seed = zlib.crc32(name.encode())
        leaves[name] = np.random.default_rng(seed).standard_normal(shape)
    return mc.figure(program, leaves)
