"""``matcube save``: where it writes, and what it says."""

import json
import sys
from pathlib import Path

import pytest

from matcube.cli import progress

from .conftest import Binary

EYE = ("--let", "A=eye(4,4)")

pytestmark = pytest.mark.usefixtures("files")


def test_out_by_option_and_by_format(command):
    ended = command("save", "A @ A", *EYE, "-o", "a.json", "--out", "b.html")
    assert (ended.code, ended.out) == (0, "wrote a.json\nwrote b.html\n")
    assert command("save", "A @ A", *EYE, "-o", "plain", "--format", "JSON").code == 0
    assert json.loads(Path("plain").read_text())["view"]["program"] == "A @ A"


def test_standard_output_has_the_figure_alone(command, monkeypatch):
    out = Binary()
    monkeypatch.setattr(sys, "stdout", out)
    ended = command("save", "A @ A", *EYE, "-o", "-", "-o", "a.json", "--format", "json")
    assert ended.code == 0 and ended.err == "wrote a.json\n"
    assert out.bytes.getvalue() == Path("a.json").read_bytes()


def test_bytes_are_not_for_a_terminal(command, monkeypatch):
    out = Binary(is_terminal=True)
    monkeypatch.setattr(sys, "stdout", out)
    ended = command("save", "A @ A", *EYE, "-", "--format", "png")
    assert ended.code == 2 and "png is not for a terminal" in ended.err and "-o out.png" in ended.err
    assert out.bytes.getvalue() == b""
    assert command("save", "A @ A", *EYE, "-", "--format", "json").code == 0
    assert out.bytes.getvalue().startswith(b"{")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Missing argument 'OUT'.\n  hint: name a file, out.html, or write -o - --format png"),
        (["-o", "-"], "say what to write: -o - --format png"),
        (["-o", "-", "--format", "pgn"], 'there is no format "pgn"; did you mean png?'),
        (["-o", "-", "--format", "json", "--json"], "cannot take both the figure and --json"),
    ],
)
def test_what_cannot_be_written(command, words, says):
    ended = command("save", "A @ A", *EYE, *words)
    assert ended.code == 2 and says in ended.err and ended.out == ""


def test_a_folder_is_no_file(command):
    Path("dir").mkdir()
    ended = command("save", "A @ A", *EYE, "-o", "dir", "--format", "png")
    assert ended.code == 1 and "dir is a folder" in ended.err


def test_json_says_what_was_written(command, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE_SECS", 3600)  # on a busy machine, progress would be said too
    ended = command("save", "A @ A", *EYE, "--let", "C=eye(2,2)", "a.json", "b.html", "--json")
    assert ended.err == "note: C is not used\n"
    assert json.loads(ended.out) == {
        "program": "A @ A",
        "files": [
            {"file": "a.json", "format": "json", "bytes": Path("a.json").stat().st_size},
            {"file": "b.html", "format": "html", "bytes": Path("b.html").stat().st_size},
        ],
    }


def test_quiet_and_verbose(command):
    words = ("save", "A @ A + x", "--data", "A.npy", "--let", "x=eye(4,4)", "--let", "C=eye(2,2)", "a.json")
    assert command(*words, "-q") == (0, "", "")
    ended = command(*words, "-v")
    assert "A: 4 × 4 float64 from A.npy\n" in ended.err and "computed in " in ended.err
    assert "Traceback" in command("save", "A @@ A", *EYE, "a.json", "-v").err
