"""A film at one moment: layers of faces, lit cells, products in boxes; see docs/motion.md.

A function of the scene and the time alone, without a state from moment to moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcube.playback import steps
from matcube.playback.coincident import Block, blocks_of
from matcube.playback.interior import Lit, Plane, Spans, Tile, lit_of, planes_of, spans_of, tiles_of
from matcube.playback.online_softmax import Layer, Streaming
from matcube.playback.packets import Playing, held_until, playing_at
from matcube.playback.partial_sums import operands_of, part_range, running_sums
from matcube.playback.visible import layout_of
from matcube.wire import Box, Face, Film, Head, Matrix, Need, Sweep

Array = NDArray[Any]
Seen = NDArray[np.bool_]
Floats = NDArray[np.float64]
Buffers = Mapping[str, Array]


@dataclass(frozen=True)
class Moment:
    """Differences from the still figure.

    Args:
        faces: by face id, the layers in place of its values; they do not overlap.
        lit: by face id, the displayed cells that a step reads.
        planes: products of the active steps.
        tiles: tiles in the memories of tiled sweeps.
        hidden: face ids of inputs, if the film hides them.
        exchanges: among devices, under way.
    """

    faces: dict[int, tuple[Layer, ...]] = field(default_factory=dict)
    lit: dict[int, tuple[Lit, ...]] = field(default_factory=dict)
    planes: tuple[Plane, ...] = ()
    tiles: tuple[Tile, ...] = ()
    hidden: frozenset[int] = frozenset()
    exchanges: tuple[Playing, ...] = ()


def at(head: Head, buffers: Buffers, t: float, *, hide_inputs: bool = False) -> Moment:
    """The film of a scene at time t.

    Args:
        head: the scene; without a film the moment is empty.
        buffers: flat arrays by sha256.
        t: in steps.
        hide_inputs: leave out operands that are leaves.

    Returns:
        Layers, lit cells and products. A running sum is the float64 sum of the first c products of its cell;
        a complete cell shows the finished value.
    """
    if head.film is None:
        return Moment()
    scene = _Scene(head, buffers, head.film, t)
    faces = {face.id: layers for face in scene.layout.faces if (layers := scene.layers(face)) is not None}
    lit: dict[int, list[Lit]] = {}
    planes: list[Plane] = []
    tiles: list[Tile] = []
    for sweep in head.film.sweeps:
        step = steps.active_step(sweep, t)
        for box in scene.boxes.get(sweep.node, ()) if step is not None else ():
            assert step is not None
            spans = spans_of(sweep, box, step)
            for face, cells in lit_of(box, spans):
                lit.setdefault(face, []).append(cells)
            planes += scene.planes(sweep, box, spans)
            tiles += tiles_of(sweep, box, scene.faces, step)
    inputs = {face.id for face in scene.layout.faces if scene.matrices[face.node].operation == ""}
    hidden = frozenset(inputs if hide_inputs else ())
    read = {face: tuple(cells) for face, cells in lit.items()}
    return Moment(faces, read, tuple(planes), tuple(tiles), hidden, playing_at(head.film, t))


class _Scene:
    """A scene's structs by id, and the layers of its sweeps at time t, computed on first use."""

    def __init__(self, head: Head, buffers: Buffers, film: Film, t: float) -> None:
        self.layout = layout_of(head)
        self.matrices = {matrix.node: matrix for matrix in head.matrices}
        self.boxes: dict[int, list[Box]] = {}
        for box in self.layout.boxes:
            self.boxes.setdefault(box.node, []).append(box)
        self.faces = {face.id: face for face in self.layout.faces}
        self._sweeps = {sweep.node: sweep for sweep in film.sweeps}
        self._needs: dict[int, list[Need]] = {}
        for need in film.needs:
            self._needs.setdefault(need.node, []).append(need)
        self._held = {node for node, end in held_until(film).items() if t < end}
        self._buffers, self._t = buffers, t
        self._layers: dict[int, Layer | None] = {}
        self._streaming = Streaming(film, self.matrices, self._buffers.__getitem__, t)

    def layers(self, face: Face) -> tuple[Layer, ...] | None:
        """The layers of a face, or None if all its cells are finished."""
        matrix = self.matrices[face.node]
        if matrix.values is None or not matrix.rows * matrix.cols:
            return None
        if face.part is not None:
            layer = self._of_part(face, matrix)
            return None if layer is None else (layer,)
        if blocks := blocks_of(self.matrices, self.layout, matrix):
            return self._joined(matrix, blocks)
        if face.node in self._streaming:
            return self._streamed(face)
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
        mine = [_is_turned(need) for need in self._needs[face.node] if need.sweep == raw]
        turned = any(mine) != self._sweeps[under.node].turned
        shape = matrix.rows, matrix.cols
        if turned and min(shape) > 1:
            under = Layer(under.node, under.values.T, under.seen.T, under.finished)
        values, cells = under.values.reshape(shape), under.seen.reshape(shape)
        return finished, Layer(under.node, values, cells & ~seen, False)

    def _joined(self, matrix: Matrix, blocks: Sequence[Block]) -> tuple[Layer, ...] | None:
        """The layers of a matrix of joined heads, from those of the covered faces."""
        shape = matrix.rows, matrix.cols
        done = np.zeros(shape, dtype=bool)
        under: dict[int, Layer] = {}  # heads share a scale: one layer for all of them
        for block in blocks:
            cells = np.s_[block.row : block.row + block.rows, block.col : block.col + block.cols]
            result = self.layers(block.face)
            done[cells] |= np.bool_(result is None)
            for layer in result or ():
                if layer.finished:
                    done[cells] |= layer.seen
                    continue
                copy = self.matrices[layer.node].copy
                blank = Layer(layer.node, np.zeros(shape), np.zeros(shape, dtype=bool), False)
                own = under.setdefault(layer.node if copy is None else copy.of, blank)
                own.values[cells] = np.where(layer.seen, layer.values, own.values[cells])
                own.seen[cells] |= layer.seen
        if done.all():
            return None
        return Layer(matrix.node, self._values(matrix), done, True), *under.values()

    def _streamed(self, face: Face) -> tuple[Layer, ...] | None:
        """Running states; with closed sheets, shares of later keys show their raw scores."""
        result = self._streaming.shown(face.node)
        if result is None:
            return None
        layers = list(result)
        raw = self._streaming.scores(face.node)
        is_closed = not self.layout.sheets_open and face.role != "sheet"
        under = self._of_sweep(raw) if raw in face.chain and is_closed and raw in self._sweeps else None
        if under is not None:
            left = under.seen & ~np.logical_or.reduce([layer.seen for layer in layers])
            layers.append(Layer(under.node, under.values, left, False))
        return tuple(layers)

    def planes(self, sweep: Sweep, box: Box, spans: Spans) -> Iterator[Plane]:
        """The products of a step at their places; none without the operands' values.

        Args:
            sweep: of the box's node.
            box: with the places.
            spans: ranges of the step.
        """
        pair = self._operands(box)
        if pair is not None:
            yield from planes_of(sweep, box, spans, *pair)

    def _of_sweep(self, node: int) -> Layer | None:
        """The running sums of a contraction, or None when it is finished."""
        if node not in self._layers:
            self._layers[node] = self._summed(self.matrices[node], self._sweeps[node])
        return self._layers[node]

    def _summed(self, matrix: Matrix, sweep: Sweep) -> Layer | None:
        """Finished cells and running sums; of a product split along k finished cells only."""
        if sweep.states is not None:
            result = self._streaming.shown(sweep.node)
            return None if result is None else result[0]
        done = steps.done(sweep, self._t)
        seen, never = steps.complete(sweep, done), steps.never(sweep)
        if matrix.values is None:
            return None
        own = self._values(matrix)
        if sweep.node in self._held:
            return Layer(sweep.node, own, np.zeros(own.shape, dtype=bool), False)
        if seen.all() and not never.any():
            return None
        values = own.T if sweep.turned else own  # (I, J)
        counts = steps.counts(sweep, done)
        partial = (counts > 0) & ~seen & (steps.part_count(sweep) == 1)
        pair = self._of_letters(sweep.node) if partial.any() else None
        if pair is not None:
            values = values.astype(np.float64)
            values[partial] = running_sums(*pair, np.where(partial, counts, 0))[partial]
            seen = seen | partial
        seen = seen & ~never
        if sweep.turned:
            values, seen = values.T, seen.T
        return Layer(sweep.node, values, seen, False)

    def _of_part(self, face: Face, matrix: Matrix) -> Layer | None:
        """The running sums of a sheet of partial results; None if they are complete."""
        sweep = self._sweeps.get(face.node)
        start, stop = part_range(face, self.layout.box_of(face))
        pair = self._of_letters(face.node)
        if sweep is None or sweep.states is not None or pair is None:
            return None
        done = steps.done(sweep, self._t)
        if done >= sweep.steps:
            return None
        deep = sweep.blocks[2]
        is_own = deep < sweep.sizes[2] and start % deep == 0
        formed = steps.counts_in(sweep, done, start // deep) if is_own else steps.counts(sweep, done) - start
        counts = np.clip(formed, 0, stop - start)
        sums = running_sums(pair[0][:, start:stop], pair[1][start:stop], counts)
        if sweep.turned:
            sums, counts = sums.T, counts.T
        shape = matrix.rows, matrix.cols
        return Layer(face.node, sums.reshape(shape), (counts > 0).reshape(shape), False)

    def _of_letters(self, node: int) -> tuple[Floats, Floats] | None:
        """The operands (I, K) and (K, J) of a contraction, in its own letters."""
        box = next(iter(self.boxes.get(node, ())), None)
        pair = None if box is None else self._operands(box)
        if pair is None or box is None:
            return None
        return (pair[1].T, pair[0].T) if box.transposed else pair

    def _operands(self, box: Box) -> tuple[Floats, Floats] | None:
        pair = operands_of(self.matrices, self.faces, self._buffers, box)
        left = self.faces[box.left]
        if pair is None or self._streaming.shares_of(box.node) != left.node:
            return pair
        weights = self._streaming.weights(box.node)
        return (weights.T if left.transposed else weights), pair[1]

    def _values(self, matrix: Matrix) -> Array:
        assert matrix.values is not None
        return np.asarray(self._buffers[matrix.values]).reshape(matrix.rows, matrix.cols)

    def _complete(self, matrix: Matrix) -> Seen:
        """Whether each cell of a matrix has all that it needs."""
        out = np.full((matrix.rows, matrix.cols), matrix.node not in self._held)
        for need in self._needs[matrix.node]:
            sweep = self._sweeps[need.sweep]
            complete = steps.complete(sweep, steps.done(sweep, self._t))  # (I, J), 1 where all are needed
            for axis, letter in enumerate("ij"):
                if letter not in (need.row, need.col):
                    complete = np.asarray(complete.all(axis=axis, keepdims=True))
            out &= complete.T if _is_turned(need) else complete
        return out


def _is_turned(need: Need) -> bool:
    return need.row == "j" or need.col == "i"
