"""Names of splits: ``x.rows``, ``tokens``, ``attn.i``; the error for an unknown name lists similar ones."""

from __future__ import annotations

import re
from typing import NamedTuple

from matcube.errors import OptionError
from matcube.errors.words import suggest
from matcube.ir import Graph, Node
from matcube.ir.axes import Axes, Axis
from matcube.partition import structure
from matcube.partition.letters import letters_of, size_of
from matcube.partition.spread import along_axis, from_use
from matcube.partition.types import MAX_BLOCKS, Key


class Target(NamedTuple):
    """An axis, or a letter of a node (one use)."""

    name: str
    size: int
    axis: int | None = None
    node: int = -1
    letter: str = ""


def key_of(graph: Graph, table: Axes, name: str, blocks: int) -> Key:
    """The split of an axis or a use, by its name.

    Args:
        graph: the program.
        table: its axes.
        name: such as ``x.rows``, ``tokens`` or ``attn.i``.
        blocks: number of blocks or devices.

    Raises:
        OptionError: an unknown axis or letter, or a number out of range.
    """
    target = target_of(graph, table, name)
    if not isinstance(blocks, int) or isinstance(blocks, bool) or not 1 <= blocks <= MAX_BLOCKS:
        raise OptionError(
            f"{name} cannot be split into {blocks!r} blocks", hint=f"a whole number from 1 to {MAX_BLOCKS}"
        )
    if blocks > max(1, target.size):
        places = "1 place" if target.size == 1 else f"{target.size} places"
        raise OptionError(
            f"{target.name} has {places}: too few for {blocks} blocks",
            hint=f"at most {max(1, target.size)}; axes: {listed(table)}",
        )
    if target.axis is not None:
        return Key(target.name, target.size, along_axis(graph, table, target.axis, blocks))
    return Key(target.name, target.size, from_use(graph, target.node, target.letter, blocks))


def target_of(graph: Graph, table: Axes, name: str) -> Target:
    """The axis or the use of a name.

    In this order: an axis by its own name or its title, a side of any matrix (``h.cols``), a letter of a
    matrix (``h.k``: one use), a role (``tokens``), and a name with ``_`` in place of the dot.

    Args:
        graph: the program.
        table: its axes.
        name: such as ``x.rows``, ``tokens`` or ``attn.i``.

    Raises:
        OptionError: an unknown axis or letter, or a role or title of several axes.
    """
    for item in (name, *_dotted(name)):
        axis = table.named(item) or _titled(table, item)
        result = None if axis is None else Target(axis.name, axis.size, axis.id)
        result = result or _of_matrix(graph, table, item) or _of_role(graph, table, item)
        if result is not None:
            return result
    roles = [role for role, finder in structure.WORDS.items() if finder(graph, table)]
    similar = suggest(name, [*(axis.name for axis in table), *roles], count=2)
    raise OptionError(
        f'there is no axis "{name}"{similar}', hint=f"axes: {listed(table)}; one use: {_a_use(graph)}"
    )


def _titled(table: Axes, title: str) -> Axis | None:
    same = [axis for axis in table if axis.title == title]
    if len(same) > 1:
        names = ", ".join(f"{axis.name} ({axis.size})" for axis in same)
        raise OptionError(f"{title} is the name of {len(same)} axes", hint=f"name one of them: {names}")
    return same[0] if same else None


def listed(table: Axes) -> str:
    """All axes with their sizes: ``x.rows (10), x.cols (8)``."""
    return ", ".join(f"{axis.name} ({axis.size})" for axis in table)


def _dotted(name: str) -> list[str]:
    head, underscore, tail = name.rpartition("_")
    return [f"{head}.{tail}"] if underscore and head and tail else []


def _of_matrix(graph: Graph, table: Axes, name: str) -> Target | None:
    text, dot, suffix = name.rpartition(".")
    node = _node(graph, text) if dot and text else None
    if node is None:
        return None
    side = _side(suffix, len(node.shape))
    if side is not None:
        axis = table.of(node.id, side)
        return Target(axis.name, axis.size, axis.id)
    below = node
    while suffix not in letters_of(below) and below.inputs:
        below = graph[below.inputs[0]]
    if suffix not in letters_of(below):
        raise OptionError(
            f"{node.label} has no letter {suffix}",
            hint=f"its letters: {', '.join(letters_of(node)) or 'none'}; axes: {listed(table)}",
        )
    return Target(f"{text}.{suffix}", size_of(graph, below, suffix), None, below.id, suffix)


def _side(name: str, rank: int) -> int | None:
    """The dimension called ``rows``, ``cols``, ``entries`` or ``dim0``, or None."""
    names = {"entries": 0} if rank == 1 else {"rows": rank - 2, "cols": rank - 1}
    counted = re.fullmatch(r"dim(\d{1,3})", name)
    dim = int(counted[1]) if counted else names.get(name)
    return dim if dim is not None and 0 <= dim < rank else None


def _node(graph: Graph, text: str) -> Node | None:
    """The node of a name, a number or a program text; of equal texts the last."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return graph[int(text)] if int(text) < len(graph.nodes) else None
    result = graph.named(text)
    bare = "".join(text.split())
    others = (node for node in reversed(graph.nodes) if "".join(node.text.split()) == bare)
    return result or next(others, None)


def _of_role(graph: Graph, table: Axes, role: str) -> Target | None:
    finder = structure.WORDS.get(role)
    result = [table.all[item] for item in (() if finder is None else finder(graph, table))]
    if len(result) > 1:
        names = ", ".join(f"{axis.name} ({axis.size})" for axis in result)
        raise OptionError(f"{role} is {len(result)} axes here", hint=f"name one of them: {names}")
    return Target(result[0].name, result[0].size, result[0].id) if result else None


def _a_use(graph: Graph) -> str:
    named = [node.name for node in graph.nodes if node.name and node.inputs]
    return f"{named[0] if named else graph.root.id}.i"
