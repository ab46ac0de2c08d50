"""Matrices with a side of 0: defined from the language to the page, without a warning."""

import json
from typing import Any

import numpy as np
import pytest

import matcube as mc
from matcube.cli.main import main
from matcube.errors import MatcubeError
from matcube.ops import INITIALISERS
from matcube.wire.container import decode

PROGRAMS: dict[str, tuple[str, dict[str, Any], tuple[int, ...]]] = {
    "no rows": ("A @ B", {"A": "gaussian(0, 3)", "B": "gaussian(3, 4)"}, (0, 4)),
    "no columns": ("A @ B", {"A": "ones(4, 3)", "B": "gaussian(3, 0)"}, (4, 0)),
    "nothing to sum": ("A @ B", {"A": "ones(2, 0)", "B": "ones(0, 3)"}, (2, 3)),
    "nothing at all": ("A @ B", {"A": np.zeros((0, 0)), "B": np.zeros((0, 0))}, (0, 0)),
    "arrays": ("A @ B", {"A": np.zeros((0, 3)), "B": np.zeros((3, 0))}, (0, 0)),
    "inner arrays": ("A.T @ B.T", {"A": np.zeros((0, 3)), "B": np.zeros((2, 0))}, (3, 2)),
    "shared": ("A.T @ A", {"A": "gaussian(0, 3)"}, (3, 3)),
    "vector": ("x @ A", {"A": "gaussian(0, 3)", "x": "gaussian(0)"}, (3,)),
    "bias": ("A + b", {"A": "gaussian(0, 3)", "b": "gaussian(3)"}, (0, 3)),
    "rows of nothing": ("softmax(tril(A)) + layernorm(A) * rmsnorm(A)", {"A": "gaussian(3, 0)"}, (3, 0)),
    "no tokens": (
        "softmax(tril(rope(Q) @ rope(K).T / 2)) @ V",
        {"Q": "gaussian(0, 4)", "K": "gaussian(0, 4)", "V": "gaussian(0, 5)"},
        (0, 5),
    ),
    "no hidden layer": (
        "relu(x @ w1 + b1) @ w2 + b2 + x",
        {"x": "ones(2, 4)", "w1": "ones(4, 0)", "b1": "ones(0)", "w2": "ones(0, 4)", "b2": "ones(4)"},
        (2, 4),
    ),
    "no past": ("concat(A, B, axis=0) @ C", {"A": "ones(0, 3)", "B": "ones(2, 3)", "C": "eye(3, 4)"}, (2, 4)),
    "none taken": ("take(A, ids)", {"A": "ones(4, 3)", "ids": np.zeros(0, np.int64)}, (0, 3)),
    "cut away": ("slice(A, start=(0, 0), stop=(0, 3)) @ B", {"A": "ones(4, 3)", "B": "ones(3, 4)"}, (0, 4)),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_values_layouts_scene_still_page_and_link(name: str) -> None:
    program, bindings, shape = PROGRAMS[name]
    fig = mc.figure(program, **bindings)
    assert fig.value().shape == shape
    for scheme in ("blocks", "zigzag", "wheel"):
        for sheets in ("open", "closed"):
            scene = fig.layout(scheme, sheets=sheets).scene()
            again = decode(scene.encode(send=frozenset(scene.buffers)))
            assert {name: found.tobytes() for name, found in again.buffers.items()} == {
                name: found.tobytes() for name, found in scene.buffers.items()
            }
            data = scene.encode()
            head = data[16 : 16 + int.from_bytes(data[8:12], "little")]
            json.dumps(json.loads(head), allow_nan=False)
    assert fig.to_png(size=(120, 80)) == fig.to_png(size=(120, 80))
    assert "<title>" in fig.to_html(size=(120, 80))
    arrays = {name: value for name, value in bindings.items() if not isinstance(value, str)}
    assert mc.open_figure(fig.link(), data=arrays).value().shape == shape


def test_a_sum_over_nothing_is_zero() -> None:
    found = mc.figure("A @ B", A="ones(2, 0)", B="ones(0, 3)").value()
    np.testing.assert_array_equal(found, np.zeros((2, 3), np.float32))
    assert found.dtype == np.float32


def test_what_an_empty_layer_adds_is_its_bias() -> None:
    program, bindings, _ = PROGRAMS["no hidden layer"]
    np.testing.assert_array_equal(mc.figure(program, **bindings).value(), np.full((2, 4), 2.0, np.float32))


@pytest.mark.parametrize("name", sorted(set(INITIALISERS) - {"formula"}))
@pytest.mark.parametrize("sizes", ["0, 3", "3, 0", "0"])
def test_every_initialiser(name: str, sizes: str) -> None:
    fig = mc.figure("A", A=f"{name}({sizes})")
    assert fig.value().size == 0
    matrix = fig.scene().head.matrices[0]
    one = (0, 0) if INITIALISERS[name].is_square else (1, 0)
    assert (matrix.rows, matrix.cols) == (one if sizes == "0" else tuple(map(int, sizes.split(", "))))
    assert matrix.stats is not None and matrix.stats.mean is None and not matrix.hollow


def test_from_the_command_line(tmp_path, capsys) -> None:
    np.savez(tmp_path / "e.npz", A=np.zeros((0, 3)), B=np.ones((3, 2)))
    out = [str(tmp_path / name) for name in ("o.html", "o.png", "o.json")]
    with pytest.raises(SystemExit) as ended:
        main(["save", "A @ B", "--data", str(tmp_path / "e.npz"), *out])
    assert ended.value.code == 0
    assert "wrote" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["gaussian(-1, 3)", "zeros(3, -2)", "shape(-1)"])
def test_a_negative_size_is_refused(text: str) -> None:
    with pytest.raises(MatcubeError, match="whole numbers from 0"):
        mc.figure("A", A=text)


def test_no_place_can_be_taken_from_nothing() -> None:
    with pytest.raises(MatcubeError, match="an empty dimension has no places"):
        mc.figure("take(A, ids)", A="ones(0, 3)", ids=np.array([0])).value()
