"""Numbers on cells: the page says which signs it draws, and they are there, inside their cells."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.outputs.still.paint import paint_scene
from matcube.playback.camera import eye_of, to_picture, view_axes
from matcube.playback.visible import shown_of
from matcube.wire import Face

A = np.array([[5.0, 6, 7, 8], [-1, 0, 2, 12], [3, np.nan, np.inf, 4]])
B = np.array([[1.0, -2], [0, 1], [2, 0], [1, 1]])
SIZE = (960, 600)


def written(value: float) -> str:
    """An oracle of whole numbers."""
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "−∞" if value < 0 else "∞"
    return f"{value:.0f}".replace("-", "−")


def cube(**style: Any) -> mc.Figure:
    return mc.figure("C = A @ B", A=A, B=B).style(**style).view(yaw=-38, pitch=34)


def middle(face: Face, cell: dict[str, Any]) -> np.ndarray:
    """Of a cell, in the world."""
    along = np.array(face.across) * (cell["col"] + 0.5) + np.array(face.down) * (cell["row"] + 0.5)
    return np.array(face.origin) + along


def said(page: Any) -> dict[int, dict[tuple[int, int], str]]:
    out: dict[int, dict[tuple[int, int], str]] = {}
    for cell in page.js("() => window.matcubeProbe.numbers()"):
        out.setdefault(cell["node"], {})[cell["row"], cell["col"]] = cell["text"]
    return out


def picture(page: Any) -> np.ndarray:
    url = page.js("async () => await window.matcubeProbe.picture()")
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.split(",", 1)[1]))).convert("RGB"), dtype=int)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_cell_of_a_small_product_shows_its_value(theme: str, open_page: Any, save: Any) -> None:
    figure = cube(theme=theme)
    page = open_page(save(figure), width=SIZE[0], height=SIZE[1])
    page.rest()
    nodes = {matrix.name: matrix.node for matrix in figure.scene().head.matrices}
    cells = said(page)
    with np.errstate(invalid="ignore"):
        wanted = {"A": A, "B": B, "C": A @ B}
    for name, values in wanted.items():
        assert cells[nodes[name]] == {at: written(v) for at, v in np.ndenumerate(values)}, name


def test_white_digits_are_there_and_inside_their_cells(open_page: Any, save: Any) -> None:
    page = open_page(save(cube()), width=SIZE[0], height=SIZE[1])
    page.rest()
    cells = page.js("() => window.matcubeProbe.numbers()")
    figure = cube()
    assert figure.state.camera is not None
    faces = {face.id: face for face in figure.scene().head.layouts[0].faces}
    eye = eye_of(figure.state.camera, width=SIZE[0], height=SIZE[1])
    middles = to_picture(eye, view_axes(eye, np.array([middle(faces[c["face"]], c) for c in cells])))
    y, x = np.nonzero(picture(page).min(axis=2) > 235)  # brighter than the edge of light
    away = np.hypot(x[:, None] + 0.5 - middles[:, 0], y[:, None] + 0.5 - middles[:, 1])
    assert away.min(axis=1).max() < 20, "half the height of a digit, with the diagonal of two"
    count = np.bincount(away.argmin(axis=1), minlength=len(cells))
    white = {cell["text"] for cell, many in zip(cells, count, strict=True) if many >= 10}
    assert {"0", "−1", "2", "3", "5"} <= white and not white & {"12", "27", "NaN", "∞"}


def test_numbers_never(open_page: Any, save: Any) -> None:
    page = open_page(save(cube(numbers="never")), width=SIZE[0], height=SIZE[1])
    page.rest()
    assert said(page) == {}


@pytest.mark.parametrize("case", ["small", "light", "behind", "turned", "fractions", "blocks"])
def test_page_and_still_agree(case: str, open_page: Any, save: Any) -> None:
    figure = {
        "small": cube(),
        "light": cube(theme="light"),
        "behind": cube().view(yaw=138, pitch=-39),
        "turned": mc.figure("C = A.T @ D", A=A, D=A).view(yaw=-38, pitch=34),
        "fractions": mc.figure(
            "P = softmax(tril(X @ Y))", X="gaussian(9, 6)", Y="gaussian(6, 9)"
        ).view(yaw=-17, pitch=20, distance=24),
        "blocks": cube().partition({"A.rows": 3, "A.cols": 2}).layout(gap=2).view(distance=16),
    }[case]  # fmt: skip
    page = open_page(save(figure), width=SIZE[0], height=SIZE[1])
    page.rest()
    assert said(page)
    scene = figure.scene()
    assert figure.state.camera is not None
    eye = eye_of(figure.state.camera, width=SIZE[0], height=SIZE[1])
    shown = shown_of(scene.head, figure.state)
    ours = paint_scene(scene.buffers, shown, eye, supersample=1, decor=True, progress=None).astype(int)
    theirs = picture(page)
    away = np.abs(theirs - ours).max(axis=2)
    assert away.mean() < 2 and (away > 16).mean() < 0.01
