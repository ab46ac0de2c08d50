"""Places of cells: a split matrix as a grid of places with empty gaps between its blocks."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcube.wire import Face, Head, Split, extent

__all__ = ["block_on", "cell", "extent", "own_splits", "place", "runs", "shares", "spread", "spread_averages"]

Floats = NDArray[np.float64]
PARTIAL = -2  # in OnDevices.dims: each device has a partial result
Cells = TypeVar("Cells", bound=np.generic)


def place(index: int, split: Split | None) -> int:
    """Where a cell stands."""
    return index if split is None else split.place(index)


def cell(at: int, split: Split | None, size: int) -> int | None:
    """Which of ``size`` cells stands at a place; None in a gap and outside.

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
    """Own rows and columns that a device holds of a face, from and to; None: all, or nobody knows."""
    table = head.partition
    on = None if table is None else next((item for item in table.devices if item.id == device), None)
    row = (
        None
        if table is None
        else next((matrix for matrix in table.matrices if matrix.node == face.node), None)
    )
    if table is None or on is None or row is None:
        return None
    sizes = (face.cols, face.rows) if face.transposed else (face.rows, face.cols)
    held = [(0, size) for size in sizes]
    for group, at, dim in zip(table.groups, on.at, row.dims, strict=True):
        if dim == PARTIAL and face.part not in (None, at):
            held[0] = (0, 0)
        if dim < 0:
            continue
        axis = dim + 2 - len(row.shape)
        length = max(1, -(-sizes[axis] // group.blocks))
        (start, stop), size = held[axis], sizes[axis]
        held[axis] = (max(start, min(size, at * length)), min(stop, size, (at + 1) * length))
    return None if held == [(0, size) for size in sizes] else (held[0], held[1])


def spread(cells: NDArray[Cells], rows: Split | None, cols: Split | None) -> NDArray[Cells]:
    """Cells (r, c, ...) at their places; zeros in the gaps.

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
    """Averages along ``size`` cells, each of as many, laid over the places in texels of about the same size.

    Returns:
        Of each texel (rows) the share under each average (columns); gaps make a row sum to less than 1.
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
) -> tuple[Floats, NDArray[np.uint8]]:
    """Averages (R, C, 2) and flags (R, C) of a matrix of ``sizes`` cells, with gaps between its blocks."""
    down, along = (shares(*item) for item in zip(pairs.shape[:2], sizes, splits, strict=True))
    spread_pairs = np.einsum("pr,rcx,qc->pqx", down, pairs.astype(np.float64), along, optimize=True)
    marked = np.zeros(spread_pairs.shape[:2], np.uint8)
    for flag in np.unique(flags[flags > 0]).tolist():
        touched = (down > 0).astype(np.float32) @ (flags == flag).astype(np.float32)
        marked[touched @ (along > 0).astype(np.float32).T > 0] = flag
    return spread_pairs, marked
