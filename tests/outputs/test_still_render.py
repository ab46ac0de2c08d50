"""Whole stills: what must be seen is seen, at any size, and the same every time."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from PIL import Image

from matcube.errors import OptionError
from matcube.outputs.still import png, render
from matcube.playback.colour import linear_from_srgb
from matcube.scene import colour
from matcube.wire import Camera, Pooled, StyleView, View
from tests.outputs.still_scenes import Builder, Scene, gaussian, product_scene, single

NAN_DARK = colour.palettes()[0].dark.nan


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image).astype(np.int64)


def lit(image: Image.Image) -> int:
    """Pixels that are not the dark ground."""
    return int((pixels(image).sum(axis=2) > 60).sum())


def like(image: Image.Image, wanted: int) -> int:
    """Pixels of a colour, or nearly so."""
    rgb = np.array([wanted >> 16 & 255, wanted >> 8 & 255, wanted & 255])
    return int((np.abs(pixels(image) - rgb).max(axis=2) < 60).sum())


def test_the_same_scene_gives_the_same_bytes():
    first, second = (png(render(*product_scene(), size=(320, 200))) for _ in range(2))
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()
    other = png(render(*product_scene(contrast=1.1), size=(320, 200)))
    assert other != first


@pytest.mark.parametrize("size", [(64, 64), (390, 844), (1280, 800), (1, 1), (33, 7)])
def test_any_size(size):
    image = render(*product_scene(), size=size)
    assert image.size == size
    if min(size) > 30:
        assert lit(image) > 0.01 * size[0] * size[1]


@pytest.mark.slow
def test_a_large_picture_is_made_in_bands():
    done: list[float] = []
    image = render(*product_scene(), size=(1900, 1500), progress=done.append)
    assert image.size == (1900, 1500)
    assert len(done) > 8
    assert done == sorted(done)
    assert done[-1] == 1.0


@pytest.mark.parametrize("bands", [1 << 12, 1 << 20])
def test_bands_leave_no_seam(bands: int, monkeypatch):
    whole = pixels(render(*product_scene(), size=(320, 200)))
    monkeypatch.setattr("matcube.outputs.still.paint.BAND", bands)
    assert np.array_equal(pixels(render(*product_scene(), size=(320, 200))), whole)


def test_supersampling_is_the_same_picture_smoother():
    """Of a face seen from the front; balls extend above a face at a low angle, ink does not."""
    head, buffers = product_scene()
    view = View(hidden=(0, 1))
    single, fourfold = (
        linear_from_srgb(
            pixels(render(head, buffers, size=(320, 200), view=view, supersample=n, decor=False)) / 255
        )
        for n in (1, 4)
    )
    assert 0 < np.abs(single - fourfold).mean() < 0.4 * fourfold.mean()
    assert single.mean() == pytest.approx(fourfold.mean(), rel=0.03)


@pytest.mark.slow
def test_a_single_nan_among_sixteen_million_cells_is_seen():
    values = np.zeros((4096, 4096), np.float32)
    values[1234, 3210] = np.nan
    built = Builder()
    built.face(built.matrix("M", values), (0, 0, 0))
    scene = built.head(), built.buffers
    sizes = (1280, 800), (200, 200)
    shown = [like(render(*scene, size=size, decor=False), NAN_DARK) for size in sizes]
    values[1234, 3210] = 0
    without = [like(render(*single(values), size=size, decor=False), NAN_DARK) for size in sizes]
    assert min(np.subtract(shown, without)) >= 9, "more than the edge of light"


def shape_of(value: float, side: int) -> np.ndarray:
    """The pixels of the shape of one odd cell in the middle of a face, seen from the front."""
    values = np.zeros((side, side), np.float32)
    values[side // 2, side // 2] = value
    head, buffers = single(values, numbers="never")
    view = View(camera=Camera((side / 2, -side / 2, 0.0), 0.0, 0.0, 2.2 * side), style=head.view.style)
    image = render(head, buffers, size=(400, 400), view=view, decor=False)
    seen = np.abs(pixels(image) - np.array([0xF5, 0xE6, 0xFF])).max(axis=2) < 90
    seen[:60] = seen[-60:] = seen[:, :60] = seen[:, -60:] = False  # the edge of light
    y, x = np.nonzero(seen)
    return seen[y.min() : y.max() + 1, x.min() : x.max() + 1]


@pytest.mark.parametrize("side", [9, 100, 900])
def test_nan_and_infinities_have_shapes_near_and_far(side: int):
    up, down, cross = (shape_of(value, side) for value in (np.inf, -np.inf, np.nan))
    third = len(up) // 3
    assert up[-third:].sum() > 1.5 * up[:third].sum(), "a triangle that points up"
    assert down[:third].sum() > 1.5 * down[-third:].sum(), "one that points down"
    corners = cross[:3, :3].any() and cross[-3:, :3].any() and cross[:3, -3:].any() and cross[-3:, -3:].any()
    middle = len(cross) // 2
    assert corners and cross[middle, middle] and cross.mean() < 0.8, "a cross"
    assert min(map(len, (up, down, cross))) >= 5, "large enough to be told apart"


def edge_on(side: int, distance: float) -> Image.Image:
    """A full face seen exactly along its plane."""
    head, buffers = single(np.ones((side, side), np.float32))
    middle = (side / 2, -side / 2, 0.0)
    view = View(camera=Camera(middle, np.pi / 2, 0.0, distance))
    return render(head, buffers, size=(300, 300), view=view, decor=False)


@pytest.mark.parametrize(("side", "distance"), [(12, 40), (64, 300), (64, 2000), (512, 5000), (2000, 20000)])
def test_a_plane_seen_edge_on_is_a_line(side: int, distance: float):
    seen = pixels(edge_on(side, distance)).sum(axis=2)
    tall = 300 * side / (2 * np.tan(np.radians(17.5)) * distance)
    rows = np.flatnonzero(seen.max(axis=1) > 60)
    assert rows.size >= 0.8 * min(tall, 300) - 2, "as long as the face is"
    columns = np.flatnonzero(seen.max(axis=0) > 60)
    assert 1 <= columns.size <= max(6, 2.5 * tall / side + 2), "and thin"


def test_a_plane_does_not_vanish_while_turning():
    side = 256
    head, buffers = single(gaussian(side, side))
    for yaw in (1.2, 1.4, 1.5, 1.55, 1.5707, 1.6):
        view = View(camera=Camera((side / 2, -side / 2, 0.0), yaw, 0.0, 1200.0))
        assert lit(render(head, buffers, size=(300, 300), view=view, decor=False)) > 40, yaw


def test_a_huge_scene_is_not_clipped():
    """Two faces a million cells apart are both drawn: there is no far plane."""
    built = Builder()
    node = built.matrix("M", np.ones((50, 50), np.float32))
    built.face(node, (0, 0, 0))
    built.face(node, (-400000.0, 400000.0, -1e6), (20000, 0, 0), (0, -20000, 0))
    view = View(camera=Camera((25.0, -25.0, 0.0), 0.0, 0.0, 120.0))
    image = pixels(render(built.head(), built.buffers, size=(300, 300), view=view, decor=False))
    near = image[100:200, 100:200]
    assert near.max() > 100
    far = image.copy()
    far[60:240, 60:240] = 0
    assert far.max() > 60


def test_the_eye_may_stand_inside_the_figure():
    head, buffers = product_scene(40, 40, 40)
    for target in ((20.0, -20.0, -20.0), (0.0, 0.0, 1.2), (20.0, -20.0, 1.2)):
        view = View(camera=Camera(target, -0.6, 0.42, 0.5))
        assert render(head, buffers, size=(200, 150), view=view).size == (200, 150)


def degenerate() -> dict[str, Scene]:
    nothing = np.zeros((0, 3), np.float32)
    built = Builder()
    built.face(built.matrix("H", None, shape=(6, 9)), (0, 0, 0))
    hollow = built.head(), built.buffers
    empty = Builder()
    return {
        "0×3": single(nothing),
        "1×1": single(np.ones((1, 1), np.float32)),
        "1×200": single(gaussian(1, 200)),
        "zeros": single(np.zeros((5, 5), np.float32)),
        "nan": single(np.full((5, 5), np.nan, np.float32)),
        "f64": single(gaussian(4, 4).astype(np.float64) * 1e300),
        "hollow": hollow,
        "no faces": (empty.head(), empty.buffers),
    }


@pytest.mark.parametrize("name", degenerate())
def test_degenerate_matrices_make_a_picture(name: str):
    image = render(*degenerate()[name], size=(320, 200))
    assert image.size == (320, 200)


def test_zeros_are_an_empty_plate_and_hollow_is_an_outline():
    scenes = degenerate()
    head, buffers = scenes["zeros"]
    bare = View(style=StyleView(guides=False, legends=False, letters=False))
    dots = View(style=StyleView(numbers="never"))
    seen = pixels(render(head, buffers, size=(320, 200), view=dots, decor=False))
    middle = seen[95:105, 155:165].reshape(-1, 3)
    assert (middle == middle[0]).all(), "nothing lies on it"
    assert 60 < middle[0].sum() < 0x1B + 0x22 + 0x2C + 3
    head, buffers = scenes["hollow"]
    image = render(head, buffers, size=(320, 200), view=bare)
    assert 100 < lit(image) < 2000
    assert lit(render(head, buffers, size=(320, 200), view=bare, decor=False)) == 0


@pytest.mark.parametrize("side", [8, 400])
def test_masked_cells_are_darker_than_the_plate_and_empty(side: int):
    values = np.ones((side, side), np.float32)
    pictures = []
    for mask in (None, np.triu(np.ones((side, side)), 1)):
        built = Builder()
        built.face(built.matrix("M", values, mask=mask), (0, 0, 0))
        view = View(style=StyleView(numbers="never"))
        pictures.append(lit(render(built.head(), built.buffers, size=(320, 200), view=view, decor=False)))
    assert 0.4 * pictures[0] < pictures[1] < 0.75 * pictures[0]


def test_a_transposed_face_shows_the_transposed_values():
    values = gaussian(6, 11)
    turned, plain = Builder(), Builder()
    turned.face(turned.matrix("M", values), (0, 0, 0), transposed=True)
    plain.face(plain.matrix("M", values.T.copy()), (0, 0, 0))
    for size in ((320, 200), (12, 12)):
        a, b = (pixels(render(s.head(), s.buffers, size=size, decor=False)) for s in (turned, plain))
        assert np.abs(a - b).max() <= 1


def test_hidden_faded_and_isolated():
    head, buffers = product_scene()

    def light(**more) -> int:
        seen = pixels(render(head, buffers, size=(320, 200), view=View(**more), decor=False))
        return int((seen - (0x09, 0x0C, 0x11)).sum())

    camera = Camera((10.0, -12.0, -8.0), -0.6, 0.42, 70.0)
    whole = light(camera=camera)
    assert light(camera=camera, hidden=[0, 1, 2]) == 0
    assert light(camera=camera, hidden=[2]) < 0.8 * whole
    assert light(camera=camera, hidden=[2]) < light(camera=camera, faded=[2]) < whole
    assert light(camera=camera, isolated=2) < light(camera=camera, hidden=[0])


def test_nearer_faces_cover_farther_ones():
    built = Builder()
    red = built.matrix("R", np.full((10, 10), -1, np.float32))
    blue = built.matrix("B", np.full((10, 10), 1, np.float32))
    built.face(blue, (0, 0, -3.0))
    built.face(red, (0, 0, 0))
    camera = Camera((5.0, -5.0, 0.0), 0.0, 0.0, 20000.0)
    # Far away both are ink of half a pixel or so; near by, the front face's dots lie on the other's.
    near = View(camera=Camera((5.0, -5.0, 0.0), 0.0, 0.0, 30.0), style=StyleView(dot_scale=1.1))
    seen = pixels(render(built.head(), built.buffers, size=(300, 300), view=near, decor=False))
    assert (seen[..., 0] > seen[..., 2] + 40).sum() > 20 * (seen[..., 2] > seen[..., 0] + 60).sum()
    assert render(built.head(), built.buffers, size=(64, 64), view=View(camera=camera)).size == (64, 64)


def test_a_pooled_matrix_is_drawn():
    built = Builder()
    pairs = np.zeros((8, 6, 2), np.float16)
    pairs[..., 0] = 0.5
    pairs[4:, :, :] = [0.0, 0.5]
    flags = np.zeros((8, 6), np.uint8)
    flags[0, 5] = 1
    mean = built.store(np.zeros((8, 6), np.float32))
    stored = Pooled(8, 6, (4.0, 4.0), mean, built.store(pairs), built.store(flags), "", "robust")
    built.face(built.matrix("P", None, shape=(32, 24), pooled=stored), (0, 0, 0))
    image = render(built.head(), built.buffers, size=(320, 200), decor=False)
    seen = pixels(image)
    upper, lower = seen[40:90], seen[110:160]
    assert (upper[..., 2] > upper[..., 0]).sum() > 200, "positive above"
    assert (lower[..., 0] > lower[..., 2]).sum() > 200, "negative below"
    assert like(image, NAN_DARK) > 10


def test_light_theme_is_dark_ink_on_near_white():
    seen = pixels(render(*product_scene(theme="light"), size=(320, 200)))
    assert tuple(seen[0, 319]) == (0xFF, 0xFF, 0xFF)
    assert seen.min() < 120


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"size": (0, 5)}, "0 × 5"),
        ({"size": (5, 9000)}, "9000"),
        ({"supersample": 0}, "supersample = 0"),
        ({"view": View(style=StyleView(palette="rainbow"))}, '"rainbow"'),
        ({"view": View(style=StyleView(sensitivity="keen"))}, '"keen"'),
    ],
)
def test_what_cannot_be_drawn_is_named(more, word):
    with pytest.raises(OptionError, match=word):
        render(*product_scene(), **{"size": (64, 64), **more})


def test_png_holds_the_picture_and_nothing_else():
    image = render(*product_scene(), size=(64, 48))
    data = png(image)
    assert data.startswith(b"\x89PNG")
    assert b"tEXt" not in data
    assert b"tIME" not in data
