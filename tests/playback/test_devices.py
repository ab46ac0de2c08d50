"""Devices of blocks: against what each device holds by the partition's own tables; numbers and tints."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from matcube.playback.devices import Held, captions_of, held_blocks, ink_on, number_text, tint_of, tints_of
from matcube.playback.marks import blocks_of
from matcube.playback.shading import REST
from matcube.scene import colour
from tests.scene.test_colour import DEFICIENCIES, distance, seen

LEAVES = {"X": "gaussian(7, 10)", "W1": "gaussian(10, 16)", "W2": "gaussian(16, 9)"}
PROGRAM = "h = relu(X @ W1)\nout = h @ W2"
ATTENTION = dict.fromkeys(("Q", "K", "V"), "gaussian(16, 8)")
DARK, LIGHT = colour.themes()


def ids_by_cell(figure: mc.Figure, name: str) -> np.ndarray:
    """For each cell the set of devices that ``Devices.holds`` gives it to."""
    devices = figure.devices()
    sizes = next(row.sizes for row in devices.nodes if row.name == name)
    out = np.frompyfunc(lambda _: frozenset(), 1, 1)(np.zeros(sizes))
    for device in range(devices.count):
        (r0, r1), (c0, c1) = devices.holds(device)[name]
        part = out[r0:r1, c0:c1]
        part[...] = np.frompyfunc(lambda held, device=device: held | {device}, 1, 1)(part)
    return out


@pytest.mark.parametrize(
    ("partition", "program", "leaves"),
    [
        ({"W1.cols": 4}, PROGRAM, LEAVES),
        ({"X.rows": 3}, PROGRAM, LEAVES),
        ({"X.rows": 2, "W1.cols": 5}, PROGRAM, LEAVES),
        ({"preset:fsdp": 3}, PROGRAM, LEAVES),
        ({"preset:ring": 4}, "out = softmax(Q @ K.T) @ V", ATTENTION),
    ],
)
def test_blocks_have_the_devices_that_hold_their_cells(partition, program, leaves):
    figure = mc.figure(program, **leaves).partition(partition)
    head, names = figure.scene().head, {m.node: m.name for m in figure.scene().head.matrices}
    seen_faces = 0
    for face in head.layouts[0].faces:
        if face.part is not None:
            continue
        cells = ids_by_cell(figure, names[face.node])
        cells = cells.T if face.transposed else cells
        tall, long = blocks_of(face)
        for (r0, r1), of in zip(tall, held_blocks(head, face), strict=True):
            for (c0, c1), held in zip(long, of, strict=True):
                want = frozenset().union(*cells[r0:r1, c0:c1].ravel())
                assert set(held.ids) == want and held.total == len(want)
                assert held.everyone == (len(want) == figure.devices().count)
                seen_faces += 1
    assert seen_faces > 4


def test_a_sheet_of_partial_results_is_its_device_s():
    head = mc.figure(PROGRAM, **LEAVES).partition({"W1.cols": 4}).scene().head
    parts = [face for face in head.layouts[0].faces if face.part is not None]
    assert [held_blocks(head, face)[0][0].ids for face in parts] == [(0,), (1,), (2,), (3,)]


def test_without_a_partition_nobody_is_named():
    head = mc.figure(PROGRAM, **LEAVES).scene().head
    face = head.layouts[0].faces[0]
    assert tints_of(head, face, DARK, None) is None
    assert captions_of(head, 0) == []
    assert held_blocks(head, face) == [[Held((), 0, False)]]


def test_a_tint_is_that_of_the_first_device_and_repeats_after_eight():
    alone = [tint_of(Held((n,), 1, False), DARK) for n in range(9)]
    assert [tint.colour for tint in alone if tint] == [*DARK.devices, DARK.devices[0]]
    assert tint_of(Held((0, 1), 2, True), DARK) is None
    faint = tint_of(Held((2,), 1, False), DARK, device=1)
    assert faint is not None and (faint.colour, faint.opacity) == (DARK.devices[2], REST)


def test_numbers_of_many_devices_are_short():
    assert number_text(Held(tuple(range(64)), 128, False)) == "1–64, …"
    assert number_text(Held((63,), 1, False)) == "64"
    assert max(len(number_text(Held(tuple(range(n, 64, 2)), 32, False))) for n in (0, 1)) <= 9


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_tints_are_apart_for_every_reader(theme, deficiency):
    lab = seen(theme.devices, deficiency)
    apart = distance(lab[:, None], lab[None]) + np.eye(8)
    assert apart.min() > 0.033
    assert apart[:4, :4].min() > 0.046


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_tints_mean_no_sign_and_stand_out_from_their_ground(theme):
    palette = colour.palettes()[0]
    ink = palette.dark if theme is DARK else palette.light
    others = seen([ink.negative[-1], ink.positive[-1], theme.accent])
    assert distance(seen(theme.devices)[:, None], others[None]).min() > 0.1
    for tint in theme.devices:
        assert contrast(tint, theme.plate_front) >= 3
        assert contrast(ink_on(tint), tint) >= 4.5


def contrast(a: int, b: int) -> float:
    """WCAG 2: the ratio of two colours' luminances."""
    light = sorted(
        float(colour.linear_from_oklab(seen([each])[0]) @ [0.2126, 0.7152, 0.0722]) for each in (a, b)
    )
    return (light[1] + 0.05) / (light[0] + 0.05)


@pytest.mark.parametrize("partition", [{"W1.cols": 4}, {"X.rows": 2, "W1.cols": 5}])
def test_the_caption_has_the_bytes_of_the_table(partition):
    figure = mc.figure(PROGRAM, **LEAVES).partition(partition)
    head, devices = figure.scene().head, figure.devices()
    for row in devices.rows:
        cells = sum(
            int(np.prod([stop - start for start, stop in held])) for held in devices.holds(row.id).values()
        )
        assert row.leaf_bytes + row.value_bytes == 4 * cells
        (says,) = captions_of(head, row.id)
        assert says == (
            f"Device {row.id + 1} of {devices.count} · holds {in_words(4 * cells)}"
            f" · sends {in_words(devices.sent_bytes)}"
        )


def in_words(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{float(f'{count / 1000:.4g}'):g} kB"


def test_a_dtype_halves_the_caption():
    devices = mc.figure(PROGRAM, **LEAVES).partition(W1_cols=4).devices
    full, half = devices().rows[1].says, devices(dtype="bfloat16").rows[1].says
    assert full == "Device 2 of 4 · holds 1.06 kB · sends 378 B"
    assert half == "Device 2 of 4 · holds 530 B · sends 189 B"
