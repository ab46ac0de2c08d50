"""Streaming attention, algorithm "online": products whose keys stream past queries, and their loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from matcube.errors import OptionError
from matcube.ir import Graph, Map, Node
from matcube.ir.attention import Attention, attention_of
from matcube.playback.steps import step_count
from matcube.timeline.algorithms import default_tile
from matcube.timeline.dependencies import is_turned, roles
from matcube.timeline.types import Sizes
from matcube.wire import Film, Loop, Sweep
from matcube.wire.film import Letter

ONLINE = "online"
FALLBACK = "vmprod"  # of products without attention that inherit "online"


def attention(graph: Graph, node: Node) -> Attention | None:
    """The attention of which a node is the last product, if its keys can stream; else None.

    Example:
        >>> from matcube.sources.program import parse
        >>> from matcube.ir import Hollow, Leaf, LeafInput
        >>> leaves = {name: LeafInput((4, 2), Leaf(Hollow())) for name in "QKV"}
        >>> graph = parse("softmax(Q @ K.T / 2) @ V", leaves=leaves)
        >>> attention(graph, graph.root)
        Attention(product=7, shares=5, masked=4, scores=3)
    """
    names, match = roles(node), attention_of(graph, node)
    if names is None or match is None or is_turned(node) or len(node.shape) != 2:
        return None
    shares, scores = graph[match.shares], graph[match.scores]
    if node.inputs[0] != match.shares or not _streams(shares):
        return None
    if [names[letter] for letter in node.spec.inputs[0]] != ["i", "k"] or len(node.spec.summed) != 1:
        return None
    if roles(scores) is None or is_turned(scores) or 0 in (*node.shape, *scores.shape):
        return None
    below = graph[match.masked]
    while below.id != scores.id:
        if below.spec.inputs[0] != below.spec.output:
            return None
        below = graph[below.inputs[0]]
    return match


def streams(graph: Graph, chosen: Mapping[int, str], own: Mapping[int, str]) -> dict[int, Attention]:
    """Attentions that stream, by product; several may share their scores.

    Args:
        graph: the program.
        chosen: the algorithm of every product, inherited or its own.
        own: the algorithms given for single products.

    Raises:
        OptionError: a product given as "online" is no attention, no product is, or scores have an algorithm
            of their own.
    """
    nodes = [node for node, name in chosen.items() if name == ONLINE]
    result = {node: match for node in nodes if (match := attention(graph, graph[node])) is not None}
    inner = {item.scores for item in result.values()}
    odd = [node for node, name in own.items() if name == ONLINE and node not in result and node not in inner]
    if nodes and (odd or not result):
        label = graph[(odd or nodes)[-1]].label
        raise OptionError(
            f'"online" streams blocks of keys past queries, and {label} is no softmax(scores) @ values',
            hint='it plays "softmax(Q @ K.T / sqrt(d)) @ V"; give other products tiled or vmprod',
        )
    for match in result.values():
        name = own.get(match.scores, ONLINE)
        if name not in (ONLINE, "none"):
            raise OptionError(
                f"{graph[match.scores].label} is formed block by block for {graph[match.product].label}, not "
                f"by {name}",
                hint='leave out its algorithm, or give "none" to show the scores from the start',
            )
    return result


def cannot_stream(graph: Graph, match: Attention) -> OptionError:
    """The error for scores that a product between them and the values needs as a whole."""
    return OptionError(
        f"{graph[match.scores].label} cannot stream past {graph[match.product].label}: another product waits"
        " for the first and is waited for by the second",
        hint='choose another algorithm: fig.animate("vmprod")',
    )


def streams_in(film: Film, graph: Graph) -> list[tuple[Attention, int]]:
    """Attentions that stream in a film, each with the number of keys in a block."""
    result = []
    for sweep in film.sweeps:
        inner = sweep.loops[-1] if sweep.algorithm == ONLINE else None
        match = None if inner is None or inner.letter != "k" else attention(graph, graph[sweep.node])
        if inner is not None and match is not None:
            result.append((match, inner.size))
    return result


def blocked(
    sweeps: Mapping[int, Sweep], streaming: Mapping[int, Attention], tiles: Sequence[Sizes]
) -> dict[int, Sweep]:
    """All sweeps, those that stream in blocks of queries, and inside them blocks of keys.

    Args:
        sweeps: of all products that play.
        streaming: from ``streams``.
        tiles: i of the first is the block of queries, k the block of keys; () takes a quarter of either.

    Raises:
        OptionError: the keys are split into blocks that play at the same time.
    """
    out = dict(sweeps)
    for node, match in streaming.items():
        sweep = sweeps[node]
        if sweep.blocks[2] != sweep.sizes[2]:
            raise OptionError(
                "blocks of split keys play at the same time, but a running softmax takes one after the other",
                hint='take the partition off that letter, or play it "tiled"',
            )
        queries, _, keys = tiles[0] if tiles else default_tile(sweep.blocks)
        queries, keys = min(queries, sweep.blocks[0]), min(keys, sweep.sizes[2])
        out[node] = _looped(sweep, queries, ("k", keys))
        if match.scores in sweeps:
            out[match.scores] = _looped(sweeps[match.scores], queries, ("j", keys))
    return out


def _looped(sweep: Sweep, queries: int, inner: tuple[Letter, int]) -> Sweep:
    loops = Loop("i", queries), Loop(*inner)
    return replace(
        sweep, algorithm=ONLINE, loops=loops, steps=step_count(loops, sweep.blocks), limit=None, levels=0
    )


def _streams(node: Node) -> bool:
    return isinstance(node.kind, Map) and node.kind.op.streams
