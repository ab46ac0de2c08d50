"""Rods: the products behind pinned cells."""

from dataclasses import replace

import numpy as np
import pytest

import matcube as mc
from matcube.outputs.still.paint import paint_scene
from matcube.outputs.still.render import prepared
from matcube.playback.camera import eye_of


def planes(figure):
    scene = figure.scene()
    return prepared(scene.head, scene.buffers, size=(320, 200), view=figure.state)


def duration(figure):
    film = figure.scene().head.film
    assert film is not None
    return film.duration


@pytest.fixture
def arrays():
    draw = np.random.default_rng(2)
    return {"A": draw.normal(size=(6, 7)), "B": draw.normal(size=(7, 5))}


def test_a_rod_is_the_products_of_its_cell(arrays):
    figure = mc.figure("C = A @ B", **arrays).view(pin=[("C", 4, 2), ("C", 0, 1)])
    first, second = planes(figure).moment.planes
    np.testing.assert_array_equal(first.values, [arrays["A"][4] * arrays["B"][:, 2]])
    np.testing.assert_array_equal(second.values, [arrays["A"][0] * arrays["B"][:, 1]])
    assert first.highest == np.abs(first.values).max()
    box = planes(figure).shown.boxes[0]
    start = np.array(box.corner) + 4 * np.array(box.i_step) + 2.5 * np.array(box.j_step)
    np.testing.assert_allclose(first.face.origin, start)
    assert (first.face.rows, first.face.cols) == (1, 7)


def test_transposed_arguments_maps_and_blocks(arrays):
    a, b = arrays["A"], arrays["B"]
    figure = mc.figure("C = relu(A.T @ B)", A=a.T.copy(), B=b).layout("zigzag").partition({"A.rows": 2})
    (rod,) = planes(figure.view(pin=("C", 4, 2))).moment.planes
    np.testing.assert_array_equal(rod.values, [a[4] * b[:, 2]])


def test_what_has_no_sum_has_no_rod(arrays):
    figure = mc.figure("C = A @ B", **arrays)
    assert planes(figure).moment.planes == ()
    assert planes(figure.view(pin=("A", 1, 1))).moment.planes == ()
    many = figure.view(pin=[("C", n, m) for n in range(6) for m in range(2)])
    assert len(planes(many).moment.planes) == 8


def rods(figure, t):
    """The rods of a film's frame."""
    moment = planes(figure.animate("axpy", time=t)).moment
    return [plane for plane in moment.planes if plane.highest is not None]


def test_in_a_film_a_rod_is_what_is_summed_so_far(arrays):
    figure = mc.figure("C = A @ B", **arrays).view(pin=("C", 1, 3))
    products = arrays["A"][1] * arrays["B"][:, 3]
    lengths = []
    for k in range(9):  # axpy goes column by column, and within a column product by product
        (rod,) = rods(figure, 3 * 7 + k)
        expected = np.where(np.arange(7) < k, products, 0)
        np.testing.assert_array_equal(rod.values, [expected])
        assert rod.highest == (np.abs(expected).max() or 1)
        lengths.append(np.count_nonzero(rod.values))
    assert lengths[0] == 0 and lengths[-1] == 7 and sorted(lengths) == lengths


def test_the_cells_of_a_transposed_result_are_found(arrays):
    figure = mc.figure("D = (A @ B).T @ E", **arrays, E=np.ones((6, 2))).view(pin=("D", 3, 1))
    for t in np.linspace(0, duration(figure.animate("vmprod")), 9):
        frame = planes(figure.animate("vmprod", time=float(t)))
        for rod in (each for each in frame.moment.planes if each.highest is not None):
            shown = arrays["A"] @ arrays["B"]
            whole = shown.T[3] * np.ones(6)
            formed = np.count_nonzero(rod.values)
            np.testing.assert_allclose(rod.values[0, :formed], whole[:formed])


def test_streaming_attention_has_a_rod_when_the_row_is_over():
    draw = np.random.default_rng(5)
    q, k, v = (draw.normal(size=(4, 3)) for _ in range(3))
    figure = mc.figure("out = softmax(Q @ K.T) @ V", Q=q, K=k, V=v).view(pin=("out", 1, 2))
    film = figure.animate("online")
    end = duration(film)
    (before,) = (p for p in planes(film).moment.planes if p.highest is not None)
    (after,) = (p for p in planes(figure.animate("online", time=end)).moment.planes if p.highest is not None)
    weights = np.exp(q @ k.T) / np.exp(q @ k.T).sum(axis=1, keepdims=True)
    assert not before.values.any()
    np.testing.assert_allclose(after.values[0], weights[1] * v[:, 2], rtol=1e-6)


def test_a_frame_shows_the_rod(arrays):
    """The frames of a film with a pin and without differ inside the box, and from moment to moment."""
    figure = mc.figure("C = A @ B", **arrays).style(legends=False, letters=False)
    pictures = {}
    for pin in ([], [("C", 5, 4)]):
        for t in (29.0, 35.0):
            scene = figure.view(pin=pin).animate("axpy", time=t).scene()
            ready = prepared(scene.head, scene.buffers, size=(320, 240), view=scene.head.view)
            eye = eye_of(ready.camera, width=320, height=240)
            unlit = replace(ready.moment, lit={})
            pictures[bool(pin), t] = paint_scene(
                scene.buffers, ready.shown, eye, moment=unlit, supersample=1, decor=False, progress=None
            )
    grown = {t: int((pictures[True, t] != pictures[False, t]).any(axis=2).sum()) for t in (29.0, 35.0)}
    assert grown[35.0] > 2 * grown[29.0] > 0
