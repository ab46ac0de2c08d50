"""Another size of one dimension, and what must follow: every leaf that the axis runs through."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from matcube.errors import DataError, ShapeError
from matcube.ir import Data, Graph, Hollow, Leaf, LeafInput
from matcube.ir.axes import Axes, Composition, axes
from matcube.ir.shapes import shape_text


def resized(
    graph: Graph, node: int, dim: int, size: int, *, known: dict[int, LeafInput] | None = None
) -> dict[int, LeafInput]:
    """The leaves with their new sizes when one dimension of one node changes.

    All dimensions of the axis take the size. Where a re-indexing makes an axis of others, ``(h d)`` or
    ``(past + new)``, these follow: of a product the last part changes, so that the number of heads stays.

    Args:
        graph: a legal graph.
        node: whose dimension it is.
        dim: which one.
        size: how many cells it shall have.
        known: leaves that change anyway; they are resized, too.

    Raises:
        ShapeError: the size does not divide, or belongs to a sum of parts.
        DataError: the axis runs through an array that was brought.

    Example:
        >>> from matcube.sources.program import parse
        >>> graph = parse("shape(4, 3) @ shape(3, 5)")
        >>> {one: leaf.shape for one, leaf in resized(graph, 0, 1, 8).items()}
        {0: (4, 8), 1: (8, 5)}
    """
    table = axes(graph)
    sizes = {table.of(node, dim).id: size}
    _spread(table, table.of(node, dim).id, sizes)
    found: dict[int, LeafInput] = {}
    for one in graph.nodes:
        if not isinstance(one.kind, Leaf):
            continue
        bound = (known or {}).get(one.id, LeafInput(one.shape, one.kind))
        shape = tuple(sizes.get(table.of(one.id, at).id, own) for at, own in enumerate(bound.shape))
        if shape == one.shape and one.id not in (known or {}):
            continue
        if isinstance(one.kind.source, Data):
            raise DataError(
                f"{one.label} is an array of {shape_text(one.shape)}, and its size cannot change",
                hint="give it an initialiser first, or bring another array",
            )
        found[one.id] = _of_shape(bound, shape)
    return found


def _spread(table: Axes, start: int, sizes: dict[int, int]) -> None:
    """Follow an axis into what it is made of, and into what is made of it."""
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
    """Give the parts of an axis their sizes; the axes that changed by it."""
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
    """The leaf with other sizes; names along a dimension that changed are gone."""
    source = bound.leaf.source
    if not isinstance(source, Data | Hollow):
        source = replace(source, shape=shape)
    labels = bound.leaf.labels
    if labels:
        same = zip(labels, bound.shape, shape, strict=True)
        labels = tuple(names if before == after else None for names, before, after in same)
    return LeafInput(shape, replace(bound.leaf, source=source, labels=labels), bound.unseeded)
