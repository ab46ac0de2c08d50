"""Steps of sweeps: every product once, in the order of k, and never before its time."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcube.playback.memory_traffic import loads
from matcube.playback.steps import (
    active_step,
    complete,
    counts,
    counts_in,
    done,
    never,
    part_count,
    step_count,
)
from matcube.timeline import ALGORITHMS, loops_of
from matcube.wire import Limit, Loop, Sweep
from tests.timeline.films import PLAYING, formed

SIZES = st.tuples(*[st.integers(0, 7)] * 3)
ORDERS = ["".join(order) for order in permutations("ijk")]


@st.composite
def nested_tiles(draw, levels: int):
    """Tiles of some levels, each inside the one before."""
    tiles = []
    most = (9, 9, 9)
    for _ in range(levels):
        most = tuple(draw(st.integers(1, size)) for size in most)
        tiles.append(most)
    return tuple(tiles)


@st.composite
def sweeps(draw, names=tuple(PLAYING)):
    """Any sweep: sizes, blocks, tiles, orders and limits."""
    name, sizes = draw(st.sampled_from(names)), draw(SIZES)
    blocks = tuple(draw(st.integers(1, size)) if size and draw(st.booleans()) else size for size in sizes)
    tiles = draw(nested_tiles(draw(st.integers(0, 3)))) if name == "tiled" else ()
    order = [draw(st.sampled_from(ORDERS)) for _ in tiles] or ["ijk"]
    limit = draw(st.none() | st.builds(Limit, st.just("i"), st.sampled_from("jk"), st.integers(-3, 4)))
    return sweep_of(name, sizes, blocks=blocks, tiles=tiles, order=order, limit=limit)


def sweep_of(name, sizes, *, blocks=None, tiles=(), order=("ijk",), limit=None, **times) -> Sweep:
    blocks = blocks or sizes
    loops = loops_of(name, blocks, tiles, order)
    levels = len(loops) // 3 if name == "tiled" else 0
    return Sweep(
        0, name, loops, sizes, blocks, step_count(loops, blocks), limit=limit, levels=levels, **times
    )


def allowed(sweep: Sweep) -> np.ndarray:
    """The products (I, J, K) that a limit leaves."""
    index = dict(zip("ijk", np.indices(sweep.sizes), strict=True))
    limit = sweep.limit
    if limit is None:
        return np.ones(sweep.sizes, dtype=bool)
    return index[limit.b] <= index[limit.a] + limit.offset


@settings(max_examples=300)
@given(sweep=sweeps())
def test_every_product_is_formed_once_and_counted_in_the_order_of_k(sweep: Sweep) -> None:
    total = np.zeros(sweep.sizes, dtype=int)
    depth, parts = max(sweep.blocks[2], 1), part_count(sweep)
    assert not counts(sweep, 0).any()
    for step in range(sweep.steps):
        total += formed(sweep, step)
        assert (total.sum(axis=2) == counts(sweep, step + 1)).all()
        for part in range(parts):
            own = total[:, :, part * depth : (part + 1) * depth]
            assert (own.sum(axis=2) == counts_in(sweep, step + 1, part)).all()
            assert (np.diff(own, axis=2) <= 0).all() or sweep.limit is not None  # the first ones of the block
        whole = complete(sweep, step + 1)
        assert (total[whole] == allowed(sweep)[whole]).all()
    if all(sweep.sizes):
        assert (total == allowed(sweep)).all()
    assert complete(sweep, sweep.steps).all()
    if sweep.sizes[2] and sweep.limit is not None and sweep.limit.b == "j":
        assert (never(sweep) == ~allowed(sweep).any(axis=2)).all()


@given(
    n=st.integers(0, 9), start=st.integers(0, 50), depth=st.integers(1, 9), height=st.integers(0, 8),
    t=st.floats(0, 80),
)  # fmt: skip
def test_a_step_is_active_before_it_is_done_and_done_never_falls(n, start, depth, height, t) -> None:
    height = min(height, depth - 1)
    sweep = sweep_of("vmprod", (n, 1, 1), start=start, begin=height / depth, phase=(height + 1) / depth)
    step = active_step(sweep, t)
    assert 0 <= done(sweep, t) <= done(sweep, t + 0.25) <= n
    assert step is None or step <= done(sweep, t) <= step + 1
    assert done(sweep, start + n) == n and active_step(sweep, start + n) is None
    assert done(sweep, start - 1e-3) == 0


def test_what_a_fused_child_lays_down_is_there_when_its_parent_begins() -> None:
    for depth in range(1, 60):
        for height in range(depth - 1):
            for start in (0, 7, 12345):
                child = sweep_of(
                    "vmprod", (5, 1, 1), start=start, begin=height / depth, phase=(height + 1) / depth
                )
                for step in range(5):
                    assert done(child, start + step + (height + 1) / depth) == step + 1


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_row_of_the_table(name: str) -> None:
    row = ALGORITHMS[name]
    assert row.name == name and row.help and "\n" not in row.help
    assert set(row.moving) <= set("ijk") and len(set(row.moving)) == len(row.moving)
    assert "k" not in row.moving[:-1], "products of a cell come in the order of k"


# --- loads ---------------------------------------------------------------------------------------


def counted(sweep: Sweep, level: int, begun: int) -> tuple[int, ...]:
    """Loads, step by step: a memory that holds one tile of each."""
    depth, products = 3 * level + 3, 0
    held: dict[str, tuple[tuple[int, int], ...]] = {}
    total = dict.fromkeys(("left", "right", "read", "written"), 0)
    seen: set[tuple[tuple[int, int], ...]] = set()
    for step in range(begun):
        at = reach(sweep, step, depth)
        inner = reach(sweep, step, len(sweep.loops))
        products += int(np.prod([end - first for first, end in inner.values()]))
        for name, letters in (("left", "ik"), ("right", "kj"), ("result", "ij")):
            tile = tuple(at[letter] for letter in letters)
            if held.get(name) == tile:
                continue
            if name == "result":
                total["written"] += area(held.get(name))
                total["read"] += area(tile) if tile in seen else 0
                seen.add(tile)
            else:
                total[name] += area(tile)
            held[name] = tile
    if begun and begun == sweep.steps:
        total["written"] += area(held["result"])
    return (*total.values(), products)


def reach(sweep: Sweep, step: int, depth: int) -> dict[str, tuple[int, int]]:
    """The ranges of a step, by running through all loops from the beginning."""
    for n, at in enumerate(
        nested(sweep.loops, dict(zip("ijk", ((0, size) for size in sweep.blocks), strict=True)))
    ):
        if n == step:
            return at[depth]
    raise AssertionError


def nested(loops, at, past=None):
    past = [*(past or []), at]
    if not loops:
        yield past
        return
    (loop, *inner), (low, end) = loops, at[loops[0].letter]
    for first in range(low, end, loop.size):
        yield from nested(inner, {**at, loop.letter: (first, min(first + loop.size, end))}, past)


def area(tile) -> int:
    return 0 if tile is None else int(np.prod([end - first for first, end in tile]))


@settings(max_examples=60, deadline=None)
@given(sweep=sweeps(("tiled",)))
def test_loads_are_those_of_a_memory_that_holds_one_tile_of_each(sweep: Sweep) -> None:
    for level in range(sweep.levels):
        for begun in {0, 1, sweep.steps // 3, sweep.steps // 2, sweep.steps - 1, sweep.steps}:
            if 0 <= begun <= sweep.steps:
                traffic = loads(sweep, level, begun)
                own = traffic.left, traffic.right, traffic.read, traffic.written, traffic.products
                assert own == counted(sweep, level, begun)


@pytest.mark.parametrize(
    ("order", "left", "right", "read", "written"),
    [
        ("ijk", 8**3 / 2, 8**3 / 2, 0, 8**2),  # the result stays: n³/b of either operand, n² written
        ("ikj", 8**2, 8**3 / 2, 8**3 / 2 - 8**2, 8**3 / 2),  # the left one stays
        ("kji", 8**3 / 2, 8**2, 8**3 / 2 - 8**2, 8**3 / 2),  # the right one stays
    ],
)  # fmt: skip
def test_the_classic_numbers(order, left, right, read, written) -> None:
    traffic = loads(sweep_of("tiled", (8, 8, 8), tiles=((2, 2, 2),), order=(order,)), 0, 64)
    assert (traffic.left, traffic.right, traffic.read, traffic.written) == (left, right, read, written)
    assert traffic.products == 8**3 and traffic.reuse == 8**3 / (left + right + read)


def test_a_tile_as_large_as_the_matrix_is_read_once() -> None:
    traffic = loads(sweep_of("tiled", (5, 6, 7), tiles=((99, 99, 99), (1, 1, 1))), 0, 5 * 6 * 7)
    assert (traffic.left, traffic.right, traffic.read, traffic.written) == (35, 42, 0, 30)
    inner = loads(sweep_of("tiled", (5, 6, 7), tiles=((99, 99, 99), (1, 1, 1))), 1, 5 * 6 * 7)
    assert (inner.left, inner.right, inner.read, inner.written) == (210, 210, 0, 30)


def test_a_sweep_without_loops_has_one_step() -> None:
    assert step_count((), (3, 4, 5)) == 1 and step_count((Loop("i", 2),), (0, 4, 5)) == 0
