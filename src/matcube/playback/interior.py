"""One step of a sweep: planes of products in the box, lit cells of its faces, outlined tiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from msgspec.structs import replace as changed
from numpy.typing import NDArray

from matcube.playback import steps
from matcube.playback.places import place
from matcube.playback.shading import OPERANDS
from matcube.wire import Box, Face, Split, Sweep

Floats = NDArray[np.float64]
Span = tuple[int, int]
Spans = Mapping[str, list[Span]]

MOST_PLANES = 16
MOST_OUTLINES = 64
_OTHER = {"i": "j", "j": "i", "k": "k"}
_IN_PLANE = {
    "i": ("k", "j"),
    "j": ("i", "k"),
    "k": ("i", "j"),
}  # letters of rows and columns, by the fixed letter of the plane


@dataclass(frozen=True)
class Plane:
    """Products of a step at their places in a box.

    Args:
        face: position and size, with the contraction as node; it is no face of the layout.
        values: (rows, cols) as displayed; 0 for products outside the step.
        first: box indices i, j, k of cell (0, 0).
        highest: the value of full brightness; None takes the scale of the contraction.
    """

    face: Face
    values: Floats
    first: tuple[int, int, int]
    highest: float | None = None


@dataclass(frozen=True)
class Lit:
    """Lit cells of a face: displayed rows and columns (first, end) or None for all, and their light."""

    rows: Span | None
    cols: Span | None
    level: float = OPERANDS


@dataclass(frozen=True)
class Tile:
    """A tile of one level in the world: a corner and three edges, the last of them 0 on a face."""

    level: int
    corner: Floats
    edges: Floats


def spans_of(sweep: Sweep, box: Box, step: int, depth: int | None = None) -> dict[str, list[Span]]:
    """The ranges of a step along the box's letters; under a limit, the ranges that it reads.

    Args:
        sweep: of the box's node.
        box: its letters i and j are exchanged if it is transposed.
        step: of the sweep.
        depth: number of outer loops; None for all.
    """
    own = steps.covered(sweep, step, depth)
    if sweep.limit is not None and own[sweep.limit.a]:
        last = own[sweep.limit.a][-1][1] + sweep.limit.offset
        cut = [(first, min(end, last)) for first, end in own[sweep.limit.b]]
        own[sweep.limit.b] = [(first, end) for first, end in cut if end > first]
    return {_OTHER[letter] if box.transposed else letter: spans for letter, spans in own.items()}


def lit_of(box: Box, spans: Spans) -> Iterator[tuple[int, Lit]]:
    """Face ids with lit cells: what a step reads, and in full light what it forms.

    Args:
        box: with the faces.
        spans: ranges of the step, as from ``spans_of``.
    """
    sizes = dict(zip("ijk", box.sizes, strict=True))
    faces = _faces_of(box)
    for face, (down, across) in faces:
        level = 1.0 if face == box.result else OPERANDS
        whole = [spans[letter] == [(0, sizes[letter])] for letter in (down, across)]
        for rows, cols in product(spans[down], spans[across]):
            yield face, Lit(None if whole[0] else rows, None if whole[1] else cols, level)


def planes_of(sweep: Sweep, box: Box, spans: Spans, left: Floats, right: Floats) -> Iterator[Plane]:
    """The products of a step on the fewest planes, at most 16 of them.

    Args:
        sweep: of the box's node.
        box: with their places.
        spans: ranges of the step, as from ``spans_of``.
        left: (I, K) as displayed.
        right: (K, J).
    """
    active = {letter: _indices(ranges) for letter, ranges in spans.items()}
    fixed = min("ijk", key=lambda letter: len(active[letter]))
    if not all(len(indices) for indices in active.values()):
        return
    many = len(active[fixed])
    shown = active[fixed] if many <= MOST_PLANES else active[fixed][_spread(many)]
    for n, index in enumerate(shown.tolist()):
        plane = _plane(sweep, box, spans, active, (fixed, index), left, right)
        yield replace(plane, face=changed(plane.face, id=-1 - MOST_PLANES * box.id - n))


def tiles_of(sweep: Sweep, box: Box, faces: Mapping[int, Face], step: int) -> Iterator[Tile]:
    """The tiles of a step on every level, without those that are the whole box or face.

    Args:
        sweep: a tiled one, of the box's node.
        box: with the faces.
        faces: by id.
        step: of the sweep.
    """
    for level in range(sweep.levels):
        spans = spans_of(sweep, box, step, 3 * level + 3)
        inside = list(product(*(spans[letter] for letter in "ijk")))
        if len(inside) > MOST_OUTLINES or inside == [tuple((0, size) for size in box.sizes)]:
            continue
        for tile in inside:
            yield _tile(box, level, tile)
        for face, (down, across) in _faces_of(box):
            for rows, cols in product(spans[down], spans[across]):
                if (rows, cols) != ((0, faces[face].rows), (0, faces[face].cols)):
                    yield _flat(faces[face], level, rows, cols)


def _faces_of(box: Box) -> tuple[tuple[int, tuple[str, str]], ...]:
    """The faces of a box with the letters of their rows and columns."""
    return (box.left, ("i", "k")), (box.right, ("k", "j")), (box.result, ("i", "j"))


def _flat(face: Face, level: int, rows: Span, cols: Span) -> Tile:
    corner, edges = np.array(face.origin, np.float64), np.zeros((3, 3))
    for n, (step, split, (first, end)) in enumerate(
        ((face.down, face.row_split, rows), (face.across, face.col_split, cols))
    ):
        low = place(first, split)
        corner = corner + np.array(step) * low
        edges[n] = np.array(step) * (place(end - 1, split) + 1 - low)
    return Tile(level, corner, edges)


def _tile(box: Box, level: int, spans: tuple[Span, ...]) -> Tile:
    corner, edges = np.array(box.corner, np.float64), []
    for step, split, (first, end) in zip(_steps(box).values(), box.splits, spans, strict=True):
        low, high = place(first, split), place(end - 1, split) + 1
        corner = corner + step * low
        edges.append(step * (high - low))
    return Tile(level, corner, np.stack(edges))


def _plane(
    sweep: Sweep,
    box: Box,
    spans: Spans,
    active: Mapping[str, NDArray[np.int64]],
    at: tuple[str, int],
    left: Floats,
    right: Floats,
) -> Plane:
    fixed, index = at
    down, across = _IN_PLANE[fixed]
    splits = dict(zip("ijk", box.splits, strict=True))
    sizes = dict(zip("ijk", box.sizes, strict=True))
    reach = {letter: _extent(spans[letter], sizes[letter], splits[letter]) for letter in (down, across)}
    reach[fixed] = (index, index + 1)
    i, j, k = (slice(*reach[letter]) for letter in "ijk")
    with np.errstate(all="ignore"):
        products = left[i, k][:, :, None] * right[k, j][None]  # (i, k, j)
    values = np.asarray(products.take(0, axis="ikj".index(fixed)))
    values = np.where(_formed(sweep, box, active, reach, fixed), values, 0.0)
    origin, unit = np.array(box.corner, np.float64), _steps(box)
    for letter, (first, _) in reach.items():
        origin = origin + unit[letter] * (place(first, splits[letter]) + 0.5 * (letter == fixed))
    own = {
        letter: splits[letter] if reach[letter] == (0, sizes[letter]) else None for letter in (down, across)
    }
    x, y, z = origin.tolist()
    face = Face(
        0, box.node, (box.node,), False, (x, y, z), _vec(unit[across]), _vec(unit[down]),
        values.shape[0], values.shape[1], "sheet", box.id, down, across, 0, None, own[down], own[across],
    )  # fmt: skip
    return Plane(face, values, (reach["i"][0], reach["j"][0], reach["k"][0]))


def _formed(
    sweep: Sweep, box: Box, active: Mapping[str, NDArray[np.int64]], reach: Mapping[str, Span], fixed: str
) -> NDArray[np.bool_]:
    """Whether each cell of a plane is a product of the step."""
    down, across = _IN_PLANE[fixed]
    index = {letter: np.arange(*span) for letter, span in reach.items()}
    index = {down: index[down][:, None], across: index[across][None], fixed: index[fixed]}
    result = np.isin(index[down], active[down]) & np.isin(index[across], active[across])
    limit = sweep.limit
    if limit is None:
        return np.asarray(result)
    a, b = (_OTHER[letter] if box.transposed else letter for letter in (limit.a, limit.b))
    return np.asarray(result & (index[b] <= index[a] + limit.offset))


def _extent(spans: list[Span], size: int, split: Split | None) -> Span:
    """The range of a plane along a letter: that of the step if it is in one block, else all."""
    (first, end) = spans[0]
    is_in_block = split is None or first // split.length == (end - 1) // split.length
    return (first, end) if len(spans) == 1 and is_in_block else (0, size)


def _indices(spans: list[Span]) -> NDArray[np.int64]:
    return np.concatenate([np.arange(0), *(np.arange(first, end) for first, end in spans)])


def _spread(many: int) -> NDArray[np.int64]:
    """Sixteen of many indices, evenly spaced."""
    return (2 * np.arange(MOST_PLANES) + 1) * many // (2 * MOST_PLANES)


def _steps(box: Box) -> dict[str, Floats]:
    steps = (box.i_step, box.j_step, box.k_step)
    return {letter: np.array(step, np.float64) for letter, step in zip("ijk", steps, strict=True)}


def _vec(vector: Floats) -> tuple[float, float, float]:
    x, y, z = vector.tolist()
    return x, y, z
