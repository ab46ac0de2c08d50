"""Placement of legends: none on another, inside the picture, the same every time."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from matcube.playback.labels import (
    MARGIN,
    Placed,
    Rect,
    Wish,
    around,
    covers,
    fading,
    overlap,
    place,
    spots_beside,
)

AREA = Rect(4, 4, 592, 392)

spots = st.tuples(st.floats(-100, 700), st.floats(-100, 500))
wishes = st.lists(
    st.builds(
        Wish,
        id=st.uuids().map(str),
        priority=st.integers(0, 3).map(float),
        w=st.floats(1, 200),
        h=st.floats(1, 40),
        spots=st.lists(spots, max_size=6).map(tuple),
    ),
    max_size=25,
    unique_by=lambda w: w.id,
)


@given(wishes, st.lists(st.builds(Rect, *[st.floats(0, 300)] * 2, *[st.floats(1, 200)] * 2), max_size=3))
def test_none_overlaps_and_all_are_inside(asked: list[Wish], taken: list[Rect]):
    placed = place(asked, area=AREA, taken=taken)
    for a, b in itertools.combinations([*taken, *(p.rect for p in placed)], 2):
        if a in taken and b in taken:
            continue
        assert not overlap(a, b, margin=MARGIN)
    for p in placed:
        assert p.rect.x >= AREA.x
        assert p.rect.y >= AREA.y
        assert p.rect.x + p.rect.w <= AREA.x + AREA.w
        assert p.rect.y + p.rect.h <= AREA.y + AREA.h


@given(wishes, st.integers(0, 1000))
def test_the_order_in_which_wishes_come_is_no_matter(asked: list[Wish], seed: int):
    shuffled = asked[:]
    random.Random(seed).shuffle(shuffled)
    assert place(asked, area=AREA) == place(shuffled, area=AREA)


@given(wishes)
def test_what_is_left_out_had_no_free_spot(asked: list[Wish]):
    placed = {p.id: p for p in place(asked, area=AREA)}
    for wish in asked:
        if wish.id not in placed:
            alone = place([wish], area=AREA, taken=[p.rect for p in placed.values()])
            assert alone == []


def test_higher_priority_takes_the_contested_spot():
    at = ((300.0, 200.0),)
    asked = [Wish("a", 1, 50, 20, at), Wish("b", 2, 50, 20, (*at, (300.0, 300.0)))]
    assert [p.id for p in place(asked, area=AREA)] == ["b"]
    asked = [Wish("a", 1, 50, 20, (*at, (300.0, 300.0))), Wish("b", 2, 50, 20, at)]
    assert place(asked, area=AREA) == [
        Placed("b", Rect(275, 190, 50, 20)),
        Placed("a", Rect(275, 290, 50, 20)),
    ]


@given(spots, spots, spots, st.floats(5, 100), st.floats(5, 30))
def test_spots_beside_clear_the_edge(a, b, inside, w, h):
    for x, y in spots_beside(a, b, inside=inside, size=(w, h), gap=6):
        length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
        nx, ny = (b[1] - a[1]) / length, (a[0] - b[0]) / length
        corners = [(x + sx * w / 2, y + sy * h / 2) for sx in (-1, 1) for sy in (-1, 1)]
        heights = [(px - a[0]) * nx + (py - a[1]) * ny for px, py in corners]
        assert min(heights) >= 6 - 1e-6 or max(heights) <= -6 + 1e-6


def test_around_stays_outside_a_rectangle():
    square = [(100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (100.0, 300.0)]
    spots = around(square, centre=(200, 200), size=(40, 12), gap=6)
    assert len(spots) == 20
    assert not any(covers(square, Rect(x - 20, y - 6, 40, 12)) for x, y in spots)


def test_covers_sees_a_rectangle_past_a_slanted_side():
    diamond = [(50.0, 0.0), (100.0, 50.0), (50.0, 100.0), (0.0, 50.0)]
    assert not covers(diamond, Rect(0, 0, 20, 20))
    assert covers(diamond, Rect(0, 0, 40, 40))


def test_fading_grows_with_size():
    assert fading(0) == 0
    assert 0 < fading(30) < fading(50) < 1
    assert fading(500) == 1
