"""Figures in blocks against the same figure whole: frames and draw calls in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from benchmarks.browser import browser, cube, frame_ms, open_page
from benchmarks.table import Row, ratio_row
from matcube.api.figure import Figure

ROUNDS = 6


def rows() -> Iterator[Row]:
    """16 × 16 × 16 blocks at two sizes, and 8 sheets of partial results."""
    with browser() as chromium:
        for n in (64, 512):
            whole = cube(n)
            blocks = whole.partition({"A.rows": 16, "A.cols": 16, "B.cols": 16})
            yield from _compared(chromium, f"16³ blocks : whole, n = {n}", blocks, whole, at_most=1.5)
            parts = whole.partition({"A.cols": 8})
            yield from _compared(chromium, f"8 partial results : whole, n = {n}", parts, whole)


def _compared(
    chromium: Browser, what: str, ours: Figure, theirs: Figure, *, at_most: float | None = None
) -> Iterator[Row]:
    """Best frames of both, taken in turns, and how many draws they take."""
    pages = [open_page(chromium, figure) for figure in (ours, theirs)]
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for at, page in enumerate(pages):
            best[at] = min(best[at], frame_ms(page))
    calls = [_draws(page) for page in pages]
    for page in pages:
        page.close()
    if at_most is None:
        yield Row(f"frame, {what}", f"{best[0] / best[1]:.2f}  ({best[0]:.1f} ms : {best[1]:.1f} ms)")
        yield Row(f"draw calls, {what}", f"{calls[0]} : {calls[1]}")
        return
    yield ratio_row(f"frame, {what}", *best, at_most=at_most)
    yield ratio_row(f"draw calls, {what}", *calls, at_most=1, unit="calls")


def _draws(page: Page) -> int:
    return int(page.evaluate("matcubeStats.drawCalls"))
