"""Vectors of films: sweeps at moments, and running sums; see ``write_vectors``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import to_builtins
from numpy.typing import NDArray

from matcube import timeline
from matcube.playback import steps as stepping
from matcube.playback.memory_traffic import loads
from matcube.playback.partial_sums import running_sums
from matcube.wire import Limit, Sweep

_SHARES = ((0.0, 1.0), (0.0, 0.25), (0.5, 0.75), (2 / 3, 1.0), (1 / 7, 2 / 7))
_TILES = (
    (((2, 2, 2),), ("kij",)),
    (((3, 2, 4), (2, 1, 2)), ("ikj", "kji")),
    (((4, 6, 3), (3, 2, 3), (1, 2, 2)), ("jki",)),
)
_SPLIT = {(5, 7, 6): (3, 4, 6), (4, 5, 7): (2, 5, 3), (3, 4, 2): (2, 2, 1)}
_LIMITS = (Limit("i", "j", 0), Limit("i", "k", 0), Limit("i", "j", -1), Limit("i", "k", 2))


def cases() -> list[dict[str, Any]]:
    """Sweeps and their positions at many times."""
    return [_case(sweep) for sweep in sweeps()]


def sweeps() -> Iterator[Sweep]:
    """Every algorithm over several sizes; tiles, blocks and limits among them."""
    for place, row in enumerate(row for row in timeline.ALGORITHMS.values() if row.moving):
        for n, sizes in enumerate(((3, 4, 2), (1, 5, 3), (4, 1, 1))):
            yield _sweep(row.name, sizes, place + n)
        sizes, blocks = list(_SPLIT.items())[place % len(_SPLIT)]
        yield _sweep(row.name, sizes, place, blocks=blocks)
        yield _sweep(row.name, (5, 5, 5), place, limit=_LIMITS[place % len(_LIMITS)])
    for n, (tiles, order) in enumerate(_TILES):
        for place, (sizes, blocks) in enumerate(_SPLIT.items(), start=n):
            yield _sweep("tiled", sizes, place, tiles=tiles, order=order)
            yield _sweep("tiled", sizes, place, tiles=tiles, order=order, blocks=blocks)


def _sweep(
    name: str,
    sizes: tuple[int, int, int],
    place: int,
    *,
    blocks: tuple[int, int, int] | None = None,
    tiles: Any = (),
    order: Any = ("ijk",),
    limit: Limit | None = None,
) -> Sweep:
    (begin, phase), start = _SHARES[place % len(_SHARES)], 7.0 * (place % 3)
    blocks = blocks or sizes
    loops = timeline.loops_of(name, blocks, tiles, order)
    steps, levels = stepping.step_count(loops, blocks), len(tiles)
    return Sweep(0, name, loops, sizes, blocks, steps, start, begin, phase, 0, 0, limit, levels)


def _case(sweep: Sweep) -> dict[str, Any]:
    third = sweep.steps // 3
    times = sorted({-1.0, 0.1, sweep.begin, third + sweep.phase, sweep.steps / 2, float(sweep.steps)})
    return {"sweep": to_builtins(sweep), "at": [_stands(sweep, sweep.start + t) for t in times]}


def _stands(sweep: Sweep, t: float) -> dict[str, Any]:
    done, step = stepping.done(sweep, t), stepping.active_step(sweep, t)
    parts = [stepping.counts_in(sweep, done, part) for part in range(stepping.part_count(sweep))]
    return {
        "t": t,
        "done": done,
        "active": step,
        "where": None if step is None else _where(sweep, step),
        "parts": [_rows(one) for one in parts],
        "complete": _rows(stepping.complete(sweep, done).astype(np.int64)),
        "loads": [_loads(sweep, level, done) for level in range(sweep.levels)],
    }


def _where(sweep: Sweep, step: int) -> dict[str, str]:
    spans = stepping.covered(sweep, step).items()
    return {letter: " ".join(f"{first}-{end}" for first, end in found) for letter, found in spans}


def _rows(cells: NDArray[np.int64]) -> list[str]:
    return [" ".join(map(str, row)) for row in cells.tolist()]


def _loads(sweep: Sweep, level: int, begun: int) -> str:
    found = loads(sweep, level, begun)
    return " ".join(map(str, (found.left, found.right, found.read, found.written, found.products)))


def sums() -> list[dict[str, Any]]:
    """Running sums of one product under some algorithms, of all of k and of its second block."""
    rng = np.random.default_rng(6)
    left, right = rng.standard_normal((4, 5)).astype("f4"), rng.standard_normal((5, 3)).astype("f4")
    left[1, 2] = 0
    out = []
    for name, steps, part in (
        ("outer", 3, 0), ("axpy", 8, 0), ("dot_row", 7, 0), ("vmprod", 2, 0), ("outer", 2, 1), ("axpy", 4, 1),
        ("tiled", 5, 0),
    ):  # fmt: skip
        sizes, depth = (4, 3, 5), 5 if part == 0 else 3
        sweep = _sweep(name, sizes, 0, blocks=(4, 3, depth), tiles=((2, 2, 2),) if name == "tiled" else ())
        counts = stepping.counts_in(sweep, steps, part)
        start = part * depth
        found = running_sums(left.astype(np.float64), right.astype(np.float64), counts, start=start)
        one = {"algorithm": name, "left": left, "right": right, "start": start}
        out.append({**one, "counts": counts.tolist(), "sums": found})
    return out
