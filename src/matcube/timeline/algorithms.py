"""Matmul algorithms: the loops of a product, outermost first. A new algorithm is a row.

In loops of single indices k is the innermost, so a cell sums its products in the order of k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcube.errors import OptionError
from matcube.timeline.types import Sizes
from matcube.wire import Loop
from matcube.wire.film import Letter

MAX_LEVELS = 3
MAX_TILE = 1_000_000
LETTERS: tuple[Letter, Letter, Letter] = ("i", "j", "k")


@dataclass(frozen=True)
class Algorithm:
    """A row of ``ALGORITHMS``.

    Args:
        name: the option's value.
        help: one line for the reader.
        moving: letters that advance by one index a step; a step covers the others whole.
        is_tiled: whether the loops follow from tiles instead.
    """

    name: str
    help: str
    moving: tuple[Letter, ...]
    is_tiled: bool = False


ALGORITHMS: dict[str, Algorithm] = {
    row.name: row
    for row in (
        Algorithm("none", "the result is shown from the start", ()),
        Algorithm("dot_row", "dot products, one cell a step, row by row", ("i", "j")),
        Algorithm("dot_col", "dot products, one cell a step, column by column", ("j", "i")),
        Algorithm("vmprod", "vector times matrix, one row a step", ("i",)),
        Algorithm("mvprod", "matrix times vector, one column a step", ("j",)),
        Algorithm("outer", "outer products, one summand of every cell a step", ("k",)),
        Algorithm("axpy", "one summand of one column a step", ("j", "k")),
        Algorithm("online", "attention with a running softmax: keys stream past queries, block by block", ()),
        Algorithm(
            "tiled", "tiles inside tiles, as in a memory hierarchy, one innermost tile a step", (), True
        ),
    )
}


def loops_of(name: str, blocks: Sizes, tiles: Sequence[Sizes], order: Sequence[str]) -> tuple[Loop, ...]:
    """Loops of an algorithm over one block, outermost first.

    Args:
        name: a row of ``ALGORITHMS``.
        blocks: lengths of the block along i, j and k.
        tiles: sizes of the tiles of each level; () takes a quarter of every letter.
        order: of the letters, for all levels or for each, such as ``kij``.

    Example:
        >>> [(loop.letter, loop.size) for loop in loops_of("tiled", (8, 8, 2), [(4, 4, 4)], ["kij"])]
        [('k', 2), ('i', 4), ('j', 4)]
    """
    row = ALGORITHMS[name]
    if not row.is_tiled:
        return tuple(Loop(letter, 1) for letter in row.moving)
    length = dict(zip(LETTERS, blocks, strict=True))
    result = []
    for level, tile in enumerate(tiles or [default_tile(blocks)]):
        size = dict(zip(LETTERS, tile, strict=True))
        for item in order[min(level, len(order) - 1)]:
            letter = LETTERS["ijk".index(item)]
            result.append(Loop(letter, max(1, min(size[letter], length[letter]))))
    return tuple(result)


def default_tile(blocks: Sizes) -> Sizes:
    """A quarter of every letter, rounded up."""
    i, j, k = (max(1, -(-block // 4)) for block in blocks)
    return i, j, k


def check_tiles(tiles: Sequence[Sequence[int]], order: Sequence[str]) -> None:
    """Refuse tiles that are not nested, and orders that are no permutation of the letters.

    Raises:
        OptionError: more than three levels, a size out of 1 to 1,000,000, a tile larger than that of the
            level before, or an order that is no permutation of ijk.
    """
    if len(tiles) > MAX_LEVELS:
        raise OptionError(f"{len(tiles)} levels of tiles", hint=f"at most {MAX_LEVELS}")
    for level, tile in enumerate(tiles):
        if len(tile) != 3 or not all(1 <= size <= MAX_TILE for size in tile):
            raise OptionError(
                f"tiles of {_by(tile)}", hint=f"three sizes, i, j and k, from 1 to {MAX_TILE:,}"
            )
        if level and any(inner > outer for inner, outer in zip(tile, tiles[level - 1], strict=True)):
            raise OptionError(
                f"tiles of {_by(tile)} do not lie in tiles of {_by(tiles[level - 1])}",
                hint="give the largest tiles first",
            )
    wanted = max(1, len(tiles))
    if len(order) not in (1, wanted):
        raise OptionError(
            f"{len(order)} orders for {wanted} levels of tiles", hint="one for all levels, or one for each"
        )
    for item in order:
        if sorted(item) != ["i", "j", "k"]:
            raise OptionError(
                f'"{item}" is no order of loops', hint="i, j and k, once each: ijk, ikj, kij, …"
            )


def _by(tile: Sequence[int]) -> str:
    return " × ".join(map(str, tile))
