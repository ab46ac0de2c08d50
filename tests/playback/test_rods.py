"""Rods: the products behind pinned cells."""

import numpy as np
import pytest

import matcube as mc
from matcube.outputs.still.render import prepared


def planes(figure):
    scene = figure.scene()
    return prepared(scene.head, scene.buffers, size=(320, 200), view=figure.state)


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
