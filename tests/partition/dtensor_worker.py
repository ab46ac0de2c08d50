"""Four processes that carry plans out with torch's DTensor, and count what is sent and computed.

Run as a program: ``python -m tests.partition.dtensor_worker PORT OUT``. It writes what the first process
counted, and whether the result was right on all of them, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch._guards import detect_fake_mode
from torch.distributed.tensor import DTensor, Partial, Replicate, Shard
from torch.distributed.tensor.debug import CommDebugMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode, _FlopCounterMode

from matcube.errors import OptionError
from matcube.ir import Contraction, Leaf, Node, Reindex
from matcube.ir.axes import axes
from matcube.partition import Devices, Placed, Step, devices, partition
from matcube.partition.devices import cells_held
from matcube.partition.sharding import returned
from tests.partition import experts, ring
from tests.partition.programs import PROGRAMS, figure_of

WORLD = 4
Placements = tuple[Placed, ...]
Meshes = dict[tuple[int, ...], Any]
# Programs on which DTensor, left alone, chooses the same way to compute; elsewhere it has other habits.
LEFT_ALONE = ("product", "epilogue", "residual", "gram", "mlp", "experts", "slice")
BY_USE = ("mlp", "head", "two layers", "uneven head")
ON_A_MESH = ("chain", "softmax", "mlp", "head")
# The others DTensor cannot do on CPU: all-to-all and ring are written by hand (experts.py, ring.py).
PRESETS = ("data", "megatron", "sequence", "blockwise", "fsdp")


def cases() -> list[tuple[str, dict[str, int]]]:
    """Every axis of every program over 4 devices, every pair over 2 × 2, letters as one use, and presets."""
    result: list[tuple[str, dict[str, int]]] = []
    for name, (program, shapes) in PROGRAMS.items():
        graph = figure_of(program, shapes)._program.graph
        names = [axis.name for axis in axes(graph) if axis.size >= WORLD]
        asked = [{entry: 4} for entry in names]
        if name in ON_A_MESH:
            asked += [{entry: 2, two: 2} for entry in names for two in names if entry < two]
        asked += [{f"preset:{entry}": 4} for entry in PRESETS]
        if name in BY_USE:
            asked += [{f"{node.id}.i": 4} for node in graph.nodes if isinstance(node.kind, Contraction)]
        for splits in asked:
            try:
                partition(graph, splits)
            except OptionError:
                continue
            result.append((name, splits))
    return result


class _Sent(TorchDispatchMode):  # type: ignore[misc]
    """Bytes of the whole matrix of every collective, below DTensor."""

    def __init__(self) -> None:
        super().__init__()
        self.result: list[tuple[str, int]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if any(issubclass(entry, DTensor) for entry in types):
            return NotImplemented
        out = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__ if hasattr(func, "overloadpacket") else ""
        kind = _KINDS.get(name)
        if kind is not None:
            whole = out if kind == "all-gather" else args[0]
            self.result.append((kind, whole.numel() * whole.element_size()))
        return out


_KINDS = {
    "all_reduce": "all-reduce",
    "all_reduce_": "all-reduce",
    "all_gather_into_tensor": "all-gather",
    "all_gather_into_tensor_out": "all-gather",
    "reduce_scatter_tensor": "reduce-scatter",
    "all_to_all_single": "all-to-all",
}


class _LocalFlops(_FlopCounterMode):  # type: ignore[misc]
    """FlopCounterMode sees what one process computes, not the DTensor above it, nor what that tries out."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if any(issubclass(entry, DTensor) for entry in types):
            return NotImplemented
        if detect_fake_mode((args, kwargs)) is not None:
            return func(*args, **(kwargs or {}))
        return super().__torch_dispatch__(func, types, args, kwargs)


class _Flops(FlopCounterMode):  # type: ignore[misc]
    """The counter with that mode."""

    def __enter__(self) -> _Flops:
        super().__enter__()
        self.mode.__exit__(None, None, None)
        self.mode: Any = _LocalFlops(self)
        self.mode.__enter__()
        return self


class Run:
    """One plan on DTensors.

    Args:
        name: a row of ``PROGRAMS``.
        splits: what is split.
        rank: this process.
    """

    def __init__(self, name: str, splits: dict[str, int], rank: int, meshes: Meshes) -> None:
        fig = figure_of(*PROGRAMS[name])
        self.graph, self.values = fig._program.graph, fig._program.values
        self.plan: Devices = devices(self.graph, partition(self.graph, splits), itemsize=8)
        shape = tuple(group.blocks for group in self.plan.partition.groups)
        self.mesh = meshes[shape]
        self.at = list(product(*map(range, shape)))[rank]
        self.held: dict[tuple[int, Placements], Any] = {}
        for step in self.plan.steps:
            if self._is_leaf(step):
                self.held[step.node, step.lies] = self.local(
                    step.node, step.lies, self.values[step.node].cells.values
                )

    def local(self, node: int, lies: Placements, whole: Any) -> Any:
        """A DTensor from what this process has of an array; nothing is sent."""
        own = torch.from_numpy(
            np.ascontiguousarray(whole[cells_held(self.graph[node], self.plan.partition, lies, self.at)])
        )
        full = torch.empty(whole.shape, dtype=own.dtype, device="meta")
        return DTensor.from_local(
            own, self.mesh, _torch(lies), run_check=False, shape=full.shape, stride=full.stride()
        )

    def carry_out(self) -> dict[str, Any]:
        """Run the program under the counters."""
        sent, flops = _Sent(), _Flops(display=False)
        with CommDebugMode() as comm, flops, sent:
            for step in self.plan.steps:
                if (step.node, step.lies) not in self.held:
                    self.held[step.node, step.lies] = self._compute(step)
                for move in self.plan.moves:
                    if move.node == step.node:
                        held = self.held[move.node, move.source]
                        for lies in move.path[1:]:
                            held = held.redistribute(self.mesh, _torch(lies))
                        self.held[move.node, move.target] = held
        counts = {
            _KINDS.get(kind.__name__, kind.__name__): count for kind, count in comm.get_comm_counts().items()
        }
        return {
            "counts": counts,
            "sent": sorted(sent.result),
            "flops": flops.get_total_flops(),
            "error": self._error(),
        }

    def left_alone(self) -> list[tuple[str, int]]:
        """What DTensor sends when placements are given for leaves and outputs only."""
        result = {
            step.node: self.held[step.node, step.lies] for step in self.plan.steps if self._is_leaf(step)
        }
        with _Sent() as sent:
            for step in self.plan.steps:
                node = self.graph[step.node]
                if step.node not in result:
                    result[step.node] = self._op(node, step, [result[entry] for entry in node.inputs])
            for node_id in self.graph.outputs:
                lies = returned(self.graph, self.plan.partition, node_id, self.plan.steps[node_id].lies)
                result[node_id].redistribute(self.mesh, _torch(lies))
        return sorted(sent.result)

    def _is_leaf(self, step: Step) -> bool:
        return isinstance(self.graph[step.node].kind, Leaf)

    def _compute(self, step: Step) -> Any:
        node = self.graph[step.node]
        operands = [self.held[entry, needs] for entry, needs in zip(node.inputs, step.needs, strict=True)]
        if any(step.reductions):
            made = _BY_ROWS[node.kind.op.name](operands[0], node.kind.op)  # type: ignore[union-attr]
        else:
            made = self._op(node, step, operands)
        if isinstance(node.kind, Reindex):  # what is whole may be cut: nothing is sent
            cut = [
                after if before.is_replicate() else before
                for before, after in zip(made.placements, _torch(step.lies), strict=True)
            ]
            made = made.redistribute(self.mesh, cut) if not any(entry.is_partial() for entry in cut) else made
        assert tuple(made.placements) == tuple(_torch(step.lies)), (
            f"{node.label}: DTensor gives {made.placements}, the plan says {_torch(step.lies)}"
        )
        return made

    def _op(self, node: Node, step: Step, operands: list[Any]) -> Any:
        if isinstance(node.kind, Contraction):
            return _product(node, operands)
        op: Any = node.kind.op  # type: ignore[union-attr]
        if isinstance(node.kind, Reindex) and any(entry.how == "partial" for entry in step.lies):
            local = _OPS[op.name](op, operands[0].to_local())  # DTensor adds some up before it moves them
            return DTensor.from_local(local, self.mesh, _torch(step.lies), run_check=False)
        if op.name == "tril":
            mask = self.local(node.id, step.lies, np.triu(np.ones(node.shape, bool), 1 + op.offset))
            return operands[0].masked_fill(mask, -torch.inf)
        return _OPS[op.name](op, *operands)

    def _error(self) -> float:
        """How far this process's own parts are from the whole, at most."""
        worst = 0.0
        for (node, lies), held in self.held.items():
            if any(entry.how == "partial" for entry in lies):
                continue
            own = cells_held(self.graph[node], self.plan.partition, lies, self.at)
            wanted = self.values[node].cells.values[own]
            hidden = self.values[node].cells.hidden
            result = held.to_local().numpy()
            if hidden is not None:
                result = np.where(hidden[own], wanted, result)
            worst = max(worst, float(np.abs(result - wanted).max(initial=0)))
        return worst


def _torch(lies: Placements) -> list[Any]:
    return [
        Shard(entry.dim) if entry.how == "shard" else Partial() if entry.how == "partial" else Replicate()
        for entry in lies
    ]


def _product(node: Node, operands: list[Any]) -> Any:
    left, right = operands
    if node.spec.inputs[0][-1:] == node.spec.summed and node.spec.inputs[1][-2:-1] == node.spec.summed:
        return torch.matmul(left, right)
    if len(right.shape) == 1 and node.spec.inputs[1] == node.spec.summed:
        return torch.matmul(left, right.unsqueeze(-1)).squeeze(-1)  # FlopCounterMode does not count mv
    raise NotImplementedError(str(node.spec))


def _softmax(x: Any, _: Any) -> Any:
    largest = _reduced(x.amax(-1, keepdim=True))
    weights = torch.exp(x - largest)
    return weights / _reduced(weights.sum(-1, keepdim=True))


def _layernorm(x: Any, op: Any) -> Any:
    centred = x - _reduced(x.sum(-1, keepdim=True)) / x.shape[-1]
    spread = _reduced((centred * centred).sum(-1, keepdim=True)) / x.shape[-1]
    return centred / torch.sqrt(spread + op.eps)


def _rmsnorm(x: Any, op: Any) -> Any:
    return x / torch.sqrt(_reduced((x * x).sum(-1, keepdim=True)) / x.shape[-1] + op.eps)


def _reduced(x: Any) -> Any:
    """One number per row, the same on all devices that share the row."""
    return x.redistribute(x.device_mesh, [Replicate() if p.is_partial() else p for p in x.placements])


_BY_ROWS: dict[str, Callable[..., Any]] = {"softmax": _softmax, "layernorm": _layernorm, "rmsnorm": _rmsnorm}
_OPS: dict[str, Callable[..., Any]] = {
    "relu": lambda _, x: torch.relu(x),
    "gelu": lambda _, x: torch.nn.functional.gelu(x),
    "silu": lambda _, x: torch.nn.functional.silu(x),
    "softmax": lambda _, x: torch.softmax(x, -1),
    "layernorm": lambda op, x: torch.nn.functional.layer_norm(x, x.shape[-1:], eps=op.eps),
    "rmsnorm": lambda op, x: torch.nn.functional.rms_norm(x, x.shape[-1:], eps=op.eps),
    "scale": lambda op, x: x * op.by,
    "divide": lambda op, x: x / op.by,
    "plus": lambda _, x, y: x + y,
    "times": lambda _, x, y: x * y,
    "T": lambda op, x: x.permute(op.axes),
    "split": lambda op, x: x.unflatten(op.axis, (op.parts, -1)),
    "merge": lambda op, x: x.flatten(op.axis, op.axis + 1),
    "repeat": lambda op, x: x.repeat_interleave(op.times, dim=op.axis),
    "concat": lambda op, *x: torch.cat(x, dim=op.axis),
    "slice": lambda op, x: x[tuple(slice(a, b) for a, b in zip(op.start, op.stop, strict=True))],
}


def _work(rank: int, port: int, out: str) -> None:
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), GLOO_SOCKET_IFNAME="lo")
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    from torch.distributed.device_mesh import init_device_mesh

    meshes: Meshes = {shape: init_device_mesh("cpu", shape) for shape in ((4,), (2, 2))}
    result = []
    for name, splits in cases():
        record: dict[str, Any]
        try:
            record = Run(name, splits, rank, meshes).carry_out()
            if name in LEFT_ALONE and len(splits) == 1:
                record["alone"] = Run(name, splits, rank, meshes).left_alone()
        except Exception as error:
            record = {"failed": f"{type(error).__name__}: {str(error)[:300]}"}
        worst = torch.tensor([record.get("error", 0.0)], dtype=torch.float64)
        dist.all_reduce(worst, dist.ReduceOp.MAX)
        result.append({"program": name, "splits": splits, **record, "error": worst.item()})
    by_hand: list[Any] = [None] * WORLD
    dist.all_gather_object(by_hand, {"ring": ring.run(rank, WORLD), "experts": experts.run(rank, WORLD)})
    if rank == 0:
        Path(out).write_text(json.dumps({"cases": result, "by_hand": by_hand}), encoding="utf-8")
    dist.destroy_process_group()


if __name__ == "__main__":
    given = (int(sys.argv[1]), sys.argv[2])
    mp.start_processes(_work, args=given, nprocs=WORLD, start_method="fork")
