"""The served page in headless Chromium: first picture, frames, bytes, and one point per cell as the rival."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

import matcube as mc
from benchmarks.table import Row, median_ms, ratio_row
from matcube.api.figure import Figure

SIZES = (32, 64, 128, 256, 512, 1024, 2048, 4096)
FRAMES = 9
HEAD = "Q = x @ wQ; K = x @ wK; V = x @ wV; out = (attn = softmax(tril(Q @ K.T / sqrt(64)))) @ V @ wO"
CHROMIUM = "/usr/bin/chromium"
TRANSFER = "performance.getEntriesByType('resource').find((e) => e.name.endsWith('/scene')).duration"
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
]


def cube(n: int) -> Figure:
    """A product of two n × n matrices of normal values, brought as data."""
    generator = np.random.default_rng(n)
    a, b = generator.standard_normal((2, n, n), dtype=np.float32)
    return mc.figure("A @ B", A=a, B=b)


def gpt2_head() -> Figure:
    """An attention head of GPT-2's size with random weights: 256 tokens, width 768, head 64."""
    generator = np.random.default_rng(0)
    x = generator.standard_normal((256, 768), dtype=np.float32)
    weights = {
        name: generator.standard_normal((768, 64), dtype=np.float32) / 28 for name in ("wQ", "wK", "wV")
    }
    return mc.figure(HEAD, x=x, wO=weights["wQ"].T.copy(), **weights)


def rows() -> Iterator[Row]:
    """All rows, each as soon as it is measured."""
    with browser() as chromium:
        first: dict[int, float] = {}
        frame: dict[int, float] = {}
        figures = {f"n = {n}": cube(n) for n in SIZES} | {"GPT-2 head": gpt2_head()}
        for (what, figure), n in zip(figures.items(), (*SIZES, 0), strict=True):
            to_bytes = median_ms(partial(scene_bytes, figure), repeats=1 if n > 1024 else 3)
            page = open_page(chromium, figure)
            stats = page.evaluate("matcubeStats")
            frame[n] = frame_ms(page)
            first[n] = stats["firstFrameMs"] - page.evaluate(TRANSFER) + frame[n]  # JavaScript, then drawing
            yield Row(
                what,
                f"scene {to_bytes:8.1f} ms   sent {stats['bytes'] / 1e6:7.2f} MB   "
                f"first picture {first[n]:7.0f} ms   frame {frame[n]:6.1f} ms",
            )
            page.close()
        yield ratio_row("frame, n = 1024 : n = 64", frame[1024], frame[64], at_most=3)
        yield ratio_row("first picture less transfer, n = 1024 : n = 64", first[1024], first[64], at_most=3)
        yield idle_row(chromium)
        yield points_row(chromium, 1024)
        yield still_row(chromium)


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium with software WebGL."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def scene_bytes(figure: Figure) -> bytes:
    """The scene's bytes of the same program and arrays, with nothing computed yet."""
    return mc.figure(figure.state.program, **figure._engine.bindings.arrays).scene().encode()


def open_page(chromium: Browser, figure: Figure) -> Page:
    """The served page of a figure, at 1280×800, with its first picture drawn."""
    handle = figure.show(open_browser=False)
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(handle.url)
    while not page.evaluate(
        "window.matcubeStats?.firstFrameMs > 0"
    ):  # the page's policy lets nobody poll inside
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    return page


def frame_ms(page: Page) -> float:
    """The best time of a whole frame, with the picture read back so that it is really drawn."""
    return float(min(page.evaluate(f"matcubeProbe.frameTimes({FRAMES})")))


def idle_row(chromium: Browser) -> Row:
    """Frames that a page draws in two seconds in which nothing happens."""
    page = open_page(chromium, cube(64))
    page.wait_for_timeout(1000)
    before = page.evaluate("matcubeStats.frames")
    page.wait_for_timeout(2000)
    frames = page.evaluate("matcubeStats.frames") - before
    page.close()
    return Row("frames of an idle figure in two seconds", str(frames), "= 0", frames == 0)


def points_row(chromium: Browser, n: int) -> Row:
    """Best frame of three n × n faces, as planes and as one point a cell, taken in turns."""
    planes = open_page(chromium, cube(n))
    points = chromium.new_page(viewport={"width": 1280, "height": 800})
    points.goto((Path(__file__).parent / "points.html").as_uri())
    ours, theirs = [], []
    for _ in range(4):
        ours.append(frame_ms(planes))
        theirs.append(float(points.evaluate(f"measurePoints({n}, 2)")))
    planes.close()
    points.close()
    return ratio_row(f"frame at n = {n}, planes : points", min(ours), min(theirs), at_most=0.1)


def still_row(chromium: Browser) -> Row:
    """A still of the GPT-2-size head in Python against Chromium's screenshot of the saved page."""
    figure = gpt2_head()
    figure.scene()
    ours = median_ms(lambda: figure.to_png(size=(1280, 800)), repeats=3)

    def screenshot() -> None:
        page = open_page(chromium, figure)
        page.screenshot()
        page.close()

    theirs = median_ms(screenshot, repeats=3)
    return Row(
        "still of a GPT-2-size head, Python : Chromium",
        f"{ours / theirs:.2f}  ({ours:.0f} ms : {theirs:.0f} ms)",
    )
