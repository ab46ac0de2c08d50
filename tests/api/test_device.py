"""One device lit alone, by ``fig.view(device=...)``."""

from __future__ import annotations

import numpy as np
import pytest

import matcube as mc
from matcube.errors import OptionError
from matcube.playback.places import block_on

LEAVES = {"X": "gaussian(7, 10)", "W1": "gaussian(10, 16)", "W2": "gaussian(16, 9)"}
PROGRAM = "h = relu(X @ W1)\nout = h @ W2"


def test_a_device_is_a_number_of_the_partition():
    figure = mc.figure(PROGRAM, **LEAVES).partition({"W1.cols": 4})
    assert figure.view(device=3).state.device == 3
    assert figure.view(device=3).view(device=None).state.device is None
    for wrong in (4, -1, True, 1.5):
        with pytest.raises(OptionError, match="no device"):
            figure.view(device=wrong)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="no device"):
        mc.figure(PROGRAM, **LEAVES).view(device=1)


def test_parts_are_an_option_of_the_layout():
    figure = mc.figure("A @ B", A="gaussian(4, 20)", B="gaussian(20, 3)").partition({"A.cols": 10})

    def parts(one: mc.Figure) -> int:
        return sum(face.part is not None for face in one.scene().head.layouts[0].faces)

    assert parts(figure) == 0
    assert parts(figure.layout(parts=10)) == 10
    assert parts(figure.partition({"A.cols": 4}).layout(parts=0)) == 0
    with pytest.raises(OptionError, match="parts"):
        figure.layout(parts=65)


@pytest.mark.parametrize("partition", [{"W1.cols": 4}, {"X.rows": 3}, {"X.rows": 2, "W1.cols": 5}])
def test_blocks_that_are_lit_cover_each_matrix_and_are_what_devices_hold(partition):
    figure = mc.figure(PROGRAM, **LEAVES).partition(partition)
    head = figure.scene().head
    rows = {row.node: row for row in figure.devices().nodes}
    for face in head.layouts[0].faces:
        sizes = (face.cols, face.rows) if face.transposed else (face.rows, face.cols)
        seen = np.zeros(sizes, int)
        for device in range(figure.devices().count):
            held = block_on(head, device, face) or ((0, sizes[0]), (0, sizes[1]))
            block = seen[held[0][0] : held[0][1], held[1][0] : held[1][1]]
            block += 1
            if device == 0 and face.part is None:
                assert block.shape == tuple(rows[face.node].shape)
        assert (seen == seen[0, 0]).all()
        assert seen[0, 0] >= 1
