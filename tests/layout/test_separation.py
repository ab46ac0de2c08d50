"""Least pushes against a search over whole numbers."""

from __future__ import annotations

import numpy as np
import pytest

from matcube.layout.frame import Volumes
from matcube.layout.separation import Mover, least_push, least_pushes

LEFT, UP = (-1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


def some(rng: np.random.Generator, count: int) -> Volumes:
    low = rng.integers(-4, 4, (count, 3))
    return np.concatenate([low, low + rng.integers(1, 4, (count, 3))], axis=1).astype(float)


def hit(first: Volumes, second: Volumes) -> bool:
    return any(
        all(a[axis] < b[axis + 3] and b[axis] < a[axis + 3] for axis in range(3))
        for a in first
        for b in second
    )


def pushed(mover: Mover, push: float) -> Volumes:
    return mover.volumes + np.tile(np.multiply(mover.direction, push), 2)


@pytest.mark.parametrize("seed", range(40))
def test_two_pushes_are_the_least_of_all(seed):
    rng = np.random.default_rng(seed)
    left, right, still = Mover(some(rng, 4), LEFT), Mover(some(rng, 4), UP), some(rng, 3)
    free = [
        (a + b, a, b)
        for a in range(16)
        for b in range(16)
        if not hit(pushed(left, a), still)
        and not hit(pushed(right, b), still)
        and not hit(pushed(left, a), pushed(right, b))
    ]
    assert least_pushes(left, right, still) == min(free)[1:]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("direction", [LEFT, UP, (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)])
def test_one_push_is_the_least_of_all(seed, direction):
    rng = np.random.default_rng(seed)
    mover, still = Mover(some(rng, 4), direction), some(rng, 4)
    free = [push for push in range(2, 30) if not hit(pushed(mover, push), still)]
    assert least_push(mover, still, 2.0) == free[0]


def test_nothing_moves_where_nothing_overlaps():
    nothing = np.zeros((0, 6))
    assert least_pushes(Mover(nothing, LEFT), Mover(nothing, UP), nothing) == (0.0, 0.0)
    touching = np.array([[0.0, 0, 0, 1, 1, 1]])
    assert least_pushes(Mover(touching, LEFT), Mover(touching + 1, UP), nothing) == (0.0, 0.0)


def test_of_two_equal_ways_the_right_argument_moves():
    cube = np.array([[0.0, 0, 0, 2, 2, 2]])
    assert least_pushes(Mover(cube, LEFT), Mover(cube, UP), np.zeros((0, 6))) == (0.0, 2.0)
