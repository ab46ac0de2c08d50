"""One node of a program changed by the panel: the new program is what a reader would have written."""

import msgspec
import numpy as np
import pytest

import matcube as mc
from matcube.engine.names import find
from matcube.session.presets import offered
from matcube.wire import (
    Camera,
    Pin,
    Preset,
    Presets,
    PresetsRequest,
    Problem,
    RewriteRequest,
    Selection,
    Stop,
    StopView,
    View,
)
from matcube.wire.container import decode

PROGRAM = "d = 16\nS = Q @ K.T / sqrt(d)\nattn = softmax(tril(S))\nout = attn @ V"


@pytest.fixture
def fig():
    leaves = {"Q": "gaussian(32, 16)", "K": "gaussian(24, 16, seed=3)", "V": "gaussian(24, 8)"}
    return mc.figure(PROGRAM, **leaves)


def ask(fig, name, change, **fields):
    return fig.answer(RewriteRequest(fig.state, find(fig._program.graph, name).id, change, **fields))


def changed(fig, name, change, **fields):
    """The figure after a change."""
    answer = ask(fig, name, change, **fields)
    assert isinstance(answer, bytes), answer
    return fig.with_state(decode(answer).head.view)


def refused(fig, name, change, **fields):
    answer = ask(fig, name, change, **fields)
    assert isinstance(answer, Problem)
    assert fig.answer(RewriteRequest(fig.state, 0, "rename", text=fig._program.graph[0].name)), (
        "it still answers"
    )
    return answer.message


def lines(fig):
    return fig.state.program.split("\n")


def test_a_rename_changes_the_name_and_no_number(fig):
    new = changed(fig, "S", "rename", text="scores")
    assert lines(new)[1:3] == ["scores = Q @ K.T / sqrt(d)", "attn = softmax(tril(scores))"]
    np.testing.assert_array_equal(new.value(), fig.value())


def test_a_renamed_leaf_keeps_the_values_that_its_name_gave_it(fig):
    new = changed(fig, "Q", "rename", text="queries")
    assert new.state.leaves["queries"].startswith("gaussian(32, 16, seed=")
    assert "Q" not in new.state.leaves
    np.testing.assert_array_equal(new.value(), fig.value())


@pytest.mark.parametrize("name", ["attn", "d", "V", "two words", "if", "_hidden", "1st"])
def test_a_name_that_cannot_be_is_refused(fig, name):
    assert name.split()[0].strip("_") in refused(fig, "S", "rename", text=name)


def test_an_array_keeps_its_name():
    fig = mc.figure("A @ B", A=np.eye(3), B="eye(3, 3)")
    assert "bound by this name" in refused(fig, "A", "rename", text="C")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("out", "out = relu(attn @ V)"),
        ("S", "S = relu(Q @ K.T / sqrt(d))"),
        ("Q @ K.T", "S = relu(Q @ K.T) / sqrt(d)"),
        ("Q", "S = relu(Q) @ K.T / sqrt(d)"),
    ],
)
def test_an_operation_is_put_after_a_value(fig, name, line):
    assert line in lines(changed(fig, name, "wrap", text="relu"))


def test_an_operation_is_replaced_and_removed(fig):
    assert "attn = relu(tril(S))" in lines(changed(fig, "attn", "replace", text="relu"))
    with_eps = changed(fig, "attn", "replace", text="rmsnorm", parameters={"eps": 0.5})
    assert "attn = rmsnorm(tril(S), eps=0.5)" in lines(with_eps)
    new = changed(fig, "attn", "remove")
    assert "attn = tril(S)" in lines(new)
    np.testing.assert_array_equal(new.value("attn"), fig.value("tril(S)"))


def test_only_an_operation_on_one_matrix_is_one(fig):
    assert "out is not an operation" in refused(fig, "out", "remove")
    assert '"plus" is not' in refused(fig, "out", "wrap", text="plus")
    assert '"sofmax" is not' in refused(fig, "out", "wrap", text="sofmax")


def test_a_size_is_followed_by_everything_on_its_axis(fig):
    new = changed(fig, "K", "size", dim=0, size=40)
    assert (new.state.leaves["K"], new.state.leaves["V"]) == ("gaussian(40, 16, seed=3)", "gaussian(40, 8)")
    assert new.value("attn").shape == (32, 40)
    inner = changed(fig, "Q", "size", dim=1, size=4)
    assert {inner.value(name).shape[1] for name in "QK"} == {4}
    assert inner.state.leaves["V"] == fig.state.leaves["V"]


def test_a_result_takes_its_size_from_its_leaves(fig):
    assert changed(fig, "out", "size", dim=1, size=3).state.leaves["V"] == "gaussian(24, 3)"


def test_parts_keep_their_number():
    program = "q = split(x @ w, axis=1, parts=4)\nmerge(q, axis=1) @ u"
    fig = mc.figure(program, x="gaussian(6, 8)", w="gaussian(8, 12)", u="gaussian(12, 5)")
    request = RewriteRequest(fig.state, find(fig._program.graph, "w").id, "size", dim=1, size=13)
    answer = fig.answer(request)
    assert isinstance(answer, Problem)
    assert "made of 4 equal parts" in answer.message
    assert "multiple of 4" in (answer.hint or "")


def test_an_array_has_its_size():
    fig = mc.figure("A @ B", A=np.eye(3), B="gaussian(3, 4)")
    assert "size cannot change" in refused(fig, "B", "size", dim=0, size=5)
    assert changed(fig, "B", "size", dim=1, size=9).value().shape == (3, 9)
    filled = changed(fig, "A", "leaf", text="ones(2, 3)")
    assert filled.state.leaves["A"] == "ones(2, 3)" and filled.state.data == {}
    assert filled.value().shape == (2, 4)


def test_a_leaf_is_filled_otherwise_and_its_neighbours_follow(fig):
    new = changed(fig, "K", "leaf", text="formula(10, 6, i - j)")
    assert new.state.leaves == {"K": "formula(10, 6, i - j)", "Q": "gaussian(32, 6)", "V": "gaussian(10, 8)"}
    np.testing.assert_array_equal(new.value("K")[2], 2 - np.arange(6))
    assert "computed" in refused(fig, "out", "leaf", text="eye(3, 3)")
    assert "function wat" in refused(fig, "Q", "leaf", text="wat(3, 3)")
    assert "one axis" in refused(mc.figure("A @ A", A="eye(4, 4)"), "A", "leaf", text="ones(4, 6)")


def test_what_names_a_node_follows_it(fig):
    place, tril = find(fig._program.graph, "attn").id, find(fig._program.graph, "tril(S)").id
    state = msgspec.structs.replace(
        fig.animate("vmprod", each={"attn": "outer"}).layout("custom", custom={"attn": "+RBF"}).state,
        selection=Selection(place, (Pin(place, 3, 2),)),
        hidden=[tril],
        partition={"attn.i": 2},
        stops=[Stop("there", Camera((0, 0, 0), 0, 0, 9), Selection(place), "", StopView(isolated=place))],
    )
    new = changed(fig.with_state(state), "Q", "wrap", text="relu").state
    graph = fig.with_state(new)._program.graph
    assert graph[new.selection.node].name == graph[new.stops[0].selection.node].name == "attn"
    assert new.stops[0].view.isolated == new.selection.node
    assert new.selection.pins == (Pin(new.selection.node, 3, 2),)
    assert [graph[node].text for node in new.hidden] == ["tril(S)"]
    renamed = changed(fig.with_state(new), "attn", "rename", text="weights").state
    assert (renamed.film.each, renamed.layout.custom) == ({"weights": "outer"}, {"weights": "+RBF"})
    assert renamed.partition == {"weights.i": 2}


def test_a_node_that_is_not_there_is_refused(fig):
    answer = fig.answer(RewriteRequest(fig.state, 99, "rename", text="x"))
    assert isinstance(answer, Problem) and "no matrix 99" in answer.message


def test_presets_are_listed_from_the_table_that_is_given(fig):
    from matcube.session import Session

    own = [Preset("One", "a matrix", "Mine", View(program="A", leaves={"A": "eye(2, 2)"}))]
    for table, names in ((None, [one.name for one in offered()]), (own, ["One"]), ([], [])):
        answer = Session(fig.state, fig._engine, presets=table).answer(PresetsRequest())
        assert isinstance(answer, bytes)
        assert [one.name for one in msgspec.json.decode(answer, type=Presets).presets] == names
