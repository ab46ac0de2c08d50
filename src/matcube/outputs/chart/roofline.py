"""The roofline as SVG: rate against operations per byte, both logarithmic, with a dot for each node."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from matcube.wire import Theme
from matcube.wire.text import shortened

_LEFT, _RIGHT, _TOP, _BOTTOM = 92.0, 32.0, 64.0, 62.0
_FONT = "font-family='DejaVu Sans, Verdana, sans-serif'"
_CHAR = 6.9  # width of a letter at 12 px, rounded up
_LINE = 17.0
_NEAR = 1.06  # nodes with intensities closer than this factor have one dot
_MAX_LABEL = 34
_UNITS = {12: "T", 9: "G", 6: "M", 3: "k", 0: ""}


class Point(NamedTuple):
    """A node: its name, operations per byte, attainable operations per second, and its seconds."""

    name: str
    intensity: float
    rate: float
    seconds: float


class Machine(NamedTuple):
    """A machine: its name, peak (FLOP/s) and bandwidth (B/s)."""

    name: str
    peak: float
    bandwidth: float


@dataclass(frozen=True)
class _Frame:
    """The axes of the chart: decades, and pixels."""

    low: tuple[float, float]
    high: tuple[float, float]
    size: tuple[int, int]

    def x(self, intensity: float) -> float:
        share = (math.log10(intensity) - self.low[0]) / (self.high[0] - self.low[0])
        return _LEFT + share * (self.size[0] - _LEFT - _RIGHT)

    def y(self, rate: float) -> float:
        share = (math.log10(rate) - self.low[1]) / (self.high[1] - self.low[1])
        return self.size[1] - _BOTTOM - share * (self.size[1] - _TOP - _BOTTOM)


def roofline(
    points: Sequence[Point],
    machine: Machine,
    *,
    title: str,
    theme: Theme,
    size: tuple[int, int],
) -> str:
    """A roofline chart.

    Args:
        points: nodes with operations, each on the roof above its intensity.
        machine: the machine of the roof.
        title: one line above the picture.
        theme: ground and line colours.
        size: width and height in pixels.

    Returns:
        SVG text; the area of a dot is in proportion to its share of the time.
    """
    frame = _frame(points, machine, size)
    parts = [*_ground(frame, theme, machine, title), *_roof(frame, theme, machine)]
    parts += _dots(frame, theme, machine, _together(points))
    width, height = size
    sides = f"viewBox='0 0 {width} {height}' width='{width}' height='{height}'"
    head = f"<svg xmlns='http://www.w3.org/2000/svg' {sides}"
    return "\n".join(
        [f"{head} role='img' aria-label='{escape(title, quote=True)}: roofline'>", *parts, "</svg>\n"]
    )


def _frame(points: Sequence[Point], machine: Machine, size: tuple[int, int]) -> _Frame:
    """Axes with room around the dots and the ridge, and for names on the right."""
    across = [*(point.intensity for point in points), machine.peak / machine.bandwidth]
    up = [*(point.rate for point in points), machine.peak]
    low = math.floor(math.log10(min(across)) - 0.5), math.floor(math.log10(min(up)) - 0.7)
    high = math.log10(max(across)) + 0.9, math.log10(max(up)) + 0.45
    return _Frame(low, high, size)


def _ground(frame: _Frame, look: Theme, machine: Machine, title: str) -> Iterator[str]:
    width, height = frame.size
    yield f"<rect width='{width}' height='{height}' fill='{_hex(look.ground)}'/>"
    name = shortened(title, int((width - _LEFT - _RIGHT) / 9))
    yield _text(_LEFT, 30, name, look.text, size=15, weight=600)
    ridge = _unit(machine.peak / machine.bandwidth).strip()
    facts = f"{machine.name}: {_unit(machine.peak)}FLOP/s, {_unit(machine.bandwidth)}B/s"
    facts += f"; the peak needs {ridge} FLOP/B"
    yield _text(_LEFT, 49, facts, look.muted)
    for decade in range(math.ceil(frame.low[0]), math.floor(frame.high[0]) + 1):
        x = frame.x(10.0**decade)
        yield _line((x, frame.y(10.0 ** frame.low[1])), (x, frame.y(10.0 ** frame.high[1])), look.guide, 0.45)
        yield _text(x, height - _BOTTOM + 20, _power(decade), look.muted, anchor="middle")
    for decade in range(math.ceil(frame.low[1]), math.floor(frame.high[1]) + 1):
        y = frame.y(10.0**decade)
        yield _line((_LEFT, y), (width - _RIGHT, y), look.guide, 0.45)
        yield _text(_LEFT - 10, y + 4, f"{_unit(10.0**decade)}", look.muted, anchor="end")
    middle = (_LEFT + width - _RIGHT) / 2
    yield _text(middle, height - 16, "operations per byte moved (FLOP/B)", look.text, anchor="middle")
    up = (_TOP + height - _BOTTOM) / 2
    yield _text(
        22, up, "operations per second (FLOP/s)", look.text, anchor="middle", turn=f"rotate(-90 22 {up:.1f})"
    )


def _roof(frame: _Frame, look: Theme, machine: Machine) -> Iterator[str]:
    """The roof: the slope of the bandwidth and the flat top of the peak, over the attainable area."""
    ridge = machine.peak / machine.bandwidth
    left, right = 10.0 ** frame.low[0], 10.0 ** frame.high[0]
    floor = 10.0 ** frame.low[1]
    start = max(left, floor / machine.bandwidth)
    corners = [(start, start * machine.bandwidth), (ridge, machine.peak), (right, machine.peak)]
    places = [(frame.x(x), frame.y(y)) for x, y in corners]
    base = frame.y(floor)
    for (x0, y0), (x1, y1), ink in (
        (places[0], places[1], look.left), (places[1], places[2], look.right),
    ):  # fmt: skip
        shape = f"M{x0:.1f},{y0:.1f} L{x1:.1f},{y1:.1f} L{x1:.1f},{base:.1f} L{x0:.1f},{base:.1f} Z"
        yield f"<path d='{shape}' fill='{_hex(ink)}' fill-opacity='0.10'/>"
        yield _line((x0, y0), (x1, y1), ink, 1.0, width=2.5)
    x, y = places[1]
    yield _line((x, y), (x, base), look.muted, 0.7, dash="3 4")
    yield _text(x - 8, base - 10, "bound by memory", look.left, anchor="end")
    yield _text(x + 8, base - 10, "bound by compute", look.right)


class _Dot(NamedTuple):
    names: tuple[str, ...]
    intensity: float
    rate: float
    seconds: float


def _together(points: Sequence[Point]) -> list[_Dot]:
    """Dots from left to right; nodes of nearly equal intensity have one."""
    dots: list[_Dot] = []
    for point in sorted(points, key=lambda point: point.intensity):
        last = dots[-1] if dots else None
        if last is not None and point.intensity <= last.intensity * _NEAR:
            dots[-1] = last._replace(names=(*last.names, point.name), seconds=last.seconds + point.seconds)
        else:
            dots.append(_Dot((point.name,), point.intensity, point.rate, point.seconds))
    return dots


def _dots(frame: _Frame, look: Theme, machine: Machine, dots: Sequence[_Dot]) -> Iterator[str]:
    whole = sum(dot.seconds for dot in dots) or 1.0
    taken: list[tuple[float, float, float]] = []  # left, right and baseline of labels
    base = frame.y(10.0 ** frame.low[1])
    for dot in dots:
        ink = look.right if dot.rate >= machine.peak * (1 - 1e-9) else look.left
        x, y = frame.x(dot.intensity), frame.y(dot.rate)
        radius = 4.5 + 11 * math.sqrt(dot.seconds / whole)
        text = _named(dot.names)
        left, baseline = _place(text, (x, y + radius), taken, frame, base)
        yield _line((x, y), (x, base), ink, 0.55)
        yield f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}' fill='{_hex(ink)}' fill-opacity='0.9' "
        yield f"stroke='{_hex(look.ground)}' stroke-width='1.5'>"
        yield f"<title>{escape(', '.join(dot.names))}</title></circle>"
        yield _text(left, baseline, text, look.text, halo=look.ground)


def _place(
    text: str, at: tuple[float, float], taken: list[tuple[float, float, float]], frame: _Frame, base: float
) -> tuple[float, float]:
    """Left edge and baseline of a label beside its dot's line, below other labels."""
    width = _CHAR * len(text)
    x, baseline = at[0] + 7, at[1] + 14
    if x + width > frame.size[0] - 6:
        x = at[0] - 7 - width
    while any(
        x < right + 8 and left < x + width + 8 and abs(baseline - other) < _LINE
        for left, right, other in taken
    ):
        baseline += _LINE
        if baseline > base - 24:
            break
    taken.append((x, x + width, baseline))
    return x, baseline


def _named(names: Sequence[str]) -> str:
    """The names that fit, and the number of the others."""
    shown = [shortened(names[0], _MAX_LABEL)]
    for name in names[1:]:
        if len(", ".join([*shown, name])) > _MAX_LABEL:
            break
        shown.append(name)
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _unit(value: float) -> str:
    power = max((power for power in _UNITS if value >= 10.0**power * (1 - 1e-9)), default=0)
    if value >= 1e15:
        return f"{value / 1e15:.4g} P"
    return f"{value / 10.0**power:.4g} {_UNITS[power]}".rstrip() + ("" if _UNITS[power] else " ")


def _power(decade: int) -> str:
    return f"{10.0**decade:g}" if -3 <= decade <= 4 else f"1e{decade}"


def _text(
    x: float,
    y: float,
    text: str,
    ink: int,
    *,
    size: int = 12,
    weight: int = 400,
    anchor: str = "start",
    turn: str = "",
    halo: int | None = None,
) -> str:
    more = f" transform='{turn}'" if turn else ""
    if halo is not None:
        more += f" stroke='{_hex(halo)}' stroke-width='4' stroke-linejoin='round' paint-order='stroke'"
    style = f"{_FONT} font-size='{size}' font-weight='{weight}' text-anchor='{anchor}' fill='{_hex(ink)}'"
    return f"<text x='{x:.1f}' y='{y:.1f}' {style}{more}>{escape(text)}</text>"


def _line(
    a: tuple[float, float],
    b: tuple[float, float],
    ink: int,
    opacity: float,
    *,
    width: float = 1,
    dash: str = "",
) -> str:
    more = f" stroke-dasharray='{dash}'" if dash else ""
    where = f"x1='{a[0]:.1f}' y1='{a[1]:.1f}' x2='{b[0]:.1f}' y2='{b[1]:.1f}'"
    return f"<line {where} stroke='{_hex(ink)}' stroke-opacity='{opacity}' stroke-width='{width}'{more}/>"


def _hex(ink: int) -> str:
    return f"#{ink:06x}"
