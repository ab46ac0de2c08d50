"""The orbit camera of docs/drawing.md: pixels to rays, points to pixels, and the fit of a figure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.scene.head import Face
from matcube.scene.view import Camera

Floats = NDArray[np.float64]

FIELD_OF_VIEW = math.radians(35)
TAN_HALF = math.tan(FIELD_OF_VIEW / 2)
DEFAULT_YAW = -0.60
DEFAULT_PITCH = 0.42
MARGIN = 0.12
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
    """Where the camera stands and looks."""
    yaw, pitch = camera.yaw, camera.pitch
    back = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    right = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
    up = np.cross(right, -back)
    return Eye(np.array(camera.target) + camera.distance * back, -back, right, up, width, height)


def rays(eye: Eye, x: Floats, y: Floats) -> Floats:
    """Unit directions (n, 3) of the rays through picture positions; a pixel's centre is at +0.5."""
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
    """Picture positions of points given in view axes; what is behind lands at the near depth."""
    unit = eye.height / (2 * TAN_HALF * np.maximum(local[:, 2], NEAR))
    return np.stack([eye.width / 2 + local[:, 0] * unit, eye.height / 2 - local[:, 1] * unit], axis=1)


def corners_of(face: Face) -> Floats:
    """The corners (4, 3) of a face, around it from displayed cell (0, 0)."""
    origin, across, down = (np.array(v, dtype=np.float64) for v in (face.origin, face.across, face.down))
    a, d = across * face.cols, down * face.rows
    return np.stack([origin, origin + a, origin + a + d, origin + d])


def fit(points: Floats, *, yaw: float, pitch: float, width: int, height: int) -> Camera:
    """The camera that sees the bounds of all points (n, 3) with a margin, from the given side."""
    low, high = points.min(axis=0), points.max(axis=0)
    bounds = np.array([[(low, high)[n >> axis & 1][axis] for axis in range(3)] for n in range(8)])
    target = (low + high) / 2
    eye = eye_of(Camera((0, 0, 0), yaw, pitch, 1.0), width=width, height=height)
    distance = _least_distance(eye, bounds - target)
    seen = eye_of(Camera(_triple(target), yaw, pitch, distance), width=width, height=height)
    xy, _ = project(seen, bounds)
    shift = (xy.min(axis=0) + xy.max(axis=0)) / 2 - (width / 2, height / 2)
    target = target + distance * eye.pixel_angle * (shift[0] * eye.right - shift[1] * eye.up)
    return Camera(_triple(target), yaw, pitch, _least_distance(eye, bounds - target))


def _least_distance(eye: Eye, offsets: Floats) -> float:
    limit = TAN_HALF * (1 - MARGIN)
    wide = np.abs(offsets @ eye.right) / (limit * eye.width / eye.height)
    tall = np.abs(offsets @ eye.up) / limit
    return max(LEAST_DISTANCE, float((np.maximum(wide, tall) - offsets @ eye.forward).max()))


def _triple(v: Floats) -> tuple[float, float, float]:
    return float(v[0]), float(v[1]), float(v[2])
