"""A page of matcube under a test's hand: waits, pointer, probe, and what the page must never do."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

TIMEOUT_S = 30.0


def wait_for(check: Callable[[], Any], what: str, *, timeout_s: float = TIMEOUT_S) -> Any:
    """The first true answer of ``check``; a page with a strict policy cannot poll by itself."""
    end = time.monotonic() + timeout_s
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout_s} s for {what}")
        time.sleep(0.03)


class Viewer:
    """One open page: ``page`` takes the input, ``frame`` holds the viewer (a child, when it is embedded)."""

    def __init__(self, page: Any, *, frame: Any = None) -> None:
        self.page = page
        self.frame = frame or page.main_frame
        self.wrong: list[str] = []
        self.requests: list[str] = []

    def watch(self) -> Viewer:
        """Collect what goes wrong and what is asked of a network."""
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", lambda request: self.requests.append(request.url))
        return self

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")

    def ready(self) -> Viewer:
        """Wait for the first frame."""
        wait_for(
            lambda: self.js("() => Boolean(window.matcubeStats && window.matcubeStats.frames > 0)"),
            "the first frame",
        )
        wait_for(lambda: self.js("() => document.querySelector('.mc-toolbar') !== null"), "the controls")
        return self

    def js(self, script: str, argument: object = None) -> Any:
        """The value of a script function in the viewer's frame."""
        return self.frame.evaluate(script, argument)

    @property
    def view(self) -> dict[str, Any]:
        """The page's whole state."""
        return self.js("() => window.matcubeProbe.view()")

    @property
    def hash(self) -> str:
        """The fragment of the address."""
        return str(self.js("() => location.hash"))

    @property
    def head(self) -> dict[str, Any]:
        """The head of the scene that is shown."""
        return self.js("() => window.matcubeProbe.head()")

    @property
    def frames(self) -> int:
        """How many frames were drawn."""
        return int(self.js("() => window.matcubeStats.frames"))

    def node(self, name: str) -> int:
        """The number of the matrix of this name."""
        return next(m["node"] for m in self.head["matrices"] if m["name"] == name)

    def place(self, name: str, row: int, col: int) -> tuple[float, float]:
        """Where a cell is on the page, in CSS pixels."""
        self.settle()
        at = self.js("([n, r, c]) => window.matcubeProbe.project(n, r, c)", [self.node(name), row, col])
        assert at is not None, f"{name}[{row}, {col}] is not in the picture"
        left, top = self._corner()
        return at["x"] + left, at["y"] + top

    def _corner(self) -> tuple[float, float]:
        """Where the viewer's frame begins on the page."""
        if self.frame is self.page.main_frame:
            return 0.0, 0.0
        element = self.frame.frame_element()
        box = element.bounding_box()
        border = element.evaluate("(e) => [e.clientLeft, e.clientTop]")
        return box["x"] + border[0], box["y"] + border[1]

    def hover(self, name: str, row: int, col: int) -> str:
        """Point at a cell; the text of the tip."""
        x, y = self.place(name, row, col)
        self.page.mouse.move(x, y)
        return wait_for(
            lambda: self.js("() => window.matcubeProbe.hover()"), f"the tip of {name}[{row}, {col}]"
        )

    def tip(self, part: str) -> str:
        """One part of the tip: place, value, labels or sum."""
        return self.text(f".mc-tip .mc-reading-{part}")

    def click(self, name: str, row: int, col: int, *, shift: bool = False) -> None:
        """Click a cell."""
        x, y = self.place(name, row, col)
        self.page.mouse.move(x, y)
        if shift:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(x, y)
        if shift:
            self.page.keyboard.up("Shift")
        self.rest()  # two clicks at once would be a double click

    def focus(self) -> None:
        """Give the keyboard to the picture."""
        self.js("() => document.querySelector('.mc-canvas').focus()")

    def key(self, keys: str) -> None:
        """Press keys on the picture."""
        self.focus()
        self.page.keyboard.press(keys)

    def rest(self) -> None:
        """Wait until nothing is asked, moves, waits or is about to be drawn."""
        self.js("() => window.matcubeProbe.rest()")

    def settle(self) -> None:
        """Wait until nothing is drawn any more."""
        self.rest()

    def text(self, selector: str) -> str:
        """The text of the first element."""
        return self.frame.locator(selector).first.inner_text()

    def count(self, selector: str) -> int:
        """How many visible elements there are."""
        return self.js(
            "(s) => [...document.querySelectorAll(s)].filter((e) => e.getClientRects().length > 0).length",
            selector,
        )

    def program(self, text: str) -> None:
        """Write a program and apply it."""
        area = self.frame.locator(".mc-program-text")
        area.fill(text)
        area.press("Enter")

    def boxes(self, selector: str) -> list[dict[str, float]]:
        """Rectangles of visible elements."""
        return self.js(
            """(s) => [...document.querySelectorAll(s)].map((e) => e.getBoundingClientRect())
                 .filter((r) => r.width > 0).map((r) => ({x: r.x, y: r.y, w: r.width, h: r.height}))""",
            selector,
        )

    def ink(self) -> float:
        """Share of the picture's pixels that differ from its ground: 0 is a blank page."""
        box = self.frame.locator(".mc-stage").bounding_box()
        pixels = _pixels(self.page.screenshot(clip=box))
        return float((np.abs(pixels - pixels[8, 8]).sum(axis=2) > 40).mean())

    def difference(self, before: bytes) -> float:
        """Share of the page's pixels that differ from an earlier screenshot."""
        return float((np.abs(_pixels(self.page.screenshot()) - _pixels(before)).sum(axis=2) > 40).mean())

    def check(self, *, origin: str | None = None) -> None:
        """Nothing went wrong, and nothing was asked of anybody but ``origin``."""
        assert self.wrong == []
        for url in self.requests:
            parts = urlsplit(url)
            if parts.scheme in ("data", "blob", "file", "about"):
                continue
            assert origin is not None and f"{parts.scheme}://{parts.netloc}" == origin, (
                f"a request left: {url}"
            )


def _pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)
