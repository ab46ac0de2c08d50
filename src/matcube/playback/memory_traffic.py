"""Memory traffic of a tiled product at a moment: reads and writes on each level of memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcube.playback.steps import reached, regions, steps_of
from matcube.wire import Loop, Sweep

Lengths = dict[str, int]


@dataclass(frozen=True)
class Loads:
    """Elements moved into and out of the memory of one level; of one whole block.

    Args:
        left, right: of the operands, read.
        read: of the result, read again because its sums are not finished.
        written: of the result, written when another tile replaces it.
        products: number of products formed.
    """

    left: int
    right: int
    read: int
    written: int
    products: int

    @property
    def reuse(self) -> float:
        """Products for each element that was read."""
        return self.products / max(self.left + self.right + self.read, 1)


def loads(sweep: Sweep, level: int, begun: int) -> Loads:
    """The traffic of a level after some steps have begun.

    A memory has room for one tile of either operand and one of the result. A tile is read when a step needs
    another one than the step before. The result's tile starts at zero, is written when another tile replaces
    it, and is read again on its next use; the last one is written with the last step.

    Args:
        sweep: a tiled one; its loops are triples, one triple for each level.
        level: 0 is the outermost.
        begun: number of steps that have begun.

    Example:
        >>> from matcube.wire import Loop, Sweep
        >>> rounds = tuple(Loop(letter, 2) for letter in "ijk")
        >>> loads(Sweep(0, "tiled", rounds, (4, 4, 4), (4, 4, 4), 8, levels=1), 0, 8)
        Loads(left=32, right=32, read=0, written=16, products=64)
    """
    depth = 3 * level + 3
    i, j, k = sweep.blocks
    lengths = {"i": i, "j": j, "k": k}
    left, right, result = (
        _read(sweep.loops, depth, lengths, letters, begun) for letters in ("ik", "kj", "ij")
    )
    total = steps_of(sweep.loops, lengths)
    at = reached(sweep, begun - 1, depth) if begun else {"i": (0, 0), "j": (0, 0)}
    tile = (at["i"][1] - at["i"][0]) * (at["j"][1] - at["j"][0])
    seen = tile if begun else 0
    if begun:
        *passed, _ = regions(sweep, begun - 1, depth)
        seen += sum((i1 - i0) * (j1 - j0) for i0, i1, j0, j1, count in passed if count)
    formed = sum((i1 - i0) * (j1 - j0) * count for i0, i1, j0, j1, count in regions(sweep, begun))
    return Loads(left, right, result - seen, result - (tile if begun < total else 0), formed)


def _read(loops: Sequence[Loop], depth: int, lengths: Lengths, letters: str, begun: int) -> int:
    """Elements of the tiles along two letters that are read after some steps have begun.

    A round of a loop over either letter needs other tiles than the round before. A round over the third
    letter needs the same ones, and reads them again unless there is only one.
    """
    if begun <= 0:
        return 0
    if depth == 0:
        return lengths[letters[0]] * lengths[letters[1]]
    (loop, *inner), length = loops, lengths[loops[0].letter]
    full = lengths | {loop.letter: min(loop.size, length)}
    below = steps_of(inner, full)
    number = (begun - 1) // below
    rest = lengths | {loop.letter: min(loop.size, length - number * loop.size)}
    if loop.letter not in letters and _is_one(inner[: depth - 1], lengths, letters):
        number, rest, begun = 0, full, below
    before = number * _read(inner, depth - 1, full, letters, below) if number else 0
    return before + _read(inner, depth - 1, rest, letters, begun - number * below)


def _is_one(loops: Sequence[Loop], lengths: Lengths, letters: str) -> bool:
    """Whether some loops have one tile of these letters."""
    return steps_of(loops, {letter: lengths[letter] for letter in letters}) == 1
