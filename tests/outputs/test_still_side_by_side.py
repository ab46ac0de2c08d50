"""A comparison as one picture: bars clear of data, and a list only where its rows have room."""

import numpy as np
import pytest

import matcube as mc
from matcube.outputs.still import sheet_drawing
from matcube.outputs.still.overlay import bar_of, placed_bar
from matcube.outputs.still.paper.items import Words
from matcube.outputs.still.render import prepared
from matcube.outputs.still.side_by_side import plan_of
from matcube.playback.camera import eye_of
from matcube.playback.labels import covers
from matcube.playback.outlines import outlines_of


@pytest.fixture(scope="module")
def both():
    rng = np.random.default_rng(1)
    arrays = {name: rng.normal(size=(24, 16)) for name in "QKV"}
    program = "attn = softmax(tril(Q @ K.T / 4)); out = attn @ V"
    sharper = arrays | {"Q": 3 * arrays["Q"]}
    return mc.compare(mc.figure(program, **arrays), mc.figure(program, **sharper), matrix="attn")


@pytest.mark.parametrize("size", [(420, 300), (408, 488), (300, 240)])
def test_a_bar_that_must_be_clear_lies_on_no_face_or_is_left_out(both, size):
    scene = both.figures[0].scene()
    seen = prepared(scene.head, scene.buffers, size=size, view=scene.head.view)
    outlines = outlines_of(seen.shown.faces, eye_of(seen.camera, width=size[0], height=size[1]))
    bar = bar_of(seen.shown, size, seen.moment)
    assert bar is not None
    root = seen.shown.layout.root_face
    anywhere = placed_bar(bar, outlines, root, size[0])
    clear = placed_bar(bar, outlines, root, size[0], clear=True)
    under = anywhere and [o for o in outlines if covers(o.polygon, anywhere.rect)]
    assert (clear is None) == (anywhere is None or bool(under))
    assert clear is None or not any(covers(outline.polygon, clear.rect) for outline in outlines)


def test_the_bar_of_a_difference_says_the_scale_of_all(both):
    items = sheet_drawing(*both._panels, size=(1280, 800)).items
    says = [item.left for item in items if isinstance(item, Words) and "brightest" in item.text]
    assert says and max(says) > 854, "in the third panel, which has room"


def test_a_list_has_room_for_its_cells_or_is_left_out():
    assert plan_of(3, 9, (600, 420)).rows == 0
    assert plan_of(3, 9, (1280, 800)).rows == 9
    assert plan_of(3, 9, (600, 420)).panels[0].h == pytest.approx(420 - 32)
