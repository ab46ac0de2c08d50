"""Texts of what a user holds: short, without the inside of values."""

import pytest

import matcube as mc

FIGURE = mc.figure("softmax(Q @ K.T) @ V", Q="gaussian(6, 4)", K="gaussian(6, 4)", V="gaussian(6, 4)")
HELD = {
    "figure": (FIGURE, "<matcube 'softmax(Q @ K.T) @ V', 6 × 4>"),
    "matrix": (mc.matrix("eye(2, 2)", "A") @ mc.matrix("ones(2, 3)", "B"), "<Matrix 2 × 3: A @ B>"),
    "scene": (FIGURE.scene(), "<Scene 'softmax(Q @ K.T) @ V', 6 matrices, "),
    "head": (FIGURE.scene().head, "<Head 'softmax(Q @ K.T) @ V', 6 matrices, version 1>"),
    "film": (FIGURE.animate().film, "12 steps\n\nnode  algorithm  loops  steps  from  to\n"),
    "no film": (FIGURE.film, "None"),
    "cost": (FIGURE.cost(), " " * 22 + "shape  parameters  FLOPs  bytes  FLOP/byte\n"),
    "roofline": (
        FIGURE.roofline("h100"),
        " " * 22 + "FLOP/byte  bound by  of the peak      time\n",
    ),
    "devices": (FIGURE.partition({"Q.rows": 2}).devices(), "2 devices (Q.rows 2), 4 bytes a number\n"),
    "nonfinite": (FIGURE.nonfinite(), "all values are finite"),
    "state": (
        FIGURE.layout("wheel").state,
        "State(program='softmax(Q @ K.T) @ V', leaves={",
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_both_texts_begin_so_and_are_short(what):
    value, begins = HELD[what]
    for text in (repr(value), str(value)):
        assert text.startswith(begins)
        assert len(text) < 1500
        assert " object at 0x" not in text
        assert max(map(len, text.splitlines())) < 200 or what == "state"


def test_a_state_shows_what_was_changed():
    state = FIGURE.layout("wheel").style(theme="light").state
    assert repr(state).endswith("layout=LayoutView(scheme='wheel'), style=StyleView(theme='light'))")


@pytest.mark.parametrize("what", ["cost", "roofline", "devices", "nonfinite"])
def test_notebooks_show_tables_and_pictures(what):
    show = getattr(HELD[what][0], "_repr_html_")  # noqa: B009 - of four types
    assert show()
