"""Vectors of plates, chevrons, the far view and the shapes of NaN and infinities."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from msgspec import to_builtins
from msgspec.structs import replace

from matcube.playback import plates
from matcube.playback.camera import eye_of
from matcube.playback.chevrons import chevrons
from matcube.playback.dither import halvings, noise
from matcube.playback.mark import Mark
from matcube.playback.signs import outside
from matcube.playback.stairs import stair_marks
from matcube.scene import colour
from matcube.wire import Box, Camera, Face, Split

SIZE = 800, 600
CAMERAS = (Camera((2.0, -1.0, 2.0), -0.6, 0.42, 20.0), Camera((2.0, -1.0, 2.0), 2.4, -0.3, 14.0))


def vectors() -> dict[str, Any]:
    """The content of the file."""
    return {
        "theme": to_builtins(colour.themes()[0]),
        "about": "plates and their marks, chevrons, texels of the far view, shapes",
        "plates": [
            _plate(face, camera, ratio) for face in _faces() for camera in CAMERAS for ratio in (1, 2)
        ],
        "stairs": [_stairs(face, mask) for face in _faces() for mask in _masks(face)],
        "chevrons": [_chevrons(camera, ratio) for camera in CAMERAS for ratio in (1, 2)],
        "noise": _noise(),
        "halvings": _halvings(),
        "shapes": _shapes(),
    }


def _face(n: int, origin: Any, across: Any, down: Any, rows: int, cols: int, *splits: Split | None) -> Face:
    row, col = splits or (None, None)
    return Face(
        n, n, (n,), False, origin, across, down, rows, cols, "alone", None, "i", "j", 0, None, row, col
    )


def _faces() -> list[Face]:
    return [
        _face(0, (-4.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0), 3, 4),
        _face(1, (0.0, 4.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), 4, 2),
        _face(2, (0.0, 0.0, 7.0), (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), 3, 2),
        _face(3, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), 9, 200, Split(4, 2), None),
    ]


def mark_of(mark: Mark) -> dict[str, Any]:
    return asdict(mark)


def _plate(face: Face, camera: Camera, ratio: int) -> dict[str, Any]:
    theme = colour.themes()[0]
    eye = eye_of(camera, width=SIZE[0] * ratio, height=SIZE[1] * ratio)
    pixel = eye.pixel_angle * ratio
    return {
        "face": to_builtins(face), "camera": to_builtins(camera), "ratio": ratio, "pad": plates.pad_of(face),
        "grid": [*plates.grid_of(face)[0], *plates.grid_of(face)[1]],
        "colour": plates.plate_colour(theme, plates.cosine_of(face, eye.position)),
        "marks": [mark_of(mark) for mark in plates.plate_marks(face, theme, eye, pixel)],
    }  # fmt: skip


def _masks(face: Face) -> list[np.ndarray]:
    """A triangle, a chess board, and no cell at all, displayed."""
    row, col = np.indices((face.rows, face.cols))
    return [(row < col).astype(np.uint8), ((row + col) % 2).astype(np.uint8), np.zeros_like(row, np.uint8)]


def _stairs(face: Face, mask: np.ndarray) -> dict[str, Any]:
    turned = replace(face, transposed=True)
    return {
        "face": to_builtins(face), "mask": mask.ravel(),
        "marks": [mark_of(mark) for mark in stair_marks(face, mask, 0x123456)],
        "turned": [mark_of(mark) for mark in stair_marks(turned, np.ascontiguousarray(mask.T), 0x123456)],
    }  # fmt: skip


def _chevrons(camera: Camera, ratio: int) -> dict[str, Any]:
    faces = _faces()[:3]
    box = Box(
        0, 2, False, 0, 1, 2, (0.0, 0.0, 0.0), (0, -1, 0), (1, 0, 0), (0, 0, 1), (3, 2, 4), "-LTF", None
    )
    eye = eye_of(replace(camera, distance=26.0), width=SIZE[0] * ratio, height=SIZE[1] * ratio)
    marks = chevrons(
        [box], faces, dict(enumerate(faces)), eye=eye, pixel=eye.pixel_angle * ratio, colour=0x123456
    )
    return {
        "camera": to_builtins(replace(camera, distance=26.0)), "ratio": ratio,
        "faces": [to_builtins(face) for face in faces], "box": to_builtins(box),
        "marks": [mark_of(mark) for mark in marks],
    }  # fmt: skip


def _noise() -> list[dict[str, Any]]:
    places = np.array([(0, 0), (1, 0), (0, 1), (17, 4), (8191, 8190), (511, 1)])
    return [
        {"x": x, "y": y, "noise": float(noise(np.array([x]), np.array([y]))[0])} for x, y in places.tolist()
    ]


def _halvings() -> list[dict[str, Any]]:
    return [
        {"extent": extent, "cells": cells, "halvings": int(halvings(np.array([extent]), cells)[0])}
        for extent in (0.0, 0.4, 1.0, 1.01, 2.0, 3.0, 900.0)
        for cells in (1, 7, 1023, 1024)
    ]


def _shapes() -> list[dict[str, Any]]:
    spots = [(0.0, 0.0), (0.2, 0.2), (0.3, 0.0), (0.1, -0.3), (-0.3, 0.34), (0.0, 0.4)]
    return [
        {
            "flag": flag, "x": x, "y": y,
            "outside": float(outside(np.array([flag], np.uint8), np.array([x]), np.array([y]))[0]),
        }
        for flag in (1, 2, 3)
        for x, y in spots
    ]  # fmt: skip
