"""Where sweeps stand: every product once, in the order of k, and never before its time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcube.timeline import ALGORITHMS, Sweep, active_step, counts, done
from tests.timeline.films import PLAYING, formed

SIZES = st.tuples(*[st.integers(1, 5)] * 3)


def sweep_of(
    name: str, sizes: tuple[int, int, int], start: float = 0.0, begin: float = 0.0, phase: float = 1.0
) -> Sweep:
    moving = ALGORITHMS[name].moving
    steps = int(np.prod([sizes["ijk".index(letter)] for letter in moving]))
    return Sweep(0, name, moving, sizes, steps, start, begin, phase, 0, 0)


@pytest.mark.parametrize("name", PLAYING)
@given(sizes=SIZES)
def test_every_product_is_formed_once_and_counted_in_the_order_of_k(name: str, sizes) -> None:
    sweep = sweep_of(name, sizes)
    total = np.zeros(sizes, dtype=int)
    for step in range(sweep.steps):
        total += formed(sweep, step)
        found = counts(sweep.moving, sizes, step + 1)
        assert (total.sum(axis=2) == found).all()
        assert (np.diff(total, axis=2) <= 0).all()  # the first c of each cell
    assert (total == 1).all()
    assert (counts(sweep.moving, sizes, sweep.steps) == sizes[2]).all()
    assert not counts(sweep.moving, sizes, 0).any()


@given(
    n=st.integers(0, 9), start=st.integers(0, 50), depth=st.integers(1, 9), height=st.integers(0, 8),
    t=st.floats(0, 80),
)  # fmt: skip
def test_a_step_is_active_before_it_is_done_and_done_never_falls(n, start, depth, height, t) -> None:
    height = min(height, depth - 1)
    sweep = Sweep(0, "vmprod", ("i",), (n, 1, 1), n, start, height / depth, (height + 1) / depth, 0, 0)
    step = active_step(sweep, t)
    assert 0 <= done(sweep, t) <= done(sweep, t + 0.25) <= n
    assert step is None or step <= done(sweep, t) <= step + 1
    assert done(sweep, start + n) == n and active_step(sweep, start + n) is None
    assert done(sweep, start - 1e-3) == 0


def test_what_a_fused_child_lays_down_is_there_when_its_parent_begins() -> None:
    for depth in range(1, 60):
        for height in range(depth - 1):
            for start in (0, 7, 12345):
                child = sweep_of("vmprod", (5, 1, 1), start, height / depth, (height + 1) / depth)
                parent = sweep_of("vmprod", (5, 1, 1), start, (height + 1) / depth, (height + 2) / depth)
                for step in range(5):
                    t = start + step + parent.begin
                    assert active_step(parent, t) == step and done(child, t) == step + 1


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_row_of_the_table(name: str) -> None:
    row = ALGORITHMS[name]
    assert row.name == name and row.help and "\n" not in row.help
    assert set(row.moving) <= set("ijk") and len(set(row.moving)) == len(row.moving)
    assert "k" not in row.moving[:-1], "products of a cell come in the order of k"
