"""The figure's tables: parameters by name, the machine's roof, text, drawing, the scene's rows."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import matcube as mc
from matcube.cost import DTYPES, MACHINES, MODELS
from matcube.errors import DataError, OptionError

MLP = mc.figure("relu(x @ W + b) @ W.T", x="shape(8, 64)", W="shape(64, 32)", b="shape(32)")
LAYER = """q = split(x @ wQ, axis=1, parts=4).permute(axes=(1, 0, 2))
k = split(x @ wK, axis=1, parts=4).permute(axes=(1, 0, 2))
v = split(x @ wV, axis=1, parts=4).permute(axes=(1, 0, 2))
S = q @ k.mT
y = merge((softmax(S) @ v).permute(axes=(1, 0, 2)), axis=1) @ wO"""


def learned(cost) -> list[str]:
    return [row.name for row in cost.rows if row.parameters]


def test_rows_and_total() -> None:
    cost = MLP.cost()
    product = next(row for row in cost.rows if row.name == "x @ W")
    assert (product.flops, product.read, product.written) == (2 * 8 * 64 * 32, 4 * (512 + 2048), 4 * 256)
    assert product.intensity == product.flops / product.bytes
    assert cost.total.flops == 2 * product.flops
    assert cost.total.parameters == 64 * 32 + 32  # W is used twice and counts once
    assert next(row for row in cost.rows if row.name == "x").intensity is None


@pytest.mark.parametrize(
    ("name", "is_learned"),
    [("W", True), ("w1", True), ("wQ", True), ("wte", True), ("b", True), ("b1", True), ("bQ", True),
     ("b_out", True), ("bias", True), ("gamma", True), ("beta1", True), ("x", False), ("Q", False),
     ("B", False), ("batch", False), ("g", False), ("ids", False)],
)  # fmt: skip
def test_names_decide(name: str, is_learned: bool) -> None:
    cost = mc.figure(f"A + {name}", **{"A": "shape(2, 2)", name: "shape(2, 2)"}).cost()
    assert learned(cost) == ([name] if is_learned else [])


def test_names_can_be_given() -> None:
    assert learned(MLP.cost(parameters=["x", "b*"])) == ["x", "b"]
    assert learned(MLP.cost(parameters="W")) == ["W"]
    assert learned(MLP.cost(parameters=[])) == []
    with pytest.raises(OptionError, match='no leaf is called "w"') as caught:
        MLP.cost(parameters=["w"])
    assert "x, W, b" in str(caught.value.hint)


@pytest.mark.parametrize("dtype", DTYPES)
def test_bytes_follow_the_dtype(dtype: Any) -> None:
    assert MLP.cost(dtype=dtype).total.bytes * 64 == MLP.cost(dtype="float64").total.bytes * DTYPES[dtype]


def test_unknown_rows_are_refused() -> None:
    with pytest.raises(OptionError, match="there is no cost model"):
        MLP.cost(count="flop")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="there is no dtype"):
        MLP.cost(dtype="float31")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match='no machine "h10"; did you mean h100'):
        MLP.roofline("h10")
    for peak, bandwidth in ((None, None), (1e12, None), (0.0, 1.0), (math.inf, 1.0), (1.0, math.nan)):
        with pytest.raises(OptionError):
            MLP.roofline(peak=peak, bandwidth=bandwidth)


def test_the_table_as_text() -> None:
    text = str(MLP.cost())
    lines = text.splitlines()
    assert lines[0].split() == ["shape", "parameters", "FLOPs", "bytes", "FLOP/byte"]
    assert any(line.split() == ["W", "64", "×", "32", "2.048", "k"] for line in lines)
    assert lines[-1] == "65,536 FLOPs (multiply_add), 2,080 parameters, cells of float32"
    assert len({len(line) for line in lines if "─" in line}) == 1


def test_no_value_is_computed() -> None:
    fig = mc.figure("A @ B", A="gaussian(8, 8)", B="gaussian(8, 8)")
    fig.cost()
    fig.roofline("a100")
    assert "values" not in fig._program.__dict__


def test_tables_are_sound() -> None:
    assert [row.name for row in MODELS.values()] == list(MODELS)
    for name, machine in MACHINES.items():
        assert machine.name == name
        assert machine.source
        assert 10 < machine.ridge < 1000


def test_roofline_is_its_definition() -> None:
    peak, bandwidth = 1e12, 1e11  # the ridge is at 10 FLOP/B
    fig = mc.figure("relu(A @ B) @ v", A="shape(512, 512)", B="shape(512, 512)", v="shape(512, 1)")
    roof = fig.roofline(peak=peak, bandwidth=bandwidth, dtype="float32")
    by_name = {row.cost.name: row for row in roof.rows}
    large, line, relu = by_name["A @ B"], by_name["relu(A @ B) @ v"], by_name["relu(A @ B)"]
    assert (large.bound, large.share) == ("compute", 1.0)
    assert large.seconds == 2 * 512**3 / peak
    assert line.bound == "memory"
    assert line.seconds == 4 * (512 * 512 + 1024) / bandwidth
    assert line.rate == pytest.approx(line.cost.flops / line.seconds)
    assert (relu.bound, relu.rate, relu.share) == ("memory", 0.0, 0.0)
    assert roof.seconds == pytest.approx(sum(row.seconds for row in roof.rows))
    assert roof.share == pytest.approx(sum(row.cost.flops for row in roof.rows) / peak / roof.seconds)
    assert "bound by" in str(roof)
    assert str(roof).splitlines()[-1] == "the machine: 1 TFLOP/s, 100 GB/s; the peak needs 10 FLOP/byte"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_drawing(theme, tmp_path: Path) -> None:
    fig = mc.figure("relu(A @ B) @ v", A="shape(512, 512)", B="shape(512, 512)", v="shape(512, 1)")
    roof = fig.roofline("a100")
    path = roof.save(tmp_path / "roof.svg", theme=theme, size=(800, 500))
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    names = {text.text for text in root.iterfind(".//{*}text")}
    assert {"A @ B", "relu(A @ B) @ v"} <= names
    dots = list(root.iterfind(".//{*}circle"))
    assert len(dots) == 2
    for dot in dots:
        assert 0 < float(dot.get("cx") or 0) < 800
        assert 0 < float(dot.get("cy") or 0) < 500
    for text in root.iterfind(".//{*}text"):
        x, wide = float(text.get("x") or 0), 7 * len(text.text or "")
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor") or "start"]
        assert left > -1 or text.get("transform")
        assert left + wide < 801 or text.get("transform")
    with pytest.raises(OptionError, match=r"saved as \.svg"):
        roof.save(tmp_path / "roof.png")
    with pytest.raises(DataError):
        roof.save(tmp_path / "none" / "roof.svg")
    with pytest.raises(OptionError, match="size"):
        roof.svg(size=(10, 10))


def test_nothing_that_computes_draws_an_empty_roof() -> None:
    svg = mc.figure("relu(A)", A="shape(2, 2)").roofline("t4").svg()
    assert "<circle" not in svg
    assert "bound by memory" in svg


def test_names_cannot_break_the_drawing() -> None:
    fig = mc.figure("take(A, n) @ B", A="shape(9, 9)", B="shape(9, 9)", n="shape(3)")
    title = "<script>&'\""
    roof = fig.roofline("t4")
    svg = type(roof)(roof.machine, roof.rows, title).svg()
    assert "<script>" not in svg
    ET.fromstring(svg)


def rows_of(cost) -> list[tuple]:
    return [(row.name, row.flops, row.bytes, row.intensity, row.parameters) for row in cost]


def test_the_scene_carries_a_row_for_every_node() -> None:
    head = MLP.scene().head
    assert rows_of(head.cost) == rows_of(MLP.cost().rows)
    assert [row.node for row in head.cost] == [row.node for row in MLP.cost().rows]


def test_the_scene_of_heads_counts_the_program_and_not_its_slices() -> None:
    fig = mc.figure(LAYER, **dict.fromkeys(("x", "wQ", "wK", "wV", "wO"), "shape(8, 8)"))
    for figure, name in ((fig, "S[0]"), (fig.head(1), "S[1]")):
        head = figure.scene().head
        assert rows_of(head.cost) == rows_of(fig.cost().rows)
        named = {matrix.node: matrix.name for matrix in head.matrices}
        product = next(row for row in head.cost if row.name == "S")
        assert product.flops == 2 * 4 * 8 * 8 * 2  # all four heads
        assert named[product.node] == name
    assert next(row.node for row in head.cost if row.name == "y") == -1  # one head alone: y is not drawn
