"""Progress of a sweep at time t: steps done, products of each cell, cells complete; see docs/motion.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcube.wire import Loop, Sweep

NEAR = 1e-6
"""Tolerance in steps: a time this little before a step counts as the step, because times are rounded."""

Ints = NDArray[np.int64]
Span = tuple[int, int]


class Region(NamedTuple):
    """Cells of a block with ``made`` products each: rows i0 to i1, columns j0 to j1, ends left out."""

    i0: int
    i1: int
    j0: int
    j1: int
    made: int


def done(sweep: Sweep, t: float) -> int:
    """The number of steps whose products are in the result.

    ``clamp(s + [t - a - s >= phase], 0, n)`` with ``s = floor(t - a)``.

    Args:
        sweep: n steps from time a.
        t: film time, in steps.

    Example:
        >>> from matcube.wire import Loop, Sweep
        >>> sweep = Sweep(0, "vmprod", (Loop("i", 1),), (3, 4, 5), (3, 4, 5), 3, start=2.0, phase=0.5)
        >>> [done(sweep, t) for t in (1.9, 2.0, 2.5, 3.4, 99.0)]
        [0, 0, 1, 1, 3]
    """
    s = floor(t - sweep.start)
    return min(max(s + (t - sweep.start - s >= sweep.phase - NEAR), 0), sweep.steps)


def active_step(sweep: Sweep, t: float) -> int | None:
    """The step that forms its products at time t, or None.

    ``s = floor(t - a)``, while ``0 <= s < n`` and ``t - a - s >= begin``.
    """
    s = floor(t - sweep.start)
    is_active = 0 <= s < sweep.steps and t - sweep.start - s >= sweep.begin - NEAR
    return s if is_active else None


def step_count(loops: Sequence[Loop], blocks: tuple[int, int, int]) -> int:
    """The number of steps: the product over the letters of their numbers of innermost ranges.

    Example:
        >>> from matcube.wire import Loop
        >>> step_count((Loop("i", 4), Loop("k", 3), Loop("i", 2)), (7, 5, 9))
        12
    """
    return steps_of(loops, dict(zip("ijk", blocks, strict=True)))


def reached(sweep: Sweep, step: int, depth: int | None = None) -> dict[str, Span]:
    """The range (first, end) of a step along each letter, as indices in a block.

    Args:
        sweep: loops and blocks.
        step: 0 is the first.
        depth: number of outer loops; None for all.
    """
    at = {letter: (0, size) for letter, size in zip("ijk", sweep.blocks, strict=True)}
    for _ in _rounds(sweep.loops, at, step, depth):
        pass
    return at


def regions(sweep: Sweep, steps: int, depth: int | None = None) -> list[Region]:
    """The cells of a block by their number of products after some steps, without limits.

    One walk over the loops: cells that a round has passed have all products of the present range of k, those
    that it has not reached have the products before that range. The last region is that of the next step,
    unless all steps are over.

    Args:
        sweep: loops and blocks.
        steps: number of steps.
        depth: number of outer loops; None for all.
    """
    at = {letter: (0, size) for letter, size in zip("ijk", sweep.blocks, strict=True)}
    result: list[Region] = []
    for letter, (low, end), (first, last) in _rounds(sweep.loops, at, steps, depth):
        if letter == "k":
            continue
        (k0, k1), (i0, i1), (j0, j1) = at["k"], at["i"], at["j"]
        if letter == "i":
            result += [Region(low, first, j0, j1, k1), Region(last, end, j0, j1, k0)]
        else:
            result += [Region(i0, i1, low, first, k1), Region(i0, i1, last, end, k0)]
    result.append(Region(*at["i"], *at["j"], at["k"][0]))
    return [region for region in result if region.i1 > region.i0 and region.j1 > region.j0]


def covered(sweep: Sweep, step: int, depth: int | None = None) -> dict[str, list[Span]]:
    """The ranges of a step along each letter in the whole matrix: one in every block that is long enough.

    Args:
        sweep: loops, sizes and blocks.
        step: 0 is the first.
        depth: number of outer loops; None for all.
    """
    at = reached(sweep, step, depth)
    return {
        letter: in_blocks(at[letter], size, block)
        for letter, size, block in zip("ijk", sweep.sizes, sweep.blocks, strict=True)
    }


def in_blocks(span: Span, size: int, block: int) -> list[Span]:
    """A range of a block in all blocks of a letter; one range if it is the whole block.

    Args:
        span: (first, end) in a block.
        size: of the letter.
        block: length of a block.

    Example:
        >>> in_blocks((1, 3), 8, 3), in_blocks((0, 3), 8, 3)
        ([(1, 3), (4, 6), (7, 8)], [(0, 8)])
    """
    first, end = span
    if end - first >= block:
        return [(0, size)] if size else []
    result = [(start + first, min(start + end, size)) for start in range(0, size, block)]
    return [(start, stop) for start, stop in result if stop > start]


def counts(sweep: Sweep, steps: int) -> Ints:
    """The number of products (I, J) of each cell after some steps, over all blocks of k.

    Args:
        sweep: loops and sizes.
        steps: number of steps, from ``done``.

    Example:
        >>> from matcube.wire import Loop, Sweep
        >>> sizes = (1, 3, 4)
        >>> counts(Sweep(0, "axpy", (Loop("j", 1), Loop("k", 1)), sizes, sizes, 12), 6).tolist()
        [[4, 2, 0]]
    """
    total = counts_in(sweep, steps, 0)
    for block in range(1, part_count(sweep)):
        total = total + counts_in(sweep, steps, block)
    return total


def counts_in(sweep: Sweep, steps: int, block: int) -> Ints:
    """The number of products (I, J) of each cell in one block of k; they are the first ones of the block.

    Args:
        sweep: loops and sizes.
        steps: number of steps.
        block: of k, counted from 0.
    """
    start = block * sweep.blocks[2]
    length = max(0, min(sweep.blocks[2], sweep.sizes[2] - start))
    result = np.minimum(_of_cells(sweep, steps), length)
    limit = sweep.limit
    if limit is not None and limit.b == "k":
        return np.clip(_index(sweep)[limit.a] + (limit.offset + 1 - start), 0, result)
    return np.where(never(sweep), 0, result)


def never(sweep: Sweep) -> NDArray[np.bool_]:
    """Whether a limit leaves each cell (I, J) without any product."""
    limit, index = sweep.limit, _index(sweep)
    if limit is None or limit.b == "k":
        return np.zeros(sweep.sizes[:2], dtype=bool)
    return np.broadcast_to(index[limit.b] > index[limit.a] + limit.offset, sweep.sizes[:2])


def complete(sweep: Sweep, steps: int) -> NDArray[np.bool_]:
    """Whether each cell (I, J) has all its products, of every block of k."""
    return np.asarray(_of_cells(sweep, steps) >= sweep.blocks[2])


def part_count(sweep: Sweep) -> int:
    """The number of blocks along k."""
    return max(1, -(-sweep.sizes[2] // max(sweep.blocks[2], 1)))


def formed_at(sweep: Sweep, t: float, i: int, j: int) -> int | None:
    """The number of products in the shown sum of cell (i, j) at time t, the first ones; None for all of them.

    Of a cell that is split along k nothing is shown before it is complete.

    Args:
        sweep: loops, sizes and blocks.
        t: film time, in steps.
        i: index of the cell, in the letters of the sweep.
        j: the other.

    Example:
        >>> from matcube.wire import Loop, Sweep
        >>> sizes = (1, 3, 4)
        >>> sweep = Sweep(0, "axpy", (Loop("j", 1), Loop("k", 1)), sizes, sizes, 12, phase=0.5)
        >>> [formed_at(sweep, 6.0, 0, j) for j in range(3)]
        [None, 2, 0]
    """
    steps, limit = done(sweep, t), sweep.limit
    row, col = i % sweep.blocks[0], j % sweep.blocks[1]
    inside = (each for each in regions(sweep, steps) if each.i0 <= row < each.i1 and each.j0 <= col < each.j1)
    made = next((each.made for each in inside), 0)
    at = {"i": i, "j": j}
    if limit is not None and limit.b != "k" and at[limit.b] > at[limit.a] + limit.offset:
        return 0
    if made >= sweep.blocks[2]:
        return None
    if part_count(sweep) > 1:
        return 0
    most = sweep.sizes[2] if limit is None or limit.b != "k" else at[limit.a] + limit.offset + 1
    return min(made, max(most, 0))


def _index(sweep: Sweep) -> dict[str, Ints]:
    rows, cols, _ = sweep.sizes
    return {"i": np.arange(rows)[:, None], "j": np.arange(cols)[None, :]}


def _of_cells(sweep: Sweep, steps: int) -> Ints:
    """The number of products (I, J) of a full block of k, without limits."""
    rows, cols, _ = sweep.sizes
    high, wide, depth = sweep.blocks
    local = np.zeros((high, wide), dtype=np.int64)
    for i0, i1, j0, j1, count in regions(sweep, steps):
        local[i0:i1, j0:j1] = count
    if not local.size:
        return np.full((rows, cols), depth, dtype=np.int64)
    return local[np.ix_(np.arange(rows) % high, np.arange(cols) % wide)]


def _rounds(
    loops: Sequence[Loop], at: dict[str, Span], step: int, depth: int | None
) -> Iterator[tuple[str, Span, Span]]:
    """Narrow ``at`` loop by loop to the ranges of a step; yields the letter, its range before, and the round.

    For a step after the last, the first loop has an empty range at its end.
    """
    for n, loop in enumerate(loops[:depth]):
        low, end = at[loop.letter]
        below = steps_of(loops[n + 1 :], _lengths(at) | {loop.letter: min(loop.size, end - low)})
        if below == 0:
            return
        number, step = divmod(step, below)
        first = min(low + number * loop.size, end)
        last = min(first + loop.size, end)
        at[loop.letter] = first, last
        yield loop.letter, (low, end), (first, last)
        if first == last:
            return


def _lengths(at: dict[str, Span]) -> dict[str, int]:
    return {letter: end - first for letter, (first, end) in at.items()}


def steps_of(loops: Sequence[Loop], lengths: dict[str, int]) -> int:
    """The number of steps of some loops over ranges of these lengths, by letter."""
    total = 1
    for letter, length in lengths.items():
        total *= leaves([loop.size for loop in loops if loop.letter == letter], length)
    return total


def leaves(sizes: Sequence[int], length: int) -> int:
    """The number of innermost ranges of a length under nested tiles of these sizes; the last may be shorter.

    Example:
        >>> leaves([4, 3], 10), leaves([], 10)
        (5, 1)
    """
    if not sizes:
        return 1
    whole, rest = divmod(length, sizes[0])
    return whole * leaves(sizes[1:], sizes[0]) + (leaves(sizes[1:], rest) if rest else 0)
