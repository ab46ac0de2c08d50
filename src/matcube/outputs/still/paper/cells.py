"""Faces as vectors: plates, dots or tiles with their numbers, and shapes of NaN and infinities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matcube.outputs.still.balls import Frame
from matcube.outputs.still.digits import Numbers, clarity_of
from matcube.outputs.still.face import FADE, LEAST_COSINE, frame_of, smoothstep
from matcube.outputs.still.inside import balls_of
from matcube.outputs.still.paper.items import Disc, Item, Point, Polygon, Strokes
from matcube.outputs.still.sheets import Drawn
from matcube.outputs.still.surface import Surface
from matcube.playback.camera import NEAR, Eye, project
from matcube.playback.colour import pack, srgb_from_linear
from matcube.playback.digits import ROOM, number_text, reading_way, width_of
from matcube.playback.glyphs import CAP, GLYPHS, PEN
from matcube.playback.ink import NAN, NEG_INF, Look, mix
from matcube.playback.shading import GLOSS_MEAN, SHADE_MEAN
from matcube.playback.signs import PEN as CROSS_PEN
from matcube.playback.signs import REACH
from matcube.playback.tiles import HALF, RING, ROUND, digit_grey, tile_colour

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GLYPHS = {
    sign: (
        advance,
        [np.array([float(n) for n in part.split()]).reshape(-1, 2) for part in strokes.split(";")],
    )
    for sign, advance, strokes in GLYPHS
}


class Cells:
    """The cells of one face on paper."""

    def __init__(self, drawn: Drawn, surface: Surface, eye: Eye) -> None:
        self._face, self._surface, self._eye = drawn.face, surface, eye
        self._frame: Frame = frame_of(drawn.face, eye)[0]
        sheet = drawn.sheet
        turn = drawn.face.transposed
        self._ink = np.asarray(sheet.levels[0], np.float64)
        self._ink = self._ink.swapaxes(0, 1) if turn else self._ink
        self._flags = None if sheet.flags is None else (sheet.flags[0].T if turn else sheet.flags[0])
        self._numbers = None if sheet.numbers is None else sheet.numbers.displayed(transposed=turn)

    def items(self) -> Iterator[Item]:
        """The plate, masked cells, then the cells from back to front."""
        yield from self._plate()
        yield from self._masked()
        clear = None if self._numbers is None else clarity_of(self._numbers, self._frame, self._surface.zoom)
        for row, col in self._order():
            if clear is not None and self._numbers is not None and clear[row, col] > 0.5:
                yield from self._tile(self._numbers, row, col)
            elif self._flags is not None and self._flags[row, col]:
                yield self._sign(row, col)
            elif self._ink[row, col, 3] > 0:
                yield self._dot(row, col)

    def _order(self) -> list[tuple[int, int]]:
        """Cells that may be in the picture, the farthest first."""
        shown = self._ink[..., 3] > 0
        if self._numbers is not None:
            shown = shown | (self._numbers.which > 0)
        if self._flags is not None:
            shown = shown | (self._flags > 0)
        row, col = np.nonzero(shown)
        spots, depth = project(
            self._eye, self._world(col.astype(np.float64) + 0.5, row.astype(np.float64) + 0.5)
        )
        reach = 1 / (np.maximum(depth, NEAR) * self._eye.pixel_angle)
        inside = (depth > NEAR) & (spots > -reach[:, None]).all(axis=1)
        inside &= (spots < np.array([self._eye.width, self._eye.height]) + reach[:, None]).all(axis=1)
        order = np.flatnonzero(inside)[np.argsort(-depth[inside], kind="stable")]
        return list(zip(row[order].tolist(), col[order].tolist(), strict=True))

    def _world(self, x: Floats, y: Floats) -> Floats:
        face = self._face
        across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
        return np.array(face.origin) + np.multiply.outer(x, across) + np.multiply.outer(y, down)

    def _seen(self, x: Floats, y: Floats) -> tuple[Point, ...] | None:
        """Points of the plane in the picture; None if one is behind the eye."""
        spots, depth = project(self._eye, self._world(np.asarray(x, np.float64), np.asarray(y, np.float64)))
        return None if depth.min() <= NEAR else tuple((float(u), float(v)) for u, v in spots)

    def _rect(self, left: float, top: float, right: float, bottom: float) -> tuple[Point, ...] | None:
        return self._seen(np.array([left, right, right, left]), np.array([top, top, bottom, bottom]))

    def _plate(self) -> Iterator[Item]:
        (wide, long), (high, tall) = self._surface.grid
        pad, size = self._surface.pad, (self._face.wide, self._face.high)
        for y in range(0, max(size[1], 1), max(high, 1)):
            for x in range(0, max(size[0], 1), max(wide, 1)):
                right, bottom = min(x + long, size[0]), min(y + tall, size[1])
                points = self._rect(x - pad, y - pad, right + pad, bottom + pad)
                if points is not None:
                    yield Polygon(points, _rgb(self._surface.plate), self._surface.opacity)

    def _masked(self) -> Iterator[Item]:
        """Runs of masked cells in each row."""
        masked = self._ink[..., 2] > 0.5
        for row in np.flatnonzero(masked.any(axis=1)).tolist():
            edges = np.diff(np.concatenate([[False], masked[row], [False]]).astype(np.int8))
            starts, ends = np.flatnonzero(edges > 0).tolist(), np.flatnonzero(edges < 0).tolist()
            for start, end in zip(starts, ends, strict=True):
                points = self._rect(start, row, end, row + 1)
                if points is not None:
                    yield Polygon(points, _rgb(self._surface.masked))

    def _level(self, row: int, col: int) -> Floats:
        return self._surface.levels(np.array([row]), np.array([col]))

    def _dot(self, row: int, col: int) -> Item:
        """A dot, or far away the whole cell."""
        ink, surface = self._ink[row, col], self._surface
        look, level = surface.look, self._level(row, col)
        positive = bool(ink[0] > 0)
        steps = self._steps(row, col)
        away = np.array([col + 0.5, row + 0.5, 0]) - self._frame.eye
        distance = float(np.linalg.norm(away))
        cosine = max(abs(float(self._frame.eye[2])) / distance, LEAST_COSINE)
        far = smoothstep(*FADE, np.array([distance * self._eye.pixel_angle / cosine**0.25]))[0]
        if far > 0.5:
            colour = mix(surface.plate, look.full[int(positive)], ink[3] * level[0])
            return Polygon(self._rect(col, row, col + 1, row + 1) or (), _rgb(colour))
        colour = mix(surface.plate, look.dot(ink[1:2], positive=positive)[0], level[0])
        axes, lengths, _ = np.linalg.svd(steps * float(look.radius(ink[1:2])[0]))
        centre = (self._seen(np.array([col + 0.5]), np.array([row + 0.5])) or ((0.0, 0.0),))[0]
        turn = float(np.arctan2(axes[1, 0], axes[0, 0]))
        return Disc(centre, (float(lengths[0]), float(lengths[1])), turn, _rgb(colour))

    def _steps(self, row: int, col: int) -> Floats:
        """How the picture changes along columns and rows at the middle of a cell: (2, 2), in columns."""
        x, y = np.array([0.45, 0.55, 0.5, 0.5]) + col, np.array([0.5, 0.5, 0.45, 0.55]) + row
        spots = project(self._eye, self._world(x, y))[0]
        return np.stack([spots[1] - spots[0], spots[3] - spots[2]], axis=1) / 0.1

    def _size(self, row: int, col: int) -> float:
        return float(np.sqrt(abs(np.linalg.det(self._steps(row, col)))))

    def _way(self) -> tuple[int, int]:
        return reading_way(float(self._frame.eye[2]), float(self._frame.right[0]))

    def _sign(self, row: int, col: int) -> Item:
        """A cross, or a triangle up or down."""
        assert self._flags is not None
        flag, (along, down) = self._flags[row, col], self._way()
        colour = _rgb(self._surface.look.special[flag - 1])
        place = partial(self._placed, row, col)
        if flag == NAN:
            ends = REACH - CROSS_PEN
            lines = tuple(place(np.array([-ends, ends]), np.array([-ends, ends]) * way) for way in (1, -1))
            return Strokes(lines, 2 * CROSS_PEN * self._size(row, col), colour)
        up = -down if flag == NEG_INF else down
        return Polygon(
            place(np.array([0, REACH, -REACH]) * along, np.array([-REACH, REACH, REACH]) * up), colour
        )

    def _placed(self, row: int, col: int, x: Floats, y: Floats) -> tuple[Point, ...]:
        """Points about the middle of a cell in the picture."""
        return self._seen(col + 0.5 + x, row + 0.5 + y) or ()

    def _tile(self, numbers: Numbers, row: int, col: int) -> Iterator[Item]:
        surface, ink = self._surface, self._ink[row, col]
        level = self._level(row, col)
        flag = 0 if self._flags is None else int(self._flags[row, col])
        full = surface.look.special[flag - 1] if flag else surface.look.full[int(ink[0] > 0)]
        under = tile_colour(np.array([1.0 if flag else ink[1]]), full[None], surface.plate, level)[0]
        if ink[3] <= 0 and not flag:
            under = surface.plate
            half = HALF - RING / 2
            outline = self._placed(row, col, *_rounded(half))
            yield Polygon(outline, _rgb(surface.ring), 1.0, RING * self._size(row, col))
        else:
            yield Polygon(self._placed(row, col, *_rounded(HALF)), _rgb(under))
        form = numbers.formats[numbers.which[row, col] - 1]
        text = number_text(float(numbers.values[row, col]), form)
        em = min(form.em, ROOM / width_of(text))
        along, down = self._way()
        lines = []
        start = -width_of(text) / 2
        for sign in text:
            advance, strokes = _GLYPHS[sign]
            for stroke in strokes:
                x, y = (start + stroke[:, 0] / 100) * em * along, (stroke[:, 1] - CAP / 2) / 100 * em * down
                lines.append(self._placed(row, col, x, y))
            start += advance / 100
        grey = _rgb(np.repeat(digit_grey(under[None], level), 3))
        yield Strokes(tuple(lines), 2 * PEN / 100 * em * self._size(row, col), grey)


def balls_on(drawn: Drawn, look: Look, eye: Eye) -> Iterator[Disc]:
    """Products inside a box as discs, the farthest first.

    Args:
        drawn: a line or a plane of them.
        look: from magnitudes to dots.
        eye: of the picture.
    """
    face, sheet = drawn.face, drawn.sheet
    flags = None if sheet.flags is None else sheet.flags[0]
    ink = balls_of(sheet.levels[0], flags, look)
    row, col = np.nonzero(ink[..., 3] > 0)
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    points = np.array(face.origin) + np.multiply.outer(col + 0.5, across) + np.multiply.outer(row + 0.5, down)
    spots, depth = project(eye, points)
    for n in np.argsort(-depth, kind="stable").tolist():
        *colour, area = ink[row[n], col[n]].tolist()
        if depth[n] <= NEAR:
            continue
        radius = float(np.sqrt(area / np.pi) / (eye.pixel_angle * depth[n]))
        light = np.array(colour) / area * SHADE_MEAN + GLOSS_MEAN
        yield Disc((float(spots[n, 0]), float(spots[n, 1])), (radius, radius), 0.0, _rgb(light))


def _rounded(half: float) -> tuple[Floats, Floats]:
    """The corners of a rounded square about the origin."""
    turns = np.radians([0, 30, 60, 90])
    inner = half - ROUND
    quarter = np.stack([inner + ROUND * np.cos(turns), inner + ROUND * np.sin(turns)])
    x, y = [], []
    for _ in range(4):
        x.append(quarter[0])
        y.append(quarter[1])
        quarter = np.stack([-quarter[1], quarter[0]])
    return np.concatenate(x), np.concatenate(y)


def _rgb(linear: Floats) -> int:
    return pack(srgb_from_linear(np.clip(linear, 0, 1)))
