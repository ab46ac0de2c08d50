"""Heads in figures: names, scenes, films, links, pulls, one head alone; against NumPy in float64."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.api.front import figure, open_figure
from matcube.errors import OptionError
from matcube.wire import EditRequest, RewriteRequest
from matcube.wire.container import decode
from tests.heads import arrays_of, attention, gpt, llama


def fig(heads: int = 4, **changes):
    case = attention(heads=heads)
    return figure(case.program, **arrays_of(case), **changes)


def matrices(scene):
    return {one.name: one for one in scene.head.matrices}


def cells(scene, name: str) -> np.ndarray:
    one = matrices(scene)[name]
    return scene.buffers[one.values].reshape(one.rows, one.cols)


def test_every_head_travels_with_its_own_numbers():
    case = attention(heads=4)
    arrays = arrays_of(case)
    scene = figure(case.program, **arrays).scene()
    q, k = arrays["x"] @ arrays["wQ"], arrays["x"] @ arrays["wK"]
    np.testing.assert_allclose(cells(scene, "q"), q, atol=1e-12)
    for h in range(4):
        own = slice(2 * h, 2 * h + 2)
        scores = np.where(np.tri(6), q[:, own] @ k[:, own].T / 2, -np.inf)
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        np.testing.assert_allclose(cells(scene, f"P[{h}]"), shares, atol=1e-12)
        found = matrices(scene)[f"P[{h}]"].stats
        assert found is not None
        assert found.masked == 15
        assert found.max == pytest.approx(shares.max(), rel=1e-8)


def test_heads_share_one_scale():
    scene = fig().scene()
    named = matrices(scene)
    for name in ("P", "q", "z"):
        heads = [one for key, one in named.items() if key.startswith(f"{name}[")]
        assert len(heads) == 4
        assert len({str(one.scales) for one in heads}) == 1
        assert {(one.copy.index, one.copy.count) for one in heads if one.copy} == {(h, 4) for h in range(4)}
    assert named["q"].copy is None


def test_heads_run_together_in_one_lane():
    found = fig().animate("vmprod").film
    assert found is not None
    by_start: dict[tuple[float, int], int] = {}
    for sweep in found.sweeps:
        by_start[sweep.start, sweep.lane] = by_start.get((sweep.start, sweep.lane), 0) + 1
    assert sorted(by_start.values()) == [1, 1, 1, 1, 4, 4]
    assert max(sweep.lane for sweep in found.sweeps) == 2
    assert found.duration == 4 * 6


def test_an_algorithm_by_name_is_that_of_all_heads():
    found = fig().animate("vmprod", each={"S": "outer"}).film
    assert found is not None
    assert sum(sweep.algorithm == "outer" for sweep in found.sweeps) == 4 + 2  # its inputs follow it
    one = fig().animate("vmprod", each={"S[2]": "outer"}).film
    assert one is not None
    assert sum(sweep.algorithm == "outer" for sweep in one.sweeps) == 1


def test_names_of_heads_select_hide_and_pin():
    figured = fig()
    graph = figured._program.drawn.graph
    one = figured.view(select="P[2]", pin="P[2][3, 1]").state.selection
    assert one.node is not None
    assert graph[one.node].name == "P[2]"
    assert (one.pins[0].row, one.pins[0].col) == (3, 1)
    assert [graph[node].name for node in figured.view(hide=["P"]).state.hidden] == [
        f"P[{h}]" for h in range(4)
    ]
    with pytest.raises(OptionError, match=r"P\[9\]"):
        figured.view(select="P[9]")


def test_a_pull_travels_in_a_link_and_back():
    pulled = fig().layout(pull=[2])
    again = open_figure(pulled.link(), data=arrays_of(attention(heads=4)))
    assert again.state.layout.pull == (2,)
    assert again._program.place(again.state) == pulled._program.place(pulled.state)
    back = again.layout(pull=[])
    assert back._program.place(back.state) == fig()._program.place(fig().state)
    with pytest.raises(OptionError, match="pull"):
        fig().layout(pull=[-1])


def test_undoing_a_pull_in_a_session_gives_the_first_layout_and_sends_no_value():
    figured = fig()
    before = figured.scene()
    have = list(before.buffers)
    for state in (figured.layout(pull=[1]).state, figured.state):
        answer = figured.answer(EditRequest(view=state, have=have))
        assert isinstance(answer, bytes)
        assert not decode(answer).buffers
    assert figured.scene().head.layouts == before.head.layouts


def test_one_head_alone_shares_the_values_of_all():
    figured = fig()
    alone = figured.head(2)
    assert alone._program.values is figured._program.values
    names = {one.name for one in alone.scene().head.matrices}
    assert {"z[2]", "P[2]", "q[2]", "k[2]", "v[2]", "wQ[2]", "x"} <= names
    assert "wO" not in names
    assert all(one.copy is None for one in alone.scene().head.matrices)
    np.testing.assert_array_equal(cells(alone.scene(), "wQ[2]"), cells(figured.scene(), "wQ")[:, 4:6])
    assert alone.head(None).state == figured.state
    assert alone.value("S").shape == (4, 6, 6)
    for wrong in (4, -1, True, "2"):
        with pytest.raises(OptionError):
            figured.head(wrong)


def test_a_figure_without_heads_has_none_to_show():
    with pytest.raises(OptionError, match="nothing in this figure has heads"):
        figure("A @ B", A="eye(4, 4)", B="eye(4, 4)").head(0)


@pytest.mark.slow
@pytest.mark.parametrize("case", [gpt(12, 8, 24, 32), llama()], ids=["GPT-2", "Llama"])
def test_whole_layers_save_as_pages_and_pictures(case, tmp_path):
    figured = figure(case.program, **arrays_of(case))
    page = figured.save(tmp_path / "layer.html").read_text(encoding="utf-8")
    assert "This figure cannot be shown" not in page.split("<script")[0]
    assert figured.to_png(size=(320, 200)).startswith(b"\x89PNG")
    assert figured.head(1).to_png(size=(320, 200)).startswith(b"\x89PNG")


def test_lora_factors_are_low_fences():
    """x @ (w + a @ b): the box of a @ b is as deep as its rank, and no deeper."""
    figured = figure(
        "x @ w + (x @ a) @ b",
        x="gaussian(8, 32)",
        w="gaussian(32, 32)",
        a="gaussian(32, 2)",
        b="gaussian(2, 32)",
    )
    placement = figured._program.place(figured.state)
    assert sorted(min(box.sizes) for box in placement.boxes) == [2, 2, 8]


def test_blocks_of_an_axis_show_on_every_head():
    case = attention(heads=4, tokens=8)
    figured = figure(case.program, **arrays_of(case)).partition(x_rows=4)
    graph, placement = figured._program.drawn.graph, figured._program.place(figured.state)
    heads = [face for face in placement.faces if (graph[face.node].name or "").startswith("P[")]
    assert len(heads) == 4
    assert all(face.row_split is not None and face.row_split.length == 2 for face in heads)
    assert figured.devices().count == 4


@pytest.mark.parametrize(
    ("splits", "told"),
    [
        ({"x.cols": 2}, {("q", "all-reduce", ""), ("k", "all-reduce", ""), ("v", "all-reduce", "")}),
        ({"q @ k.mT.k": 2}, {("S[0]", "all-reduce", "of all 4 heads: ")}),
        ({"z.h": 2}, {("merge(permute(z, axes=(1, 0, 2)), axis=1) @ wO", "all-reduce", "")}),
    ],
)
def test_an_exchange_of_heads_stands_at_the_first_that_is_drawn(splits, told):
    figured = fig().partition(splits)
    head = figured.scene().head
    names = {one.node: one.name for one in head.matrices}
    own = figured.devices().collectives
    assert head.partition is not None
    assert {(names[one.node], one.kind, one.why.rpartition("partial sums")[0])
            for one in head.partition.collectives} == told  # fmt: skip
    assert [(one.kind, one.bytes) for one in own] == [
        (one.kind, one.bytes) for one in head.partition.collectives
    ]


def test_the_tree_has_one_row_for_all_heads():
    terms = fig().scene().head.terms
    names = [one.name for one in terms if one.name]
    assert names.count("P") == 1
    assert not [name for name in names if "[" in name]


def test_a_change_of_one_head_in_the_panel_is_one_of_the_program():
    figured = fig()
    graph = figured._program.drawn.graph
    head = next(node.id for node in graph.nodes if node.name == "P[2]")
    answer = figured.answer(RewriteRequest(view=figured.state, node=head, change="rename", text="weights"))
    assert isinstance(answer, bytes)
    assert "weights = softmax(tril(S))" in decode(answer).head.view.program
    big = next(node.id for node in graph.nodes if node.name == "q")
    refused = figured.answer(RewriteRequest(view=figured.state, node=big, change="size", dim=9, size=5))
    assert "several letters" in refused.message
