"""Options of a film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["i", "j"] | None
Fuse = Literal["none", "sync", "async", "decode"]
Three = tuple[int, int, int]


@dataclass(frozen=True)
class FilmOptions:
    """How a graph plays.

    Args:
        algorithm: a row of ``ALGORITHMS``, for the root and all that inherits it.
        each: algorithm by the id of a contraction; what hangs below it inherits it.
        fuse: whether neighbours whose planes are parallel sweep as one: "none", "sync" (when all can start
            at the same time anyway), "async" (the group starts when its last outside input is there),
            "decode" (as async, and what a causal mask hides is never formed: a token at a time).
        tiles: of the algorithm "tiled": sizes along i, j and k of the tiles of up to three levels, the
            outermost first, each inside the one before; () takes a quarter of every letter.
        order: of "tiled": the order of the loops, outermost first, one for all levels or one for each.
        blocks: lengths of the blocks along i, j and k that play at once, by the id of a contraction.
        after: contractions that wait for another to end, without taking anything from it.
    """

    algorithm: str = "none"
    each: tuple[tuple[int, str], ...] = ()
    fuse: Fuse = "none"
    tiles: tuple[Three, ...] = ()
    order: tuple[str, ...] = ("ijk",)
    blocks: tuple[tuple[int, Three], ...] = ()
    after: tuple[tuple[int, int], ...] = ()
