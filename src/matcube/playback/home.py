"""The opening camera: the side from which the matrix that a figure is about is seen large and free.

And the one that sees a matrix face on. See docs/drawing.md, "Camera".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from matcube.playback.camera import (
    DEFAULT_PITCH,
    DEFAULT_YAW,
    Eye,
    Floats,
    corners_of,
    eye_of,
    fit,
    project,
    slab_corners,
)
from matcube.wire import Camera, Face, Head, Layout, Matrix

SIDES = (
    (DEFAULT_YAW, DEFAULT_PITCH), (-0.60, 0.30), (-0.75, 0.42), (-0.75, 0.30), (-0.90, 0.42), (-0.90, 0.30),
    (-0.45, 0.42), (-0.45, 0.30),
)  # fmt: skip
BETTER = 1.15  # the share by which another side must be better than the usual one
FLAT_ROOM = 1.2  # room for the name beside a matrix that is seen face on
SAMPLES = 5  # points of a face along each of its sides


def is_softmax(matrix: Matrix) -> bool:
    """Whether the cells of a matrix are the shares of a softmax."""
    return matrix.operation.startswith("softmax(")


def protagonist_of(head: Head, layout: Layout, faces: Sequence[Face]) -> int | None:
    """The matrix that a figure is about: its last softmax, else its result; None if neither is visible.

    Args:
        head: the scene.
        layout: with the face of the result.
        faces: visible ones.
    """
    seen = {face.node for face in faces if face.alias_of is None and face.part is None}
    shares = [
        matrix.node for matrix in head.matrices
        if matrix.node in seen and is_softmax(matrix) and matrix.rows > 1
    ]  # fmt: skip
    root = next((face.node for face in layout.faces if face.id == layout.root_face), None)
    return shares[-1] if shares else root if root in seen else None


def home(faces: Sequence[Face], *, subject: int | None, root: int, width: int, height: int) -> Camera:
    """The camera that sees all faces from the usual side, or from one that shows the subject larger.

    Args:
        faces: visible ones.
        subject: the node that the figure is about.
        root: the face of the result; a figure about it is seen from the usual side.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    points = slab_corners(faces) if faces else np.zeros((1, 3))
    own = [face for face in faces if face.node == subject and face.alias_of is None and face.part is None]
    sides = SIDES if own and own[-1].id != root and subject is not None else SIDES[:1]
    cameras = [fit(points, yaw=yaw, pitch=pitch, width=width, height=height) for yaw, pitch in sides]
    best = cameras[0]
    if len(cameras) == 1:
        return best
    most = BETTER * shown_area(faces, own[-1], eye_of(best, width=width, height=height))
    for camera in cameras[1:]:
        area = shown_area(faces, own[-1], eye_of(camera, width=width, height=height))
        if area > most * (1 + 1e-6):
            best, most = camera, area
    return best


def face_on(face: Face, *, width: int, height: int) -> Camera:
    """The camera that sees a face from its front, its columns running to the right and its rows down.

    Args:
        face: of a matrix.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    back = np.cross(down, across)
    if abs(back[1]) > abs(back[0]) + abs(back[2]):
        yaw, pitch = math.atan2(-across[2], across[0]), math.copysign(math.pi / 2, back[1])
    else:
        yaw, pitch = math.atan2(back[0], back[2]), 0.0
    camera = fit(slab_corners([face]), yaw=yaw, pitch=pitch, width=width, height=height)
    return msgspec.structs.replace(camera, distance=FLAT_ROOM * camera.distance)


def shown_area(faces: Sequence[Face], face: Face, eye: Eye) -> float:
    """The area of the part of a face with no other before it, square pixels; by samples.

    Args:
        faces: all.
        face: one of them.
        eye: of the picture.
    """
    corners = corners_of(face)
    x, y = project(eye, corners)[0].T
    area = abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES
    across, down = (side.ravel()[:, None] for side in np.meshgrid(steps, steps))
    points = corners[0] + (corners[1] - corners[0]) * across + (corners[3] - corners[0]) * down
    hidden = np.zeros(len(points), bool)
    for other in faces:
        if other.id != face.id:
            hidden |= _before(other, points, eye.position)
    return area * (1 - float(hidden.mean()))


def _before(face: Face, points: Floats, eye: Floats) -> np.ndarray:
    """Which points (n, 3) a face hides from the eye."""
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    normal, origin = np.cross(across, down), np.array(face.origin, np.float64)
    heights = (points - eye) @ normal
    share = ((origin - eye) @ normal) / np.where(heights == 0, np.inf, heights)  # of the way to each point
    meets = eye + (points - eye) * share[:, None] - origin
    x, y = meets @ across, meets @ down
    inside = (x > 0) & (x < face.wide) & (y > 0) & (y < face.high)
    return np.asarray(inside & (share > 0) & (share < 0.999))
