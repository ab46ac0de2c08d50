"""Values, blocks and devices of a program, by its drawn nodes, one for each head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import msgspec
from msgspec.structs import replace as changed

from matcube import wire
from matcube.cost import Cost
from matcube.ir import Contraction, Graph
from matcube.ir.copies import Copy
from matcube.ir.expand_heads import Drawn
from matcube.ops import Cells
from matcube.partition import Devices, Exchange, Partition
from matcube.timeline import Exchanged
from matcube.values import Result, Values

Splits = tuple[tuple[int, int, int], ...]
UseSplits = tuple[tuple[int, int, int, int], ...]
Lengths = tuple[int, int, int]


def parts_of(drawn: Graph, values: Values) -> Values:
    """Values of the drawn nodes; heads are views of the program's values where strides allow it."""
    if not drawn.copies:
        return values
    results, absent = {}, {}
    for node in drawn.nodes:
        copy = drawn.copies[node.id]
        result = values.get(copy.of)
        if result is None:
            absent[node.id] = values.reason(copy.of) or ""
            continue
        hidden = None if result.cells.hidden is None else copy.part(result.cells.hidden)
        results[node.id] = Result(Cells(copy.part(result.cells.values), hidden), result.dtype)
    return Values(results, absent)


def drawn_splits(drawn: Graph, partition: Partition) -> tuple[Splits, UseSplits]:
    """Blocks of a program's dimensions as those of the sides on which they are drawn.

    A side of several letters is split along its outermost; a letter of the stack is split between heads.
    """
    if not drawn.copies:
        return partition.splits, partition.use_splits
    own = {(node, dim): blocks for node, dim, blocks in partition.splits}
    uses = {(user, at, dim): blocks for user, at, dim, blocks in partition.use_splits}
    splits, use_splits = [], []
    for node in drawn.nodes:
        copy = drawn.copies[node.id]
        for side, dim in _sides(copy):
            if (copy.of, dim) in own:
                splits.append((node.id, side, own[copy.of, dim]))
        for at, operand in enumerate(node.inputs):
            for side, dim in _sides(drawn.copies[operand]):
                if (copy.of, at, dim) in uses:
                    use_splits.append((node.id, at, side, uses[copy.of, at, dim]))
    return tuple(splits), tuple(use_splits)


def drawn_lengths(drawn: Graph, lengths: Mapping[int, Lengths]) -> tuple[tuple[int, Lengths], ...]:
    """Block lengths of the drawn contractions, by node; heads have those of their program node."""
    if not drawn.copies:
        return tuple(sorted(lengths.items()))
    whole = [(node.id, drawn.copies[node.id]) for node in drawn.nodes if isinstance(node.kind, Contraction)]
    return tuple((node, lengths[copy.of]) for node, copy in whole if copy.of in lengths)


def drawn_costs(drawn: Drawn, cost: Cost) -> list[wire.NodeCost]:
    """The costs of the nodes of a program, each at the first drawn node that shows it, or at -1."""
    rows = (msgspec.convert(row, wire.NodeCost, from_attributes=True) for row in cost.rows)
    return [changed(row, node=drawn.shown.get(row.node, (-1,))[0]) for row in rows]


def drawn_devices(drawn: Drawn, devices: Devices) -> Devices:
    """Device contents of the matrices that are drawn whole, and the exchanges of all matrices.

    An exchange of all heads of a product is shown at the first drawn head.
    """
    copies = drawn.graph.copies
    if not copies:
        return devices
    place = {
        node: ids[0]
        for node, ids in drawn.shown.items()
        if len(ids) == 1 and copies[ids[0]].of == node and copies[ids[0]].cut is None
    }
    plain = {node for node, at in place.items() if all(len(group) == 1 for group in copies[at].groups)}
    nodes = tuple(changed(held, node=place[held.node]) for held in devices.nodes if held.node in plain)
    return replace(devices, nodes=nodes, collectives=tuple(_drawn_sent(drawn, devices.collectives)))


def drawn_exchanges(drawn: Drawn, devices: Devices) -> tuple[Exchanged, ...]:
    """The exchanges of ``drawn_devices`` for a film.

    Args:
        drawn: the drawn program.
        devices: those of the program.
    """
    copies = drawn.graph.copies
    moved = {id(sent) for move in devices.moves for sent in move.collectives}
    out: list[Exchanged] = []
    kind: Literal["move", "sum", "inside"]
    for sent in devices.collectives:
        ids = tuple(drawn.shown.get(sent.node, ())) if copies else (sent.node,)
        is_sum = sent.kind in ("all-reduce", "reduce-scatter")
        if ids:
            kind = "inside" if id(sent) not in moved else "sum" if is_sum else "move"
            out.append(Exchanged(len(out), ids, kind))
    return tuple(out)


def _drawn_sent(drawn: Drawn, sent: Sequence[Exchange]) -> Iterator[Exchange]:
    """Exchanges at the drawn node that shows their matrix."""
    for exchange in sent:
        ids = drawn.shown.get(exchange.node, ())
        if ids:
            of_all = f"of all {len(ids)} heads: " if len(ids) > 1 else ""
            yield changed(exchange, node=ids[0], why=of_all + exchange.why)


def _sides(copy: Copy) -> list[tuple[int, int]]:
    """Each side with the outermost dimension along it."""
    return [(side, group[0]) for side, group in enumerate(copy.groups)] if copy.cut is None else []
