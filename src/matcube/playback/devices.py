"""Which devices of a partition hold a block of a matrix: the tint of its plate, and its number.

Numbers of devices count from 1 in texts, as parts do; ids count from 0. See docs/drawing.md, "Devices".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice, product
from math import prod
from typing import NamedTuple

import numpy as np

from matcube.playback.camera import NEAR, Eye, Floats, project
from matcube.playback.colour import linear_from_srgb, pack, split
from matcube.playback.labels import Spot
from matcube.playback.marks import blocks_of
from matcube.playback.outlines import area_of
from matcube.playback.places import PARTIAL, place
from matcube.playback.plates import Tint
from matcube.playback.shading import REST
from matcube.wire import Face, Head, Theme

NUMBER_PX, NUMBER_HIGH, NUMBER_SIDES = 12.0, 18.0, 5.0  # a number's font, badge, and room beside it, pixels
LEAST_EXTENT = 26.0  # of a block with a number, pixels
FAINT = 0.6  # share of its tint in the badge of a block that is not lit
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB
INKS = (0x000000, 0xFFFFFF)  # one of them has at least 4.5 : 1 on any ground
MOST = 64  # devices of one block that are counted out
MOST_RUNS = 2  # in the number of a block


class Held(NamedTuple):
    """The devices that hold a block: ``ids`` are the first 64 of ``total``; ``everyone`` holds it, if so."""

    ids: tuple[int, ...]
    total: int
    everyone: bool


Span = tuple[int, int]


def held_blocks(head: Head, face: Face) -> list[list[Held]]:
    """The devices of every plate of a face, by rows and columns of blocks as they are displayed.

    Args:
        head: the scene; without a partition, or without a row for the matrix, no device holds anything.
        face: with the blocks.
    """
    tall, long = blocks_of(face)
    return [[_held(head, face, rows, cols) for cols in long] for rows in tall]


def _held(head: Head, face: Face, rows: Span, cols: Span) -> Held:
    table = head.partition
    stored = None if table is None else next((row for row in table.matrices if row.node == face.node), None)
    if table is None or stored is None:
        return Held((), 0, False)
    own = (cols, rows) if face.transposed else (rows, cols)
    sizes = (face.cols, face.rows) if face.transposed else (face.rows, face.cols)
    by_group: list[list[int]] = []
    for group, dim in zip(table.groups, stored.dims, strict=True):
        numbers = range(group.blocks)
        if dim == PARTIAL and face.part is not None:
            numbers = range(face.part, face.part + 1)
        elif dim >= 0:
            axis = dim + 2 - len(stored.shape)
            length, (first, end) = max(1, -(-sizes[axis] // group.blocks)), own[axis]
            numbers = range(first // length, min(group.blocks, -(-end // length)))
        by_group.append(list(numbers))
    count = prod(map(len, by_group))
    ids = tuple(
        _number(at, [group.blocks for group in table.groups]) for at in islice(product(*by_group), MOST)
    )
    return Held(ids, count, count == table.count)


def _number(at: Sequence[int], blocks: Sequence[int]) -> int:
    """The id of the device at these blocks of the groups."""
    result = 0
    for number, count in zip(at, blocks, strict=True):
        result = result * count + number
    return result


def tint_of(held: Held, theme: Theme, device: int | None = None) -> Tint | None:
    """The tint of a block: that of its device, of several the first; None for all devices, or none.

    Args:
        held: the devices of the block.
        theme: with the tints.
        device: the lit device, from which other blocks step back.
    """
    if not held.ids or held.everyone or not theme.devices:
        return None
    faint = device is not None and device not in held.ids
    return Tint(theme.devices[held.ids[0] % len(theme.devices)], REST if faint else 1.0)


def tints_of(head: Head, face: Face, theme: Theme, device: int | None) -> list[list[Tint | None]] | None:
    """The tints of all plates of a face; None where nothing is split among devices.

    Args:
        head: the scene.
        face: with the blocks.
        theme: with the tints.
        device: the lit device, or None.
    """
    if head.partition is None:
        return None
    return [[tint_of(held, theme, device) for held in row] for row in held_blocks(head, face)]


def number_text(held: Held) -> str:
    """The number on a block.

    Example:
        >>> number_text(Held((1,), 1, False)), number_text(Held((0, 1, 4), 3, False))
        ('2', '1–2, 5')
        >>> number_text(Held((0, 4, 8), 3, False)), number_text(Held((0, 1), 2, True))
        ('1, 5, …', 'all')
    """
    if held.everyone:
        return "all"
    runs: list[list[int]] = []
    for device in held.ids:
        if runs and device == runs[-1][-1] + 1:
            runs[-1].append(device)
        else:
            runs.append([device])
    texts = [str(run[0] + 1) if len(run) == 1 else f"{run[0] + 1}–{run[-1] + 1}" for run in runs]
    more = ["…"] if len(texts) > MOST_RUNS or held.total > len(held.ids) else []
    return ", ".join([*texts[:MOST_RUNS], *more])


class Number(NamedTuple):
    """The number on a block.

    Args:
        row, col: of the block, as displayed.
        text: the number.
        ground, ink: colours of the badge and of its text.
        extent: square root of the area of the block, pixels.
        spots: corners of the block, the nearest to the eye first, and its middle.
    """

    row: int
    col: int
    text: str
    ground: int
    ink: int
    extent: float
    spots: tuple[Spot, ...]


def numbers_on(head: Head, face: Face, eye: Eye, theme: Theme, device: int | None) -> list[Number]:
    """The numbers on the blocks of a face that are large enough.

    Args:
        head: the scene.
        face: with the blocks.
        eye: of the picture.
        theme: with the tints.
        device: the lit device, or None.
    """
    out = []
    rows = held_blocks(head, face) if head.partition is not None else []
    for row, col, held in (
        (r, c, held) for r, of in enumerate(rows) for c, held in enumerate(of) if held.ids
    ):
        spots, depths = project(eye, _corners(face, row, col))
        extent = math.sqrt(area_of(tuple((float(x), float(y)) for x, y in spots)))
        if depths.min() <= NEAR or extent < LEAST_EXTENT:
            continue
        nearest = sorted(range(4), key=lambda n: float(depths[n]))
        corners = [(float(spots[n, 0]), float(spots[n, 1])) for n in nearest]
        middle = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
        tint = tint_of(held, theme)
        ground = theme.frame if tint is None else tint.colour
        if device is not None and device not in held.ids:
            back = split(theme.ground)
            ground = pack(back + (split(ground) - back) * FAINT)
        spots_of = (*corners, middle)
        out.append(Number(row, col, number_text(held), ground, ink_on(ground), extent, spots_of))
    return out


def ink_on(ground: int) -> int:
    """The ink that is easier to read on a ground: dark or white.

    Example:
        >>> hex(ink_on(0xA6F2C6)), hex(ink_on(0x4D4A17))
        ('0x0', '0xffffff')
    """

    def light(colour: int) -> float:
        return float(linear_from_srgb(split(colour)) @ LUMINANCE) + 0.05

    dark, white = (light(ink) for ink in INKS)
    return INKS[0] if light(ground) / dark >= white / light(ground) else INKS[1]


def _corners(face: Face, row: int, col: int) -> Floats:
    """The corners of a block, in the world."""
    tall, long = blocks_of(face)
    (top, bottom), (left, right) = (
        (place(span[0], part), place(max(span[0], span[1] - 1), part) + 1)
        for span, part in ((tall[row], face.row_split), (long[col], face.col_split))
    )
    across, down = np.array(face.across, np.float64), np.array(face.down, np.float64)
    ways = ((left, top), (right, top), (right, bottom), (left, bottom))
    return np.array([np.array(face.origin) + across * x + down * y for x, y in ways], np.float64)


def captions_of(head: Head, device: int | None) -> list[str]:
    """What a picture says of devices: of the lit one what it holds and sends.

    Args:
        head: the scene.
        device: the lit device, or None.
    """
    rows = head.partition.devices if head.partition is not None and device is not None else ()
    return [row.says for row in rows if row.id == device and row.says]
