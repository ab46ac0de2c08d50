"""One face seen by many pixels: balls near, ink far, and the fade between them; see docs/drawing.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.balls import Frame, walk
from matcube.outputs.still.digits import Numbers, Paper, clarity_of, paint_numbers
from matcube.playback.camera import Eye
from matcube.playback.pyramid import Array, Flags, Footprint, flags_at, sample, taps_for
from matcube.playback.shading import GLOSS_MEAN, SHADE_MEAN
from matcube.wire import Face

Floats = NDArray[np.float64]
Pixels = NDArray[np.float32]

LEAST_COSINE = 0.06
EDGE_ON = (0.06, 0.20)
FADE = (0.16, 0.42)
FLAG_COVER = 0.85


@dataclass(frozen=True)
class Sheet:
    """The ink of a face: its levels, its flags, and whether balls may be drawn.

    Args:
        levels: ink (r, c, 4) as stored, the finest first.
        flags: levels of flags, or None.
        special: ink of NaN, +Inf, -Inf, masked (4, 4).
        exact: level 0 holds every cell; False for a pooled matrix.
        numbers: what the cells say, or None.
    """

    levels: list[Array]
    flags: list[Flags] | None
    special: Pixels
    exact: bool
    numbers: Numbers | None = None


def smoothstep(low: float, high: float, x: Floats) -> Floats:
    """0 below low, 1 above high, smooth between.

    Args:
        low: the lower edge.
        high: the upper edge.
        x: (n,).
    """
    s = np.clip((x - low) / (high - low), 0.0, 1.0)
    return s * s * (3 - 2 * s)


def frame_of(face: Face, eye: Eye) -> tuple[Frame, Floats]:
    """The frame of a face for an eye, and the rotation (3, 3) of world directions into it."""
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    turn = np.stack([across, down, np.cross(across, down)])
    local_eye = turn @ (eye.position - np.array(face.origin))
    return Frame(local_eye, turn @ eye.right, turn @ eye.up, eye.pixel_angle, face.high, face.wide), turn


def look_at(sheet: Sheet, frame: Frame, rays: Floats, *, transposed: bool, paper: Paper) -> Pixels:
    """Premultiplied RGBA (n, 4), in linear light, of a face along rays.

    Args:
        sheet: its ink.
        frame: its coordinates.
        rays: unit directions (n, 3) in the frame.
        transposed: of the face.
        paper: what it lies on; the result is of its weight.
    """
    hits = _hits(frame, rays)
    if sheet.exact:
        m = smoothstep(*FADE, hits.width / hits.cosine**0.25)
    else:
        m = np.ones(rays.shape[0])
    out = np.zeros((rays.shape[0], 4), np.float32)
    far = np.flatnonzero((m > 0) & (hits.share > 0))
    if far.size:
        ink = _far(sheet, frame, hits.part(far), transposed=transposed)
        out[far] = ink * m[far, None].astype(np.float32)
    near = np.flatnonzero(m < 1)
    if near.size:
        ink, tiles = _numbered(sheet, frame, rays, transposed=transposed, paper=paper)
        balls = walk(ink, frame, rays[near], transposed=transposed)
        out[near] += balls * (1 - m[near, None]).astype(np.float32)
        out *= np.float32(paper.weight)
        for seen, tile in tiles:
            out[seen] = tile + out[seen] * (1 - tile[:, 3:])
        return out
    return out * np.float32(paper.weight)


def _numbered(
    sheet: Sheet, frame: Frame, rays: Floats, *, transposed: bool, paper: Paper
) -> tuple[NDArray[np.floating], list[tuple[NDArray[np.int64], Pixels]]]:
    """The finest ink, with the dots gone where numbers have appeared, and the tiles of these."""
    ink = sheet.levels[0]
    if sheet.numbers is None:
        return ink, []
    numbers = sheet.numbers.displayed(transposed=transposed)
    clear = clarity_of(numbers, frame, paper.zoom)
    if clear is None:
        return ink, []
    shown = ink.swapaxes(0, 1) if transposed else ink
    tiles = paint_numbers(numbers, clear, shown, frame, rays, paper)
    left = np.maximum(0, 1 - 2 * (clear.T if transposed else clear)) ** 2
    return ink * left[..., None].astype(np.float32), [tiles]


@dataclass(frozen=True)
class _Hits:
    """Points of rays on the plane of a face, or nearest to it over the rectangle.

    Args:
        x, y: in cells of the face.
        width: of a pixel at the point, in cells.
        cosine: |ray·normal|, at least LEAST_COSINE.
        share: the share of the pixel on the face.
        along_x, along_y: unit direction of the ray in the plane.
    """

    x: Floats
    y: Floats
    width: Floats
    cosine: Floats
    share: Floats
    along_x: Floats
    along_y: Floats

    def part(self, index: NDArray[np.int64]) -> _Hits:
        return _Hits(
            self.x[index], self.y[index], self.width[index], self.cosine[index],
            self.share[index], self.along_x[index], self.along_y[index],
        )  # fmt: skip


def _hits(frame: Frame, rays: Floats) -> _Hits:
    steep = np.abs(rays[:, 2])
    dz = np.where(steep < 1e-9, 1e-9, rays[:, 2])
    t = -frame.eye[2] / dz
    ahead = t > 1e-9
    t = np.where(ahead, t, 0.0)
    cosine = np.maximum(steep, LEAST_COSINE)
    x, y = frame.eye[0] + t * rays[:, 0], frame.eye[1] + t * rays[:, 1]
    width = t * frame.pixel_angle
    share = ahead * _inside(x, frame.cols, width, rays[:, 0] / dz)
    share *= _inside(y, frame.rows, width, rays[:, 1] / dz)

    start, end = _over(frame, rays)
    over = end > start
    near_t = np.clip(np.where(ahead, t, start), start, np.maximum(start, end))
    near_w = np.maximum(near_t * frame.pixel_angle, 1e-9)
    height = np.abs(frame.eye[2] + near_t * rays[:, 2])
    edge = (1 - smoothstep(*EDGE_ON, steep)) * over
    edge *= np.clip((np.maximum(0.25, near_w / 2) - height) / near_w + 0.5, 0.0, 1.0)
    use = edge > share
    beside = over & (share <= 0) & (height <= 1 + near_w)  # a ball may extend over the rim
    nearest = np.where(use | beside, near_t, t)
    flat = np.maximum(np.hypot(rays[:, 0], rays[:, 1]), 1e-12)
    return _Hits(
        np.clip(frame.eye[0] + nearest * rays[:, 0], 0.0, frame.cols),
        np.clip(frame.eye[1] + nearest * rays[:, 1], 0.0, frame.rows),
        np.maximum(nearest * frame.pixel_angle, 1e-9),
        cosine,
        np.where(use, edge, share),
        rays[:, 0] / flat,
        rays[:, 1] / flat,
    )


def _inside(x: Floats, n: int, width: Floats, slope: Floats) -> Floats:
    """Share of a pixel's extent about x that lies in [0, n]; slope is (ray·axis) / (ray·normal)."""
    extent = np.maximum(width * np.sqrt(1 + slope * slope), 1e-9)
    return np.clip((np.minimum(x + extent / 2, n) - np.maximum(x - extent / 2, 0.0)) / extent, 0.0, 1.0)


def _over(frame: Frame, rays: Floats) -> tuple[Floats, Floats]:
    """The stretch of each ray over the rectangle, at any distance from the plane."""
    start = np.zeros(rays.shape[0])
    end = np.full(rays.shape[0], 1e12)
    for axis, n in enumerate((frame.cols, frame.rows)):
        step = np.where(np.abs(rays[:, axis]) < 1e-12, 1e-12, rays[:, axis])
        near, far = -frame.eye[axis] / step, (n - frame.eye[axis]) / step
        start, end = np.maximum(start, np.minimum(near, far)), np.minimum(end, np.maximum(near, far))
    return start, end


def _far(sheet: Sheet, frame: Frame, hits: _Hits, *, transposed: bool) -> Pixels:
    """Ink sampled from the pyramid, premultiplied RGBA."""
    spots = _footprint(sheet, frame, hits, transposed=transposed)
    ink = sample(sheet.levels, spots)
    alpha = np.clip(ink[:, 3], 0.0, 1.0)
    colour = ink[:, :3] * np.float32(SHADE_MEAN) + alpha[:, None] * np.float32(GLOSS_MEAN)
    grown = 1 - (1 - alpha) ** (1 / hits.cosine).astype(np.float32)
    scale = np.where(alpha > 0, grown / np.maximum(alpha, 1e-12), 0)
    out = np.concatenate([colour * scale[:, None], grown[:, None]], axis=1)
    if sheet.flags is not None:
        _show_flags(sheet, spots, out)
    out *= hits.share[:, None].astype(np.float32)
    return out


def _footprint(sheet: Sheet, frame: Frame, hits: _Hits, *, transposed: bool) -> Footprint:
    """The pixels' footprints in the matrix's own cells (of its level 0)."""
    rows, cols = sheet.levels[0].shape[:2]
    if transposed:
        rows, cols = cols, rows
    fx, fy = cols / frame.cols, rows / frame.rows
    length = hits.width / hits.cosine
    x, y = hits.x * fx, hits.y * fy
    long_x, long_y = hits.along_x * length * fx, hits.along_y * length * fy
    if transposed:
        x, y, long_x, long_y = y, x, long_y, long_x
    return Footprint(x, y, long_x, long_y, hits.width * max(fx, fy), taps_for(hits.cosine))


def _show_flags(sheet: Sheet, spots: Footprint, out: Pixels) -> None:
    """Pixels over a NaN or Inf show its colour, covering at least FLAG_COVER."""
    assert sheet.flags is not None
    flags = flags_at(sheet.flags, spots)
    marked = np.flatnonzero(flags)
    if not marked.size:
        return
    special = sheet.special[flags[marked] - 1]
    cover = np.maximum(out[marked, 3], np.float32(FLAG_COVER))
    out[marked, :3] = special[:, :3] / special[:, 3:] * cover[:, None]
    out[marked, 3] = cover
