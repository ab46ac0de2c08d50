"""Options of a film, and types shared by the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fuse = Literal["none", "sync", "async", "decode"]
Sizes = tuple[int, int, int]  # along i, j and k


@dataclass(frozen=True)
class Exchanged:
    """An exchange of a matrix among devices, before it has a time.

    Args:
        collective: its index in the partition's table.
        nodes: the matrix; of all heads, one for each.
        kind: "move" of cells that devices have, to where users need them; "sum" of partial results;
            "inside", of rows within the node.
    """

    collective: int
    nodes: tuple[int, ...]
    kind: Literal["move", "sum", "inside"]


@dataclass(frozen=True)
class FilmOptions:
    """Algorithms, fusion and order of a film.

    Args:
        algorithm: a row of ``ALGORITHMS``, for the root; operands inherit it.
        each: algorithm by the id of a contraction; its operands inherit it.
        fuse: whether neighbours whose planes are parallel sweep as one: "none", "sync" (where all can start
            at the same time), "async" (the group starts when its last outside input is complete), "decode"
            (as async, and products under a causal mask are never formed: a token at a time).
        tiles: of the algorithm "tiled": sizes along i, j and k of the tiles of up to three levels, the
            outermost first, each inside the level before; () takes a quarter of every letter.
        order: of "tiled": the order of the loops, outermost first, for all levels or for each.
        blocks: lengths of the blocks along i, j and k that play at once, by the id of a contraction.
        after: pairs of contractions: the first waits for the second to end, whose result it does not use.
        exchanges: among the devices of a partition, in the order of the program.
    """

    algorithm: str = "none"
    each: tuple[tuple[int, str], ...] = ()
    fuse: Fuse = "none"
    tiles: tuple[Sizes, ...] = ()
    order: tuple[str, ...] = ("ijk",)
    blocks: tuple[tuple[int, Sizes], ...] = ()
    after: tuple[tuple[int, int], ...] = ()
    exchanges: tuple[Exchanged, ...] = ()
