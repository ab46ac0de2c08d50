"""Errors: the marked line of the program, the hint, and the nearest name."""

import inspect

import pytest

from matcube import errors
from matcube.errors import MatcubeError, ProgramError, ShapeError, Span, unknown

TEXT = "S = Q @ K\nout = softmax(S) @ V"
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, MatcubeError)]


def test_an_error_marks_its_place_and_adds_its_hint() -> None:
    error = ShapeError("6 × 4 does not fit 6 × 4", text=TEXT, span=Span(4, 9), hint="did you mean K.T?")
    assert str(error).splitlines() == [
        "6 × 4 does not fit 6 × 4",
        "  S = Q @ K",
        "      ^^^^^",
        "  hint: did you mean K.T?",
    ]


@pytest.mark.parametrize(
    ("span", "line", "mark"),
    [
        (Span(16, 26), "  out = softmax(S) @ V", "        ^^^^^^^^^^"),
        (Span(30, 30), "  out = softmax(S) @ V", "                      ^"),  # behind the end
        (Span(4, 20), "  S = Q @ K", "      ^^^^^"),  # no further than its line
    ],
)
def test_only_the_line_with_the_place_is_shown(span: Span, line: str, mark: str) -> None:
    assert str(ProgramError("no", text=TEXT, span=span)).splitlines()[1:] == [line, mark]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_an_error_with_a_name_and_a_plain_message(kind: type[MatcubeError]) -> None:
    error = kind("what is wrong", text=TEXT)
    assert error.kind == kind.__name__
    assert str(error) == "what is wrong"  # a text without a place marks nothing
    assert inspect.getdoc(kind)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("zigzg", 'there is no layout "zigzg"; did you mean zigzag?'),
        ("BLOCKS", 'there is no layout "BLOCKS"; did you mean blocks?'),
        ("quite other", 'there is no layout "quite other"'),
    ],
)
def test_an_unknown_name_gets_the_nearest(name: str, message: str) -> None:
    error = unknown(name, ["blocks", "zigzag"], what="layout")
    assert error.message == message and error.hint == "there are: blocks, zigzag"


def test_where_there_are_no_names_there_is_no_list() -> None:
    assert unknown("a", [], what="file").hint is None
