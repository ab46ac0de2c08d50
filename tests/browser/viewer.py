"""A page of matcube under a test's hand: waits, pointer, probe, and what the page must never do."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from matcube.playback.outlines import apart

TIMEOUT_S = 120.0  # costs nothing where all is well

# In every page before its own scripts: where it last saw the pointer.
WATCH_POINTER = """
addEventListener("pointermove", (event) => { window.matcubePointer = [event.clientX, event.clientY]; });
"""


def number(text: str) -> float:
    """A number as the page writes it: a true minus sign, ∞."""
    return float(text.replace("−", "-").replace("∞", "inf"))


def wait_for(check: Callable[[], Any], what: str, *, timeout_s: float = TIMEOUT_S) -> Any:
    """The first true answer of ``check``; a page with a strict policy cannot poll by itself."""
    end = time.monotonic() + timeout_s
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout_s} s for {what}")
        time.sleep(0.03)


PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


class Viewer:
    """One open page: ``page`` takes the input, ``frame`` holds the viewer (a child, when it is embedded)."""

    def __init__(self, page: Any, *, frame: Any = None) -> None:
        self.page = page
        self.frame = frame or page.main_frame
        self.wrong: list[str] = []
        self.requests: list[str] = []
        self._heard: dict[str, Callable[[Any], None]] = {
            "pageerror": lambda error: self.wrong.append(f"error: {error}"),
            "console": self._console,
            "request": lambda request: self.requests.append(request.url),
        }

    def watch(self) -> Viewer:
        """Collect what goes wrong and what is asked of a network; call it before the page is opened."""
        for event, heard in self._heard.items():
            self.page.on(event, heard)
        return self

    def leave(self) -> None:
        """Make the page ready for another test: nothing open, pressed, remembered or listened to."""
        for event, heard in self._heard.items():
            self.page.remove_listener(event, heard)
        for extra in self.page.context.pages:
            if extra != self.page:
                extra.close()
        self.page.unroute_all()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        session = self.page.context.new_cdp_session(self.page)
        session.send("Page.resetNavigationHistory")
        session.detach()

    def _console(self, message: Any) -> None:
        # A figure is read back for a compositor without GL (conftest); the driver calls that a stall.
        if message.type in ("error", "warning") and "GPU stall due to ReadPixels" not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")

    def ready(self) -> Viewer:
        """Wait for the first frame, the controls, and rest."""
        drawn = "window.matcubeStats !== undefined && window.matcubeStats.frames > 0"
        wait_for(
            lambda: self.js(f"() => {drawn} && document.querySelector('.mc-toolbar') !== null"),
            "the first frame and the controls",
        )
        self.rest()
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
        find = "(name) => window.matcubeProbe.head().matrices.find((one) => one.name === name)?.node"
        node = self.js(find, name)
        assert node is not None, f"no matrix is named {name}"
        return int(node)

    def shown(self, cells: Sequence[tuple[str, int, int]], *, t: float | None = None) -> list[dict[str, Any]]:
        """Value and text of cells (name, row, column), at a time of the film, asked for all at once."""
        return self.js(
            """([cells, t]) => {
              const probe = window.matcubeProbe;
              if (t !== null) probe.seek(t);
              const { matrices } = probe.head();
              const node = (name) => matrices.find((one) => one.name === name).node;
              return cells.map(([name, row, col]) => probe.shown(node(name), row, col));
            }""",
            [[(name, int(row), int(col)) for name, row, col in cells], t],
        )

    def place(self, name: str, row: int, col: int) -> tuple[float, float]:
        """Where a cell is on the page, in CSS pixels."""
        self.rest()
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

    def point(self, x: float, y: float) -> None:
        """Move the pointer there, and wait until the page has seen it: what is read follows at once."""
        self.page.mouse.move(x, y)
        left, top = self._corner()
        seen = (
            "([x, y]) => window.matcubePointer !== undefined"
            " && Math.hypot(window.matcubePointer[0] - x, window.matcubePointer[1] - y) < 2"
        )
        wait_for(lambda: self.js(seen, [x - left, y - top]), f"the pointer at {x}, {y}")

    def hover(self, name: str, row: int, col: int) -> str:
        """Point at a cell; the text of the tip."""
        self.point(*self.place(name, row, col))
        tip = self.js("() => window.matcubeProbe.hover()")
        assert tip is not None, f"no tip of {name}[{row}, {col}]"
        return str(tip)

    def product(self, row: int, col: int) -> str:
        """Point at a product of the present step of a film; its place, "" where another face covers it."""
        at = self.js("([r, c]) => window.matcubeProbe.product(r, c)", [row, col])
        self.point(at["x"], at["y"])
        place = self.tip("place") if self.count(".mc-tip") else ""
        return place if "·" in place else ""

    def tip(self, part: str) -> str:
        """One part of the tip: place, value, labels or sum."""
        return self.text(f".mc-tip .mc-reading-{part}")

    def click(self, name: str, row: int, col: int, *, shift: bool = False) -> None:
        """Click a cell, and wait until it is certain that it was no double click."""
        x, y = self.place(name, row, col)
        self.point(x, y)
        if shift:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(x, y)
        if shift:
            self.page.keyboard.up("Shift")
        self.rest()

    def double_click(self, x: float, y: float) -> None:
        """Two clicks whose events are 10 ms apart by their own clock, however long they take to arrive."""
        session = self.page.context.new_cdp_session(self.page)
        begun = time.time()
        for count in (1, 2):
            for kind, share in (("mousePressed", 0.0), ("mouseReleased", 0.005)):
                event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": count}
                stamp = begun + 0.01 * count + share
                session.send("Input.dispatchMouseEvent", {**event, "timestamp": stamp})
        session.detach()

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

    def pass_frames(self, count: int = 30) -> None:
        """Let the browser offer so many frames to the page."""
        self.js(
            """(count) => new Promise((done) => {
              const next = (n) => (n === 0 ? done() : requestAnimationFrame(() => next(n - 1)));
              next(count);
            })""",
            count,
        )

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

    def quads(self, selector: str) -> list[tuple[tuple[float, float], ...]]:
        """Corners of visible elements in the picture, also of those that a transform slants."""
        found = self.js(
            """(s) => [...document.querySelectorAll(s)].filter((e) => e.offsetWidth > 0).map((e) => {
                const { left, top } = e.offsetParent.getBoundingClientRect();
                const map = new DOMMatrix(getComputedStyle(e).transform);
                const [w, h] = [e.offsetWidth, e.offsetHeight];
                return [[0, 0], [w, 0], [w, h], [0, h]].map(([x, y]) => {
                    const spot = map.transformPoint(new DOMPoint(x, y));
                    return [left + spot.x, top + spot.y];
                });
            })""",
            selector,
        )
        return [tuple((x, y) for x, y in quad) for quad in found]

    def ink(self) -> float:
        """Share of the picture's pixels that differ from its ground: 0 is a blank page."""
        self.rest()
        box = self.frame.locator(".mc-stage").bounding_box()
        pixels = _pixels(self.page.screenshot(clip=box))
        return float((np.abs(pixels - pixels[8, 8]).sum(axis=2) > 40).mean())

    def difference(self, before: bytes) -> float:
        """Share of the page's pixels that differ from an earlier screenshot."""
        self.rest()
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


def crossing(quads):
    """Pairs of convex quadrilaterals that share area."""
    return [(a, b) for a, b in itertools.combinations(quads, 2) if not apart(a, b, -1.0)]
