"""The edge of a mask: lines on a face between its masked cells and the others.

See docs/drawing.md, "Plates".
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matcube.playback.mark import Mark
from matcube.playback.places import place
from matcube.wire import Face, Split

MOST = 512  # lines; a mask with more of them has none, its cells have their own ground

Mask = NDArray[np.uint8]


def stair_marks(face: Face, mask: Mask, colour: int) -> list[Mark]:
    """Lines between cells of which one is masked, in rows and then in columns.

    Args:
        face: where the matrix is drawn.
        mask: (rows, cols) of the node, not 0 where masked.
        colour: 0xRRGGBB.
    """
    hidden = (mask.T if face.transposed else mask) != 0
    level = list(_steps(hidden, MOST + 1))
    upright = list(_steps(hidden.T, MOST + 1 - len(level)))
    if len(level) + len(upright) > MOST:
        return []
    origin, across, down = (np.array(v, np.float64) for v in (face.origin, face.across, face.down))
    marks = []
    for at, start, stop in level:
        left, right = _span(start, stop, face.col_split)
        ends = np.array([[left], [right]])
        marks.append(Mark(origin + down * place(at, face.row_split) + across * ends, colour))
    for at, start, stop in upright:
        top, bottom = _span(start, stop, face.row_split)
        ends = np.array([[top], [bottom]])
        marks.append(Mark(origin + across * place(at, face.col_split) + down * ends, colour))
    return marks


def _span(start: int, stop: int, split: Split | None) -> tuple[int, int]:
    return place(start, split), place(stop - 1, split) + 1


def _steps(hidden: NDArray[np.bool_], most: int) -> Iterator[tuple[int, int, int]]:
    """Row, first column and end of each line between a row and the one above it, at most so many."""
    count = 0
    for row in range(1, hidden.shape[0]):
        differ = np.concatenate([[False], hidden[row] != hidden[row - 1], [False]]).astype(np.int8)
        turns = np.flatnonzero(np.diff(differ)).tolist()
        for start, stop in zip(turns[::2], turns[1::2], strict=True):
            if count >= most:
                return
            count += 1
            yield row, start, stop
