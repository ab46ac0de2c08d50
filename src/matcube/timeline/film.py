"""Graph to film: the algorithm of each contraction, the order of sweeps, and which of them are fused."""

from __future__ import annotations

from msgspec.structs import replace

from matcube.errors import OptionError
from matcube.ir import Graph
from matcube.playback.steps import step_count
from matcube.timeline.algorithms import ALGORITHMS, check_tiles, loops_of
from matcube.timeline.causal import limits
from matcube.timeline.dependencies import asked, is_turned, needs, reaches, roles, sizes_of
from matcube.timeline.fusion import Groups
from matcube.timeline.online import ONLINE, OTHERWISE, blocked, streams
from matcube.timeline.types import FilmOptions, Three
from matcube.wire import Film, Limit, Sweep

FUSES = ("none", "sync", "async", "decode")


def film(graph: Graph, options: FilmOptions) -> Film | None:
    """The film of a graph, or None when nothing plays.

    Args:
        graph: the program.
        options: algorithms and fusion.

    Returns:
        Sweeps in order of their start. Inputs come before what takes them, independent ones run together.

    Raises:
        OptionError: an unknown algorithm or way of fusing, tiles that do not lie in each other, or
            decoding where no causal mask is.

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
    _check(options)
    chosen = _chosen(graph, options)
    streaming = streams(graph, chosen, dict(options.each))
    swept = {node: OTHERWISE if name == ONLINE else name for node, name in chosen.items() if name != "none"}
    if not swept:
        return None
    result = reaches(graph, swept)
    blocks, bounds = dict(options.blocks), limits(graph) if options.fuse == "decode" else {}
    sweeps = {
        node: _sweep(graph, options, (node, name), blocks.get(node), bounds.get(node))
        for node, name in swept.items()
    }
    sweeps = blocked(sweeps, streaming, options.tiles)
    if options.fuse == "decode" and not any(sweep.limit for sweep in sweeps.values()):
        raise _nothing_causal(bool(bounds))
    waits = {node: asked(graph[node], result) for node in swept}
    for node, before in options.after:
        if node in swept and before in swept:
            waits[node].setdefault(before, []).append((None, None))
    groups = Groups(sweeps, waits)
    for one in streaming.values():
        groups.join(one.product, one.scores)
    groups.fuse(options.fuse)
    placed = _in_lanes(graph, sorted(groups.scheduled(), key=lambda one: (one.start, one.node)))
    end = max(item.start + item.steps for item in placed)
    return Film(end, placed, needs(graph, swept, result))


def _check(options: FilmOptions) -> None:
    for name in (options.algorithm, *(item for _, item in options.each)):
        if name not in ALGORITHMS:
            raise OptionError(f'there is no algorithm "{name}"', hint=f"there are: {', '.join(ALGORITHMS)}")
    if options.fuse not in FUSES:
        raise OptionError(f'there is no fuse "{options.fuse}"', hint=f"there are: {', '.join(FUSES)}")
    check_tiles(options.tiles, options.order)


def _sweep(
    graph: Graph, options: FilmOptions, chosen: tuple[int, str], blocks: Three | None, limit: Limit | None
) -> Sweep:
    """The sweep of a contraction, alone and from time 0; a limit holds only where rows move one by one."""
    node, name = chosen
    sizes = sizes_of(graph, graph[node])
    split = blocks or sizes
    i, j, k = (max(1, min(item, size)) if size else 0 for item, size in zip(split, sizes, strict=True))
    loops = loops_of(name, (i, j, k), options.tiles, options.order)
    by_row = [(loop.letter, loop.size) for loop in loops] == [("i", 1)] and (i, j, k) == sizes
    levels = len(loops) // 3 if ALGORITHMS[name].is_tiled else 0
    return Sweep(
        node, name, loops, sizes, (i, j, k), step_count(loops, (i, j, k)),
        group=node, limit=limit if by_row else None, levels=levels, turned=is_turned(graph[node]),
    )  # fmt: skip


def _nothing_causal(is_otherwise: bool) -> OptionError:
    if is_otherwise:
        return OptionError(
            "what is causal here does not play row by row, unsplit",
            hint='play it by rows: algorithm "vmprod"',
        )
    return OptionError(
        "nothing here is causal, so no token can go before the others",
        hint='mask the scores, softmax(tril(Q @ K.T)) @ V, or fuse "sync" or "async"',
    )


def _chosen(graph: Graph, options: FilmOptions) -> dict[int, str]:
    """The algorithm of every contraction: its own, else that of the first use that plays."""
    own, inherited, out = dict(options.each), dict[int, list[str]](), dict[int, str]()
    for node in reversed(graph.nodes):
        wanted = inherited.get(node.id) or [options.algorithm]
        name = next((wish for wish in wanted if wish != "none"), "none")
        if roles(node) is not None:
            name = own.get(node.id, name)
            out[node.id] = name
        for operand in node.inputs:
            inherited.setdefault(operand, []).append(name)
    return dict(sorted(out.items()))


def _in_lanes(graph: Graph, sweeps: list[Sweep]) -> tuple[Sweep, ...]:
    """Each sweep in the first lane that is free from its start on; heads that run together share one."""
    free_from: list[float] = []
    taken: dict[tuple[int, float, int], int] = {}
    out = []
    for sweep in sweeps:
        copy = graph.copies.get(sweep.node)
        of = (-1 - sweep.node if copy is None else copy.of, sweep.start, sweep.steps)
        if of in taken:
            out.append(replace(sweep, lane=taken[of]))
            continue
        lane = taken[of] = next((n for n, end in enumerate(free_from) if end <= sweep.start), len(free_from))
        free_from[lane : lane + 1] = [sweep.start + sweep.steps]
        out.append(replace(sweep, lane=lane))
    return tuple(out)
