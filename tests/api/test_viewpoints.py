"""Viewpoints that Python keeps: what is kept, what travels, what is refused; devices that are no more."""

import math

import pytest

import matcube as mc
from matcube.errors import OptionError
from matcube.outputs.still.render import fitted
from matcube.playback.visible import shown_of
from matcube.wire import MAX_VIEWPOINTS
from matcube.wire.link import decode_link


@pytest.fixture
def fig():
    return mc.figure("C = A @ B", A="gaussian(8, 4)", B="gaussian(4, 6)")


def test_camera_and_selection_are_kept_and_travel(fig):
    toured = fig.stop("all").view(yaw=29, pitch=0, distance=20, pin="C[1, 2]").stop("near")
    whole, near = decode_link(toured.link()).viewpoints
    assert (whole.name, near.name) == ("all", "near")
    assert (
        near.camera == toured.state.camera
        and near.camera.yaw == math.radians(29)
        and near.camera.distance == 20
    )
    assert [(one.row, one.col) for one in near.selection.pins] == [(1, 2)] and whole.selection.pins == ()
    assert (
        whole.camera == fig.view(yaw=math.degrees(whole.camera.yaw)).state.camera
    )  # the one that sees everything
    assert fig.state.viewpoints == ()


def test_one_of_the_same_name_is_replaced_in_its_place(fig):
    toured = fig.stop("a").stop("b").view(yaw=57).stop(" a ")
    assert (toured.state.viewpoints[0].name, toured.state.viewpoints[0].camera.yaw) == ("a", math.radians(57))
    assert len(toured.state.viewpoints) == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, None, 3])
def test_no_name(fig, name):
    with pytest.raises(OptionError, match="a viewpoint cannot be called"):
        fig.stop(name)


def test_as_many_as_a_link_carries(fig):
    for number in range(MAX_VIEWPOINTS):
        fig = fig.stop(str(number))
    assert fig.stop("0").link()
    with pytest.raises(OptionError, match="64 viewpoints already"):
        fig.stop("one more")


def test_a_device_that_is_no_more_is_let_go(fig):
    lit = fig.partition(A_rows=4).view(device=3)
    assert lit.partition(A_rows=4, B_cols=2).state.device == 3
    assert lit.partition(A_rows=2).state.device is None
    assert lit.partition().state.device is None


def test_a_stop_without_a_camera_is_the_opening() -> None:
    head = "out = (attn = softmax(Q @ K.T)) @ V"
    figures = (
        mc.figure(head, **dict.fromkeys("QKV", "gaussian(32, 16)")),
        mc.figure("A @ B", **dict.fromkeys("AB", "eye(9, 9)")),
    )
    for figure in figures:
        scene = figure.scene()
        shown = shown_of(scene.head, figure.state)
        assert figure.stop("all").state.viewpoints[0].camera == fitted(shown, width=1280, height=800)
