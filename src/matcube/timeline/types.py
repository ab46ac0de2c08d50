"""What a film is made of: options, sweeps, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Letter = Literal["i", "j", "k"]
Side = Literal["i", "j"] | None
Fuse = Literal["none", "sync", "async"]


@dataclass(frozen=True)
class FilmOptions:
    """How a graph plays.

    Args:
        algorithm: a row of ``ALGORITHMS``, for the root and all that inherits it.
        each: algorithm by the id of a contraction; what hangs below it inherits it.
        fuse: whether neighbours whose planes are parallel sweep as one: "none", "sync" (when all can start
            at the same time anyway), "async" (the group starts when its last outside input is there).
        after: contractions that wait for another to end, without taking anything from it.
    """

    algorithm: str = "none"
    each: tuple[tuple[int, str], ...] = ()
    fuse: Fuse = "none"
    after: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Sweep:
    """One contraction as it is computed step by step; a step lasts one unit of film time.

    Args:
        node: the contraction.
        algorithm: a row of ``ALGORITHMS``.
        moving: its letters that advance, outermost first. i is the letter that the result has from the first
            operand, j from the second, k the summed one.
        sizes: of i, j and k; 1 for a letter that the node lacks.
        steps: the product of the sizes of the moving letters.
        start: when step 0 begins.
        begin: the share of a step from which its products are there: its fused inputs have just come.
        phase: the share of a step from which what it lays down is there.
        lane: of the player's bar; sweeps that overlap in time have different lanes.
        group: sweeps of one number are fused.
    """

    node: int
    algorithm: str
    moving: tuple[Letter, ...]
    sizes: tuple[int, int, int]
    steps: int
    start: float
    begin: float
    phase: float
    lane: int
    group: int


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
