"""Whatever is typed, a command ends with its result, or with an error in words."""

import io
import sys

import click
import pytest

from matcube.cli.main import cli

WORDS = [
    "",
    "x",
    "-1",
    "1e999",
    "nan",
    "\x1b[2J\u202e",
    "\udcff",
    "9" * 60,
    "(((((",
    "/nonexistent/x",
    "A=",
    "A.rows=",
    "=",
    "\x00",
]
BEGIN = {
    "save": ["save", "A @ A", "--let", "A=eye(2)", "a.json"],
    "cost": ["cost", "A @ A", "--let", "A=eye(2)"],
    "explain": ["explain", "A @ A", "[0, 0]", "--let", "A=eye(2)"],
    "ls": ["ls", "A.npy"],
}  # fmt: skip
OPTIONS = [
    (name, each.opts[-1])
    for name in BEGIN
    for each in cli.commands[name].params
    if isinstance(each, click.Option) and not each.is_flag
]


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_bad_values_of_options(command, name, option):
    for word in WORDS:
        ended = command(*BEGIN[name], option, word)
        assert ended.code in (0, 1, 2), word
        assert "\x1b" not in ended.err + ended.out
        assert "Traceback" not in ended.err


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "line", [["save"], ["cost"], ["explain"], ["open"], ["ls"], ["config", "set", "theme"], ["config", "get"]]
)
def test_bad_arguments(command, line):
    for word in [*WORDS[1:], "@", "@/nonexistent", "@\udcff", "#m1.", "A.npy", "file:///\udcff#m1.x"]:
        ended = command(*line, word, "a.json") if line == ["save"] else command(*line, word)
        assert ended.code in (0, 1, 2), word
        assert "\x1b" not in ended.err + ended.out


@pytest.mark.usefixtures("files")
def test_a_terminal_without_the_signs(command, monkeypatch):
    """× on a terminal of ASCII, or of any encoding that lacks it."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert command("ls", "A.npy").code == 0
    out.flush()
    assert b"float64" in out.buffer.getvalue()


@pytest.mark.parametrize(
    "error",
    [
        KeyError("x"),
        OSError(5, "Input/output error", "f"),
        AssertionError(),
        RecursionError(),
        MemoryError(),
        UnicodeEncodeError("ascii", "é", 0, 1, "no"),
    ],
)
def test_what_goes_wrong_inside_is_said_in_a_block(command, monkeypatch, error):
    def failing(*_, **__):
        raise error

    monkeypatch.setattr("matcube.api.make.make", failing)
    ended = command("cost", "A @ A")
    assert ended.code in (1, 2)
    assert "Error: " in ended.err and "Traceback" not in ended.err
