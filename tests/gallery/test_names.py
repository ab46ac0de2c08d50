"""Names in the pictures of the gallery: all there, whole, on no other name and no other matrix."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from PIL import Image

from matcube.outputs.still.legend import legends_of
from matcube.outputs.still.lettering import Legend
from matcube.outputs.still.overlay import draw_corners
from matcube.outputs.still.render import prepared
from matcube.outputs.still.text import width_of
from matcube.outputs.still.words import IDENTIFIER, is_named, shown_name
from matcube.playback.camera import eye_of
from matcube.playback.outlines import Outline, apart, area_of, outlines_of, within
from matcube.playback.writing import PAD
from tools.gallery.rows import Row, rows

pytestmark = [pytest.mark.slow, pytest.mark.untraced]

SIZES = ((1280, 800), (400, 250), (390, 844))
SHARED = 0.5  # pixels that two boxes may share by rounding
SEEN = 4.0  # square pixels of a face that is in the picture


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_names_are_there_whole_and_on_nothing_else(row: Row) -> None:
    figure = row.figure()
    scene = figure.scene()
    for width, height in SIZES:
        ready = prepared(scene.head, scene.buffers, size=(width, height), view=figure.state)
        eye = eye_of(ready.camera, width=width, height=height)
        outlines = outlines_of(ready.shown.faces, eye)
        image = Image.new("RGB", (width, height))
        program = figure.state.program
        taken = draw_corners(image, ready.shown, program, outlines=outlines, moment=ready.moment)
        legends = legends_of(ready.shown, eye, taken=taken)
        names = [legend for legend in legends if legend.writing.id.startswith("n")]

        wanted = {
            (o.face.node, ready.shown.matrices[o.face.node].name) for o in outlines
            if o.seen and area_of(o.seen) >= SEEN and o.face.part is None and is_named(o.face, ready.shown)
            and IDENTIFIER.fullmatch(ready.shown.matrices[o.face.node].name)
        }  # fmt: skip
        by_id = {f"n{o.face.id}": o for o in outlines}
        written = {by_id[legend.writing.id].face.node for legend in names}
        missing = [name for node, name in wanted if node not in written]
        assert not missing, (row.id, width, missing)
        for legend in legends:
            for x, y in legend.writing.quad:
                assert -SHARED <= x <= width + SHARED and -SHARED <= y <= height + SHARED, legend.text
        for one, other in itertools.combinations(legends, 2):
            assert apart(one.writing.quad, other.writing.quad, -SHARED), (one.text, other.text)
        for legend in names:
            own = by_id[legend.writing.id]
            matrix = ready.shown.matrices[own.face.node]
            assert legend.text.startswith(shown_name(own.face, matrix))
            assert holds_its_text(legend)
            assert not legend.writing.flat or is_legible(legend), (row.id, legend.text)
            check_covers_own_cells_alone(legend, own, outlines)

        style = msgspec.structs.replace(ready.shown.style, letters=False)
        alone = legends_of(replace(ready.shown, style=style), eye, taken=taken)
        assert [legend.writing for legend in alone if legend.writing.id.startswith("n")] == [
            legend.writing for legend in names
        ], "letters displace no name"


def holds_its_text(legend: Legend) -> bool:
    at = legend.writing
    used = sum(width_of(run.text, 100) * px / 100 + space for run, px, space in legend.runs)
    return used <= at.size[0] - (0 if at.flat else 2 * PAD) + SHARED


def is_legible(legend: Legend) -> bool:
    """A text on a plane: letters lean by less than 36° and are at most twice as wide, or high, as upright."""
    right, down = legend.writing.right, legend.writing.down
    along, across = np.hypot(*right), np.hypot(*down)
    turn = right[0] * down[1] - right[1] * down[0]
    return bool(turn >= 0.81 * along * across and 0.49 < along / across < 2.05)


def check_covers_own_cells_alone(legend: Legend, own: Outline, outlines: list[Outline]) -> None:
    at = legend.writing
    inside = within(at.quad, own.seen)
    for outline in outlines:
        if outline is own or not outline.seen:
            continue
        behind = inside and outline.rank < own.rank
        assert behind or apart(at.quad, outline.seen, -SHARED), (legend.text, outline.face.id)
    assert np.isfinite(at.quad).all()
