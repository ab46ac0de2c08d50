"""Places of cells: a split matrix is a grid of places with empty gaps between its blocks."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

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


class Shares(NamedTuple):
    """Which average covers which texel, and what share of it, for each pair that touches."""

    texels: int
    texel: NDArray[np.int64]
    average: NDArray[np.int64]
    weight: Floats

    def table(self, averages: int) -> Floats:
        """The same as a table: a row for each texel, a column for each average."""
        out = np.zeros((self.texels, averages))
        np.add.at(out, (self.texel, self.average), self.weight)
        return out


def shares(averages: int, size: int, split: Split | None) -> Shares:
    """Averages of equal runs of cells, as texels of about the same size over the places.

    Args:
        averages: number of averages.
        size: number of cells.
        split: blocks of the cells, or None.

    Returns:
        The shares of the texels; those of a texel that has gaps sum to less than 1.

    Example:
        >>> shares(2, 4, Split(length=2, gap=2)).table(2).tolist()
        [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]
    """
    if split is None or averages == 0:
        same = np.arange(averages)
        return Shares(averages, same, same, np.ones(averages))
    block, whole = size / averages, extent(size, split)
    texels = int(np.ceil(whole / block))
    length = whole / texels
    # Cells from edge to edge belong to one average, and lie in one texel.
    parts = []
    for start, stop in runs(size, split):
        shift = split.place(start) - start
        first, last = int(start / block), int(np.ceil(stop / block))
        begin, end = int((start + shift) / length), int(np.ceil((stop + shift) / length))
        edges = np.concatenate(
            [np.arange(first, last + 1) * block, np.arange(begin, end + 1) * length - shift]
        )
        edges = np.unique(edges.clip(start, stop))
        middle = (edges[1:] + edges[:-1]) / 2
        parts.append(((middle + shift) / length, middle / block, np.diff(edges) / length))
    texel, average, weight = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Shares(
        texels,
        texel.astype(np.int64).clip(0, texels - 1),
        average.astype(np.int64).clip(0, averages - 1),
        weight,
    )


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
    wide, marked = pairs.astype(np.float64), flags
    for axis, (size, split) in enumerate(zip(sizes, splits, strict=True)):
        share = shares(flags.shape[axis], size, split)
        wide = _over(share, wide, axis, np.maximum if peak else np.add)
        marked = _over(share, marked, axis, np.maximum)
    return _one_sign(wide) if peak else wide, marked


def _one_sign(pairs: Floats) -> Floats:
    """The larger of each pair alone."""
    plus, minus = pairs[..., :1], pairs[..., 1:]
    return np.concatenate([plus * (plus >= minus), minus * (minus > plus)], axis=-1)


def _over(share: Shares, cells: NDArray[Any], axis: int, merge: np.ufunc) -> NDArray[Any]:
    """Texels of averages along an axis: their weighted sum, or the greatest of each."""
    shape = list(cells.shape)
    shape[axis] = share.texels
    out = np.zeros(shape, cells.dtype)
    each = np.moveaxis(cells, axis, 0)[share.average]
    weight = share.weight.reshape(-1, *[1] * (cells.ndim - 1))
    merge.at(np.moveaxis(out, axis, 0), share.texel, each * weight if merge is np.add else each)
    return out
