"""Near cells as lit balls: a walk through the cells that each pixel's ray crosses; see docs/drawing.md."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.playback.shading import (
    AMBIENT,
    DIFFUSE,
    GLOSS,
    GLOSS_MEAN,
    HALFWAY,
    LIGHT,
    SHADE_MEAN,
    SHININESS,
)

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]
Ints = NDArray[np.int64]

MAX_STEPS = 32
ENOUGH = 0.995
SLAB = 0.5
MEAN_FROM = 0.75


@dataclass(frozen=True)
class Frame:
    """The coordinates of a face: x along columns, y along rows, z off the plane.

    Args:
        eye: position of the eye.
        right, up: axes of the camera.
        pixel_angle: radians.
        rows, cols: cells.
    """

    eye: Floats
    right: Floats
    up: Floats
    pixel_angle: float
    rows: int
    cols: int


def light(nx: Pixels, ny: Pixels, nz: Pixels) -> tuple[Pixels, Pixels]:
    """Shade and gloss of points of a ball.

    Args:
        nx: normal along right.
        ny: normal along up.
        nz: normal toward the eye.
    """
    diffuse = np.maximum(0, nx * np.float32(LIGHT[0]) + ny * np.float32(LIGHT[1]) + nz * np.float32(LIGHT[2]))
    h = np.maximum(0, nx * np.float32(HALFWAY[0]) + ny * np.float32(HALFWAY[1]) + nz * np.float32(HALFWAY[2]))
    h4 = (h * h) * (h * h)
    h8 = h4 * h4
    assert SHININESS == 24  # h8 * h8 * h8
    return np.float32(AMBIENT) + np.float32(DIFFUSE) * diffuse, np.float32(GLOSS) * (h8 * h8 * h8)


def ball(ink: Pixels, d: Pixels, w: Pixels, nx: Pixels, ny: Pixels) -> tuple[Pixels, Pixels]:
    """Colour (n, 3) and coverage (n,) of balls that rays pass at distance d.

    Args:
        ink: premultiplied ink of each cell (n, 4), coverage not 0.
        d: distance of ray and centre, cells.
        w: a pixel at the ball, cells.
        nx: offset of the ray from the centre along right, cells.
        ny: the same along up.
    """
    area = ink[:, 3]
    radius = np.sqrt(area / np.float32(math.pi))
    wide = np.maximum(radius, w / 2)
    cover = np.clip((wide - d) / w + np.float32(0.5), 0, 1) * radius**2 / (wide**2 + w**2 / 12)
    q = np.minimum(d / wide, 1)
    unit = 1 / np.maximum(wide, d)
    shade, gloss = light(nx * unit, ny * unit, np.sqrt(np.maximum(0, 1 - q * q)))
    mean = np.minimum(1, np.float32(MEAN_FROM) * w / radius)
    shade += mean * (np.float32(SHADE_MEAN) - shade)
    gloss += mean * (np.float32(GLOSS_MEAN) - gloss)
    colour = ink[:, :3] * (shade / area)[:, None] + gloss[:, None]
    return colour, cover


def walk(ink: NDArray[np.floating], frame: Frame, rays: Floats, *, transposed: bool) -> Pixels:
    """Premultiplied RGBA (n, 4) of rays through the slab of a face.

    Args:
        ink: level 0 as stored: (rows, cols, 4), or (cols, rows, 4) for a transposed face.
        frame: coordinates of the face.
        rays: unit directions (n, 3) in the frame.
        transposed: of the face.
    """
    out = np.zeros((rays.shape[0], 4), np.float32)
    start, end = _slab(frame, rays)
    alive = np.flatnonzero(end > start)
    if not alive.size:
        return out
    state = _State.at(frame, rays[alive], start[alive], end[alive], alive)
    flat = ink.reshape(-1, 4)
    steps = (1, frame.rows) if transposed else (frame.cols, 1)  # from row to row, from column to column
    for _ in range(MAX_STEPS):
        _shade_cells(flat, steps, frame, state, out)
        state = state.onward(frame, out)
        if not state.pixel.size:
            break
    return out


def _slab(frame: Frame, rays: Floats) -> tuple[Floats, Floats]:
    """Ray parameters where each ray enters and leaves the face's slab."""
    start = np.zeros(rays.shape[0])
    end = np.full(rays.shape[0], np.inf)
    for axis, (low, high) in enumerate(((0, frame.cols), (0, frame.rows), (-SLAB, SLAB))):
        step = rays[:, axis]
        step = np.where(np.abs(step) < 1e-12, 1e-12, step)
        near, far = (low - frame.eye[axis]) / step, (high - frame.eye[axis]) / step
        start, end = np.maximum(start, np.minimum(near, far)), np.minimum(end, np.maximum(near, far))
    return start, end


@dataclass
class _State:
    """The rays that are still walking, each in one cell; positions are relative to ``base``, in cells."""

    pixel: Ints
    ray: Pixels  # (m, 3)
    t0: Floats  # parameter at the base point
    base: Floats  # (m, 3) entry point in the frame
    col: Ints
    row: Ints
    end: Pixels  # parameters from here on count from t0
    next_x: Pixels
    next_y: Pixels

    @classmethod
    def at(cls, frame: Frame, rays: Floats, start: Floats, end: Floats, pixel: Ints) -> _State:
        """The rays in their first cells.

        Args:
            frame: coordinates of the face.
            rays: unit directions (m, 3) in the frame.
            start: ray parameters (m,) of the entry into the slab.
            end: ray parameters (m,) of the exit.
            pixel: indices (m,) of the rays.
        """
        base = frame.eye + rays * start[:, None]
        col = np.clip(np.floor(base[:, 0]), 0, frame.cols - 1).astype(np.int64)
        row = np.clip(np.floor(base[:, 1]), 0, frame.rows - 1).astype(np.int64)
        ray = np.where(np.abs(rays) < 1e-9, 1e-9, rays)
        next_x = (col + (ray[:, 0] > 0) - base[:, 0]) / ray[:, 0]
        next_y = (row + (ray[:, 1] > 0) - base[:, 1]) / ray[:, 1]
        f32 = np.float32
        return cls(
            pixel, ray.astype(f32), start, base, col, row,
            (end - start).astype(f32), next_x.astype(f32), next_y.astype(f32),
        )  # fmt: skip

    def onward(self, frame: Frame, out: Pixels) -> _State:
        """Each ray in its next cell, without those that left the face or are opaque."""
        step_x = self.next_x <= self.next_y
        reach = np.where(step_x, self.next_x, self.next_y)
        col = self.col + np.where(step_x, np.sign(self.ray[:, 0]), 0).astype(np.int64)
        row = self.row + np.where(step_x, 0, np.sign(self.ray[:, 1])).astype(np.int64)
        inside = (col >= 0) & (col < frame.cols) & (row >= 0) & (row < frame.rows)
        keep = np.flatnonzero(inside & (reach < self.end) & (out[self.pixel, 3] < ENOUGH))
        next_x = np.where(step_x, self.next_x + 1 / np.abs(self.ray[:, 0]), self.next_x)
        next_y = np.where(step_x, self.next_y, self.next_y + 1 / np.abs(self.ray[:, 1]))
        return _State(
            self.pixel[keep], self.ray[keep], self.t0[keep], self.base[keep], col[keep], row[keep],
            self.end[keep], next_x[keep], next_y[keep],
        )  # fmt: skip


def _shade_cells(
    flat: NDArray[np.floating], steps: tuple[int, int], frame: Frame, state: _State, out: Pixels
) -> None:
    """Composite the ball of each ray's present cell under the balls before it."""
    ink = np.take(flat, state.row * steps[0] + state.col * steps[1], axis=0).astype(np.float32, copy=False)
    seen = np.flatnonzero(ink[:, 3] > 0)
    if not seen.size:
        return
    ink, ray = ink[seen], state.ray[seen]
    base = state.base[seen]
    ox = (state.col[seen] + 0.5 - base[:, 0]).astype(np.float32)
    oy = (state.row[seen] + 0.5 - base[:, 1]).astype(np.float32)
    oz = (-base[:, 2]).astype(np.float32)
    t = ox * ray[:, 0] + oy * ray[:, 1] + oz * ray[:, 2]
    px, py, pz = t * ray[:, 0] - ox, t * ray[:, 1] - oy, t * ray[:, 2] - oz
    w = ((state.t0[seen] + t) * frame.pixel_angle).astype(np.float32)
    right, up = frame.right.astype(np.float32), frame.up.astype(np.float32)
    d = np.sqrt(px * px + py * py + pz * pz)
    nx = px * right[0] + py * right[1] + pz * right[2]
    ny = px * up[0] + py * up[1] + pz * up[2]
    colour, cover = ball(ink, d, np.maximum(w, np.float32(1e-6)), nx, ny)
    pixel = state.pixel[seen]
    cover = cover * (1 - out[pixel, 3])
    out[pixel, :3] += colour * cover[:, None]
    out[pixel, 3] += cover
