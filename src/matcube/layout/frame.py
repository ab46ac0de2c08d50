"""Frames and box-shaped volumes: the small vector algebra of layout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.layout.types import Arrangement
from matcube.wire import Vec3

Volumes = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Right, up and front of a face, right-handed: ``right x up = front``."""

    right: Vec3
    up: Vec3
    front: Vec3

    def left_child(self, arrangement: Arrangement) -> Frame:
        """Frame of the left argument of a box: up stays, columns run along the depth."""
        front = self.right if arrangement.positive else scale(self.right, -1)
        return Frame(cross(self.up, front), self.up, front)

    def right_child(self, arrangement: Arrangement) -> Frame:
        """Frame of the right argument: columns stay, rows run along the depth."""
        front = scale(self.up, -1) if arrangement.positive else self.up
        return Frame(self.right, cross(front, self.right), front)


WORLD = Frame((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def add(*vectors: Vec3) -> Vec3:
    """The sum."""
    return (
        sum(vector[0] for vector in vectors),
        sum(vector[1] for vector in vectors),
        sum(vector[2] for vector in vectors),
    )


def scale(vector: Vec3, factor: float) -> Vec3:
    """``factor`` times the vector; without negative zeros, so that equal positions have equal text."""
    return (vector[0] * factor + 0.0, vector[1] * factor + 0.0, vector[2] * factor + 0.0)


def cross(a: Vec3, b: Vec3) -> Vec3:
    """The vector product."""
    return (
        a[1] * b[2] - a[2] * b[1] + 0.0,
        a[2] * b[0] - a[0] * b[2] + 0.0,
        a[0] * b[1] - a[1] * b[0] + 0.0,
    )


def dot(a: Vec3, b: Vec3) -> float:
    """The scalar product."""
    return sum(x * y for x, y in zip(a, b, strict=True))


def axis_of(direction: Vec3) -> int:
    """The world axis of a direction."""
    return next(axis for axis in range(3) if direction[axis])


def spanned(corner: Vec3, *edges: Vec3) -> list[float]:
    """The axis-aligned volume from a corner along edges: low x, y, z, then high x, y, z."""
    low = [corner[axis] + sum(min(0.0, edge[axis]) for edge in edges) for axis in range(3)]
    high = [corner[axis] + sum(max(0.0, edge[axis]) for edge in edges) for axis in range(3)]
    return low + high


def volumes(rows: list[list[float]]) -> Volumes:
    """Volumes as rows of an array (n, 6), without empty ones."""
    full = [row for row in rows if all(row[axis] < row[axis + 3] for axis in range(3))]
    return np.array(full, dtype=np.float64).reshape(-1, 6)


def moved(boxes: Volumes, offset: Vec3) -> Volumes:
    """The volumes, shifted."""
    return np.add(boxes, (*offset, *offset), dtype=np.float64)


def grown(boxes: Volumes, margin: float) -> Volumes:
    """The volumes, larger by a margin on every side."""
    return np.add(boxes, (-margin, -margin, -margin, margin, margin, margin), dtype=np.float64)
