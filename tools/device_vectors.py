"""Vectors of devices: who holds a block, its tint, its number and where that may lie."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from matcube.api.front import figure
from matcube.playback import devices
from matcube.playback.camera import eye_of
from matcube.playback.plates import plate_marks
from matcube.scene import colour
from matcube.wire import Camera, Head, Layout
from tools.plate_vectors import mark_of

SIZE = 800, 600
MLP = "h = relu(x @ W1); y = h @ W2"
LEAVES = {"x": "gaussian(7, 5)", "W1": "gaussian(5, 12)", "W2": "gaussian(12, 6)"}
SPLITS: tuple[tuple[dict[str, int], int | None], ...] = (
    ({"W1.cols": 4}, None),
    ({"W1.cols": 4, "x.rows": 2}, 5),
    ({"W1.cols": 12}, 9),
    ({"preset:fsdp": 3}, None),
)


def vectors() -> dict[str, Any]:
    """The content of the file."""
    return {
        "about": "who holds the blocks of a figure, their tints, numbers and plates",
        "themes": to_builtins(colour.themes()),
        "cases": [_case(splits, device) for splits, device in SPLITS],
        "inks": [[tint, devices.ink_on(tint)] for theme in colour.themes() for tint in theme.devices],
    }


def _case(splits: dict[str, int], device: int | None) -> dict[str, Any]:
    head = figure(MLP, **LEAVES).partition(splits).scene().head
    layout: Layout = head.layouts[0]
    camera = Camera((5.0, -4.0, 5.0), -0.66, 0.42, 40.0)
    return {
        "partition": to_builtins(head.partition), "device": device, "camera": to_builtins(camera),
        "captions": devices.captions_of(head, device),
        "faces": [_face(head, face, device, camera) for face in layout.faces],
    }  # fmt: skip


def _face(head: Head, face: Any, device: int | None, camera: Camera) -> dict[str, Any]:
    eye, (theme, _) = eye_of(camera, width=SIZE[0], height=SIZE[1]), colour.themes()
    tints = devices.tints_of(head, face, theme, device)
    held = devices.held_blocks(head, face)
    return {
        "face": to_builtins(face),
        "held": [[one._asdict() for one in row] for row in held],
        "texts": [[devices.number_text(one) for one in row if one.ids] for row in held],
        "tints": [[tint and tint._asdict() for tint in row] for row in tints or ()],
        "marks": [mark_of(mark) for mark in plate_marks(face, theme, eye, eye.pixel_angle, tints)][:24],
        "numbers": [
            {**number._asdict(), "spots": [{"x": x, "y": y} for x, y in number.spots]}
            for number in devices.numbers_on(head, face, eye, theme, device)
        ],
    }
