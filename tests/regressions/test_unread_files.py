"""Files that are not read, or not what their endings say: what they are, and a line that converts them."""

import ast
import io
import json
import pickle
import shlex

import numpy as np
import pytest
import torch
from PIL import Image

from matcube.errors import DataError
from matcube.sources.files import list_file, read
from matcube.sources.known_files import KINDS, remedy
from tests.regressions.written import run, safetensors


def torch_file():
    out = io.BytesIO()
    torch.save({"w": torch.ones(2, 2)}, out)
    return out.getvalue()


HTML, GGUF = b"<!DOCTYPE html><html><body>404</body></html>", b"GGUF" + bytes(60)


class TestNotWhatTheEndingSays:
    @pytest.mark.parametrize("ending", [".safetensors", ".npz", ".npy", ".csv"])
    @pytest.mark.parametrize(
        ("content", "what", "hint"),
        [
            (HTML, "is a web page", "download the file itself"),
            (torch_file(), "is a PyTorch checkpoint", "save_file"),
            (GGUF, "is a GGUF model", "GGUFReader"),
            (b"\x89HDF\r\n\x1a\n" + bytes(60), "is an HDF5 file", "h5py.File"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
                "is a Git LFS pointer",
                "git lfs pull",
            ),
            (b"\x1f\x8b" + bytes(60), "is a gzip archive", "gzip.open"),
            (b"", "is an empty file", "again"),
        ],
    )
    def test_it_says_what_it_is(self, tmp_path, ending, content, what, hint):
        path = tmp_path / f"m{ending}"
        path.write_bytes(content)
        with pytest.raises(DataError) as caught:
            read(path)
        assert what in caught.value.message and hint in str(caught.value.hint)
        assert not any(len(word) > 12 and word.isdigit() for word in str(caught.value).split())

    @pytest.mark.parametrize(
        ("ending", "hint"),
        [(".pt", "save_file"), (".gguf", "GGUFReader"), (".h5", "h5py"),
         (".png", "Image"), (".parquet", "read_parquet"), (".txt", "give it as csv:"), (".json", "json.load"),
         (".onnx", "onnx.load")],
    )  # fmt: skip
    def test_formats_that_are_not_read_have_a_line_that_converts(self, tmp_path, ending, hint):
        path = tmp_path / f"m{ending}"
        path.write_bytes(b"what")
        with pytest.raises(DataError, match=r"which is not read|is text") as caught:
            read(path)
        assert hint in str(caught.value.hint)

    def test_a_zarr_folder(self, tmp_path):
        (tmp_path / "m.zarr").mkdir()
        with pytest.raises(DataError, match="is a Zarr store, which is not read"):
            read(tmp_path / "m.zarr")

    @pytest.mark.parametrize("ending", [".safetensors", ".npz", ".npy"])
    def test_a_table_of_text(self, tmp_path, ending):
        path = tmp_path / f"my t{ending}"
        path.write_text("1,2\n3,4\n")
        with pytest.raises(DataError, match="is text, not a") as caught:
            list_file(path)
        assert caught.value.hint == f"give it as csv:'{path}'"

    def test_other_formats_that_are_read(self, tmp_path):
        np.save(tmp_path / "a.npy", np.eye(2))
        (tmp_path / "a.npy").rename(tmp_path / "a.csv")
        with pytest.raises(DataError, match=r"a\.csv is a NumPy array, not text") as caught:
            read(tmp_path / "a.csv")
        assert caught.value.hint == f"give it as npy:{tmp_path / 'a.csv'}"
        safetensors(tmp_path / "model", {"x": ("F32", [1], bytes(4))})
        with pytest.raises(DataError, match="has no known ending, and is a safetensors file"):
            read(tmp_path / "model")

    def test_marks_in_a_table_are_text(self, tmp_path):
        (tmp_path / "t.csv").write_text("PAR1,GGUF\n1,2\n")
        assert read(tmp_path / "t.csv").labels == (None, ("PAR1", "GGUF"))


@pytest.mark.parametrize("name", ["m.pt", "my model's.pth", "$HOME.bin", 'a"b.npz'])
def test_the_line_for_pytorch_runs(tmp_path, name):
    path = tmp_path / name
    torch.save({"w": torch.arange(4.0), "t": torch.ones(2, 3).T, "step": 3}, path)
    with pytest.raises(DataError, match="is a PyTorch checkpoint") as caught:
        read(path)
    run(caught.value.hint)
    assert read(path.with_suffix(".safetensors"), "w").array.tolist() == [0, 1, 2, 3]
    assert read(path.with_suffix(".safetensors"), "t").array.shape == (3, 2)


def test_the_line_for_old_pytorch_runs(tmp_path):
    torch.save(torch.ones(2, 2), tmp_path / "m.bin", _use_new_zipfile_serialization=False)
    with pytest.raises(DataError, match="is a PyTorch checkpoint") as caught:
        read(tmp_path / "m.bin")
    run(caught.value.hint)
    assert read(tmp_path / "m.safetensors", "x").array.tolist() == [[1, 1], [1, 1]]


def test_the_lines_for_images_json_and_pickles_run(tmp_path):
    Image.new("RGB", (3, 2), (255, 255, 255)).save(tmp_path / "i.png")
    (tmp_path / "j.json").write_text("[[1, 2.5]]")
    (tmp_path / "p.pkl").write_bytes(pickle.dumps({"w": np.eye(2)}))
    for name, new, values in (
        ("i.png", "i.npy", [[255] * 3] * 2),
        ("j.json", "j.npy", [[1, 2.5]]),
        ("p.pkl", "p.npz", [[1, 0], [0, 1]]),
    ):
        with pytest.raises(DataError, match="which is not read") as caught:
            read(tmp_path / name)
        run(caught.value.hint)
        assert read(tmp_path / new).array.tolist() == values


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_of_python_can_be_parsed(kind, tmp_path):
    hint = str(remedy(kind, tmp_path / "it's.x"))
    if "python -c " in hint:
        (code,) = shlex.split(hint.partition("python -c ")[2])
        ast.parse(code)
        assert json.dumps(str(tmp_path / "it's.x")) in code
    assert "$" not in hint
