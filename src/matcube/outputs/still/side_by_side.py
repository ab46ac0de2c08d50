"""A comparison as one picture: panels in reading order, and under them the cells that differ most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec
from PIL import Image, ImageDraw

from matcube.errors import OptionError
from matcube.outputs.still.paper.drawing import WHITE, drawing_of, words
from matcube.outputs.still.paper.items import (
    Disc,
    Drawing,
    Item,
    Line,
    Picture,
    Polygon,
    Strokes,
    Words,
)
from matcube.outputs.still.render import LARGEST, prepared, render
from matcube.outputs.still.text import Run, rgb, shortened, width_of, write
from matcube.playback.camera import fit, slab_corners
from matcube.playback.labels import Rect
from matcube.wire import Camera, Changed, Comparison, Head, Ink, Pair, Panel, Theme, View
from matcube.wire.container import Scene

MARGIN, GAP, PAD = 16.0, 10.0, 12.0
HEADING = 46.0  # of a panel: its letter with its title, and a line of notes
TITLE_PX, NOTE_PX, ROW_PX, ROW = 15.0, 11.5, 12.0, 19.0
LEAST_PANEL, MOST_ROWS = 200.0, 9
LEAST_LIST = 720  # pixels of a picture in which a row of the list has room
BAR = 40.0  # pixels of the largest difference
LIST_SHARE = 0.72  # of the width; the facts have the rest


class Look(NamedTuple):
    """The colours of a picture."""

    theme: Theme
    ink: Ink


class Plan(NamedTuple):
    """Where the panels are, and the list under them, if there is room."""

    panels: list[Rect]
    rows: int
    foot: Rect


def columns(count: int) -> int:
    """Panels in a row.

    Example:
        >>> [columns(count) for count in (2, 3, 5, 7, 9)]
        [2, 3, 3, 4, 3]
    """
    return min(count, 4 if count in (4, 7, 8) else 3)


def plan_of(count: int, listed: int, size: tuple[int, int]) -> Plan:
    """Equal panels in reading order, and a list under them of at most ``listed`` rows.

    Args:
        count: panels.
        listed: rows of the longer half of the list.
        size: width and height, pixels.
    """
    width, height = size
    across = columns(count)
    down = -(-count // across)
    wide = (width - 2 * MARGIN - (across - 1) * GAP) / across
    room = height - 2 * MARGIN - (down - 1) * GAP
    spare = room - down * max(LEAST_PANEL, min(wide * 1.07, room / down * 0.66))
    rows = max(0, min(listed, MOST_ROWS, int((spare - GAP - 2 * PAD - 2 * ROW) // ROW)))
    rows = rows if width >= LEAST_LIST else 0
    foot = rows * ROW + 2 * PAD + 2 * ROW if rows >= 2 else 0.0
    high = (room - (foot + GAP if foot else 0)) / down
    panels = [
        Rect(MARGIN + at % across * (wide + GAP), MARGIN + at // across * (high + GAP), wide, high)
        for at in range(count)
    ]
    return Plan(panels, rows if foot else 0, Rect(MARGIN, height - MARGIN - foot, width - 2 * MARGIN, foot))


def sheet(
    comparison: Comparison, scenes: Sequence[Scene], *, size: tuple[int, int], zoom: float = 1.0
) -> Image.Image:
    """The picture of a comparison.

    Args:
        comparison: its panels and lists.
        scenes: of the panels, in order.
        size: width and height in pixels.
        zoom: pixels of the picture per pixel.

    Raises:
        OptionError: the size is out of its range.
    """
    width, height = (round(side * zoom) for side in size)
    _check(comparison, size, zoom)
    look, plan = _look(scenes[0].head), _plan(comparison, size)
    image = Image.new("RGB", (width, height), rgb(look.theme.ground))
    views = _views(comparison, scenes, _inner(plan.panels[0]))
    for rect, scene, view in zip(plan.panels, scenes, views, strict=True):
        room = _inner(rect)
        inside = int(room.w), int(room.h)
        picture = render(_untitled(scene.head), scene.buffers, size=inside, view=view, zoom=zoom, clear=True)
        image.paste(picture, (round(room.x * zoom), round(room.y * zoom)))
    for item in _words(comparison, plan, look):
        _draw(image, item, look.theme, zoom)
    return image


def sheet_drawing(comparison: Comparison, scenes: Sequence[Scene], *, size: tuple[int, int]) -> Drawing:
    """A comparison as vectors and text, on white.

    Args:
        comparison: its panels and lists.
        scenes: of the panels, in order.
        size: width and height in pixels: the unit of all lengths.

    Raises:
        OptionError: the size is out of its range.
    """
    _check(comparison, size, 1.0)
    head = scenes[0].head
    style = msgspec.structs.replace(head.view.style, theme="light")
    look = _look(msgspec.structs.replace(head, view=msgspec.structs.replace(head.view, style=style)))
    plan = _plan(comparison, size)
    items: list[Item] = []
    views = _views(comparison, scenes, _inner(plan.panels[0]))
    for rect, scene, view in zip(plan.panels, scenes, views, strict=True):
        room = _inner(rect)
        inside = int(room.w), int(room.h)
        drawn = drawing_of(_untitled(scene.head), scene.buffers, size=inside, view=view, clear=True)
        items += [_moved(item, room.x, room.y, drawn) for item in drawn.items]
    items += _words(comparison, plan, Look(msgspec.structs.replace(look.theme, ground=WHITE), look.ink))
    return Drawing(*size, tuple(items))


def _check(comparison: Comparison, size: tuple[int, int], zoom: float) -> None:
    first = plan_of(len(comparison.panels), 0, size).panels[0]
    if first.w < 120 or first.h < 120 or max(size) * zoom > LARGEST:
        raise OptionError(
            f"{len(comparison.panels)} panels in a picture of {size[0]} × {size[1]} pixels",
            hint=f"at least 120 pixels for a panel, at most {LARGEST} a side: size=(1280, 800)",
        )


def _plan(comparison: Comparison, size: tuple[int, int]) -> Plan:
    pair = _pair(comparison)
    longest = max((len(half) for half in halves(pair)), default=0)
    return plan_of(len(comparison.panels), longest, size)


def _pair(comparison: Comparison) -> Pair:
    return comparison.matrices[comparison.subject].pairs[0]


def halves(pair: Pair) -> tuple[list[Changed], list[Changed]]:
    """The cells in which the second is larger, or NaN, and those in which the first is."""
    return (
        [cell for cell in pair.cells if not cell.difference.startswith("−")],
        [cell for cell in pair.cells if cell.difference.startswith("−")],
    )


def _inner(rect: Rect) -> Rect:
    return Rect(rect.x + 1, rect.y + HEADING, rect.w - 2, rect.h - HEADING - 1)


def _look(head: Head) -> Look:
    style = head.view.style
    name = "light" if style.theme == "light" else "dark"
    theme = next(theme for theme in head.themes if theme.name == name)
    palette = next(palette for palette in head.palettes if palette.name == style.palette)
    return Look(theme, palette.light if name == "light" else palette.dark)


def _views(comparison: Comparison, scenes: Sequence[Scene], room: Rect) -> Iterator[View]:
    """The views of the panels under one camera, which goes about what is compared."""
    size = int(room.w), int(room.h)
    shown = [prepared(scene.head, scene.buffers, size=size, view=scene.head.view) for scene in scenes]
    first, camera = comparison.panels[0], shown[0].camera
    if scenes[0].head.view.camera is None:
        angles = {"yaw": camera.yaw, "pitch": camera.pitch}
        seen = [
            fit(slab_corners(each.shown.faces), **angles, width=size[0], height=size[1])
            for each in shown
            if each.shown.faces
        ]
        camera = msgspec.structs.replace(camera, distance=max(each.distance for each in [camera, *seen]))
    for panel, scene in zip(comparison.panels, scenes, strict=True):
        yield msgspec.structs.replace(scene.head.view, camera=_at(camera, first, panel), program="")


def _at(camera: Camera, of: Panel, to: Panel) -> Camera:
    target = tuple(t + b - a for t, a, b in zip(camera.target, of.anchor, to.anchor, strict=True))
    return msgspec.structs.replace(camera, target=target)


def _untitled(head: Head) -> Head:
    return msgspec.structs.replace(head, title="")


# --- what is written -----------------------------------------------------------------------------


def _words(comparison: Comparison, plan: Plan, look: Look) -> Iterator[Item]:
    for rect, panel in zip(plan.panels, comparison.panels, strict=True):
        yield from _frame(rect, look)
        yield from _heading(rect, panel, look)
    if plan.rows:
        pair = _pair(comparison)
        wide = plan.foot.w * LIST_SHARE
        left = Rect(plan.foot.x, plan.foot.y, wide - GAP, plan.foot.h)
        right = Rect(plan.foot.x + wide, plan.foot.y, plan.foot.w - wide, plan.foot.h)
        yield from _frame(left, look)
        yield from _frame(right, look)
        yield from _list(left, pair, plan.rows, look)
        yield from _facts(right, comparison, look)


def _frame(rect: Rect, look: Look) -> Iterator[Item]:
    x, y, right, bottom = rect.x, rect.y, rect.x + rect.w, rect.y + rect.h
    yield Polygon(((x, y), (right, y), (right, bottom), (x, bottom)), look.theme.guide, 1.0, 1.0)


def _heading(rect: Rect, panel: Panel, look: Look) -> Iterator[Item]:
    x, y = rect.x + PAD, rect.y + PAD + 4
    yield words(panel.letter, x, y, TITLE_PX, look.theme.text)
    at = x + width_of(panel.letter, TITLE_PX) + 10
    title = shortened(panel.title, rect.x + rect.w - PAD - at, TITLE_PX)
    if title:
        yield words(title, at, y, TITLE_PX, look.theme.text)
    for sign, text in zip((look.ink.positive, look.ink.negative), panel.signs, strict=False):
        yield _bar(x, y + 19, 9, sign[-1])
        yield words(text, x + 14, y + 19, NOTE_PX, look.theme.muted)
        x += width_of(text, NOTE_PX) + 26
    note = shortened(panel.note, rect.x + rect.w - PAD - x, NOTE_PX)
    yield words(note, x, y + 19, NOTE_PX, look.theme.muted)


def _bar(x: float, middle: float, wide: float, colour: int) -> Polygon:
    y, bottom = middle - 4.5, middle + 4.5
    return Polygon(((x, y), (x + wide, y), (x + wide, bottom), (x, bottom)), colour)


def _list(rect: Rect, pair: Pair, rows: int, look: Look) -> Iterator[Item]:
    wide = (rect.w - 3 * PAD) / 2
    odd = "NaN, or " if any(cell.difference == "NaN" for cell in pair.cells) else ""
    heads = f"{odd}{pair.b} larger", f"{pair.a} larger"
    for side, (title, cells) in enumerate(zip(heads, halves(pair), strict=True)):
        left = rect.x + PAD + side * (wide + PAD)
        value = max((width_of(text, ROW_PX) for cell in cells for text in (cell.a, cell.b)), default=24.0)
        change = max((width_of(cell.difference, ROW_PX) for cell in cells), default=24.0)
        second = left + wide - change - BAR - 2 * GAP
        columns_at = [left, second - value - GAP, second, left + wide]
        middle = rect.y + PAD + ROW / 2
        yield words(title, left, middle, NOTE_PX, look.theme.text)
        for text, at in zip((pair.a, pair.b, f"{pair.b} − {pair.a}"), columns_at[1:], strict=True):
            yield words(text, at - width_of(text, NOTE_PX), middle, NOTE_PX, look.theme.muted)
        for row, cell in enumerate(cells[:rows]):
            yield from _row(cell, columns_at, middle + (row + 1.2) * ROW, look)


def _row(cell: Changed, at: list[float], middle: float, look: Look) -> Iterator[Item]:
    place = f"[{_index(cell.row, cell.row_label)}, {_index(cell.col, cell.col_label)}]"
    room = at[1] - at[0] - width_of(cell.a, ROW_PX) - GAP
    yield words(shortened(place, room, ROW_PX), at[0], middle, ROW_PX, look.theme.text)
    for text, right in zip((cell.a, cell.b, cell.difference), at[1:], strict=True):
        yield words(text, right - width_of(text, ROW_PX), middle, ROW_PX, look.theme.text)
    bar = abs(cell.share) * BAR
    if bar > 0:
        table = look.ink.negative if cell.share < 0 else look.ink.positive
        yield _bar(at[2] + GAP, middle, bar, table[-1])


def _index(index: int, label: str) -> str:
    return f"{index} {label.strip()}" if label.strip() else f"{index}"


def _facts(rect: Rect, comparison: Comparison, look: Look) -> Iterator[Item]:
    pair = _pair(comparison)
    name = comparison.matrices[comparison.subject].name
    middle = rect.y + PAD + ROW / 2
    yield words(shortened(name, rect.w - 2 * PAD, NOTE_PX), rect.x + PAD, middle, NOTE_PX, look.theme.text)
    for at, (what, value) in enumerate(pair.facts):
        line = middle + (at + 1.2) * ROW
        if line + ROW / 2 > rect.y + rect.h:
            return
        right = rect.x + rect.w - PAD - width_of(value, ROW_PX)
        room = right - rect.x - 2 * PAD
        yield words(shortened(what, room, ROW_PX), rect.x + PAD, line, ROW_PX, look.theme.muted)
        yield words(value, right, line, ROW_PX, look.theme.text)


# --- items ---------------------------------------------------------------------------------------


def _draw(image: Image.Image, item: Item, theme: Theme, zoom: float) -> None:
    match item:
        case Words(left, _, text, px, colour):
            up = item.baseline - _middle_to_baseline(px)
            run = (Run(text, colour),)
            write(image, run, left=left, middle=up, px=px, ground=theme.ground, zoom=zoom)
        case Polygon(points, colour, _, width):
            (left, top), (right, bottom) = points[0], points[2]
            box = tuple(round(side * zoom) for side in (left, top, right, bottom))
            draw = ImageDraw.Draw(image)
            if width:
                draw.rectangle(box, outline=rgb(colour), width=max(1, round(width * zoom)))
            else:
                draw.rectangle(box, fill=rgb(colour))


def _middle_to_baseline(px: float) -> float:
    return words("", 0.0, 0.0, px, 0).baseline


def _moved(item: Item, x: float, y: float, drawing: Drawing) -> Item:
    """An item of a drawing at another place."""

    def to(point: tuple[float, float]) -> tuple[float, float]:
        return point[0] + x, point[1] + y

    match item:
        case Line(start, end):
            return replace(item, start=to(start), end=to(end))
        case Polygon(points):
            return replace(item, points=tuple(map(to, points)))
        case Disc(centre):
            return replace(item, centre=to(centre))
        case Strokes(lines):
            return replace(item, lines=tuple(tuple(map(to, line)) for line in lines))
        case Words(left, baseline):
            return replace(item, left=left + x, baseline=baseline + y)
        case Picture(_):
            return replace(item, box=(x, y, drawing.width, drawing.height))
