"""The orbit camera of docs/drawing.md: pixels to rays, points to pixels, and the fit of a figure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.wire import Camera, Face

Floats = NDArray[np.float64]

FIELD_OF_VIEW = math.radians(35)
TAN_HALF = math.tan(FIELD_OF_VIEW / 2)
DEFAULT_YAW = -0.60
DEFAULT_PITCH = 0.42
MARGIN = 0.12
HALVINGS = 48
NEAR = 1e-6
LEAST_DISTANCE = 1e-2


@dataclass(frozen=True)
class Eye:
    """A camera resolved for a picture of ``width`` x ``height`` pixels; axes are unit vectors."""

    position: Floats
    forward: Floats
    right: Floats
    up: Floats
    width: int
    height: int

    @property
    def pixel_angle(self) -> float:
        """The angle that a pixel subtends in the middle of the picture, radians."""
        return 2 * TAN_HALF / self.height


def eye_of(camera: Camera, *, width: int, height: int) -> Eye:
    """The position and axes of a camera.

    Args:
        camera: orbit angles in radians.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    yaw, pitch = camera.yaw, camera.pitch
    back = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    right = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
    up = np.cross(right, -back)
    return Eye(np.array(camera.target) + camera.distance * back, -back, right, up, width, height)


def rays(eye: Eye, x: Floats, y: Floats) -> Floats:
    """Unit directions (n, 3) of the rays through picture positions; a pixel's centre is at +0.5.

    Args:
        eye: position and axes.
        x: (n,), pixels from the left.
        y: (n,), pixels from the top.
    """
    sx = (2 * x / eye.width - 1) * (eye.width / eye.height * TAN_HALF)
    sy = (1 - 2 * y / eye.height) * TAN_HALF
    out = np.empty((x.size, 3))
    norm = 1 / np.sqrt(1 + sx * sx + sy * sy)
    for axis in range(3):
        out[:, axis] = (eye.forward[axis] + sx * eye.right[axis] + sy * eye.up[axis]) * norm
    return out


def view_axes(eye: Eye, points: Floats) -> Floats:
    """Points (n, 3) in (right, up, forward) from the eye."""
    local: Floats = (points - eye.position) @ np.stack([eye.right, eye.up, eye.forward], axis=1)
    return local


def project(eye: Eye, points: Floats) -> tuple[Floats, Floats]:
    """Picture positions (n, 2) and depths (n,); a depth of at most ``NEAR`` is behind the camera."""
    local = view_axes(eye, points)
    return to_picture(eye, local), local[:, 2]


def to_picture(eye: Eye, local: Floats) -> Floats:
    """Picture positions of points in view axes; points behind the eye are projected at the near depth."""
    unit = eye.height / (2 * TAN_HALF * np.maximum(local[:, 2], NEAR))
    return np.stack([eye.width / 2 + local[:, 0] * unit, eye.height / 2 - local[:, 1] * unit], axis=1)


def corners_of(face: Face) -> Floats:
    """The corners (4, 3) of a face, around it from displayed cell (0, 0)."""
    origin, across, down = (np.array(v, dtype=np.float64) for v in (face.origin, face.across, face.down))
    a, d = across * face.wide, down * face.high
    return np.stack([origin, origin + a, origin + a + d, origin + d])


def slab_corners(faces: Iterable[Face]) -> Floats:
    """Corners (8 n, 3) of faces with their balls: half a cell off the plane on either side."""
    out = []
    for face in faces:
        across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
        normal = np.cross(across, down)
        for n in range(8):
            col = face.wide if n & 1 else 0
            row = face.high if n & 2 else 0
            off = 0.5 if n & 4 else -0.5
            out.append(np.array(face.origin) + across * col + down * row + normal * off)
    return np.array(out, np.float64).reshape(-1, 3)


def fit(points: Floats, *, yaw: float, pitch: float, width: int, height: int) -> Camera:
    """The nearest camera that sees all points with a margin, centred.

    Args:
        points: (n, 3).
        yaw: radians.
        pitch: radians.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    eye = eye_of(Camera((0, 0, 0), yaw, pitch, 1.0), width=width, height=height)
    seen = points @ np.stack([eye.right, eye.up, eye.forward], axis=1)  # (n, 3): right, up, depth
    middle = float(seen[:, 2].min() + seen[:, 2].max()) / 2
    limit = TAN_HALF * (1 - MARGIN)
    depth = min(
        middle - LEAST_DISTANCE,
        _depth_of(seen[:, (0, 2)], limit * width / height),
        _depth_of(seen[:, (1, 2)], limit),
    )
    x, y = (_centre_of(seen[:, axis], seen[:, 2] - depth) for axis in (0, 1))
    target = x * eye.right + y * eye.up + middle * eye.forward
    return Camera(_triple(target), yaw, pitch, middle - depth)


def _depth_of(seen: Floats, limit: float) -> float:
    """The greatest depth from which points (n, 2), across and deep, lie within a slope on either side."""
    right, left = (sign * seen[:, 0] - limit * seen[:, 1] for sign in (1, -1))
    return -float(right.max() + left.max()) / (2 * limit)


def _centre_of(across: Floats, depth: Floats) -> float:
    """The position across with equal greatest slopes to either side; by halving."""
    low, high = float(across.min()), float(across.max())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        slopes = (across - middle) / np.maximum(depth, NEAR)
        low, high = (middle, high) if slopes.max() + slopes.min() > 0 else (low, middle)
    return (low + high) / 2


def _triple(v: Floats) -> tuple[float, float, float]:
    return float(v[0]), float(v[1]), float(v[2])
