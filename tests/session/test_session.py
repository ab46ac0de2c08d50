"""What a page asks of a figure: edits that send only what is new, buffers, tiles, and problems."""

import dataclasses
import json

import httpx
import msgspec
import numpy as np
import pytest

import matcube as mc
from matcube import values
from matcube.api.demo import demo
from matcube.engine import engine, program
from matcube.outputs.server import start
from matcube.scene.pooling import pooled_matrix
from matcube.session.session import MAX_SCENES
from matcube.wire import BuffersRequest, EditRequest, LayoutView, Problem, StyleView, TileRequest, View
from matcube.wire.container import decode
from tests.heads import arrays_of, gpt

PROGRAM = "softmax(tril(Q @ K.T / sqrt(16))) @ V"


@pytest.fixture
def fig():
    return mc.figure(PROGRAM, Q="gaussian(32, 16)", K="gaussian(32, 16)", V="gaussian(32, 16)")


@pytest.fixture
def evaluations(monkeypatch):
    """Counts how often values are computed."""
    counted: list[str] = []

    def counting(graph, *arguments, **options):
        counted.append(graph.program)
        return values.evaluate(graph, *arguments, **options)

    monkeypatch.setattr(program, "evaluate", counting)
    return counted


def scene_of(answer):
    assert isinstance(answer, bytes), answer
    return decode(answer)


def edit(fig, *, have=(), **changes):
    return EditRequest(msgspec.structs.replace(fig.state, **changes), list(have))


def test_an_edit_is_answered_by_its_scene(fig):
    scene = scene_of(fig.answer(edit(fig, program="Q @ K.T")))
    assert scene.head.view.program == "Q @ K.T"
    (result,) = [matrix for matrix in scene.head.matrices if matrix.text == "Q @ K.T"]
    sent = scene.buffers[result.values].reshape(32, 32)
    np.testing.assert_array_equal(sent, fig.value("Q @ K.T"))
    np.testing.assert_allclose(sent, fig.value("Q") @ fig.value("K").T, rtol=1e-4, atol=1e-4)


def test_a_request_may_be_json_or_a_struct(fig):
    request = edit(fig, program="Q @ K.T")
    assert fig.answer(request) == fig.answer(msgspec.json.encode(request))


@pytest.mark.parametrize(
    "change",
    [
        {"layout": LayoutView(scheme="zigzag", gap=9, scatter=3)},
        {"style": StyleView(theme="light", palette="grey", sensitivity="global")},
        {"hidden": [0]},
    ],
    ids=["layout", "style", "hidden"],
)
def test_layout_and_looks_compute_no_value_and_send_none(fig, evaluations, change):
    session = fig.session()
    first = decode(session.initial())
    answer = session.answer(edit(fig, have=first.buffers, **change))
    assert scene_of(answer).buffers == {}
    assert isinstance(answer, bytes)
    assert len(answer) < 50_000
    assert evaluations == [PROGRAM]


def test_changed_figures_share_what_was_computed(fig, evaluations):
    fig.value()
    fig.layout("wheel").style(theme="light").view(yaw=57).value()
    fig.layout("wheel").scene()
    assert evaluations == [PROGRAM]
    fig.with_state(msgspec.structs.replace(fig.state, program="Q @ K.T")).value()
    assert evaluations == [PROGRAM, "Q @ K.T"]


def test_old_programs_are_forgotten_by_number_and_by_size(fig, evaluations, monkeypatch):
    def edited(program):
        return fig.with_state(msgspec.structs.replace(fig.state, program=program)).value()

    for number in range(1, engine.MAX_PROGRAMS + 1):
        edited(f"Q * {number}")
    edited("Q * 1")
    assert len(evaluations) == engine.MAX_PROGRAMS
    edited("Q * 99")
    edited("Q * 2")  # the oldest by now
    assert len(evaluations) == engine.MAX_PROGRAMS + 2
    monkeypatch.setattr(engine, "MAX_BYTES", 10)
    edited("Q * 100")
    edited("Q * 2")
    assert len(evaluations) == engine.MAX_PROGRAMS + 4


def test_another_leaf_is_another_value(fig, evaluations):
    fig.value()
    other = {**fig.state.leaves, "Q": "gaussian(32, 16, seed=5)"}
    fig.with_state(msgspec.structs.replace(fig.state, leaves=other)).value()
    assert len(evaluations) == 2


def test_a_layout_change_of_the_demo_sends_a_small_head():
    session = demo().session()
    first = session.initial()
    assert len(first) > 1_000_000
    request = wider(first)
    answer = session.answer(request)
    assert isinstance(answer, bytes)
    assert decode(answer, held=decode(first).head).buffers == {}
    assert sent_to_a_browser(session, request) < 24_000


def test_a_layout_change_of_a_layer_of_12_heads_sends_a_small_head():
    case = gpt(12, 16, 96, 64)
    session = mc.figure(case.program, **arrays_of(case)).session()
    first = session.initial()
    held = decode(first).head
    assert len(msgspec.json.encode(held)) > 200_000
    request = wider(first)
    answer = session.answer(request)
    assert isinstance(answer, bytes)
    scene = decode(answer, held=held)
    assert scene.buffers == {}
    assert scene.head.matrices == held.matrices
    assert scene.head.layouts[0].gap == 20
    assert sent_to_a_browser(session, request) < 20_000


def wider(first):
    """A layout change of a reader who has all of the first scene."""
    scene = decode(first)
    view = msgspec.structs.replace(scene.head.view, layout=LayoutView(gap=20.0))
    return EditRequest(view, [*scene.buffers, *scene.head.parts.values()])


def sent_to_a_browser(session, request):
    """Bytes of an answer's body on their way through the server."""
    handle = start(session, open_browser=False)
    try:
        origin = handle.url.partition("/?")[0]
        with httpx.Client(headers={"origin": origin}) as client:
            client.get(handle.url)
            headers = {"content-type": "application/json", "accept-encoding": "gzip, deflate, br"}
            url = f"{origin}/api"
            body = msgspec.json.encode(request)
            with client.stream("POST", url, content=body, headers=headers) as answer:
                assert answer.status_code == 200
                return sum(map(len, answer.iter_raw()))
    finally:
        handle.close()


def test_a_wrong_program_is_a_problem_and_the_last_good_picture_stays(fig):
    before = scene_of(fig.answer(edit(fig)))
    problem = fig.answer(edit(fig, program="softmax(Q @ K)"))
    assert isinstance(problem, Problem)
    assert problem.kind == "ShapeError"
    assert "did you mean K.T?" in problem.message
    assert problem.text == "softmax(Q @ K)"
    assert problem.span == (12, 13)  # the K
    sheets = [m.values for m in before.head.matrices if m.values not in before.buffers]
    assert sheets
    assert set(scene_of(fig.answer(BuffersRequest(sheets))).buffers) == set(sheets)


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        ({"program": "softmax(trill(Q))"}, "ProgramError", "did you mean tril"),
        ({"program": ""}, "ProgramError", "empty"),
        ({"leaves": {"Q": "gaussian("}}, "ProgramError", "Q:"),
        ({"layout": LayoutView(scheme="spiral")}, "OptionError", "spiral"),
        ({"layout": LayoutView(gap=0)}, "WireError", "gap"),
        ({"style": StyleView(palette="mauve")}, "OptionError", "mauve"),
        ({"style": StyleView(sensitivity="hyper")}, "OptionError", "hyper"),
        ({"program": "A @ A", "leaves": {"A": "gaussian(99999, 99999)"}}, "ShapeError", "cells"),
        ({"constants": {"d": 1e15}}, "WireError", "d"),
        ({"program": "Q" * 5000}, "ProgramError", "the longest allowed has 4000"),
    ],
)
def test_problems(fig, changes, kind, says):
    problem = fig.answer(edit(fig, **changes))
    assert isinstance(problem, Problem)
    assert problem.kind == kind
    assert says in problem.message


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"kind": "shell"}',
        b'{"kind": "edit"}',
        b'{"kind": "edit", "view": {"program": 7}}',
        b'{"kind": "edit", "view": {"surprise": 1}}',
        b'{"kind": "tile", "node": 0, "row": 0, "col": 0, "rows": 513, "cols": 1}',
        b'{"kind": "buffers", "want": ["../../etc/passwd"]}',
        b"[" * 100_000,
    ],
)
def test_a_request_that_is_none_is_a_problem(fig, request_bytes):
    problem = fig.answer(request_bytes)
    assert isinstance(problem, Problem)
    assert problem.kind == "WireError"


def test_buffers_of_closed_sheets_come_on_request(fig):
    first = scene_of(fig.answer(edit(fig)))
    closed = [buffer.sha256 for buffer in first.head.buffers if buffer.offset == -1]
    assert closed
    more = scene_of(fig.answer(BuffersRequest(closed)))
    assert set(more.buffers) == set(closed)


def test_buffers_that_are_not_here_are_a_problem(fig):
    problem = fig.answer(BuffersRequest(["0" * 64]))
    assert isinstance(problem, Problem)
    assert "reload the page" in str(problem.hint)


def test_the_buffers_of_another_tab_are_found(fig):
    session = fig.session()
    first = decode(session.initial())
    closed = [buffer.sha256 for buffer in first.head.buffers if buffer.offset == -1]
    for number in range(1, MAX_SCENES):
        scene_of(session.answer(edit(fig, program=f"Q @ K.T * {number}")))
        scene_of(session.answer(edit(fig, program=f"Q @ K.T * {number}", layout=LayoutView(scheme="wheel"))))
        assert set(scene_of(session.answer(BuffersRequest(closed))).buffers) == set(closed)
    scene_of(session.answer(edit(fig, program="Q @ K.T * 99")))
    gone = session.answer(BuffersRequest(closed))
    assert isinstance(gone, Problem)
    assert "reload the page" in str(gone.hint)
    assert len(session._scenes) == MAX_SCENES


def test_a_tile_of_another_tab_is_of_its_own_values():
    fig = mc.figure("A", A="gaussian(1100, 1000)")
    session = fig.session()
    (big,) = decode(session.initial()).head.matrices
    (other,) = scene_of(session.answer(edit(fig, program="A * 2"))).head.matrices[1:]
    assert big.pooled is not None and other.pooled is not None
    tile = TileRequest(big.node, 7, 9, 2, 3, big.pooled.mean)
    ((_, values),) = scene_of(session.answer(tile)).buffers.items()
    np.testing.assert_array_equal(values.reshape(2, 3), fig.value()[7:9, 9:12])
    tile = TileRequest(other.node, 7, 9, 2, 3, other.pooled.mean)
    ((_, values),) = scene_of(session.answer(tile)).buffers.items()
    np.testing.assert_array_equal(values.reshape(2, 3), 2 * fig.value()[7:9, 9:12])
    unknown = session.answer(TileRequest(big.node, 7, 9, 2, 3, "0" * 64))
    assert isinstance(unknown, Problem)
    assert "reload the page" in str(unknown.hint)


def test_the_first_scene_of_a_large_matrix_is_complete():
    scene = decode(mc.figure("A", A="gaussian(1100, 1000)").session().initial())
    pooled = scene.head.matrices[0].pooled
    assert pooled is not None
    assert {pooled.mean, pooled.ink, pooled.flags} == set(scene.buffers)


def test_what_was_made_of_large_matrices_is_made_once(monkeypatch):
    calls: list[str] = []

    def counting(cells, scale, sensitivity):
        calls.append(sensitivity)
        return pooled_matrix(cells, scale, sensitivity)

    monkeypatch.setattr("matcube.scene.join.pooled_matrix", counting)
    fig = mc.figure("A", A="gaussian(1100, 1000)")
    first = fig.scene()
    again = fig.layout(gap=3).style(theme="light").scene()
    assert calls == ["robust"]
    assert again.head.matrices == first.head.matrices and again.buffers.keys() == first.buffers.keys()
    other = fig.style(sensitivity="local").scene().head.matrices[0].pooled
    assert calls == ["robust", "local"] and other is not None and other.sensitivity == "local"


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_tile_is_exactly_those_cells(dtype):
    a = np.random.default_rng(3).normal(size=(1100, 1000)).astype(dtype)
    fig = mc.figure("A @ B", A=a, B="eye(1000, 2)")
    first = scene_of(fig.answer(edit(fig)))
    (big,) = [matrix for matrix in first.head.matrices if matrix.name == "A"]
    assert big.pooled is not None
    tile = scene_of(fig.answer(TileRequest(big.node, 1024, 960, 64, 40)))
    ((_, values),) = tile.buffers.items()
    assert values.dtype == np.dtype("<" + dtype)
    np.testing.assert_array_equal(values.reshape(64, 40), a[1024:1088, 960:1000])
    named = {name for m in tile.head.matrices for name in (m.values, m.mask) if name}
    assert named <= {buffer.sha256 for buffer in tile.head.buffers}  # as the viewer checks


@pytest.mark.parametrize("tile", [(0, 32, 0, 1, 1), (0, 0, 10, 1, 7), (99, 0, 0, 1, 1)])
def test_a_tile_outside_is_a_problem(fig, tile):
    fig.answer(edit(fig))
    problem = fig.answer(TileRequest(*tile))
    assert isinstance(problem, Problem)
    assert problem.kind == "OptionError"


def test_a_tile_of_a_hollow_matrix_is_a_problem():
    fig = mc.figure("A @ A", A="shape(5, 5)")
    assert isinstance(fig.answer(TileRequest(0, 0, 0, 1, 1)), Problem)


def test_a_view_with_arrays_that_are_not_here_says_which(fig):
    given = mc.figure("A @ A", A=np.eye(3))
    problem = fig.answer(EditRequest(given.state))
    assert isinstance(problem, Problem)
    assert problem.kind == "DataError"
    assert "needs the array A: 3 × 3 float64" in problem.message
    other = mc.figure("A @ A", A=np.ones((3, 3)))
    changed = other.answer(EditRequest(given.state))
    assert isinstance(changed, Problem)
    assert "has other values" in changed.message


def test_an_edited_program_may_use_any_array_that_was_brought():
    fig = mc.figure("A @ A", {"A": np.eye(3), "B": np.ones((3, 2))})
    assert set(fig.state.data) == {"A"}
    scene = scene_of(fig.answer(edit(fig, program="A @ B")))
    assert set(scene.head.view.data) == {"A", "B"}


def test_a_page_that_is_loaded_again_begins_again(fig):
    session = fig.session()
    first = session.initial()
    assert isinstance(session.answer(edit(fig, program="Q @ K.T")), bytes)
    assert session.initial() == first


def test_an_answer_changes_no_figure(fig):
    before = dataclasses.replace(fig).state
    fig.answer(edit(fig, program="Q @ K.T"))
    assert fig.state == before


def test_a_session_is_what_the_server_wants(fig):
    session = fig.session()
    assert session.title == PROGRAM
    assert decode(session.initial()).head.title == PROGRAM
    assert session.still().startswith(b"\x89PNG")


def test_the_view_of_every_scene_is_json_that_comes_back(fig):
    scene = scene_of(fig.answer(edit(fig)))
    text = json.dumps(msgspec.to_builtins(scene.head.view))
    assert msgspec.json.decode(text, type=View) == scene.head.view
