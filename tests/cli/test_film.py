"""The command line: films."""

import json
from pathlib import Path

import pytest
from PIL import GifImagePlugin, Image

LEAVES = {"A": "gaussian(8, 6)", "B": "gaussian(6, 7)", "C": "gaussian(7, 5)"}
LETS = [part for name, text in LEAVES.items() for part in ("--let", f"{name}={text}")]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_command_line_takes_tiles(command) -> None:
    options = ["--animate", "tiled", "--tiles", "4,4,4/2,2,2", "--order", "ikj"]
    assert command("save", "A @ B", *LETS[:4], "cube.json", *options).code == 0
    (sweep,) = json.loads(Path("cube.json").read_text(encoding="utf-8"))["film"]["sweeps"]
    assert [(one["letter"], one["size"]) for one in sweep["loops"]] == [
        *(("i", 4), ("k", 4), ("j", 4)), *(("i", 2), ("k", 2), ("j", 2)),
    ]  # fmt: skip


def test_the_command_line_plays(command) -> None:
    options = ["--animate", "vmprod", "--animate", "S=none", "--seconds", "0.5", "--fps", "10"]
    ended = command("save", "S = A @ B; S @ C", *LETS, "film.gif", *options, "--size", "160x100")
    assert (ended.code, ended.err) == (0, "")
    with Image.open("film.gif") as image:
        assert isinstance(image, GifImagePlugin.GifImageFile)
        assert image.n_frames == 5


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (["--animate", "vmprod", "--animate", "outer"], "--animate names vmprod and outer"),
        (["--animate", "vm"], 'there is no algorithm "vm"'),
        (["--animate", "S=vmprd"], 'there is no algorithm "vmprd"; did you mean vmprod?'),
        (["--fuse", "x"], 'there is no fuse "x"'),
        (["--tiles", "4,x"], '"4,x" cannot be read'),
    ],
)
def test_a_wrong_film_is_refused(command, wrong, text) -> None:
    ended = command("save", "A @ B", *LETS, "film.gif", *wrong)
    assert ended.code == 2 and text in ended.err and ended.out == ""


def test_old_names_of_options_work_and_warn(command) -> None:
    ended = command("save", "A @ B", *LETS[:4], "cube.json", "--film", "outer")
    assert ended.code == 0
    assert ended.err == "warning: --film is now --animate; the old name will go in a later version\n"
    assert json.loads(Path("cube.json").read_text(encoding="utf-8"))["view"]["film"]["algorithm"] == "outer"
    ended = command("cost", "A @ B", *LETS[:4], "--model=multiply", "-q")
    assert (ended.code, ended.err) == (0, "") and "(multiply)" in ended.out
