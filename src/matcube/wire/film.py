"""A film: which products are formed when, and what waits for them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class Loop(Struct, frozen=True):
    """A loop over one letter; each round covers ``size`` indices of what the loops around it reach."""

    letter: Literal["i", "j", "k"]
    size: int


class Limit(Struct, frozen=True):
    """Products whose index along ``b`` exceeds the index along ``a`` + ``offset`` are never formed."""

    a: Literal["i", "j", "k"]
    b: Literal["i", "j", "k"]
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
    """One contraction as it is computed step by step; see ``matcube.timeline.Sweep`` and docs/motion.md.

    ``loops`` run over one block of lengths ``blocks``, outermost first, and all blocks play at once;
    ``steps`` is how often the innermost loop goes round. ``begin`` is the share of a step from which its
    products are there, ``phase`` that from which what it lays down is. ``levels`` of tiles: triples of
    loops, or 0. ``turned``: the node's own columns run along i.
    """

    node: int
    algorithm: str
    loops: list[Loop]
    sizes: tuple[int, int, int]
    blocks: tuple[int, int, int]
    steps: int
    start: float
    begin: float
    phase: float
    lane: int
    group: int
    limit: Limit | None
    levels: int
    turned: bool
    states: States | None = None


class Need(Struct, frozen=True):
    """What a matrix that is not swept waits for: cell [r, c] is there when cells of a sweep are complete.

    ``row`` and ``col`` are the letter of ``sweep`` (the node of a contraction) that has the index r, or c;
    None: no letter has. A letter of the sweep that neither names is needed whole.
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
    sweeps: list[Sweep]
    needs: list[Need] = field(default_factory=list)
