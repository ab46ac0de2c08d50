"""Graph to film: the algorithm of each contraction, the order of sweeps and their fusion."""

from __future__ import annotations

from msgspec.structs import replace

from matcube.errors import OptionError, unknown
from matcube.ir import Graph
from matcube.playback.steps import step_count
from matcube.timeline.algorithms import ALGORITHMS, check_tiles, loops_of
from matcube.timeline.causal import limits
from matcube.timeline.dependencies import is_turned, needs, reaches, roles, sizes_of, waits
from matcube.timeline.exchanges import Exchanges
from matcube.timeline.fusion import Groups
from matcube.timeline.online import FALLBACK, ONLINE, blocked, cannot_stream, streams
from matcube.timeline.types import FilmOptions, Sizes
from matcube.wire import Film, Limit, Sweep

FUSES = ("none", "sync", "async", "decode")


def film(graph: Graph, options: FilmOptions) -> Film | None:
    """The film of a graph; None where no contraction plays.

    Args:
        graph: the program.
        options: algorithms and fusion.

    Returns:
        Sweeps in the order of their start: operands before their users, independent sweeps at the same time.

    Raises:
        OptionError: an unknown algorithm or fusion, tiles that are not nested, or decoding without a
            causal mask.

    Example:
        >>> from matcube.ir import Contraction, Hollow, IndexSpec, Leaf, Node
        >>> leaf = IndexSpec.parse("-> i j")
        >>> A = Node(0, Leaf(Hollow()), (), leaf, (2, 3), name="A")
        >>> B = Node(1, Leaf(Hollow()), (), leaf, (3, 4), name="B")
        >>> C = Node(2, Contraction(), (0, 1), IndexSpec.parse("i k, k j -> i j"), (2, 4), name="C")
        >>> result = film(Graph((A, B, C), (2,)), FilmOptions("mvprod"))
        >>> (result.duration, result.sweeps[0].steps) if result else None
        (4.0, 4)
    """
    _check(options)
    chosen = _chosen(graph, options)
    streaming = streams(graph, chosen, dict(options.each))
    swept = {node: FALLBACK if name == ONLINE else name for node, name in chosen.items() if name != "none"}
    if not swept:
        return None
    reached = reaches(graph, swept)
    blocks, bounds = dict(options.blocks), limits(graph) if options.fuse == "decode" else {}
    sweeps = {
        node: _sweep(graph, options, (node, name), blocks.get(node), bounds.get(node))
        for node, name in swept.items()
    }
    sweeps = blocked(sweeps, streaming, options.tiles)
    if options.fuse == "decode" and not any(sweep.limit for sweep in sweeps.values()):
        raise _nothing_causal(bool(bounds))
    awaited = {node: waits(graph[node], reached) for node in swept}
    for node, before in options.after:
        if node in swept and before in swept:
            awaited[node].setdefault(before, []).append((None, None))
    streamed = frozenset(node for item in streaming.values() for node in item)
    exchanges = Exchanges(graph, options.exchanges, sweeps, reached, streamed)
    exchanges.wait(awaited)
    groups = Groups(sweeps | exchanges.sweeps(), awaited)
    for attention in streaming.values():
        if not groups.join(attention.product, attention.scores):
            raise cannot_stream(graph, attention)
    groups.fuse(options.fuse)
    placed = _in_lanes(graph, sorted(groups.scheduled(), key=lambda sweep: (sweep.start, sweep.node)))
    end = max(sweep.start + sweep.steps for sweep in placed)
    shown = tuple(sweep for sweep in placed if sweep.node in swept)
    return Film(end, shown, needs(graph, swept, reached), exchanges.played(placed))


def _check(options: FilmOptions) -> None:
    for name in (options.algorithm, *(item for _, item in options.each)):
        if name not in ALGORITHMS:
            raise unknown(name, ALGORITHMS, what="algorithm")
    if options.fuse not in FUSES:
        raise unknown(options.fuse, FUSES, what="fuse")
    check_tiles(options.tiles, options.order)


def _sweep(
    graph: Graph, options: FilmOptions, chosen: tuple[int, str], blocks: Sizes | None, limit: Limit | None
) -> Sweep:
    """The sweep of a contraction, alone and from time 0; a limit applies only to sweeps row by row."""
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


def _nothing_causal(has_mask: bool) -> OptionError:
    if has_mask:
        return OptionError(
            "the products under a causal mask do not play row by row, unsplit",
            hint='play them by rows: algorithm "vmprod"',
        )
    return OptionError(
        "nothing here is causal, so no token can be complete before the others",
        hint='mask the scores, softmax(tril(Q @ K.T)) @ V, or fuse "sync" or "async"',
    )


def _chosen(graph: Graph, options: FilmOptions) -> dict[int, str]:
    """The algorithm of every contraction: its own, else that of the first use that plays."""
    own, inherited, out = dict(options.each), dict[int, list[str]](), dict[int, str]()
    for node in reversed(graph.nodes):
        names = inherited.get(node.id) or [options.algorithm]
        name = next((item for item in names if item != "none"), "none")
        if roles(node) is not None:
            name = own.get(node.id, name)
            out[node.id] = name
        for operand in node.inputs:
            inherited.setdefault(operand, []).append(name)
    return dict(sorted(out.items()))


def _in_lanes(graph: Graph, sweeps: list[Sweep]) -> tuple[Sweep, ...]:
    """Each sweep in the first lane that is free from its start on; heads with equal times share a lane."""
    free_from: list[float] = []
    lanes: dict[tuple[int, float, int], int] = {}
    out = []
    for sweep in sweeps:
        copy = graph.copies.get(sweep.node)
        key = (-1 - sweep.node if copy is None else copy.of, sweep.start, sweep.steps)
        if key not in lanes:
            lane = next((n for n, end in enumerate(free_from) if end <= sweep.start), len(free_from))
            free_from[lane : lane + 1] = [sweep.start + sweep.steps]
            lanes[key] = lane
        out.append(replace(sweep, lane=lanes[key]))
    return tuple(out)
