"""Figures: what they hold, that they never change, and what a wrong option is answered with."""

import dataclasses
import math

import numpy as np
import pytest

import matcube as mc
from matcube.errors import DataError, OptionError, ProgramError, ShapeError, UnknownNameError, WireError
from matcube.wire import Pin

HEAD = "attn = softmax(tril(Q @ K.T / sqrt(d))); out = attn @ V"


@pytest.fixture
def fig():
    return mc.figure(HEAD, Q="gaussian(6, 4)", K="gaussian(6, 4)", V="gaussian(6, 4)", d=4)


def test_values_of_names_pieces_and_the_root():
    a, b = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    fig = mc.figure("C = A @ B; relu(-C)", A=a, B=b)
    assert fig.value("C").tolist() == [[11.0]]
    assert fig.value("A @ B").tolist() == [[11.0]]
    assert fig.value("A@B").tolist() == [[11.0]]
    assert fig.value().tolist() == [[0.0]]
    np.testing.assert_array_equal(fig.value("A"), a)


@pytest.mark.parametrize(
    ("given", "computed"),
    [("f4", "f4"), ("f8", "f8"), ("f2", "f4"), ("i2", "f4"), ("?", "f4"), ("i4", "f8"), ("u8", "f8")],
)
def test_values_are_in_the_precision_of_the_operands(given, computed):
    array = np.ones((2, 2), dtype=given)
    assert mc.figure("A @ A", A=array).value().dtype == np.dtype(computed)


def test_whole_numbers_keep_every_digit():
    fig = mc.figure("C = A @ B", A=[[2**24 + 1]], B=[[1]])
    assert fig.value("C").tolist() == [[2**24 + 1]]
    scene = fig.scene()
    shown = {matrix.name: scene.buffers[str(matrix.values)] for matrix in scene.head.matrices}
    assert shown["A"].tolist() == shown["C"].tolist() == [2**24 + 1]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "int64", "uint8", "bool", "float32"])
def test_a_leaf_comes_back_as_it_was_brought(dtype):
    kind = np.dtype(pytest.importorskip("ml_dtypes").bfloat16 if dtype == "bfloat16" else dtype)
    array = np.array([[2**53 + 1 if dtype == "int64" else 1, 0]]).astype(kind)
    found = mc.figure("A @ A.T", A=array).value("A")
    assert found.dtype == kind and not found.flags.writeable
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("bring", [np.asarray, np.ndarray.tolist, mc.matrix])
def test_anything_that_holds_numbers_can_be_bound(bring):
    array = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(mc.figure("A @ A.T", A=bring(array)).value(), array @ array.T)


@pytest.mark.parametrize("number", [4, 4.0, np.float32(4), np.int64(4), np.array(4)])
def test_numbers_are_constants(number):
    fig = mc.figure("A * d", A=[[1.0]], d=number)
    assert fig.value().tolist() == [[4.0]]
    assert fig.state.constants == {"d": 4}


def test_an_array_that_changes_later_changes_no_figure():
    array = np.ones((2, 2))
    fig = mc.figure("A @ A", A=array)
    array[:] = 7
    assert fig.value().tolist() == [[2, 2], [2, 2]]


def test_values_cannot_be_written(fig):
    with pytest.raises(ValueError, match="read-only"):
        fig.value("attn")[0, 0] = 1


def test_a_figure_is_frozen(fig):
    with pytest.raises(dataclasses.FrozenInstanceError):
        fig.state = fig.state
    with pytest.raises(AttributeError):
        fig.state.layout.gap = 3


def test_every_change_is_a_new_figure(fig):
    before = fig.link()
    others = [
        fig.layout("zigzag", gap=8, sheets="open"),
        fig.style(theme="light", contrast=2),
        fig.view(yaw=29, select="attn", pin=("attn", 3, 2)),
    ]
    assert fig.link() == before
    assert len({before, *(other.link() for other in others)}) == 4
    assert others[0].state.layout.scheme == "zigzag"
    assert others[0].state.layout.gap == 8
    assert others[1].state.style.theme == "light"
    assert others[2].state.selection.pins == (Pin(fig._program.graph.named("attn").id, 3, 2),)


def test_changes_add_up(fig):
    both = fig.layout("wheel").layout(gap=3).style(palette="grey").style(peak=True)
    assert (both.state.layout.scheme, both.state.layout.gap) == ("wheel", 3)
    assert (both.state.style.palette, both.state.style.peak) == ("grey", True)
    assert both.layout(gap=None).state.layout.gap is None


def test_a_side_is_seen_whole(fig):
    """What is left out of a camera is fitted, and a turn alone keeps the rest of the camera."""
    camera = fig.view(yaw=18, pitch=6).state.camera
    assert (camera.yaw, camera.pitch) == (math.radians(18), math.radians(6))
    assert camera.distance > 10
    near = fig.view(yaw=18, distance=5).view(yaw=45).state.camera
    assert (near.yaw, near.distance) == (math.radians(45), 5.0)
    assert fig.view(target=(1, 2, 3)).state.camera.target == (1, 2, 3)


def test_hide_fade_and_isolate_by_name(fig):
    state = fig.view(hide=["Q", "K"], fade="V", isolate="attn").state
    graph = fig._program.graph
    assert state.hidden == (graph.named("Q").id, graph.named("K").id)
    assert state.faded == (graph.named("V").id,)
    assert state.isolated == graph.named("attn").id
    assert fig.view(isolate="attn").view(isolate=None).state.isolated is None


def test_several_pins(fig):
    pins = fig.view(pin=[("attn", 0, 0), ("V", 5, 3)]).state.selection.pins
    assert [(pin.row, pin.col) for pin in pins] == [(0, 0), (5, 3)]


def test_an_arrangement_by_the_name_of_its_result(fig):
    turned = fig.layout("custom", custom={"attn": "+RTF"})
    boxes = {box.node: box.arrangement for box in turned.scene().head.layouts[0].boxes}
    (scores,) = [node.id for node in fig._program.graph.nodes if node.text == "Q @ K.T"]
    assert boxes[scores] == "+RTF"


WRONG = [
    (lambda f: f.layout("zigzg"), 'there is no layout "zigzg"; did you mean zigzag?'),
    (lambda f: f.layout(gapp=3), 'there is no option of layout "gapp"; did you mean gap?'),
    (lambda f: f.layout(gap=-3), "gap=-3 cannot be used: it must be a number >= 1.0"),
    (lambda f: f.layout(gap="wide"), "gap='wide' cannot be used: it must be a number or None"),
    (lambda f: f.layout(gap=float("nan")), "gap"),
    (lambda f: f.layout(gap=100), "gap=100 cannot be used: it must be a number <= 64.0"),
    (lambda f: f.layout(sheets="opened"), 'there is no sheets "opened"; did you mean open?'),
    (lambda f: f.layout(root="XXXX"), "is not an arrangement"),
    (lambda f: f.layout("custom", custom={"V": "-LTF"}), 'there is no box "V"'),
    (lambda f: f.style(palete="glow"), 'there is no option of style "palete"; did you mean palette?'),
    (lambda f: f.style(palette="glw"), 'there is no palette "glw"; did you mean glow?'),
    (lambda f: f.style(theme="drk"), 'there is no theme "drk"; did you mean dark?'),
    (lambda f: f.style(theme=3), 'it must be "dark" or "light" or "auto"'),
    (lambda f: f.style(sensitivity="glob"), 'there is no sensitivity "glob"; did you mean global?'),
    (lambda f: f.style(peak=3), "peak=3 cannot be used: it must be True or False"),
    (lambda f: f.style(dot_scale=100), "dot_scale=100 cannot be used: it must be a number <= 4.0"),
    (lambda f: f.view(yw=1), 'there is no option of view "yw"; did you mean yaw?'),
    (
        lambda f: f.view(pitch=172),
        "pitch=172 cannot be used: it must be a number of degrees, from -90 to 90",
    ),
    (lambda f: f.view(target=(1, 2)), "target=(1, 2) cannot be used"),
    (lambda f: f.view(select="Attn"), 'there is no matrix "Attn"; did you mean attn?'),
    (lambda f: f.view(pin=("attn", 6, 0)), "cell [6, 0] does not lie in attn, which is 6 × 6"),
    (lambda f: f.view(pin=("attn", 1)), "a pin is a name, a row and a column"),
    (lambda f: f.value("atn"), 'there is no matrix "atn"; did you mean attn?'),
    (lambda f: f.value("99"), 'there is no node "99"'),
    (lambda f: f.to_png(scale=0), "scale=0 cannot be used"),
    (lambda f: f.to_png(size=(0, 10)), "0 × 10 pixels"),
    (lambda f: f.save("a.png", size="1x"), "size='1x' cannot be used"),
    (lambda f: f.save("a.html", size=(10,)), "size=(10,) cannot be used"),
    (lambda f: f.save("a.png", scale=True), "scale=True cannot be used"),
    (lambda f: f.save(3), "a file is a path or a binary stream, not 3"),
    (lambda f: f.value(1.5), 'there is no matrix "1.5"'),
    (lambda f: f.view(hide=1.5), 'there is no matrix "1.5"'),
    (lambda f: f.view(pin=3), "pin=3 cannot be used"),
    (lambda f: f.view(pin="attn"), "pin='attn' cannot be used"),
    (lambda f: f.view(pin=("attn", "a", 1)), "pin=('attn', 'a', 1) cannot be used"),
    (lambda f: f.view(pin="attn[3, 99]"), "cell [3, 99] does not lie in attn"),
    (lambda f: mc.open_figure(3), "a link is text, not int"),  # type: ignore[arg-type]
    (lambda f: mc.matrix([[1]], name="a b"), '"a b" cannot be a name in a program'),
    (lambda f: mc.matrix([[1]], name=3), "a name is text, not 3"),  # type: ignore[arg-type]
    (lambda f: mc.figure("A @ A", **{"A": [[1]], "class": [[1]]}), '"class" is a Python keyword'),
    (lambda f: f.save("figure.jpg"), 'figure.jpg has ".jpg", which matcube does not write'),
    (lambda f: f.save("figure"), "figure has no ending"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_wrong_option_is_named_with_what_is_near(fig, wrong, says):
    with pytest.raises(OptionError) as caught:
        wrong(fig)
    assert says in str(caught.value)


def test_a_program_is_read_at_once():
    with pytest.raises(ProgramError, match="did you mean tril"):
        mc.figure("softmax(trill(Q))", Q="eye(2, 2)")
    with pytest.raises(ShapeError, match=r"did you mean B\.T\?"):
        mc.figure("A @ B", A=[[1, 2]], B=[[1, 2]])
    with pytest.raises(UnknownNameError, match="did you mean weights"):
        mc.figure("A @ weigths", A=[[1, 2]], weights=[[1], [2]])
    with pytest.raises(ProgramError, match="A: the language has no function gausian"):
        mc.figure("A @ A", A="gausian(3, 3)")
    with pytest.raises(UnknownNameError) as caught:
        mc.figure("A @ A", A="gaussian(n, n)", n=3)
    assert "write it into the program: A = gaussian(n, n)" in str(caught.value)


@pytest.mark.parametrize("name", ["a b", "", "2x", "class", "__proto__", "a-b"])
def test_a_name_that_no_program_can_hold(name):
    with pytest.raises(OptionError, match="cannot be a name"):
        mc.figure("A", A="eye(2, 2)", **{name: [[1.0]]})


@pytest.mark.parametrize("value", [None, object(), np.array([["a"]]), np.array([[1j]]), float("nan"), {}])
def test_what_holds_no_numbers_is_refused(value):
    with pytest.raises(DataError):
        mc.figure("A @ A", A=value)


def test_a_program_is_text_or_a_matrix():
    with pytest.raises(OptionError, match="a program is text, a lazy matrix or a graph with arrays, not int"):
        mc.figure(3)  # type: ignore[arg-type]


def test_labels_reach_the_scene():
    fig = mc.figure("x @ w", x=np.ones((2, 3)), w="ones(3, 2)", labels={"x.rows": ["a", "b"], "w.cols": "cd"})
    labels = {axis.name: axis.labels for axis in fig.scene().head.axes}
    assert ["a", "b"] in labels.values()
    assert ["c", "d"] in labels.values()
    named = mc.figure("x @ w", x=mc.matrix(np.ones((2, 3)), rows=["a", "b"]), w="ones(3, 2)")
    assert ["a", "b"] in [axis.labels for axis in named.scene().head.axes]


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ({"x.rows": ["a"]}, "x has 2 rows, and 1 label for them"),
        ({"x": ["a", "b"]}, "say which side"),
        ({"y.rows": ["a", "b"]}, 'nothing is named "y"'),
        ({"x.depth": ["a", "b"]}, "say which side"),
        ({"x.rows": 3}, "are a list of names, not 3"),
        ({3: ["a"]}, "say which side"),
        (np.eye(2), "a matrix cannot be named labels here: give it another name"),
    ],
)
def test_labels_that_fit_nothing(labels, says):
    with pytest.raises(mc.MatcubeError, match=says):
        mc.figure("x @ x.T", x=np.ones((2, 3)), labels=labels)


TOKENS = ["the", " cat", "\n", "🐱" * 200, ""]


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        (np.ones((5, 3)), {"x.rows": TOKENS, "w.cols": ["a", "b"]}),
        ("ones(5, 3)", {"x.rows": TOKENS, "w.cols": ["a", "b"]}),
        (mc.matrix(np.ones((5, 3)), rows=TOKENS), {"w.cols": ["a", "b"]}),
    ],
    ids=["array", "leaf", "matrix"],
)
def test_labels_given_apart_travel_in_links(x, labels):
    fig = mc.figure("x @ w", x=x, w="ones(3, 2)", labels=labels)
    again = mc.open_figure(fig.link(), data={"x": np.ones((5, 3))} if fig.state.data else {})
    assert again.state == fig.state
    assert again.state.labels == {"x.rows": tuple(TOKENS), "w.cols": ("a", "b")}
    assert again.scene().head.axes == fig.scene().head.axes
    assert [axis.labels for axis in again.scene().head.axes if axis.labels] == [TOKENS, ["a", "b"]]


def test_labels_that_come_with_the_data_do_not_travel(tmp_path):
    from matcube.api.make import make
    from matcube.cli.data_files import listed
    from matcube.cli.inputs import data

    (tmp_path / "x.csv").write_text(",a,b\nr,1,2\ns,3,4\n")
    files = data(listed([str(tmp_path / "x.csv")]))
    fig = make("x @ x.T", {}, files=files)
    assert fig.state.labels == {}
    assert [axis.labels for axis in fig.scene().head.axes if axis.labels]
    other = make("x @ x.T", {}, labels={"x.rows": ["u", "v"]}, files=files)
    assert other.state.labels == {"x.rows": ("u", "v")}
    assert ["u", "v"] in [axis.labels for axis in other.scene().head.axes]


def test_labels_of_another_view_are_its_own():
    fig = mc.figure("x @ x.T", x=np.ones((2, 3)), labels={"x.rows": ["a", "b"]})
    other = mc.figure("x @ x.T", x=np.ones((2, 3)), labels={"x.rows": ["c", "d"]})
    changed = fig.with_state(other.state)
    assert ["c", "d"] in [axis.labels for axis in changed.scene().head.axes]
    assert ["a", "b"] in [axis.labels for axis in fig.scene().head.axes]


@pytest.mark.parametrize(
    "names", [["t"] * 16385, ["x" * 201] + [""] * 9, ["x" * 200] * 1600], ids=["many", "long", "much"]
)
def test_labels_too_large_for_a_link_still_show(names):
    fig = mc.figure("x", x=np.ones((len(names), 1)), labels={"x.rows": names})
    assert fig.state.labels == {}
    assert names in [axis.labels for axis in fig.scene().head.axes]
    with pytest.raises(WireError, match=f"{len(names):,} labels for x.rows are too much for a link"):
        fig.link()


def test_whatever_is_made_of_a_lazy_matrix_can_be_shown():
    A = mc.matrix("gaussian(4, 4)", name="A")
    made = [A.T, A.mT, A.H, -A, +A, A @ A, np.eye(4) @ A, A + 1, 2 * A, A**2, A.relu(), A.softmax().tril()]
    made += [A.named("B"), A.split(axis=1, parts=2).merge(axis=1), mc.matrix(A), A - np.ones(4), 1 / A]
    for one in made:
        assert isinstance(one, mc.Matrix)
        assert one.figure().value().shape == (4, 4)


def test_a_lazy_matrix_is_a_program_too():
    a, b = np.eye(2, 3), np.ones((3, 2))
    A, B = mc.matrix(a, name="A", rows=["r", "s"]), mc.matrix(b, name="B")
    fig = ((A @ B).relu()).figure()
    assert fig.state.program == "relu(A @ B)"
    np.testing.assert_array_equal(fig.value(), a @ b)
    assert ["r", "s"] in [axis.labels for axis in fig.scene().head.axes]
    random = (mc.matrix("gaussian(2, 2)") @ mc.matrix("gaussian(2, 2)")).figure()
    assert random.state.leaves == {"A": "gaussian(2, 2)", "B": "gaussian(2, 2)"}
    np.testing.assert_array_equal(mc.open_figure(random.link()).value(), random.value())


def test_an_expression_cannot_be_bound_to_a_name():
    with pytest.raises(OptionError, match="x is bound to an expression"):
        mc.figure("x @ x", x=mc.matrix("eye(2, 2)") @ mc.matrix("eye(2, 2)"))


def test_nan_is_counted_where_it_is_born_and_where_it_goes():
    a = np.ones((3, 3))
    a[1, 2] = np.nan
    a[0, 0] = np.inf
    report = mc.figure("C = A @ B; relu(C)", A=a, B=np.ones((3, 2))).nonfinite()
    assert report[0] == ("A", 1, 1, (0, 0), 0)
    assert [row.name for row in report] == ["A", "C", "relu(C)"]
    assert report[1] == ("C", 2, 2, (0, 0), 0)
    assert mc.figure("A @ A", A="eye(3, 3)").nonfinite() == []


def test_a_shape_without_values_is_drawn_and_not_read():
    fig = mc.figure("A @ B", A="shape(8192, 28672)", B="shape(28672, 8192)")
    assert all(matrix.hollow for matrix in fig.scene().head.matrices)
    with pytest.raises(DataError, match="has a shape and no values"):
        fig.value()


def test_what_no_memory_holds_is_refused_before_it_is_made():
    fig = mc.figure("A @ A", A="gaussian(100000, 100000)")
    with pytest.raises(ShapeError, match="more than 268,435,456 cells") as caught:
        fig.value()
    assert "shape(100000, 100000)" in str(caught.value)


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1)])
def test_edge_shapes_have_values_a_scene_and_a_still(shape):
    a = np.ones(shape)
    fig = mc.figure("relu(A @ A.T)", A=a)
    np.testing.assert_array_equal(fig.value(), a @ a.T)
    assert fig.scene().encode()
    assert fig.to_png(size=(64, 40)).startswith(b"\x89PNG")


def test_progress_is_told(fig):
    told: list[tuple[int, int, str]] = []
    fig.compute(progress=lambda done, total, name: told.append((done, total, name)))
    assert [done for done, _, _ in told] == list(range(1, told[-1][1] + 1))
    assert "attn" in [name for _, _, name in told]


def test_repr_is_one_line(fig):
    assert repr(fig) == f"<matcube {HEAD!r}, 6 × 4>"


@pytest.mark.parametrize("number", [10**400, 10**5000, 2**53 + 1], ids=["400", "5000", "2**53 + 1"])
def test_a_number_that_is_too_large_to_be_exact_is_refused(number):
    with pytest.raises(DataError, match=r"d is too large a number; whole numbers go up to 2\*\*53"):
        mc.figure("A / d", A=[[1.0]], d=number)


def test_a_pin_is_what_the_page_copies():
    fig = mc.figure("relu(A @ B); A @ B", A="eye(4, 4)", B="eye(4, 4)")
    named = mc.figure("C = A @ B", A="eye(4, 4)", B="eye(4, 4)").view(pin="C[2, 3]")
    assert [(pin.row, pin.col) for pin in named.state.selection.pins] == [(2, 3)]
    pins = fig.view(pin=["(A @ B)[1,2]", "A @ B[1, 2]", ("A @ B", 1, 2), "A[0, 0]"]).state.selection.pins
    assert pins[0] == pins[1] == pins[2]
    assert (pins[3].node, pins[3].row, pins[3].col) == (0, 0, 0)


def test_turned_without_a_camera_what_is_hidden_takes_no_room() -> None:
    fig = mc.figure("C = A @ B", A="ones(8, 200)", B="ones(200, 8)")
    whole, alone = (each.view(yaw=10).state.camera for each in (fig, fig.view(hide=["A", "B"])))
    assert whole is not None and alone is not None and alone.distance < whole.distance / 4
