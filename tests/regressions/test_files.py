"""Files as they are found: odd types, odd members, and files that are not what their ending says."""

import io
import json
import shlex
import struct
import subprocess
import sys
import tracemalloc
import zipfile

import ml_dtypes
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcube as mc
from matcube.errors import DataError
from matcube.sources.files import list_file, read, read_all

A = np.arange(16, dtype=np.float32).reshape(4, 4)
TOKENS = {"tokens": json.dumps(["a", "b", "c", "d"])}


def safetensors(path, tensors, metadata=None):
    """A file of (dtype, shape, bytes) by name."""
    header, body = ({} if metadata is None else {"__metadata__": metadata}), b""
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return path


def f32(rows, cols):
    return "F32", [rows, cols], np.zeros((rows, cols), "<f4").tobytes()


def run(hint):
    """Run a remedy for the shell as it is typed, with this Python for the first one on the path."""
    line = hint[hint.index("python -c ") :]
    _, option, code = shlex.split(line)
    subprocess.run([sys.executable, option, code], check=True, timeout=120)


class TestTokens:
    def test_none_where_rows_and_columns_fit(self, tmp_path):
        path = safetensors(tmp_path / "t.safetensors", {"x": f32(4, 4), "W": f32(4, 4)}, TOKENS)
        assert all(loaded.labels == (None, None) for loaded in read_all(path).values())
        assert "--labels NAME.rows=FILE" in list_file(path)[0].note
        assert "matcube.rows.x in the file's metadata" in list_file(path)[0].note

    def test_rows_where_no_matrix_has_as_many_columns(self, tmp_path):
        path = safetensors(
            tmp_path / "t.safetensors", {"x": f32(4, 8), "W": f32(8, 3), "attn": f32(4, 4)}, TOKENS
        )
        tokens = ("a", "b", "c", "d")
        labels = {name: loaded.labels for name, loaded in read_all(path).items()}
        assert labels == {"x": (tokens, None), "W": (None, None), "attn": (tokens, tokens)}
        assert not any(entry.note for entry in list_file(path))

    def test_the_remedy_works(self, tmp_path):
        named = {**TOKENS, "matcube.rows.x": TOKENS["tokens"]}
        path = safetensors(tmp_path / "t.safetensors", {"x": f32(4, 4), "W": f32(4, 4)}, named)
        assert read(path, "x").labels == (("a", "b", "c", "d"), None) and read(path, "W").labels == (
            None,
            None,
        )


class TestSafetensors:
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("F8_E8M0", "float8_e8m0fnu"),
            ("F8_E4M3FNUZ", "float8_e4m3fnuz"),
            ("F8_E5M2FNUZ", "float8_e5m2fnuz"),
        ],
    )
    def test_modern_types_are_decoded(self, tmp_path, code, kind):
        bits = np.array([[1, 60], [100, 130]], np.uint8)
        path = safetensors(tmp_path / "m.safetensors", {"s": (code, [2, 2], bits.tobytes()), "x": f32(2, 3)})
        assert [entry.dtype for entry in list_file(path)] == [kind, "float32"]
        expected = bits.view(getattr(ml_dtypes, kind)).astype(np.float64)
        np.testing.assert_array_equal(read(path, "s").array.astype(np.float64), expected)
        np.testing.assert_array_equal(
            mc.figure("s @ x", s=read(path, "s").array, x=A[:2]).value("s"), expected
        )

    def test_two_cells_in_a_byte(self, tmp_path):
        path = safetensors(tmp_path / "m.safetensors", {"w": ("F4", [1, 4], bytes([0x21, 0x9F]))})
        expected = np.array([[1, 2, 15, 9]], np.uint8).view(ml_dtypes.float4_e2m1fn).astype(float)
        np.testing.assert_array_equal(read(path, "w").array.astype(float), expected)

    @pytest.mark.parametrize("code", ["F6_E2M3", "F6_E3M2", "C64", "F2_NEW"])
    def test_others_are_listed_and_left_out_by_name(self, tmp_path, code):
        raw = bytes(6 if code.startswith("F6") else 64)
        path = safetensors(
            tmp_path / "m.safetensors", {"w": (code, [2, 4], raw), "x": ("F32", [4, 4], A.tobytes())}
        )
        assert [entry.name for entry in list_file(path)] == ["w", "x"]
        np.testing.assert_array_equal(read_all(path)["x"].array, A)
        with pytest.raises(DataError, match=r"w in m\.safetensors holds .*, not numbers"):
            read(path, "w")

    def test_a_long_header(self, tmp_path):
        metadata = {"note": "x" * (40 << 20)}
        path = safetensors(tmp_path / "m.safetensors", {"x": ("F32", [4, 4], A.tobytes())}, metadata)
        np.testing.assert_array_equal(read(path, "x").array, A)

    def test_a_shape_without_cells_and_without_end(self, tmp_path):
        path = safetensors(tmp_path / "m.safetensors", {"x": ("F32", [0, 4611686018427387903], b"")})
        with pytest.raises(DataError, match="has no proper shape"):
            read(path, "x")

    def test_an_index_opens_its_shards(self, tmp_path):
        for shard, name in enumerate("xy"):
            safetensors(
                tmp_path / f"model-{shard}.safetensors", {name: ("F32", [4, 4], (A + shard).tobytes())}
            )
        index = tmp_path / "model.safetensors.index.json"
        index.write_text(json.dumps({"weight_map": {"x": "model-0.safetensors", "y": "model-1.safetensors"}}))
        assert [entry.name for entry in list_file(index)] == ["x", "y"]
        np.testing.assert_array_equal(read(index, "y[1:2]").array, A[1:2] + 1)

    @pytest.mark.parametrize("file", ["../m.safetensors", "gone.safetensors", "/etc/passwd"])
    def test_an_index_reads_no_file_elsewhere(self, tmp_path, file):
        index = tmp_path / "model.safetensors.index.json"
        index.write_text(json.dumps({"weight_map": {"x": file}}))
        with pytest.raises(DataError, match="which is not beside it"):
            read(index, "x")


class TestNumpy:
    def test_header_3_0(self, tmp_path):
        with (tmp_path / "a.npy").open("wb") as file:
            np.lib.format.write_array(file, A, version=(3, 0))
        np.testing.assert_array_equal(read(tmp_path / "a.npy").array, A)
        np.save(tmp_path / "r.npy", np.zeros(3, dtype=[("größe", "f4")]))
        with pytest.raises(DataError, match="not numbers"):
            read(tmp_path / "r.npy")

    def test_bfloat16_without_its_type_is_named(self, tmp_path):
        np.save(tmp_path / "b.npy", A.astype(ml_dtypes.bfloat16))
        with pytest.raises(DataError, match="as NumPy saves bfloat16") as caught:
            read(tmp_path / "b.npy")
        run(caught.value.hint)
        np.testing.assert_array_equal(read(tmp_path / "b_numbers.npy").array, A)

    def test_odd_members_are_listed_with_the_reason(self, tmp_path):
        path = tmp_path / "m.npz"
        np.savez(path, x=A)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("readme.txt", "hello")
            archive.writestr("bad.npy", b"\x93NUMPY\x01\x00")
        notes = {entry.name: entry.note for entry in list_file(path)}
        assert (
            notes["x"] == "" and notes["readme.txt"] == "no NumPy array" and "no .npy header" in notes["bad"]
        )
        np.testing.assert_array_equal(read_all(path)["x"].array, A)
        with pytest.raises(DataError, match=r"bad in m\.npz holds unreadable"):
            read(path, "bad")


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
            (b"\x1f\x8b" + bytes(60), "is a gzip archive", "gunzip --keep"),
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


SMALL = [
    "bfloat16",
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e5m2",
    "float8_e8m0fnu",
    "float4_e2m1fn",
    "int4",
]


@pytest.mark.parametrize("name", SMALL)
def test_small_types_in_memory(name):
    array = np.array([[1, 2], [4, 0.5 if "float" in name else 3]]).astype(getattr(ml_dtypes, name))
    figure = mc.figure("A @ B", A=array, B=np.eye(2))
    np.testing.assert_array_equal(figure.value(), array.astype(np.float64))


@pytest.mark.parametrize(
    "name", ["bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e8m0fnu"]
)
def test_small_types_of_torch(name):
    tensor = torch.tensor([[1.0, 2.0], [4.0, 0.5]]).to(getattr(torch, name))
    np.testing.assert_array_equal(mc.figure("A @ B", A=tensor, B=np.eye(2)).value(), tensor.float().numpy())


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("int4", [[7, 8], [15, 255]], [[7, -8], [-1, -1]]),
        ("uint4", [[7, 8], [15, 0]], [[7, 8], [15, 0]]),
        ("int1", [[0, 1]], [[0, -1]]),
        ("float4_e2m1fn_x2", [[0x21], [0xF7]], [[0.5, 1], [6, -6]]),
    ],
)
def test_numbers_of_less_than_a_byte_of_torch(name, cells, expected):
    tensor = torch.tensor(cells, dtype=torch.uint8).view(getattr(torch, name))
    np.testing.assert_array_equal(mc.figure("A", A=tensor).value(), expected)


def test_two_numbers_in_a_byte_of_torch_are_refused_with_a_remedy():
    tensor = torch.tensor([[0x21]], dtype=torch.uint8).view(torch.int4)
    with pytest.raises(DataError, match="more than one number each") as caught:
        mc.figure("A", A=tensor)
    assert caught.value.hint == "give the bytes: a.view(torch.uint8)"
    assert mc.figure("A", A=tensor.view(torch.uint8)).value().tolist() == [[0x21]]


@pytest.mark.parametrize(("kind", "size"), [("bfloat16", 2), ("float8_e4m3fn", 1), ("float32", 4)])
def test_cells_without_a_type_in_memory_are_named(kind, size):
    typed = A.astype(getattr(ml_dtypes, kind, kind))
    with pytest.raises(DataError, match=f"cells of {size} byte") as caught:
        mc.figure("A", A=typed.view(f"V{size}"))
    *imports, view = str(caught.value.hint).split(": ")[-1].split("; ")
    assert imports == ["import ml_dtypes"] * (size < 4)
    assert view == (f"a.view(ml_dtypes.{kind})" if size < 4 else 'a.view("f4")')


class TestMemory:
    @pytest.mark.parametrize("ending", [".npz", ".npy", ".safetensors"])
    def test_more_than_the_limit_is_refused_from_the_header(self, tmp_path, monkeypatch, ending):
        path, zeros = tmp_path / f"z{ending}", np.zeros((1024, 1024), np.float32)
        if ending == ".npz":
            np.savez_compressed(path, z=zeros)
        elif ending == ".npy":
            np.save(path, zeros)
        else:
            safetensors(path, {"z": ("F32", [1024, 1024], zeros.tobytes())})
        monkeypatch.setenv("MATCUBE_MEMORY", "1M")
        assert list_file(path)[0].shape == (1024, 1024)
        for use in (read, read_all):
            with pytest.raises(DataError, match=r"takes 4\.194 MB, and 1 MB may be used") as caught:
                use(path)
        assert "MATCUBE_MEMORY=1G" in str(caught.value.hint)
        assert read(path, "z[0:1]").array.shape == (1, 1024)
        monkeypatch.setenv("MATCUBE_MEMORY", "1G")
        assert read(path, "z").array.shape == (1024, 1024)

    def test_a_part_of_a_member_takes_that_part(self, tmp_path):
        np.savez_compressed(tmp_path / "z.npz", z=np.zeros((1 << 13, 1 << 10), np.float32))
        tracemalloc.start()
        assert read(tmp_path / "z.npz", "z[8000:8002]").array.shape == (2, 1024)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8 << 20, "of 32 MiB"

    @settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_parts_of_members_are_numpys(self, tmp_path, data):
        shape = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
        array = np.arange(np.prod(shape)).reshape(shape, order=data.draw(st.sampled_from("CF")))
        np.savez(tmp_path / "a.npz", x=array.astype(data.draw(st.sampled_from([">i4", "<f8"]))))
        bounds = [data.draw(st.one_of(st.integers(0, n - 1), _slices(n))) for n in shape]
        text = ", ".join(f"{b.start}:{b.stop}" if isinstance(b, slice) else str(b) for b in bounds)
        np.testing.assert_array_equal(read(tmp_path / "a.npz", f"x[{text}]").array, array[tuple(bounds)])


def _slices(size):
    return st.tuples(st.integers(0, size), st.integers(0, size)).map(lambda ends: slice(*sorted(ends)))
