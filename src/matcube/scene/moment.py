"""A film at one moment: what faces show, what is lit, which products lie in boxes; see docs/motion.md.

A function of the scene and the time alone: nothing is kept from one moment to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcube import timeline
from matcube.ops import Array
from matcube.scene.head import Box, Face, Film, Head, Layout, Matrix, Need, Sweep
from matcube.scene.parts import operands_of
from matcube.scene.places import place

Seen = NDArray[np.bool_]
Floats = NDArray[np.float64]
Buffers = Mapping[str, Array]

_OTHER = {"i": "j", "j": "i", "k": "k"}


@dataclass(frozen=True)
class Layer:
    """Cells of a face that show values on the scale of one node.

    Args:
        node: whose scale.
        values: (rows, cols) in the own order of the face's node.
        seen: which cells; the others show nothing of this layer.
        finished: whether these are the node's values, with its mask, and not running sums.
    """

    node: int
    values: Array
    seen: Seen
    finished: bool


@dataclass(frozen=True)
class Plane:
    """The products of a step at their places in a box.

    Args:
        face: where they lie, of the contraction's own node; it is no face of the layout.
        values: (rows, cols) as displayed.
        first: box letters i, j, k of cell (0, 0).
    """

    face: Face
    values: Floats
    first: tuple[int, int, int]


@dataclass(frozen=True)
class Moment:
    """What differs from the still figure.

    Args:
        faces: by face id, the layers that are shown instead of its values; they do not overlap.
        lit: by face id, the displayed row and column that a step reads, or None.
        planes: products of the steps that are active.
        hidden: face ids of inputs, if the film hides them.
    """

    faces: dict[int, tuple[Layer, ...]] = field(default_factory=dict)
    lit: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    planes: tuple[Plane, ...] = ()
    hidden: frozenset[int] = frozenset()


def at(head: Head, buffers: Buffers, t: float, *, hide_inputs: bool = False) -> Moment:
    """The film of a scene at time t.

    Args:
        head: the scene; without a film nothing differs from the still figure.
        buffers: flat arrays by sha256.
        t: in steps.
        hide_inputs: leave out operands that are leaves.

    Returns:
        Layers, lit lines and products. A running sum is the float64 sum of the first c products of its cell;
        a complete cell shows the finished value.
    """
    if head.film is None:
        return Moment()
    scene = _Scene(head, buffers, head.film, t)
    faces = {face.id: layers for face in scene.layout.faces if (layers := scene.layers(face)) is not None}
    lit: dict[int, tuple[int | None, int | None]] = {}
    planes = []
    for sweep in head.film.sweeps:
        for box in scene.boxes.get(sweep.node, ()):
            where = _where(sweep, box, t)
            if where is None:
                continue
            lit[box.left] = where.get("i"), where.get("k")
            lit[box.right] = where.get("k"), where.get("j")
            if timeline.active_step(sweep, t) is not None and (plane := scene.plane(box, where)) is not None:
                planes.append(plane)
    lit = {face: line for face, line in lit.items() if line != (None, None)}
    inputs = {face.id for face in scene.layout.faces if scene.matrices[face.node].operation == ""}
    return Moment(faces, lit, tuple(planes), frozenset(inputs if hide_inputs else ()))


def running_sums(left: Floats, right: Floats, counts: NDArray[np.int64]) -> Floats:
    """The sum (I, J) of the first c products of each cell; cells of one c are summed at once, in float64.

    Args:
        left: (I, K).
        right: (K, J).
        counts: c (I, J).

    Example:
        >>> running_sums(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[1]])).tolist()
        [[3.0]]
    """
    out = np.zeros(counts.shape)
    with np.errstate(all="ignore"):
        for c in np.unique(counts[counts > 0]).tolist():
            rows, cols = (np.flatnonzero((counts == c).any(axis=axis)) for axis in (1, 0))
            sums = left[rows, :c] @ right[:c, cols]
            out[np.ix_(rows, cols)] = np.where(counts[np.ix_(rows, cols)] == c, sums, out[np.ix_(rows, cols)])
    return out


class _Scene:
    """A scene's tables by number, and what each sweep has made by time t, found when first asked for."""

    def __init__(self, head: Head, buffers: Buffers, film: Film, t: float) -> None:
        self.layout: Layout = next(one for one in head.layouts if one.key == head.layout)
        self.matrices = {matrix.node: matrix for matrix in head.matrices}
        self.boxes: dict[int, list[Box]] = {}
        for box in self.layout.boxes:
            self.boxes.setdefault(box.node, []).append(box)
        self._faces = {face.id: face for face in self.layout.faces}
        self._sweeps = {sweep.node: sweep for sweep in film.sweeps}
        self._needs: dict[int, list[Need]] = {}
        for need in film.needs:
            self._needs.setdefault(need.node, []).append(need)
        self._buffers, self._t = buffers, t
        self._counts: dict[int, NDArray[np.int64]] = {}
        self._layers: dict[int, Layer | None] = {}

    def layers(self, face: Face) -> tuple[Layer, ...] | None:
        """What a face shows, or None when all of it is finished."""
        matrix = self.matrices[face.node]
        if matrix.values is None or not matrix.rows * matrix.cols or face.part is not None:
            return None
        if face.node in self._sweeps:
            layer = self._of_sweep(face.node)
            return None if layer is None else (layer,)
        if face.node not in self._needs:
            return None
        seen = self._complete(matrix)
        if seen.all():
            return None
        finished = Layer(face.node, self._values(matrix), seen, True)
        raw = next((node for node in face.chain if node in self._sweeps), None)
        is_closed = not self.layout.sheets_open and face.role != "sheet"
        under = self._of_sweep(raw) if raw is not None and is_closed else None
        if under is None:
            return (finished,)
        turned = any(_is_turned(need) for need in self._needs[face.node] if need.sweep == raw)
        shape = matrix.rows, matrix.cols
        if turned and min(shape) > 1:
            under = Layer(under.node, under.values.T, under.seen.T, under.finished)
        values, cells = under.values.reshape(shape), under.seen.reshape(shape)
        return finished, Layer(under.node, values, cells & ~seen, False)

    def plane(self, box: Box, where: Mapping[str, int]) -> Plane | None:
        """The products of a step in the order of a face: (k, j), (i, k) or (i, j), or one line of them."""
        pair = self._operands(box)
        if pair is None:
            return None
        left, right = pair  # (I, K), (K, J) as displayed
        i, j, k = (slice(where[one], where[one] + 1) if one in where else slice(None) for one in "ijk")
        rows, cols = ("k" if "i" in where else "i"), ("k" if "j" in where and "i" not in where else "j")
        with np.errstate(all="ignore"):
            products = left[i, k][:, :, None] * right[k, j][None]  # (i, k, j)
        axes = {"i": 0, "k": 1, "j": 2}
        rest = next(one for one in "ijk" if one not in (rows, cols))
        values = np.asarray(products.take(0, axis=axes[rest]))
        first = where.get("i", 0), where.get("j", 0), where.get("k", 0)
        steps = dict(zip("ijk", (box.i_step, box.j_step, box.k_step), strict=True))
        origin = np.array(box.corner, np.float64)
        splits = dict(zip("ijk", box.splits, strict=True))
        for one, index in zip("ijk", first, strict=True):
            origin = origin + np.array(steps[one]) * (
                place(index, splits[one]) + (0.5 if one == rest else 0.0)
            )
        x, y, z = origin.tolist()
        face = Face(
            -1 - box.id, box.node, [box.node], False, (x, y, z), steps[cols], steps[rows],
            values.shape[0], values.shape[1], "sheet", box.id, rows, cols, 0, None,
            None if rows in where else splits[rows], None if cols in where else splits[cols],
        )  # fmt: skip
        return Plane(face, values, first)

    def _of_sweep(self, node: int) -> Layer | None:
        """The running sums of a contraction, or None when it is finished."""
        if node not in self._layers:
            self._layers[node] = self._summed(self.matrices[node], self._sweeps[node])
        return self._layers[node]

    def _summed(self, matrix: Matrix, sweep: Sweep) -> Layer | None:
        counts = self._count(sweep)
        depth = sweep.sizes[2]
        if matrix.values is None or (counts >= depth).all():
            return None
        shape = matrix.rows, matrix.cols
        values = self._values(matrix).reshape(sweep.sizes[:2])
        seen = (counts >= depth) | (counts > 0)
        partial = (counts > 0) & (counts < depth)
        if partial.any():
            values = values.astype(np.float64)
            pair = self._of_letters(sweep.node)
            if pair is None:
                seen &= ~partial
            else:
                values[partial] = running_sums(*pair, np.where(partial, counts, 0))[partial]
        return Layer(sweep.node, values.reshape(shape), seen.reshape(shape), False)

    def _of_letters(self, node: int) -> tuple[Floats, Floats] | None:
        """The operands (I, K) and (K, J) of a contraction, in its own letters."""
        box = next(iter(self.boxes.get(node, ())), None)
        pair = None if box is None else self._operands(box)
        if pair is None or box is None:
            return None
        return (pair[1].T, pair[0].T) if box.transposed else pair

    def _operands(self, box: Box) -> tuple[Floats, Floats] | None:
        return operands_of(self.matrices, self._faces, self._buffers, box)

    def _values(self, matrix: Matrix) -> Array:
        assert matrix.values is not None
        return np.asarray(self._buffers[matrix.values]).reshape(matrix.rows, matrix.cols)

    def _count(self, sweep: Sweep) -> NDArray[np.int64]:
        if sweep.node not in self._counts:
            steps_done = timeline.done(sweep, self._t)
            self._counts[sweep.node] = timeline.counts(sweep.moving, sweep.sizes, steps_done)
        return self._counts[sweep.node]

    def _complete(self, matrix: Matrix) -> Seen:
        """Which cells of a matrix have all that they need."""
        out = np.ones((matrix.rows, matrix.cols), dtype=bool)
        for need in self._needs[matrix.node]:
            sweep = self._sweeps[need.sweep]
            complete: Seen = self._count(sweep) >= sweep.sizes[2]  # (I, J), or 1 where all are needed
            for axis, letter in enumerate("ij"):
                if letter not in (need.row, need.col):
                    complete = np.asarray(complete.all(axis=axis, keepdims=True))
            out &= complete.T if _is_turned(need) else complete
        return out


def _is_turned(need: Need) -> bool:
    return need.row == "j" or need.col == "i"


def _where(sweep: Sweep, box: Box, t: float) -> dict[str, int] | None:
    """The box letters at which the present step stands: lit from the beginning of the step to its end."""
    step = int(np.floor(t - sweep.start))
    if not 0 <= step < sweep.steps:
        return None
    own = timeline.digits(sweep.moving, sweep.sizes, step)
    return {_OTHER[letter] if box.transposed else letter: place for letter, place in own.items()}
