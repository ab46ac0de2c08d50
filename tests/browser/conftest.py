"""A browser, and figures that are served, saved and framed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

import matcube as mc
from tests.browser.viewer import TIMEOUT_S, WATCH_POINTER, Viewer

SOFTWARE_GL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
# Only the figures are drawn with GL: in software it is slower than the compositor's own drawing.
CHEAP = ["--disable-gpu-compositing", "--in-process-gpu"]
QUIET = ["--no-sandbox", "--disable-background-networking", "--no-first-run"]
TOKENS = ["The", " cow", " ate", "\n", ",", " the", " malt", " that", " lay", " in", " the", " house"]
PROGRAM = "out = (attn = softmax(tril(Q @ K.T / sqrt(8)))) @ V"

# Of the picture for browsers without GL: where a test looks at the live figure, it only costs.
STILL = (96, 60)

# A factor by which pages compute more slowly, for a proof that no test depends on speed.
THROTTLE = float(os.environ.get("MATCUBE_CPU_THROTTLE", "1"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


def _installed() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = os.environ.get("MATCUBE_CHROMIUM") or _installed()
    if found is None:
        pytest.fail("no Chromium here: install the package chromium, or name it in MATCUBE_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def browser(playwright: Any, chromium: str) -> Iterator[Any]:
    """Chromium with WebGL in software."""
    running = playwright.chromium.launch(executable_path=chromium, args=QUIET + SOFTWARE_GL + CHEAP)
    yield running
    running.close()


@pytest.fixture(scope="session")
def browser_without_gl(playwright: Any, chromium: str) -> Iterator[Any]:
    """Chromium that gives no WebGL at all."""
    flags = ["--disable-gpu", "--disable-software-rasterizer", "--disable-3d-apis"]
    running = playwright.chromium.launch(executable_path=chromium, args=QUIET + flags)
    yield running
    running.close()


Open = Callable[..., Viewer]


class Pages:
    """Pages that tests use one after the other: a new one costs a process."""

    def __init__(self) -> None:
        self._free: dict[str, list[Any]] = {}
        self._lent: list[tuple[str | None, Viewer]] = []

    def lend(self, browser: Any, prepare: Callable[[Any], object] | None, options: dict[str, Any]) -> Viewer:
        """A page with these options; one that is prepared or may do more than others is used once."""
        once = prepare is not None or "permissions" in options
        kind = None if once else f"{id(browser)} {sorted(options.items())}"
        free = self._free.get(kind or "", [])
        viewer = Viewer(free.pop() if free else _new_page(browser, options)).watch()
        self._lent.append((kind, viewer))
        if prepare is not None:
            prepare(viewer.page)
        return viewer

    def take_back(self) -> None:
        """The test is over."""
        while self._lent:
            kind, viewer = self._lent.pop()
            if kind is None:
                viewer.page.context.close()
                continue
            viewer.leave()
            self._free.setdefault(kind, []).append(viewer.page)


def _new_page(browser: Any, options: dict[str, Any]) -> Any:
    context = browser.new_context(**options)
    context.set_default_timeout(TIMEOUT_S * 1000)
    page = context.new_page()
    page.add_init_script(WATCH_POINTER)
    if THROTTLE > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    return page


@pytest.fixture(scope="session")
def pages() -> Pages:
    """The pages of this process."""
    return Pages()


@pytest.fixture
def open_page(browser: Any, pages: Pages) -> Iterator[Open]:
    """Open an address in a page of its own: ``open_page(url, width=390, height=844, has_touch=True)``.

    ``prepare`` gets the page before it goes anywhere: to hold requests back, or to take over its clock.
    """

    def opened(
        url: str,
        *,
        ready: bool = True,
        by: Any = None,
        width: int = 1000,
        height: int = 640,
        prepare: Callable[[Any], object] | None = None,
        **more: Any,
    ) -> Viewer:
        options = {"viewport": {"width": width, "height": height}, **more}
        viewer = pages.lend(by or browser, prepare, options)
        viewer.page.goto(url)
        return viewer.ready() if ready else viewer

    yield opened
    pages.take_back()


@pytest.fixture(scope="session")
def arrays() -> dict[str, np.ndarray]:
    """Q, K and V of a small head, float32."""
    draw = np.random.default_rng(5)
    return {name: draw.normal(size=(12, 8)).astype(np.float32) for name in "QKV"}


@pytest.fixture(scope="session")
def attention(arrays: dict[str, np.ndarray]) -> mc.Figure:
    """A causal attention head with tokens as labels."""
    labelled = {name: mc.matrix(array, name=name, rows=TOKENS) for name, array in arrays.items()}
    return mc.figure(PROGRAM, **labelled)


@pytest.fixture(scope="session")
def leaves() -> mc.Figure:
    """A product of two leaves that are made by their specs."""
    return mc.figure("C = A @ B", A="gaussian(16, 8, seed=1)", B="uniform(8, 12, seed=2)")


class Served:
    """A figure behind a server of its own."""

    def __init__(self, figure: mc.Figure) -> None:
        self.handle = figure.show(open_browser=False)

    @property
    def url(self) -> str:
        """An address that opens the page once."""
        return self.handle.url

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture
def serve() -> Iterator[Callable[[mc.Figure], Served]]:
    """Serve a figure until the test ends."""
    running: list[Served] = []

    def serving(figure: mc.Figure) -> Served:
        running.append(Served(figure))
        return running[-1]

    yield serving
    for one in running:
        one.handle.close()


@pytest.fixture(scope="session")
def save(tmp_path_factory: pytest.TempPathFactory) -> Callable[[mc.Figure], str]:
    """Save a figure as a page; its address."""
    # The figures stay alive: a deleted one would leave its id to another.
    pages: dict[int, tuple[mc.Figure, str]] = {}

    def saving(figure: mc.Figure) -> str:
        if id(figure) not in pages:
            path = tmp_path_factory.mktemp("page") / "figure.html"
            figure.save(path, size=STILL)
            pages[id(figure)] = figure, path.as_uri()
        return pages[id(figure)][1]

    return saving


@pytest.fixture
def open_framed(open_page: Open, tmp_path: Path) -> Callable[[mc.Figure], Viewer]:
    """Open a figure as a notebook frames it: sandboxed, without an origin of its own."""

    def framed(figure: mc.Figure) -> Viewer:
        path = tmp_path / "notebook.html"
        size = 'width="1160" height="640"'
        frame = (
            f'<iframe sandbox="allow-scripts" {size} srcdoc="{escape(figure.to_html(size=STILL))}"></iframe>'
        )
        path.write_text(
            f"<!doctype html><meta charset=utf-8><title>notebook</title>{frame}", encoding="utf-8"
        )
        viewer = open_page(path.as_uri(), ready=False)
        viewer.frame = viewer.page.frames[-1]
        return viewer.ready()

    return framed
