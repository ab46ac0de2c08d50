"""Stops that Python keeps: what is kept, what travels, what is refused; devices that are no more."""

import math

import pytest
from msgspec.structs import replace

import matcube as mc
from matcube.errors import OptionError
from matcube.outputs.still.render import fitted
from matcube.playback.visible import shown_of
from matcube.wire import MAX_SENTENCE, MAX_STOPS
from matcube.wire.link import decode_link

HEAD = "out = (attn = softmax(tril(Q @ K.T / 2))) @ V"
QKV = {"Q": "gaussian(6, 4)", "K": "gaussian(6, 4, seed=2)", "V": "gaussian(6, 4, seed=3)"}


@pytest.fixture
def fig():
    return mc.figure("C = A @ B", A="gaussian(8, 4)", B="gaussian(4, 6)")


def test_camera_and_selection_are_kept_and_travel(fig):
    toured = fig.stop("all").view(yaw=29, pitch=0, distance=20, pin="C[1, 2]").stop("near")
    whole, near = decode_link(toured.link()).stops
    assert (whole.name, near.name) == ("all", "near")
    assert near.camera == toured.state.camera
    assert (near.camera.yaw, near.camera.distance) == (math.radians(29), 20)
    assert [(one.row, one.col) for one in near.selection.pins] == [(1, 2)] and whole.selection.pins == ()
    # the one that sees everything
    assert whole.camera == fig.view(yaw=math.degrees(whole.camera.yaw)).state.camera
    assert fig.state.stops == ()


def test_a_stop_keeps_the_whole_state_and_brings_it_back():
    plain = mc.figure(HEAD, **QKV)
    seen = (
        plain.layout(sheets="open")
        .style(theme="light", contrast=2.0)
        .animate("vmprod")
        .view(yaw=12, pitch=5, distance=40, hide="K", isolate="attn", select="attn", pin="attn[3, 1]")
    )
    film = replace(seen.state.film, t=7.0)
    seen = seen.with_state(replace(seen.state, film=film))
    told = plain.with_state(seen.state).stop("the scores", say="Each row is a query.")
    back = (
        plain.with_state(told.state).layout(sheets="closed").style(theme="dark", contrast=1.0).animate("none")
    )
    back = back.view(yaw=0, pitch=0, select=None, isolate=None).at_stop("the scores")
    for field in ("layout", "style", "film", "camera", "selection", "hidden", "faded", "isolated", "device"):
        assert getattr(back.state, field) == getattr(seen.state, field), field
    assert back.state.stop == 0
    assert back.state.stops[0].say == "Each row is a query."
    assert mc.open_figure(back.link()).state == back.state


def test_a_stop_is_found_by_name_or_number_or_not_at_all(fig):
    told = fig.stop("all").view(yaw=29).stop("near")
    assert told.at_stop("near") == told.at_stop(1) != told.at_stop(0)
    for missing, hint in (
        ("naer", 'fig.at_stop("near")'),
        (2, "all, near"),
        (-1, "all, near"),
        (True, "near"),
    ):
        with pytest.raises(OptionError, match="no stop is called") as refused:
            told.at_stop(missing)
        assert hint in str(refused.value)
    with pytest.raises(OptionError, match="make one first"):
        fig.at_stop("all")


def test_one_of_the_same_name_is_replaced_in_its_place(fig):
    toured = fig.stop("a").stop("b").view(yaw=57).stop(" a ")
    assert (toured.state.stops[0].name, toured.state.stops[0].camera.yaw) == ("a", math.radians(57))
    assert len(toured.state.stops) == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, None, 3])
def test_no_name(fig, name):
    with pytest.raises(OptionError, match="a stop cannot be called"):
        fig.stop(name)


@pytest.mark.parametrize("say", [None, 3, "x" * (MAX_SENTENCE + 1)])
def test_no_sentence(fig, say):
    with pytest.raises(OptionError, match="the sentence of a stop"):
        fig.stop("all", say=say)


def test_as_many_as_a_link_carries(fig):
    for number in range(MAX_STOPS):
        fig = fig.stop(str(number))
    assert fig.stop("0").link()
    with pytest.raises(OptionError, match="64 stops already"):
        fig.stop("one more")


def test_the_demo_tells_a_title_and_five_stops():
    from matcube.api.demo import demo
    from matcube.session.demo_head import arrays

    fig = demo()
    assert fig.state.stop == 0 and len(fig.state.stops) == 6
    assert all(stop.say and stop.view is not None for stop in fig.state.stops)
    # What the sentences claim: a "house" looks at what followed the one before.
    attn = fig.value("attn")
    tokens = [text.strip() for text in arrays()["x"].labels[0] or ()]
    assert [n for n, token in enumerate(tokens) if token == "house"][:4] == [3, 18, 37, 60]
    assert tokens[38] == "that"
    assert round(float(attn[60, 38]), 2) == 0.97 and attn[60].argmax() == 38


def test_a_device_that_is_no_more_is_let_go(fig):
    lit = fig.partition(A_rows=4).view(device=3)
    assert lit.partition(A_rows=4, B_cols=2).state.device == 3
    assert lit.partition(A_rows=2).state.device is None
    assert lit.partition().state.device is None


def test_a_stop_without_a_camera_has_the_opening_one():
    attention = mc.figure("out = (attn = softmax(Q @ K.T)) @ V", **dict.fromkeys("QKV", "gaussian(32, 16)"))
    for figure in (attention, mc.figure("A @ B", **dict.fromkeys("AB", "eye(9, 9)"))):
        scene = figure.scene()
        opening = fitted(shown_of(scene.head, figure.state), width=1280, height=800)
        assert figure.stop("all").state.stops[0].camera == opening
    assert attention.stop("all").state.stops[0].camera.yaw == -0.9


MLP = "h = relu(x @ W1); y = h @ W2"
LAYERS = {"x": "gaussian(6, 4)", "W1": "gaussian(4, 8)", "W2": "gaussian(8, 5)"}


def test_a_stop_keeps_its_blocks_and_its_device():
    plain = mc.figure(MLP, **LAYERS)
    told = (
        plain.stop("one device").partition(preset="megatron", devices=4).view(device=2).stop("third of four")
    )
    told = told.partition({"x.rows": 2}).stop("tokens")
    at = [told.at_stop(n).state for n in range(3)]
    assert [state.partition for state in at] == [{}, {"preset:megatron": 4}, {"x.rows": 2}]
    assert [state.device for state in at] == [None, 2, None]
    back = mc.open_figure(told.link())
    assert [back.at_stop(n).state for n in range(3)] == at
    assert back.at_stop(1).devices().count == 4


def test_a_stop_of_an_older_link_leaves_the_blocks_as_they_are():
    told = mc.figure(MLP, **LAYERS).stop("old").partition(x_rows=2)
    (stop,) = told.state.stops
    assert stop.view is not None
    old = replace(stop, view=replace(stop.view, partition=None))
    assert told.with_state(replace(told.state, stops=(old,))).at_stop("old").state.partition == {"x.rows": 2}
    assert told.at_stop("old").state.partition == {}
