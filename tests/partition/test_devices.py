"""The rows of devices, the formulas of bytes, the table as text, and what travels to the page."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

import matcube as mc
from matcube.api.figure import Figure
from matcube.cli.main import cli
from matcube.errors import OptionError
from matcube.partition import FORMULAS, exchange
from matcube.wire import EditRequest, View
from matcube.wire.devices import Kind
from matcube.wire.text import bytes_text


@pytest.fixture
def mlp() -> Figure:
    return mc.figure(
        "h = gelu(x @ w1 + b1); out = x + h @ w2",
        x="gaussian(10, 8)", w1="gaussian(8, 32)", b1="gaussian(32)", w2="gaussian(32, 8)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "n", "count", "wanted"),
    [
        ("all-reduce", 4, 1, 1500), ("reduce-scatter", 4, 1, 750), ("all-gather", 4, 1, 750),
        ("all-to-all", 4, 1, 188), ("ring", 4, 3, 750), ("all-reduce", 2, 1, 1000), ("all-reduce", 1, 1, 0),
        ("all-gather", 8, 1, 875), ("ring", 8, 7, 875),
    ],
)  # fmt: skip
def test_bytes_by_the_formulas(kind: Kind, n: int, count: int, wanted: int) -> None:
    """Of a matrix of 1000 bytes."""
    assert kind in FORMULAS
    assert (
        exchange(kind, node=0, group=0, blocks=n, cells=250, itemsize=4, why="", count=count).bytes == wanted
    )


def test_rows_of_an_uneven_split(mlp: Figure) -> None:
    result = mlp.partition(tokens=4).devices()
    assert [row.at for row in result.rows] == [(0,), (1,), (2,), (3,)]
    assert [row.flops for row in result.rows] == [2 * rows * 8 * 32 * 2 for rows in (3, 3, 3, 1)]
    weights = (8 * 32 + 32 + 32 * 8) * 4
    assert [row.leaf_bytes for row in result.rows] == [weights + rows * 8 * 4 for rows in (3, 3, 3, 1)]
    assert result.sent_bytes == 0 and result.collectives == ()


def test_rows_of_a_mesh(mlp: Figure) -> None:
    result = mlp.partition({"x.rows": 5, "hidden": 2}).devices(dtype="bfloat16")
    assert (result.count, len(result.rows)) == (10, 10)
    assert result.rows[3].at == (1, 1)
    sums = result.nodes[-2]
    assert (sums.name, sums.lies, sums.dims, sums.shape) == (
        "h @ w2",
        ("Shard(x.rows)", "Partial"),
        (0, -2),
        (2, 8),
    )
    (sent,) = result.collectives
    assert (sent.kind, sent.cells, sent.bytes) == ("all-reduce", 16, 2 * 16 * 2 // 2)


def test_what_a_device_holds(mlp: Figure) -> None:
    fig = mlp.partition({"x.rows": 4, "hidden": 2})
    result = fig.devices()
    assert result.holds(7)["h"] == ((9, 10), (16, 32)) and result.holds(0)["w2"] == ((0, 16), (0, 8))
    for row in result.rows:  # and the cells are as many as the bytes say
        held = result.holds(row.id)
        cells = {item.name: 1 for item in result.nodes}
        for name, ranges in held.items():
            for start, stop in ranges:
                cells[name] *= stop - start
        leaves = [item.name for item in result.nodes if item.is_leaf]
        assert sum(cells[name] for name in leaves) * 4 == row.leaf_bytes
        assert sum(cells.values()) * 4 == row.leaf_bytes + row.value_bytes
    with pytest.raises(OptionError, match="no device 8"):
        result.holds(8)


def test_the_table_is_aligned_and_says_everything(mlp: Figure) -> None:
    lines = str(mlp.partition(preset="megatron", devices=4).devices()).splitlines()
    assert lines[0] == "4 devices (megatron 4), 4 bytes a number"
    at = lines[2].index("communicates")
    (row,) = (line for line in lines if line.startswith("h @ w2"))
    assert row[at:] == "all-reduce 480 B (partial sums, added up for out)"
    assert re.split(r"  +", row)[1:5] == ["Partial", "10×8", "320", "1,280"]
    assert re.split(r"  +", lines[-1]) == ["0–3", "864 B", "1,600 B", "2,560", "480 B"]


def test_more_devices_than_rows(mlp: Figure) -> None:
    result = mlp.partition({"x.rows": 10, "hidden": 8, "x.cols": 1}).devices()
    assert (result.count, len(result.rows)) == (80, 64)
    assert str(result).endswith("… 16 more")


def test_bytes_as_a_reader_wants_them() -> None:
    assert [bytes_text(n) for n in (0, 999, 1000, 123456, 10**9, 10**13)] == [
        "0 B", "999 B", "1 kB", "123.5 kB", "1 GB", "10 TB",
    ]  # fmt: skip


def test_the_state_has_the_names_of_the_axes(mlp: Figure) -> None:
    fig = mlp.partition({"h.k": 4}, tokens=5)
    assert fig.state.partition == {"h.k": 4, "x.rows": 5}
    assert mlp.partition(preset="megatron", devices=4).state.partition == {"preset:megatron": 4}
    assert fig.partition().state.partition == {} and fig.partition(tokens=1).state.partition == {}
    again = mc.open_figure(fig.link())
    assert again.state.partition == fig.state.partition
    assert str(again.devices()) == str(fig.devices())


def test_faces_are_drawn_in_blocks(mlp: Figure) -> None:
    fig = mlp.partition(tokens=4, w1_cols=2)
    head = fig.scene().head
    graph = fig._program.graph
    splits = {
        (graph[face.node].label, face.transposed): (face.row_split, face.col_split)
        for face in head.layouts[0].faces
        if face.part is None
    }
    rows, cols = splits["x", False]
    assert rows is not None and rows.length == 3 and cols is None
    rows, cols = splits["h", False]
    assert rows is not None and cols is not None and (rows.length, cols.length) == (3, 16)
    lengths = fig._program.partition(fig.state.partition).lengths
    for box in head.layouts[0].boxes:
        drawn = [item.length if item else size for item, size in zip(box.splits, box.sizes, strict=True)]
        assert tuple(drawn) == lengths[box.node]


def test_what_travels(mlp: Figure) -> None:
    assert mlp.scene().head.partition is None
    fig = mlp.partition({"x.rows": 4, "preset:megatron": 2})
    result = fig.scene().head.partition
    plan = fig.devices()
    assert result is not None and result.count == 8 and result.itemsize == 4
    assert [(item.name, item.blocks) for item in result.groups] == [("x.rows", 4), ("megatron", 2)]
    assert [(item.name, item.size, item.blocks, item.length, item.group) for item in result.splits] == [
        ("x.rows", 10, 4, 3, 0), ("w1.cols", 32, 2, 16, 1),
    ]  # fmt: skip
    (sent,) = result.collectives
    assert (sent.node, sent.kind, sent.bytes) == (7, "all-reduce", plan.sent_bytes)
    assert (sent.text, sent.why) == ("all-reduce 96 B", "partial sums, added up for out")
    assert [item.lies for item in result.matrices] == [row.lies for row in plan.nodes]
    assert [item.flops for item in result.devices] == [row.flops for row in plan.rows]
    assert {item.name for item in fig.scene().head.vocabulary.presets} >= {"megatron", "ring", "fsdp"}


def test_a_page_may_ask_for_blocks(mlp: Figure) -> None:
    view = msgspec.structs.replace(mlp.state, partition={"x.rows": 2})
    answer = mlp.answer(EditRequest(view=view, have=[]))
    assert isinstance(answer, bytes)
    wrong = msgspec.structs.replace(mlp.state, partition={"x.row": 2})
    problem = mlp.answer(EditRequest(view=wrong, have=[]))
    assert (
        not isinstance(problem, bytes) and problem.kind == "OptionError" and "x.rows" in (problem.hint or "")
    )
    many = msgspec.structs.replace(mlp.state, partition={"x.rows": 65})
    assert not isinstance(mlp.answer(EditRequest(view=many, have=[])), bytes)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda fig: fig.partition(8), "partition=8"),
        (lambda fig: fig.partition({3: 8}), "an axis has a name"),
        (lambda fig: fig.partition(preset="ring"), "devices is missing"),
        (lambda fig: fig.partition(devices=4), "preset is missing"),
        (lambda fig: fig.partition(tokens=2.5), "2.5 blocks"),
        (lambda fig: fig.partition(tokens="2"), "'2' blocks"),
        (lambda fig: fig.devices(dtype="int4"), "devices count whole bytes"),
        (lambda fig: fig.partition({f"a{n}.i": 2 for n in range(65)}), "65 axes"),
    ],
)
def test_what_cannot_be_used_is_refused(mlp: Figure, call: object, words: str) -> None:
    with pytest.raises(OptionError, match=re.escape(words)):
        call(mlp)  # type: ignore[operator]


def test_the_command_line_splits(tmp_path: Path) -> None:
    args = ["save", "A @ B", "--let", "A=ones(8,4)", "--let", "B=ones(4,6)", f"{tmp_path}/o.json"]
    done = CliRunner().invoke(cli, [*args, "--partition", "A.rows=4", "--partition", "B_cols=2"])
    assert done.exit_code == 0, done.output
    view = msgspec.json.decode((tmp_path / "o.json").read_bytes())["view"]
    assert msgspec.convert(view, View).partition == {"A.rows": 4, "B.cols": 2}
    wrong = CliRunner().invoke(cli, [*args, "--partition", "A.rows"])
    assert wrong.exit_code == 2 and "tokens=8" in wrong.output
