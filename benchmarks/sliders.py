"""A slider of the served page: from the input to the picture, and what is sent for it."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from benchmarks.browser import browser, cube, open_page
from benchmarks.heads import gpt2_layer
from benchmarks.table import Row
from matcube.api.figure import Figure

MOST_BYTES = 50_000

# Moves a slider by one step, and answers when a frame that shows it has been drawn: milliseconds, bytes.
MOVE = """async ([control, value]) => {
  const slider = document.querySelector(`[data-control=${control}]`);
  const shown = () => {
    const view = matcubeProbe.view();
    return control === "gap" ? view.layout.gap : view.style[control];
  };
  // A frame of the step before may still be on its way: it is not the one that is waited for.
  for (let seen = -1; seen !== matcubeStats.frames; ) {
    seen = matcubeStats.frames;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  performance.clearResourceTimings();
  const frames = matcubeStats.frames;
  const before = shown();
  const begun = performance.now();
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
  while (shown() === before || matcubeStats.frames === frames) await new Promise(requestAnimationFrame);
  const ms = performance.now() - begun;
  const answers = performance.getEntriesByType("resource").filter((one) => one.name.endsWith("/api"));
  return [ms, answers.reduce((sum, one) => sum + one.encodedBodySize, 0)];
}"""


def rows() -> Iterator[Row]:
    """A slider of the looks (nothing is asked) and one of the layout (Python places anew)."""
    with browser() as chromium:
        for what, figure in {
            "n = 64": cube(64),
            "n = 512": cube(512),
            "whole layer of 12 heads": gpt2_layer(),
        }.items():
            page = opened(chromium, figure)
            for control, values in {"contrast": (0.5, 1, 1.5, 2, 2.5), "gap": (8, 12, 16, 20, 24)}.items():
                yield measured(page, what, control, values)
            page.close()


def opened(chromium: Browser, figure: Figure) -> Page:
    """The page with its panel of looks open."""
    page = open_page(chromium, figure)
    page.wait_for_selector(".mc-toolbar")
    page.locator(".mc-toolbar [data-control=looks]").click()
    page.wait_for_timeout(500)
    return page


def measured(page: Page, what: str, control: str, values: tuple[float, ...]) -> Row:
    """The median of a few steps of one slider."""
    found = sorted(page.evaluate(MOVE, [control, value]) for value in values)
    ms, sent = found[len(found) // 2][0], max(one[1] for one in found)
    figure = f"{ms:7.0f} ms to the picture   sent {sent / 1e3:6.1f} kB"
    return Row(f"{what}, slider {control}", figure, f"≤ {MOST_BYTES // 1000} kB", sent <= MOST_BYTES)
