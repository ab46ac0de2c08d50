"""Changes of the size of an axis: every leaf that it runs through gets the new size."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from matcube.errors import DataError, ShapeError
from matcube.ir import Data, Graph, Hollow, Leaf, LeafInput
from matcube.ir.axes import Axes, Composition, axes
from matcube.ir.shapes import shape_text


def resized(
    graph: Graph, node: int, dim: int, size: int, *, leaves: dict[int, LeafInput] | None = None
) -> dict[int, LeafInput]:
    """The leaves with their new sizes when one dimension of one node changes.

    All dimensions of the axis take the size. Where a re-indexing makes an axis of others, ``(h d)`` or
    ``(past + new)``, these follow: of a product the last part changes, so that the number of heads stays.

    Args:
        graph: a legal graph.
        node: id of the node.
        dim: its dimension.
        size: new number of cells along it.
        leaves: leaves that change anyway; they are resized, too.

    Raises:
        ShapeError: the size does not divide, or belongs to a sum of parts.
        DataError: the axis runs through a bound array.

    Example:
        >>> from matcube.sources.program import parse
        >>> graph = parse("shape(4, 3) @ shape(3, 5)")
        >>> {leaf: new.shape for leaf, new in resized(graph, 0, 1, 8).items()}
        {0: (4, 8), 1: (8, 5)}
    """
    table = axes(graph)
    sizes = {table.of(node, dim).id: size}
    _spread(table, table.of(node, dim).id, sizes)
    result: dict[int, LeafInput] = {}
    for leaf in graph.nodes:
        if not isinstance(leaf.kind, Leaf):
            continue
        bound = (leaves or {}).get(leaf.id, LeafInput(leaf.shape, leaf.kind))
        shape = tuple(sizes.get(table.of(leaf.id, at).id, own) for at, own in enumerate(bound.shape))
        if shape == leaf.shape and leaf.id not in (leaves or {}):
            continue
        if isinstance(leaf.kind.source, Data):
            raise DataError(
                f"{leaf.label} is an array of {shape_text(leaf.shape)}, and its size cannot change",
                hint="give it an initialiser first, or bind another array",
            )
        result[leaf.id] = _of_shape(bound, shape)
    return result


def _spread(table: Axes, start: int, sizes: dict[int, int]) -> None:
    """Resize the axes that an axis is composed of, and those composed of it."""
    waiting = [start]
    while waiting:
        now = waiting.pop()
        for axis in table:
            made = axis.made_of
            if made is None:
                continue
            if axis.id == now:
                waiting += _into(table, axis.name, made, sizes[now], sizes)
            elif now in made.parts and axis.id not in sizes:
                parts = _parts(table, made, sizes)
                if parts is not None:
                    sizes[axis.id] = prod(parts) if made.how == "product" else sum(parts)
                    waiting.append(axis.id)


def _into(table: Axes, name: str, made: Composition, size: int, sizes: dict[int, int]) -> list[int]:
    """Resize the parts of an axis; returns the axes that changed."""
    parts = _parts(table, made, sizes)
    combined = None if parts is None else prod(parts) if made.how == "product" else sum(parts)
    if combined in (None, size):
        return []
    if made.how == "sum":
        raise ShapeError(f"{name} is the sum of its parts", hint="change the size of one of them")
    last = next((part for part in reversed(made.parts) if isinstance(part, int) and part not in sizes), None)
    if last is None:
        raise ShapeError(f"{name} cannot be {size}: its parts have their sizes")
    assert combined is not None
    others = combined // max(1, table.all[last].size)
    if size % max(1, others):
        raise ShapeError(
            f"{name} cannot be {size}: it is made of {others} equal parts",
            hint=f"a multiple of {others}, such as {others * max(1, round(size / others))}",
        )
    sizes[last] = size // max(1, others)
    return [last]


def _parts(table: Axes, made: Composition, sizes: dict[int, int]) -> list[int] | None:
    if not all(isinstance(part, int) for part in made.parts):
        return None
    return [sizes.get(part, table.all[part].size) for part in made.parts if isinstance(part, int)]


def _of_shape(bound: LeafInput, shape: tuple[int, ...]) -> LeafInput:
    """The leaf with other sizes; labels along a changed dimension are dropped."""
    source = bound.leaf.source
    if not isinstance(source, Data | Hollow):
        source = replace(source, shape=shape)
    labels = bound.leaf.labels
    if labels:
        same = zip(labels, bound.shape, shape, strict=True)
        labels = tuple(names if before == after else None for names, before, after in same)
    return LeafInput(shape, replace(bound.leaf, source=source, labels=labels), bound.unseeded)
