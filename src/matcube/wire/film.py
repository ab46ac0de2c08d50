"""A film: which products are formed when, and which cells depend on them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from matcube.wire.text import aligned

Letter = Literal["i", "j", "k"]


class Loop(Struct, frozen=True):
    """A loop over one letter: each round covers ``size`` indices of the range of the loops around it."""

    letter: Letter
    size: int


class Limit(Struct, frozen=True):
    """Products whose index along ``b`` exceeds the index along ``a`` + ``offset`` are never formed."""

    a: Letter
    b: Letter
    offset: int


class States(Struct, frozen=True):
    """Running states of the rows of an attention after each block of ``block`` keys; see docs/motion.md.

    ``shares`` is the node of the softmax, ``scores`` that of the product under it, ``columns`` are the
    matrices of the running maximum and sum. Buffers of f64: ``highest`` and ``total`` (I, B), ``outputs``
    (I, B, J) with B blocks, and ``passed`` (I, K), the softmax of each key at the end of its block.
    """

    block: int
    shares: int
    scores: int
    columns: tuple[int, int]
    highest: str
    total: str
    outputs: str
    passed: str


class Sweep(Struct, frozen=True):
    """One contraction as it is computed step by step; a step lasts one unit of film time.

    Args:
        node: the contraction.
        algorithm: a row of ``timeline.ALGORITHMS``.
        loops: outermost first. i is the result's letter from the first operand, j that from the second, k the
            summed one. A step covers, of each letter, the range of the innermost of its loops.
        sizes: of i, j and k; 1 for a missing letter.
        blocks: lengths of the blocks along i, j and k that play at once; the sizes where nothing is split.
        steps: rounds of the innermost loop, over one whole block.
        start: the time of step 0.
        begin: the share of a step before its products appear; its fused inputs are complete from then on.
        phase: the share of a step before the cells of its result appear.
        lane: of the player's bar; sweeps that overlap in time have different lanes.
        group: sweeps of one number are fused.
        limit: products that are never formed, or None.
        levels: levels of tiles, each a triple of loops over the three letters; 0 but for "tiled".
        turned: the node's own columns run along i: its spec ends in ``-> j i``, or it is a vector (1 × n).
        states: its running states, if keys stream past its queries; else None.
    """

    node: int
    algorithm: str
    loops: tuple[Loop, ...]
    sizes: tuple[int, int, int]
    blocks: tuple[int, int, int]
    steps: int
    start: float = 0.0
    begin: float = 0.0
    phase: float = 1.0
    lane: int = 0
    group: int = 0
    limit: Limit | None = None
    levels: int = 0
    turned: bool = False
    states: States | None = None


class Need(Struct, frozen=True):
    """A dependence of a node without a sweep: its cell [r, c] needs these cells of a contraction.

    Args:
        node: the dependent node; a vector is 1 × n.
        sweep: the contraction.
        row, col: the contraction's letter with index r, or c; None for no letter. A letter that neither names
            is needed whole.
    """

    node: int
    sweep: int
    row: Literal["i", "j"] | None
    col: Literal["i", "j"] | None


class FilmExchange(Struct, frozen=True):
    """An exchange among devices as it is played: from ``start`` on, ``steps`` long whatever its bytes.

    Args:
        collective: index in ``Partition.collectives``.
        node: the matrix.
        start: its time, in steps.
        steps: the same for all exchanges of a film.
        lane: of the player's bar, as in ``Sweep``.
        holds: nodes that have no cells before its end: sums that it adds up, and what is formed of them.
    """

    collective: int
    node: int
    start: float
    steps: int
    lane: int = 0
    holds: tuple[int, ...] = ()


class Film(Struct, frozen=True):
    """The film of the view's options: sweeps in order of their start; ``duration`` in steps.

    ``needs`` has a row for each contraction that a matrix depends on; matrices without a row show from the
    start. ``exchanges`` are those of the view's partition.
    """

    duration: float
    sweeps: tuple[Sweep, ...]
    needs: tuple[Need, ...] = ()
    exchanges: tuple[FilmExchange, ...] = ()

    def __repr__(self) -> str:
        """A line for each sweep, then for each exchange."""
        rows = [
            ("node", "algorithm", "loops", "steps", "from", "to"),
            *map(_row, self.sweeps),
            *map(_exchange_row, self.exchanges),
        ]
        lines = aligned(rows, right=(0, 3, 4, 5)) if len(rows) > 1 else ["no products"]
        return "\n".join([f"{self.duration:g} steps", "", *lines])


def _row(sweep: Sweep) -> tuple[str, ...]:
    loops = " ".join(f"{loop.letter}:{loop.size}" for loop in sweep.loops)
    end = sweep.start + sweep.steps
    return f"{sweep.node}", sweep.algorithm, loops, f"{sweep.steps}", f"{sweep.start:g}", f"{end:g}"


def _exchange_row(exchange: FilmExchange) -> tuple[str, ...]:
    end = exchange.start + exchange.steps
    return f"{exchange.node}", "exchange", "", f"{exchange.steps}", f"{exchange.start:g}", f"{end:g}"
