"""The page's picture and the Python still of the same scene and camera, pixel by pixel, without texts.

Allowed: a mean difference of 2 of 255, and 1 % of the pixels off by more than 16. White noise at about a cell
a pixel shows every freedom that graphics units have in anisotropic filtering; for it 4 % are allowed.
"""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

import matcube as mc
from matcube.outputs.still.paint import paint_scene
from matcube.outputs.still.render import prepared
from matcube.playback.camera import eye_of

SIZE = (720, 450)
MOST_OFF = 0.0134  # share of pixels; edges are more of a small picture
HEAD = "out = (attn = softmax(tril(Q @ K.T / sqrt(16)))) @ V"
QKV = dict.fromkeys("QKV", "gaussian(48, 16)")
MLP = "out = x + gelu(x @ W1 + b) @ W2"
LAYER = {"x": "gaussian(20, 24)", "W1": "gaussian(24, 40)", "b": "gaussian(40)", "W2": "gaussian(40, 24)"}


def cube(rows: int, depth: int, cols: int) -> mc.Figure:
    return mc.figure("A @ B", A=f"gaussian({rows}, {depth})", B=f"gaussian({depth}, {cols})")


def odd_values() -> mc.Figure:
    a = np.random.default_rng(3).normal(size=(24, 18))
    a[3, 4], a[10, 2], a[20, 17], a[5] = np.nan, np.inf, -np.inf, 0
    return mc.figure("A @ B", A=a, B="gaussian(18, 30)")


def outliers() -> mc.Figure:
    rng = np.random.default_rng(5)
    a = np.where(rng.random((2048, 1024)) < 0.02, rng.normal(size=(2048, 1024)), 0).astype(np.float32)
    return mc.figure("A", A=a).style(peak=True).view(yaw=0, pitch=0)


SCENES: dict[str, mc.Figure] = {
    "extremes of a large matrix": outliers(),
    "extremes of a large matrix in blocks": outliers().partition({"A.rows": 3, "A.cols": 2}),
    "cube": cube(32, 24, 32).view(yaw=-34, pitch=24),
    "near": cube(32, 24, 32).view(yaw=-17, pitch=11, distance=30),
    "grazing": cube(32, 24, 32).view(yaw=-86, pitch=6),
    "behind": cube(12, 9, 7).view(yaw=138, pitch=-29),
    "one cell": cube(1, 1, 1).view(yaw=-34, pitch=24),
    "large": cube(1000, 700, 900).view(yaw=-34, pitch=24),
    "noise": cube(400, 300, 350).view(yaw=-34, pitch=24),
    "attention": mc.figure(HEAD, **QKV).view(yaw=-29, pitch=17),
    "sheets": mc.figure(HEAD, **QKV).layout(sheets="open").view(yaw=-52, pitch=17),
    "light": mc.figure(HEAD, **QKV).style(theme="light").view(yaw=-29, pitch=17),
    "zigzag": mc.figure("A @ B @ C @ D", **dict.fromkeys("ABCD", "uniform(20, 20)"))
    .layout("zigzag")
    .style(palette="blue-orange", sensitivity="local")
    .view(yaw=-23, pitch=34),
    "pinned and selected": mc.figure("C = A @ B", A="gaussian(5, 9)", B="gaussian(9, 5)").view(
        yaw=-58, pitch=24, pin=("C", 2, 3), select="C"
    ),
    "selected": mc.figure(HEAD, **QKV).view(yaw=-29, pitch=17, select="attn"),
    "selected and linked": mc.figure(MLP, **LAYER).view(yaw=-40, pitch=20, select="gelu(x @ W1 + b)"),
    "dots of a softmax": mc.figure("softmax(tril(S))", S="gaussian(12, 12)")
    .style(numbers="never")
    .view(yaw=-20, pitch=20),
    "residual": mc.figure(MLP, **LAYER).view(yaw=-40, pitch=20),
    "odd values": odd_values().view(yaw=-34, pitch=24),
    "hollow": mc.figure("A @ B", A="shape(40, 30)", B="shape(30, 50)").view(yaw=-34, pitch=24),
}


def in_browser(page: Any) -> np.ndarray:
    url = page.js("async () => await window.matcubeProbe.picture()")
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.split(",", 1)[1]))).convert("RGB"), dtype=int)


def in_python(figure: mc.Figure) -> np.ndarray:
    scene = figure.scene()
    assert figure.state.camera is not None
    shown, moment, camera, _ = prepared(scene.head, scene.buffers, size=SIZE, view=figure.state)
    eye = eye_of(camera, width=SIZE[0], height=SIZE[1])
    pixels = paint_scene(scene.buffers, shown, eye, moment=moment, supersample=1, decor=True, progress=None)
    return pixels.astype(int)


@pytest.mark.parametrize("name", SCENES)
def test_the_two_renderers_agree(name: str, open_page: Any, save: Any) -> None:
    figure = SCENES[name]
    page = open_page(save(figure), width=SIZE[0], height=SIZE[1])
    page.rest()
    theirs, ours = in_browser(page), in_python(figure)
    assert theirs.shape == ours.shape
    off = np.abs(theirs - ours)
    assert off.mean() <= 2
    assert (off.max(axis=2) > 16).mean() <= (0.04 if name == "noise" else MOST_OFF)
    assert (np.abs(ours - ours[0, 0]).max(axis=2) > 16).mean() > 0.002  # not two blanks
