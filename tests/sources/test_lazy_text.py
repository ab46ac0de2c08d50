"""Lazy expressions as program text: values before and after, and a text that is stable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcube as mc


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def applied(kind, x, y, rng):
    """One operation on a pair of matrices of 3 × 3, lazy or NumPy alike where that is possible."""
    number = int(rng.integers(2, 5))
    return {
        "add": lambda: x + y,
        "sub": lambda: x - y,
        "mul": lambda: x * y,
        "div": lambda: x / (y * y + 1),
        "product": lambda: x @ y,
        "negate": lambda: -x,
        "square": lambda: x**2,
        "cube": lambda: x**3,
        "scale": lambda: x * (number / 4),
        "from": lambda: number * x,
        "over": lambda: x / number,
        "less": lambda: x - number,
        "rest": lambda: number - x,
        "inverse": lambda: number / (x * x + 1),
        "turn": lambda: x.T,
    }[kind]()


KINDS = [
    "add",
    "sub",
    "mul",
    "div",
    "product",
    "negate",
    "square",
    "cube",
    "scale",
    "from",
    "over",
    "less",
    "rest",
]
KINDS += ["inverse", "turn", "slice", "concat"]


def grown(seed):
    """A lazy expression over shared unnamed nodes, and its values in NumPy."""
    rng = np.random.default_rng(seed)
    arrays = {name: rng.normal(size=(3, 3)) for name in "AB"}
    pool: list[tuple[Any, Any]] = [(mc.matrix(array, name=name), array) for name, array in arrays.items()]
    for _ in range(8):
        (x, a), (y, b) = (pool[max(0, len(pool) - 1 - int(rng.geometric(0.5) - 1))] for _ in "xy")
        kind = str(rng.choice(KINDS))
        if kind == "slice":
            both = x.slice(start=(1, 0), stop=(3, 3)), a[1:3]
            both = both[0].concat(y, axis=0), np.concatenate([both[1], b])
            both = both[0].slice(start=(1, 0), stop=(4, 3)), both[1][1:4]
        elif kind == "concat":
            both = x.concat(y, axis=0), np.concatenate([a, b])
            both = both[0].T.softmax(), softmax(both[1].T)
            both = both[0] @ both[0].T, both[1] @ both[1].T
        else:
            state = int(rng.integers(1 << 30))
            both = tuple(applied(kind, *pair, np.random.default_rng(state)) for pair in ((x, y), (a, b)))
        if np.abs(both[1]).max() > 4:
            factor = float(2.0 ** -np.ceil(np.log2(np.abs(both[1]).max() / 4)))
            both = both[0] * factor, both[1] * factor
        pool.append(both)
    return (*pool[-1], arrays)


@pytest.mark.parametrize("block", range(4))
def test_values_and_text_survive(block):
    for seed in range(100 * block, 100 * (block + 1)):
        lazy, expected, arrays = grown(seed)
        before = lazy.figure()
        program = before.program
        used = {name: array for name, array in arrays.items() if name in program.replace(" ", "")}
        after = mc.figure(program, **used)
        where = f"seed {seed}:\n{program}"
        np.testing.assert_allclose(before.value(), expected, rtol=1e-9, atol=1e-9, err_msg=where)
        np.testing.assert_allclose(after.value(), expected, rtol=1e-9, atol=1e-9, err_msg=where)
        assert after.program == program, where
