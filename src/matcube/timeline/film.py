"""Graph to film: who plays by which algorithm, in what order, and which neighbours sweep as one."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from matcube.errors import OptionError
from matcube.ir import Graph
from matcube.timeline.algorithms import ALGORITHMS
from matcube.timeline.fusion import Groups
from matcube.timeline.needs import asked, needs, reaches, roles, sizes_of
from matcube.timeline.types import Film, FilmOptions, Sweep


def film(graph: Graph, options: FilmOptions) -> Film | None:
    """The film of a graph, or None when nothing plays.

    Args:
        graph: the program.
        options: algorithms and fusion.

    Returns:
        Sweeps in order of their start. Inputs come before what takes them, independent ones run together.

    Raises:
        OptionError: an algorithm or a way of fusing nobody knows.

    Example:
        >>> from matcube.ir import Contraction, Hollow, IndexSpec, Leaf, Node
        >>> leaf = IndexSpec.parse("-> i j")
        >>> A = Node(0, Leaf(Hollow()), (), leaf, (2, 3), name="A")
        >>> B = Node(1, Leaf(Hollow()), (), leaf, (3, 4), name="B")
        >>> C = Node(2, Contraction(), (0, 1), IndexSpec.parse("i k, k j -> i j"), (2, 4), name="C")
        >>> found = film(Graph((A, B, C), (2,)), FilmOptions("mvprod"))
        >>> (found.duration, found.sweeps[0].steps) if found else None
        (4.0, 4)
    """
    for name in (options.algorithm, *(one for _, one in options.each)):
        if name not in ALGORITHMS:
            raise OptionError(f'there is no algorithm "{name}"', hint=f"there are: {', '.join(ALGORITHMS)}")
    if options.fuse not in ("none", "sync", "async"):
        raise OptionError(f'there is no fuse "{options.fuse}"', hint="there are: none, sync, async")
    swept = {node: name for node, name in _chosen(graph, options).items() if name != "none"}
    if not swept:
        return None
    found = reaches(graph, swept)
    sweeps = {}
    for node, name in swept.items():
        moving, sizes = ALGORITHMS[name].moving, sizes_of(graph, graph[node])
        steps = prod(sizes["ijk".index(letter)] for letter in moving)
        sweeps[node] = Sweep(node, name, moving, sizes, steps, 0.0, 0.0, 1.0, 0, node)
    waits = {node: asked(graph[node], found) for node in swept}
    for node, before in options.after:
        if node in swept and before in swept:
            waits[node].setdefault(before, []).append((None, None))
    groups = Groups(sweeps, waits)
    groups.fuse(options.fuse)
    placed = _in_lanes(sorted(groups.scheduled(), key=lambda one: (one.start, one.node)))
    end = max(one.start + one.steps for one in placed)
    return Film(end, placed, needs(graph, swept, found))


def _chosen(graph: Graph, options: FilmOptions) -> dict[int, str]:
    """The algorithm of every contraction: its own, else that of the first use that plays."""
    own, inherited, out = dict(options.each), dict[int, list[str]](), dict[int, str]()
    for node in reversed(graph.nodes):
        wanted = inherited.get(node.id) or [options.algorithm]
        name = next((one for one in wanted if one != "none"), "none")
        if roles(node) is not None:
            name = own.get(node.id, name)
            out[node.id] = name
        for operand in node.inputs:
            inherited.setdefault(operand, []).append(name)
    return dict(sorted(out.items()))


def _in_lanes(sweeps: list[Sweep]) -> tuple[Sweep, ...]:
    """Each sweep in the first lane that is free from its start on."""
    free_from: list[float] = []
    out = []
    for sweep in sweeps:
        lane = next((n for n, end in enumerate(free_from) if end <= sweep.start), len(free_from))
        free_from[lane : lane + 1] = [sweep.start + sweep.steps]
        out.append(replace(sweep, lane=lane))
    return tuple(out)
