"""Films: one step against one still frame, seeking, and frames per second of a saved film."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from benchmarks.browser import browser, cube, gpt2_head, open_page
from benchmarks.table import Row
from matcube.api.demo import demo
from matcube.api.figure import Figure
from matcube.api.frames import frames_of
from matcube.errors import MatcubeError
from matcube.timeline import ALGORITHMS

SIZES = (64, 128, 256, 512, 1024)
STEPS = 15
SEEKS = 40
LATE = 0.97
FRAMES = 12
LARGEST = 1024

# The page draws by itself what it was asked for: a frame measured meanwhile would wait for that one.
REST = "new Promise((rest) => requestAnimationFrame(() => requestAnimationFrame(rest)))"

# Milliseconds of going to each time, with its frame drawn and read back.
GO = """(times) => times.map((t) => {
  const begun = performance.now();
  matcubeProbe.seek(t, true);
  matcubeProbe.frameTimes(1);
  return performance.now() - begun;
})"""


class Step(NamedTuple):
    """Milliseconds: medians of a step with its frame and of a still frame; 90 % of seeks; the first seek."""

    step: float
    still: float
    seek: float | None
    first: float | None


def rows() -> Iterator[Row]:
    """Every algorithm of the table at every size, then the head; then the saved film."""
    with browser() as chromium:
        for name in ALGORITHMS:
            for what, figure, is_largest in _figures():
                played = _played(figure, name)
                if played is not None:
                    yield from _rows(f"{name}, {what}", measure(chromium, played, is_seeking=is_largest))
        tokens = gpt2_head().animate("vmprod", fuse="decode")
        yield from _rows("decode, GPT-2 head", measure(chromium, tokens, is_seeking=False))
    yield film_row()


def _figures() -> Iterator[tuple[str, Figure, bool]]:
    for n in SIZES:
        yield f"n = {n}", cube(n), n == LARGEST
    yield "GPT-2 head", gpt2_head(), False


def _played(figure: Figure, algorithm: Any) -> Figure | None:
    """The figure as it plays, or None where the algorithm does not fit it or nothing plays."""
    try:
        played = figure.animate(algorithm, fuse="async")
        return None if played.film is None else played
    except MatcubeError:
        return None


def _rows(what: str, found: Step) -> Iterator[Row]:
    ratio = found.step / found.still
    figure = f"{ratio:.2f}  ({found.step:.1f} ms : {found.still:.1f} ms)"
    yield Row(f"step : still frame, {what}", figure, "≤ 2", ratio <= 2)
    if found.seek is not None:
        ratio = found.seek / found.step
        figure = f"{ratio:.2f}  ({found.seek:.1f} ms : {found.step:.1f} ms)"
        yield Row(f"random seek (90 %) : step, {what}", figure, "≤ 10", ratio <= 10)
    if found.first is not None:
        yield Row(
            f"first seek, near the end : step, {what}",
            f"{found.first / found.step:.2f}  ({found.first:.0f} ms)",
        )


def measure(chromium: Browser, figure: Figure, *, is_seeking: bool) -> Step:
    """Steps of one page in turns with still frames of another, which stands at the film's end."""
    film = figure.film
    assert film is not None
    moving, still = open_page(chromium, figure), open_page(chromium, figure)
    go(still, [film.duration])
    steps, frames = [], []
    middle = film.duration * 0.4
    go(moving, [middle])  # programs and textures that every later step finds
    for n in range(1, STEPS + 1):
        steps += go(moving, [middle + n])
        moving.evaluate(f"{REST}.then(() => void matcubeProbe.frameTimes(1))")
        frames += still.evaluate("matcubeProbe.frameTimes(1)")
    seek = _seeks(moving, film.duration) if is_seeking else None
    first = go(still, [film.duration * LATE])[0] if is_seeking else None  # no sums are there yet
    moving.close()
    still.close()
    return Step(statistics.median(steps), statistics.median(frames), seek, first)


def _seeks(page: Page, duration: float) -> float:
    chance = random.Random(3)
    found = go(page, [duration * chance.random() for _ in range(SEEKS)])
    return statistics.quantiles(found, n=10)[-1]


def go(page: Page, times: list[float]) -> list[float]:
    """Milliseconds of going to each time."""
    return [float(one) for one in page.evaluate(GO, times)]


def film_row() -> Row:
    """Frames of the demo head's film that Python draws in a second, at 1280 × 720."""
    figure = demo().animate("vmprod", each={"K": "none", "V": "none"}, fuse="async")
    frames = frames_of(figure.scene(), size=(1280, 720), seconds=10, fps=30, progress=None)
    next(frames)  # what all frames share
    begun = time.perf_counter()
    for _ in range(FRAMES):
        next(frames)
    each = (time.perf_counter() - begun) / FRAMES
    return Row("frames per second of a saved film, SmolLM2 head, 1280 × 720", f"{1 / each:.2f}")
