"""Simulated devices: the plan of a partition, executed in NumPy, float64.

Every device has an array of the whole shape for every matrix, with NaN wherever it does not hold the cell.
So a plan that forgets to send something ends in NaN, and a plan that adds too much in another number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np

from matcube.ir import Contraction, Graph, Leaf, Map, Node
from matcube.ops import Array, Cells
from matcube.partition import Devices, Move, Placed, Step, block
from matcube.partition.devices import At, cells_held, letter_ranges
from matcube.values import Values

Held = dict[At, Array]
Placements = tuple[Placed, ...]


class Simulation:
    """One run of a plan.

    Args:
        graph: the program.
        plan: its devices.
        whole: the values that a single device computes, in float64.
    """

    def __init__(self, graph: Graph, plan: Devices, whole: Values) -> None:
        self.graph, self.plan, self.whole = graph, plan, whole
        self.groups = plan.partition.groups
        self.places = list(product(*(range(group.blocks) for group in self.groups)))
        self.held: dict[tuple[int, Placements], Held] = {}
        self.received: dict[int, int] = {}  # cells by place among the plan's collectives, over all devices

    def run(self) -> None:
        """Compute every node, then bring it to where it is needed."""
        for step in self.plan.steps:
            self.held[step.node, step.lies] = {at: self._compute(step, at) for at in self.places}
            if any(step.reductions):
                self.held[step.node, step.lies] = self._by_rows(step)
            for move in self.plan.moves:
                if move.node == step.node:
                    self._carry_out(move)

    def result(self, node: int, lies: Placements) -> Array:
        """A matrix put together from what lies on the devices; every cell must be somewhere."""
        held, shape = self.held[node, lies], self.graph[node].shape
        filled = np.full(shape, np.nan)
        for at in self.places:
            own = cells_held(self.graph[node], self.plan.partition, lies, at)
            filled[own] = held[at][own]
        return filled

    def _compute(self, step: Step, at: At) -> Array:
        node = self.graph[step.node]
        if isinstance(node.kind, Leaf):
            return self._cut(node, step.lies, at, self.whole[node.id].cells.values)
        operands = [self.held[item, needs][at] for item, needs in zip(node.inputs, step.needs, strict=True)]
        if isinstance(node.kind, Contraction):
            return self._product(step, at, operands)
        hidden = [self.whole[item].cells.hidden for item in node.inputs]
        cells = [Cells(item, mask) for item, mask in zip(operands, hidden, strict=True)]
        with np.errstate(all="ignore"):
            return self._cut(node, step.lies, at, node.kind.op(*cells).values)

    def _product(self, step: Step, at: At, operands: list[Array]) -> Array:
        node = self.graph[step.node]
        parts = letter_ranges(self.graph, self.plan.partition, step, at)
        names = {letter: number for number, letter in enumerate(parts)}
        inputs: list[object] = []
        for letters, operand in zip(node.spec.inputs, operands, strict=True):
            own = operand[tuple(parts[letter] for letter in letters)]
            assert not np.isnan(own).any(), f"{node.label}: device {at} lacks cells of an operand"
            inputs += [own, [names[letter] for letter in letters]]
        out = np.full(node.shape, np.nan)
        value = np.einsum(*inputs, [names[letter] for letter in node.spec.output])  # type: ignore[call-overload]
        out[tuple(parts[letter] for letter in node.spec.output)] = value
        return out

    def _by_rows(self, step: Step) -> Held:
        """Softmax and norms in blocks of columns: one number per row goes round for each reduction."""
        node = self.graph[step.node]
        assert isinstance(node.kind, Map)
        (group,) = (number for number, item in enumerate(step.reductions) if item)
        masks = self.whole[node.inputs[0]].cells.hidden
        filled: Held = {}
        for line in self._lines(group):
            own = [cells_held(node, self.plan.partition, step.lies, at) for at in line]
            blocks = [
                self.held[node.inputs[0], step.needs[0]][at][o] for at, o in zip(line, own, strict=True)
            ]
            if masks is not None and node.kind.op.name == "softmax":
                blocks = [np.where(masks[o], -np.inf, item) for item, o in zip(blocks, own, strict=True)]
            made = _ROWS[node.kind.op.name](blocks, node.shape[-1], getattr(node.kind.op, "eps", 0.0))
            for at, o, item in zip(line, own, made, strict=True):
                filled[at] = np.full(node.shape, np.nan)
                filled[at][o] = item
        return filled

    def _carry_out(self, move: Move) -> None:
        node, held = self.graph[move.node], dict(self.held[move.node, move.source])
        for now, then in pairwise(move.path):
            (number,) = (item for item, before in enumerate(now) if before != then[item])
            for line in self._lines(number):
                self._exchange(node, number, line, held, (now[number], then[number]))
            held = {at: self._cut(node, then, at, held[at]) for at in self.places}
        self.held[move.node, move.target] = held

    def _exchange(
        self, node: Node, group: int, line: list[At], held: Held, way: tuple[Placed, Placed]
    ) -> None:
        """All devices of a line get what any of them has; what each receives that it needs is counted."""
        before, after = way
        blocks = self.groups[group].blocks
        if before.how == "partial":
            both = np.sum([held[at] for at in line], axis=0)
        else:
            both = np.full(node.shape, np.nan)
            for at in line:
                both = np.where(np.isnan(held[at]), both, held[at])
        for at in line:
            own = [slice(0, size) for size in node.shape]
            if after.how == "shard":
                own[after.dim] = block(node.shape[after.dim], blocks, at[group])
            wanted = ~np.isnan(both[tuple(own)])
            lacking = wanted & np.isnan(held[at][tuple(own)])
            cells = int(wanted.sum())
            if before.how == "partial":  # a share from every other device, then whole sums from each
                cells = cells * (blocks - 1) if after.how == "shard" else 2 * cells * (blocks - 1) // blocks
            else:
                cells = int(lacking.sum())
            self.received[node.id] = self.received.get(node.id, 0) + cells
            held[at] = np.array(both)

    def _lines(self, group: int) -> Iterator[list[At]]:
        for at in self.places:
            if at[group] == 0:
                blocks = range(self.groups[group].blocks)
                yield [(*at[:group], number, *at[group + 1 :]) for number in blocks]

    def _cut(self, node: Node, lies: Placements, at: At, values: Array) -> Array:
        own = cells_held(node, self.plan.partition, lies, at)
        out = np.full(node.shape, np.nan)
        out[own] = values[own]
        return out


def _softmax(blocks: list[Array], _: int, __: float) -> list[Array]:
    largest = np.max([item.max(-1, initial=-np.inf) for item in blocks], axis=0)[..., None]
    with np.errstate(all="ignore"):
        weights = [np.exp(item - largest) for item in blocks]
    total = np.sum([item.sum(-1) for item in weights], axis=0)[..., None]
    return [np.where(np.isfinite(largest), item / np.where(total == 0, 1, total), 0.0) for item in weights]


def _layernorm(blocks: list[Array], width: int, eps: float) -> list[Array]:
    mean = np.sum([item.sum(-1) for item in blocks], axis=0)[..., None] / width
    spread = np.sum([((item - mean) ** 2).sum(-1) for item in blocks], axis=0)[..., None] / width
    return [(item - mean) / np.sqrt(spread + eps) for item in blocks]


def _rmsnorm(blocks: list[Array], width: int, eps: float) -> list[Array]:
    square = np.sum([(item * item).sum(-1) for item in blocks], axis=0)[..., None] / width
    return [item / np.sqrt(square + eps) for item in blocks]


_ROWS = {"softmax": _softmax, "layernorm": _layernorm, "rmsnorm": _rmsnorm}
