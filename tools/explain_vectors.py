"""Vectors of cells in words: texts of numbers, sums, operations, and the numbers inside operations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import matcube as mc
from matcube.engine.explain import Step, Term, applied, factor, number, short_name, sum_text
from matcube.ir import Map
from matcube.ops import Cells
from matcube.ops.rows import LayerNorm, RmsNorm, Rope, Softmax

_NUMBERS = (
    0.0, -0.0, 1.0, -3.0, 27.0, 12345.0, 1234567.0, 999999999.0, 1e9, 1000.5, 1001.5, 12345.5,
    0.5, 0.1, 1 / 3, -2 / 3, 99.995, 9999.5, 9998.5, 123.45, 1e-4, 9.9996e-5, 1.2e-7, 2.0625, 2.0635, 1e300,
    -1e-300, 5e-324, 1.5e21, math.nan, math.inf, -math.inf,
)  # fmt: skip
_SUMS: tuple[tuple[Sequence[float], Sequence[float]], ...] = (
    ([5, 6, 7, 8], [1, 0, 2, 1]),
    ([5, -6], [-2, 1]),
    ([1.0, math.inf, math.nan], [1.0, 0.0, 2.0]),
    ([], []),
    ([0.25], [-0.125]),
    (list(range(1, 13)), [1] * 12),
    (list(range(-6, 7)), [0.5] * 13),
    ([math.nan, *range(20), math.inf], [1.0] * 22),
    ([n % 97 - 48 for n in range(200)], [0.5] * 200),
)
_PROGRAMS = (
    "A / 4", "A * 2.5", "A + 0.5", "A - 2", "3 - A", "2 / A", "-A", "A ** 2", "A + B", "A - B", "A * B",
    "A / B", "relu(A)", "softmax(tril(A))", "triu(A, offset=1)", "rope(A, base=500000)", "layernorm(A)",
)  # fmt: skip
_A, _B = [[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]
_ROWS = {
    "plain": ([1.5, -0.5, 3.0, 0.25], None),
    "masked": ([1.5, -0.5, 3.0, 0.25], [False, False, True, True]),
    "nan": ([1.0, math.nan, 2.0, 0.0], None),
    "infinite": ([1.0, math.inf, 2.0, 0.0], None),
    "sunk": ([-math.inf, -math.inf, -math.inf, -math.inf], None),
    "alike": ([2.0, 2.0, 2.0, 2.0], None),
}


def vectors() -> dict[str, Any]:
    """The content of ``explain.json``."""
    return {
        "about": "a cell in words of numbers",
        "numbers": [
            {"value": repr(value), "text": number(value), "factor": factor(value)} for value in _NUMBERS
        ],
        "sums": [_sum(left, right) for left, right in _SUMS],
        "applied": list(_applied()),
        "inner": list(_inner()),
    }


def _sum(left: Sequence[float], right: Sequence[float]) -> dict[str, Any]:
    terms = tuple(
        Term(f"{factor(float(a))}·{factor(float(b))}", float(a) * float(b), (), place)
        for place, (a, b) in enumerate(zip(left, right, strict=True))
    )
    written = Step("", "", 0.0, terms).written
    total = float(np.sum([term.value for term in terms]))
    return {
        "left": [repr(float(a)) for a in left], "right": [repr(float(b)) for b in right],
        "places": [term.place for term in written.terms],
        "values": [number(term.value) for term in written.terms],
        "more": written.more, "text": f"{sum_text(written)} = {number(total)}",
    }  # fmt: skip


def _applied() -> Iterator[dict[str, Any]]:
    """Every map of some programs, as the scene writes it, over values of its operands."""
    for program in _PROGRAMS:
        figure = mc.figure(program, {"A": _A, "B": _B})
        operations = {
            matrix.node: matrix.operation for matrix in figure.layout(sheets="open").scene().head.matrices
        }
        for node in figure._program.graph.nodes:
            if not isinstance(node.kind, Map) or node.id not in operations:
                continue
            for values in ((-13.5, 2.0), (27.0, -0.25), (math.nan, math.inf)):
                own = values[: len(node.inputs)]
                op = node.kind.op
                yield {
                    "operation": operations[node.id], "op": op.name, "values": [repr(v) for v in own],
                    "text": applied(op, own), "name": short_name(op, own),
                }  # fmt: skip


def _inner() -> Iterator[dict[str, Any]]:
    ops = (Softmax(), LayerNorm(), RmsNorm(), Rope(), Rope(start=3))
    for op in ops:
        for values, hidden in _ROWS.values():
            cells = Cells(np.array([values] * 3), None if hidden is None else np.array([hidden] * 3))
            for at in ((0, 1), (2, 2)):
                made = op.explain(cells, at)
                parameters = {key: getattr(op, key) for key in ("eps", "base", "start") if hasattr(op, key)}
                yield {
                    "op": op.name, "parameters": parameters, "values": [repr(v) for v in values],
                    "hidden": hidden or [False] * 4, "row": at[0], "col": at[1],
                    "numbers": [[key, repr(float(value))] for key, value in made],
                }  # fmt: skip
