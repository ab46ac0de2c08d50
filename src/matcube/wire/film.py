"""A film: which products are formed when, and what waits for them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Letter = Literal["i", "j", "k"]


class Loop(Struct, frozen=True):
    """A loop over one letter: each round covers ``size`` indices of what the loops around it reach."""

    letter: Letter
    size: int


class Limit(Struct, frozen=True):
    """Products whose index along ``b`` exceeds the index along ``a`` + ``offset`` are never formed."""

    a: Letter
    b: Letter
    offset: int


class States(Struct, frozen=True):
    """What rows of an attention know after each block of ``block`` keys; see docs/motion.md.

    ``shares`` is the node of the softmax, ``scores`` that of the product under it, ``columns`` are the
    matrices of the running maximum and sum. Buffers of f64: ``highest`` and ``total`` (I, B), ``outputs``
    (I, B, J) with B blocks, and ``passed`` (I, K), the shares as they were when their block had passed.
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
        levels: of tiles: the loops are so many triples, one of each letter; 0 but for "tiled".
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
    """What a node that is not swept waits for: cell [r, c] is there when these cells of a sweep are complete.

    Args:
        node: the node that waits; a vector is 1 × n.
        sweep: the contraction it waits for.
        row, col: the sweep's letter that has the index r, or c; None: no letter has. A letter of the sweep
            that neither names is needed whole.
    """

    node: int
    sweep: int
    row: Literal["i", "j"] | None
    col: Literal["i", "j"] | None


class Film(Struct, frozen=True):
    """The film of the view's options: sweeps in order of their start; ``duration`` in steps.

    ``needs`` has a row for each sweep that a matrix waits for, and none for one that is there from the start.
    """

    duration: float
    sweeps: tuple[Sweep, ...]
    needs: tuple[Need, ...] = ()
