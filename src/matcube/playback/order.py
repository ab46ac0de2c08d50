"""Depth order: faces from back to front; see docs/drawing.md."""

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
    """Indices of faces in the order in which they are painted."""
    corners = [corners_of(face) for face in faces]
    normals = [np.cross(np.array(f.across, np.float64), np.array(f.down, np.float64)) for f in faces]
    distance = [float(np.linalg.norm(c.mean(axis=0) - eye)) for c in corners]
    sides = [_side_of_plane(normals[n], corners[n], eye) for n in range(len(faces))]
    before: list[set[int]] = [set() for _ in faces]  # before[x]: those painted after x
    waits = [0] * len(faces)
    for x in range(len(faces)):
        for y in range(x + 1, len(faces)):
            first = _precedes(corners, normals, sides, x, y)
            second = _precedes(corners, normals, sides, y, x)
            if first != second:
                a, b = (x, y) if first else (y, x)
                before[a].add(b)
                waits[b] += 1
    return _sorted(before, waits, distance)


def _side_of_plane(normal: Floats, corners: Floats, eye: Floats) -> float:
    return float(normal @ (eye - corners[0]))


def _precedes(corners: list[Floats], normals: list[Floats], sides: list[float], x: int, y: int) -> bool:
    """X is drawn before Y: Y on the eye's side of X's plane, or X on the far side of Y's."""
    return _wholly(corners[y], corners[x], normals[x], sides[x]) > 0 or (
        _wholly(corners[x], corners[y], normals[y], sides[y]) < 0
    )


def _wholly(points: Floats, plane: Floats, normal: Floats, eye_side: float) -> int:
    """1 when all points lie on the eye's side of a plane, -1 on the other, 0 neither or in the plane."""
    if abs(eye_side) < _EPS:
        return 0
    heights = (points - plane[0]) @ normal * np.sign(eye_side)
    if np.all(np.abs(heights) < _EPS):
        return 0
    if np.all(heights > -_EPS):
        return 1
    return -1 if np.all(heights < _EPS) else 0


def _sorted(before: list[set[int]], waits: list[int], distance: list[float]) -> list[int]:
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
        for later in sorted(before[n]):
            waits[later] -= 1
            if waits[later] == 0 and later in left:
                heapq.heappush(ready, (-distance[later], later))
    return out
