"""2,000 random programs with masks, NaN, infinities and dtypes against an oracle of its own, in float64."""

from __future__ import annotations

import re

import ml_dtypes
import numpy as np
import pytest

import matcube as mc

INF = np.inf
DTYPES = ("float16", "bfloat16", "float32", "float64", "int8", "uint8", "int32", "int64", "bool")


def softmax(x, hidden):
    """Row by row; a masked cell gets 0, as does a row masked whole; NaN, +Inf or -Inf alone give NaN."""
    result = np.zeros_like(x)
    for row, seen, out in zip(x, ~hidden, result, strict=True):
        if seen.any():
            e = np.exp(row[seen] - row[seen].max())
            out[seen] = e / e.sum()
    return result


KINDS = ["leaf", "triangle", "number", "transpose", "relu", "sigmoid", "softmax", "product", "swapped"]
KINDS += ["cell_by_cell", "cell_by_cell"]


class Oracle:
    """A random expression as text, with its values, its mask by the rule, and whether it is constant.

    An expression is (text, values, hidden, is_constant).
    """

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.arrays = {}

    def leaf(self):
        if self.rng.random() < 0.12:
            return "ones(3, 3)", np.ones((3, 3)), None, True
        name, dtype = f"X{len(self.arrays)}", str(self.rng.choice(DTYPES))
        values = self.rng.integers(0 if dtype in ("uint8", "bool") else -4, 5, (3, 3)).astype(np.float64)
        if dtype == "bool":
            values = (values > 2).astype(np.float64)
        if "float" in dtype and self.rng.random() < 0.3:
            values[tuple(self.rng.integers(0, 3, 2))] = self.rng.choice([np.nan, INF, -INF])
        self.arrays[name] = values.astype(getattr(ml_dtypes, dtype) if dtype == "bfloat16" else dtype)
        return name, values, None, False

    def of(self, depth):
        kind = str(self.rng.choice(KINDS)) if depth else "leaf"
        return self.leaf() if kind == "leaf" else getattr(self, kind)(depth - 1)

    def triangle(self, depth):
        text, x, hidden, constant = self.of(depth)
        name, offset = str(self.rng.choice(["tril", "triu"])), int(self.rng.integers(-1, 2))
        inside = getattr(np, name)(np.ones((3, 3)), offset) == 1
        outside = ~inside if hidden is None else ~inside | hidden
        return f"{name}({text}, offset={offset})", np.where(inside, x, 0), outside, constant

    def number(self, depth):
        text, x, hidden, constant = self.of(depth)
        number = int(self.rng.integers(1, 4))
        return f"({text}) * {number} + 1", x * number + 1, hidden, constant

    def transpose(self, depth):
        text, x, hidden, constant = self.of(depth)
        return f"({text}).T", x.T, None if hidden is None else hidden.T, constant

    def relu(self, depth):
        text, x, hidden, constant = self.of(depth)
        return f"relu({text})", np.maximum(x, 0), hidden, constant

    def sigmoid(self, depth):
        text, x, _, constant = self.of(depth)
        return f"sigmoid({text})", 1 / (1 + np.exp(-x)), None, constant

    def softmax(self, depth):
        text, x, hidden, constant = self.of(depth)
        shares = softmax(x, np.zeros((3, 3), bool) if hidden is None else hidden)
        return f"softmax({text})", shares, hidden, constant

    def product(self, depth):
        (text, x, *_), (other, y, *_) = self.of(depth), self.of(depth)
        return f"({text}) @ ({other})", (x[:, :, None] * y[None, :, :]).sum(1), None, False

    def swapped(self, depth):
        """Rows 1 and 2 of one matrix under row 0 of another."""
        (text, x, hidden, constant), (other, y, also, fixed) = self.of(depth), self.of(depth)
        both = None
        if hidden is not None or also is not None:
            sides = [np.zeros((3, 3), bool) if mask is None else mask for mask in (hidden, also)]
            both = np.concatenate(sides)[2:5]
        text = f"slice(concat({text}, {other}, axis=0), start=(2, 0), stop=(5, 3))"
        return text, np.concatenate([x, y])[2:5], both, constant and fixed

    def cell_by_cell(self, depth):
        (text, x, hidden, constant), (other, y, also, fixed) = self.of(depth), self.of(depth)
        sign = str(self.rng.choice(["+", "-", "*"]))
        mask = hidden if fixed or not constant else None
        if mask is not None and also is not None:
            mask = mask | also if sign == "*" else mask & also
        values = {"+": np.add, "-": np.subtract, "*": np.multiply}[sign](x, y)
        return f"({text}) {sign} ({other})", values, mask, constant and fixed


def compare(actual, expected, where):
    """NaN and infinities at the same cells, everything else to float32."""
    np.testing.assert_array_equal(np.isnan(actual), np.isnan(expected), err_msg=where)
    np.testing.assert_allclose(actual, expected, rtol=2e-4, atol=2e-5, err_msg=where)


@pytest.mark.parametrize("block", range(8))
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_random_programs(block):
    for seed in range(250 * block, 250 * (block + 1)):
        oracle = Oracle(seed)
        text, x, hidden, _ = oracle.of(4)
        if text.isidentifier():
            continue  # a leaf keeps its own name
        used = {name: array for name, array in oracle.arrays.items() if re.search(rf"\b{name}\b", text)}
        figure = mc.figure(f"x = {text}\np = softmax(x)", **used)
        where = f"seed {seed}: {text}\n{used}"
        compare(figure.value("x"), x, where)
        compare(figure.value("p"), softmax(x, np.zeros((3, 3), bool) if hidden is None else hidden), where)
        if seed % 5:
            continue  # a scene takes longer than the values
        stats = next((m.stats for m in figure.scene().head.matrices if m.name == "x"), None)
        if stats is None:
            continue  # a transposed matrix is drawn as its original
        shown = x[~hidden] if stats.masked and hidden is not None else x
        assert (stats.nan, stats.pos_inf, stats.neg_inf) == (
            np.isnan(shown).sum(), np.isposinf(shown).sum(), np.isneginf(shown).sum()
        ), where  # fmt: skip
