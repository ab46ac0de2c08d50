"""What a film is made of: options, sweeps, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from matcube.playback.memory_traffic import Loads, loads

Letter = Literal["i", "j", "k"]
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


@dataclass(frozen=True)
class Loop:
    """A loop over one letter: each round covers ``size`` indices of what the loops around it reach."""

    letter: Letter
    size: int


@dataclass(frozen=True)
class Limit:
    """Products whose index along ``b`` exceeds the index along ``a`` + ``offset`` are never formed."""

    a: Letter
    b: Letter
    offset: int


class Attention(NamedTuple):
    """A product of shares with values, and where the shares come from; all are node ids.

    Args:
        product: ``O = P @ V``.
        shares: P, a softmax along the letter that O sums over.
        masked: what the softmax takes.
        scores: the product under it, through maps of single cells.
    """

    product: int
    shares: int
    masked: int
    scores: int


@dataclass(frozen=True)
class Sweep:
    """One contraction as it is computed step by step; a step lasts one unit of film time.

    Args:
        node: the contraction.
        algorithm: a row of ``ALGORITHMS``.
        loops: outermost first. i is the letter that the result has from the first operand, j from the second,
            k the summed one. A step covers, of each letter, what the innermost of its loops reaches.
        sizes: of i, j and k; 1 for a letter that the node lacks.
        blocks: lengths of the blocks along i, j and k that play at once; the sizes where nothing is split.
        steps: rounds of the innermost loop, over one whole block.
        start: when step 0 begins.
        begin: the share of a step from which its products are there: its fused inputs have just come.
        phase: the share of a step from which what it lays down is there.
        lane: of the player's bar; sweeps that overlap in time have different lanes.
        group: sweeps of one number are fused.
        limit: products that are never formed, or None.
        attention: what it is, if keys stream past its queries; else None.
        block: keys of a block, if they do.
        levels: of tiles: the loops are so many triples, one of each letter; 0 but for "tiled".
        turned: the node's own columns run along i: its spec ends in ``-> j i``, or it is a vector (1 × n).
    """

    node: int
    algorithm: str
    loops: tuple[Loop, ...]
    sizes: Three
    blocks: Three
    steps: int
    start: float = 0.0
    begin: float = 0.0
    phase: float = 1.0
    lane: int = 0
    group: int = 0
    limit: Limit | None = None
    levels: int = 0
    attention: Attention | None = None
    block: int = 0
    turned: bool = False


@dataclass(frozen=True)
class Need:
    """What a node that is not swept waits for: cell [r, c] is there when these cells of a sweep are complete.

    Args:
        node: the node that waits; a vector is 1 × n.
        sweep: the contraction it waits for.
        row, col: the sweep's letter that has the index r, or c; None: no letter has. A letter of the sweep
            that neither names is needed whole.
    """

    node: int
    sweep: int
    row: Side
    col: Side


@dataclass(frozen=True)
class Film:
    """The sweeps in order of their start, and what waits for them; ``duration`` in steps."""

    duration: float
    sweeps: tuple[Sweep, ...]
    needs: tuple[Need, ...]

    @property
    def loads(self) -> dict[int, tuple[Loads, ...]]:
        """What each tiled contraction reads and writes in all, by node: one row for each level of memory."""
        return {
            one.node: tuple(loads(one, level, one.steps) for level in range(one.levels))
            for one in self.sweeps
            if one.levels
        }
