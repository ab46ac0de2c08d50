"""Write tests/vectors/*.json: numbers that both renderers must reproduce.

Every formula that is written twice (docs/drawing.md) has its vectors here: ``camera`` (rays, projection,
fit), ``ink`` (values to ink), ``pyramid`` (levels of ink and flags), ``shading`` (a ball and its fade into
ink), ``order``, ``labels`` (placement), ``names`` (and the opening camera), ``digits`` (numbers on cells),
``explain`` (cells in words), ``devices`` (tints and numbers of blocks), ``packets`` (exchanges among devices
in a film), ``plates`` (with chevrons, the far view and shapes), ``film`` (docs/motion.md: positions of
sweeps, running sums) and ``places`` (blocks, partial results). Each file is
``{"about": ..., "cases": [...]}``.
Run ``python -m tools.write_vectors`` after a change of a formula; a test says when the files are stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import to_builtins

from matcube.outputs.still.balls import MEAN_FROM, ball
from matcube.outputs.still.face import FADE, LEAST_COSINE, LIT_PX, smoothstep
from matcube.outputs.still.inside import EDGE_ON
from matcube.playback import camera as cam
from matcube.playback import labels, places, shading
from matcube.playback.ink import Look, ink_of, pooled_ink
from matcube.playback.order import back_to_front
from matcube.playback.partial_sums import part_sums
from matcube.playback.pyramid import flag_levels_of, levels_of
from matcube.scene import colour
from matcube.wire import Camera, Face, Scale, Split, extent
from tools import (
    device_vectors,
    digit_vectors,
    explain_vectors,
    film_vectors,
    joined_vectors,
    name_vectors,
    packet_vectors,
    plate_vectors,
    rod_vectors,
)

FOLDER = Path(__file__).parent.parent / "tests" / "vectors"

VIEWS = (
    (Camera((0, 0, 0), -0.6, 0.42, 100.0), (1280, 800)),
    (Camera((12.5, -30, 7), 0.9, -0.3, 42.0), (390, 844)),
    (Camera((0, 5, 0), 3.0, 1.2, 5000.0), (800, 800)),
)


# distance of ray and centre, a pixel there, offset along (right, up); all in cells
_PASSES = ((0.0, 0.01, 0.0, 0.0), (0.2, 0.05, 0.1, -0.173), (0.3, 0.3, -0.3, 0.0), (0.5, 0.1, 0.0, 0.5))


def vectors() -> dict[str, dict[str, Any]]:
    """The content of every file, by its stem."""
    return {
        "camera": {"about": "project, rayAt and fit", "cases": _camera(), "fits": _fits()},
        "ink": {
            "about": "cells to ink, and to the colours of their dots",
            "sizes": colour.size_table(),
            "palettes": [msgspec.to_builtins(palette) for palette in colour.palettes()],
            "cases": _ink(),
            "dots": _dots(),
            "pooled": _pooled(),
        },
        "pyramid": {"about": "levels of ink (one channel) and of flags, row by row", "cases": _pyramid()},
        "shading": _shading(),
        "devices": device_vectors.vectors(),
        "digits": digit_vectors.vectors(),
        "packets": packet_vectors.vectors(),
        "explain": explain_vectors.vectors(),
        "plates": plate_vectors.vectors(),
        "names": name_vectors.vectors(),
        "order": {"about": "ids of faces from back to front", "cases": _order()},
        "labels": {
            "about": "place, spotsBeside, covers", "cases": _labels(),
            "beside": _beside(), "covers": _covers(),
        },
        "film": {
            "about": "where a sweep stands at time t, and the running sums of left @ right",
            "cases": film_vectors.cases(), "sums": film_vectors.sums(),
        },
        "rods": {
            "about": "products of a cell in a line: how many are summed at time t, scale, places",
            "formed": rod_vectors.formed(), "lines": rod_vectors.lines(),
        },
        "places": {
            "about": "cells and places of blocks, middles, averages over places, parts, joined heads",
            "cases": _places(), "faces": _placed_faces(), "shares": _shares(), "parts": _parts(),
            "joined": list(joined_vectors.cases()),
        },
    }  # fmt: skip


_SPLITS = (None, Split(1, 1), Split(2, 1), Split(3, 2), Split(7, 5))


def _places() -> list[dict[str, Any]]:
    return [
        {
            "size": size,
            "split": to_builtins(split),
            "places": [places.place(n, split) for n in range(size)],
            "cells": [places.cell(n, split, size) for n in range(-2, extent(size, split) + 2)],
            "runs": places.runs(size, split),
        }
        for size in (0, 1, 2, 7, 20)
        for split in _SPLITS
    ]


def _placed_faces() -> list[dict[str, Any]]:
    """Faces with some displayed cells and the world positions of their middles."""
    out = []
    for turned in (False, True):
        face = Face(
            0, 0, (0,), turned, (1.0, -2.0, 3.0), (0.0, 0.0, -1.0), (0.0, -1.0, 0.0), 7, 10, "alone", None,
            "i", "j", 0, None, Split(3, 2), Split(4, 1),
        )  # fmt: skip
        middles = []
        for row, col in ((0, 0), (2, 3), (3, 4), (6, 9), (5, 8)):
            across, down = np.array(face.across), np.array(face.down)
            x, y = places.place(col, face.col_split) + 0.5, places.place(row, face.row_split) + 0.5
            middles.append([row, col, (np.array(face.origin) + across * x + down * y).tolist()])
        corners = cam.corners_of(face)
        out.append({"face": to_builtins(face), "middles": middles, "corners": corners})
    return out


def _shares() -> list[dict[str, Any]]:
    return [
        {
            "averages": averages,
            "size": size,
            "split": to_builtins(split),
            "shares": places.shares(averages, size, split).table(averages),
        }
        for averages, size in ((4, 8), (5, 12), (3, 20))
        for split in _SPLITS
    ]


def _parts() -> list[dict[str, Any]]:
    rng = np.random.default_rng(5)
    left, right = rng.standard_normal((3, 7)), rng.standard_normal((7, 2))
    return [
        {
            "left": left,
            "right": right,
            "start": start,
            "stop": stop,
            "sums": part_sums(left, right, start, stop),
        }
        for start, stop in places.runs(7, Split(3, 1))
    ]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for stem, content in vectors().items():
        text = json.dumps(_plain(content), indent=1, ensure_ascii=False)
        (FOLDER / f"{stem}.json").write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    """Lists and numbers of nine digits."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.9g}")
    return int(value) if isinstance(value, np.integer) else value


def _camera() -> list[dict[str, Any]]:
    points = np.array([[0, 0, 0], [3, -4, 5], [-20.5, 11, -7], [1e3, 2e3, -4e3]], np.float64)
    pixels = np.array([[0.5, 0.5], [200.25, 300.75], [389.5, 799.5]])
    out = []
    for view, (width, height) in VIEWS:
        eye = cam.eye_of(view, width=width, height=height)
        xy, depth = cam.project(eye, points)
        seen = [[*map(float, p), float(d)] if d > cam.NEAR else None for p, d in zip(xy, depth, strict=True)]
        out.append({
            "camera": to_builtins(view), "width": width, "height": height, "eye": eye.position,
            "pixelAngle": eye.pixel_angle, "points": points, "projected": seen,
            "pixels": pixels, "rays": cam.rays(eye, pixels[:, 0], pixels[:, 1]),
        })  # fmt: skip
    return out


def _fits() -> list[dict[str, Any]]:
    out = []
    for low, high in (((-10, -24, -16), (20, 3, 1)), ((0, 0, 0), (4096, -4096, 0)), ((1, 1, 1), (2, 1, 1))):
        for width, height in ((1280, 800), (390, 844)):
            corners = np.array([low, high], np.float64)
            corners = np.concatenate([corners, [[low[0], high[1], low[2]]]])
            fitted = cam.fit(corners, yaw=-0.6, pitch=0.42, width=width, height=height)
            out.append({"points": corners, "width": width, "height": height, "camera": to_builtins(fitted)})
    return out


def _ink() -> list[dict[str, Any]]:
    finite = [0.0, 1e-3, -0.25, 0.5, 1.0, -1.0, 2.5, -7.0]
    values = np.array([finite, [np.nan, np.inf, -np.inf, 3, -0.0, 0.1, 1, -1]])
    mask = np.zeros(values.shape, np.uint8)
    mask[1, 6:] = 1
    out = []
    table = colour.palettes()[0].dark
    for scale, contrast, dot_scale in (((0, 1), 1.0, 1.0), ((0.1, 3), 2.0, 1.5), ((0, 4), 1.0, 0.5)):
        look = Look(table, tuple(colour.size_table()), 0, dot_scale, contrast)
        ink, flags = ink_of(values, mask=mask, scale=Scale(*scale), look=look)
        out.append({
            "scale": {"lo": scale[0], "hi": scale[1]},
            "contrast": contrast, "dotScale": dot_scale, "rows": 2, "cols": 8,
            "values": [repr(float(v)) for v in values.ravel()], "mask": mask.ravel(),
            "ink": ink.reshape(-1, 4), "flags": flags.ravel() if flags is not None else None,
        })  # fmt: skip
    return out


def _dots() -> list[dict[str, Any]]:
    """Radius and colour of dots, and the colour of tiles, over the magnitude."""
    out = []
    grid = np.array([0.0, 0.1, 0.5, 0.8, 1.0])
    for palette in colour.palettes():
        for theme in colour.themes():
            table = palette.light if theme.name == "light" else palette.dark
            for bright in (None, theme.text):
                look = Look(table, tuple(theme.sizes), theme.plate_front, 0.9, bright=bright)
                out.append({
                    "palette": palette.name, "theme": theme.name, "plate": theme.plate_front, "dotScale": 0.9,
                    "bright": bright, "magnitudes": grid, "radii": look.radius(grid),
                    "negative": look.dot(grid, positive=False), "positive": look.dot(grid, positive=True),
                })  # fmt: skip
    return out


def _pooled() -> list[dict[str, Any]]:
    pairs = np.array([[[0.25, 0.125], [0.0, 0.5]], [[0.5, 0.25], [0.0, 0.0]]], np.float16)
    table = colour.palettes()[0].dark
    out = []
    for dot_scale in (1.0, 1.5):
        ink = pooled_ink(pairs, look=Look(table, tuple(colour.size_table()), 0, dot_scale))
        out.append({"dotScale": dot_scale, "rows": 2, "cols": 2,
                    "pairs": pairs.astype(np.float64).ravel(), "ink": ink.reshape(-1, 4)})  # fmt: skip
    return out


def _pyramid() -> list[dict[str, Any]]:
    out = []
    for rows, cols in ((1, 7), (5, 3), (6, 9), (1, 1), (8, 8)):
        base = ((np.arange(rows * cols) * 37 + 11) % 64 / 64.0).reshape(rows, cols).astype(np.float32)
        flags = np.zeros((rows, cols), np.uint8)
        flags[rows - 1, cols // 2] = 1
        flags[0, cols - 1] = 3
        made = levels_of(base[..., None])
        levels = [{"rows": a.shape[0], "cols": a.shape[1], "ink": a.ravel()} for a in made]
        for level, marks in zip(levels, flag_levels_of(flags), strict=True):
            level["flags"] = marks.ravel()
        out.append({"rows": rows, "cols": cols, "levels": levels})
    return out


def _shading() -> dict[str, Any]:
    cases = []
    ink = np.array([[0.2, 0.05, 0.01, 0.4]], np.float32)
    for area in (0.7, 0.1, 0.002):
        for d, w, nx, ny in _PASSES:
            one = [np.array([v], np.float32) for v in (d, w, nx, ny)]
            rgb, cover = ball(ink * np.float32(area / 0.4), *one)
            cases.append({"ink": (ink * (area / 0.4))[0], "d": d, "w": w, "right": nx, "up": ny,
                          "colour": rgb[0], "coverage": cover[0]})  # fmt: skip
    blend = [
        {"w": w, "cosine": c, "m": float(smoothstep(*FADE, np.array([w / max(c, LEAST_COSINE) ** 0.25]))[0])}
        for w in (0.05, 0.16, 0.2, 0.3, 0.42, 1.0)
        for c in (1.0, 0.5, 0.06, 0.0)
    ]
    constants = {
        "SHADE_MEAN": shading.SHADE_MEAN, "GLOSS_MEAN": shading.GLOSS_MEAN, "AMBIENT": shading.AMBIENT,
        "DIFFUSE": shading.DIFFUSE, "GLOSS": shading.GLOSS, "SHININESS": shading.SHININESS,
        "LIGHT": shading.LIGHT, "HALFWAY": shading.HALFWAY, "FADE": FADE, "EDGE_ON": EDGE_ON,
        "LEAST_COSINE": LEAST_COSINE, "MEAN_FROM": MEAN_FROM, "LIT_PX": LIT_PX,
        "OPERANDS": shading.OPERANDS, "REST": shading.REST,
    }  # fmt: skip
    about = "a ball at distance d from the ray"
    return {"about": about, "constants": constants, "cases": cases, "blend": blend}


def _order() -> list[dict[str, Any]]:
    def face(n: int, origin: Any, across: Any, down: Any, rows: int, cols: int) -> Face:
        return Face(n, n, (n,), False, origin, across, down, rows, cols, "alone", None, "i", "j", 0, None)

    x, y, z = (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0)
    cube = [
        face(0, (-1, 0, -8), z, y, 10, 8),
        face(1, (0, 1, -8), x, z, 8, 12),
        face(2, (0, 0, 1), x, y, 10, 12),
    ]
    stack = [face(n, (0, 0, float(-2 * n)), x, y, 6, 6) for n in range(4)]
    chain = [
        *cube,
        face(3, (14, 0, -8), z, y, 10, 8),
        face(4, (15, 1, -8), x, z, 8, 30),
        face(5, (15, 0, 1), x, y, 10, 30),
    ]
    out = []
    for faces in (cube, stack, chain):
        for eye in ((-20.0, 12.0, 30.0), (40.0, -25.0, -9.0), (3.0, -2.0, 0.5), (6.0, 0.0, 0.0)):
            order = back_to_front(faces, np.array(eye))
            ids = [faces[n].id for n in order]
            out.append({"faces": [to_builtins(f) for f in faces], "eye": eye, "order": ids})
    return out


_HOMES = ((), ((150, 90), (230, 100), (220, 190), (140, 170)), ((20, 20), (60, 20), (60, 60), (20, 60)))


def _labels() -> list[dict[str, Any]]:
    rng = np.random.default_rng(5)
    out = []
    for count in (3, 12, 40):
        wishes = [
            labels.Wish(
                f"n{n}", float(rng.integers(0, 4)), float(rng.integers(20, 90)), 18.0,
                tuple((float(a), float(b)) for a, b in rng.integers(0, 400, (4, 2))),
                _HOMES[n % 3],
            )
            for n in range(count)
        ]  # fmt: skip
        area, taken = labels.Rect(4, 4, 392, 292), [labels.Rect(300, 250, 96, 46)]
        placed = labels.place(wishes, area=area, taken=taken)
        out.append({
            "wishes": [_wish(w) for w in wishes], "area": vars(area), "taken": [vars(r) for r in taken],
            "margin": labels.MARGIN,
            "placed": [{"id": p.id, "rect": vars(p.rect), "lead": _lead(p)} for p in placed],
        })  # fmt: skip
    return out


def _wish(wish: labels.Wish) -> dict[str, Any]:
    spots = [{"x": x, "y": y} for x, y in wish.spots]
    return {"id": wish.id, "priority": wish.priority, "w": wish.w, "h": wish.h, "spots": spots,
            "home": [{"x": x, "y": y} for x, y in wish.home]}  # fmt: skip


def _lead(placed: labels.Placed) -> list[dict[str, float]] | None:
    return None if placed.lead is None else [{"x": x, "y": y} for x, y in placed.lead]


def _beside() -> list[dict[str, Any]]:
    out = []
    edges = (((10, 10), (110, 10), (60, 80)), ((0, 0), (30, 90), (60, 20)), ((5, 5), (5, 5), (0, 0)))
    for a, b, inside in edges:
        spots = labels.spots_beside(a, b, inside=inside, size=(50, 18), gap=6)
        out.append({"a": a, "b": b, "inside": inside, "size": (50, 18), "gap": 6, "spots": spots})
    return out


def _covers() -> list[dict[str, Any]]:
    polygon = ((0, 0), (100, 20), (90, 120), (-10, 80))
    rects = ((10, 10, 5, 5), (101, 0, 20, 20), (-40, -40, 300, 300), (95, 100, 30, 30), (-30, 0, 25, 10))
    return [{"polygon": polygon, "rect": r, "covers": labels.covers(polygon, labels.Rect(*r))} for r in rects]


if __name__ == "__main__":
    main()
