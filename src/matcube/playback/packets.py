"""Packets of an exchange among devices: marks that move along links between blocks; see docs/drawing.md.

Each round of an exchange takes every device's packet from its block to that of the next; the number of rounds
is that of the algorithm whose bytes the partition's table gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

import numpy as np

from matcube.playback.camera import Floats
from matcube.playback.mark import Mark
from matcube.playback.places import PARTIAL, place
from matcube.playback.visible import layout_of
from matcube.wire import Collective, Face, Film, FilmExchange, Head, OnDevices, Partition, Split, Theme

WIDTH, EDGE = 6.0, 10.0  # of a packet and of its edge, pixels
LINK_OPACITY = 0.7
LONGEST, LEAST = 0.6, 0.15  # of a packet: shares of the shortest link, and of its own
MOST_ROUNDS = 8
MOST = 64  # packets of an exchange
MOST_SENTENCES = 2


class Playing(NamedTuple):
    """An exchange under way: ``share`` of its time is over."""

    exchange: FilmExchange
    share: float


def playing_at(film: Film, t: float) -> tuple[Playing, ...]:
    """The exchanges at time t, in order of lanes."""
    now = [item for item in film.exchanges if item.start <= t < item.start + item.steps]
    now.sort(key=lambda item: item.lane)
    return tuple(Playing(item, (t - item.start) / item.steps) for item in now)


def held_until(film: Film) -> dict[int, float]:
    """By node that an exchange holds back, the time from which it may have cells."""
    out: dict[int, float] = {}
    for item in film.exchanges:
        for node in item.holds:
            out[node] = max(out.get(node, 0.0), item.start + item.steps)
    return out


def sentences_of(head: Head, playing: Sequence[Playing]) -> list[str]:
    """What is said of the exchanges under way, the first two by their sentences."""
    table = None if head.partition is None else head.partition.collectives
    says = [table[item.exchange.collective].says for item in playing] if table else []
    more = len(says) - MOST_SENTENCES
    rest = [f"and {more} more exchange{'s' if more > 1 else ''}"] if more > 0 else []
    return [*says[:MOST_SENTENCES], *rest]


def packets_of(head: Head, faces: Sequence[Face], theme: Theme, playing: Sequence[Playing]) -> list[Mark]:
    """The links and packets of the exchanges under way.

    Args:
        head: the scene.
        faces: visible ones.
        theme: with the tints of devices.
        playing: from ``playing_at``.
    """
    return [mark for item in playing for mark in _packets(head, faces, theme, item)]


def _packets(head: Head, faces: Sequence[Face], theme: Theme, playing: Playing) -> list[Mark]:
    table = head.partition
    if table is None or not theme.devices:
        return []
    sent = table.collectives[playing.exchange.collective]
    count = table.groups[sent.group].blocks
    rounds = rounds_of(sent, count)
    passed = min(int(playing.share * rounds), rounds - 1)
    links = list(islice(_links(head, faces, table, sent, _next(sent, count, passed, rounds)), MOST))
    lengths = [float(np.linalg.norm(end - start)) for _, start, end in links]
    if not links or min(lengths) == 0:
        return []
    share = LONGEST * sent.bytes / max(1, *(other.bytes for other in table.collectives))
    out = [Mark(np.stack([start, end]), theme.muted, LINK_OPACITY) for _, start, end in links]
    for (device, start, end), link in zip(links, lengths, strict=True):
        long = max(share * min(lengths) / link, LEAST)
        at = (playing.share * rounds - passed) * (1 - long)
        ends = np.stack([start + (end - start) * at, start + (end - start) * (at + long)])
        out.append(Mark(ends, theme.ground, width=EDGE))
        out.append(Mark(ends, theme.devices[device % len(theme.devices)], width=WIDTH))
    return out


def rounds_of(sent: Collective, count: int) -> int:
    """The rounds of an exchange among ``count`` devices, of many the first eight."""
    return max(1, min((count - 1) * (2 if sent.kind == "all-reduce" else 1), MOST_ROUNDS))


def _next(sent: Collective, count: int, passed: int, rounds: int) -> int:
    """How many places farther a device sends: to the next in the ring; of pairs to each in turn."""
    return 1 + passed * (count - 1) // rounds if sent.kind == "all-to-all" else 1


def _links(
    head: Head, faces: Sequence[Face], table: Partition, sent: Collective, ahead: int
) -> Iterator[tuple[int, Floats, Floats]]:
    """Each device that sends, with the middles of its block and of the receiver's."""
    stored = _stored(head, table, sent)
    if stored is None:
        return
    shared = [n for n, dim in enumerate(stored.dims) if dim != -1]
    blocks = [group.blocks for group in table.groups]
    for at in product(*(range(count) if n in shared else range(1) for n, count in enumerate(blocks))):
        to = [(b + ahead) % blocks[n] if n == sent.group else b for n, b in enumerate(at)]
        start, end = (_middle(faces, table, stored, place) for place in (at, to))
        if start is not None and end is not None:
            device = 0
            for number, count in zip(at, blocks, strict=True):
                device = device * count + number
            yield device, start, end


def _stored(head: Head, table: Partition, sent: Collective) -> OnDevices | None:
    """What has a block for each device of the group: the matrix, or an operand of sums without sheets."""
    rows = {row.node: row for row in table.matrices}
    own = rows.get(sent.node)
    if own is None or own.dims[sent.group] != PARTIAL:
        return own if own is not None and own.dims[sent.group] >= 0 else None
    faces = layout_of(head).faces
    chain = next((face.chain for face in faces if sent.node in face.chain), ())
    sheets = [face.node for face in faces if face.part is not None and face.node in chain]
    inputs = next((matrix.inputs for matrix in head.matrices if matrix.node == sent.node), [])
    places = [rows[node] for node in (*sheets, *inputs) if node in rows]
    return next((row for row in places if row.dims[sent.group] != -1), None)


def _middle(faces: Sequence[Face], table: Partition, stored: OnDevices, at: Sequence[int]) -> Floats | None:
    """The middle of a device's block, or of its sheet; None where that is not seen, or empty."""
    part = next((b for b, dim in zip(at, stored.dims, strict=True) if dim == PARTIAL), None)
    face = next((face for face in faces if face.part == part and stored.node in face.chain), None)
    if face is None:
        return None
    sizes = (face.cols, face.rows) if face.transposed else (face.rows, face.cols)
    spans = [(0, size) for size in sizes]
    for b, dim, group in zip(at, stored.dims, table.groups, strict=True):
        if dim >= 0:
            axis = dim + 2 - len(stored.shape)
            length = max(1, -(-sizes[axis] // group.blocks))
            first, end = spans[axis]
            spans[axis] = max(first, b * length), min(end, (b + 1) * length)
    rows, cols = spans[::-1] if face.transposed else spans
    if rows[0] >= rows[1] or cols[0] >= cols[1]:
        return None
    down, right = _centre(rows, face.row_split), _centre(cols, face.col_split)
    result: Floats = np.array(face.origin) + np.array(face.across) * right + np.array(face.down) * down
    return result


def _centre(span: tuple[int, int], split: Split | None) -> float:
    return (place(span[0], split) + place(span[1] - 1, split) + 1) / 2
