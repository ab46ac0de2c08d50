"""Notes on uneven splits: table, head of the page and still say the same, for every preset and axis."""

from __future__ import annotations

import io
import re

import msgspec
import numpy as np
import pytest

import matcube as mc
from matcube.outputs.still.notes import notes_of
from matcube.outputs.still.overlay import draw_corners
from matcube.outputs.still.render import prepared, render
from matcube.partition import PRESETS
from matcube.playback.labels import overlap
from tests.partition.programs import EXPERTS, HEAD, MLP

SIZE = (900, 600)
SHAPES: dict[str, dict[str, tuple[int, ...]]] = {
    MLP: {"x": (7, 10), "w1": (10, 12), "b1": (12,), "w2": (12, 5), "b2": (5,)},
    HEAD: {"x": (7, 5), "wQ": (5, 6), "wK": (5, 6), "wV": (5, 6), "wO": (6, 5)},
    EXPERTS: {"x": (6, 7, 5), "w1": (6, 5, 3), "w2": (6, 3, 5)},
}
SPLITS: dict[str, tuple[str, dict[str, int]]] = {
    "rows": (MLP, {"x.rows": 4}), "columns": (MLP, {"w2.cols": 2}), "summed": (MLP, {"x.cols": 3}),
    "heads": (EXPERTS, {"experts": 4}), "one use": (HEAD, {"attn.i": 3}),
    "data": (MLP, {"preset:data": 4}), "fsdp": (MLP, {"preset:fsdp": 3}),
    "sequence": (MLP, {"preset:sequence": 3}), "expert": (EXPERTS, {"preset:expert": 4}),
    "blockwise": (HEAD, {"preset:blockwise": 4}), "ring": (HEAD, {"preset:ring": 4}),
}  # fmt: skip


def figure_of(program: str) -> mc.Figure:
    return mc.figure(program, {name: np.ones(shape) for name, shape in SHAPES[program].items()})


def written(figure: mc.Figure) -> str:
    """The texts of the SVG, without blanks at its lines' ends."""
    stream = io.BytesIO()
    figure.save(stream, format="svg", size=SIZE)
    return " ".join(re.findall(r">([^<>]+)</text>", stream.getvalue().decode()))


@pytest.mark.parametrize("name", SPLITS)
def test_table_page_and_still_say_what_is_uneven(name: str) -> None:
    program, splits = SPLITS[name]
    if "sequence" in name:  # its axes have to divide
        with pytest.raises(mc.MatcubeError, match="cannot share evenly"):
            figure_of(program).partition(splits).devices()
        return
    figure = figure_of(program).partition(splits)
    head = figure.scene().head
    assert head.partition is not None and head.partition.uneven
    size = prepared(head, figure.scene().buffers, size=SIZE, view=figure.state)
    notes = [note.text for note in notes_of(size.shown, SIZE)]
    svg = written(figure)
    for sentence in head.partition.uneven:
        assert re.match(r"uneven: \S+ has \d+ places in \d blocks: ", sentence)
        assert sentence in str(figure.devices()) and sentence in figure.devices()._repr_html_()
        assert sentence in notes
        assert sentence in svg


def test_every_preset_is_in_this_file() -> None:
    assert {f"preset:{name}" for name in PRESETS} - {key for _, of in SPLITS.values() for key in of} == {
        "preset:megatron"  # tests/regressions/test_costs.py: refused
    }


def test_weights_stored_in_blocks_are_said() -> None:
    """Rows of w1 are 10, and are no axis that fsdp splits."""
    table = str(figure_of(MLP).partition(preset="fsdp", devices=3).devices())
    assert "uneven: x.cols has 10 places in 3 blocks: 2 of 4, one of 2" in table
    assert "b1.entries" not in table and "w1.cols has" not in table  # 12 divides by 3


def test_an_even_split_and_none_say_nothing() -> None:
    for splits in ({}, {"w1.cols": 4}):
        scene = figure_of(MLP).partition(splits).scene()
        assert not (scene.head.partition and scene.head.partition.uneven)
        shown = prepared(scene.head, scene.buffers, size=SIZE, view=scene.head.view).shown
        assert notes_of(shown, SIZE) == []


@pytest.mark.parametrize("size", [(340, 420), (640, 480), (1280, 800)])
def test_notes_lie_inside_and_on_no_bar_nor_program(size: tuple[int, int]) -> None:
    figure = figure_of(MLP).partition({"x.rows": 4, "w2.cols": 2})
    scene = figure.scene()
    image = render(scene.head, scene.buffers, size=size)
    shown = prepared(scene.head, scene.buffers, size=size, view=scene.head.view).shown
    corners = draw_corners(image, shown, figure.program)
    notes = notes_of(shown, size, taken=corners)
    assert len(corners) == 2 and len(notes) >= 2
    for note in notes:
        assert note.rect.x >= 0 and note.rect.y >= 0
        assert note.rect.x + note.rect.w <= size[0] and note.rect.y + note.rect.h <= size[1]
        assert not any(overlap(note.rect, corner) for corner in corners)
    assert " ".join(note.text for note in notes).count("uneven: ") == 2


def test_a_picture_and_a_frame_of_a_film_have_it() -> None:
    figure = figure_of(MLP).partition({"x.rows": 4})
    for each in (figure, figure.animate("vmprod")):
        scene = each.scene()
        assert scene.head.partition is not None
        silent = msgspec.structs.replace(
            scene.head, partition=msgspec.structs.replace(scene.head.partition, uneven=())
        )
        noted, plain = (np.asarray(render(h, scene.buffers, size=SIZE)) for h in (scene.head, silent))
        assert (noted != plain).any(axis=2).sum() > 300
