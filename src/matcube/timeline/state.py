"""Where a sweep stands at time t; written a second time in the viewer, see docs/motion.md."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_NEAR = 1e-9


class Swept(Protocol):
    """What of a sweep its state hangs on; the wire's sweeps have it too."""

    @property
    def steps(self) -> int: ...
    @property
    def start(self) -> float: ...
    @property
    def begin(self) -> float: ...
    @property
    def phase(self) -> float: ...


def done(sweep: Swept, t: float) -> int:
    """How many steps have laid down what they form.

    ``clamp(s + [t - a - s >= phase], 0, n)`` with ``s = floor(t - a)``.

    Args:
        sweep: n steps from time a.
        t: film time, in steps.

    Example:
        >>> from matcube.timeline import Sweep
        >>> sweep = Sweep(0, "vmprod", ("i",), (3, 4, 5), 3, 2.0, 0.0, 0.5, 0, 0)
        >>> [done(sweep, t) for t in (1.9, 2.0, 2.5, 3.4, 99.0)]
        [0, 0, 1, 1, 3]
    """
    s = floor(t - sweep.start)
    return min(max(s + (t - sweep.start - s >= sweep.phase - _NEAR), 0), sweep.steps)


def active_step(sweep: Swept, t: float) -> int | None:
    """The step whose products are formed at time t, or None.

    ``s = floor(t - a)``, while ``0 <= s < n`` and ``t - a - s >= begin``.
    """
    s = floor(t - sweep.start)
    is_there = 0 <= s < sweep.steps and t - sweep.start - s >= sweep.begin - _NEAR
    return s if is_there else None


def digits(moving: Sequence[str], sizes: tuple[int, int, int], step: int) -> dict[str, int]:
    """Where a step stands: the index of each moving letter."""
    size, found = dict(zip("ijk", sizes, strict=True)), {}
    for letter in reversed(moving):
        step, found[letter] = divmod(step, size[letter])
    return found


def counts(moving: Sequence[str], sizes: tuple[int, int, int], steps_done: int) -> NDArray[np.int64]:
    """The number of products (I, J) that each cell has after so many steps, in the order of k.

    ``K·[q < d]`` where k does not move, else ``clamp(d - q·K, 0, K)``, with q the place of (i, j) among the
    moving letters but k.

    Args:
        moving: letters, outermost first; k can only be the last.
        sizes: of i, j and k.
        steps_done: d, from ``done``.

    Example:
        >>> counts(("j", "k"), (1, 3, 4), 6).tolist()
        [[4, 2, 0]]
    """
    rows, cols, depth = sizes
    place = np.zeros((rows, cols), dtype=np.int64)
    index = {"i": np.arange(rows)[:, None], "j": np.arange(cols)[None, :]}
    for letter in moving:
        if letter != "k":
            place = place * sizes["ijk".index(letter)] + index[letter]
    if "k" in moving:
        return np.clip(steps_done - place * depth, 0, depth)
    return np.where(place < steps_done, depth, 0)
