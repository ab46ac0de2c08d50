"""What a drawing is made of; every length is in pixels of the picture."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A segment."""

    start: Point
    end: Point
    width: float
    colour: int
    opacity: float = 1.0


@dataclass(frozen=True)
class Polygon:
    """A filled polygon, or with a ``width`` its outline."""

    points: tuple[Point, ...]
    colour: int
    opacity: float = 1.0
    width: float = 0.0


@dataclass(frozen=True)
class Disc:
    """A filled ellipse.

    Args:
        centre: its middle.
        radii: half its axes, the longer one first.
        turn: of the longer axis from the right, clockwise, radians.
        colour: 0xRRGGBB.
    """

    centre: Point
    radii: Point
    turn: float
    colour: int
    opacity: float = 1.0


@dataclass(frozen=True)
class Strokes:
    """Lines of one colour and width with round ends: the digits of a number, or a cross."""

    lines: tuple[tuple[Point, ...], ...]
    width: float
    colour: int
    opacity: float = 1.0


@dataclass(frozen=True)
class Words:
    """One line of text: its left end and baseline, and the height of its font.

    ``right`` and ``down`` are the steps of a pixel of text; on the plane of a face it is not upright.
    """

    left: float
    baseline: float
    text: str
    px: float
    colour: int
    opacity: float = 1.0
    right: Point = (1.0, 0.0)
    down: Point = (0.0, 1.0)


@dataclass(frozen=True)
class Picture:
    """An embedded PNG: over the whole drawing, or in a ``box`` of left, top, width and height."""

    png: bytes
    box: tuple[float, float, float, float] | None = None


Item = Line | Polygon | Disc | Strokes | Words | Picture


@dataclass(frozen=True)
class Drawing:
    """A picture of ``width`` × ``height`` pixels, its items from back to front."""

    width: int
    height: int
    items: tuple[Item, ...]
