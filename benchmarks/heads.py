"""Twelve true heads of GPT-2's size against one wide head of the same weights; the layer of the article."""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

import matcube as mc
from benchmarks.browser import TRANSFER, browser, frame_ms, open_page, scene_bytes
from benchmarks.film import measure
from benchmarks.table import Row, median_ms, ratio_row
from matcube.api.figure import Figure

TOKENS, WIDTH, HEADS, HIDDEN, ROUNDS = 64, 768, 12, 3072, 6
ARTICLE = Path(__file__).parent.parent / "examples" / "gallery" / "f39_layer.py"

ATTENTION = f"""h = layernorm(x) * g1 + c1
q = split(h @ wQ + bQ, axis=1, parts={HEADS}).permute(axes=(1, 0, 2))
k = split(h @ wK + bK, axis=1, parts={HEADS}).permute(axes=(1, 0, 2))
v = split(h @ wV + bV, axis=1, parts={HEADS}).permute(axes=(1, 0, 2))
z = softmax(tril(q @ k.mT / 8)) @ v
y = x + merge(z.permute(axes=(1, 0, 2)), axis=1) @ wO + bO"""
ONE_HEAD = """h = layernorm(x) * g1 + c1
y = x + softmax(tril((h @ wQ + bQ) @ (h @ wK + bK).T / 8)) @ (h @ wV + bV) @ wO + bO"""
MLP = "y + gelu((layernorm(y) * g2 + c2) @ w1 + b1) @ w2 + b2"


def rows() -> Iterator[Row]:
    """The attention alone, the whole layer, and the layer of the article."""
    yield from _compared("attention", _figure(ATTENTION), _figure(ONE_HEAD))
    layer = gpt2_layer()
    yield from _compared("layer", layer, _figure(f"{ONE_HEAD}\n{MLP}"))
    yield from _played("layer of 12 heads", layer.animate("vmprod", fuse="async"))
    article = article_layer()
    yield from _first("layer of the article", article)
    yield from _played("layer of the article", article)


def gpt2_layer() -> Figure:
    """A whole layer of GPT-2's size: norms, 12 true heads, biases, residuals, feed-forward."""
    return _figure(f"{ATTENTION}\n{MLP}")


def article_layer() -> Figure:
    """The layer of the article, 1.15 million cells, as the gallery has it: with its film."""
    made: Figure = runpy.run_path(str(ARTICLE))["figure"]()
    return made


def _figure(program: str) -> Figure:
    return mc.figure(program, **{name: one for name, one in _arrays().items() if name in program})


def _arrays() -> Mapping[str, np.ndarray]:
    generator = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {"x": (TOKENS, WIDTH), "w1": (WIDTH, HIDDEN), "w2": (HIDDEN, WIDTH)}
    shapes |= dict.fromkeys(("wQ", "wK", "wV", "wO"), (WIDTH, WIDTH))
    shapes |= dict.fromkeys(("g1", "c1", "bQ", "bK", "bV", "bO", "g2", "c2", "b2"), (WIDTH,))
    shapes["b1"] = (HIDDEN,)
    return {name: generator.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}


def _compared(what: str, ours: Figure, theirs: Figure) -> Iterator[Row]:
    with browser() as chromium:
        pages = [open_page(chromium, figure) for figure in (ours, theirs)]
        best = [float("inf"), float("inf")]
        for _ in range(ROUNDS):
            for at, page in enumerate(pages):
                best[at] = min(best[at], frame_ms(page))
        stats = [page.evaluate("matcubeStats") for page in pages]
    first = [one["firstFrameMs"] for one in stats]
    yield Row(
        f"{what} of 12 heads",
        f"scene {_scene_ms(ours):.0f} ms   sent {stats[0]['bytes'] / 1e6:.1f} MB   "
        f"first picture {first[0]:.0f} ms (one head {first[1]:.0f} ms)",
    )
    yield ratio_row(f"frame, {what}: 12 heads : one head", *best, at_most=3)
    yield Row(
        f"draw calls, {what}: 12 heads : one head", f"{stats[0]['drawCalls']} : {stats[1]['drawCalls']}"
    )


def _scene_ms(figure: Figure) -> float:
    return median_ms(partial(scene_bytes, figure), repeats=3)


def _first(what: str, figure: Figure) -> Iterator[Row]:
    """First picture and frame of one figure."""
    with browser() as chromium:
        page = open_page(chromium, figure)
        stats, transfer, frame = page.evaluate("matcubeStats"), page.evaluate(TRANSFER), frame_ms(page)
    cells = sum(face.rows * face.cols for face in figure.scene().head.layouts[0].faces)
    yield Row(
        f"{what}, {cells / 1e6:.2f} M cells",
        f"sent {stats['bytes'] / 1e6:.1f} MB   first picture {stats['firstFrameMs']:.0f} ms "
        f"(scene and transfer {transfer:.0f} ms)   frame {frame:.1f} ms",
    )


def _played(what: str, figure: Figure) -> Iterator[Row]:
    """A step of the film against a still frame."""
    with browser() as chromium:
        found = measure(chromium, figure, is_seeking=False)
    yield ratio_row(f"step : still frame, {what}", found.step, found.still, at_most=2)
