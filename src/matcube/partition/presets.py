"""Presets: published ways to split a model over devices, one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd

from matcube.errors import OptionError, unknown
from matcube.ir import Graph, Leaf
from matcube.ir.axes import Axes, Place
from matcube.partition import structure
from matcube.partition.names import key_of, listed
from matcube.partition.types import MAX_BLOCKS, Group

PREFIX = "preset:"


@dataclass(frozen=True)
class PresetSplit:
    """The split of one program by a preset.

    Args:
        keys: names of axes or uses that are split.
        ring: whether keys and values are passed on in blocks, see ``Group``.
        stored: dimensions of leaves that are split in memory only.
        returned: dimensions of outputs that are split when they are returned.
    """

    keys: tuple[str, ...] = ()
    ring: bool = False
    stored: tuple[Place, ...] = ()
    returned: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Preset:
    """A row of ``PRESETS``.

    Args:
        help: one line for the reader.
        find: its split of a program; None where the program lacks what it needs.
        needs: requirements on the program, and a remedy, for the error.
        source: of the first description.
        is_even: whether its axes must divide by the number of devices: where heads do not, weights of all
            heads would lie on every device.
    """

    help: str
    find: Callable[[Graph, Axes], PresetSplit | None]
    needs: str
    source: str
    is_even: bool = False


def preset_group(graph: Graph, table: Axes, name: str, devices: int) -> Group:
    """The group of devices of a preset.

    Args:
        graph: the program.
        table: its axes.
        name: a row of ``PRESETS``.
        devices: number of devices.

    Raises:
        OptionError: an unknown preset, or a program that lacks what it needs.
    """
    if name not in PRESETS:
        raise unknown(name, PRESETS, what="preset")
    row = PRESETS[name]
    result = row.find(graph, table)
    if result is None:
        raise OptionError(f"{name}: {row.needs}", hint=f"axes: {listed(table)}")
    keys = tuple(key_of(graph, table, key, devices) for key in result.keys)
    uneven = next((key for key in keys if row.is_even and key.size % devices), None)
    if uneven is not None:
        sizes = gcd(*(key.size for key in keys))
        divisors = [str(n) for n in range(2, min(sizes, MAX_BLOCKS) + 1) if sizes % n == 0]
        raise OptionError(
            f"{name}: {uneven.name} has {uneven.size} places, which {devices} devices cannot share evenly",
            hint=f'preset="{name}", devices={divisors[-1]}; numbers that work: {", ".join(divisors)}'
            if divisors
            else f"no number of devices divides {', '.join(f'{key.name} ({key.size})' for key in keys)}",
        )
    return Group(name, devices, keys, result.ring, result.stored, result.returned)


def _names(table: Axes, ids: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(table.all[item].name for item in dict.fromkeys(ids))


def _data(graph: Graph, table: Axes) -> PresetSplit | None:
    result = structure.batch(graph, table)
    return PresetSplit(_names(table, result)) if result else None


def _megatron(graph: Graph, table: Axes) -> PresetSplit | None:
    result = structure.hidden(graph, table) + structure.heads(graph, table)
    return PresetSplit(_names(table, result)) if result else None


def _sequence(graph: Graph, table: Axes) -> PresetSplit | None:
    result, tokens = _megatron(graph, table), structure.tokens(graph, table)
    return PresetSplit(result.keys + _names(table, tokens)) if result and tokens else None


def _blockwise(graph: Graph, _: Axes) -> PresetSplit | None:
    result = structure.attentions(graph)
    if not result:
        return None
    node = graph[result[0].product]
    name = node.name if node.name and graph.named(node.name) == node else node.id
    return PresetSplit((f"{name}.{node.spec.output[-2]}",)) if len(node.shape) >= 2 else None


def _ring(graph: Graph, table: Axes) -> PresetSplit | None:
    sides = [
        table.of(attention.scores, dim).id
        for attention in structure.attentions(graph)
        for dim in (-2, -1)
        if len(graph[attention.scores].shape) >= 2
    ]
    return PresetSplit(_names(table, tuple(sides)), ring=True) if sides else None


def _fsdp(graph: Graph, table: Axes) -> PresetSplit | None:
    result = _data(graph, table)
    if result is None:
        return None
    batch = structure.batch(graph, table)[0]
    weights = [
        (node.id, 0)
        for node in graph.nodes
        if isinstance(node.kind, Leaf)
        and node.shape
        and all(table.of(node.id, dim).id != batch for dim in range(len(node.shape)))
    ]
    return PresetSplit(result.keys, stored=tuple(weights)) if weights else None


def _expert(graph: Graph, table: Axes) -> PresetSplit | None:
    """Experts are split; their inputs and outputs are split by tokens, as in the layers around them."""
    experts = structure.experts(graph, table)
    if not experts:
        return None
    weights = structure.weights(graph)
    stored, returned = [], []
    for node in graph.nodes:
        own = [table.of(node.id, dim).id for dim in range(len(node.shape))]
        if isinstance(node.kind, Leaf) and node.id not in weights and experts[0] in own:
            stored += [(node.id, dim) for dim in (len(own) - 2,) if len(own) >= 3]
        if node.id in graph.outputs and experts[0] in own and len(own) >= 3:
            returned.append((node.id, len(own) - 2))
    return PresetSplit(_names(table, experts[:1]), stored=tuple(stored), returned=tuple(returned))


_ATTENTION = "needs attention, a softmax of a product that is multiplied by values: softmax(Q @ K.T) @ V"
_LAYERS = (
    "needs two layers of weights, relu(x @ w1) @ w2, or attention with heads, "
    "split(x @ wQ, axis=1, parts=4).permute(axes=(1, 0, 2))"
)
_BATCH = (
    "needs a first dimension along which nothing is mixed; tokens that attend to each other are shared "
    "with blockwise or ring, or give x a batch dimension of its own"
)

PRESETS: dict[str, Preset] = {
    "data": Preset("each device has samples of its own and all weights", _data, _BATCH, "common practice"),
    "megatron": Preset(
        "hidden columns, then rows, and heads: one all-reduce after each pair of layers",
        _megatron, _LAYERS, "Shoeybi et al., arXiv:1909.08053", is_even=True,
    ),
    "sequence": Preset(
        "megatron, and tokens apart in between: all-gather before a pair of layers, reduce-scatter after it",
        _sequence, _LAYERS, "Korthikanti et al., arXiv:2205.05198", is_even=True,
    ),
    "blockwise": Preset(
        "blocks of queries go through attention and what follows, keys and values stay whole",
        _blockwise, _ATTENTION, "Liu and Abbeel, arXiv:2305.19370",
    ),
    "ring": Preset(
        "tokens apart; keys and values go round in blocks",
        _ring, _ATTENTION, "Liu, Zaharia and Abbeel, arXiv:2310.01889",
    ),
    "fsdp": Preset(
        "data parallel, with weights stored in blocks and gathered when they are used",
        _fsdp, _BATCH, "Zhao et al., arXiv:2304.11277",
    ),
    "expert": Preset(
        "each device has experts of its own; tokens travel to them and back by all-to-all",
        _expert,
        'needs weights with a batch letter, one matrix per expert: einsum("e t d, e d f -> e t f", x, w)',
        "Lepikhin et al., arXiv:2006.16668",
    ),
}  # fmt: skip
