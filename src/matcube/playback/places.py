"""Places of cells: a split matrix is a grid of places with empty gaps between its blocks."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcube.wire import Face, Head, Split, extent

Floats = NDArray[np.float64]
PARTIAL = -2  # in OnDevices.dims: each device has a partial result
Cells = TypeVar("Cells", bound=np.generic)


def place(index: int, split: Split | None) -> int:
    """The place of a cell."""
    return index if split is None else split.place(index)


def cell(at: int, split: Split | None, size: int) -> int | None:
    """The cell at a place; None in a gap and outside.

    Args:
        at: the place.
        split: blocks, or None.
        size: number of cells.

    Example:
        >>> [cell(at, Split(length=2, gap=1), 4) for at in range(-1, 6)]
        [None, 0, 1, None, 2, 3, None]
    """
    block, within = (0, at) if split is None else divmod(at, split.length + split.gap)
    result = at if split is None else block * split.length + within
    is_gap = split is not None and within >= split.length
    return None if is_gap or not 0 <= result < size else result


def runs(size: int, split: Split | None) -> list[tuple[int, int]]:
    """First cell of each block, and the one after its last.

    Example:
        >>> runs(5, Split(length=2, gap=1))
        [(0, 2), (2, 4), (4, 5)]
    """
    length = max(1, size) if split is None else split.length
    return [(start, min(size, start + length)) for start in range(0, size, length)]


def own_splits(face: Face) -> tuple[Split | None, Split | None]:
    """Blocks of the rows and columns of the node itself."""
    return (face.col_split, face.row_split) if face.transposed else (face.row_split, face.col_split)


def block_on(head: Head, device: int, face: Face) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Rows and columns (start, stop) of a node that a device stores; None for all, or without a partition.

    Args:
        head: the scene.
        device: its id.
        face: of the node.
    """
    table = head.partition
    if table is None:
        return None
    on = next((row for row in table.devices if row.id == device), None)
    stored = next((row for row in table.matrices if row.node == face.node), None)
    if on is None or stored is None:
        return None
    sizes = (face.cols, face.rows) if face.transposed else (face.rows, face.cols)
    result = [(0, size) for size in sizes]
    for group, at, dim in zip(table.groups, on.at, stored.dims, strict=True):
        if dim == PARTIAL and face.part not in (None, at):
            result[0] = (0, 0)
        if dim < 0:
            continue
        axis = dim + 2 - len(stored.shape)
        length = max(1, -(-sizes[axis] // group.blocks))
        (start, stop), size = result[axis], sizes[axis]
        result[axis] = (max(start, min(size, at * length)), min(stop, size, (at + 1) * length))
    return None if result == [(0, size) for size in sizes] else (result[0], result[1])


def spread(cells: NDArray[Cells], rows: Split | None, cols: Split | None) -> NDArray[Cells]:
    """Cells at their places; zeros in the gaps.

    Args:
        cells: (r, c, ...).
        rows: blocks of the rows, or None.
        cols: blocks of the columns, or None.

    Example:
        >>> spread(np.array([[1, 2, 3]]), None, Split(length=2, gap=1)).tolist()
        [[1, 2, 0, 3]]
    """
    if (rows is None and cols is None) or 0 in cells.shape:
        return cells
    high, wide = extent(cells.shape[0], rows), extent(cells.shape[1], cols)
    out = np.zeros((high, wide, *cells.shape[2:]), cells.dtype)
    down = [place(n, rows) for n in range(cells.shape[0])]
    along = [place(n, cols) for n in range(cells.shape[1])]
    out[np.ix_(down, along)] = cells
    return out


def shares(averages: int, size: int, split: Split | None) -> Floats:
    """Averages of equal runs of cells, as texels of about the same size over the places.

    Args:
        averages: number of averages.
        size: number of cells.
        split: blocks of the cells, or None.

    Returns:
        The share of each texel (rows) under each average (columns); rows with gaps have a sum below 1.
    """
    if split is None or averages == 0:
        return np.eye(averages)
    block, whole = size / averages, extent(size, split)
    texels = int(np.ceil(whole / block))
    length = whole / texels
    out = np.zeros((texels, averages))
    for start, stop in runs(size, split):
        shift = split.place(start) - start
        first, last = int(start / block), min(averages, int(np.ceil(stop / block)))
        low = np.maximum(np.arange(first, last) * block, start) + shift
        high = np.minimum(np.arange(first + 1, last + 1) * block, stop) + shift
        begin, end = int((start + shift) / length), min(texels, int(np.ceil((stop + shift) / length)))
        near = np.arange(begin, end)[:, None] * length
        covered = np.minimum(high, near + length) - np.maximum(low, near)
        out[begin:end, first:last] += np.maximum(covered, 0.0) / length
    return out


def spread_averages(
    pairs: NDArray[np.floating],
    flags: NDArray[np.uint8],
    sizes: tuple[int, int],
    splits: tuple[Split | None, Split | None],
    *,
    peak: bool = False,
) -> tuple[Floats, NDArray[np.uint8]]:
    """Averages and flags of a pooled matrix, with gaps between its blocks.

    Args:
        pairs: ink (R, C, 2).
        flags: (R, C).
        sizes: rows and columns of the matrix.
        splits: blocks of the rows and of the columns, or None.
        peak: the largest of the pairs that a texel touches, one sign alone, in place of their averages.
    """
    down, along = (shares(*axis) for axis in zip(pairs.shape[:2], sizes, splits, strict=True))
    floats = pairs.astype(np.float64)
    if peak:
        spread_pairs = _largest(_largest(floats, down).swapaxes(0, 1), along).swapaxes(0, 1)
        plus, minus = spread_pairs[..., :1], spread_pairs[..., 1:]
        spread_pairs = np.concatenate([plus * (plus >= minus), minus * (minus > plus)], axis=-1)
    else:
        spread_pairs = np.einsum("pr,rcx,qc->pqx", down, floats, along, optimize=True)
    marked = np.zeros(spread_pairs.shape[:2], np.uint8)
    for flag in np.unique(flags[flags > 0]).tolist():
        touched = (down > 0).astype(np.float32) @ (flags == flag).astype(np.float32)
        marked[touched @ (along > 0).astype(np.float32).T > 0] = flag
    return spread_pairs, marked


def _largest(pairs: Floats, share: Floats) -> Floats:
    """The maxima of the rows of pairs under each texel; 0 in a gap."""
    out = np.zeros((len(share), *pairs.shape[1:]))
    for texel, row in zip(out, share, strict=True):
        under = np.flatnonzero(row)
        if under.size:
            texel[...] = pairs[under[0] : under[-1] + 1].max(axis=0)
    return out
