"""Uses what the recipes added, end to end; prints what came of each as JSON. Run in a copy of the source."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

import matcube as mc
from matcube.errors import ShapeError
from matcube.session import Session
from matcube.wire.container import decode

A = np.linspace(-1, 1, 32).reshape(8, 4)
B = np.linspace(1, -1, 24).reshape(4, 6)
C = np.linspace(0, 2, 48).reshape(8, 6)


def drawn(fig: Any) -> Any:
    """The head of the page's scene; a still is drawn too, costs are counted, and rows split over devices."""
    assert fig.png(size=(320, 200))[:4] == b"\x89PNG"
    assert fig.cost(count="each_operation").total.flops > 0
    axis = fig.partition({_rows(fig): 2})
    assert axis.devices().count == 2
    assert decode(Session(axis.state, axis._engine).initial()).head.view.partition
    return decode(Session(fig.state, fig._engine).initial()).head


def _rows(fig: Any) -> str:
    """The axis along the rows of the first matrix."""
    graph = fig._program.graph
    return f"{graph.nodes[0].name}.rows"


def epilogue_of_one() -> None:
    fig = mc.figure("softplus(A @ B)", A=A, B=B)
    np.testing.assert_allclose(fig.value(), np.log1p(np.exp(A @ B)))
    product: Any = mc.matrix(A) @ mc.matrix(B)  # type checkers know the language's own functions alone
    np.testing.assert_allclose(product.softplus().figure().value(), fig.value())
    assert any(row.name == "softplus" and row.operands == 1 for row in drawn(fig).vocabulary.operations)
    products = fig.cost().total.flops
    assert fig.cost(count="each_operation").total.flops == products + 3 * 48
    assert [m.operation for m in drawn(fig).matrices][-1] == "softplus(·)"


def epilogue_of_two() -> None:
    fig = mc.figure("hypot(A @ B, C) * 2", A=A, B=B, C=C)
    np.testing.assert_allclose(fig.value(), 2 * np.hypot(A @ B, C))
    left: Any = mc.matrix(A, "A")
    lazy = left.hypot(mc.matrix(A, "B")).figure()
    assert lazy.program == "hypot(A, B)"
    assert any(row.name == "hypot" and row.operands == 2 for row in drawn(fig).vocabulary.operations)
    try:
        mc.figure("hypot(A, B)", A=A, B=B)
    except ShapeError as error:
        assert error.message.startswith('in "hypot(A, B)": A is 8 × 4 but B is 4 × 6'), error.message
    else:
        raise AssertionError("shapes that do not fit are taken")


def initialiser() -> None:
    fig = mc.figure("A @ B", A="checker(8, 4)", B=B)
    np.testing.assert_array_equal(fig.value("A"), (np.add.outer(np.arange(8), np.arange(4)) + 1) % 2)
    head = drawn(fig)
    assert any(row.name == "checker" and row.kind == "initialiser" for row in head.vocabulary.operations)
    assert head.terms[0].fill == "checker(8, 4)"


def scheme() -> None:
    name: Any = "spiral"  # as in a program that no type checker reads
    fig = mc.figure("A @ B @ D", A=A, B=B, D=B.T).layout(name)
    head = drawn(fig)
    assert any(row.name == "spiral" for row in head.vocabulary.schemes)
    assert [layout.scheme for layout in head.layouts] == ["spiral"]


def algorithm() -> None:
    name: Any = "row_outer"
    fig = mc.figure("A @ B", A=A, B=B).animate(name)
    head = drawn(fig)
    assert any(row.name == "row_outer" for row in head.vocabulary.algorithms)
    assert [sweep.steps for sweep in head.film.sweeps] == [8 * 4]


def source() -> None:
    fig = mc.figure([A, B, B.T])  # type: ignore[arg-type]
    assert fig.program == "W0 @ W1 @ W2"
    np.testing.assert_allclose(fig.value(), A @ B @ B.T)
    assert len(drawn(fig).matrices) == 5
    try:
        mc.figure(7)  # type: ignore[arg-type]
    except mc.MatcubeError as error:
        assert "a list of arrays" in error.message


TRIED: dict[str, Callable[[], None]] = {
    "An epilogue of one matrix": epilogue_of_one,
    "An epilogue of two matrices": epilogue_of_two,
    "An initialiser": initialiser,
    "A layout scheme": scheme,
    "An algorithm": algorithm,
    "A source": source,
}


def main() -> None:
    """Try all, and print for each what went wrong, or nothing."""
    outcome = {}
    for name, attempt in TRIED.items():
        try:
            attempt()
            outcome[name] = ""
        except Exception:
            outcome[name] = traceback.format_exc()
    print(json.dumps({"source": str(mc.__file__), "outcome": outcome}), file=sys.stdout)


if __name__ == "__main__":
    main()
