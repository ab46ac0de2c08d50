"""Twelve true heads of GPT-2's size against one wide head over the same weights: frames, draw calls."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

import matcube as mc
from benchmarks.browser import browser, frame_ms, open_page, scene_bytes
from benchmarks.table import Row, median_ms, ratio_row
from matcube.figure import Figure

TOKENS, WIDTH, HEADS, HIDDEN, ROUNDS = 64, 768, 12, 3072, 6

LAYER = f"""h = layernorm(x)
q = split(h @ wQ, axis=1, parts={HEADS}).permute(axes=(1, 0, 2))
k = split(h @ wK, axis=1, parts={HEADS}).permute(axes=(1, 0, 2))
v = split(h @ wV, axis=1, parts={HEADS}).permute(axes=(1, 0, 2))
z = softmax(tril(q @ k.mT / 8)) @ v
y = x + merge(z.permute(axes=(1, 0, 2)), axis=1) @ wO"""
ONE_HEAD = """h = layernorm(x)
y = x + softmax(tril((h @ wQ) @ (h @ wK).T / 8)) @ (h @ wV) @ wO"""
MLP = "y + gelu(layernorm(y) @ w1) @ w2"


def rows() -> Iterator[Row]:
    """The attention alone, then the whole layer."""
    generator = np.random.default_rng(0)
    shapes = {"x": (TOKENS, WIDTH), "w1": (WIDTH, HIDDEN), "w2": (HIDDEN, WIDTH)}
    shapes |= dict.fromkeys(("wQ", "wK", "wV", "wO"), (WIDTH, WIDTH))
    arrays = {name: generator.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}
    programs = {"attention": (LAYER, ONE_HEAD), "layer": (f"{LAYER}\n{MLP}", f"{ONE_HEAD}\n{MLP}")}
    for what, (heads, one) in programs.items():
        yield from _compared(what, _figure(heads, arrays), _figure(one, arrays))


def _figure(program: str, arrays: dict[str, np.ndarray]) -> Figure:
    return mc.figure(program, **{name: value for name, value in arrays.items() if name in program})


def _compared(what: str, ours: Figure, theirs: Figure) -> Iterator[Row]:
    to_bytes = median_ms(partial(scene_bytes, ours))
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
        f"scene {to_bytes:.1f} ms   first picture {first[0]:.0f} ms (one head {first[1]:.0f} ms)",
    )
    yield ratio_row(f"frame, {what}: 12 heads : one head", *best, at_most=3)
    yield Row(
        f"draw calls, {what}: 12 heads : one head", f"{stats[0]['drawCalls']} : {stats[1]['drawCalls']}"
    )
