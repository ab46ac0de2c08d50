"""What an edited program keeps of the names of the one before."""

import matcube as mc
from matcube.wire import Problem
from tests.session.test_session import edit, scene_of


def test_a_program_that_is_typed_anew_leaves_behind_what_it_has_not():
    fig = mc.figure("S = Q @ K.T; out = softmax(S) @ V", **dict.fromkeys("QKV", "gaussian(8, 4)"))
    fig = fig.partition({"Q.rows": 2, "V.cols": 4}).animate("vmprod", each={"out": "outer", "S": "dot_row"})
    fig = fig.layout("custom", custom={"out": "-RBF", "S": "-LTF"})
    served = fig.session()
    served.initial()
    view = scene_of(served.answer(edit(fig, program="S = Q @ K.T"))).head.view
    assert view.partition == {"Q.rows": 2}
    assert view.film.each == {"S": "dot_row"} and view.layout.custom == {"S": "-LTF"}
    wrong = served.answer(edit(fig, program="S = Q @ K.T", partition={"Q.rows": 2, "V.cols": 2}))
    assert isinstance(wrong, Problem) and 'no axis "V.cols"' in wrong.message  # it is new, so it is refused


def test_two_axes_that_an_edit_makes_one_are_no_longer_split_twice():
    fig = mc.figure("x @ w", x="eye(8, 8)", w="eye(8, 8)").partition({"x.rows": 2, "x.cols": 4})
    served = fig.session()
    served.initial()
    assert scene_of(served.answer(edit(fig, program="(x @ w) * x.T"))).head.view.partition == {}


def test_a_size_too_small_for_its_blocks_takes_the_split_off():
    fig = mc.figure("A @ B", A="gaussian(8, 4)", B="gaussian(4, 4)").partition({"A.rows": 8})
    served = fig.session()
    served.initial()
    leaves = {**fig.state.leaves, "A": "gaussian(4, 4)"}
    assert scene_of(served.answer(edit(fig, leaves=leaves))).head.view.partition == {}


def test_a_head_alone_is_forgotten_by_a_program_without_heads():
    text = "q = split(x @ w, axis=1, parts=2).permute(axes=(1, 0, 2)); q @ q.mT"
    fig = mc.figure(text, x="gaussian(4, 6)", w="gaussian(6, 6)").head(1)
    served = fig.session()
    served.initial()
    assert scene_of(served.answer(edit(fig, program="x @ w"))).head.view.layout.head is None
