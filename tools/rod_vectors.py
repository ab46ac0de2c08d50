"""Vectors of rods: products summed by a time, their scale and their places; see ``write_vectors``."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import to_builtins

from matcube.playback.places import place
from matcube.playback.rods import placed, rod
from matcube.playback.steps import formed_at
from matcube.wire import Box, Split, Sweep
from tools.film_vectors import sweeps

_ALL = "all"


def formed() -> list[dict[str, Any]]:
    """For every cell of every sweep the number of its products at some times; ``all`` for a finished one."""
    return [
        {"sweep": to_builtins(sweep), "at": [_at(sweep, sweep.start + t) for t in _times(sweep)]}
        for sweep in sweeps()
    ]


def _times(sweep: Sweep) -> list[float]:
    third = sweep.steps // 3
    return sorted(
        {-1.0, third + sweep.phase, third + 1 + sweep.begin, 2 * sweep.steps / 3, float(sweep.steps)}
    )


def _at(sweep: Sweep, t: float) -> dict[str, Any]:
    rows, cols, _ = sweep.sizes
    counts = [[formed_at(sweep, t, i, j) for j in range(cols)] for i in range(rows)]
    return {"t": t, "formed": [" ".join(_ALL if n is None else str(n) for n in row) for row in counts]}


def lines() -> list[dict[str, Any]]:
    """Rods of one cell, with the places of their products in a box that is split along k."""
    row, col = np.array([1.0, -2.0, 0.0, 3.0, 1e-3, 5.0]), np.array([4.0, 5.0, 6.0, -7.0, 2.0, 0.25])
    box = Box(
        id=3, node=2, transposed=False, left=0, right=1, result=2, corner=(1.5, -2.0, 0.5), i_step=(0, 1, 0),
        j_step=(0, 0, -1), k_step=(1, 0, 0), sizes=(2, 5, 6), arrangement="+LTB", parent=None,
        splits=(None, Split(2, 1), Split(4, 3)),
    )  # fmt: skip
    out = []
    for i, j, count in ((0, 0, None), (1, 3, 4), (1, 4, 2), (0, 2, 1), (0, 1, 0)):
        values, highest = rod(row, col, count)
        face = placed(box, i, j, values, highest, -1).face
        origin, across, down = (np.array(each) for each in (face.origin, face.across, face.down))
        points = [origin + across * (place(k, face.col_split) + 0.5) + down * 0.5 for k in range(len(values))]
        out.append({"box": to_builtins(box), "row": row, "col": col, "i": i, "j": j, "formed": count,
                    "values": values, "highest": highest, "points": points})  # fmt: skip
    return out
