"""The command line: backward, and keys that stream."""

import msgspec
import pytest

from matcube.cli import main as cli
from matcube.wire import Head


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def saved(capsys, *arguments: str) -> tuple[str, Head | None]:
    """What the command says on stderr, and the scene's head that it writes."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["save", *arguments, "out.json"])
    said = capsys.readouterr().err
    if ended.value.code:
        return said, None
    with open("out.json", "rb") as file:
        return said, msgspec.json.decode(file.read(), type=Head)


AB = ("--let", "A=gaussian(8,6)", "--let", "B=gaussian(6,8)")
QKV = tuple(one for name in "QKV" for one in ("--let", f"{name}=gaussian(8,4)"))


def test_backward(capsys):
    said, head = saved(
        capsys, "C = A @ B", *AB, "--let", "dC=eye(8,8)", "--backward", "C", "--animate", "outer"
    )
    assert head is not None and "note" not in said
    assert head.view.program == "C = A @ B\ndA = dC @ B.T\ndB = A.T @ dC"
    assert head.view.leaves["dC"] == "eye(8,8)" and len(head.layouts[0].boxes) == 3
    assert head.film is not None and head.film.duration == 6 + 8 + 8
    assert (
        "note: X is not used" in saved(capsys, "C = A @ B", *AB, "--let", "X=eye(2,2)", "--backward", "C")[0]
    )
    said, head = saved(capsys, "C = relu(A @ B)", *AB, "--backward", "C")
    assert head is None and "C is no product" in said and "--backward 'A @ B'" in said


def test_online(capsys):
    _, head = saved(capsys, "softmax(Q @ K.T) @ V", *QKV, "--animate", "online", "--tiles", "4,2")
    assert head is not None and head.film is not None
    states = [one.states for one in head.film.sweeps if one.states is not None]
    assert head.film.duration == 2 * 4 and [one.block for one in states] == [2]
    said, head = saved(capsys, "A @ B", *AB, "--animate", "online")
    assert head is None and "is no softmax(scores) @ values" in said


def test_tiles_or_fuse_alone_play(capsys):
    _, head = saved(capsys, "A @ B", *AB, "--tiles", "4,4,2")
    assert head is not None and head.film is not None and head.film.sweeps[0].algorithm == "tiled"
    _, head = saved(capsys, "A @ B @ C", *AB, "--let", "C=eye(8,4)", "--fuse", "sync")
    assert head is not None and head.film is not None and head.film.duration == 8
    _, head = saved(capsys, "A @ B", *AB, "--fuse", "sync", "--animate", "none")
    assert head is not None and head.film is None
    said, head = saved(capsys, "A @ B", *AB, "--tiles", "4")
    assert head is None and "tiles=[(4,)] cannot be used" in said and "16,16,16/4,4,4" in said
