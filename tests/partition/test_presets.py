"""Presets: each finds its axes by structure, agrees with its formula, or says what is missing."""

from __future__ import annotations

import pytest

from matcube.errors import OptionError
from matcube.partition import PRESETS, Devices, devices, partition
from tests.partition.programs import (
    EXPERTS,
    EXPERTS_SHAPES,
    HEAD,
    HEAD_SHAPES,
    HEADS,
    HEADS_SHAPES,
    MLP,
    MLP_SHAPES,
    Shapes,
    figure_of,
)

N = 4
Sent = list[tuple[str, str, int, int]]


def planned(program: str, shapes: Shapes, **splits: int) -> tuple[Devices, Sent]:
    graph = figure_of(program, shapes)._program.graph
    plan = devices(
        graph, partition(graph, {name.replace("preset_", "preset:"): n for name, n in splits.items()})
    )
    return plan, [(graph[item.node].label, item.kind, item.count, item.bytes) for item in plan.collectives]


def test_data_parallel_sends_nothing_forwards() -> None:
    plan, sent = planned(MLP, MLP_SHAPES, preset_data=N)
    assert sent == []
    assert plan.rows[0].flops * N == planned(MLP, MLP_SHAPES)[0].rows[0].flops


def test_megatron_sums_once_for_each_pair_of_layers() -> None:
    """2 (n - 1) / n of the activations, for the attention and for the feed-forward."""
    tokens, width = HEADS_SHAPES["x"]
    each = 2 * (N - 1) * tokens * width * 4 // N
    plan, sent = planned(HEADS, HEADS_SHAPES, preset_megatron=N)
    assert [item[1:] for item in sent] == [("all-reduce", 1, each)] * 2
    held = {row.name: row.lies for row in plan.nodes if row.is_leaf}
    assert held["x"] == ("Replicate",)
    assert [held[name] for name in ("wQ", "w1", "w2")] == [
        ("Shard(wQ.cols)",), ("Shard(w1.cols)",), ("Shard(w1.cols)",),
    ]  # fmt: skip
    assert {row.shape for row in plan.nodes if row.name in ("wQ", "wK", "wV")} == {(12, 2)}
    assert {row.name: row.shape for row in plan.nodes}["wO"] == (2, 12)
    whole = planned(HEADS, HEADS_SHAPES)[0]
    assert plan.rows[0].flops * N == whole.rows[0].flops


def test_sequence_parallel_sends_as_much_in_halves() -> None:
    tokens, width = HEADS_SHAPES["x"]
    each = (N - 1) * tokens * width * 4 // N
    plan, sent = planned(HEADS, HEADS_SHAPES, preset_sequence=N)
    kinds = [kind for _, kind, _, _ in sent]
    assert kinds == ["all-gather", "reduce-scatter"] * 2
    assert {size for *_, size in sent} == {each}
    assert plan.sent_bytes == planned(HEADS, HEADS_SHAPES, preset_megatron=N)[0].sent_bytes
    lies = {row.name: row.lies for row in plan.nodes}
    assert lies["x"] == lies["n"] == lies["y"] == lies["out"] == ("Shard(x.rows)",)


def test_ring_and_gather_send_the_same_bytes() -> None:
    tokens, head = HEAD_SHAPES["x"][0], HEAD_SHAPES["wK"][1]
    each = (N - 1) * tokens * head * 4 // N
    plan, sent = planned(HEAD, HEAD_SHAPES, preset_ring=N)
    assert sent == [("V", "ring", N - 1, each), ("K.T", "ring", N - 1, each)]
    _, gathered = planned(HEAD, HEAD_SHAPES, tokens=N)
    assert gathered == [("V", "all-gather", 1, each), ("K.T", "all-gather", 1, each)]
    assert plan.rows[0].flops * N == planned(HEAD, HEAD_SHAPES)[0].rows[0].flops


def test_ring_takes_two_inputs_that_are_two_axes() -> None:
    program = "softmax(Q @ K.T) @ V"
    plan, sent = planned(program, {"Q": (8, 4), "K": (12, 4), "V": (12, 4)}, preset_ring=N)
    assert {(name, kind) for name, kind, *_ in sent} == {("V", "ring"), ("K.T", "ring")}
    assert {row.name: row.lies for row in plan.nodes if row.is_leaf} == {
        "Q": ("Shard(Q.rows)",), "K": ("Shard(K.rows)",), "V": ("Shard(K.rows)",),
    }  # fmt: skip


def test_blockwise_gathers_the_input_once() -> None:
    tokens, width = HEAD_SHAPES["x"]
    _, sent = planned(HEAD, HEAD_SHAPES, preset_blockwise=N)
    assert sent == [("x", "all-gather", 1, (N - 1) * tokens * width * 4 // N)]


def test_fsdp_gathers_every_weight_and_holds_a_share_of_it() -> None:
    plan, sent = planned(MLP, MLP_SHAPES, preset_fsdp=N)
    sizes = {"w1": 12 * 16, "b1": 16, "w2": 16 * 8, "b2": 8}
    assert sent == [(name, "all-gather", 1, (N - 1) * cells * 4 // N) for name, cells in sizes.items()]
    assert plan.rows[0].leaf_bytes * N == (sum(sizes.values()) + 8 * 12) * 4


def test_experts_get_their_tokens_and_send_them_back() -> None:
    plan, sent = planned(EXPERTS, EXPERTS_SHAPES, preset_expert=N)
    cells = 4 * 8 * 12
    assert [(kind, count, size) for _, kind, count, size in sent] == [
        ("all-to-all", 1, (N - 1) * cells * 4 // N**2)
    ] * 2
    assert [row.shape for row in plan.nodes if row.name.startswith("w")] == [(1, 12, 16), (1, 16, 12)]


@pytest.mark.parametrize("name", PRESETS)
def test_a_program_that_has_none_of_it_is_told(name: str) -> None:
    shapes: Shapes = {"x": (8, 12)}
    graph = figure_of("softmax(x).T", shapes)._program.graph
    with pytest.raises(OptionError) as error:
        partition(graph, {f"preset:{name}": 2})
    assert str(error.value).startswith(f"{name}: needs ")
    assert "axes: x.rows (8), x.cols (12)" in str(error.value)


@pytest.mark.parametrize("name", PRESETS)
def test_every_row_says_what_it_does(name: str) -> None:
    row = PRESETS[name]
    assert 20 < len(row.help) < 110 and not row.help.endswith(".")
    assert row.needs.startswith("needs ") and row.source


def test_tokens_that_attend_to_each_other_are_no_batch() -> None:
    for name in ("data", "fsdp"):
        graph = figure_of(HEAD, HEAD_SHAPES)._program.graph
        with pytest.raises(OptionError, match="blockwise or ring"):
            partition(graph, {f"preset:{name}": 2})


def test_a_batch_of_sequences_is_one() -> None:
    program = "q = x @ wQ; k = x @ wK; softmax(q @ k.mT) @ x"
    _, sent = planned(program, {"x": (4, 8, 12), "wQ": (12, 4), "wK": (12, 4)}, preset_data=N)
    assert sent == []


def test_gradients_of_weights_are_added_up() -> None:
    fig = figure_of("C = A @ B", {"A": (16, 8), "B": (8, 12)}).backward("C").partition(A_rows=N)
    result = fig.devices()
    names = {row.node: row.name for row in result.nodes}
    assert [(names[item.node], item.kind, item.bytes) for item in result.collectives] == [
        ("dB", "all-reduce", 2 * (N - 1) * 8 * 12 * 4 // N)
    ]


def test_presets_go_together_over_a_mesh() -> None:
    plan, sent = planned(MLP, MLP_SHAPES, preset_data=2, preset_megatron=2)
    assert plan.count == 4
    assert [(kind, size) for _, kind, _, size in sent] == [("all-reduce", 2 * 8 // 2 * 8 * 4 // 2)]
