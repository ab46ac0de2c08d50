"""Depth order of faces, from back to front; see docs/drawing.md."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcube.playback.camera import corners_of
from matcube.wire import Face

Floats = NDArray[np.float64]
_EPS = 1e-9


def back_to_front(faces: Sequence[Face], eye: Floats) -> list[int]:
    """Indices of faces in painting order.

    X is painted before Y if Y is on the eye's side of X's plane, or X on the far side of Y's.
    """
    if not faces:
        return []
    corners = np.array([corners_of(face) for face in faces])  # (faces, 4, 3)
    across = np.array([face.across for face in faces], np.float64)
    down = np.array([face.down for face in faces], np.float64)
    distance = np.linalg.norm(corners.mean(axis=1) - eye, axis=1).tolist()
    sides = _sides(corners, np.cross(across, down), eye)
    precedes = (sides > 0) | (sides.T < 0)
    only = precedes & ~precedes.T
    before = [np.flatnonzero(row).tolist() for row in only]  # before[x]: those painted after x
    return _sorted(before, only.sum(axis=0).tolist(), distance)


def _sides(corners: Floats, normals: Floats, eye: Floats) -> NDArray[np.int8]:
    """The side of face y with respect to the plane of face x, at [x, y].

    1: all of it on the eye's side, -1: all on the other, 0: neither, or in the plane.
    """
    sides = np.zeros((len(corners), len(corners)), np.int8)
    for x, (plane, normal) in enumerate(zip(corners, normals, strict=True)):
        eye_side = float(normal @ (eye - plane[0]))
        if abs(eye_side) < _EPS:
            continue
        heights = (corners - plane[0]) @ normal * np.sign(eye_side)  # (faces, 4)
        sides[x] = np.where((heights > -_EPS).all(1), 1, np.where((heights < _EPS).all(1), -1, 0))
        sides[x, (np.abs(heights) < _EPS).all(1)] = 0
    return sides


def _sorted(before: list[list[int]], waits: list[int], distance: list[float]) -> list[int]:
    """Topological order, the farther centre first; a cycle is broken at its farthest face."""
    ready = [(-distance[n], n) for n, count in enumerate(waits) if count == 0]
    heapq.heapify(ready)
    left = set(range(len(waits)))
    out: list[int] = []
    while left:
        if ready:
            n = heapq.heappop(ready)[1]
        else:
            n = min(left, key=lambda m: (-distance[m], m))
        if n not in left:
            continue
        left.remove(n)
        out.append(n)
        for later in before[n]:
            waits[later] -= 1
            if waits[later] == 0 and later in left:
                heapq.heappush(ready, (-distance[later], later))
    return out
