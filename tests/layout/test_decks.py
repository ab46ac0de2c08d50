"""Decks: heads in a row that never meet, and their matrices as blocks of one, place by place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from matcube.api.front import figure
from matcube.engine import Program
from matcube.layout import SCHEMES, LayoutOptions, place
from matcube.wire import Box, Face, Layout, Split
from tests.heads import CASES, Case, arrays_of, attention, gpt, llama
from tests.layout.judge import (
    assert_arranged,
    assert_consistent,
    assert_products_project,
    bodies,
    cell_centre,
)

EPS = 1e-6
SHEETS: tuple[tuple[()] | str, ...] = ((), "all")
LAYERS = {
    "GPT-2": gpt(12, 16, 48, 96),
    "Llama": llama(),
    "3 heads": attention(3, 5, 6),
    "1 head": attention(1),
}


def programs(case: Case) -> Program:
    return figure(case.program, **arrays_of(case))._program


def laid_out(case: Case, **options) -> tuple[Program, Layout]:
    program = programs(case)
    return program, place(program.drawn.graph, LayoutOptions(**options))


def named(program: Program, placement: Layout, name: str) -> Face:
    """The face that owns the picture of a drawn node."""
    graph = program.drawn.graph
    return next(
        f for f in placement.faces if graph[f.node].name == name and f.alias_of is None and f.sheet == 0
    )


def stretches(size: int, split: Split | None) -> list[tuple[int, int]]:
    """First place of each block, and the one after its last."""
    length = max(1, size) if split is None else split.length
    gap = 0 if split is None else split.gap
    starts = range(0, size, length)
    return [(at + gap * n, at + gap * n + min(length, size - at)) for n, at in enumerate(starts)]


def volumes(placement: Layout) -> list[tuple[str, np.ndarray]]:
    """Bodies of boxes, and the blocks of drawn faces as slabs: gaps between blocks are free for others."""
    result = [body for box in placement.boxes for body in bodies(box)]
    for face in (item for item in placement.faces if item.cover is None):
        origin, across, down = (np.array(v) for v in (face.origin, face.across, face.down))
        half = np.abs(np.cross(across, down)) / 2
        for top, bottom in stretches(face.rows, face.row_split):
            for left, right in stretches(face.cols, face.col_split):
                ends = np.array(
                    [origin + across * left + down * top, origin + across * right + down * bottom]
                )
                name = f"face {face.id} of node {face.node}"
                result.append((name, np.concatenate([ends.min(0) - half, ends.max(0) + half])))
    return [(name, volume) for name, volume in result if np.all(volume[:3] < volume[3:] - EPS)]


def overlaps(placement: Layout) -> list[tuple[str, str]]:
    named_volumes = volumes(placement)
    table = np.array([volume for _, volume in named_volumes])
    low, high = table[:, :3], table[:, 3:]
    meet = np.all((low[:, None] < high[None] - EPS) & (low[None] < high[:, None] - EPS), axis=-1)
    return [(named_volumes[a][0], named_volumes[b][0]) for a, b in np.argwhere(np.triu(meet, 1))]


def displayed(program: Program, face: Face) -> np.ndarray:
    cells = np.atleast_2d(program.parts[face.node].cells.values)
    return cells.T if face.transposed else cells


def assert_boxes_multiply(program: Program, placement: Layout) -> None:
    for box in placement.boxes:
        left, right = (displayed(program, placement.faces[face_id]) for face_id in (box.left, box.right))
        made, whole = left @ right, np.atleast_2d(program.parts[box.node].cells.values)
        assert any(made.shape == matrix.shape and np.allclose(made, matrix) for matrix in (whole, whole.T))


def assert_covers_show_the_same(program: Program, placement: Layout) -> None:
    """Every cell of a covered face lies, with the same value, where a cell of its cover does."""
    for face in (item for item in placement.faces if item.cover is not None):
        cover = placement.faces[face.cover]  # type: ignore[index]
        assert cover.cover is None
        values, shown = displayed(program, face), displayed(program, cover)
        places = {
            tuple(np.round(cell_centre(cover, row, col), 3)): shown[row, col]
            for row in range(cover.rows)
            for col in range(cover.cols)
        }
        for row in range(face.rows):
            for col in range(face.cols):
                assert places[tuple(np.round(cell_centre(face, row, col), 3))] == values[row, col]


def assert_sound(program: Program, placement: Layout) -> None:
    assert_consistent(program.drawn.graph, placement)
    assert_products_project(placement)
    assert_arranged(placement)
    assert_boxes_multiply(program, placement)
    assert_covers_show_the_same(program, placement)
    assert overlaps(placement) == []


@pytest.mark.parametrize("sheets", SHEETS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", CASES)
def test_every_program_with_heads_is_sound(name: str, scheme: str, sheets):
    assert_sound(*laid_out(CASES[name], scheme=scheme, sheets=sheets))


@pytest.mark.slow
@pytest.mark.untraced
@pytest.mark.parametrize("sheets", SHEETS)
@pytest.mark.parametrize("name", LAYERS)
def test_whole_layers_are_sound(name: str, sheets):
    for options in ({}, {"gap": 1.5}, {"scatter": 9.0}, {"scatter": 3.0, "blast": 1.0}, {"pull": (0, 2)}):
        assert_sound(*laid_out(LAYERS[name], sheets=sheets, **options))


def test_no_overlap_at_gpt2_size():
    program, placement = laid_out(gpt(12, 64, 768, 3072))
    assert overlaps(placement) == []
    assert len(placement.boxes) == 3 + 12 + 12 + 1 + 2
    assert sum(face.cover is not None for face in placement.faces) == 4 * 12
    del program


def blocks_of(program: Program, placement: Layout, name: str, heads: int) -> list[np.ndarray]:
    """The middles of each head's own cell (0, 0) and of the last, in the world."""
    graph = program.drawn.graph
    result = []
    for h in range(heads):
        face = next(f for f in placement.faces if graph[f.node].name == f"{name}[{h}]" and f.alias_of is None)
        result.append(np.array([cell_centre(face, 0, 0), cell_centre(face, face.rows - 1, face.cols - 1)]))
    return result


@pytest.mark.parametrize("scheme", SCHEMES)
def test_heads_are_the_blocks_of_one_matrix(scheme: str):
    """Block h of q, k, v and z lies where head h has its own; all heads are one step apart."""
    program, placement = laid_out(attention(heads=4, tokens=6, width=8), scheme=scheme)
    steps = set()
    for name in ("q", "k", "v", "z"):
        whole = named(program, placement, name)
        own = blocks_of(program, placement, name, 4)
        width = 2
        for h in range(4):
            if whole.transposed:
                first, last = cell_centre(whole, width * h, 0), cell_centre(whole, width * h + 1, 5)
            else:
                first, last = cell_centre(whole, 0, width * h), cell_centre(whole, 5, width * h + 1)
            np.testing.assert_allclose(own[h], [first, last])
        steps |= {tuple(np.round(own[h + 1][0] - own[h][0], 6)) for h in range(3)}
    assert len(steps) == 1
    (step,) = steps
    assert sum(item != 0 for item in step) == 1
    scores = [named(program, placement, f"P[{h}]") for h in range(4)]
    assert {tuple(np.subtract(b.origin, a.origin)) for a, b in pairwise(scores)} == {step}


def test_the_large_boxes_are_split_as_their_heads_are():
    program, placement = laid_out(attention(heads=4, tokens=6, width=8))
    z = named(program, placement, "z")
    assert z.col_split is not None
    pitch = z.col_split.length + z.col_split.gap
    weights = [named(program, placement, name) for name in ("wQ", "wK", "wV", "wO")]
    assert {split for face in weights for split in (face.row_split, face.col_split) if split} == {z.col_split}
    split_boxes = [box for box in placement.boxes if any(box.splits)]
    assert len(split_boxes) == 4
    assert {split for box in split_boxes for split in box.splits if split} == {z.col_split}
    heads = [box for box in placement.boxes if not any(box.splits)]
    thick = [extent_along(box, z.across) for box in heads]
    assert pitch >= 2 * max(thick) + placement.gap


def extent_along(box: Box, way) -> float:
    edges = [
        np.array(step) * n for step, n in zip((box.i_step, box.j_step, box.k_step), box.sizes, strict=True)
    ]
    return float(sum(abs(edge @ np.array(way)) for edge in edges))


def test_a_shared_key_is_one_block_and_stands_again_at_each_head_that_takes_it():
    program, placement = laid_out(llama())
    graph = program.drawn.graph
    for name in ("k", "v"):
        whole = named(program, placement, name)
        split = whole.row_split or whole.col_split
        q_split = named(program, placement, "q").col_split
        assert split is not None
        assert q_split is not None
        assert split.length + split.gap == 4 * (q_split.length + q_split.gap)
        for group in range(2):
            uses = [face for face in placement.faces if graph[face.node].name == f"{name}[{group}]"]
            assert len(uses) == 4
            (owner,) = [face for face in uses if face.alias_of is None]
            assert owner.cover == whole.id
            others = [face for face in uses if face is not owner]
            assert all(face.alias_of == owner.id and face.cover is None for face in others)
            lines = {link.to_face for link in placement.links if link.from_face == owner.id}
            assert lines == {face.id for face in others}


def test_a_head_that_is_pulled_out_leaves_its_place_and_keeps_its_lines():
    program, before = laid_out(attention(heads=4, tokens=6, width=8))
    _, after = laid_out(attention(heads=4, tokens=6, width=8), pull=(2,))
    graph = program.drawn.graph
    moved = [
        graph[a.node].name for a, b in zip(before.faces, after.faces, strict=True) if a.origin != b.origin
    ]
    assert sorted(moved) == ["P[2]", "k[2]", "q[2]", "v[2]", "z[2]"]  # type: ignore[type-var]
    free = [face for face in after.faces if graph[face.node].name in moved]
    assert all(face.cover is None for face in free)
    ends = {graph[after.faces[link.to_face].node].name for link in after.links}
    assert ends == {"k[2]", "q[2]", "v[2]", "z[2]"}
    shifts = {
        tuple(np.subtract(b.origin, a.origin))
        for a, b in zip(before.faces, after.faces, strict=True)
        if a.origin != b.origin
    }
    assert len(shifts) == 1
    assert overlaps(after) == []


def test_a_pull_of_a_head_that_is_not_there_changes_nothing():
    _, before = laid_out(attention())
    _, after = laid_out(attention(), pull=(9,))
    assert after == before


def test_a_deck_of_roots_goes_to_the_side():
    program, placement = laid_out(CASES["leaves with heads"])
    roots = [
        face
        for face in placement.faces
        if face.role == "result" and face.box is not None and placement.boxes[face.box].parent is None
    ]
    assert len(roots) == 3
    assert {(face.across, face.down, face.origin[1:]) for face in roots} == {
        ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0))
    }
    del program


def test_layers_above_one_another_have_a_deck_each():
    program, placement = laid_out(CASES["three layers"])
    splits = {named(program, placement, name).col_split for name in ("z1", "z2", "z3")}
    assert None not in splits
    assert len([face for face in placement.faces if face.cover is not None]) == 3 * (2 + 2)
