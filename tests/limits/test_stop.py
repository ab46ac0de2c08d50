"""Work that is no longer wanted stops between two of its steps, and leaves nothing half made."""

from itertools import count

import numpy as np
import pytest

import matcube as mc
from matcube import values
from matcube.api import frames
from matcube.ir import IndexSpec
from matcube.limits import check_stop, steps, stopped_by
from matcube.ops import Cells
from matcube.outputs import still


def after(number):
    """A wish that is there from the nth time on that somebody asks."""
    asked = count(1)
    return lambda: next(asked) > number


def test_nobody_wants_a_stop_by_default():
    check_stop()
    with stopped_by(lambda: True), pytest.raises(mc.StoppedError, match="stopped"):
        check_stop()
    check_stop()


def test_a_loop_ends_between_two_items():
    seen = []
    with stopped_by(after(3)), pytest.raises(mc.StoppedError):
        for item in steps(range(10)):
            seen.append(item)
    assert seen == [0, 1, 2]


GRAPH = mc.figure("A @ A + 1", A="eye(3, 3)")._program.graph
SCENE = mc.figure("A @ A", A="eye(3, 3)").animate("vmprod").scene()
LONG = np.ones((4, 300_000))  # more than one block of statistics
ROWS = IndexSpec.parse("i k, k j -> i j")
WORK = {
    "values": lambda: values.evaluate(GRAPH, {}),
    "one long product": lambda: values.contract(ROWS, [np.ones((1, 5_000_000)), np.ones((5_000_000, 1))]),
    "statistics": lambda: values.stats(Cells(LONG)),
    "pooling": lambda: values.pool(Cells(np.ones((3000, 3000))), cells_at_most=10_000),
    "a stream": lambda: values.running_softmax(Cells(np.ones((4, 4))), np.ones((4, 2)), block=2),
    "a picture": lambda: still.render(SCENE.head, SCENE.buffers, size=(64, 64)),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_work_stops(work):
    with stopped_by(lambda: True), pytest.raises(mc.StoppedError):
        work()


def test_what_was_stopped_can_be_done_later():
    fig = mc.figure("softmax(A @ A.T) @ A", A="gaussian(8, 8, seed=1)")
    whole = mc.figure("softmax(A @ A.T) @ A", A="gaussian(8, 8, seed=1)").to_png()
    for number in (0, 2, 5, 9, 12):
        with stopped_by(after(number)), pytest.raises(mc.StoppedError):
            fig.to_png()
    assert fig.to_png() == whole


def test_a_film_stops_between_two_frames():
    drawn = frames.frames_of(SCENE, size=(64, 64), seconds=1, fps=8, progress=None)
    next(drawn)
    with stopped_by(lambda: True), pytest.raises(mc.StoppedError):
        next(drawn)
