"""Vectors of names: outlines of faces, places of names, and the opening camera."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from msgspec import to_builtins

import matcube as mc
from matcube.playback.camera import eye_of
from matcube.playback.home import face_on, home, protagonist_of, shown_area
from matcube.playback.labels import Rect
from matcube.playback.names import place_names
from matcube.playback.outlines import Outline, outlines_of
from matcube.playback.visible import layout_of
from matcube.playback.writing import Name
from matcube.wire import Camera, Face, Head

_HEAD = "out = (attn = softmax(tril(Q @ K.T / sqrt(4)))) @ V"
_QKV = dict.fromkeys("QKV", "gaussian(12, 4)")
_NEAR = Camera((4.0, -6.0, -2.0), -0.4, 0.2, 14.0)
_CLOSE = Camera((2.0, -5.0, 0.0), -0.1, 0.1, 6.0)
_TAKEN = (Rect(12, 540, 260, 110),)
_SOFT = (((300.0, 60.0), (700.0, 40.0), (700.0, 90.0), (300.0, 110.0)),)


def vectors() -> dict[str, Any]:
    """The content of ``names.json``."""
    chain = mc.figure("A @ B @ C", A="ones(6, 9)", B="ones(9, 3)", C="ones(3, 8)")
    attention = mc.figure(_HEAD, **_QKV)
    row = mc.figure("y = x @ w", x="ones(1, 40)", w="ones(40, 30)")
    figures = (chain, attention, attention.layout(sheets="open"), row)
    heads = [figure.scene().head for figure in figures]
    sizes = ((1280, 800), (400, 250), (390, 844))
    cases = [_case(head, size, None) for head in heads for size in sizes]
    cases += [_case(heads[1], (1280, 800), _NEAR), _case(heads[1], (390, 844), _NEAR, soft=_SOFT)]
    cases += [_case(heads[0], (1280, 800), _CLOSE), _case(heads[1], (400, 250), _CLOSE)]
    return {"about": "outlines of faces, names at their places, the opening camera", "cases": cases}


def _case(
    head: Head, size: tuple[int, int], camera: Camera | None, soft: tuple[Any, ...] = ()
) -> dict[str, Any]:
    layout, (width, height) = layout_of(head), size
    faces = layout.faces
    subject = protagonist_of(head, layout, faces)
    opening = home(faces, subject=subject, root=layout.root_face, width=width, height=height)
    eye = eye_of(camera or opening, width=width, height=height)
    outlines = outlines_of(faces, eye)
    names = [_name(n, outline) for n, outline in enumerate(outlines)]
    taken = _TAKEN if width == 1280 else ()
    written = place_names(names, outlines, eye, taken=taken, soft=soft)
    own = [face for face in faces if face.node == subject][-1]
    return {
        "width": width, "height": height, "faces": [_face(face) for face in faces], "subject": subject,
        "root": layout.root_face, "camera": to_builtins(camera or opening), "opening": to_builtins(opening),
        "shown": shown_area(faces, own, eye),
        "flat": [to_builtins(face_on(face, width=width, height=height)) for face in faces],
        "outlines": [
            {"face": o.face.id, "polygon": o.polygon, "seen": o.seen, "rank": o.rank, "room": o.room}
            for o in outlines
        ],
        "names": [asdict(name) for name in names], "taken": [asdict(rect) for rect in taken],
        "soft": soft,
        "written": [asdict(writing) for writing in written],
    }  # fmt: skip


def _name(n: int, outline: Outline) -> Name:
    return Name(
        f"n{outline.face.id}", n, 1.2 + 0.7 * (n % 4), 3.1, float(n % 3), always=n % 4 != 3, beside=n % 5 == 4
    )


def _face(face: Face) -> dict[str, Any]:
    plain: dict[str, Any] = to_builtins(face)
    return plain
