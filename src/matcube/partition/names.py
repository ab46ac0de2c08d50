"""Names of splits: ``x.rows``, ``tokens``, ``attn.i``; an unknown name is answered with similar ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from matcube.errors import OptionError
from matcube.errors.words import suggest
from matcube.ir import Graph, Node
from matcube.ir.axes import Axes
from matcube.partition import structure
from matcube.partition.letters import size_of
from matcube.partition.spread import along_axis, from_use
from matcube.partition.types import MAX_BLOCKS, Key


class Meant(NamedTuple):
    """What a name stands for: an axis, or a letter of a node (one use)."""

    name: str
    size: int
    axis: int | None = None
    node: int = -1
    letter: str = ""


def key_of(graph: Graph, table: Axes, name: str, blocks: int) -> Key:
    """The split of a name into so many blocks.

    Args:
        graph: the program.
        table: its axes.
        name: an axis, one use of it, or ``preset:NAME``.
        blocks: number of blocks or devices.

    Raises:
        OptionError: no axis is called so, the letter is none of the node's, or the number does not fit.
    """
    meant = meaning(graph, table, name)
    if not isinstance(blocks, int) or isinstance(blocks, bool) or not 1 <= blocks <= MAX_BLOCKS:
        raise OptionError(
            f"{name} cannot be split into {blocks!r} blocks", hint=f"a whole number from 1 to {MAX_BLOCKS}"
        )
    if blocks > max(1, meant.size):
        places = "1 place" if meant.size == 1 else f"{meant.size} places"
        raise OptionError(
            f"{meant.name} has {places}: too few for {blocks} blocks",
            hint=f"at most {max(1, meant.size)}; axes: {listed(table)}",
        )
    if meant.axis is not None:
        return Key(meant.name, meant.size, along_axis(graph, table, meant.axis, blocks))
    return Key(meant.name, meant.size, from_use(graph, meant.node, meant.letter, blocks))


def meaning(graph: Graph, table: Axes, name: str) -> Meant:
    """The axis or the use that a name stands for.

    In this order: an axis by its own name, a side of any matrix (``h.cols``), a letter of a matrix (``h.k``:
    one use), a word for a part (``tokens``), and a name with ``_`` for the dot, as keywords need it.

    Args:
        graph: the program.
        table: its axes.
        name: such as ``x.rows``, ``tokens`` or ``attn.i``.
    """
    for item in (name, *_dotted(name)):
        axis = table.named(item)
        result = None if axis is None else Meant(axis.name, axis.size, axis.id)
        result = result or _of_a_matrix(graph, table, item) or _word(graph, table, item)
        if result is not None:
            return result
    words = [word for word, finder in structure.WORDS.items() if finder(graph, table)]
    known = [axis.name for axis in table] + words
    meant = suggest(name, known, count=2)
    raise OptionError(
        f'there is no axis "{name}"{meant}', hint=f"axes: {listed(table)}; one use: {_a_use(graph)}"
    )


def listed(table: Axes) -> str:
    """All axes with their sizes: ``x.rows (10), x.cols (8)``."""
    return ", ".join(f"{axis.name} ({axis.size})" for axis in table)


def _dotted(name: str) -> list[str]:
    head, underscore, tail = name.rpartition("_")
    return [f"{head}.{tail}"] if underscore and head and tail else []


def _of_a_matrix(graph: Graph, table: Axes, name: str) -> Meant | None:
    text, dot, part = name.rpartition(".")
    node = _node(graph, text) if dot and text else None
    if node is None:
        return None
    side = _side(part, len(node.shape))
    if side is not None:
        axis = table.of(node.id, side)
        return Meant(axis.name, axis.size, axis.id)
    below = node
    while part not in _letters(below) and len(below.inputs) >= 1:
        below = graph[below.inputs[0]]
    if part not in _letters(below):
        raise OptionError(
            f"{node.label} has no letter {part}",
            hint=f"its letters: {', '.join(_letters(node)) or 'none'}; axes: {listed(table)}",
        )
    return Meant(f"{text}.{part}", size_of(graph, below, part), None, below.id, part)


def _side(part: str, rank: int) -> int | None:
    """The dimension that ``rows``, ``cols``, ``entries`` or ``dim0`` is, or None."""
    names = {"entries": 0} if rank == 1 else {"rows": rank - 2, "cols": rank - 1}
    counted = re.fullmatch(r"dim(\d{1,3})", part)
    dim = int(counted[1]) if counted else names.get(part)
    return dim if dim is not None and 0 <= dim < rank else None


def _letters(node: Node) -> Sequence[str]:
    return tuple(dict.fromkeys(item for part in (*node.spec.inputs, node.spec.output) for item in part))


def _node(graph: Graph, text: str) -> Node | None:
    """The node of a name, of a program text or of a number."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return graph[int(text)] if int(text) < len(graph.nodes) else None
    result = graph.named(text)
    bare = "".join(text.split())
    others = (node for node in reversed(graph.nodes) if "".join(node.text.split()) == bare)
    return result or next(others, None)


def _word(graph: Graph, table: Axes, word: str) -> Meant | None:
    finder = structure.WORDS.get(word)
    result = [table.all[item] for item in (() if finder is None else finder(graph, table))]
    if len(result) > 1:
        names = ", ".join(f"{axis.name} ({axis.size})" for axis in result)
        raise OptionError(f"{word} is {len(result)} axes here", hint=f"name one of them: {names}")
    return Meant(result[0].name, result[0].size, result[0].id) if result else None


def _a_use(graph: Graph) -> str:
    named = [node.name for node in graph.nodes if node.name and node.inputs]
    return f"{named[0] if named else graph.root.id}.i"
