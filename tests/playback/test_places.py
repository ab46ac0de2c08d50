"""Cells at places and back, the picture with gaps, averages over places, partial results against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcube.playback.partial_sums import part_range, values_of_part
from matcube.playback.places import cell, own_splits, place, runs, shares, spread, spread_averages
from matcube.wire import Split
from matcube.wire import extent as extent_of
from tests.outputs.split_scenes import split_scene

sizes = st.integers(0, 70)
splits = st.none() | st.builds(Split, st.integers(1, 20), st.integers(1, 6))
repeatable = settings(deadline=None, derandomize=True)


@repeatable
@given(size=sizes, split=splits)
def test_every_cell_has_a_place_of_its_own_and_gaps_have_none(size, split):
    extent = extent_of(size, split)
    cells = [cell(at, split, size) for at in range(-3, extent + 3)]
    assert [n for n in cells if n is not None] == list(range(size))
    assert [cell(place(n, split), split, size) for n in range(size)] == list(range(size))
    assert [n for start, stop in runs(size, split) for n in range(start, stop)] == list(range(size))


@repeatable
@given(rows=st.integers(1, 12), cols=st.integers(1, 12), row_split=splits, col_split=splits)
def test_spread_cells_stand_at_their_places(rows, cols, row_split, col_split):
    values = np.arange(1.0, rows * cols + 1).reshape(rows, cols)
    wide = spread(values, row_split, col_split)
    for r in range(rows):
        for c in range(cols):
            assert wide[place(r, row_split), place(c, col_split)] == values[r, c]
    assert np.count_nonzero(wide) == values.size
    assert wide.shape == (extent_of(rows, row_split), extent_of(cols, col_split))


def test_nothing_is_spread_as_nothing():
    assert spread(np.zeros((0, 3)), Split(1, 1), Split(1, 1)).shape == (0, 3)


@repeatable
@given(averages=st.integers(1, 30), block=st.floats(1, 5), split=splits)
def test_averages_keep_their_sum_wherever_blocks_are(averages, block, split):
    size = max(averages, round(averages * block))
    made = shares(averages, size, split).table(averages)
    texel = extent_of(size, split) / len(made)
    assert np.allclose(made.sum(axis=0) * texel, size / averages)
    assert (made.sum(axis=1) <= 1 + 1e-9).all()


def test_averages_spread_in_both_directions():
    pairs = np.ones((2, 3, 2))
    flags = np.array([[0, 0, 1], [0, 0, 0]], np.uint8)
    wide, marked = spread_averages(pairs, flags, (4, 6), (Split(2, 2), None))
    assert wide[..., 0].tolist() == [[1, 1, 1], [0, 0, 0], [1, 1, 1]]
    assert marked.tolist() == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_extremes_over_places_keep_their_size_one_sign_alone():
    pairs = np.array([[[0.25, 0], [0, 0.5], [0, 0], [0.125, 0]]])
    wide, _ = spread_averages(pairs, np.zeros((1, 4), np.uint8), (2, 8), (None, Split(3, 1)), peak=True)
    assert wide.tolist() == [[[0.25, 0], [0, 0.5], [0, 0.5], [0, 0], [0.125, 0]]]


@pytest.mark.parametrize("split", [None, Split(10**8, 3), Split(5_000_000, 1)])
def test_averages_of_a_row_of_a_million_take_no_square_of_it(split):
    pairs, flags = np.ones((1, 1 << 20, 2)), np.zeros((1, 1 << 20), np.uint8)
    flags[0, -1] = 1
    wide, marked = spread_averages(pairs, flags, (1, 1 << 28), (None, split))
    texels = np.ceil(extent_of(1 << 28, split) / 256)
    assert wide.shape == (1, texels, 2)
    assert wide[..., 0].sum() * extent_of(1 << 28, split) / texels == pytest.approx(1 << 28)
    assert marked[0, -1] == 1
    assert not marked[0, :-2].any()  # the last average may lie on two texels


@pytest.mark.parametrize(
    ("program", "partition"),
    [
        ("A @ B", {"A.cols": 4}),
        ("A @ B", {"A.cols": 3, "A.rows": 2, "B.cols": 5}),
        ("softmax(A @ B)", {"A.cols": 2}),
        ("(A @ B).T @ A", {"A.cols": 8}),
        ("A @ (B @ A)", {"A.cols": 7, "A.rows": 4}),
    ],
)
def test_parts_are_blocks_of_the_sum_and_add_up_to_the_product(program, partition):
    rng = np.random.default_rng(1)
    leaves: dict[str, Any] = {"A": rng.standard_normal((9, 14)), "B": rng.standard_normal((14, 9))}
    scene = split_scene(program, partition, **leaves)
    (layout,) = scene.head.layouts
    matrices = {matrix.node: matrix for matrix in scene.head.matrices}

    def values(node: int) -> np.ndarray:
        matrix = matrices[node]
        assert matrix.values is not None
        return np.asarray(scene.buffers[matrix.values], np.float64).reshape(matrix.rows, matrix.cols)

    for box in layout.boxes:
        sheets = [face for face in layout.faces if face.part is not None and face.box == box.id]
        if box.splits[2] is None:
            assert sheets == []
            continue
        left, right = (
            values(face.node).T if face.transposed else values(face.node)
            for face in (layout.faces[box.left], layout.faces[box.right])
        )
        total = np.zeros((box.sizes[0], box.sizes[1]))
        covered: list[int] = []
        for face in sheets:
            start, stop = part_range(face, box)
            covered += range(start, stop)
            sums = values_of_part(scene.head, scene.buffers, layout, face)
            assert sums is not None
            shown = sums.T if face.transposed else sums
            oracle = sum(np.outer(left[:, k], right[k]) for k in range(start, stop))
            assert np.allclose(shown, oracle)
            total += shown
        assert covered == list(range(box.sizes[2]))
        assert np.allclose(total, left @ right)


def test_parts_of_a_matrix_without_values_are_hollow():
    scene = split_scene("A @ B", {"A.cols": 2}, A="shape(4, 6)", B="shape(6, 4)")
    (layout,) = scene.head.layouts
    parts = [face for face in layout.faces if face.part is not None]
    assert len(parts) == 2
    assert values_of_part(scene.head, scene.buffers, layout, parts[0]) is None


def test_own_splits_of_a_transposed_face_change_places():
    scene = split_scene("A @ B.T", {"B.rows": 2}, A="eye(4, 6)", B="eye(8, 6)")
    (layout,) = scene.head.layouts
    face = next(face for face in layout.faces if face.transposed)
    assert face.col_split is not None
    assert own_splits(face) == (face.col_split, None)
