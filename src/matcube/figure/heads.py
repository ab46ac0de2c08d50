"""What is known of a program, in terms of its drawn nodes: of each head by itself."""

from __future__ import annotations

from matcube.ir import Graph
from matcube.ir.copies import Copy
from matcube.ops import Cells
from matcube.partition import Partition
from matcube.values import Result, Values

Splits = tuple[tuple[int, int, int], ...]
UseSplits = tuple[tuple[int, int, int, int], ...]


def parts_of(drawn: Graph, found: Values) -> Values:
    """The values of drawn nodes out of those of the program: heads are views wherever strides allow it."""
    if not drawn.copies:
        return found
    results, absent = {}, {}
    for node in drawn.nodes:
        copy = drawn.copies[node.id]
        result = found.get(copy.of)
        if result is None:
            absent[node.id] = found.reason(copy.of) or ""
            continue
        hidden = None if result.cells.hidden is None else copy.part(result.cells.hidden)
        results[node.id] = Result(Cells(copy.part(result.cells.values), hidden), result.dtype)
    return Values(results, absent)


def drawn_splits(drawn: Graph, found: Partition) -> tuple[Splits, UseSplits]:
    """Blocks of a program's dimensions as those of the sides on which they are drawn.

    A side of several letters is split along its outermost; a letter of the stack is split between heads.
    """
    if not drawn.copies:
        return found.splits, found.use_splits
    own = {(node, dim): blocks for node, dim, blocks in found.splits}
    uses = {(user, at, dim): blocks for user, at, dim, blocks in found.use_splits}
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


def _sides(copy: Copy) -> list[tuple[int, int]]:
    """Each side with the outermost dimension along it."""
    return [(side, group[0]) for side, group in enumerate(copy.groups)] if copy.cut is None else []
