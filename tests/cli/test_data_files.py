"""``--data``: several files, patterns, folders, pipes and standard input; programs from files."""

import io
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from matcube.cli import data_files
from matcube.cli.command import several
from matcube.wire import View

pytestmark = pytest.mark.usefixtures("files")


def view(command, *arguments: str, stdin: bytes | None = None) -> View:
    ended = command("save", *arguments, "-q", "out.json", stdin=stdin)
    assert ended.code == 0, ended.err
    head = msgspec.json.decode(Path("out.json").read_bytes())
    return msgspec.convert(head["view"], View)


def bytes_of(ending: str) -> bytes:
    file = io.BytesIO()
    match ending:
        case "npy":
            np.save(file, np.eye(2))
        case "npz":
            np.savez(file, x=np.eye(2))
        case "safetensors":
            from safetensors.numpy import save

            return save({"x": np.eye(2)})
        case _:
            return b"1,2\n3,4\n"
    return file.getvalue()


@pytest.mark.parametrize("ending", ["csv", "npy", "npz", "safetensors"])
def test_standard_input_in_every_format(command, ending):
    refs = view(command, "x @ x.T", "--data", f"x={ending}:-", stdin=bytes_of(ending)).data
    assert refs["x"].shape == (2, 2) and refs["x"].file == f"stdin.{ending}"


def test_standard_input_by_the_names_of_its_arrays(command):
    assert view(command, "x @ x.T", "--data", "npz:-", stdin=bytes_of("npz")).data["x"].shape == (2, 2)
    refs = view(command, "y @ y", "--data", "y=npz:-:x[0:1, 0:1]", stdin=bytes_of("npz")).data
    assert refs["y"].shape == (1, 1)
    assert "stdin" in view(command, "stdin @ stdin", "--data", "csv:-", stdin=b"1,2\n3,4\n").data


def test_a_file_with_an_ending_of_its_own(command):
    Path("table.txt").write_text("1,2\n3,4\n")
    assert view(command, "table @ table", "--data", "csv:table.txt").data["table"].file == "table.csv"
    assert view(command, "B.T @ B", "--data", "csv:B.csv").data["B"].file == "B.csv"


def test_standard_input_can_be_read_once(command):
    ended = command("save", "x @ y", "--data", "x=csv:-", "--data", "y=csv:-", "a.json", stdin=b"1\n")
    assert ended.code == 2 and "standard input is read twice" in ended.err
    ended = command("save", "@-", "--data", "x=csv:-", "a.json", stdin=b"x @ x")
    assert ended.code == 2 and "standard input is read twice" in ended.err


def test_a_stream_has_a_format(command):
    ended = command("save", "x @ x", "--data", "x=-", "a.json", stdin=b"1\n")
    assert ended.code == 2 and "--data x=csv:-, or npy:, npz:, safetensors:" in ended.err


def test_what_is_read_from_a_stream_is_bounded(command, monkeypatch):
    monkeypatch.setattr(data_files, "MAX_STREAM_BYTES", 10)
    ended = command("save", "x @ x", "--data", "x=csv:-", "a.json", stdin=b"1,2,3\n" * 5)
    assert ended.code == 1 and "- holds more than 10 bytes" in ended.err and "save it to a file" in ended.err
    monkeypatch.setattr(data_files, "MAX_PROGRAM_BYTES", 10)
    ended = command("save", "@-", "a.json", stdin=b"A @ B @ C @ D")
    assert ended.code == 1 and "too many for a program" in ended.err


def test_copies_of_streams_go_with_the_command(command, monkeypatch):
    copies = []
    copy = data_files.Streams.copy

    def spy(*given):
        copies.append(copy(*given))
        return copies[-1]

    monkeypatch.setattr(data_files.Streams, "copy", spy)
    view(command, "x @ x.T", "--data", "x=csv:-", stdin=b"1,2\n")
    assert copies and not copies[0].exists()


def test_a_program_from_a_file(command):
    Path("p.txt").write_text("S = Q @ K.T\nsoftmax(S) @ V\n", encoding="utf-8")
    assert view(command, "@p.txt", "--data", "head.npz").program == "S = Q @ K.T\nsoftmax(S) @ V"
    assert view(command, "@-", "--data", "head.npz", stdin=b"Q @ K.T").program == "Q @ K.T"
    ended = command("save", "@none.txt", "a.json")
    assert ended.code == 1 and "the program in none.txt cannot be read: No such file" in ended.err


def test_several_files_after_one_data(command):
    Path("A2.npy").write_bytes(Path("A.npy").read_bytes())
    refs = view(command, "--data", "A.npy", "B.csv", "x=head.npz:Q[0:4, 0:2]", "A @ B + x").data
    assert {name: ref.file for name, ref in refs.items()} == {"A": "A.npy", "B": "B.csv", "x": "head.npz"}
    assert several(["--data", "a.csv", "b.html", "--", "c.csv"]) == [
        "--data",
        "a.csv",
        "b.html",
        "--",
        "c.csv",
    ]
    assert several(["--data=a.csv", "b.csv", "--gap", "3", "c.csv"]) == [
        "--data=a.csv", "--data", "b.csv", "--gap", "3", "c.csv",
    ]  # fmt: skip


def test_a_pattern_and_a_folder(command):
    assert set(view(command, "B @ C", "--data", "*.csv").data) == {"B", "C"}
    Path("runs").mkdir()
    Path("A.npy").rename("runs/A.npy")
    Path("B.csv").rename("runs/B.csv")
    Path("runs/readme.txt").write_text("no data")
    assert set(view(command, "A @ B", "--data", "runs").data) == {"A", "B"}
    assert view(command, "D.T @ D", "--data", "D=runs/B*.csv").data["D"].file == "B.csv"


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        ("q*.csv", 1, "no file fits q*.csv"),
        ("empty", 1, "empty holds no data"),
        ("x=*.csv", 2, "--data x=B.csv"),
        ("head.npz:Q", 2, "--data Q=head.npz:Q"),
        ("csv:none.txt", 1, "none.txt cannot be read: No such file"),
    ],
)
def test_what_cannot_be_brought(command, data, code, says):
    Path("empty").mkdir()
    ended = command("save", "x @ x", "--data", data, "a.json")
    assert ended.code == code and says in ended.err


def test_twice_the_same_name_has_a_remedy_that_works(command):
    ended = command("save", "Q @ Q.T", "--data", "head.npz", "--data", "head.npz", "a.json")
    assert "two arrays are named Q" in ended.err
    remedy = ended.err.rpartition("--data ")[2].strip()
    assert set(view(command, "Q @ Q2.T", "--data", "head.npz", "--data", remedy).data) == {"Q", "Q2"}


@pytest.mark.skipif(os.name != "posix", reason="a shell with <( )")
def test_a_real_pipe_in_and_out():
    """As a reader types it: cat, a pipe, process substitution, bytes on standard output."""
    matcube = f"{sys.executable} -m matcube"
    line = (
        f"cat C.csv | {matcube} save 'x @ y' --data x=csv:/dev/stdin y=csv:<(cat C.csv) -o - --format png"
        " --size 64x48 | head -c 4"
    )
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, timeout=60)
    assert done.stdout == b"\x89PNG", done.stderr
    assert done.stderr == b""
