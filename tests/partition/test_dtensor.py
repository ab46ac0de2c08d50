"""Predicted exchanges and FLOPs against what torch counts when DTensor carries plans out on four processes.

The plan says where each matrix lies; DTensor's own rules must give the same placement for every result and
send nothing on their own account. See ``docs/decisions/0008-partitions.md`` for what is compared how.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from matcube.ir import Graph
from matcube.partition import Devices, block_length, devices, partition
from tests.partition.programs import EXPERTS, EXPERTS_SHAPES, HEAD, HEAD_SHAPES, PROGRAMS, figure_of

pytest.importorskip("torch")
pytestmark = [pytest.mark.torch, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
ITEM = 8  # bytes: float64, so that the numbers can be compared closely


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All cases in one process group."""
    out = tmp_path_factory.mktemp("dtensor") / "counted.json"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = subprocess.run(
        [sys.executable, "-m", "tests.partition.dtensor_worker", str(port), str(out)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


def plan_of(program: str, splits: dict[str, int]) -> tuple[Graph, Devices]:
    graph = figure_of(*PROGRAMS[program])._program.graph
    return graph, devices(graph, partition(graph, splits), itemsize=ITEM)


def payloads(graph: Graph, plan: Devices) -> list[tuple[str, int]]:
    """Bytes of the whole matrix of each exchange; DTensor pads short blocks before it gathers or scatters."""
    result = [
        (item.kind, item.cells * ITEM)
        for item in plan.collectives
        if item.why.endswith("of each row")
        for _ in range(item.count)
    ]
    for move in plan.moves:
        sent = iter(move.collectives)
        for now, then in pairwise(move.path):
            (group,) = (place for place, item in enumerate(now) if item != then[place])
            before, after = now[group], then[group]
            if before.how == "replicate":
                continue
            item = next(sent)
            cells, dim = item.cells, max(before.dim, after.dim)
            if item.kind != "all-reduce":
                size = graph[move.node].shape[dim]
                cells = cells // size * block_length(size, item.blocks) * item.blocks
            result.append((item.kind, cells * ITEM))
    return sorted(result)


def test_every_exchange_is_predicted(counted: dict[str, Any]) -> None:
    wrong = []
    for case in counted["cases"]:
        graph, plan = plan_of(case["program"], case["splits"])
        kinds = Counter(kind for kind, _ in payloads(graph, plan))
        result = case.get("failed") or (case["counts"], [tuple(item) for item in case["sent"]])
        if result != (dict(kinds), payloads(graph, plan)):
            wrong.append((case["program"], case["splits"], payloads(graph, plan), result))
    assert not wrong


def test_left_alone_torch_sends_the_same(counted: dict[str, Any]) -> None:
    alone = [case for case in counted["cases"] if "alone" in case]
    for case in alone:
        wanted = payloads(*plan_of(case["program"], case["splits"]))
        assert [tuple(item) for item in case["alone"]] == wanted, (case["program"], case["splits"])
    assert len(alone) >= 25


def test_flops_of_a_device_are_those_that_torch_counts(counted: dict[str, Any]) -> None:
    for case in counted["cases"]:
        _, plan = plan_of(case["program"], case["splits"])
        assert plan.rows[0].flops == case["flops"], (case["program"], case["splits"])


def test_every_process_has_the_right_numbers(counted: dict[str, Any]) -> None:
    assert max(case["error"] for case in counted["cases"]) < 1e-9


def test_enough_was_compared(counted: dict[str, Any]) -> None:
    """At least nine programs on every axis, presets, meshes of two axes, and exchanges of three kinds."""
    cases = counted["cases"]
    single = {case["program"] for case in cases if not next(iter(case["splits"])).startswith("preset:")}
    presets = {name for case in cases for name in case["splits"] if name.startswith("preset:")}
    assert len(single) >= 14 and len(cases) >= 130
    assert presets == {f"preset:{item}" for item in ("data", "megatron", "sequence", "blockwise", "fsdp")}
    assert any(len(case["splits"]) == 2 for case in cases)
    kinds = Counter(kind for case in cases for kind, _ in case["sent"])
    assert min(kinds[item] for item in ("all-reduce", "all-gather", "reduce-scatter")) >= 5
    assert sum(kinds.values()) >= 150


def test_ring_attention_sends_what_is_predicted(counted: dict[str, Any]) -> None:
    graph = figure_of(HEAD, HEAD_SHAPES)._program.graph
    plan = devices(graph, partition(graph, {"preset:ring": 4}), itemsize=ITEM)
    wanted = {
        graph[item.node].label: [item.cells * ITEM // item.blocks] * item.count
        for item in plan.collectives
        if item.kind == "ring"
    }
    assert set(wanted) == {"K.T", "V"} and len(plan.collectives) == 2
    for process in (item["ring"] for item in counted["by_hand"]):
        assert process["sent"] == wanted
        assert process["error"] < 1e-12
        assert sum(map(sum, process["sent"].values())) == plan.rows[0].sent_bytes


def test_experts_send_what_is_predicted(counted: dict[str, Any]) -> None:
    graph = figure_of(EXPERTS, EXPERTS_SHAPES)._program.graph
    plan = devices(graph, partition(graph, {"preset:expert": 4}), itemsize=ITEM)
    assert [item.kind for item in plan.collectives] == ["all-to-all"] * 2
    for process in (item["experts"] for item in counted["by_hand"]):
        assert process["sent"] == [item.bytes for item in plan.collectives]
        assert list(process["counts"].values()) == [2]
        assert process["error"] < 1e-12
