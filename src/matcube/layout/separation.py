"""The least pushes that free two moving groups of volumes from each other and from fixed volumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.layout.frame import Volumes, axis_of
from matcube.wire import Vec3

_EPS = 1e-6
_FAR = np.inf


@dataclass(frozen=True)
class Mover:
    """A rigid group of volumes that may be pushed along one axis direction."""

    volumes: Volumes
    direction: Vec3

    @property
    def axis(self) -> int:
        """The world axis along which it moves."""
        return axis_of(self.direction)


def least_push(mover: Mover, still: Volumes, start: float) -> float:
    """The least ``t >= start`` at which the group, moved by t, overlaps no fixed volume.

    Args:
        mover: the group.
        still: the fixed volumes.
        start: least push.
    """
    return _first_free(_blocked(mover, still), start)


def least_pushes(left: Mover, right: Mover, still: Volumes) -> tuple[float, float]:
    """Pushes (a, b) >= 0 of least sum that free left, right and the fixed volumes from each other.

    Every pair of volumes that may meet forbids an open rectangle of the (a, b) plane, whose sides are the
    pushes at which they touch. The least free point has both coordinates at 0 or at the far side of a
    rectangle, so trying those is exact. Of equal sums the smaller ``a`` is taken.

    Args:
        left: pushed by a.
        right: pushed by b.
        still: the fixed volumes.
    """
    forbidden = _forbidden(left, right, still)
    best = (_FAR, _FAR)
    for a in np.unique(np.append(forbidden[:, 1][forbidden[:, 1] > 0], 0.0)):
        if a >= best[0] + best[1] - _EPS:
            break
        met = forbidden[(forbidden[:, 0] < a - _EPS) & (forbidden[:, 1] > a + _EPS)]
        b = _first_free(met[:, 2:], 0.0)
        if a + b < best[0] + best[1] - _EPS:
            best = (float(a), b)
    return best


def _first_free(intervals: NDArray[np.float64], start: float) -> float:
    """The least number from ``start`` on in none of the open intervals."""
    free = start
    for low, high in intervals[np.argsort(intervals[:, 0], kind="stable")]:
        if low >= free - _EPS:
            break
        if high > free + _EPS:
            free = float(high)
    return free


def _forbidden(left: Mover, right: Mover, still: Volumes) -> NDArray[np.float64]:
    """Rows (a low, a high, b low, b high) of open rectangles of pushes that make two volumes overlap."""
    against_left = _blocked(left, still)
    against_right = _blocked(right, still)
    rows = [
        np.column_stack([against_left, np.broadcast_to([-_FAR, _FAR], against_left.shape)]),
        np.column_stack([np.broadcast_to([-_FAR, _FAR], against_right.shape), against_right]),
        _mutual(left, right),
    ]
    result = np.concatenate(rows)
    return result[(result[:, 1] > _EPS) & (result[:, 3] > _EPS)]


def _blocked(mover: Mover, still: Volumes) -> NDArray[np.float64]:
    """Rows (low, high): pushes at which a moving and a fixed volume overlap."""
    others = [axis for axis in range(3) if axis != mover.axis]
    meet = _meet(mover.volumes, still, others)
    return _interval(mover, still)[meet]


def _mutual(left: Mover, right: Mover) -> NDArray[np.float64]:
    third = [axis for axis in range(3) if axis not in (left.axis, right.axis)]
    meet = _meet(left.volumes, right.volumes, third)
    of_left = _interval(left, right.volumes)[meet]
    of_right = _interval(right, left.volumes).swapaxes(0, 1)[meet]
    return np.column_stack([of_left, of_right])


def _meet(first: Volumes, second: Volumes, axes: list[int]) -> NDArray[np.bool_]:
    """Which pairs (n, m) overlap along all of the axes."""
    meet = np.ones((len(first), len(second)), dtype=bool)
    for axis in axes:
        meet &= first[:, None, axis] < second[None, :, axis + 3] - _EPS
        meet &= second[None, :, axis] < first[:, None, axis + 3] - _EPS
    return meet


def _interval(mover: Mover, still: Volumes) -> NDArray[np.float64]:
    """For each pair (n, m) the interval of pushes at which they overlap along the mover's axis."""
    axis = mover.axis
    low, high = mover.volumes[:, None, axis], mover.volumes[:, None, axis + 3]
    near, far = still[None, :, axis], still[None, :, axis + 3]
    if mover.direction[axis] > 0:
        return np.stack([near - high, far - low], axis=-1)
    return np.stack([low - far, high - near], axis=-1)
