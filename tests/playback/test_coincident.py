"""Covered faces: what is drawn in their stead, and where their lit lines lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from matcube.playback.coincident import own_bodies, shown_by, uncovered
from matcube.playback.interior import Lit
from matcube.playback.visible import shown_of
from matcube.wire import Box, Face, Split, View
from tests.outputs.still_scenes import product_scene


def plain(id: int, rows: int, cols: int) -> Face:
    return Face(
        id, 0, (0,), False, (0, 0, 0), (1, 0, 0), (0, -1, 0), rows, cols, "alone", None, "i", "j", 0, None
    )


def turned(face: Face, id: int) -> Face:
    """The same cells at the same places, rows and columns exchanged."""
    return replace(
        face, id=id, across=face.down, down=face.across, rows=face.cols, cols=face.rows,
        transposed=not face.transposed, row_split=face.col_split, col_split=face.row_split, cover=face.id,
    )  # fmt: skip


sizes = st.integers(1, 9)
splits = st.none() | st.builds(Split, st.integers(1, 9), st.integers(1, 3))


def spans(size: int) -> st.SearchStrategy[tuple[int, int] | None]:
    ends = st.lists(st.integers(0, size), min_size=2, max_size=2, unique=True).map(sorted)
    return st.none() | ends.map(lambda pair: (pair[0], pair[1]))


@given(sizes, sizes, splits, splits, st.data())
def test_a_line_of_a_covered_face_is_the_same_line_of_its_cover(rows, cols, row_split, col_split, data):
    face = replace(plain(0, rows, cols), row_split=row_split, col_split=col_split)
    down, across = data.draw(spans(rows)), data.draw(spans(cols))
    same = replace(face, id=1, cover=0)
    assert uncovered({1: (Lit(down, across),)}, [face, same]) == {0: (Lit(down, across),)}
    assert uncovered({1: (Lit(across, down),)}, [face, turned(face, 1)]) == {0: (Lit(down, across),)}


def test_a_block_of_a_split_face():
    whole = replace(plain(0, 8, 4), row_split=Split(4, 2))
    block = replace(plain(1, 4, 4), origin=(0.0, -6.0, 0.0), cover=0)
    lit = Lit((1, 3), (3, 4))
    assert uncovered({1: (lit,), 0: (lit,)}, [whole, block]) == {0: (Lit((5, 7), (3, 4)), lit)}


def test_a_still_draws_covers_and_no_covered_face():
    head, _ = product_scene()
    (layout,) = head.layouts
    left, right, result = layout.faces
    (box,) = layout.boxes
    more = turned(right, 3)
    other = replace(box, id=1, left=3)
    again = replace(head, layouts=[replace(layout, faces=[left, right, result, more], boxes=[box, other])])
    assert shown_by(more) == right.id
    shown = shown_of(again, head.view)
    assert [face.id for face in shown.faces] == [0, 1, 2]
    assert shown.boxes == [box]  # the other lies in the same body
    hidden = shown_of(again, replace(head.view, hidden=[left.node]))
    assert hidden.boxes == [other]  # a box without the hidden face
    away = replace(again.layouts[0], faces=[left, right, result, replace(more, node=result.node)])
    assert [f.id for f in shown_of(replace(again, layouts=[away]), View(isolated=right.node)).faces] == [1]


@pytest.mark.parametrize("flip", [False, True])
def test_bodies_are_told_apart_by_where_they_are(flip):
    box = Box(0, 0, False, 0, 1, 2, (0, 0, 0), (0, -1, 0), (1, 0, 0), (0, 0, 1), (2, 3, 4), "-LTF", None)
    other = (
        replace(box, id=1, corner=(0, 0, 4), k_step=(0, 0, -1))
        if flip
        else replace(box, id=1, corner=(9, 0, 0))
    )
    assert own_bodies([box, other]) == ([box] if flip else [box, other])
