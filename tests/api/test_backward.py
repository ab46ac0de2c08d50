"""Backward: gradients of a product as products in the same cube, against NumPy and torch's autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcube as mc
from matcube.api.front import open_figure
from matcube.errors import DataError, OptionError, ShapeError

rng = np.random.default_rng(11)
A, B, W = rng.normal(size=(6, 5)), rng.normal(size=(5, 4)), rng.normal(size=(5, 5))
x, v, c = rng.normal(size=5), rng.normal(size=4), rng.normal(size=4)

CASES: dict[str, tuple[str, str, dict[str, np.ndarray]]] = {
    "matrices": ("C = A @ B", "C", {"A": A, "B": B}),
    "vector left": ("C = x @ B", "C", {"x": x, "B": B}),
    "vector right": ("C = B @ v", "C", {"B": B, "v": v}),
    "linear layer": ("y = A @ B + c", "y", {"A": A, "B": B, "c": c}),
    "linear layer of a vector": ("y = c + x @ B", "y", {"x": x, "B": B, "c": c}),
    "transposed": ("C = A @ W.T", "C", {"A": A, "W": W}),
    "turned": ("C = W.T @ B", "C", {"W": W, "B": B}),
    "inside": ("out = softmax(A @ W.T / sqrt(d)) @ B", "out", {"A": A, "W": W, "B": B}),
    "by text": ("out = softmax(relu(A) @ W.T / sqrt(d)) @ B", "relu(A) @ W.T", {"A": A, "W": W, "B": B}),
    "itself": ("S = A @ A.T", "S", {"A": A}),
}


def gradients(name: str) -> tuple[mc.Figure, list[str], np.ndarray]:
    """The figure, the names of its gradients, and what comes from above."""
    program, what, arrays = CASES[name]
    shape = mc.figure(program, {"d": 4, **arrays}).value(what).shape
    above = np.random.default_rng(5).normal(size=shape)
    fig = mc.figure(program, {"d": 4, **arrays}).backward(what, grad=above)
    return fig, list(fig.state.layout.inside), above


@pytest.mark.parametrize("name", CASES)
def test_the_gradients_are_those_of_numpy(name):
    """By differences: the product is linear in each operand, so one difference is exact."""
    fig, names, above = gradients(name)
    graph = fig._program.graph
    box = fig._program.place(fig.state).boxes[0]
    node = graph[box.node]
    first, second = (np.asarray(fig._program.values[one].cells.values, float) for one in node.inputs)
    for own, at in zip(names, (0, 1), strict=True):
        found = fig.value(own)
        operand = (first, second)[at]
        expected = np.zeros(operand.shape)
        for place in np.ndindex(operand.shape):
            step = np.zeros(operand.shape)
            step[place] = 1.0
            moved = step @ second if at == 0 else first @ step
            expected[place] = (above * moved).sum()
        is_turned = expected.shape != found.shape or not np.allclose(found, expected, rtol=1e-5)
        assert np.allclose(expected.T if is_turned else expected, found, rtol=1e-5, atol=1e-5)


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_the_gradients_are_those_of_autograd(name):
    torch = pytest.importorskip("torch")
    program, what, arrays = CASES[name]
    fig, names, above = gradients(name)
    given = {
        key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in arrays.items()
    }
    made: dict[str, Any] = {**given, "softmax": lambda s: torch.softmax(s, -1), "relu": torch.relu}
    operands = {
        "inside": ("L", "B"), "by text": ("L", "W"), "itself": ("A", "A"), "vector left": ("x", "B"),
        "vector right": ("B", "v"), "linear layer of a vector": ("x", "B"), "transposed": ("A", "W"),
        "turned": ("W", "B"),
    }.get(name, ("A", "B"))  # fmt: skip
    if name == "inside":
        made["L"] = torch.softmax(given["A"] @ given["W"].T / 2, -1).detach().requires_grad_()
        result = made["L"] @ given["B"]
    elif name == "by text":
        made["L"] = torch.relu(given["A"]).detach().requires_grad_()
        result = made["L"] @ given["W"].T
    else:
        result = {
            "matrices": lambda: given["A"] @ given["B"], "vector left": lambda: given["x"] @ given["B"],
            "vector right": lambda: given["B"] @ given["v"],
            "linear layer": lambda: given["A"] @ given["B"] + given["c"],
            "linear layer of a vector": lambda: given["c"] + given["x"] @ given["B"],
            "transposed": lambda: given["A"] @ given["W"].T, "turned": lambda: given["W"].T @ given["B"],
            "itself": lambda: given["A"] @ given["A"].T,
        }[name]()  # fmt: skip
    assert program and what
    result.backward(torch.tensor(above, dtype=torch.float64))
    if name == "itself":
        both = fig.value(names[0]) + fig.value(names[1])
        assert np.allclose(both, made["A"].grad.numpy(), rtol=1e-12, atol=1e-12)
        return
    for own, operand in zip(names, operands, strict=True):
        assert np.allclose(fig.value(own), made[operand].grad.numpy(), rtol=1e-12, atol=1e-12)


def test_the_program_is_plain_text_and_travels():
    fig = mc.figure("C = A @ B", A="gaussian(4, 3)", B="gaussian(3, 2)").backward(seed=7)
    assert fig.state.program == "C = A @ B\ndA = dC @ B.T\ndB = A.T @ dC"
    assert fig.state.leaves["dC"] == "gaussian(4, 2, seed=7)"
    again = open_figure(fig.link())
    assert again.state == fig.state
    assert np.allclose(again.value("dA"), fig.value("dC") @ fig.value("B").T, atol=1e-6)
    drawn = again._program.place(again.state)
    assert drawn == fig._program.place(fig.state) and len(drawn.boxes) == 3


def test_where_the_gradient_from_above_comes_from():
    plain = mc.figure("C = A @ B", A="gaussian(4, 3)", B="gaussian(3, 2)")
    assert np.array_equal(plain.backward("C").value("dC"), np.ones((4, 2)))
    assert np.array_equal(plain.backward("C", grad="eye(4, 2)").value("dC"), np.eye(4, 2))
    bound = mc.figure("C = A @ B", A="gaussian(4, 3)", B="gaussian(3, 2)", dC=np.full((4, 2), 3.0))
    assert np.array_equal(bound.backward("C").value("dC"), np.full((4, 2), 3.0))
    assert np.array_equal(bound.backward("C", grad=np.zeros((4, 2))).value("dC"), np.zeros((4, 2)))
    assert np.array_equal(bound.backward("C", grad="eye(4, 2)").value("dC"), np.eye(4, 2))


def test_leaves_that_are_written_out_keep_their_numbers():
    plain = mc.figure("gaussian(3, 4) @ gaussian(4, 5)")
    fig = plain.backward()
    assert np.array_equal(fig.value("C"), plain.value())
    assert np.allclose(fig.value("dR"), fig.value("L").T @ fig.value("dC"), atol=1e-6)


def test_names_that_are_taken():
    fig = mc.figure("A @ B @ C", A="gaussian(4, 3)", B="gaussian(3, 5)", C="gaussian(5, 2)").backward()
    assert fig.state.program == "L = A @ B\nC_ = L @ C\ndL = dC_ @ C.T\ndC = L.T @ dC_"


def test_the_forward_plays_first_then_one_after_the_other():
    fig = mc.figure("C = A @ B", A="gaussian(4, 3)", B="gaussian(3, 2)").backward("C")
    for fuse in ("none", "sync", "async"):
        film = fig.animate("vmprod", each={"dA": "outer", "dB": "mvprod"}, fuse=fuse).film
        assert film is not None
        graph = fig._program.graph
        played = [
            (graph[one.node].name, one.algorithm, one.start, one.steps, one.lane) for one in film.sweeps
        ]
        assert played == [("C", "vmprod", 0, 4, 0), ("dA", "outer", 4, 2, 0), ("dB", "mvprod", 6, 2, 0)]
    film = fig.animate("vmprod", each={"C": "none"}).film
    assert film is not None and [one.start for one in film.sweeps] == [0, 4]


def test_what_has_no_cube_is_refused():
    fig = mc.figure(
        "P = softmax(A @ B)\nE = einsum('b i k, b k j -> b i j', X, X)\ns = u @ u\nout = P + P",
        A="gaussian(4, 3)", B="gaussian(3, 4)", X="gaussian(2, 3, 3)", u="gaussian(4)",
    )  # fmt: skip
    with pytest.raises(OptionError, match="is no product") as error:
        fig.backward("P")
    assert "fig.backward('A @ B')" in str(error.value.hint)
    with pytest.raises(OptionError, match=r"2 × 3 × 3.*no product of matrices"):
        fig.backward("E")
    with pytest.raises(OptionError, match="no product of matrices"):
        fig.backward("s")
    with pytest.raises(OptionError, match='no matrix "Q"'):
        fig.backward("Q")
    plain = mc.figure("C = A @ B", A="gaussian(4, 3)", B="gaussian(3, 2)")
    with pytest.raises(ShapeError, match="dC is 2 × 4, and C is 4 × 2"):
        plain.backward("C", grad=np.ones((2, 4)))
    with pytest.raises(ShapeError, match="dC is a number"):
        plain.backward("C", grad=1.0)
    with pytest.raises(OptionError, match="both given"):
        plain.backward("C", grad="ones(4, 2)", seed=1)
    with pytest.raises(DataError):
        plain.backward("C", grad=object())
